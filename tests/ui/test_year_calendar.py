"""The year calendar: where days lie, what mouse and keyboard do, what it tells a screen reader, how fast it paints."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from mips_desk.domain.period import Period, year_period
from mips_desk.ui.theme import Theme
from mips_desk.ui.tokens import LIGHT
from mips_desk.ui.widgets.year_calendar import YearCalendar
from mips_desk.ui.widgets.year_grid import YearGrid

from .conftest import accessible_name, show_active

LEFT = Qt.MouseButton.LeftButton
PERIOD = Period(date(2024, 3, 1), date(2024, 6, 14))


@pytest.fixture
def year(qtbot: QtBot, theme: Theme) -> YearCalendar:
    made = YearCalendar(2024)
    qtbot.addWidget(made)
    made.resize(760, 520)
    show_active(qtbot, made)
    made.setFocus()
    return made


def spot(calendar: YearCalendar, day: date) -> QPoint:
    return calendar.grid.day_rect(day).center().toPoint()


@given(
    day=st.dates(date(2017, 1, 1), date(2030, 12, 31)),
    width=st.integers(300, 2000),
    height=st.integers(300, 1600),
)
def test_each_day_has_its_own_place(day: date, width: int, height: int) -> None:
    grid = YearGrid(day.year, width, height)
    rect = grid.day_rect(day)
    assert grid.day_at(rect.center()) == day
    assert grid.day_at(QPointF(-5, -5)) is None


@given(year=st.integers(2017, 2030), width=st.integers(300, 2000))
def test_no_two_days_overlap_and_all_fit(year: int, width: int) -> None:
    least = YearGrid(year, width, 10).least_height
    grid = YearGrid(year, width, least)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(year_period(year).days)]
    assert len({grid.day_at(grid.day_rect(day).center()) for day in days}) == len(days)
    assert max(grid.day_rect(day).bottom() for day in days) <= least + 1
    assert max(grid.day_rect(day).right() for day in days) <= width + 0.01


def test_the_year_grows_with_a_large_room_and_stays_in_its_middle(theme: Theme) -> None:
    small, large = YearGrid(2026, 700, 520), YearGrid(2026, 1990, 1160)
    assert small.grow == 1
    assert 1.3 < large.grow < 1.6
    assert large.day_height > 1.5 * small.day_height
    first, last = large.day_rect(date(2026, 1, 4)), large.day_rect(date(2026, 12, 26))
    assert first.left() == pytest.approx(1990 - last.right(), abs=1)
    assert first.left() < 1990 / 12
    lowest = max(large.day_rect(date(2026, month, 28)).bottom() for month in (9, 10, 11, 12))
    assert lowest > 1160 * 0.8, "the lower half is not left empty"


@given(width=st.integers(300, 3000), height=st.integers(300, 2000))
def test_no_month_leaves_the_area(width: int, height: int) -> None:
    grid = YearGrid(2026, width, height)
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert max(grid.day_rect(day).right() for day in days) <= width + 0.01
    assert min(grid.day_rect(day).left() for day in days) >= -0.01
    assert max(grid.day_rect(day).bottom() for day in days) <= max(height, grid.least_height) + 0.01


def test_weeks_start_on_sunday() -> None:
    grid = YearGrid(2024, 760, 520)
    assert grid.day_rect(date(2024, 9, 1)).left() == grid.origins[8].x()  # September 1, 2024 was a Sunday
    assert grid.day_rect(date(2024, 9, 7)).top() == grid.day_rect(date(2024, 9, 1)).top()
    assert grid.day_rect(date(2024, 9, 8)).top() > grid.day_rect(date(2024, 9, 7)).top()


def test_a_click_takes_a_day(year: YearCalendar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(year.day_clicked) as told, qtbot.assertNotEmitted(year.range_selected):
        qtbot.mouseClick(year, LEFT, pos=spot(year, date(2024, 2, 29)))
    assert told.args == [date(2024, 2, 29)]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_drag_takes_a_range(year: YearCalendar, qtbot: QtBot, backwards: bool) -> None:
    first, last = date(2024, 3, 28), date(2024, 4, 3)
    start, end = (last, first) if backwards else (first, last)
    with qtbot.waitSignal(year.range_selected) as told, qtbot.assertNotEmitted(year.day_clicked):
        qtbot.mousePress(year, LEFT, pos=spot(year, start))
        qtbot.mouseMove(year, spot(year, end))
        qtbot.mouseRelease(year, LEFT, pos=spot(year, end))
    assert told.args == [Period(first, last)]


def test_a_click_beside_the_days_takes_nothing(year: YearCalendar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(year.day_clicked):
        qtbot.mouseClick(year, LEFT, pos=QPoint(2, 2))


@pytest.mark.parametrize(
    ("keys", "target"),
    [
        ([Qt.Key.Key_Right], date(2024, 9, 20)),
        ([Qt.Key.Key_Left], date(2024, 9, 18)),
        ([Qt.Key.Key_Down], date(2024, 9, 26)),
        ([Qt.Key.Key_Up], date(2024, 9, 12)),
        ([Qt.Key.Key_PageDown], date(2024, 10, 19)),
        ([Qt.Key.Key_PageUp], date(2024, 8, 19)),
        ([Qt.Key.Key_Home], date(2024, 9, 1)),
        ([Qt.Key.Key_End, Qt.Key.Key_PageDown, Qt.Key.Key_End], date(2024, 10, 31)),
        ([Qt.Key.Key_PageDown] * 9, date(2024, 12, 19)),
        ([Qt.Key.Key_Down] * 30, date(2024, 12, 31)),
        ([Qt.Key.Key_Up] * 60, date(2024, 1, 1)),
    ],
)
def test_the_keyboard_goes_everywhere(year: YearCalendar, qtbot: QtBot, keys: list[Qt.Key], target: date) -> None:
    year.set_today(date(2024, 9, 19))
    for key in keys:
        qtbot.keyClick(year, key)
    assert year.cursor_day == target
    with qtbot.waitSignal(year.day_clicked) as told:
        qtbot.keyClick(year, Qt.Key.Key_Space)
    assert told.args == [target]


def test_the_last_day_of_a_month_stays_one(year: YearCalendar, qtbot: QtBot) -> None:
    year.set_today(date(2024, 1, 31))
    qtbot.keyClick(year, Qt.Key.Key_PageDown)
    assert year.cursor_day == date(2024, 2, 29)


def test_shift_extends(year: YearCalendar, qtbot: QtBot) -> None:
    year.set_today(date(2024, 9, 19))
    for _ in range(2):
        qtbot.keyClick(year, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert year.selection == Period(date(2024, 9, 19), date(2024, 10, 3))
    with qtbot.waitSignal(year.range_selected) as told:
        qtbot.keyClick(year, Qt.Key.Key_Return)
    assert told.args == [Period(date(2024, 9, 19), date(2024, 10, 3))]
    qtbot.keyClick(year, Qt.Key.Key_Escape)
    assert year.selection is None


def test_it_says_where_the_keyboard_is(year: YearCalendar, qtbot: QtBot) -> None:
    year.set_period(PERIOD)
    year.set_uses({date(2024, 3, 4): 9, date(2024, 3, 5): 1, date(2023, 12, 31): 4})
    year.set_today(date(2024, 3, 4))
    assert accessible_name(year) == "Calendar: Mar 4, 2024, 9 uses, in the performance period, today"
    qtbot.keyClick(year, Qt.Key.Key_Right)
    assert accessible_name(year) == "Calendar: Mar 5, 2024, 1 use, in the performance period"
    assert year.accessibleDescription() == "2 dates of use in 2024. Period Mar 1, 2024 to Jun 14, 2024."


def test_band_dots_and_today_are_painted(year: YearCalendar) -> None:
    year.set_period(PERIOD)
    year.set_uses({date(2024, 3, 4): 1, date(2024, 3, 5): 16})
    image = year.grab().toImage()

    def at(day: date, dx: float) -> str:
        rect = year.grid.day_rect(day)
        return image.pixelColor(round(rect.center().x() + dx), round(rect.center().y())).name().upper()

    assert at(date(2024, 4, 10), -9) == LIGHT.accent_wash
    assert at(date(2024, 7, 10), -9) not in (LIGHT.accent_wash, LIGHT.accent)
    assert at(date(2024, 3, 4), -7) == LIGHT.accent
    assert at(date(2024, 3, 5), -9) == LIGHT.accent  # sixteen uses make a larger dot than one
    assert at(date(2024, 3, 4), -9) != LIGHT.accent


def test_data_of_another_year_is_forgotten(year: YearCalendar) -> None:
    year.set_period(PERIOD)
    year.set_uses({date(2024, 3, 4): 1})
    year.set_year(2025)
    assert year.cursor_day == date(2025, 1, 1)
    assert year.accessibleDescription() == "0 dates of use in 2025."


def test_a_narrow_calendar_is_taller(year: YearCalendar) -> None:
    year.resize(760, 520)
    wide = year.minimumSizeHint().height()
    year.resize(400, 900)
    assert year.minimumSizeHint().height() > wide
