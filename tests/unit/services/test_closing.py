"""A closed year is shown, printed and checked as before, and changed by no command."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

import mips_desk.services
from mips_desk.annotate.marks import Redaction
from mips_desk.domain.evidence import Source, UseEntry
from mips_desk.domain.official import OfficialActivity, OfficialList
from mips_desk.domain.period import Period
from mips_desk.domain.practice import Clinician, Person, Practice, Role, YearProfile
from mips_desk.services import (
    attesting,
    binding,
    carry_over,
    choose,
    closing,
    collect,
    official,
    overview,
    papers,
    previewing,
    setup,
    uses,
    verifying,
)
from mips_desk.services.changes import Changes
from mips_desk.store import Event, NotAllowedError, YearClosedError
from mips_desk.store.journal import NOT_CONTENT

from .closing_sample import ACTIVITY, OTHER, Small, content_of, png, small_practice

#: May be reported once every four years.
LIMITED = "IA_PSPA_4"
DAY = date(2027, 2, 1)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    made = small_practice(tmp_path)
    yield made
    made.session.close()


Command = Callable[[Small], object]
REFUSED: dict[str, tuple[Event, Command]] = {
    "set_profile": (Event.PROFILE_CHANGED, lambda s: setup.set_profile(s.session, YearProfile(2026, npis_total=9))),
    "new_year": (Event.PROFILE_CHANGED, lambda s: setup.new_year(s.session, 2026)),
    "add": (Event.ACTIVITY_ADDED, lambda s: choose.add(s.session, 2026, "IA_CC_7")),
    "add_all": (Event.ACTIVITY_ADDED, lambda s: choose.add_all(s.session, 2026, ["IA_CC_7", "IA_CC_8"])),
    "carry_over": (Event.ACTIVITY_ADDED, lambda s: carry_over.carry_over(s.session, 2026, ["IA_CC_7"])),
    "remove": (Event.ACTIVITY_REMOVED, lambda s: choose.remove(s.session, s.selection)),
    "set_period": (
        Event.SELECTION_CHANGED,
        lambda s: choose.set_period(s.session, s.selection, Period(date(2026, 4, 1), date(2026, 8, 1))),
    ),
    "set_story": (Event.SELECTION_CHANGED, lambda s: choose.set_story(s.session, s.selection, "new")),
    "set_private_note": (Event.SELECTION_CHANGED, lambda s: choose.set_private_note(s.session, s.selection, "new")),
    "set_attested": (Event.ATTESTATION_RECORDED, lambda s: choose.set_attested(s.session, s.selection, None)),
    "record": (
        Event.ATTESTATION_RECORDED,
        lambda s: attesting.record(s.session, 2026, [ACTIVITY], date(2027, 1, 25), by="Ana Ruiz", through="QPP"),
    ),
    "add papers": (
        Event.EVIDENCE_ADDED,
        lambda s: papers.add(s.session, 2026, [collect.Incoming(png("blue"), Source.PASTE)]),
    ),
    "claim_best_window": (Event.SELECTION_CHANGED, lambda s: uses.claim_best_window(s.session, s.selection)),
    "add_pictures": (
        Event.EVIDENCE_ADDED,
        lambda s: collect.add_pictures(s.session, s.selection, [collect.Incoming(png("blue"), Source.PASTE)]),
    ),
    "describe": (Event.EVIDENCE_CHANGED, lambda s: collect.describe(s.session, s.item, caption="new")),
    "remove evidence": (Event.EVIDENCE_REMOVED, lambda s: collect.remove(s.session, (s.item,), "why")),
    "look_at": (Event.LOOKED_AT, lambda s: collect.look_at(s.session, s.item, looked=False)),
    "set_marks": (
        Event.MARKS_CHANGED,
        lambda s: collect.set_marks(s.session, s.item, [Redaction(x=1, y=1, width=9, height=9)]),
    ),
    "log": (Event.USES_ADDED, lambda s: uses.log(s.session, s.selection, [date(2026, 6, 1)])),
    "log_entries": (
        Event.USES_ADDED,
        lambda s: uses.log_entries(s.session, s.selection, [UseEntry("", "", date(2026, 6, 1))]),
    ),
    "remove uses": (Event.USES_REMOVED, lambda s: uses.remove(s.session, (s.use,))),
}
#: Commands whose undo was there before the year was closed.
UNDONE: dict[str, tuple[Event, Callable[[Small], Changes]]] = {
    "add": (Event.ACTIVITY_REMOVED, lambda s: choose.add(s.session, 2026, "IA_CC_7")),
    "remove": (Event.ACTIVITY_RESTORED, lambda s: choose.remove(s.session, s.selection)),
    "set_story": (Event.SELECTION_CHANGED, lambda s: choose.set_story(s.session, s.selection, "new")),
    "remove evidence": (Event.EVIDENCE_RESTORED, lambda s: collect.remove(s.session, (s.item,), "why")),
    "remove uses": (Event.USES_RESTORED, lambda s: uses.remove(s.session, (s.use,))),
    "set_profile": (
        Event.PROFILE_CHANGED,
        lambda s: setup.set_profile(s.session, YearProfile(2026, npis_total=9)),
    ),
}
#: What is of no year; reading a hand-over and settling a difference have their own tests.
OF_NO_YEAR = {
    Event.PRACTICE_CHANGED,
    Event.CLINICIANS_CHANGED,
    Event.OFFICIAL_LOADED,
    Event.BINDER_EXPORTED,
    Event.YEAR_CLOSED,
    Event.YEAR_REOPENED,
    Event.ORIGINALS_DESTROYED,
    Event.HANDOVER_READ,
    Event.CONFLICT_SETTLED,
}


def test_every_content_command_is_judged() -> None:
    """An event of the services is refused in a closed year below, or is of no year, or changes nothing in a binder."""
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(mips_desk.services.__path__[0]).glob("*.py"))
    written = {Event[name] for name in re.findall(r"write\(Event\.(\w+)", sources)}
    judged = {event for event, _ in [*REFUSED.values(), *UNDONE.values()]}
    assert written - judged - OF_NO_YEAR - set(NOT_CONTENT) == set()
    assert judged <= {event for event in Event if event not in NOT_CONTENT}


@pytest.mark.parametrize("name", REFUSED)
def test_commands_are_refused_in_a_closed_year(small: Small, name: str) -> None:
    closing.close_year(small.session, 2026)
    before = content_of(small.session)
    with pytest.raises(YearClosedError, match="2026 is closed"):
        REFUSED[name][1](small)
    assert content_of(small.session) == before
    closing.reopen_year(small.session, 2026, "Try again")
    REFUSED[name][1](small)


@pytest.mark.parametrize("name", UNDONE)
def test_what_was_done_before_is_not_undone_in_a_closed_year(small: Small, name: str) -> None:
    changes = UNDONE[name][1](small)
    closing.close_year(small.session, 2026)
    before = content_of(small.session)
    assert changes.undo is not None
    with pytest.raises(YearClosedError):
        changes.undo()
    assert content_of(small.session) == before


def test_the_other_year_goes_on(small: Small) -> None:
    closing.close_year(small.session, 2026)
    selection = choose.add(small.session, 2027, ACTIVITY).id
    uses.log(small.session, selection, [date(2027, 1, 5)])
    choose.remove(small.session, selection)
    assert small.session.vault.check() == []


def test_the_state_of_a_year(small: Small) -> None:
    session = small.session
    assert closing.year_state(session, 2026).sentence == "2026 is open."
    changes = closing.close_year(session, 2026)
    assert changes.undo is None
    state = closing.year_state(session, 2026)
    assert state.closed
    assert state.sentence == "2026 was closed on February 1, 2027 by Ana Ruiz and cannot be changed."
    assert re.fullmatch("[0-9a-f]{64}", state.fingerprint)
    assert (state.rules_changed, state.earlier) == (False, ())
    closing.reopen_year(session, 2026, "A date was wrong.")
    again = closing.year_state(session, 2026)
    assert not again.closed
    assert again.sentence == "2026 is open. It was reopened on February 1, 2027 by Ana Ruiz: A date was wrong."
    assert [each.fingerprint for each in again.earlier] == [state.fingerprint]
    events = [entry.event for entry in session.vault.journal_tail(2)]
    assert events == [Event.YEAR_CLOSED, Event.YEAR_REOPENED]


@pytest.mark.parametrize("role", [Role.HELPER, Role.READER])
def test_only_a_manager_closes_and_reopens(small: Small, role: Role) -> None:
    manager = small.session.vault.person
    small.session.vault.person = Person(manager.id, manager.name, role)
    with pytest.raises(NotAllowedError):
        closing.close_year(small.session, 2026)
    small.session.vault.person = manager
    closing.close_year(small.session, 2026)
    small.session.vault.person = Person(manager.id, manager.name, role)
    with pytest.raises(NotAllowedError):
        closing.reopen_year(small.session, 2026, "why")


def test_a_view_of_a_closed_year(small: Small) -> None:
    open_view = overview.load_year(small.session, 2026, DAY)
    assert open_view.closed is None
    closing.close_year(small.session, 2026)
    view = overview.load_year(small.session, 2026, DAY)
    assert view.closed is not None
    assert view.closed.sentence == "Closed on February 1, 2027 by Ana Ruiz"
    assert view.tasks == ()
    assert dataclasses.replace(view, closed=None, tasks=open_view.tasks) == open_view
    assert view.retention.kept_until == date(2032, 12, 31)


def _shown(session: object) -> list[object]:
    made = binding.content(session, 2026)  # type: ignore[arg-type]  # a Session
    sheets = [(s.number, s.rendition_sha256, s.withheld, s.option_label) for s in made.exhibits]
    parts = [(p.selection, p.readiness, p.uses, p.official_text, p.official_source) for p in made.parts]
    return [made.practice, made.clinicians, made.profile, made.score, made.gauge, sheets, parts]


def test_an_old_year_prints_the_same_whatever_changes_elsewhere(small: Small) -> None:
    session = small.session
    with session.vault.write(Event.OFFICIAL_LOADED) as tx:
        tx.add_official(
            OfficialList(2026, (OfficialActivity(ACTIVITY, "T", "Old words.", None, "", 2017),), (), "ab" * 32, 4)
        )
    choose.add(session, 2026, LIMITED)
    before = _shown(session)
    closing.close_year(session, 2026)
    setup.set_practice(session, Practice("Renamed", "987654321", "2 Side St"))
    setup.put_clinicians(session, (Clinician(small.clinician, "Abena Lind", "1234567893", "DO"),))
    setup.put_clinicians(session, (Clinician("", "New Doctor"),))
    with session.vault.write(Event.OFFICIAL_LOADED) as tx:
        tx.add_official(
            OfficialList(2026, (OfficialActivity(ACTIVITY, "T", "New words.", None, "", 2017),), (), "cd" * 32, 4)
        )
    setup.set_profile(session, YearProfile(2024))
    choose.set_attested(session, choose.add(session, 2024, LIMITED).id, date(2025, 1, 5))
    assert _shown(session) == before
    assert session.vault.check() == []
    closing.reopen_year(session, 2026, "see")
    after = _shown(session)
    assert after != before
    assert after[0] == Practice("Renamed", "987654321", "2 Side St")
    assert after[3] != before[3], "it was attested two years before"


def test_texts_of_cms_of_a_closed_year(small: Small) -> None:
    """Also of those that the year borrows, and of the sentence why there is none."""
    session = small.session
    closing.close_year(session, 2026)
    with session.vault.write(Event.OFFICIAL_LOADED) as tx:
        tx.add_official(
            OfficialList(2026, (OfficialActivity(ACTIVITY, "T", "New words.", None, "", 2017),), (), "cd" * 32, 4)
        )
    assert official.text_of(session, 2026, ACTIVITY) is None
    assert official.why_no_text(session, 2026, OTHER) == ""
    closing.reopen_year(session, 2026, "see")
    found = official.text_of(session, 2026, ACTIVITY)
    assert found is not None
    assert found.text == "New words."


def test_a_closed_year_is_exported_previewed_and_checked(small: Small, tmp_path: Path) -> None:
    session = small.session
    closing.close_year(session, 2026)
    fingerprint = closing.year_state(session, 2026).fingerprint
    made, _ = binding.write(session, binding.content(session, 2026), tmp_path / "binder.pdf")
    assert made.exhibits == 1
    assert verifying.check_binder(tmp_path / "binder.pdf", session).sound
    cover = PdfDocument(tmp_path / "binder.pdf")[0].get_textpage().get_text_bounded()
    assert "Year closed on February 1, 2027 by Ana Ruiz, fingerprint" in cover
    assert fingerprint in cover
    assert previewing.preview(session, 2026).exhibits == 1
    assert session.vault.check() == []


def test_closing_asks_what_is_open(small: Small) -> None:
    session = small.session
    session_day = "The window to report 2026 to CMS is open until March 31, 2027."
    advice = closing.closing_advice(session, 2026)
    assert advice[0] == session_day
    choose.set_attested(session, small.selection, None)
    collect.describe(session, small.item, no_identifiers=False)
    choose.set_period(session, small.selection, None)
    found = closing.closing_advice(session, 2026)
    assert f"{ACTIVITY}: No day of attestation is recorded." in found
    assert any("Redact" in text for text in found)
    assert any("Set the performance period" in text for text in found), "dates of use without a period"
    assert all(text.endswith(".") for text in found)
    assert closing.closing_advice(session, 2027)[-1] == "No activity is chosen for 2027."
    closing.close_year(session, 2026)
    assert session.vault.check() == []


def test_other_rules_than_at_the_closing_are_told(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    session = small.session
    closing.close_year(session, 2026)
    assert not binding.content(session, 2026).closed.rules_changed  # type: ignore[union-attr]  # it is closed
    monkeypatch.setattr(closing, "rules_hash", lambda *_: "cd" * 32)
    assert closing.year_state(session, 2026).rules_changed
    assert binding.content(session, 2026).closed.rules_changed  # type: ignore[union-attr]  # it is closed
    assert session.vault.check() == []


def test_the_hash_of_the_rules_is_of_one_year(small: Small) -> None:
    hashes = {closing.rules_hash(small.session, year) for year in small.session.catalog.years}
    assert len(hashes) == len(small.session.catalog.years)
    assert closing.rules_hash(small.session, 2026) in hashes
