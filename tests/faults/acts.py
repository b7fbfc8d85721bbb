"""What the fault harnesses do to a vault, as a person would, through the services; and what a vault then holds.

`ACTS` are one command each, chosen by chance as far as the vault allows; `SCRIPT` is one whole session in a fixed
order. `facts` is everything that can be read from a vault as flat text, by names that carry the identifiers of the
records, so that two states can be compared and each difference be laid at somebody's door.
"""

import dataclasses
import hashlib
import io
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from PIL import Image

from mips_desk.annotate.marks import Box, Mark, Reason, Redaction
from mips_desk.catalog.load import load_catalog
from mips_desk.domain.attested import in_force
from mips_desk.domain.audit import RequestState
from mips_desk.domain.evidence import Export, Source
from mips_desk.domain.papers import PaperKind
from mips_desk.domain.period import Period
from mips_desk.domain.practice import Clinician, Practice, Role, YearProfile
from mips_desk.services import (
    attesting,
    auditing,
    backups,
    choose,
    closing,
    collect,
    drafts,
    finding,
    handover,
    journaling,
    papers,
    people,
    retention,
    setup,
    uses,
)
from mips_desk.services import session as session_services
from mips_desk.services.drafts import Draft, DraftKind
from mips_desk.services.session import Session
from mips_desk.store import (
    Event,
    KeyCost,
    NotInVaultError,
    OriginalDestroyedError,
    Vault,
    WrongPassphraseError,
    YearClosedError,
    YearUnderAuditError,
    attested,
    opening,
)
from mips_desk.store.drafts import drafts_of

PASSPHRASE = "correct horse battery staple"
#: What the first person changes it to and back.
PASSPHRASES = (PASSPHRASE, "another horse another staple")
CHEAP = KeyCost(memory_kib=8, passes=1, lanes=1)
YEAR = 2025
ACTIVITIES = ("IA_BE_4", "IA_EPA_2", "IA_CC_1", "IA_BE_15", "IA_BE_6")


class Clock:
    """A clock that moves a second each time it is read, from a moment of its own."""

    def __init__(self, start: datetime | None = None) -> None:
        self.time = start or datetime(2025, 11, 3, 9, 0, tzinfo=timezone(timedelta(hours=-5)))

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


class NotNowError(Exception):
    """The vault holds nothing yet that this act could be done to."""


def cheapen() -> None:
    """Make every passphrase of this process cheap to check."""
    people.KEY_COST = session_services.KEY_COST = CHEAP


def create(folder: Path, clock: Clock | None = None) -> Session:
    """Make a vault whose passphrase is cheap to check."""
    clock = clock or Clock()
    practice = Practice("Cedar Hill Family Medicine", "12-3456789", "1 Main St")
    vault = Vault.create(folder, PASSPHRASE, practice=practice, person_name="Ana Ruiz", now=clock, key_cost=CHEAP)
    return Session(vault, load_catalog(), clock)


def reopen(folder: Path, *, read_only: bool = False, clock: Clock | None = None) -> Session:
    """Open a vault with the passphrase that it has now."""
    clock = clock or Clock()
    passphrase = PASSPHRASES[(passphrases(folder) or [0])[0]]
    return Session(Vault.open(folder, passphrase, now=clock, read_only=read_only), load_catalog(), clock)


def picture(chance: random.Random) -> bytes:
    """Return a small PNG unlike every other one."""
    file = io.BytesIO()
    Image.frombytes("RGB", (48, 40), chance.randbytes(48 * 40 * 3)).save(file, "PNG", compress_level=0)
    return file.getvalue()


