"""What goes into a submission file, what is left out, and that the vault knows the file."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mips_desk.domain.period import Period
from mips_desk.domain.practice import Clinician, Level, Track, YearProfile
from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.services import choose, setup, submitting
from mips_desk.store import Event

from .closing_sample import ACTIVITY, OTHER, Small, small_practice


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    practice = small_practice(tmp_path)
    yield practice
    practice.session.close()


def test_only_what_is_proven_goes_in(small: Small) -> None:
    with pytest.raises(BadInputError, match="No activity of 2026 has complete proof"):
        submitting.prepare(small.session, 2026)
    choose.add(small.session, 2026, OTHER)
    prepared = submitting.prepare(small.session, 2026, activities=[ACTIVITY])
    assert prepared.submission.activity_ids == (ACTIVITY,)
    assert (prepared.submission.start, prepared.submission.end) == (date(2026, 3, 1), date(2026, 5, 31))
    assert prepared.left_out == ((OTHER, "Its proof is not complete."),)
    assert prepared.notes == (f"Submitted without complete proof: {ACTIVITY}.",)


def test_one_pair_of_dates_spans_all_periods(small: Small) -> None:
    second = choose.add(small.session, 2026, OTHER).id
    with pytest.raises(BadInputError, match=f"{OTHER} has no performance period"):
        submitting.prepare(small.session, 2026, activities=[ACTIVITY, OTHER])
    choose.set_period(small.session, second, Period(date(2026, 8, 1), date(2026, 11, 20)))
    submission = submitting.prepare(small.session, 2026, activities=[OTHER, ACTIVITY]).submission
    assert (submission.start, submission.end) == (date(2026, 3, 1), date(2026, 11, 20))
    assert submission.activity_ids == (ACTIVITY, OTHER)


def test_a_short_period_is_said(small: Small) -> None:
    choose.set_period(small.session, small.selection, Period(date(2026, 3, 1), date(2026, 4, 1)))
    notes = submitting.prepare(small.session, 2026, activities=[ACTIVITY]).notes
    assert notes[0].startswith("The periods span 32 days; CMS wants 90")


def test_individuals_are_named_by_npi(small: Small) -> None:
    setup.set_profile(small.session, YearProfile(2026, level=Level.INDIVIDUAL))
    prepare = submitting.prepare
    assert prepare(small.session, 2026, activities=[ACTIVITY]).submission.npi == "1234567893"
    setup.put_clinicians(small.session, (Clinician("", "Ben Ito", "1245319599", "DO"),))
    with pytest.raises(BadInputError, match="say whose by NPI"):
        prepare(small.session, 2026, activities=[ACTIVITY])
    assert prepare(small.session, 2026, activities=[ACTIVITY], npi="1245319599").submission.npi == "1245319599"
    with pytest.raises(BadInputError, match="No clinician of 2026 has this NPI"):
        prepare(small.session, 2026, activities=[ACTIVITY], npi="1003000126")


def test_the_app_needs_no_submission(small: Small) -> None:
    setup.set_profile(small.session, YearProfile(2026, track=Track.APP))
    assert "full credit" in submitting.prepare(small.session, 2026, activities=[ACTIVITY]).notes[-1]


def test_unknown_years_and_activities_are_refused(small: Small) -> None:
    with pytest.raises(BadInputError, match="no performance year 1999"):
        submitting.prepare(small.session, 1999)
    with pytest.raises(BadInputError, match="IA_XX_1 is not among"):
        submitting.prepare(small.session, 2026, activities=["IA_XX_1"])


def test_the_vault_knows_the_file(small: Small, tmp_path: Path) -> None:
    prepared = submitting.prepare(small.session, 2026, activities=[ACTIVITY])
    out = tmp_path / "ia.json"
    submitting.write(small.session, prepared, out)
    submitting.write(small.session, prepared, out)
    for export in small.session.vault.exports():
        assert export.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
        assert (export.kind, export.file_name) == ("submission", "ia.json")
    assert len({export.id for export in small.session.vault.exports()}) == 2
    assert json.loads(out.read_bytes())["taxpayerIdentificationNumber"] == "123456789"
    assert small.session.vault.journal_tail(1)[0].event is Event.SUBMISSION_WRITTEN


def test_a_place_that_cannot_be_written_changes_nothing(small: Small, tmp_path: Path) -> None:
    prepared = submitting.prepare(small.session, 2026, activities=[ACTIVITY])
    for place in (tmp_path, tmp_path / "no" / "folder" / "ia.json", tmp_path / "Small.mipsvault" / "ia.json"):
        with pytest.raises(MipsDeskError, match="Nothing was"):
            submitting.write(small.session, prepared, place)
    assert small.session.vault.exports() == ()
