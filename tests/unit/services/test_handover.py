"""Handing over through the services: words for people, closed years, the binder, and a real restored backup."""

import dataclasses
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mips_desk.annotate.marks import Redaction
from mips_desk.domain.attested import DifferenceKind
from mips_desk.domain.audit import RequestState
from mips_desk.domain.evidence import Source
from mips_desk.domain.papers import PaperKind
from mips_desk.domain.period import Period
from mips_desk.domain.practice import Track
from mips_desk.errors import BadInputError
from mips_desk.sample.practice import SAMPLE_PASSPHRASE, make_sample
from mips_desk.services import (
    attesting,
    auditing,
    backups,
    binding,
    choose,
    closing,
    collect,
    exhibits,
    handover,
    papers,
    setup,
    uses,
)
from mips_desk.services.changes import Changed
from mips_desk.services.overview import load_year
from mips_desk.services.session import Session, open_practice
from mips_desk.store import YearClosedError
from tests.unit.services.closing_sample import png

YEAR = 2026


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sample practice, and a second desktop restored from its backup; both closed, never changed."""
    folder = tmp_path_factory.mktemp("desks")
    made = make_sample(folder).vault_folder
    for place in ("backups", "second"):
        (folder / place).mkdir()
    first = open_practice(made, SAMPLE_PASSPHRASE)
    backup = backups.make_backup(first, folder / "backups")
    first.close()
    return made, backups.restore(backup.path, folder / "second", SAMPLE_PASSPHRASE)


@pytest.fixture
def desks(folders: tuple[Path, Path], tmp_path: Path) -> Iterator[tuple[Session, Session]]:
    """Both desktops, open."""
    for number, folder in enumerate(folders):
        shutil.copytree(folder, tmp_path / f"{number}.mipsvault")
    first, second = (open_practice(tmp_path / f"{number}.mipsvault", SAMPLE_PASSPHRASE) for number in range(2))
    yield first, second
    first.close()
    second.close()


def hand_over(source: Session, target: Session, folder: Path) -> handover.TakenIn:
    path = folder / f"x{handover.SUFFIX}"
    handover.write_file(source, path)
    return handover.read_file(target, path)


def test_a_restored_backup_is_a_desktop_of_its_own(desks: tuple[Session, Session], tmp_path: Path) -> None:
    first, second = desks
    (here, other) = handover.desktops(second)
    assert (here.here, other.here, other.id, other.letter) == (True, False, "", "")
    assert len(here.letter) == 1
    assert len(handover.desktops(first)) == 1
    assert handover.default_name(second).endswith(handover.SUFFIX)
    done = hand_over(second, first, tmp_path)
    assert (done.changes, done.conflicts, done.notes, done.result.undo) == (0, 0, (), None)
    assert [each.letter for each in handover.desktops(first)] == ["", here.letter]
    assert handover.desktops(first)[1].read_at is not None


def test_differences_in_words(desks: tuple[Session, Session], tmp_path: Path) -> None:
    first, second = desks
    item = first.vault.evidence(YEAR)[0]
    selection = first.vault.selection(item.selection_id)
    for session, word in ((first, "here"), (second, "there")):
        collect.describe(session, item.id, caption=word, shows_date=date(YEAR, 1, len(word)))
        choose.set_story(session, selection.id, word)
    choose.set_attested(first, selection.id, date(YEAR, 12, 1))
    choose.set_attested(second, selection.id, date(YEAR, 12, 2))
    preview_file = tmp_path / f"look{handover.SUFFIX}"
    handover.write_file(second, preview_file)
    preview = handover.look_into(first, preview_file)
    assert (preview.changes, preview.pictures, preview.conflicts, preview.nothing_new) == (3, 0, 3, False)
    done = handover.read_file(first, preview_file)
    assert (done.conflicts, Changed.CONFLICTS in done.result.kinds) == (3, True)
    found = {each.subject: each for each in handover.conflicts(first)}
    number = f"{YEAR}-{selection.activity_id}-{item.number:02d}"
    caption = found[f"Caption of exhibit {number}"]
    assert [side.says for side in caption.sides] == ["there", "here"]
    assert [side.counts for side in caption.sides] == [True, False]
    assert (caption.evidence_id, caption.selection_id, caption.year) == (item.id, selection.id, YEAR)
    assert f"Date shown of exhibit {number}" in found
    # Both records of what was attested stay until somebody corrects them.
    view = load_year(first, YEAR, date(YEAR, 12, 31))
    assert [record.on.day for record in attesting.attested(view).in_force] == [1, 2]
    assert DifferenceKind.TWICE in {each.kind for each in attesting.attested(view).differences}
    with pytest.raises(BadInputError):
        handover.settle(first, caption.id, 2)
    handover.settle(first, caption.id, 1)
    hand_over(first, second, tmp_path)
    assert second.vault.evidence_item(item.id).caption == "here"
    assert len(handover.conflicts(second)) == len(handover.conflicts(first)) == 2


def test_every_kind_of_difference_has_words(desks: tuple[Session, Session], tmp_path: Path) -> None:
    first, second = desks
    profile = first.vault.profile(YEAR)
    assert profile is not None
    clinician, use = first.vault.clinicians()[0], first.vault.uses(YEAR)[0]
    item = first.vault.evidence(YEAR)[1]
    selection = first.vault.selection(use.selection_id)
    for number, session in enumerate((first, second)):
        setup.set_profile(
            session, dataclasses.replace(profile, track=Track.MVP, mvp_id=f"M{number}", npis_total=13 + number)
        )
        setup.put_clinicians(session, (dataclasses.replace(clinician, name=f"Dr. {number}"),))
        setup.set_practice(session, dataclasses.replace(session.vault.practice(), address=f"{number} Main St"))
        choose.set_period(session, selection.id, Period(date(YEAR, 1, 1 + number), date(YEAR, 4, 1)))
        collect.describe(session, item.id, clinician_ids=(clinician.id,) if number else ())
        collect.set_marks(session, item.id, [Redaction(x=1, y=1, width=5 + number, height=5)] if number else [])
    collect.remove(first, [item.id], "wrong patient")
    uses.remove(first, [use.id])
    hand_over(second, first, tmp_path)
    found = handover.conflicts(first)
    assert {each.subject.rsplit(" of ", 1)[0] for each in found} >= {
        "Way of reporting",
        "Number of clinicians",
        "Name",
        "Address",
        "Performance period",
        "Marks",
        "Removal",
    }
    for each in found:
        assert len({side.says for side in each.sides}) == len(each.sides), each
        assert all(side.person and side.desktop for side in each.sides)
    removal = next(each for each in found if each.subject.startswith("Removal"))
    assert [side.says for side in removal.sides] == ["Kept and worked on", "Removed: wrong patient"]


def test_an_audit_is_handed_over(desks: tuple[Session, Session], tmp_path: Path) -> None:
    first, second = desks
    today = first.now().date()
    audit = auditing.start(first, letter_on=today, sender="Guidehouse", years=[YEAR]).id
    asked = auditing.add_request(first, audit, text="All of it", year=YEAR).id
    paper = papers.add(first, YEAR, [collect.Incoming(png(), Source.IMPORT)], kind=PaperKind.OTHER).changes.id
    drill = auditing.start_drill(first, YEAR, 1)
    hand_over(first, second, tmp_path)
    assert [each.id for each in second.vault.papers(YEAR)] == [paper]
    assert auditing.drills(second) == (drill,)
    assert auditing.under_audit(second, YEAR) == auditing.audit(first, audit).audit
    # Apart from each other: the first sends and closes it, the second changes it and adds a request.
    auditing.sent(first, asked, file_name="answer.pdf", how="Portal", on=today)
    auditing.close(first, audit, "Nothing found")
    auditing.set_state(second, asked, RequestState.WITHDRAWN)
    auditing.change(second, audit, days=60)
    late = auditing.add_request(second, audit, text="One more", year=YEAR).id
    papers.add(second, YEAR, [collect.Incoming(png("red"), Source.IMPORT)], kind=PaperKind.OTHER)
    hand_over(second, first, tmp_path)
    hand_over(first, second, tmp_path)
    assert auditing.audits(first) == auditing.audits(second)
    view = auditing.audit(first, audit)
    assert (view.audit.outcome, view.audit.days) == ("Nothing found", 60)
    assert [each.request.number for each in view.requests] == [1, 2]
    assert view.requests[1].id == late
    assert "closed" in view.requests[1].warning
    assert [each.file_name for each in view.requests[0].sent] == ["answer.pdf"]
    (state,) = (
        each for each in handover.conflicts(first) if each.subject.startswith("State of request 1 of the audit")
    )
    assert {side.says for side in state.sides} == {"Sent", "Withdrawn"}
    numbers = [each.number for each in load_papers(first)]
    letter = handover.desktops(second)[0].letter
    assert numbers == [f"{YEAR}-PAPERS-01", f"{YEAR}-PAPERS-02{letter}"]
    assert [each.number for each in load_papers(second)] == numbers
    assert first.vault.check() == second.vault.check() == []


def load_papers(session: Session) -> tuple[papers.PaperView, ...]:
    return papers.papers(load_year(session, YEAR, date(YEAR, 12, 31))).papers


def test_an_attestation_waits_for_its_closed_year(desks: tuple[Session, Session], tmp_path: Path) -> None:
    first, second = desks
    closing.close_year(first, YEAR)
    choose.set_attested(second, second.vault.selections(YEAR)[0].id, second.now().date())
    hand_over(second, first, tmp_path)
    assert attested_of(first) == 0
    assert first.vault.check() == []
    closing.reopen_year(first, YEAR, "An attestation came")
    assert attested_of(first) == attested_of(second) == 1
    assert first.vault.check() == []


def attested_of(session: Session) -> int:
    return len(load_year(session, YEAR, date(YEAR, 12, 31)).attestations)


def test_a_picture_marked_differently_is_withheld(desks: tuple[Session, Session], tmp_path: Path) -> None:
    first, second = desks
    sheet = next(each for each in binding.content(first, YEAR).exhibits if not each.withheld)
    for number, session in enumerate(desks):
        collect.set_marks(session, sheet.item.id, [Redaction(x=1, y=1, width=9 + number, height=9)])
    hand_over(second, first, tmp_path)
    reasons = {each.item.id: each.withheld for each in binding.content(first, YEAR).exhibits}
    assert reasons[sheet.item.id] == exhibits.MARKS_DIFFER
    conflict = next(each for each in handover.conflicts(first) if each.evidence_id == sheet.item.id)
    handover.settle(first, conflict.id, 0)
    reasons = {each.item.id: each.withheld for each in binding.content(first, YEAR).exhibits}
    assert reasons[sheet.item.id] == ""


def test_a_closed_year_says_what_waits_and_takes_it_in_when_reopened(
    desks: tuple[Session, Session], tmp_path: Path
) -> None:
    first, second = desks
    closing.close_year(first, YEAR)
    item = second.vault.evidence(YEAR)[0]
    collect.describe(second, item.id, caption="there")
    done = hand_over(second, first, tmp_path)
    assert done.notes == (f"{YEAR} is closed here; reopen it to take in 1 change.",)
    with pytest.raises(YearClosedError):
        collect.describe(first, item.id, caption="here")
    closing.reopen_year(first, YEAR, "changes of the other desktop")
    assert first.vault.evidence_item(item.id).caption == "there"


def test_places_that_hold_no_file_are_refused(desks: tuple[Session, Session], tmp_path: Path) -> None:
    first, _ = desks
    for place in (tmp_path, first.vault.folder / "x.mipshandover"):
        with pytest.raises(BadInputError):
            handover.write_file(first, place)
    assert not list(first.vault.folder.glob("*.mipshandover*"))
