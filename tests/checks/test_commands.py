"""Whatever a person can do leaves an entry in the journal: every service and every command of the command line.

A function that is added to the services must be put into `COMMANDS` with what it writes, or into `READS` with a reason
why it writes nothing; each command is really run once. A new command of the command line must be put into `LINES`.
"""

import importlib
import inspect
import io
import json
import pkgutil
import shutil
import sys
import typing
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import keyring
import pytest
import typer

import mips_desk.services
from mips_desk import cli
from mips_desk.binder.content import Paper
from mips_desk.domain.audit import RequestState
from mips_desk.domain.evidence import Source, UseEntry
from mips_desk.domain.period import Period
from mips_desk.domain.practice import Clinician, Practice, Role, YearProfile
from mips_desk.services import (
    attesting,
    auditing,
    backups,
    binding,
    carry_over,
    checking,
    choose,
    closing,
    collect,
    handover,
    journaling,
    key_store,
    marks_look,
    official,
    packaging,
    papers,
    pending,
    people,
    places,
    retention,
    session,
    setup,
    signing,
    submitting,
    uses,
)
from mips_desk.services.changes import Changes
from mips_desk.services.session import Session
from mips_desk.store import Event, KeyCost, Vault
from mips_desk.store.journal import MANAGER_ONLY, NOT_CONTENT, READER_MAY
from tests.unit.catalog.cms_sample import as_file, measures
from tests.unit.services.closing_sample import Small, png, small_practice
from tests.unit.services.test_key_store import MemoryKeyring

PASSPHRASE = "correct horse battery staple"
OTHER = "another passphrase of somebody"
CHEAP = KeyCost(8, 1, 1)
E = Event


@dataclass
class World:
    """A practice of its own for one command."""

    small: Small
    folder: Path

    @property
    def s(self) -> Session:
        return self.small.session

    @property
    def file(self) -> Path:
        return self.folder / "out.file"

    def add_ben(self) -> str:
        return people.add_person(self.s, "Ben Ode", Role.HELPER, OTHER).id

    def backup(self) -> Path:
        place = self.folder / "backups"
        place.mkdir(exist_ok=True)
        return backups.make_backup(self.s, place).path

    def restored(self) -> Path:
        return backups.restore(self.backup(), self.place(), PASSPHRASE)

    def place(self) -> Path:
        (self.folder / "elsewhere").mkdir()
        return self.folder / "elsewhere"

    def cms_file(self) -> Path:
        path = self.folder / "measures-data-2026.json"
        path.write_bytes(as_file(measures(2026)))
        return path

    def reopened(self, opening: Callable[[], Session]) -> None:
        """Close the practice and open it anew."""
        self.s.close()
        self.small.session = opening()

    def failed(self) -> None:
        """Try a passphrase that does not fit, then open the practice."""
        self.s.close()
        with pytest.raises(session.NotOpenedError):
            session.open_practice(self.s.vault.folder, "wrong")
        self.small.session = session.open_practice(self.s.vault.folder, PASSPHRASE)


def _restored(w: World) -> None:
    copy = w.restored()
    w.reopened(lambda: session.open_practice(copy, PASSPHRASE))


def _recovery(w: World) -> None:
    sheet = people.make_recovery(w.s)
    w.reopened(lambda: people.open_with_recovery(w.s.vault.folder, sheet.key, w.s.vault.person.id, OTHER))


def _certified(w: World) -> None:
    signing.make_practice_certificate(w.s)


def _handed_over(w: World, act: Callable[[Session, Path], object]) -> None:
    """Let another desktop change something, and read its hand-over file here."""
    copy = w.restored()
    there = session.open_practice(copy, PASSPHRASE)
    choose.set_story(there, w.small.selection, "Told there")
    choose.set_story(w.s, w.small.selection, "Told here")
    handover.write_file(there, w.file)
    there.close()
    act(w.s, w.file)


def _settle(s: Session, path: Path) -> None:
    handover.read_file(s, path)
    handover.settle(s, handover.conflicts(s)[0].id, 0)


def _audit(w: World) -> str:
    return auditing.start(w.s, letter_on=date(2027, 1, 15), sender="Guidehouse", years=[2026]).id


def _request(w: World) -> str:
    return auditing.add_request(w.s, _audit(w), text="IA_BE_4", year=2026, activities=["IA_BE_4"]).id


def _sent(w: World) -> Changes:
    return auditing.sent(w.s, _request(w), file_name="answer.pdf", how="Portal", on=date(2027, 1, 20))


