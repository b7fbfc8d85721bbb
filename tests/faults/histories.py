"""Random histories of a practice on several desktops: do all of them hold the same in the end, and is nothing lost?

    python -m tests.faults.histories [HISTORIES] [SEED]      (default 100)

Each history forks real vaults, changes them at random through the same transactions as the app, hands over files at
random (late, twice, lost, in any order, with clocks that are wrong), and at the end hands over until nothing is new.
"""

import dataclasses
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from mips_desk.domain.attested import AttestationRecord, in_force
from mips_desk.domain.audit import Audit, AuditRequest, RequestState, Sent
from mips_desk.domain.evidence import Export, Intake, Source, UseEntry
from mips_desk.domain.official import OfficialActivity, OfficialList
from mips_desk.domain.period import Period
from mips_desk.domain.practice import Clinician, Level, Practice, Track, YearProfile
from mips_desk.errors import MipsDeskError
from mips_desk.store import Event, KeyCost, Vault, attested, audits, desktops, handover, merging
from mips_desk.store.connection import rows, value

CHEAP = KeyCost(memory_kib=8, passes=1, lanes=1)
PASSPHRASE = "correct horse battery staple"
YEARS = (2025, 2026)
ACTIVITIES = ("IA_BE_4", "IA_PM_16", "IA_AHE_1")

#: What must be the same everywhere. Left out: journals, what is counted on each desktop, and what never leaves one.
_SAME = {
    "practice": "SELECT * FROM practice",
    "profile": "SELECT * FROM profile ORDER BY year",
    "clinician": "SELECT id, name, npi, credential, role, joined_on, left_on, removed_at, entered FROM clinician"
    " ORDER BY entered, id",
    "selection": "SELECT id, year, activity_id, period_start, period_end, story, private_note, attested_on, removed_at,"
    " entered FROM selection ORDER BY entered, id",
    "original": "SELECT sha256, size, hex(data) FROM original ORDER BY sha256",
    "evidence": "SELECT id, selection_id, number, origin, sha256, media_type, width, height, source, taken_at,"
    " taken_by, host, window_title, file_name, scale, caption, shows_date, option_key, outside_reason, address,"
    " clinician_ids, marks_revision, marks_origin, redactions, other_marks, no_identifiers, looked_at_by,"
    " looked_at_on, removed_at, removed_reason FROM evidence ORDER BY id",
    "marks": "SELECT evidence_id, revision, origin, at, person_id, redactions, other_marks, hex(data) FROM marks"
    " ORDER BY 1, 2, 3",
    "use_entry": "SELECT id, selection_id, day, count, note, clinician_id, evidence_id, removed_at FROM use_entry"
    " ORDER BY id",
    "export": "SELECT id, year, at, sha256 FROM export ORDER BY id",
    "official": "SELECT id, year, sha256, size, loaded_at, loaded_by, hex(data) FROM official ORDER BY id",
    "conflict": "SELECT * FROM conflict ORDER BY id",
    "desktop": "SELECT id, letter, parent, after FROM desktop ORDER BY id",
    "setting": "SELECT name, value FROM setting WHERE name = 'retention_years'",
    "attested": "SELECT * FROM attested ORDER BY id",
    "attested_now": "SELECT id FROM attested_now ORDER BY id",
    "audit": "SELECT id, letter_on, sender, reference, years, days, note, closed_at, closed_by, outcome FROM audit"
    " ORDER BY id",
    "audit_request": "SELECT id, audit_id, number, request, year, activities, due_on, state, note FROM audit_request"
    " ORDER BY id",
    "audit_sent": "SELECT id, request_id, export_id, file_name, sha256, how, sent_on, at, person, note FROM audit_sent"
    " ORDER BY id",
    "drill": "SELECT id, year, picked, started_at, started_by FROM drill ORDER BY id",
    "drill_answer": "SELECT id, drill_id, activity_id, at, export_id, missing FROM drill_answer ORDER BY id",
}


class SkewedClock:
    """A clock that goes on by some seconds each time it is read, and may be wrong."""

    def __init__(self, chance: random.Random, time: datetime):
        self.chance, self.time = chance, time

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=self.chance.randint(0, 90))
        return self.time


