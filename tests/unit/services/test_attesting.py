"""The attested record and the practice papers of a year, through the services."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mips_desk.domain.attested import DifferenceKind
from mips_desk.domain.evidence import Source
from mips_desk.domain.papers import PAPERS, PaperKind
from mips_desk.domain.practice import SpecialStatus, YearProfile
from mips_desk.domain.readiness import Lack
from mips_desk.errors import BadInputError
from mips_desk.services import (
    attesting,
    binding,
    carry_over,
    choose,
    choosing,
    closing,
    collect,
    evidence_text,
    finding,
    journaling,
    papers,
    retention,
    setup,
    uses,
)
from mips_desk.services.overview import YearView, load_year
from mips_desk.services.session import Session
from mips_desk.store import NotInVaultError, YearClosedError
from tests.unit.services.closing_sample import ACTIVITY, Small, png, small_practice

TODAY = date(2027, 2, 1)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    made = small_practice(tmp_path)
    yield made
    made.session.close()


def view_of(session: Session, year: int = 2026) -> YearView:
    return load_year(session, year, TODAY)


def add(session: Session, kind: PaperKind | None = PaperKind.OTHER, color: str = "blue", **said: object) -> str:
    incoming = [collect.Incoming(png(color), Source.IMPORT, file_name="status.png")]
    return papers.add(session, 2026, incoming, kind=kind, **said).changes.id  # type: ignore[arg-type]  # test data


def test_a_record_with_its_receipt(small: Small) -> None:
    s = small.session
    receipt = add(s, PaperKind.RECEIPT)
    (earlier,) = attesting.attested(view_of(s)).in_force
    change = attesting.record(
        s,
        2026,
        [ACTIVITY, "IA_CC_13"],
        date(2027, 1, 22),
        by=" Dana Whitfield ",
        through="QPP",
        reference="S-1",
        receipt_id=receipt,
        note="The receipt names two",
        replaces=[earlier.id],
    )
    found = attesting.attested(view_of(s))
    assert [record.id for record in found.in_force] == [change.id]
    assert found.replaced == (earlier,)
    assert found.days == {ACTIVITY: date(2027, 1, 22), "IA_CC_13": date(2027, 1, 22)}
    assert [(each.kind, each.activity_id) for each in found.differences] == [
        (DifferenceKind.NOT_CHOSEN, "IA_CC_13")
    ] + [(each.kind, each.activity_id) for each in found.differences[1:]]
    (record,) = found.in_force
    assert (record.by, record.through, record.reference, record.receipt_id) == ("Dana Whitfield", "QPP", "S-1", receipt)
    assert (record.recorded_by, record.recorded_at is not None) == ("Ana Ruiz", True)
    # One source of truth: what the rooms show follows from the records, and so does the limit on how often.
    assert s.vault.selections(2026)[0].attested_on == date(2027, 1, 22)
    assert s.vault.reported_years("IA_CC_13") == (2026,)
    assert view_of(s).attested.credited == (ACTIVITY, "IA_CC_13")
    assert change.undo is None
    assert s.vault.check() == []


def test_a_day_that_is_typed_is_a_record_and_is_taken_back_by_another(small: Small) -> None:
    s = small.session
    change = choose.set_attested(s, small.selection, date(2027, 1, 25))
    assert view_of(s).selections[0].selection.attested_on == date(2027, 1, 25)
    assert change.undo is not None
    back = change.undo()
    assert view_of(s).selections[0].selection.attested_on == date(2027, 1, 20)
    assert back.undo is not None
    back.undo()
    assert view_of(s).selections[0].selection.attested_on == date(2027, 1, 25)
    choose.set_attested(s, small.selection, None)
    assert view_of(s).selections[0].selection.attested_on is None
    assert (view_of(s).gauge.attested, s.vault.reported_years(ACTIVITY)) == (0, ())
    before = s.vault.journal_head()
    choose.set_attested(s, small.selection, None)
    assert s.vault.journal_head() == before, "nothing to record"
    # Nothing of it is gone.
    assert len(attesting.attested(view_of(s)).replaced) == 4
    assert s.vault.check() == []


def test_what_was_attested_stays_when_the_activity_is_removed(small: Small) -> None:
    choose.remove(small.session, small.selection)
    found = attesting.attested(view_of(small.session))
    assert [(each.kind, each.activity_id) for each in found.differences] == [(DifferenceKind.NOT_CHOSEN, ACTIVITY)]
    assert view_of(small.session).gauge.attested > 0


def test_more_than_credit_needs_is_told(small: Small) -> None:
    s = small.session
    setup.set_profile(s, YearProfile(2026, npis_total=1, special_statuses=frozenset({SpecialStatus.SMALL_PRACTICE})))
    attesting.record(s, 2026, ["IA_CC_13"], TODAY, by="Ana Ruiz", through="QPP")
    found = attesting.attested(view_of(s))
    surplus = [each for each in found.differences if each.kind is DifferenceKind.SURPLUS]
    assert len(surplus) == 1
    assert surplus[0].sentence.endswith("was attested without need: the credit is full without it.")


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"activities": ["IA_XX_99"]}, "no activity"),
        ({"activities": []}, "Choose what was attested"),
        ({"on": date(2027, 2, 2)}, "not in the future"),
        ({"on": date(2025, 12, 31)}, "lies in 2026 or later"),
        ({"through": " "}, "which portal"),
        ({"by": ""}, "who attested"),
        ({"receipt_id": "EVIDENCE"}, "practice papers of 2026"),
        ({"replaces": ["unknown"], "note": "why"}, "corrected already"),
        ({"replaces": ["EARLIER"]}, "Say why"),
    ],
)
def test_what_cannot_be_is_refused(small: Small, said: dict[str, object], match: str) -> None:
    s = small.session
    (earlier,) = attesting.attested(view_of(s)).in_force
    known: dict[str, object] = {"activities": [ACTIVITY], "on": TODAY, "by": "Ana", "through": "QPP"}
    stand_in = {"EVIDENCE": small.item, "EARLIER": earlier.id}
    given = {
        name: [stand_in.get(each, each) for each in value] if name == "replaces" else stand_in.get(str(value), value)
        for name, value in (known | said).items()
    }
    before = s.vault.journal_head()
    with pytest.raises(BadInputError, match=match):
        attesting.record(s, 2026, **given)  # type: ignore[arg-type]  # test data
    assert s.vault.journal_head() == before


def test_a_record_is_corrected_once(small: Small) -> None:
    s = small.session
    (earlier,) = attesting.attested(view_of(s)).in_force

    def correct() -> None:
        attesting.record(
            s, 2026, [], TODAY, by="Ana", through="QPP", note="It was the year before", replaces=[earlier.id]
        )

    correct()
    assert attesting.attested(view_of(s)).days == {}
    with pytest.raises(BadInputError, match="corrected already"):
        correct()


def test_papers_are_no_activity(small: Small) -> None:
    """Whatever counts or lists activities sees none more; whatever handles pictures handles them."""
    s = small.session
    before = view_of(s)
    plain = [choosing.suggestions(s, before, []), choosing.glance(s, before), choosing.earlier_years(s, 2027)]
    advice = closing.closing_advice(s, 2026)
    paper = add(s, PaperKind.PARTICIPATION, caption="Status of Dr. Osei", clinician_ids=(small.clinician,))
    after = view_of(s)
    for name in ("selections", "planned", "proven", "attested", "gauge", "tasks"):
        assert getattr(after, name) == getattr(before, name), name
    assert plain == [choosing.suggestions(s, after, []), choosing.glance(s, after), choosing.earlier_years(s, 2027)]
    assert [each.activity_id for each in s.vault.selections(2026)] == [ACTIVITY]
    assert carry_over.proposal(s, 2026, 2027) == carry_over.proposal(s, 2026, 2027)
    assert PAPERS not in repr(carry_over.proposal(s, 2026, 2027))
    assert closing.closing_advice(s, 2026) == advice
    assert [part.activity.id for part in binding.content(s, 2026).parts] == [ACTIVITY]
    # Only the picture is found, not what holds it.
    found = [(each.kind, each.name) for each in finding.find(s, "papers", 2026)]
    assert found == [("evidence", f"2026-{PAPERS}-01")]
    assert paper in evidence_text.unread(s, 2026)
    place = s.vault.evidence_item(paper).selection_id
    for refused in (
        lambda: choose.add(s, 2026, PAPERS),
        lambda: choose.remove(s, place),
        lambda: choose.set_story(s, place, "x"),
        lambda: uses.log(s, place, [TODAY]),
        lambda: collect.add_pictures(s, place, [collect.Incoming(png(), Source.PASTE)], option_key="unknown"),
    ):
        with pytest.raises((BadInputError, NotInVaultError)):
            refused()
    assert s.vault.check() == []


def test_a_year_of_papers_alone_is_no_earlier_year(small: Small) -> None:
    s = small.session
    setup.set_profile(s, YearProfile(2025))
    papers.add(s, 2025, [collect.Incoming(png("blue"), Source.IMPORT)])
    assert choosing.earlier_years(s, 2027) == (2026,)
    assert view_of(s, 2025).selections == ()


def test_the_way_of_a_paper(small: Small) -> None:
    s = small.session
    paper = add(s, None)
    (view,) = papers.papers(view_of(s)).papers
    assert (view.number, view.kind) == ("2026-PAPERS-01", None)
    assert [each.lack for each in view.missing] == [Lack.CAPTION, Lack.SHOWS_DATE, Lack.ITEM_OPTION, Lack.REDACTION]
    with pytest.raises(BadInputError, match="no kind of paper"):
        collect.describe(s, paper, option_key="portal_screenshots")
    collect.describe(
        s,
        paper,
        caption="Status",
        shows_date=date(2025, 12, 30),
        option_key=PaperKind.PARTICIPATION,
        no_identifiers=True,
    )
    (view,) = papers.papers(view_of(s)).papers
    assert [each.lack for each in view.missing] == [Lack.CLINICIANS, Lack.LOOK]
    assert [each.id for each in papers.papers(view_of(s)).without_status] == [small.clinician]
    collect.describe(s, paper, clinician_ids=(small.clinician,))
    collect.look_at(s, paper)
    found = papers.papers(view_of(s))
    assert (found.papers[0].missing, found.without_status) == ((), ())
    assert found.of(PaperKind.PARTICIPATION) == found.papers
    # Marks, removal, the journal and destroying are those of every evidence item.
    collect.pixels(s, s.vault.evidence_item(paper))
    said = journaling.entries(s, limit=1).rows[0].what
    assert said == "Looked at the original of exhibit 2026-PAPERS-01"
    collect.remove(s, (paper,), "A wrong page")
    assert papers.papers(view_of(s)).papers == ()
    assert [each.exhibit for each in retention.destroyable(s, 2026, removed_only=True)][-1] == "2026-PAPERS-01"
    collect.bring_back(s, paper)
    add(s, color="green")
    assert [each.number for each in papers.papers(view_of(s)).papers] == ["2026-PAPERS-01", "2026-PAPERS-02"]


def test_papers_that_are_still_missing(small: Small) -> None:
    s = small.session
    setup.set_profile(s, YearProfile(2026, special_statuses=frozenset({SpecialStatus.RURAL}), npis_total=1))
    assert papers.papers(view_of(s)).lacks == (
        "A special status is claimed, and no paper shows it.",
        "Something was attested, and no receipt is kept.",
    )
    add(s, PaperKind.SPECIAL_STATUS)
    receipt = add(s, PaperKind.RECEIPT, "green")
    (earlier,) = attesting.attested(view_of(s)).in_force
    attesting.record(
        s, 2026, [ACTIVITY], TODAY, by="Ana", through="QPP", receipt_id=receipt, note="x", replaces=[earlier.id]
    )
    assert papers.papers(view_of(s)).lacks == ()


def test_papers_and_records_are_part_of_a_closed_year(small: Small) -> None:
    s = small.session
    fingerprints = []
    for act in (
        lambda: None,
        lambda: add(s),
        lambda: attesting.record(s, 2026, ["IA_CC_13"], TODAY, by="Ana", through="QPP"),
    ):
        act()
        closing.close_year(s, 2026)
        fingerprints.append(closing.year_state(s, 2026).fingerprint)
        assert s.vault.check() == []
        with pytest.raises(YearClosedError):
            add(s, color="red")
        with pytest.raises(YearClosedError):
            attesting.record(s, 2026, [ACTIVITY], TODAY, by="Ana", through="QPP")
        closing.reopen_year(s, 2026, "next")
    assert len(set(fingerprints)) == 3