def _closed_audit(w: World) -> str:
    audit = _audit(w)
    auditing.close(w.s, audit, "Nothing found")
    return audit


def _drill(w: World) -> None:
    drill = auditing.start_drill(w.s, 2026)
    auditing.answered(w.s, drill.id, drill.picked[0], "")


#: What each function of the services writes, in order, and how it is run here. Its name is "module.function".
COMMANDS: dict[str, tuple[list[Event], Callable[[World], object]]] = {
    "attesting.record": (
        [E.ATTESTATION_RECORDED],
        lambda w: attesting.record(w.s, 2026, ["IA_BE_4"], date(2027, 1, 21), by="Ana Ruiz", through="QPP"),
    ),
    "auditing.add_request": ([E.AUDIT_STARTED, E.REQUEST_ADDED], _request),
    "auditing.answered": ([E.DRILL_STARTED, E.DRILL_ANSWERED], _drill),
    "auditing.change": (
        [E.AUDIT_STARTED, E.AUDIT_CHANGED],
        lambda w: auditing.change(w.s, _audit(w), reference="A-1"),
    ),
    "auditing.change_request": (
        [E.AUDIT_STARTED, E.REQUEST_ADDED, E.REQUEST_CHANGED],
        lambda w: auditing.change_request(w.s, _request(w), text="All of it"),
    ),
    "auditing.close": ([E.AUDIT_STARTED, E.AUDIT_CLOSED], lambda w: auditing.close(w.s, _audit(w), "Nothing found")),
    "auditing.reopen": (
        [E.AUDIT_STARTED, E.AUDIT_CLOSED, E.AUDIT_REOPENED],
        lambda w: auditing.reopen(w.s, _closed_audit(w)),
    ),
    "auditing.sent": ([E.AUDIT_STARTED, E.REQUEST_ADDED, E.ANSWER_SENT], _sent),
    "auditing.set_state": (
        [E.AUDIT_STARTED, E.REQUEST_ADDED, E.REQUEST_CHANGED],
        lambda w: auditing.set_state(w.s, _request(w), RequestState.PREPARING),
    ),
    "auditing.start": ([E.AUDIT_STARTED], _audit),
    "auditing.start_drill": ([E.DRILL_STARTED], lambda w: auditing.start_drill(w.s, 2026)),
    "backups.make_backup": ([E.BACKUP_MADE], lambda w: w.backup()),
    # That the backup was made is not in the backup.
    "backups.restore": ([E.LOGIN, E.VAULT_RESTORED], _restored),
    "backups.set_backup_plan": (
        [E.SETTINGS_CHANGED],
        lambda w: backups.set_backup_plan(w.s, backups.BackupPlan(w.folder, 4, True)),
    ),
    "binding.write": (
        [E.BINDER_EXPORTED],
        lambda w: binding.write(w.s, binding.content(w.s, 2026), w.file),
    ),
    "carry_over.carry_over": ([E.ACTIVITY_ADDED], lambda w: carry_over.carry_over(w.s, 2027, ["IA_BE_4"])),
    "checking.check_vault": ([E.VAULT_CHECKED], lambda w: checking.check_vault(w.s)),
    "choose.add": ([E.ACTIVITY_ADDED], lambda w: choose.add(w.s, 2027, "IA_BE_4")),
    "choose.add_all": ([E.ACTIVITY_ADDED], lambda w: choose.add_all(w.s, 2027, ["IA_BE_4", "IA_CC_13"])),
    "choose.remove": ([E.ACTIVITY_REMOVED], lambda w: choose.remove(w.s, w.small.selection)),
    "choose.set_attested": ([E.ATTESTATION_RECORDED], lambda w: choose.set_attested(w.s, w.small.selection, None)),
    "choose.set_period": (
        [E.SELECTION_CHANGED],
        lambda w: choose.set_period(w.s, w.small.selection, Period(date(2026, 2, 1), date(2026, 5, 31))),
    ),
    "choose.set_private_note": ([E.SELECTION_CHANGED], lambda w: choose.set_private_note(w.s, w.small.selection, "x")),
    "choose.set_story": ([E.SELECTION_CHANGED], lambda w: choose.set_story(w.s, w.small.selection, "x")),
    "closing.close_year": ([E.YEAR_CLOSED], lambda w: closing.close_year(w.s, 2026)),
    "closing.reopen_year": (
        [E.YEAR_CLOSED, E.YEAR_REOPENED],
        lambda w: (closing.close_year(w.s, 2026), closing.reopen_year(w.s, 2026, "Forgot one")),
    ),
    "collect.add_pictures": (
        [E.EVIDENCE_ADDED],
        lambda w: collect.add_pictures(w.s, w.small.selection, [collect.Incoming(png(), Source.PASTE)]).changes,
    ),
    "collect.bring_back": ([E.EVIDENCE_RESTORED], lambda w: collect.bring_back(w.s, w.small.removed_item)),
    "collect.describe": ([E.EVIDENCE_CHANGED], lambda w: collect.describe(w.s, w.small.item, caption="New")),
    "collect.look_at": ([E.LOOKED_AT], lambda w: collect.look_at(w.s, w.small.item, looked=False)),
    "collect.pixels": ([E.ORIGINAL_VIEWED], lambda w: collect.pixels(w.s, w.s.vault.evidence_item(w.small.item))),
    "collect.remove": ([E.EVIDENCE_REMOVED], lambda w: collect.remove(w.s, (w.small.item,), "why")),
    "collect.set_marks": ([E.MARKS_CHANGED], lambda w: collect.set_marks(w.s, w.small.item, ())),
    "handover.read_file": (
        [E.BACKUP_MADE, E.SELECTION_CHANGED, E.HANDOVER_READ],
        lambda w: _handed_over(w, handover.read_file),
    ),
    "handover.settle": (
        [E.BACKUP_MADE, E.SELECTION_CHANGED, E.HANDOVER_READ, E.CONFLICT_SETTLED],
        lambda w: _handed_over(w, _settle),
    ),
    "handover.write_file": ([E.HANDOVER_WRITTEN], lambda w: handover.write_file(w.s, w.file)),
    "journaling.write_csv": ([E.JOURNAL_EXPORTED], lambda w: journaling.write_csv(w.s, journaling.EVERYTHING, w.file)),
    "journaling.write_pdf": (
        [E.JOURNAL_EXPORTED],
        lambda w: journaling.write_pdf(w.s, journaling.EVERYTHING, w.file, Paper.A4),
    ),
    "key_store.forget_computer": (
        [E.COMPUTER_TRUSTED, E.COMPUTER_FORGOTTEN],
        lambda w: (
            key_store.trust_this_computer(w.s),
            key_store.forget_computer(w.s, people.people(w.s)[0].computers[0].id),
        ),
    ),
    "key_store.forget_this_computer": (
        [E.COMPUTER_TRUSTED, E.COMPUTER_FORGOTTEN],
        lambda w: (key_store.trust_this_computer(w.s), key_store.forget_this_computer(w.s)),
    ),
    "key_store.open_from_key_store": (
        [E.COMPUTER_TRUSTED, E.LOGIN],
        lambda w: (
            key_store.trust_this_computer(w.s),
            w.reopened(lambda: key_store.open_from_key_store(w.s.vault.folder, w.s.vault.person.id)),
        ),
    ),
    "key_store.trust_this_computer": ([E.COMPUTER_TRUSTED], lambda w: key_store.trust_this_computer(w.s)),
    "official.load_file": ([E.OFFICIAL_LOADED], lambda w: official.load_file(w.s, w.cms_file())),
    "pending.noting_failures": ([E.LOGIN, E.LOGIN_FAILED], lambda w: w.failed()),
    "pending.opened": ([], lambda w: pending.opened(w.s.vault, w.s.now)),
    "pending.witness": ([E.ORIGINAL_VIEWED], lambda w: pending.witness(w.s.vault, E.ORIGINAL_VIEWED, w.s.now)),
    "papers.add": (
        [E.EVIDENCE_ADDED],
        lambda w: papers.add(w.s, 2026, [collect.Incoming(png(), Source.PASTE)]).changes,
    ),
    "people.add_person": ([E.PERSON_ADDED], lambda w: w.add_ben()),
    "people.change_passphrase": ([E.PASSPHRASE_CHANGED], lambda w: people.change_passphrase(w.s, PASSPHRASE, OTHER)),
    "people.change_person": (
        [E.PERSON_ADDED, E.PERSON_CHANGED],
        lambda w: people.change_person(w.s, w.add_ben(), "Ben Ode", Role.READER),
    ),
    "people.finish_removal": (
        [E.VAULT_REKEYED],
        lambda w: people.finish_removal(w.s),
    ),
    "people.make_recovery": ([E.RECOVERY_SHEET_MADE], lambda w: people.make_recovery(w.s)),
    "people.open_with_recovery": ([E.RECOVERY_SHEET_MADE, E.LOGIN, E.RECOVERY_SHEET_USED], _recovery),
    "people.remove_person": (
        [E.PERSON_ADDED, E.PERSON_REMOVED, E.VAULT_REKEYED],
        lambda w: people.remove_person(w.s, w.add_ben()),
    ),
    "people.set_passphrase": (
        [E.PERSON_ADDED, E.PASSPHRASE_CHANGED],
        lambda w: people.set_passphrase(w.s, w.add_ben(), "yet another passphrase"),
    ),
    "people.start_key_file": (
        [E.PASSPHRASE_CHANGED],
        lambda w: (people.make_key_file(w.file), people.start_key_file(w.s, PASSPHRASE, w.file)),
    ),
    "people.stop_key_file": (
        [E.PASSPHRASE_CHANGED, E.PASSPHRASE_CHANGED],
        lambda w: (
            people.make_key_file(w.file),
            people.start_key_file(w.s, PASSPHRASE, w.file),
            people.stop_key_file(w.s, PASSPHRASE, w.file),
        ),
    ),
    "people.try_recovery": (
        [E.RECOVERY_SHEET_MADE, E.RECOVERY_SHEET_TRIED],
        lambda w: people.try_recovery(w.s, people.make_recovery(w.s).key),
    ),
    "places.move_vault": (
        [E.VAULT_MOVED, E.LOGIN],
        lambda w: w.reopened(
            lambda: session.open_practice(
                places.move_vault(w.s.vault.folder, w.folder / "moved", PASSPHRASE).folder, PASSPHRASE
            )
        ),
    ),
    "marks_look.set_marks_look": (
        [E.SETTINGS_CHANGED],
        lambda w: marks_look.set_marks_look(w.s, marks_look.MarksLook("blue", "green", "large")),
    ),
    "retention.purge_item": (
        [E.ORIGINALS_DESTROYED],
        lambda w: retention.purge_item(
            w.s, w.small.removed_item, "why", retention.confirmation_texts(w.s, 2026, w.small.removed_item)
        ),
    ),
    "retention.purge_year": (
        [E.ORIGINALS_DESTROYED],
        lambda w: retention.purge_year(w.s, 2026, "why", retention.confirmation_texts(w.s, 2026)),
    ),
    "retention.set_retention_years": ([E.SETTINGS_CHANGED], lambda w: retention.set_retention_years(w.s, 10)),
    "session.create_practice": (
        [E.VAULT_CREATED],
        lambda w: w.reopened(
            lambda: session.create_practice(w.folder / "New.mipsvault", PASSPHRASE, Practice("New"), "Ana Ruiz")
        ),
    ),
    "session.open_practice": (
        [E.LOGIN],
        lambda w: w.reopened(lambda: session.open_practice(w.s.vault.folder, PASSPHRASE)),
    ),
    "setup.new_year": ([E.PROFILE_CHANGED], lambda w: setup.new_year(w.s, 2025)),
    "setup.put_clinicians": (
        [E.CLINICIANS_CHANGED],
        lambda w: setup.put_clinicians(w.s, (Clinician("", "Lena Brandt"),)),
    ),
    "setup.remove_clinician": ([E.CLINICIANS_CHANGED], lambda w: setup.remove_clinician(w.s, w.small.clinician)),
    "setup.set_practice": ([E.PRACTICE_CHANGED], lambda w: setup.set_practice(w.s, Practice("New name"))),
    "setup.set_profile": ([E.PROFILE_CHANGED], lambda w: setup.set_profile(w.s, YearProfile(2026, npis_total=2))),
    "packaging.write": (
        [E.CERTIFICATE_MADE, E.PACKAGE_WRITTEN, E.BINDER_EXPORTED],
        lambda w: packaging.write(w.s, packaging.plan(binding.content(w.s, 2026)), w.file),
    ),
    "submitting.write": (
        [E.SUBMISSION_WRITTEN],
        lambda w: submitting.write(w.s, submitting.prepare(w.s, 2026, activities=["IA_BE_4"]), w.file),
    ),
    "signing.make_practice_certificate": ([E.CERTIFICATE_MADE], lambda w: signing.make_practice_certificate(w.s)),
    "uses.claim_best_window": (
        [E.SELECTION_CHANGED],
        lambda w: uses.claim_best_window(w.s, w.small.selection),
    ),
    "uses.log": ([E.USES_ADDED], lambda w: uses.log(w.s, w.small.selection, [date(2026, 4, 1)])),
    "uses.log_entries": (
        [E.USES_ADDED],
        lambda w: uses.log_entries(w.s, w.small.selection, [UseEntry("", "", date(2026, 4, 2))]),
    ),
    "uses.remove": ([E.USES_REMOVED], lambda w: uses.remove(w.s, (w.small.use,))),
}

