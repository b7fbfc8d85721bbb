"""Home, Choose, Dates of use, Portal messages and Settings on a real vault."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QWidget,
)

from mips_desk.domain.period import Period
from mips_desk.domain.practice import SpecialStatus, Track
from mips_desk.services import setup
from mips_desk.ui.desk import Target
from mips_desk.ui.pages.dates import DatesPage
from mips_desk.ui.pages.home import HomePage
from mips_desk.ui.pages.portal import PortalPage
from mips_desk.ui.pages.room_page import RoomPage
from mips_desk.ui.pages.settings import SettingsPage
from mips_desk.ui.pages.settings_section import Part
from mips_desk.ui.rooms import Room

from .conftest import nameless, show_active
from .rooms import Practiced, small_practice

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(theme, tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        yield made


@pytest.fixture
def empty_desk(theme, tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path, chosen=False) as made:
        yield made


def show(qtbot, page: RoomPage) -> RoomPage:
    qtbot.addWidget(page)
    page.resize(1080, 620)
    page.ensure_fresh()
    show_active(qtbot, page)
    assert nameless(page) == []
    return page


def one(root: QWidget, kind: type, name: str):
    found = root.findChild(kind, name)
    assert found is not None, name
    return found


def click(qtbot, root: QWidget, name: str) -> None:
    qtbot.mouseClick(one(root, QWidget, name), LEFT)


def dialog(page: QWidget) -> QDialog:
    (found,) = [made for made in page.findChildren(QDialog) if made.isVisible()]
    return found


# ---------------------------------------------------------------------- Home


def test_home_shows_the_three_numbers_and_the_sentence(qtbot, desk):
    page = show(qtbot, HomePage(desk))
    shown = [one(page, QLabel, f"number_{name}").text() for name in ("planned", "proven", "attested")]
    gauge = desk.view.gauge
    assert shown == [str(gauge.planned), str(gauge.proven), str(gauge.attested)]
    assert any(gauge.sentence in made.text() for made in page.findChildren(QLabel))


def test_each_line_of_what_is_left_opens_its_room_with_the_right_thing(qtbot, desk):
    page = show(qtbot, HomePage(desk))
    tasks = desk.view.tasks
    rows = one(page, QWidget, "tasks")
    for place, task in enumerate(tasks[:3]):
        button = rows.findChildren(QPushButton)[place]
        with qtbot.waitSignal(desk.room_requested) as asked:
            qtbot.mouseClick(button, LEFT)
        room, target = asked.args
        expected = Room.EVIDENCE if task.room == "annotator" else Room(task.room)
        assert room is expected
        assert target == Target(
            task.selection_id, task.evidence_id, task.room == "annotator" and bool(task.evidence_id)
        )


def test_a_selection_card_opens_its_evidence_by_keyboard(qtbot, desk):
    page = show(qtbot, HomePage(desk))
    card = one(page, QWidget, "selection_IA_BE_4")
    card.setFocus()
    with qtbot.waitSignal(desk.room_requested) as asked:
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert asked.args == [Room.EVIDENCE, Target(desk.view.selections[0].id)]


def test_home_without_a_selection_offers_to_choose(qtbot, empty_desk):
    page = show(qtbot, HomePage(empty_desk))
    with qtbot.waitSignal(empty_desk.room_requested) as asked:
        click(qtbot, page, "choose_activity")
    assert asked.args[0] is Room.CHOOSE


def test_the_score_is_explained_line_by_line_with_its_citations(qtbot, desk):
    page = show(qtbot, HomePage(desk))
    click(qtbot, page, "how_score")
    texts = [made.text() for made in dialog(page).findChildren(QLabel)]
    for line in desk.view.planned.trace:
        assert line.text in texts
    assert any("42 CFR" in text for text in texts)
    dialog(page).accept()


# ---------------------------------------------------------------------- Dates of use


def days_of(desk: Practiced) -> list[date]:
    return [use.day for use in desk.view.selections[0].uses]


def spot(calendar, day: date):
    return calendar.grid.day_rect(day).center().toPoint()


@pytest.mark.parametrize("width", [760, 900, 960, 1016, 1080, 1400])
def test_no_week_of_the_year_is_cut_off(qtbot, desk, width):
    page = show(qtbot, DatesPage(desk))
    page.resize(width, 640)
    calendar = page.calendar
    qtbot.waitUntil(lambda: calendar.grid.day_rect(date(2024, 12, 31)).bottom() <= calendar.height())
    days = [date(2024, month, 28) for month in range(1, 13)]
    assert max(calendar.grid.day_rect(day).bottom() for day in days) <= calendar.height()


def test_a_click_logs_a_day_and_a_click_on_a_logged_day_selects_it(qtbot, desk):
    page = show(qtbot, DatesPage(desk))
    calendar = one(page, QWidget, "calendar")
    qtbot.mouseClick(calendar, LEFT, pos=spot(calendar, date(2024, 3, 5)))
    assert days_of(desk) == [date(2024, 3, 4), date(2024, 3, 5), date(2024, 6, 11)]
    qtbot.mouseClick(calendar, LEFT, pos=spot(calendar, date(2024, 3, 5)))
    assert len(days_of(desk)) == 3
    click(qtbot, page, "delete_use")
    assert days_of(desk) == [date(2024, 3, 4), date(2024, 6, 11)]
    desk.undo.undo()
    assert date(2024, 3, 5) in days_of(desk)


def test_dragging_logs_a_range_for_the_clinician_with_count_and_note(qtbot, desk):
    page = show(qtbot, DatesPage(desk))
    who = one(page, QComboBox, "log_clinician")
    who.setCurrentIndex(who.findText("Abena Osei, MD"))
    one(page, QSpinBox, "log_count").setValue(3)
    qtbot.keyClicks(one(page, QLineEdit, "log_note"), "messages answered")
    calendar = one(page, QWidget, "calendar")
    qtbot.mousePress(calendar, LEFT, pos=spot(calendar, date(2024, 4, 1)))
    qtbot.mouseMove(calendar, spot(calendar, date(2024, 4, 3)))
    qtbot.mouseRelease(calendar, LEFT, pos=spot(calendar, date(2024, 4, 3)))
    added = [use for use in desk.view.selections[0].uses if use.day.month == 4]
    assert [use.day.day for use in added] == [1, 2, 3]
    assert {(use.count, use.note, use.clinician_id) for use in added} == {
        (3, "messages answered", desk.view.clinicians[0].id)
    }
    assert desk.said[-1].text == "3 dates logged."
    desk.said[-1].run()
    assert len(days_of(desk)) == 2


def test_used_today_logs_today(qtbot, desk):
    page = show(qtbot, DatesPage(desk))
    click(qtbot, page, "used_today")
    assert date(2024, 9, 19) in days_of(desk)


def test_the_calendar_works_by_keyboard(qtbot, desk):
    page = show(qtbot, DatesPage(desk))
    calendar = one(page, QWidget, "calendar")
    calendar.setFocus()
    day = calendar.cursor_day
    qtbot.keyClick(calendar, Qt.Key.Key_Right)
    qtbot.keyClick(calendar, Qt.Key.Key_Return)
    assert day + timedelta(days=1) in days_of(desk)


def test_entries_are_deleted_by_key(qtbot, desk):
    page = show(qtbot, DatesPage(desk))
    listed = one(page, QListView, "uses")
    listed.setFocus()
    listed.selectAll()
    qtbot.keyClick(listed, Qt.Key.Key_Delete)
    assert days_of(desk) == []
    assert desk.said[-1].text == "2 dates of use deleted."


def test_the_period_is_set_changed_and_taken_back(qtbot, desk):
    page = show(qtbot, DatesPage(desk))
    assert one(page, QLabel, "period").text() == "Mar 1 – Jun 14, 2024"
    assert one(page, QLabel, "period_days").text() == "106 days in a row, 90 needed"
    click(qtbot, page, "set_period")
    asked = dialog(page)
    one(asked, QDateEdit, "first_day").setDate(QDate(2024, 3, 4))
    click(qtbot, asked, "fit_period")
    click(qtbot, asked, "claim_period")
    assert desk.view.selections[0].selection.period == Period(date(2024, 3, 4), date(2024, 6, 1))
    click(qtbot, page, "set_period")
    click(qtbot, dialog(page), "clear_period")
    assert desk.view.selections[0].selection.period is None
    assert one(page, QLabel, "period").text() == "Not set yet"
    desk.undo.undo()
    desk.undo.undo()
    assert desk.view.selections[0].selection.period == Period(date(2024, 3, 1), date(2024, 6, 14))


def test_the_dialog_warns_of_a_period_that_is_too_short_and_refuses_a_reversed_one(qtbot, desk):
    page = show(qtbot, DatesPage(desk))
    click(qtbot, page, "set_period")
    asked = dialog(page)
    one(asked, QDateEdit, "last_day").setDate(QDate(2024, 3, 10))
    assert one(asked, QWidget, "period_told").text == "10 days in a row; 90 are needed."
    one(asked, QDateEdit, "last_day").setDate(QDate(2024, 2, 1))
    assert not one(asked, QPushButton, "claim_period").isEnabled()
    asked.reject()
    assert desk.view.selections[0].selection.period == Period(date(2024, 3, 1), date(2024, 6, 14))


def test_the_best_window_is_claimed(qtbot, desk):
    page = show(qtbot, DatesPage(desk))
    best = desk.view.selections[0].use_summary.best
    click(qtbot, page, "best_window")
    assert desk.view.selections[0].selection.period == best


def test_dates_without_a_selection_lead_to_choose(qtbot, empty_desk):
    page = show(qtbot, DatesPage(empty_desk))
    assert not one(page, QWidget, "calendar").isVisible()
    with qtbot.waitSignal(empty_desk.room_requested) as asked:
        click(qtbot, page, "choose_first")
    assert asked.args[0] is Room.CHOOSE


# ---------------------------------------------------------------------- Portal messages


def test_the_portal_room_points_at_the_proof(qtbot, desk):
    page = show(qtbot, PortalPage(desk))
    with qtbot.waitSignal(desk.room_requested) as asked:
        click(qtbot, page, "portal_primary")
    assert asked.args == [Room.EVIDENCE, Target(desk.view.selections[0].id)]


# ---------------------------------------------------------------------- Settings


@pytest.fixture
def settings_page(qtbot, desk, theme, settings) -> SettingsPage:
    return show(qtbot, SettingsPage(desk, theme, settings))


def test_a_name_is_kept_when_the_keyboard_leaves_it(qtbot, desk, settings_page):
    line = one(settings_page, QLineEdit, "practice_name")
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "Riverside Clinic")
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    assert desk.view.practice.name == "Riverside Clinic"
    desk.undo.undo()
    assert desk.view.practice.name == "Riverside Family Practice"


def test_a_wrong_tin_is_refused_where_it_was_typed(qtbot, desk, settings_page):
    line = one(settings_page, QLineEdit, "practice_tin")
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "12")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert one(settings_page, QWidget, "practice_error").text.startswith("A TIN has nine digits")
    assert desk.view.practice.tin == "12-3456789"


def test_clinicians_are_added_changed_and_removed(qtbot, desk, settings_page):
    click(qtbot, settings_page, "add_clinician")
    asked = dialog(settings_page)
    qtbot.keyClicks(one(asked, QLineEdit, "clinician_name"), "Lena Brandt")
    qtbot.keyClicks(one(asked, QLineEdit, "clinician_npi"), "1234567894")
    click(qtbot, asked, "clinician_done")
    assert asked.isVisible()
    assert "check digit" in one(asked, QWidget, "clinician_told").text
    one(asked, QLineEdit, "clinician_npi").clear()
    click(qtbot, asked, "clinician_done")
    assert [clinician.name for clinician in desk.view.clinicians] == ["Abena Osei", "Lena Brandt"]
    rows = one(settings_page, QWidget, "clinician_rows")
    (change,) = [made for made in rows.findChildren(QPushButton) if made.accessibleName() == "Change: Lena Brandt"]
    qtbot.mouseClick(change, LEFT)
    click(qtbot, dialog(settings_page), "remove_clinician")
    assert [clinician.name for clinician in desk.view.clinicians] == ["Abena Osei"]
    desk.undo.undo()
    assert len(desk.view.clinicians) == 2


def test_clinicians_are_pasted(qtbot, desk, settings_page):
    click(qtbot, settings_page, "paste_clinicians")
    asked = dialog(settings_page)
    one(asked, QPlainTextEdit, "pasted").setPlainText("Name\tNPI\nLena Brandt\t\nRosa Castillo\t")
    assert one(asked, QWidget, "paste_told").text == "2 clinicians found."
    click(qtbot, asked, "paste_done")
    assert len(desk.view.clinicians) == 3


def test_the_year_profile_changes_the_score_at_once(qtbot, desk, settings_page):
    count = one(settings_page, QSpinBox, "profile_count")
    assert SpecialStatus.SMALL_PRACTICE in desk.view.profile.special_statuses
    before = desk.view.gauge.planned
    count.setValue(40)
    assert desk.view.profile.special_statuses == frozenset()
    assert desk.view.gauge.planned < before
    desk.undo.undo()
    assert desk.view.gauge.planned == before


def test_a_category_without_a_score_moves_its_weight(qtbot, desk, settings_page):
    """From 2022 on a small practice without PI has improvement activities at 30 percent (42 CFR 414.1380(c)(2))."""
    assert SpecialStatus.SMALL_PRACTICE in desk.view.profile.special_statuses
    assert desk.view.planned.category_weight == 15
    box = one(settings_page, QCheckBox, "missing_pi")
    qtbot.mouseClick(box, LEFT, pos=QPoint(10, box.height() // 2))
    assert desk.view.planned.category_weight == 30
    desk.undo.undo()
    assert desk.view.planned.category_weight == 15
    assert not box.isChecked()


def test_the_other_facts_of_a_year_are_kept(qtbot, desk, settings_page):
    one(settings_page, QSpinBox, "pcmh_sites_total").setValue(4)
    one(settings_page, QSpinBox, "pcmh_sites_recognised").setValue(9)
    sent = one(settings_page, QComboBox, "submitted_quality")
    sent.setCurrentIndex(sent.findText("Yes"))
    sent.activated.emit(sent.currentIndex())
    profile = desk.session.vault.profile(desk.year)
    assert profile is not None
    assert (profile.pcmh_sites_total, profile.pcmh_sites_recognised) == (4, 4)
    assert profile.submitted_quality is True
    assert profile.submitted_pi is None


def test_a_level_that_does_not_fit_the_track_is_refused_in_a_sentence(qtbot, desk, settings_page):
    level = one(settings_page, QComboBox, "profile_level")
    level.setCurrentIndex(level.findText("Subgroup"))
    level.activated.emit(level.currentIndex())
    assert (
        one(settings_page, QWidget, "profile_error").text == "A subgroup reports an MVP only. Choose MVP as the track."
    )
    track = one(settings_page, QComboBox, "profile_track")
    track.setCurrentIndex(track.findText("MVP"))
    track.activated.emit(track.currentIndex())
    assert desk.view.profile.track is Track.MVP
    assert one(settings_page, QComboBox, "profile_mvp").isVisible()


def test_another_year_is_started_and_shown(qtbot, desk, settings_page):
    click(qtbot, settings_page, "section_records")
    year = one(settings_page, QComboBox, "new_year")
    year.setCurrentIndex(year.findText("2025"))
    click(qtbot, settings_page, "start_year")
    assert desk.view.year == 2025
    assert set(desk.view.years) == {2024, 2025}
    assert desk.view.gauge.counts_activities


def test_the_text_size_is_applied_and_kept(qtbot, settings_page, theme, settings):
    click(qtbot, settings_page, "section_appearance")
    size = one(settings_page, QComboBox, "text_size")
    size.setCurrentIndex(size.findData(150))
    size.activated.emit(size.currentIndex())
    assert theme.text_scale == 150
    assert int(settings.value("text_scale")) == 150


def test_the_sections_of_settings_go_by_arrow_key_and_by_link(qtbot, desk, settings_page):
    settings_page.activateWindow()
    first = one(settings_page, QWidget, "section_practice")
    first.setFocus()
    shown = [settings_page.part]
    for _ in range(len(Part) - 1):
        qtbot.keyClick(settings_page.focusWidget() or first, Qt.Key.Key_Down)
        shown.append(settings_page.part)
        visible = [
            part
            for part in Part
            if (found := settings_page.findChild(QWidget, f"settings_{part}")) is not None and found.isVisible()
        ]
        assert visible == [settings_page.part]
        assert nameless(settings_page) == []
    assert shown == list(Part)
    settings_page.open_target(Target(part="records"))
    assert one(settings_page, QWidget, "settings_records").isVisible()
    assert one(settings_page, QWidget, "section_records").isChecked()
    settings_page.open_target(Target(part="nowhere"))
    assert settings_page.part is Part.RECORDS


def test_in_a_narrow_window_the_sections_are_a_box_to_choose_from(qtbot, settings_page):
    settings_page.resize(640, 700)
    box = one(settings_page, QComboBox, "settings_section_box")
    assert box.isVisible()
    assert not one(settings_page, QWidget, "section_practice").isVisible()
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_End)
    box.activated.emit(box.currentIndex())
    assert settings_page.part is Part.APPEARANCE


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_no_section_of_settings_scrolls_sideways(qtbot, settings_page, theme, percent):
    theme.set_text_scale(percent)
    settings_page.resize(1090, 620)
    area = settings_page.findChild(QScrollArea)
    assert area is not None
    for part in Part:
        settings_page.open_part(part)
        qtbot.waitUntil(lambda: area.widget().width() <= area.viewport().width())


def test_a_year_without_a_final_rule_is_marked_provisional(qtbot, desk):
    page = show(qtbot, HomePage(desk))
    assert not one(page, QWidget, "provisional").isVisible()
    desk.change(lambda: setup.new_year(desk.session, 2027))
    desk.set_year(2027)
    assert one(page, QWidget, "provisional").text.startswith("The rules of 2027 are provisional")