def facts(session: Session) -> dict[str, str]:
    """Return all that can be read from a vault but the journal, by names that hold the identifiers of records."""
    vault = session.vault
    found = {"practice": repr(vault.practice())}
    found |= {f"clinician/{each.id}": repr(each) for each in vault.clinicians()}
    found |= {f"draft/{subject}": hashlib.sha256(data).hexdigest() for subject, data in drafts_of(vault).items()}
    found |= {f"export/{each.id}": repr(each) for each in vault.exports()}
    found |= {f"official/{each.year}/{number}": each.sha256 for number, each in enumerate(vault.officials())}
    found |= {f"person/{each.id}": f"{each.name} {each.role}" for each in people.people(session)}
    found[f"passphrase/{vault.person.id}"] = repr(passphrases(vault.folder))
    found["setting/retention"] = repr(retention.retention_years(session))
    for year in vault.years():
        found[f"profile/{year}"] = repr(vault.profile(year))
        state = closing.year_state(session, year)
        found[f"closed/{year}"] = f"{state.closed} {state.fingerprint} {len(state.earlier)}"
        found |= {f"destroyed/{year}/{each.evidence_id}": each.sha256 for each in retention.destroyed(session, year)}
        for selection in vault.selections(year):
            found[f"selection/{year}/{selection.id}"] = repr(selection)
        for item in vault.evidence(year):
            name = f"evidence/{year}/{item.selection_id}/{item.id}"
            found[name] = repr(item)
            if not item.destroyed:
                found[f"{name}/original"] = hashlib.sha256(vault.original(item.sha256)).hexdigest()
                found[f"{name}/marks"] = hashlib.sha256(vault.marks(item.id)).hexdigest()
        for use in vault.uses(year):
            found[f"use/{year}/{use.selection_id}/{use.id}"] = repr(use)
        found |= {f"attested/{year}/{each.id}": repr(each) for each in attested.attestations(vault, year)}
    for audit in auditing.audits(session):
        found[f"audit/{audit.id}"] = repr(audit.audit)
        for request in audit.requests:
            found[f"audit/{audit.id}/{request.id}"] = repr(request.request)
            found |= {f"audit/{audit.id}/{request.id}/{each.id}": repr(each) for each in request.sent}
    found |= {f"drill/{each.id}": repr(each) for each in auditing.drills(session)}
    return found


def index_in_step(session: Session) -> bool:
    """Tell whether the search finds every live record by its name."""
    for year in session.vault.years():
        live = len(session.vault.selections(year)) + len(session.vault.evidence(year))
        live -= len(session.vault.papers(year))
        if len(finding.find(session, "papers", year, limit=100_000)) < len(session.vault.papers(year)):
            return False
        live += sum(bool(use.note) for use in session.vault.uses(year))
        if (
            len(
                [
                    found
                    for found in finding.find(session, "ia", year, limit=100_000)
                    if found.kind != "use" or found.text
                ]
            )
            < live
        ):
            return False
    return True


def _selections(session: Session) -> list[str]:
    found = [each.id for each in session.vault.selections(YEAR)]
    if not found:
        raise NotNowError
    return found


def _items(session: Session) -> list[str]:
    found = [each.id for each in session.vault.evidence(YEAR) if not each.destroyed]
    if not found:
        raise NotNowError
    return found


def add_activity(session: Session, chance: random.Random) -> None:
    chosen = {each.activity_id for each in session.vault.selections(YEAR)}
    left = [each for each in ACTIVITIES if each not in chosen]
    if not left:
        raise NotNowError
    choose.add(session, YEAR, chance.choice(left))


def remove_activity(session: Session, chance: random.Random) -> None:
    found = _selections(session)
    if len(found) < 3:
        raise NotNowError
    choose.remove(session, chance.choice(found))


def describe_activity(session: Session, chance: random.Random) -> None:
    selection_id = chance.choice(_selections(session))
    act = chance.randrange(4)
    if act == 0:
        choose.set_story(session, selection_id, f"How it was done, version {chance.random()}")
    elif act == 1:
        choose.set_private_note(session, selection_id, f"note {chance.random()}")
    elif act == 2:
        choose.set_period(session, selection_id, Period(date(YEAR, 1, chance.randrange(1, 28)), date(YEAR, 6, 30)))
    else:
        choose.set_attested(session, selection_id, date(YEAR + 1, 1, chance.randrange(1, 28)))