#: What is called with an open practice, or opens one, and leaves no entry: it shows renditions and words only, or it
#: keeps what is no record.
READS = {
    # The certificate without its key is no secret; a file that it signed is an entry.
    *("signing.export_certificate", "signing.practice_certificate", "signing.practice_identity"),
    *("auditing.audit", "auditing.audits", "auditing.drills", "auditing.request", "auditing.under_audit"),
    *("audit_desk.audit_desk", "auditing.running_request"),
    # Says what the services did that call it.
    "collect.added",
    *("custody.custody", "submitting.prepare"),
    "verifying.check_package",
    *("backups.backup_due", "backups.backup_plan", "backups.backup_state", "backups.list_backups"),
    *("backups.place_warning", "binding.content", "carry_over.proposal", "checking.check_due", "checking.check_state"),
    *("choose.activity_in", "choosing.details", "choosing.earlier_year", "choosing.earlier_years", "choosing.glance"),
    *("choosing.statements", "choosing.suggestions", "choosing.warnings_before", "closing.closing_advice"),
    *("closing.rules_hash", "closing.year_state", "collect.check_option", "collect.marks_of"),
    # Renditions: what the marks cover is covered. They are drawn with every list, so that entries would say nothing.
    *("collect.rendition", "collect.thumbnail", "previewing.preview"),
    # Half-typed text beside the records; it becomes an entry with the record that it is stored in.
    *("drafts.keep", "drafts.settle", "drafts.unfinished"),
    # Marks only, never a picture.
    *("earlier_marks.earlier_marks", "marks_look.marks_look"),
    # Words that follow from a picture and its marks, like a thumbnail: no record, made anew at any time.
    *("evidence_text.keep", "evidence_text.read", "evidence_text.suggested_date", "evidence_text.suggested_dates"),
    *("evidence_text.unread", "evidence_text.words_of"),
    # The program reads the picture to propose redactions; the person sees it in the annotator, which is an entry.
    *("identifying.find", "identifying.text_of"),
    *("finding.find", "handover.conflicts", "handover.default_name", "handover.desktops", "handover.look_into"),
    *("journaling.entries", "journaling.people_named", "journaling.verify_chain", "official.lists", "official.text_of"),
    *("official.why_no_text", "overview.effect_of_adding", "overview.last_reported", "overview.load_year"),
    "overview.score_facts",
    *("overview.retention_years", "pending.waiting", "people.people", "people.recovery_state", "people.rekey_due"),
    *("previewing.exports", "retention.confirmation_texts", "retention.destroyable", "retention.destroyed"),
    *("retention.retention", "setup.check_profile", "verifying.check_binder"),
    # Gives a session to a vault that one of the commands has opened.
    "session.opened",
    # Asked before anything is opened, or of files, without the key of a person who could be named.
    *("key_store.opens_here", "people.people_at_door", "session.name_at_door", "verifying.check_vault"),
}


