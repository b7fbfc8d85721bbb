"""What a binder shows of a vault: editions, practice papers, custody, answers to audit requests."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from mips_desk.annotate.marks import Crop, Reason, Redaction
from mips_desk.binder.content import BinderContent, Edition, ExhibitSheet
from mips_desk.binder.outline import outline
from mips_desk.domain.evidence import Source
from mips_desk.domain.papers import PaperKind
from mips_desk.errors import BadInputError
from mips_desk.services import attesting, auditing, binding, collect, journaling, papers, previewing, verifying
from mips_desk.services.binding import request_note
from mips_desk.services.exhibits import NOT_LOOKED_AT, NOT_REDACTED
from mips_desk.services.overview import load_year

from .closing_sample import ACTIVITY, OTHER, Small, png, small_practice

YEAR = 2026
REASON = "The auditor asked for it in writing."
SECRET, OPEN = (200, 30, 40), (20, 90, 160)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    made = small_practice(tmp_path)
    yield made
    made.session.close()


def full(small: Small, **options: object) -> BinderContent:
    return binding.content(small.session, YEAR, edition=Edition.FULL, full_reason=REASON, **options)  # type: ignore[arg-type]


def sheet_of(content: BinderContent, evidence_id: str) -> ExhibitSheet:
    return next(sheet for sheet in content.exhibits if sheet.item.id == evidence_id)


def pixels(sheet: ExhibitSheet) -> Image.Image:
    return Image.open(io.BytesIO(sheet.load())).convert("RGB")


def picture() -> bytes:
    """A picture with something secret in its left half."""
    made = Image.new("RGB", (64, 48), OPEN)
    made.paste(SECRET, (0, 0, 32, 48))
    stream = io.BytesIO()
    made.save(stream, "PNG")
    return stream.getvalue()


def add(small: Small) -> str:
    added = collect.add_pictures(
        small.session, small.selection, [collect.Incoming(picture(), Source.PASTE)], caption="A message list"
    )
    return added.changes.ids[0]


def colors(image: Image.Image) -> set[tuple[int, int, int]]:
    return {color for _count, color in image.getcolors() or []}  # type: ignore[misc]  # RGB has three


def test_the_full_edition_needs_a_reason_and_the_redacted_one_has_none(small: Small) -> None:
    for reason in ("", "  \n"):
        with pytest.raises(BadInputError, match="Say why"):
            binding.content(small.session, YEAR, edition=Edition.FULL, full_reason=reason)
    with pytest.raises(BadInputError, match="full edition only"):
        binding.content(small.session, YEAR, full_reason=REASON)


def test_the_full_edition_shows_what_is_redacted_and_what_nobody_redacted_but_nothing_that_was_cut_away(
    small: Small,
) -> None:
    covered = add(small)
    collect.set_marks(small.session, covered, (Redaction(x=0, y=0, width=32, height=48, reason=Reason.NAME),))
    redacted = sheet_of(binding.content(small.session, YEAR), covered)
    assert colors(pixels(redacted)) == {(0, 0, 0), OPEN}
    assert len(redacted.areas) == 1
    shown = sheet_of(full(small), covered)
    assert colors(pixels(shown)) == {SECRET, OPEN}
    assert (shown.areas, shown.uncovered, shown.unredacted) == ((), 1, False)

    collect.set_marks(small.session, covered, ())
    assert sheet_of(binding.content(small.session, YEAR), covered).withheld == NOT_REDACTED
    shown = sheet_of(full(small, only_looked_at=True), covered)
    assert (shown.withheld, shown.unredacted) == ("", True)
    assert colors(pixels(shown)) == {SECRET, OPEN}

    collect.set_marks(small.session, covered, (Crop(x=32, y=0, width=32, height=48),))
    assert colors(pixels(sheet_of(full(small), covered))) == {OPEN}


def test_what_nobody_redacted_is_missing_from_the_redacted_edition_only(small: Small) -> None:
    item = add(small)
    gaps = {check.about: check.reason for check in outline(binding.content(small.session, YEAR)).gaps}
    number = sheet_of(binding.content(small.session, YEAR), item).number
    assert any("withheld" in check.reason for check in outline(binding.content(small.session, YEAR)).gaps)
    assert number in gaps
    whole = outline(full(small))
    assert not any("withheld" in check.reason for check in whole.gaps)
    assert any(check.about == number and "full edition shows it" in check.reason for check in whole.checks)


def test_a_redacted_picture_that_nobody_looked_at_is_withheld_from_both_editions_where_looks_count(
    small: Small,
) -> None:
    item = add(small)
    collect.set_marks(small.session, item, (Redaction(x=0, y=0, width=32, height=48, reason=Reason.NAME),))
    for edition in (binding.content(small.session, YEAR, only_looked_at=True), full(small, only_looked_at=True)):
        assert sheet_of(edition, item).withheld == NOT_LOOKED_AT


def test_a_full_binder_is_written_with_its_reason_and_recorded_in_the_journal(small: Small, tmp_path: Path) -> None:
    item = add(small)
    collect.set_marks(small.session, item, (Redaction(x=0, y=0, width=32, height=48, reason=Reason.NAME),))
    out = tmp_path / "full.pdf"
    made, changes = binding.write(small.session, full(small), out)
    export = next(each for each in small.session.vault.exports() if each.id == changes.ids[0])
    assert (export.kind, export.edition, export.reason) == ("binder", "full", REASON)
    assert export.sha256 == made.sha256
    newest = journaling.entries(small.session).rows[0]
    assert REASON in " ".join((newest.what, *newest.details))
    assert verifying.check_binder(out, small.session).record.startswith(
        f"This is the full edition of the binder for {YEAR}"
    )
    with pikepdf.open(out) as pdf:
        assert b">FULL<" in pdf.Root.Metadata.read_bytes()


def test_editions_have_identifiers_of_their_own(small: Small) -> None:
    first = binding.content(small.session, YEAR)
    assert full(small).binder_id != first.binder_id
    assert binding.content(small.session, YEAR, only_looked_at=True).binder_id != first.binder_id


def test_custody_begins_with_the_intake_and_tells_every_act_before_the_binder(small: Small) -> None:
    item = add(small)
    collect.set_marks(small.session, item, (Redaction(x=0, y=0, width=32, height=48, reason=Reason.NAME),))
    collect.set_marks(small.session, item, (Redaction(x=0, y=0, width=40, height=48, reason=Reason.NAME),))
    collect.describe(small.session, item, caption="Another one")
    collect.describe(small.session, item, no_identifiers=True)
    collect.look_at(small.session, item)
    collect.look_at(small.session, item, False)
    lines = sheet_of(binding.content(small.session, YEAR), item).custody
    assert [(line.what, line.times) for line in lines] == [
        ("Pasted", 1),
        ("Marks or redactions changed", 2),
        ("Description changed", 1),
        ("Confirmed that it shows no identifier", 1),
        ("Reviewed as it is exported", 1),
        ("Review taken back", 1),
    ]
    assert {line.person for line in lines} == {small.session.person}
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert not any("Another" in line.what for line in lines), "what was typed stays out of it"


def test_writing_twice_at_the_same_time_gives_the_same_bytes_although_the_first_is_recorded(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int((small.clock.time + timedelta(days=1)).timestamp())))
    for options in ({}, {"edition": Edition.FULL, "full_reason": REASON}):
        files = []
        for number in range(2):
            out = tmp_path / f"{number}.pdf"
            binding.write(small.session, binding.content(small.session, YEAR, **options), out)  # type: ignore[arg-type]
            files.append(out.read_bytes())
        assert files[0] == files[1]


def test_files_made_before_are_told(small: Small, tmp_path: Path) -> None:
    first = binding.content(small.session, YEAR)
    assert first.exports == ()
    binding.write(small.session, first, tmp_path / "one.pdf")
    assert [export.file_name for export in binding.content(small.session, YEAR).exports] == ["one.pdf"]


def test_papers_and_the_attested_record_are_in_the_binder(small: Small) -> None:
    session = small.session
    incoming = [collect.Incoming(png("red"), Source.PASTE)]
    receipt = papers.add(session, YEAR, incoming, kind=PaperKind.RECEIPT, caption="Receipt").changes.ids[0]
    content = binding.content(session, YEAR)
    assert [(sheet.number, sheet.option_label, sheet.withheld) for sheet in content.papers] == [
        ("2026-PAPERS-01", PaperKind.RECEIPT.label, NOT_REDACTED)
    ]
    assert content.papers_missing
    collect.describe(session, receipt, no_identifiers=True, shows_date=date(2026, 5, 1))
    collect.look_at(session, receipt)
    attesting.record(session, YEAR, [ACTIVITY], date(2027, 1, 20), by="Dana", through="QPP", receipt_id=receipt)
    content = binding.content(session, YEAR)
    assert content.papers_missing == ()
    assert [sheet.withheld for sheet in content.papers] == [""]
    assert content.papers[0].custody[0].what == "Pasted"
    assert content.attested[-1].receipt_id == receipt
    told = attesting.attested(load_year(session, YEAR, content.made_at.date()))
    assert content.differences == told.differences


def test_an_answer_holds_what_was_asked_for_and_is_recorded_as_one(small: Small, tmp_path: Path) -> None:
    session = small.session
    audit = auditing.start(session, letter_on=date(2027, 1, 30), sender="An auditor", years=[YEAR], reference="A-1")
    asked = auditing.add_request(session, audit.ids[0], text="Show it.", year=YEAR, activities=[ACTIVITY, OTHER])
    view = auditing.request(session, asked.ids[0])
    note = request_note(view, ["A disk"])
    content = binding.content(session, YEAR, activities=view.request.activities, request=note)
    assert [part.activity.id for part in content.parts] == [ACTIVITY]
    assert content.not_chosen == (OTHER,)
    assert content.missing >= 1
    assert content.journal_entries == ()
    assert content.first_page == 10_001
    assert (note.due, note.reference, note.enclosed) == (date(2027, 3, 16), "A-1", ("A disk",))
    made, changes = binding.write(session, content, tmp_path / "answer.pdf")
    export = next(each for each in session.vault.exports() if each.id == changes.ids[0])
    assert (export.kind, export.request_id, export.sha256) == ("answer", asked.ids[0], made.sha256)
    record = verifying.check_binder(tmp_path / "answer.pdf", session).record
    assert record.startswith(f"This is the answer to an audit request for {YEAR}")
    with pytest.raises(BadInputError, match=OTHER):
        binding.content(session, YEAR, activities=[OTHER], request=note)
    with pytest.raises(BadInputError, match=OTHER):
        binding.content(session, YEAR, activities=[ACTIVITY, OTHER])


def test_the_preview_shows_the_edition_that_is_written(small: Small) -> None:
    shown = previewing.preview(small.session, YEAR, edition=Edition.FULL, full_reason=REASON)
    assert shown.edition is Edition.FULL
    assert shown.pages > 10