def add_pictures(session: Session, chance: random.Random) -> None:
    incoming = [
        collect.Incoming(picture(chance), Source.CAPTURE, window_title="Portal — Chrome", scale=100)
        for _ in range(chance.randrange(1, 3))
    ]
    collect.add_pictures(session, chance.choice(_selections(session)), incoming, caption=f"caption {chance.random()}")


def describe_item(session: Session, chance: random.Random) -> None:
    collect.describe(
        session,
        chance.choice(_items(session)),
        caption=f"caption {chance.random()}",
        shows_date=date(YEAR, 5, chance.randrange(1, 28)),
        no_identifiers=chance.random() < 0.5,
    )


def look_at(session: Session, chance: random.Random) -> None:
    collect.look_at(session, chance.choice(_items(session)), chance.random() < 0.8)


def set_marks(session: Session, chance: random.Random) -> None:
    marks: list[Mark] = [
        Redaction(x=chance.uniform(0, 20), y=3.0, width=9.0, height=4.0, reason=Reason.NAME)
        for _ in range(chance.randrange(1, 4))
    ]
    collect.set_marks(session, chance.choice(_items(session)), [*marks, Box(x=1.0, y=1.0, width=9.0, height=9.0)])


def remove_item(session: Session, chance: random.Random) -> None:
    collect.remove(session, [chance.choice(_items(session))], reason="taken by mistake")


def restore_item(session: Session, chance: random.Random) -> None:
    """Undo the removal of an item, as the menu would."""
    live = {each.id for each in session.vault.evidence(YEAR)}
    removed = [each for each in retention.destroyable(session, YEAR, removed_only=True) if each.evidence_id not in live]
    if not removed:
        raise NotNowError
    with session.vault.write(Event.EVIDENCE_RESTORED) as tx:
        tx.restore_evidence(chance.choice(removed).evidence_id)


def log_uses(session: Session, chance: random.Random) -> None:
    days = {date(YEAR, chance.randrange(1, 13), chance.randrange(1, 28)) for _ in range(3)}
    uses.log(session, chance.choice(_selections(session)), days, note=f"call {chance.random()}")


def remove_use(session: Session, chance: random.Random) -> None:
    found = [each.id for each in session.vault.uses(YEAR)]
    if not found:
        raise NotNowError
    uses.remove(session, [chance.choice(found)])


def change_practice(session: Session, chance: random.Random) -> None:
    setup.set_practice(
        session, dataclasses.replace(session.vault.practice(), address=f"{chance.randrange(999)} Main St")
    )


def change_clinicians(session: Session, chance: random.Random) -> None:
    setup.put_clinicians(session, (Clinician("", f"Dr. {chance.randrange(10**6)}"),))


def change_profile(session: Session, chance: random.Random) -> None:
    year = chance.choice((2024, YEAR, 2026))
    setup.set_profile(
        session,
        dataclasses.replace(session.vault.profile(year) or YearProfile(year), npis_total=chance.randrange(1, 90)),
    )


def change_settings(session: Session, chance: random.Random) -> None:
    retention.set_retention_years(session, 16 - retention.retention_years(session))


def record_export(session: Session, chance: random.Random) -> None:
    export = Export(
        session.vault.new_id(), YEAR, session.now(), session.person, "binder.pdf", chance.randbytes(32).hex(), 9, 2,
        session.vault.journal_head(),
    )  # fmt: skip
    with session.vault.write(Event.BINDER_EXPORTED) as tx:
        tx.add_export(export)


def close_year(session: Session, chance: random.Random) -> None:
    closing.close_year(session, YEAR)


def reopen_year(session: Session, chance: random.Random) -> None:
    closing.reopen_year(session, YEAR, "a letter came late")


