"""The building blocks: what they say, what they do by mouse and keyboard, and that they paint what they mean."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAccessible, QAction, QColor, QIcon, QImage
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mips_desk.ui.icons import icon
from mips_desk.ui.rooms import Room
from mips_desk.ui.theme import Theme
from mips_desk.ui.tokens import DARK, LIGHT, Appearance
from mips_desk.ui.widgets.buttons import (
    action_button,
    danger_button,
    icon_button,
    link_button,
    primary_button,
    secondary_button,
)
from mips_desk.ui.widgets.card import Card, CardButton, SectionHeader, field
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.empty_state import EmptyState, Skeleton
from mips_desk.ui.widgets.flow_layout import FlowLayout
from mips_desk.ui.widgets.gauge import Gauge, GaugeBar, in_words, scale_end
from mips_desk.ui.widgets.month_calendar import month_calendar
from mips_desk.ui.widgets.page_header import PageHeader
from mips_desk.ui.widgets.progress import StepProgress
from mips_desk.ui.widgets.rail import Rail
from mips_desk.ui.widgets.row_list import Row, RowList
from mips_desk.ui.widgets.search_field import SearchField
from mips_desk.ui.widgets.text import ElidedLabel, secondary, strong
from mips_desk.ui.widgets.top_bar import TopBar

from .conftest import accessible_name, make_gauge, nameless, show_active

LEFT = Qt.MouseButton.LeftButton


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def colors_in(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name().upper() for y in range(0, image.height(), 1) for x in range(0, image.width(), 1)
    }


def role(widget: QWidget) -> QAccessible.Role:
    return QAccessible.queryAccessibleInterface(widget).role()


# ---------------------------------------------------------------------- gauge


@pytest.mark.parametrize("make", [Gauge, GaugeBar])
def test_a_gauge_is_a_progress_bar_to_a_screen_reader(make: Callable[[], Gauge], qtbot: QtBot, theme: Theme) -> None:
    gauge = make()
    qtbot.addWidget(gauge)
    gauge.set_gauge(make_gauge())
    interface = QAccessible.queryAccessibleInterface(gauge)
    assert interface.role() is QAccessible.Role.ProgressBar
    assert interface.text(QAccessible.Text.Name) == "20 proven · 30 planned of 40 points"
    assert interface.text(QAccessible.Text.Description) == "20 of 40 points are proven."
    assert (gauge.value(), gauge.maximum()) == (30, 40)


def test_solid_is_proven_hatched_is_planned_empty_is_empty(qtbot: QtBot, theme: Theme) -> None:
    bar = GaugeBar()
    qtbot.addWidget(bar)
    bar.setFixedSize(200, 14)
    bar.set_gauge(make_gauge(planned=30, proven=20, target=40))
    image = picture(bar)

    def line(start: int, end: int) -> set[str]:
        return {image.pixelColor(x, 7).name().upper() for x in range(start, end)}

    assert line(6, 98) == {LIGHT.accent}
    assert len(line(104, 146)) > 2  # stripes of two colors and what lies between them
    assert line(154, 194) == {LIGHT.track}


def test_a_gauge_reads_without_color(qtbot: QtBot, theme: Theme) -> None:
    bar = GaugeBar()
    qtbot.addWidget(bar)
    bar.setFixedSize(200, 14)
    bar.set_gauge(make_gauge())
    image = picture(bar)
    grey = [QColor(image.pixel(x, 7)).lightness() for x in (50, 174)]
    assert abs(grey[0] - grey[1]) > 80
    stripes = [QColor(image.pixel(x, 7)).lightness() for x in range(104, 146)]
    assert max(stripes) - min(stripes) > 80


@pytest.mark.parametrize(("planned", "proven"), [(0, 0), (40, 40), (30, 0), (60, 20), (1, 1)])
@pytest.mark.parametrize("make", [Gauge, GaugeBar])
def test_any_figures_can_be_painted(
    make: Callable[[], Gauge], planned: int, proven: int, qtbot: QtBot, theme: Theme
) -> None:
    gauge = make()
    qtbot.addWidget(gauge)
    gauge.resize(260, 140)
    empty = picture(gauge)
    gauge.set_gauge(make_gauge(planned=planned, proven=proven))
    assert picture(gauge) != empty or (planned == 0 and make is GaugeBar)


def test_more_than_the_target_widens_the_scale() -> None:
    data = make_gauge(planned=60, proven=20, target=40)
    assert scale_end(data) == 60
    assert in_words(data) == "20 proven · 40 planned of 40"


# ---------------------------------------------------------------------- icons


def test_an_icon_follows_the_theme(theme: Theme) -> None:
    made = icon("redact", "ink")

    def middle() -> str:
        return made.pixmap(QSize(18, 18), 1.0).toImage().pixelColor(9, 9).name().upper()

    light = middle()
    theme.set_appearance(Appearance.DARK)
    assert (light, middle()) == (LIGHT.ink, DARK.ink)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_an_icon_has_a_pixel_for_each_pixel_of_the_screen(ratio: float, theme: Theme) -> None:
    made = icon("house").pixmap(QSize(20, 20), ratio)
    assert made.size() == QSize(20, 20) * ratio
    assert made.deviceIndependentSize().toSize() == QSize(20, 20)


def test_a_disabled_icon_is_quieter(theme: Theme) -> None:
    made = icon("redact", "ink")
    quiet = made.pixmap(QSize(18, 18), 1.0, QIcon.Mode.Disabled).toImage()
    assert quiet.pixelColor(9, 9).name().upper() == LIGHT.ink3


def test_misspelled_icons_and_colors_are_found_at_once(theme: Theme) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")
    with pytest.raises(AttributeError):
        icon("house", "mauve")


def test_every_icon_can_be_drawn(theme: Theme) -> None:
    from mips_desk.paths import resources

    for file in (resources() / "icons").glob("*.svg"):
        image = icon(file.stem).pixmap(QSize(24, 24), 1.0).toImage()
        drawn = sum(image.pixelColor(x, y).alpha() > 100 for x in range(24) for y in range(24))
        assert drawn > 10, file.name


# ---------------------------------------------------------------------- buttons, chips, cards


@pytest.mark.parametrize("make", [primary_button, secondary_button, danger_button])
def test_buttons_say_and_do(make: Callable[..., QPushButton], qtbot: QtBot, theme: Theme) -> None:
    done: list[int] = []
    button = make("Mark as looked at", "check", lambda: done.append(1))
    qtbot.addWidget(button)
    button.show()
    qtbot.mouseClick(button, LEFT)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert done == [1, 1]
    assert accessible_name(button) == "Mark as looked at"


def test_small_buttons_have_names(qtbot: QtBot, theme: Theme) -> None:
    for button in (icon_button("Close", "x"), link_button("How this score is made")):
        qtbot.addWidget(button)
        assert accessible_name(button)
        assert button.focusPolicy() != Qt.FocusPolicy.NoFocus


def test_nothing_moves_when_a_button_gets_the_focus(qtbot: QtBot, theme: Theme) -> None:
    first, second = secondary_button("Open"), secondary_button("Other")
    box = QWidget()
    qtbot.addWidget(box)
    row = QHBoxLayout(box)
    row.addWidget(first)
    row.addWidget(second)
    show_active(qtbot, box)
    second.setFocus()
    size, without = first.sizeHint(), picture(first)
    first.setFocus()
    assert first.sizeHint() == size
    assert picture(first) != without  # the ring can be seen


def test_a_button_of_a_command_follows_it(qtbot: QtBot, theme: Theme) -> None:
    action = QAction("&Capture")
    action.setShortcut("Ctrl+Shift+S")
    button = action_button(action, "primary")
    qtbot.addWidget(button)
    action.setEnabled(False)
    assert not button.isEnabled()
    assert "Ctrl+Shift+S" in button.toolTip()
    action.setEnabled(True)
    with qtbot.waitSignal(action.triggered):
        qtbot.mouseClick(button, LEFT)


def test_a_chip_is_words(qtbot: QtBot, theme: Theme) -> None:
    chip = Chip("9 days left", Tone.WARN)
    qtbot.addWidget(chip)
    chip.adjustSize()
    assert accessible_name(chip) == "9 days left"
    assert LIGHT.warn_wash in colors_in(picture(chip))
    width = chip.sizeHint().width()
    chip.set("reviewed by the clinician", Tone.OK, "check")
    assert chip.sizeHint().width() > width
    assert chip.tone is Tone.OK


@pytest.mark.parametrize("percent", [100, 115, 130, 150, 175, 200])
@pytest.mark.parametrize("words", ["late", "Other", "9 days left"])
def test_a_chip_has_room_for_its_last_letters(qtbot: QtBot, theme: Theme, percent: int, words: str) -> None:
    theme.set_text_scale(percent)
    chip = Chip(words, Tone.BAD)
    qtbot.addWidget(chip)
    chip.adjustSize()
    alone, wide = picture(chip), Chip(words, Tone.BAD)
    qtbot.addWidget(wide)
    wide.resize(chip.width() + 60, chip.height())
    # Right of the middle the words are painted the same when there is room to spare.
    box = alone.rect().adjusted(alone.height(), 0, -alone.height() // 2, 0)
    assert alone.copy(box) == picture(wide).copy(box)


def test_a_card_is_a_panel(qtbot: QtBot, theme: Theme) -> None:
    card = Card("What is left")
    qtbot.addWidget(card)
    card.resize(200, 120)
    assert picture(card).pixelColor(100, 90).name().upper() == LIGHT.panel
    assert card.title is not None
    assert card.title.text() == "What is left"


def test_a_card_button_by_mouse_and_keyboard(qtbot: QtBot, theme: Theme) -> None:
    card = CardButton("IA_BE_4")
    qtbot.addWidget(card)
    card.resize(200, 100)
    card.show()
    for use in (
        lambda: qtbot.mouseClick(card, LEFT),
        lambda: qtbot.keyClick(card, Qt.Key.Key_Return),
        lambda: qtbot.keyClick(card, Qt.Key.Key_Space),
    ):
        with qtbot.waitSignal(card.clicked):
            use()
    with qtbot.assertNotEmitted(card.clicked):
        qtbot.mousePress(card, LEFT)
        qtbot.mouseRelease(card, LEFT, pos=QPoint(900, 900))


def test_a_field_gives_its_name_to_the_editor(qtbot: QtBot, theme: Theme) -> None:
    editor = QLineEdit()
    made = field("Caption", editor, "What it shows")
    qtbot.addWidget(made)
    assert accessible_name(editor) == "Caption"
    assert editor.accessibleDescription() == "What it shows"


def test_an_empty_state_holds_the_one_button(qtbot: QtBot, theme: Theme) -> None:
    button = primary_button("Choose an activity")
    state = EmptyState("list-checks", "Nothing chosen yet", "Choose what the practice will attest to.", button)
    qtbot.addWidget(state)
    state.resize(500, 400)
    state.show()
    assert button.isVisible()
    assert nameless(state) == []


def test_a_skeleton_is_announced(qtbot: QtBot, theme: Theme) -> None:
    skeleton = Skeleton(3)
    qtbot.addWidget(skeleton)
    skeleton.resize(200, 140)
    assert accessible_name(skeleton) == "Loading"
    assert LIGHT.faint in colors_in(picture(skeleton))


def test_steps_are_announced(qtbot: QtBot, theme: Theme) -> None:
    steps = StepProgress("Proof", 3, 4)
    qtbot.addWidget(steps)
    assert role(steps) is QAccessible.Role.ProgressBar
    assert accessible_name(steps) == "Proof: 3 of 4"
    steps.set_steps(9, 4)
    assert steps.value() == 4


# ---------------------------------------------------------------------- text and layout


def test_a_long_text_makes_a_card_taller_not_wider(qtbot: QtBot, theme: Theme) -> None:
    card = Card()
    qtbot.addWidget(card)
    card.body.addWidget(strong("Engagement of patients through implementation of improvements in patient portal " * 3))
    card.body.addWidget(secondary("3 of 4 proofs"))
    assert card.heightForWidth(200) > card.heightForWidth(600) + 30
    assert card.minimumSizeHint().width() < 200


def test_many_long_texts_need_no_more_height_than_they_show(qtbot: QtBot, theme: Theme) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    column = QVBoxLayout(box)
    for _ in range(10):
        column.addWidget(secondary("Add a screenshot from the last month of the period, from the portal"))
    assert box.minimumSizeHint().height() < 400


def test_an_elided_label_keeps_its_words(qtbot: QtBot, theme: Theme) -> None:
    words = ElidedLabel("Riverside Family Practice and Partners")
    qtbot.addWidget(words)
    words.resize(80, 20)
    picture(words)
    assert accessible_name(words) == "Riverside Family Practice and Partners"
    assert words.toolTip() == "Riverside Family Practice and Partners"
    words.resize(600, 20)
    picture(words)
    assert words.toolTip() == ""


def test_chips_flow_into_lines(qtbot: QtBot, theme: Theme) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    flow = FlowLayout(box)
    chips = [Chip(f"chip number {number}") for number in range(6)]
    for chip in chips:
        flow.addWidget(chip)
    wide, narrow = flow.heightForWidth(2000), flow.heightForWidth(chips[0].sizeHint().width() + 2)
    assert wide == chips[0].sizeHint().height()
    assert narrow == 6 * wide + 5 * flow.spacing()
    box.resize(chips[0].sizeHint().width() * 2 + 20, 400)
    box.show()
    assert {chip.y() for chip in chips} == {place * (wide + flow.spacing()) for place in range(3)}
    flow.clear()
    assert flow.count() == 0


def test_a_page_header(qtbot: QtBot, theme: Theme) -> None:
    header = PageHeader("Choose activities", "106 activities in 2024.")
    qtbot.addWidget(header)
    one, two = secondary_button("Suggest a set"), primary_button("Add")
    header.add_buttons(one, two)
    header.resize(800, 60)
    header.show()
    assert one.x() < two.x()
    header.set("Choose", "")
    section = SectionHeader("Portal screenshots", "3")
    qtbot.addWidget(section)
    section.set("Portal use report", "1")


# ---------------------------------------------------------------------- lists and bars


ROWS = (
    Row("a", "Redact 1 screenshot", "IA_BE_4", "Open", "before export", Tone.BAD),
    Row("b", "Start one more activity", "Last day is October 3", "Choose", "14 days left", Tone.WARN),
    Row("c", "All proof is complete"),
)


def test_rows_by_mouse_and_keyboard(qtbot: QtBot, theme: Theme) -> None:
    rows = RowList()
    qtbot.addWidget(rows)
    rows.set_rows(ROWS)
    rows.resize(600, 200)
    show_active(qtbot, rows)
    buttons = rows.findChildren(QPushButton)
    assert [accessible_name(button) for button in buttons] == [
        "Open: Redact 1 screenshot",
        "Choose: Start one more activity",
    ]
    with qtbot.waitSignal(rows.activated) as told:
        qtbot.mouseClick(buttons[1], LEFT)
    assert told.args == ["b"]
    buttons[0].setFocus()
    qtbot.keyClick(buttons[0], Qt.Key.Key_Down)
    assert buttons[1].hasFocus()
    qtbot.keyClick(buttons[1], Qt.Key.Key_Up)
    assert buttons[0].hasFocus()


def test_the_keyboard_stays_on_its_row(qtbot: QtBot, theme: Theme) -> None:
    rows = RowList()
    qtbot.addWidget(rows)
    rows.set_rows(ROWS)
    show_active(qtbot, rows)
    rows.findChildren(QPushButton)[1].setFocus()
    rows.set_rows(ROWS[1:])
    assert rows.rows == ROWS[1:]
    focused = rows.focusWidget()
    assert focused is not None
    assert accessible_name(focused) == "Choose: Start one more activity"


def test_the_rail(qtbot: QtBot, theme: Theme) -> None:
    rail = Rail()
    qtbot.addWidget(rail)
    rail.resize(184, 600)
    show_active(qtbot, rail)
    rail.set_room(Room.HOME)
    buttons = rail.findChildren(QPushButton)
    assert [accessible_name(button) for button in buttons] == [room.label for room in Room]
    with qtbot.waitSignal(rail.room_requested) as told:
        qtbot.mouseClick(buttons[2], LEFT)
    assert told.args == [Room.EVIDENCE]
    rail.set_badge(Room.EVIDENCE, 2)
    assert accessible_name(buttons[2]) == "Evidence, 2 waiting"
    buttons[0].setFocus()
    qtbot.keyClick(buttons[0], Qt.Key.Key_Down)
    assert buttons[1].hasFocus()
    assert rail.room is Room.EVIDENCE  # where the keyboard is, is not yet where one goes
    qtbot.keyClick(buttons[1], Qt.Key.Key_End)
    assert buttons[6].hasFocus()
    with qtbot.waitSignal(rail.room_requested) as told:
        qtbot.keyClick(buttons[6], Qt.Key.Key_Return)
    assert told.args == [Room.SETTINGS]
    assert buttons[6].y() > buttons[5].y() + 100  # pinned at the bottom
    rail.set_narrow(True)
    assert rail.width() < 80
    assert nameless(rail) == []


def test_the_top_bar(qtbot: QtBot, theme: Theme) -> None:
    bar = TopBar()
    qtbot.addWidget(bar)
    bar.resize(1200, 52)
    bar.show()
    bar.set_practice("Riverside Family Practice", "Group of 18 · traditional MIPS")
    bar.set_gauge(make_gauge())
    bar.set_years((2024, 2025, 2023), 2024)
    assert nameless(bar) == []
    year = bar.findChild(QPushButton, "year_button")
    assert accessible_name(year) == "Performance year 2024"
    entries = {action.text(): action for action in year.menu().actions() if action.text()}
    assert list(entries) == ["2025", "2024", "2023", "Start another year…"]
    assert entries["2024"].isChecked()
    with qtbot.waitSignal(bar.year_requested) as told:
        entries["2023"].trigger()
    assert told.args == [2023]
    with qtbot.waitSignal(bar.new_year_requested):
        entries["Start another year…"].trigger()
    with qtbot.waitSignal(bar.lock_requested):
        qtbot.mouseClick(bar.findChild(QWidget, "lock_button"), LEFT)


def test_a_month_starts_on_sunday_and_can_be_named(qtbot: QtBot, theme: Theme) -> None:
    month = month_calendar()
    qtbot.addWidget(month)
    month.show()
    assert month.firstDayOfWeek() is Qt.DayOfWeek.Sunday
    for name in ("qt_calendar_prevmonth", "qt_calendar_nextmonth"):
        assert accessible_name(month.findChild(QWidget, name)).startswith("Month")


def test_search_as_you_type(qtbot: QtBot, theme: Theme) -> None:
    search = SearchField("Search activities")
    qtbot.addWidget(search)
    search.show()
    heard: list[str] = []
    search.search_requested.connect(heard.append)
    with qtbot.waitSignal(search.search_requested):
        qtbot.keyClicks(search, "portal ")
    assert heard == ["portal"]  # one search for the whole word
    with qtbot.waitSignal(search.search_requested, timeout=50):
        qtbot.keyClick(search, Qt.Key.Key_Return)
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert heard == ["portal", "portal", ""]
    assert search.text() == ""
    assert accessible_name(search) == "Search activities"