def services() -> Iterator[tuple[str, Callable[..., object]]]:
    """Give every public function of the services that takes or gives an open practice, or takes the folder of one."""
    for found in pkgutil.iter_modules(mips_desk.services.__path__):
        module = importlib.import_module(f"mips_desk.services.{found.name}")
        for name, function in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != module.__name__:
                continue
            hints = typing.get_type_hints(inspect.unwrap(function))
            parameters = inspect.signature(function).parameters
            types = [each for hint in hints.values() for each in (hint, *typing.get_args(hint))]
            if Session in types or Vault in types or "passphrase" in parameters or "person_id" in parameters:
                yield f"{found.name}.{name}", function


def test_every_service_is_in_the_table() -> None:
    known = {name for name, _ in services()}
    # A function without a session that the table names all the same.
    assert known - set(COMMANDS) - READS - NO_VAULT == set(), "say in COMMANDS what it writes, or in READS why nothing"
    assert (set(COMMANDS) | READS) - known - {"pending.noting_failures", "people.people_at_door"} == set()
    assert not set(COMMANDS) & READS


#: Take a passphrase or an identifier and touch no vault that is open.
NO_VAULT = {"packaging.refuse_weak", "signing.identity_from_file", "verifying.check_backup"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Small:
    made = small_practice(tmp_path_factory.mktemp("template"))
    made.session.close()
    return made


@pytest.fixture
def world(template: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(pending, "data_folder", lambda: tmp_path / "data")
    for module in (session, people):
        monkeypatch.setattr(module, "KEY_COST", CHEAP)
    for cost in ("memory_kib", "passes", "lanes"):
        assert getattr(CHEAP, cost) <= getattr(KeyCost(), cost)
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    folder = tmp_path / "Small.mipsvault"
    shutil.copytree(template.session.vault.folder, folder)
    vault = Vault.open(folder, PASSPHRASE, now=template.clock)
    small = Small(**vars(template) | {"session": Session(vault, template.session.catalog, template.clock)})
    yield World(small, tmp_path)
    small.session.close()
    keyring.set_keyring(before)


def events_after(w: World, seq: int) -> list[Event]:
    return [entry.event for entry in w.s.vault.journal(after=seq)]


def length(w: World) -> int:
    return w.s.vault.journal_tail(1)[0].seq


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_writes_what_the_table_says(name: str, world: World) -> None:
    expected, run = COMMANDS[name]
    new_vault = name == "session.create_practice"
    before = 0 if new_vault else length(world)
    result = run(world)
    assert events_after(world, before) == expected
    # What can be taken back is an entry each time.
    if isinstance(result, Changes) and result.undo:
        for _ in range(2):
            before = length(world)
            again = result.undo()  # type: ignore[misc]  # asked in the line above, and below
            assert len(events_after(world, before)) == 1
            if again.undo is None:
                break
            result = again


def test_reading_leaves_no_entry(world: World) -> None:
    s, item = world.s, world.s.vault.evidence_item(world.small.item)
    before = length(world)
    collect.thumbnail(s, item, (32, 32))
    collect.rendition(s, item)
    binding.content(s, 2026)
    journaling.verify_chain(s)
    assert length(world) == before


#: Written by an opening or by what another program did, and tested where that is made: file and what it asserts.
ELSEWHERE = {
    E.VAULT_UPDATED: "tests/unit/store",
    E.KEYS_STRENGTHENED: "tests/unit/store",
    E.KEYS_CHANGED_OUTSIDE: "tests/unit/store",
    E.NOTES_UNREADABLE: "tests/unit/store",
}

UNDOING = {E.ACTIVITY_RESTORED, E.USES_RESTORED, E.EVIDENCE_RESTORED}


def test_every_event_is_used() -> None:
    root = Path(__file__).resolve().parents[2]
    used = {event for events, _ in COMMANDS.values() for event in events}
    for event, place in ELSEWHERE.items():
        tests = "".join(path.read_text(encoding="utf-8") for path in (root / place).glob("test_*.py"))
        assert f"Event.{event.name}" in tests, event
    assert used | set(ELSEWHERE) | UNDOING == set(Event) - {E.UNKNOWN}


#: Events that change what a binder shows; every other one is in NOT_CONTENT on purpose.
CONTENT = {
    E.VAULT_CREATED,
    E.PRACTICE_CHANGED,
    E.CLINICIANS_CHANGED,
    E.PROFILE_CHANGED,
    E.ACTIVITY_ADDED,
    E.ACTIVITY_REMOVED,
    E.ACTIVITY_RESTORED,
    E.ATTESTATION_RECORDED,
    E.SELECTION_CHANGED,
    E.EVIDENCE_ADDED,
    E.EVIDENCE_CHANGED,
    E.EVIDENCE_REMOVED,
    E.EVIDENCE_RESTORED,
    E.MARKS_CHANGED,
    E.LOOKED_AT,
    E.USES_ADDED,
    E.USES_REMOVED,
    E.USES_RESTORED,
    E.OFFICIAL_LOADED,
    E.YEAR_CLOSED,
    E.YEAR_REOPENED,
    E.ORIGINALS_DESTROYED,
    E.HANDOVER_READ,
    E.CONFLICT_SETTLED,
    E.UNKNOWN,
}


def test_every_event_is_content_or_not_on_purpose() -> None:
    assert len(NOT_CONTENT) == len(set(NOT_CONTENT))
    assert not CONTENT & set(NOT_CONTENT)
    assert CONTENT | set(NOT_CONTENT) == set(Event)
    assert set(NOT_CONTENT) >= READER_MAY
    assert not READER_MAY & MANAGER_ONLY
    assert all(event.in_words for event in Event)


# The command line.


def _picture(w: World) -> Path:
    path = w.folder / "picture.png"
    path.write_bytes(png("blue"))
    return path


def _marks(w: World) -> Path:
    path = w.folder / "marks.json"
    path.write_text(json.dumps({"version": 1, "marks": []}), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Line:
    """A run of a command.

    Attributes:
        words: its words; the vault is `w.s.vault.folder`.
        events: what it writes, its login included.
        before: done in the practice first.
        at: the vault it writes to.
        behind: entries that the practice has and that vault has not.
    """

    words: Callable[[World], list[object]]
    events: list[Event]
    before: Callable[[World], object] = lambda w: None
    at: Callable[[World], Path] = lambda w: w.s.vault.folder
    behind: int = 0


VAULT = "VAULT"

#: Every command with each of its ways to touch a vault.
LINES: dict[str, list[Line]] = {
    "annotate": [
        Line(lambda w: ["annotate", VAULT, w.small.item, "--marks", _marks(w)], [E.LOGIN, E.MARKS_CHANGED]),
        Line(lambda w: ["annotate", VAULT, w.small.item, "--no-identifiers"], [E.LOGIN, E.EVIDENCE_CHANGED]),
        Line(
            lambda w: ["annotate", VAULT, w.small.item, "--marks", _marks(w), "--looked-at"],
            [E.LOGIN, E.MARKS_CHANGED, E.LOOKED_AT],
        ),
        Line(lambda w: ["annotate", VAULT, w.small.item, "--show"], [E.LOGIN]),
    ],
    "catalog load": [Line(lambda w: ["catalog", "load", w.cms_file(), "--vault", VAULT], [E.LOGIN, E.OFFICIAL_LOADED])],
    "close": [Line(lambda w: ["close", VAULT, "--year", 2026], [E.LOGIN, E.YEAR_CLOSED])],
    "handover read": [
        Line(
            lambda w: ["handover", "read", VAULT, w.file],
            [E.LOGIN, E.HANDOVER_READ],
            lambda w: _handed_over(w, lambda s, path: None),
        ),
        Line(
            lambda w: ["handover", "read", VAULT, w.file, "--look"],
            [E.LOGIN],
            lambda w: _handed_over(w, lambda s, path: None),
        ),
    ],
    "handover settle": [
        Line(
            lambda w: ["handover", "settle", VAULT, handover.conflicts(w.s)[0].id, "--side", 1],
            [E.LOGIN, E.CONFLICT_SETTLED],
            lambda w: _handed_over(w, handover.read_file),
        )
    ],
    "handover write": [Line(lambda w: ["handover", "write", VAULT, "--out", w.file], [E.LOGIN, E.HANDOVER_WRITTEN])],
    "import": [
        Line(
            lambda w: ["import", VAULT, "--year", 2026, "--activity", "IA_BE_4", _picture(w)],
            [E.LOGIN, E.EVIDENCE_ADDED],
        ),
        Line(
            lambda w: ["import", VAULT, "--year", 2026, "--paper", "special_status", _picture(w)],
            [E.LOGIN, E.EVIDENCE_ADDED],
        ),
    ],
    "journal": [
        Line(lambda w: ["journal", VAULT], [E.LOGIN]),
        Line(lambda w: ["journal", VAULT, "--json"], [E.LOGIN]),
        Line(lambda w: ["journal", VAULT, "--csv", w.file], [E.LOGIN, E.JOURNAL_EXPORTED]),
        Line(lambda w: ["journal", VAULT, "--pdf", w.file], [E.LOGIN, E.JOURNAL_EXPORTED]),
    ],
    "reopen": [
        Line(
            lambda w: ["reopen", VAULT, "--year", 2026, "--reason", "why"],
            [E.LOGIN, E.YEAR_REOPENED],
            lambda w: closing.close_year(w.s, 2026),
        )
    ],
    "attest": [
        Line(
            lambda w: [
                *("attest", VAULT, "--year", 2026, "--activity", "IA_BE_4", "--on", "2026-01-02"),
                *("--by", "Ana Ruiz", "--through", "QPP"),
            ],
            [E.LOGIN, E.ATTESTATION_RECORDED],
        )
    ],
    "backup": [Line(lambda w: ["backup", VAULT, "--out", w.folder], [E.LOGIN, E.BACKUP_MADE])],
    "restore": [
        Line(
            lambda w: ["restore", w.backup(), "--to", w.place()],
            [E.VAULT_RESTORED],
            at=lambda w: w.folder / "elsewhere" / "Small.mipsvault",
            behind=1,  # that the backup was made
        )
    ],
    "package": [
        Line(
            lambda w: ["package", VAULT, "--year", 2026, "--out", w.file],
            [E.LOGIN, E.CERTIFICATE_MADE, E.PACKAGE_WRITTEN, E.BINDER_EXPORTED],
        ),
        Line(
            lambda w: ["package", VAULT, "--year", 2026, "--out", w.file, "--full", "--reason", "why"],
            [E.LOGIN, E.CERTIFICATE_MADE, E.PACKAGE_WRITTEN, E.BINDER_EXPORTED],
        ),
        Line(
            lambda w: ["package", VAULT, "--year", 2026, "--out", w.file, "--request", 1],
            [E.LOGIN, E.CERTIFICATE_MADE, E.PACKAGE_WRITTEN, E.BINDER_EXPORTED],
            _request,
        ),
    ],
    "submission": [
        Line(
            lambda w: ["submission", VAULT, "--year", 2026, "--activity", "IA_BE_4", "--out", w.file],
            [E.LOGIN, E.SUBMISSION_WRITTEN],
        )
    ],
    "certificate": [
        Line(lambda w: ["certificate", VAULT, "--make"], [E.LOGIN, E.CERTIFICATE_MADE]),
        Line(lambda w: ["certificate", VAULT, "--out", w.file], [E.LOGIN], _certified),
    ],
    "report": [
        Line(lambda w: ["report", VAULT, "--year", 2026, "--out", w.file], [E.LOGIN, E.BINDER_EXPORTED]),
        Line(
            lambda w: ["report", VAULT, "--year", 2026, "--out", w.file, "--sign-practice"],
            [E.LOGIN, E.BINDER_EXPORTED],
            _certified,
        ),
        Line(
            lambda w: ["report", VAULT, "--year", 2026, "--out", w.file, "--request", 1],
            [E.LOGIN, E.BINDER_EXPORTED],
            _request,
        ),
    ],
}

#: Commands that touch no vault, or only read one as a check does: that needs no session and leaves no trace.
WITHOUT_VAULT = {"catalog changes", "catalog compare", "catalog list", "identifiers", "sample", "score", "version"}
CHECKS = {"verify"}


def _command_names(group: typing.Any, before: str = "") -> set[str]:
    found = set()
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        found |= _command_names(command, f"{before}{name} ") if inner else {before + name}
    return found


def test_every_command_is_in_the_table() -> None:
    known = _command_names(typer.main.get_command(cli.app))
    assert known == set(LINES) | WITHOUT_VAULT | CHECKS


@pytest.mark.parametrize(
    ("name", "line"),
    [(name, line) for name, lines in LINES.items() for line in lines],
    ids=lambda value: str(value)[:12],
)
def test_a_line_writes_what_the_table_says(
    name: str, line: Line, world: World, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line.before(world)
    words = line.words(world)
    before = length(world) - line.behind
    assert " ".join(map(str, words)).startswith(name)
    # Reading a hand-over file is exit 1 where two desktops differ.
    assert _run(world, words, monkeypatch) == (name == "handover read"), capfd.readouterr().err
    world.small.session = session.open_practice(line.at(world), PASSPHRASE)
    # What was noted to read only is taken over after the opening that is counted off here.
    found = Counter(events_after(world, before))
    assert found - Counter([E.LOGIN]) == Counter(line.events)


def test_checks_leave_no_trace(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    binder = world.folder / "binder.pdf"
    binding.write(world.s, binding.content(world.s, 2026), binder)
    before = length(world)
    assert _run(world, ["verify", VAULT], monkeypatch) == 0
    assert _run(world, ["verify", binder], monkeypatch) == 0
    world.small.session = session.open_practice(world.s.vault.folder, PASSPHRASE)
    assert events_after(world, before) == [E.LOGIN]
    # With the record of exports it is an opening, to read only.
    assert _run(world, ["verify", binder, "--vault", VAULT], monkeypatch) == 0
    world.small.session = session.open_practice(world.s.vault.folder, PASSPHRASE)
    assert events_after(world, before) == [E.LOGIN, E.LOGIN, E.LOGIN]


def test_a_wrong_passphrase_on_the_command_line_is_noted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = length(world)
    assert _run(world, ["journal", VAULT], monkeypatch, "wrong") == 2
    world.small.session = session.open_practice(world.s.vault.folder, PASSPHRASE)
    assert events_after(world, before) == [E.LOGIN, E.LOGIN_FAILED]


def _run(w: World, words: list[object], monkeypatch: pytest.MonkeyPatch, passphrase: str = PASSPHRASE) -> int:
    w.s.close()
    secret = w.folder / "passphrase.txt"
    secret.write_text(passphrase + "\n", encoding="utf-8")
    given = [str(w.s.vault.folder if word is VAULT else word) for word in words]
    if VAULT in words or words[0] == "verify":
        given += ["--passphrase-file", str(secret)]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b""), encoding="utf-8"))
    return cli.run(given)
