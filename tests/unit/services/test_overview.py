"""The picture of a year: what is left, by deadline."""

from datetime import date

import pytest

from mips_desk.sample.practice import SAMPLE_PASSPHRASE, make_sample
from mips_desk.services import choose
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