@dataclass
class Tally:
    """What came of the histories."""

    histories: int = 0
    commands: int = 0
    files: int = 0
    conflicts: int = 0
    different: int = 0
    lost: int = 0
    unsound: int = 0
    impure: int = 0

    @property
    def clean(self) -> bool:
        """Nothing was lost, and all desktops agree."""
        return not (self.different or self.lost or self.unsound or self.impure)


@dataclass
class Desk:
    """One desktop of a history."""

    vault: Vault
    clock: SkewedClock
    folder: Path
    files: int = 0
    did: int = 0
    log: list[str] = field(default_factory=list)


def _fork(chance: random.Random, source: Desk, folder: Path, name: str) -> Desk:
    """Start another desktop as a copy of one, the way a restored backup does."""
    vault = source.vault
    head = vault.journal_tail(1)[0].seq
    key, person = vault.key, vault.person.id
    vault.close()
    shutil.copytree(vault.folder, folder)
    source.vault = Vault.open_with_key(vault.folder, key, person, source.clock, read_only=False)
    clock = SkewedClock(chance, source.clock.time + timedelta(hours=chance.randint(-40, 40)))
    made = Vault.open_with_key(folder, key, person, clock, read_only=False)
    with made.write(Event.LOGIN) as tx:
        tx.note(host=name)
    with made.write(Event.VAULT_RESTORED) as tx:
        desktops.begin(tx, name, head)
    return Desk(made, clock, folder.parent)


