import hashlib
import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from mips_desk.annotate.marks import Arrow, Box, Highlight, Redaction, Step, Text
from mips_desk.domain.activity import PeriodKind
from mips_desk.domain.audit import RequestState
from mips_desk.domain.evidence import EvidenceItem
from mips_desk.domain.readiness import Lack
from mips_desk.errors import BadInputError
from mips_desk.sample.people import HOST, MANAGER
from mips_desk.sample.practice import SAMPLE_PASSPHRASE, make_sample
from mips_desk.sample.sheet import Picture
from mips_desk.services import attesting, auditing, collect, papers
from mips_desk.services.overview import YearView, load_year
from mips_desk.services.session import open_practice
from mips_desk.store import verify_vault

from .conftest import Sample

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def years(sample: Sample) -> dict[int, YearView]:
    return {year: load_year(sample.session, year, TODAY) for year in (2024, 2026)}


@pytest.fixture(scope="module")
def renditions(sample: Sample, years: dict[int, YearView]) -> dict[str, Image.Image]:
    """The pictures as they are exported, by hash of the original."""
    return {
        item.sha256: _image(collect.rendition(sample.session, item))
        for view in years.values()
        for item in items_of(view)
    }


def items_of(view: YearView) -> list[EvidenceItem]:
    """Return everything that is a picture of a year: proof of its activities, and its papers."""
    return [*(item for part in view.selections for item in part.evidence), *view.papers]


