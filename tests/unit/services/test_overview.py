"""The picture of a year: what is left, by deadline."""

from datetime import date

import pytest

from mips_desk.domain.evidence import UseEntry
from mips_desk.domain.period import Period
from mips_desk.domain.readiness import Lack
from mips_desk.sample.practice import SAMPLE_PASSPHRASE, make_sample
from mips_desk.services import choose, uses
from mips_desk.services.overview import load_year
from mips_desk.services.session import Session, open_practice


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    made = make_sample(tmp_path_factory.mktemp("overview"))
    return open_practice(made.vault_folder, SAMPLE_PASSPHRASE)


def texts(session: Session, year: int, today: date) -> list[str]:
    return [task.text for task in load_year(session, year, today).tasks]


REPORT = "Report to CMS what is proven"


@pytest.mark.parametrize(
    ("today", "asked"),
    [
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_reporting_is_asked_for_while_the_window_is_open(session: Session, today: date, asked: bool) -> None:
    assert (REPORT in texts(session, 2026, today)) is asked


def test_what_was_attested_is_not_asked_for_again(session: Session) -> None:
    """The window of 2024 was open until April 14, 2025 by CMS's own word."""
    assert REPORT not in texts(session, 2024, date(2025, 3, 1))
    view = load_year(session, 2024, date(2025, 3, 1))
    for part in view.selections:
        choose.set_attested(session, part.id, None)
    assert REPORT in texts(session, 2024, date(2025, 4, 14))
    assert REPORT not in texts(session, 2024, date(2025, 4, 15))


def test_an_empty_year_asks_for_a_first_activity_until_its_last_start(session: Session) -> None:
    (task,) = load_year(session, 2025, date(2025, 10, 3)).tasks
    assert (task.text, task.chip, task.due) == ("Choose an activity", "today", date(2025, 10, 3))
    (late,) = load_year(session, 2025, date(2025, 10, 4)).tasks
    assert late.chip == "late"


@pytest.mark.parametrize(
    ("activity_id", "short", "enough"),
    [
        # Six months from July 1 have 184 days, from February 1 only 181.
        ("IA_ERP_1", Period(date(2026, 7, 4), date(2026, 12, 31)), Period(date(2026, 2, 1), date(2026, 7, 31))),
        # A dated event: our reading asks for 90 days around it.
        ("IA_PSPA_28", Period(date(2026, 5, 4), date(2026, 5, 4)), Period(date(2026, 4, 1), date(2026, 6, 29))),
        ("IA_ERP_2", Period(date(2026, 11, 3), date(2026, 12, 31)), Period(date(2026, 11, 2), date(2026, 12, 31))),
    ],
)
def test_a_period_that_is_ready_is_also_credited(
    activity_id: str, short: Period, enough: Period, session: Session
) -> None:
    selection_id = choose.add(session, 2026, activity_id).id
    for period, good in ((short, False), (enough, True)):
        choose.set_period(session, selection_id, period)
        view = load_year(session, 2026, date(2026, 12, 31))
        lacks = {
            missing.lack for part in view.selections if part.id == selection_id for missing in part.readiness.missing
        }
        assert (activity_id in view.planned.credited) is good
        assert (Lack.PERIOD_SHORT not in lacks) is good
    choose.remove(session, selection_id)


def test_the_window_that_is_proposed_is_credited(session: Session) -> None:
    for activity_id in ("IA_ERP_1", "IA_PSPA_28"):
        selection_id = choose.add(session, 2026, activity_id).id
        uses.log_entries(session, selection_id, [UseEntry("", selection_id, date(2026, 12, d)) for d in (1, 9, 30)])
        uses.claim_best_window(session, selection_id)
        view = load_year(session, 2026, date(2026, 12, 31))
        part = next(part for part in view.selections if part.id == selection_id)
        assert part.use_summary.best == part.selection.period
        assert part.selection.period is not None
        assert part.selection.period.start == part.use_summary.last_start
        assert activity_id in view.planned.credited
        choose.remove(session, selection_id)