def _command(chance: random.Random, desk: Desk) -> None:
    """Do one random thing; what the vault refuses is not done."""
    vault, word = desk.vault, f"{chance.randrange(10**6)}"
    # Few records, so that desktops meet on them.
    year = chance.choices(YEARS, (1, 4))[0]
    selections, items, uses = vault.selections(year), vault.evidence(year)[:3], vault.uses(year)
    clinicians = vault.clinicians()
    with vault.reading() as db:
        removed = {
            table: [each["id"] for each in rows(db, f"SELECT id FROM {table} WHERE removed_at IS NOT NULL")]
            for table in ("selection", "evidence", "use_entry", "clinician")
        }

    def do(event: Event, act: Callable[[Any], object]) -> None:
        with vault.write(event) as tx:
            act(tx)

    def edit_item() -> None:
        item = chance.choice(items)
        changes: dict[str, Any] = chance.choice(
            (
                {"caption": word},
                {"shows_date": date(year, 1, chance.randint(1, 28))},
                {"no_identifiers": not item.no_identifiers},
                {"looked_at_by": "Ana Ruiz", "looked_at_on": desk.clock.time},
                {"looked_at_by": "", "looked_at_on": None},
                {"clinician_ids": tuple(each.id for each in clinicians[:2])},
            )
        )
        do(Event.EVIDENCE_CHANGED, lambda tx: tx.put_evidence(dataclasses.replace(item, **changes)))

    def edit_selection() -> None:
        selection = chance.choice(selections)
        day = date(year, chance.randint(1, 9), 1)
        changes: dict[str, Any] = chance.choice(
            (
                {"story": word},
                {"private_note": word},
                {"period": Period(day, day + timedelta(days=89))},
            )
        )
        do(Event.SELECTION_CHANGED, lambda tx: tx.put_selection(dataclasses.replace(selection, **changes)))

    def add_item() -> None:
        intake = Intake(Source.CAPTURE, desk.clock.time, "Ana Ruiz", "FRONTDESK", f"title {word}")
        data = f"picture {chance.randrange(40)}".encode()
        selection = chance.choice(selections)
        do(
            Event.EVIDENCE_ADDED,
            lambda tx: tx.add_evidence(
                selection.id, data, media_type="image/png", width=4, height=3, intake=intake, caption=word
            ),
        )

    def add_marks() -> None:
        item = chance.choice(items)
        data = json.dumps([chance.randrange(6)]).encode()
        do(Event.MARKS_CHANGED, lambda tx: tx.add_marks(item.id, data, redactions=len(word), other_marks=0))

    def add_uses() -> None:
        days = [date(year, 3, chance.randint(1, 28)) for _ in range(chance.randint(1, 3))]
        who = chance.choice([*(each.id for each in clinicians), ""])
        selection = chance.choice(selections)
        shown = chance.choice([*(each.id for each in items if each.selection_id == selection.id), ""])
        entries = [UseEntry("", "", day, 1, word, who, shown) for day in days]
        do(Event.USES_ADDED, lambda tx: tx.add_uses(selection.id, entries))

    def put_clinician() -> None:
        known = chance.choice([*clinicians, Clinician("", "")])
        do(Event.CLINICIANS_CHANGED, lambda tx: tx.put_clinician(dataclasses.replace(known, name=word)))

    def put_profile() -> None:
        fresh = vault.profile(year) or YearProfile(year)
        changes: dict[str, Any] = chance.choice(
            (
                {"level": chance.choice((Level.GROUP, Level.INDIVIDUAL))},
                {"track": chance.choice((Track.MVP, Track.TRADITIONAL)), "mvp_id": word},
                {"npis_total": chance.randint(1, 9)},
                {"submitted_pi": chance.choice((True, False, None))},
            )
        )
        do(Event.PROFILE_CHANGED, lambda tx: tx.put_profile(dataclasses.replace(fresh, **changes)))

    def attest() -> None:
        known = attested.attestations(vault, year)
        now = [each.id for each in in_force(known)]
        replaced = tuple(chance.sample(now, min(len(now), chance.randint(0, 2))))
        record = AttestationRecord(
            "", year, (chance.choice(ACTIVITIES),), date(year, 9, 1), note=word, replaces=replaced
        )
        do(Event.ATTESTATION_RECORDED, lambda tx: attested.attest(tx, record))

    def add_paper() -> None:
        intake = Intake(Source.IMPORT, desk.clock.time, "Ana Ruiz", "FRONTDESK", file_name=word)
        data = f"paper {chance.randrange(40)}".encode()
        do(
            Event.EVIDENCE_ADDED,
            lambda tx: tx.add_evidence(
                tx.papers(year), data, media_type="image/png", width=4, height=3, intake=intake, option_key="other"
            ),
        )

    def audit_act() -> None:
        known = audits.audits(vault)
        if not known or chance.random() < 0.2:
            new = Audit("", date(year, 5, 1), word, years=(year,))
            do(Event.AUDIT_STARTED, lambda tx: audits.put_audit(tx, new))
            return
        found = chance.choice(known)
        requests = audits.requests(vault, found.id)
        luck = chance.random()
        if luck < 0.2:
            changes: dict[str, Any] = chance.choice(({"sender": word}, {"note": word}, {"days": chance.randint(1, 99)}))
            do(Event.AUDIT_CHANGED, lambda tx: audits.put_audit(tx, dataclasses.replace(found, **changes)))
        elif luck < 0.35:
            event, act = (
                (Event.AUDIT_REOPENED, lambda tx: audits.reopen_audit(tx, found.id))
                if found.closed_at
                else (Event.AUDIT_CLOSED, lambda tx: audits.close_audit(tx, found.id, word))
            )
            do(event, act)
        elif luck < 0.5 or not requests:
            new_request = AuditRequest("", found.id, len(requests) + 1, word, year)
            do(Event.REQUEST_ADDED, lambda tx: audits.put_request(tx, new_request))
        elif luck < 0.8:
            asked = chance.choice(requests)
            edits: dict[str, Any] = chance.choice(
                (
                    {"state": chance.choice([*RequestState])},
                    {"due": date(year, 6, chance.randint(1, 28))},
                    {"activities": tuple(chance.sample(ACTIVITIES, 2))},
                    {"text": word},
                )
            )
            do(Event.REQUEST_CHANGED, lambda tx: audits.put_request(tx, dataclasses.replace(asked, **edits)))
        else:
            sent = Sent("", chance.choice(requests).id, "", word, "", "Portal", date(year, 6, 1), desk.clock.time, "")
            do(Event.ANSWER_SENT, lambda tx: audits.add_sent(tx, sent))

    def drill_act() -> None:
        known = [drill for drill in audits.drills(vault, year) if drill.open]
        if not known or chance.random() < 0.4:
            do(Event.DRILL_STARTED, lambda tx: audits.add_drill(tx, year, ACTIVITIES[:2]))
            return
        drill = chance.choice(known)
        do(
            Event.DRILL_ANSWERED,
            lambda tx: audits.add_drill_answer(tx, drill.id, chance.choice(drill.open), "", (word,)),
        )

    def settle() -> None:
        found = chance.choice(desktops.conflict_rows(vault))
        handover.settle(vault, found["id"], chance.randrange(len(found["sides"])))

    def load_texts() -> None:
        texts = OfficialList(2025, (OfficialActivity("IA_BE_4", word, "", None, "", 2020),), (), word.rjust(64, "0"), 9)
        do(Event.OFFICIAL_LOADED, lambda tx: tx.add_official(texts))

    def export() -> None:
        record = Export(f"B-{word}-{vault.new_id()}", year, desk.clock.time, "Ana", "b.pdf", "0" * 64, 1, 1, "0" * 64)
        do(Event.BINDER_EXPORTED, lambda tx: tx.add_export(record))

    free = [name for name in ACTIVITIES if name not in {each.activity_id for each in selections}]
    can: list[tuple[int, bool, Callable[[], None]]] = [
        (3, bool(free), lambda: do(Event.ACTIVITY_ADDED, lambda tx: tx.add_selection(year, chance.choice(free)))),
        (4, bool(selections), edit_selection),
        (
            2,
            bool(selections),
            lambda: do(Event.ACTIVITY_REMOVED, lambda tx: tx.remove_selection(chance.choice(selections).id)),
        ),
        (
            2,
            bool(removed["selection"]),
            lambda: do(Event.ACTIVITY_RESTORED, lambda tx: tx.restore_selection(chance.choice(removed["selection"]))),
        ),
        (6, bool(selections), add_item),
        (6, bool(items), edit_item),
        (
            2,
            bool(items),
            lambda: do(Event.EVIDENCE_REMOVED, lambda tx: tx.remove_evidence(chance.choice(items).id, word)),
        ),
        (
            2,
            bool(removed["evidence"]),
            lambda: do(Event.EVIDENCE_RESTORED, lambda tx: tx.restore_evidence(chance.choice(removed["evidence"]))),
        ),
        (4, bool(items), add_marks),
        (3, bool(selections), add_uses),
        (1, bool(uses), lambda: do(Event.USES_REMOVED, lambda tx: tx.remove_uses([chance.choice(uses).id]))),
        (
            1,
            bool(removed["use_entry"]),
            lambda: do(Event.USES_RESTORED, lambda tx: tx.restore_uses([chance.choice(removed["use_entry"])])),
        ),
        (2, True, put_clinician),
        (
            1,
            bool(clinicians),
            lambda: do(Event.CLINICIANS_CHANGED, lambda tx: tx.remove_clinician(chance.choice(clinicians).id)),
        ),
        (
            1,
            bool(removed["clinician"]),
            lambda: do(Event.CLINICIANS_CHANGED, lambda tx: tx.restore_clinician(chance.choice(removed["clinician"]))),
        ),
        (2, True, put_profile),
        (1, True, lambda: do(Event.PRACTICE_CHANGED, lambda tx: tx.put_practice(Practice(word, "", "1 Main St")))),
        (
            1,
            True,
            lambda: do(Event.SETTINGS_CHANGED, lambda tx: tx.put_setting("retention_years", chance.randint(6, 10))),
        ),
        (1, True, load_texts),
        (3, True, attest),
        (2, True, add_paper),
        (5, True, audit_act),
        (1, True, drill_act),
        (1, True, export),
        (2, bool(desktops.conflict_rows(vault)), settle),
    ]
    wanted = [(weight, act) for weight, possible, act in can if possible]
    act = chance.choices([act for _, act in wanted], [weight for weight, _ in wanted])[0]
    try:
        act()
        desk.did += 1
    except MipsDeskError:
        pass