def _image(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_the_vault_is_sound_and_opens_with_the_public_passphrase(sample: Sample) -> None:
    assert sample.result.passphrase == SAMPLE_PASSPHRASE
    assert sample.result.vault_folder.suffix == ".mipsvault"
    assert verify_vault(sample.result.vault_folder, SAMPLE_PASSPHRASE, now=lambda: datetime.now(UTC)) == []
    assert sample.session.person == MANAGER
    assert sample.session.vault.years() == (2026, 2024)


def test_2024_is_complete_and_attested(years: dict[int, YearView]) -> None:
    view = years[2024]
    assert (view.gauge.target, view.gauge.planned, view.gauge.proven, view.gauge.attested) == (40, 40, 40, 40)
    assert [part.activity.id for part in view.selections if not part.readiness.complete] == []
    assert {part.activity.id for part in view.selections if part.selection.attested_on} == {
        "IA_BE_4",
        "IA_BE_14",
        "IA_CC_13",
    }
    assert view.tasks == ()
    assert "IA_EPA_1" in view.gauge.advice


def test_2024_has_its_papers_and_its_attested_record(years: dict[int, YearView]) -> None:
    view = years[2024]
    found = papers.papers(view)
    assert [each.number for each in found.papers] == [f"2024-PAPERS-0{number}" for number in (1, 2, 3)]
    assert (found.without_status, found.lacks) == ((), ())
    assert not any(each.missing for each in found.papers)
    told = attesting.attested(view)
    (record,) = told.in_force
    assert (record.by, record.receipt_id) == (MANAGER, found.papers[2].item.id)
    # The fourth activity was kept in reserve.
    assert [each.activity_id for each in told.differences] == ["IA_EPA_1"]


def test_2024_is_under_audit(sample: Sample) -> None:
    (audit,) = auditing.audits(sample.session)
    assert [each.request.state for each in audit.requests] == [RequestState.SENT, RequestState.PREPARING]
    assert audit.audit.due == date(2026, 12, 12)
    assert "sample" in f"{audit.audit.sender} {audit.audit.reference}"
    assert len(audit.requests[0].sent) == 1


def test_2026_is_half_proven_and_lists_what_is_left(years: dict[int, YearView]) -> None:
    view = years[2026]
    assert view.gauge.counts_activities
    assert (view.gauge.target, view.gauge.planned, view.gauge.proven, view.gauge.attested) == (2, 2, 1, 0)
    lacks = {part.activity.id: [missing.lack for missing in part.readiness.missing] for part in view.selections}
    assert lacks == {
        "IA_BE_4": [Lack.REDACTION, Lack.SHOWS_DATE],
        "IA_BE_14": [],
        "IA_PSPA_18": [Lack.CLINICIANS, Lack.LOOK, Lack.ITEM_OPTION],
    }
    assert len(view.tasks) == 5
    assert view.tasks[0].room == "annotator"


def test_complete_selections_tell_their_story(years: dict[int, YearView]) -> None:
    for view in years.values():
        for part in view.selections:
            if part.readiness.complete:
                assert len(part.selection.story.split()) >= 150
                performing = {use.clinician_id for use in part.uses}
                assert 2 * len(performing) >= len(view.clinicians), "half of the group took part"
                assert all(use.day in part.selection.period for use in part.uses if part.selection.period)


def test_the_calendar_is_full(years: dict[int, YearView]) -> None:
    for view in years.values():
        for part in view.selections:
            assert part.activity.guidance.period.kind is PeriodKind.CONTINUOUS_DAYS
            assert part.use_summary.dates
            if part.readiness.complete:
                assert part.use_summary.longest_gap <= 7
                assert len({use.count for use in part.uses}) > 1
    assert sum(len(part.uses) for part in years[2026].selections) > 250
    assert any(use.evidence_id for part in years[2026].selections for use in part.uses)


def test_every_identifier_of_a_looked_at_item_is_covered(
    sample: Sample,
    years: dict[int, YearView],
    pictures: dict[str, Picture],
    renditions: dict[str, Image.Image],
) -> None:
    by_hash = {hashlib.sha256(picture.data).hexdigest(): picture for picture in pictures.values()}
    reasons: Counter[str] = Counter()
    for view in years.values():
        for item in items_of(view):
            picture = by_hash.pop(item.sha256)
            bars = [mark for mark in collect.marks_of(sample.session, item) if isinstance(mark, Redaction)]
            reasons.update(bar.reason for bar in bars)
            open_boxes = [i.box for i in picture.identifiers if not any(_covers(bar, i.box) for bar in bars)]
            assert item.no_identifiers == (not picture.identifiers)
            if item.looked_at_by:
                assert open_boxes == []
                _assert_black(renditions[item.sha256], picture)
            elif picture.identifiers:
                assert open_boxes, "the item that is not redacted yet"
    assert by_hash == {}, "every picture is used once"
    assert set(reasons) == {"name", "date", "mrn", "contact"}


def _covers(bar: Redaction, box: tuple[int, int, int, int]) -> bool:
    x, y, width, height = box
    return bar.x <= x and bar.y <= y and bar.x + bar.width >= x + width and bar.y + bar.height >= y + height


def _assert_black(image: Image.Image, picture: Picture) -> None:
    assert image.size == picture.size
    for identifier in picture.identifiers:
        x, y, width, height = identifier.box
        assert image.crop((x, y, x + width, y + height)).getcolors() == [(width * height, (0, 0, 0))]


def test_marks_never_hide_the_sample_mark(pictures: dict[str, Picture], renditions: dict[str, Image.Image]) -> None:
    for picture in pictures.values():
        x, y, width, height = picture.areas["sample mark"]
        area = (x, y, x + width, y + height)
        after = renditions[hashlib.sha256(picture.data).hexdigest()].crop(area)
        assert _image(picture.data).crop(area).tobytes() == after.tobytes()


def test_people_drew_all_kinds_of_marks(sample: Sample, years: dict[int, YearView]) -> None:
    kinds = {
        type(mark)
        for view in years.values()
        for part in view.selections
        for item in part.evidence
        for mark in collect.marks_of(sample.session, item)
    }
    assert {Redaction, Box, Step, Arrow, Text, Highlight} <= kinds


def test_times_are_those_of_the_story(sample: Sample, years: dict[int, YearView]) -> None:
    entries = sample.session.vault.journal(limit=10_000)
    times = [entry.at for entry in entries]
    assert times == sorted(times)
    assert times[0].date() == date(2024, 1, 8)
    assert times[-1].date() == date(2026, 11, 20)
    for view in years.values():
        for item in (item for part in view.selections for item in part.evidence):
            assert item.intake.host == HOST
            taken = item.intake.at.date()
            assert item.shows_date is None or timedelta(0) <= taken - item.shows_date <= timedelta(days=1)
            summer = 3 < taken.month < 11
            assert item.intake.at.utcoffset() == timedelta(
                hours=-5 if summer or (taken.day > 10 and taken.month == 3) else -6
            )
            assert item.looked_at_on is None or item.looked_at_on > item.intake.at


def test_progress_counts_to_the_end(sample: Sample) -> None:
    totals = {total for _, total in sample.steps}
    assert len(totals) == 1
    assert [done for done, _ in sample.steps] == list(range(1, totals.pop() + 1))


def test_a_second_sample_in_the_same_folder_is_refused(sample: Sample) -> None:
    with pytest.raises(BadInputError):
        make_sample(sample.result.vault_folder.parent)
    open_practice(sample.result.vault_folder, SAMPLE_PASSPHRASE, read_only=True).close()


def test_a_stopped_sample_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_sample(tmp_path / "new", stop)
    assert list((tmp_path / "new").iterdir()) == []