def close_and_reopen_year(session: Session, chance: random.Random) -> None:
    """Toggle, so that a killed run does not stay closed."""
    if closing.year_state(session, YEAR).closed:
        reopen_year(session, chance)
    else:
        close_year(session, chance)


def keep_draft(session: Session, chance: random.Random) -> None:
    selection_id = chance.choice(_selections(session))
    drafts.keep(
        session,
        [Draft(DraftKind.SELECTION, selection_id, {"story": f"half a sentence {chance.random()}"}, YEAR)],
    )


def destroy_item(session: Session, chance: random.Random) -> None:
    gone = retention.destroyable(session, YEAR, removed_only=True)
    if not gone:
        raise NotNowError
    evidence_id = chance.choice(gone).evidence_id
    wanted = retention.confirmation_texts(session, YEAR, evidence_id)
    retention.purge_item(session, evidence_id, "of a wrong patient", wanted)


def change_passphrase(session: Session, chance: random.Random) -> None:
    """From whichever it is to the other one."""
    (now,) = passphrases(session.vault.folder)
    people.change_passphrase(session, PASSPHRASES[now], PASSPHRASES[1 - now])


def add_person(session: Session, chance: random.Random) -> None:
    if len(people.people(session)) > 4:
        raise NotNowError
    people.add_person(session, f"Ben {chance.randrange(10**9)}", Role.HELPER, f"Ben's {chance.random()}")


def remove_person(session: Session, chance: random.Random) -> None:
    others = [each.id for each in people.people(session) if not each.you]
    if not others:
        raise NotNowError
    people.remove_person(session, chance.choice(others))


def attest(session: Session, chance: random.Random) -> None:
    """Record what was attested, or correct a record."""
    known = in_force(attested.attestations(session.vault, YEAR))
    attesting.record(
        session,
        YEAR,
        [each.activity_id for each in session.vault.selections(YEAR)] or ["IA_BE_4"],
        date(YEAR, chance.randrange(1, 10), 1),
        by="Ana Ruiz",
        through="QPP",
        note=f"note {chance.random()}",
        replaces=[known[0].id] if known and chance.random() < 0.7 else [],
    )


def add_paper(session: Session, chance: random.Random) -> None:
    incoming = [collect.Incoming(picture(chance), Source.IMPORT, file_name="status.png")]
    papers.add(session, YEAR, incoming, kind=chance.choice([*PaperKind]), caption=f"caption {chance.random()}")


def start_audit(session: Session, chance: random.Random) -> None:
    if len(_running(session, may_lack=True)) > 2:
        raise NotNowError
    auditing.start(session, letter_on=date(YEAR, 10, 1), sender="Guidehouse", years=[YEAR])


def add_request(session: Session, chance: random.Random) -> None:
    audit = chance.choice(_running(session))
    auditing.add_request(session, audit.id, text=f"request {chance.random()}", year=YEAR)


def change_request(session: Session, chance: random.Random) -> None:
    request = chance.choice(_requests(session))
    auditing.set_state(
        session,
        request.id,
        RequestState.OPEN if request.request.state is RequestState.PREPARING else RequestState.PREPARING,
    )


def send_answer(session: Session, chance: random.Random) -> None:
    request = chance.choice(_requests(session))
    auditing.sent(session, request.id, file_name="answer.pdf", how="Portal", on=date(YEAR, 10, 20))


def end_audit(session: Session, chance: random.Random) -> None:
    done = [audit for audit in _running(session) if not audit.open]
    if not done:
        raise NotNowError
    auditing.close(session, done[0].id, f"outcome {chance.random()}")


def start_drill(session: Session, chance: random.Random) -> None:
    _selections(session)
    auditing.start_drill(session, YEAR, 2, chance)


def answer_drill(session: Session, chance: random.Random) -> None:
    found = [drill for drill in auditing.drills(session, YEAR) if drill.open]
    if not found:
        raise NotNowError
    auditing.answered(session, found[0].id, found[0].open[0], "")