def _write(desk: Desk, folder: Path, *, everything: bool = False) -> Path:
    desk.files += 1
    name = desktops.desktops(desk.vault)[0].id or "first"
    path = folder / f"{name}-{desk.files}.mipshandover"
    handover.write(desk.vault, path, everything=everything)
    return path


def _items(desk: Desk) -> set[str]:
    with desk.vault.reading() as db:
        return {each["id"] for each in rows(db, "SELECT id FROM evidence")}


def _visible(desk: Desk) -> set[str]:
    return {item.id for year in YEARS for item in desk.vault.evidence(year)}


def _never_removed(desk: Desk) -> set[str]:
    """Return the items that nobody on any desktop ever removed, nor the activity that they belong to."""
    with desk.vault.reading() as db:
        gone = {
            said["id"]
            for _, _, entry in desktops.counting(db)
            for said in json.loads(entry["change"]).get("did", ())
            if said["do"] in ("remove_evidence", "remove_selection")
        }
        return {e["id"] for e in rows(db, "SELECT * FROM evidence") if not {e["id"], e["selection_id"]} & gone}


def state(vault: Vault) -> dict[str, Any]:
    """Return what must be the same on all desktops."""
    with vault.reading() as db:
        return {name: rows(db, sql) for name, sql in _SAME.items()}