def _running(session: Session, *, may_lack: bool = False) -> list[auditing.AuditView]:
    found = [audit for audit in auditing.audits(session) if audit.audit.closed_at is None]
    if not found and not may_lack:
        raise NotNowError
    return found


def _requests(session: Session) -> list[auditing.RequestView]:
    found = [request for audit in _running(session) for request in audit.open]
    if not found:
        raise NotNowError
    return found


def make_recovery(session: Session, chance: random.Random) -> None:
    people.make_recovery(session)


def make_backup(session: Session, chance: random.Random) -> None:
    folder = outside(session, "backups")
    backups.make_backup(session, folder / f"{len(list(folder.iterdir()))}-{chance.randrange(10**9)}.mipsbackup")


def write_handover(session: Session, chance: random.Random) -> None:
    handover.write_file(session, outside(session, "handover") / f"{chance.randrange(3)}{handover.SUFFIX}")


def write_journal(session: Session, chance: random.Random) -> None:
    journaling.write_csv(session, journaling.EVERYTHING, outside(session, "out") / f"{chance.randrange(3)}.csv")


def outside(session: Session, name: str) -> Path:
    """Return a folder beside the vault."""
    folder = session.vault.folder.parent / name
    if not folder.is_dir():
        folder.mkdir()
    return folder


def passphrases(folder: Path) -> list[int]:
    """Return which of the passphrases open a vault; there must always be exactly one."""
    found = []
    for number, passphrase in enumerate(PASSPHRASES):
        try:
            opening.unlock_vault(folder, passphrase)
            found.append(number)
        except WrongPassphraseError:
            continue
    return found


Act = Callable[[Session, random.Random], None]
#: What may be done at random, the frequent things more often.
ACTS: tuple[Act, ...] = (
    add_pictures, add_pictures, add_pictures, describe_item, describe_item, look_at, set_marks, set_marks, remove_item,
    restore_item, log_uses, log_uses, remove_use, add_activity, add_activity, remove_activity,
    describe_activity, change_practice, change_clinicians, change_profile, change_settings, record_export, keep_draft,
    keep_draft, close_and_reopen_year, destroy_item, change_passphrase, add_person, remove_person, make_recovery,
    make_backup, write_handover, write_journal, attest, add_paper, start_audit, add_request, change_request,
    send_answer, end_audit, start_drill, answer_drill,
)  # fmt: skip
#: One whole session.
SCRIPT: tuple[Act, ...] = (
    change_profile, change_clinicians, add_activity, add_activity, describe_activity, keep_draft,
    add_pictures, add_pictures, describe_item, set_marks, look_at, log_uses, remove_use, remove_item, restore_item,
    remove_item, destroy_item, remove_activity, change_settings, record_export, attest, add_paper, close_year,
    reopen_year, start_audit, add_request, change_request, send_answer, end_audit, start_drill, answer_drill,
    change_passphrase, add_person, make_recovery, make_backup, write_handover, write_journal, remove_person,
)  # fmt: skip


def begin(folder: Path) -> Session:
    """Make a vault with which random acts can begin."""
    session = create(folder)
    for name in ("backups", "handover", "out"):
        outside(session, name)
    setup.set_profile(session, YearProfile(YEAR))
    for activity_id in ACTIVITIES[:3]:
        choose.add(session, YEAR, activity_id)
    return session


def some_act(session: Session, chance: random.Random, trying: Callable[[str], None] = lambda name: None) -> Act:
    """Do one act that the vault allows now, and return which; `trying` is told its name before."""
    while True:
        act = chance.choice(ACTS)
        trying(act.__name__)
        try:
            act(session, chance)
        except (NotNowError, NotInVaultError, OriginalDestroyedError, YearUnderAuditError):
            continue
        except YearClosedError:
            act = reopen_year
            trying(act.__name__)
            act(session, chance)
        return act