def _recomputed_conflicts(vault: Vault) -> set[str]:
    """Return the conflicts that follow from the logs alone, with nothing remembered."""
    with vault.reading() as db:
        world = merging.World(db)
        everything = merging.Plan(known=dict(world.counting))
        touched = {
            (write.kind, write.record)
            for name, upto in world.counting.items()
            for entry in world.entries(name, world.begun[name][1], upto)
            for write in merging.merge.writes_of(name, entry)
        }
        reads = desktops.reads(db)
        merging._decide(world, everything, touched, reads, merging._Places(db))
        return {each.id for outcome in everything.outcomes.values() for each in outcome.differences}


def history(chance: random.Random, folder: Path, tally: Tally, copies: int = 1, steps: int = 40) -> None:
    """Play one history and count what came of it."""
    clock = SkewedClock(chance, datetime(2026, 3, 2, 8, tzinfo=UTC))
    vault = Vault.create(
        folder / "0.mipsvault",
        PASSPHRASE,
        practice=Practice("Cedar Hill", "", ""),
        person_name="Ana Ruiz",
        now=clock,
        key_cost=CHEAP,
    )
    desks = [Desk(vault, clock, folder)]
    try:
        for _ in range(chance.randint(0, 12)):
            _command(chance, desks[0])
        made: list[Path] = []
        for copy in range(copies):
            desks.append(_fork(chance, chance.choice(desks), folder / f"{copy + 1}.mipsvault", f"PC-{copy}"))
            for _ in range(chance.randint(0, 6)):
                _command(chance, chance.choice(desks))
        for _ in range(steps):
            desk = chance.choice(desks)
            luck = chance.random()
            if luck < 0.75:
                _command(chance, desk)
            elif luck < 0.87:
                path = _write(desk, folder, everything=chance.random() < 0.1)
                if chance.random() < 0.8:  # else it is lost
                    made.append(path)
            elif made:
                _read(desk, chance.choice(made))
        expected = set().union(*map(_items, desks))
        for _ in range(2 * len(desks) + 1):
            files = [_write(desk, folder) for desk in desks]
            chance.shuffle(files)
            for desk in desks:
                for path in files:
                    _read(desk, path)
        states = [state(desk.vault) for desk in desks]
        tally.histories += 1
        tally.commands += sum(desk.did for desk in desks)
        tally.files += sum(desk.files for desk in desks)
        tally.conflicts += len(states[0]["conflict"])
        tally.different += any(other != states[0] for other in states[1:])
        tally.lost += sum(len(expected - _items(desk)) for desk in desks)
        tally.lost += sum(len(_never_removed(desk) - _visible(desk)) for desk in desks)
        problems = [problem for desk in desks for problem in desk.vault.check()]
        if problems:
            print(problems[:3])
        tally.unsound += bool(problems)
        kept = {each["id"] for each in states[0]["conflict"]}
        tally.impure += any(_recomputed_conflicts(desk.vault) != kept for desk in desks)
    finally:
        for desk in desks:
            desk.vault.close()


def _read(desk: Desk, path: Path) -> None:
    with desk.vault.reading() as db:
        own = value(db, "SELECT id FROM desktop WHERE here = 1") or "first"
    if not path.name.startswith(f"{own}-"):
        handover.read(desk.vault, path)


def play(histories: int, seed: int, *, copies: int = 1, steps: int = 40) -> Tally:
    """Play histories; each has its own seed, so that one that fails can be played again alone."""
    tally = Tally()
    for number in range(histories):
        with tempfile.TemporaryDirectory() as folder:
            before = dataclasses.astuple(tally)[4:]
            history(random.Random(seed + number), Path(folder), tally, copies, steps)
            if dataclasses.astuple(tally)[4:] != before:
                print(f"seed {seed + number}: {tally}")
    return tally


def main() -> int:
    """Play histories of two desktops, and a tenth as many of three."""
    histories = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261121
    clean = True
    for copies, count in ((1, histories), (2, max(1, histories // 10))):
        tally = play(count, seed, copies=copies)
        print(f"{copies + 1} desktops: {tally}")
        clean &= tally.clean
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
