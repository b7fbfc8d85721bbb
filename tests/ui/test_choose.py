"""Choose on a real vault: finding an activity, what is said about it, adding and removing, by mouse and by keyboard."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QMenu, QPushButton, QWidget

from mips_desk.catalog.load import load_catalog
from mips_desk.domain.activity import Weight
from mips_desk.domain.practice import Level, SpecialStatus, Track, YearProfile
from mips_desk.domain.suggest import provable_with_screenshots
from mips_desk.services import choose, choosing, official, setup
from mips_desk.ui.desk import Target
from mips_desk.ui.models.activities import (
    ActivityFilter,
    ActivityModel,
    Listing,
    Sort,
    SubcategoryModel,
    fields_in_words,
    listed,
    subcategories,
)
from mips_desk.ui.pages.choose import ChoosePage
from mips_desk.ui.pages.choose_banner import Banner
from mips_desk.ui.pages.choose_content import kinds_in_words, years_in_words
from mips_desk.ui.rooms import Room
from mips_desk.ui.widgets.activity_rows import RowView
from tests.unit.catalog.cms_sample import as_file, measures

from .conftest import nameless, show_active
from .rooms import Practiced, small_practice

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


@pytest.fixture
def desk(theme, tmp_path: Path) -> Iterator[Practiced]:
    """2024 with IA_BE_4 chosen, 20 of 40 points."""
    with small_practice(tmp_path) as made:
        yield made


@pytest.fixture
def empty_desk(theme, tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path, chosen=False) as made:
        yield made


def show(qtbot, desk: Practiced, year: int = 2024, settings: QSettings | None = None) -> ChoosePage:
    desk.set_year(year)
    page = ChoosePage(desk, settings)
    qtbot.addWidget(page)
    page.resize(1080, 620)
    page.ensure_fresh()
    show_active(qtbot, page)
    assert nameless(page) == []
    return page


def start_year(desk: Practiced, year: int, **facts: object) -> None:
    setup.set_profile(desk.session, YearProfile(year, **facts))  # type: ignore[arg-type]  # fields of the record


def one(root: QWidget, kind: type, name: str):
    QApplication.processEvents()  # what was put into a layout is shown with the next events
    found = [made for made in root.findChildren(kind, name) if made.isVisible()] or root.findChildren(kind, name)
    assert found, name
    return found[-1]


def there(root: QWidget, name: str) -> bool:
    return any(made.isVisible() for made in root.findChildren(QWidget, name))


def click(qtbot, root: QWidget, name: str) -> None:
    qtbot.mouseClick(one(root, QWidget, name), LEFT)


def search(qtbot, page: QWidget, text: str) -> None:
    line = one(page, QLineEdit, "search")
    line.setFocus()
    line.clear()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Key.Key_Return)


def ids(page: QWidget) -> list[str]:
    return [row.activity.id for row in one(page, QListView, "activities").model().rows]


def shown(page: QWidget) -> str:
    return page.findChild(QWidget, "activity_details").activity_id


def said(page: QWidget) -> str:
    """Everything that the right pane says."""
    pane = page.findChild(QWidget, "activity_details")
    return "\n".join(made.text() for made in pane.findChildren(QLabel) if made.isVisible() and made.text())


def tick(menu: QMenu, *words: str) -> None:
    """Choose an entry of a menu or of one of its menus."""
    action = next(action for action in menu.actions() if action.text().startswith(words[0]))
    if len(words) > 1:
        tick(action.menu(), *words[1:])
    else:
        action.trigger()


def filter_by(page: QWidget, *words: str) -> None:
    tick(one(page, QPushButton, "filter").menu(), *words)


# ---------------------------------------------------------------------- adding and removing


def test_by_mouse_adding_moves_the_gauge_and_undo_takes_it_back(qtbot, desk):
    page = show(qtbot, desk)
    before = desk.view.gauge.planned
    view = one(page, RowView, "activities")
    place = ids(page).index("IA_BE_5")
    view.scrollTo(view.model().index(place))
    qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(place)).center())
    assert one(page, QWidget, "effect").text == "It would add 20 points: 40 of 40 planned."
    click(qtbot, page, "choose_primary")
    assert desk.view.chosen("IA_BE_5") is not None
    assert desk.view.gauge.planned == 40
    assert desk.said[-1].text == f"IA_BE_5 added. {before} → 40 of 40 points planned."
    assert one(page, QPushButton, "choose_primary").accessibleName() == "Open evidence"
    desk.said[-1].run()
    assert desk.view.chosen("IA_BE_5") is None
    assert desk.view.gauge.planned == before
    desk.undo.redo()
    assert desk.view.chosen("IA_BE_5") is not None


def test_by_keyboard_alone_from_the_search_to_its_proof(qtbot, empty_desk):
    page = show(qtbot, empty_desk)
    page.commands()[0].trigger()
    line = page.focusWidget()
    assert line.objectName() == "search"
    assert page.commands()[0].shortcut().toString() == "Ctrl+F"
    qtbot.keyClicks(line, "portal mesages")
    qtbot.keyClick(line, Key.Key_Down)
    view = page.focusWidget()
    assert view.objectName() == "activities"
    assert view.currentIndex().row() == 0
    qtbot.keyClick(view, Key.Key_Down)
    qtbot.keyClick(view, Key.Key_Up)
    assert shown(page) == "IA_BE_4"
    qtbot.keyClick(view, Key.Key_Return)
    assert empty_desk.view.chosen("IA_BE_4") is not None
    assert page.focusWidget() is view
    with qtbot.waitSignal(empty_desk.room_requested) as asked:
        qtbot.keyClick(view, Key.Key_Return)
    assert asked.args == [Room.EVIDENCE, Target(empty_desk.view.selections[0].id)]


def test_removing_asks_nothing_and_says_what_is_kept(qtbot, desk):
    page = show(qtbot, desk)
    page.open_target(Target(desk.view.selections[0].id))
    click(qtbot, page, "remove_activity")
    assert desk.view.selections == ()
    assert "Its 2 pictures and 2 dates are kept." in desk.said[-1].text
    desk.undo.undo()
    assert len(desk.view.chosen("IA_BE_4").evidence) == 2


def test_a_failed_change_says_nothing_was_done(qtbot, desk):
    page = show(qtbot, desk)
    search(qtbot, page, "IA_EPA_1")
    choose.add(desk.session, 2024, "IA_EPA_1")  # by somebody else, unheard
    click(qtbot, page, "choose_primary")
    desk.reload()
    assert not any("added" in message.text for message in desk.said)


def test_nothing_can_be_changed_when_it_is_open_to_read_only(qtbot, theme, tmp_path):
    with small_practice(tmp_path, read_only=True) as desk:
        page = show(qtbot, desk)
        search(qtbot, page, "IA_EPA_1")
        assert not one(page, QPushButton, "choose_primary").isEnabled()
        qtbot.keyClick(one(page, QListView, "activities"), Key.Key_Return)
        assert desk.view.chosen("IA_EPA_1") is None
        search(qtbot, page, "IA_BE_4")
        assert not one(page, QPushButton, "remove_activity").isEnabled()
        assert one(page, QPushButton, "choose_primary").isEnabled()
        assert not one(page, QPushButton, "suggest").isEnabled()
        assert one(page, QPushButton, "changes").isEnabled()


# ---------------------------------------------------------------------- warnings


def test_a_limit_blocks_adding_and_says_why_with_the_rule(qtbot, desk):
    start_year(desk, 2026, level=Level.INDIVIDUAL)
    attested = choose.add(desk.session, 2024, "IA_PSPA_23").id
    choose.set_attested(desk.session, attested, date(2025, 2, 1))
    page = show(qtbot, desk, 2026)
    search(qtbot, page, "IA_PSPA_23")
    button = one(page, QPushButton, "choose_primary")
    assert not button.isEnabled()
    why = one(page, QWidget, "effect").text
    assert "2028" in why
    assert button.accessibleDescription() == why
    cited = one(page, QLabel, "effect_citation").text()
    assert cited.startswith("Rule R4.1 · ")
    assert "This is our reading" in cited
    assert "our reading" in said(page)
    assert "Once every 4 years; you attested to it in 2024." in said(page)
    assert "no credit for you" in said(page)
    qtbot.keyClick(one(page, QListView, "activities"), Key.Key_Return)
    qtbot.mouseClick(button, LEFT)
    assert desk.view.selections == ()


def test_a_suspension_is_told_before_adding_and_does_not_block(qtbot, desk):
    start_year(desk, 2025, level=Level.INDIVIDUAL)
    page = show(qtbot, desk, 2025)
    search(qtbot, page, "IA_PM_6")
    warning = one(page, QWidget, "warning_suspended")
    texts = [made.text() for made in warning.findChildren(QLabel)]
    assert any("suspended" in text for text in texts)
    assert any(text.startswith("Rule R9.4") for text in texts)
    assert "our reading" in texts
    assert one(page, QPushButton, "choose_primary").isEnabled()


def test_the_plan_is_full_so_more_is_advised_against(qtbot, desk):
    page = show(qtbot, desk)
    assert not one(page, Banner, "advice").isVisible()
    choose_now(desk, "IA_CC_13")
    assert "Each further activity adds no points" in one(page, Banner, "advice").text
    search(qtbot, page, "IA_BE_5")
    assert one(page, QWidget, "effect").text.startswith("Full credit is planned already.")
    assert one(page, QLabel, "effect_citation").text().startswith("Rule R1.4")
    assert not one(page, QPushButton, "suggest").isEnabled()
    click(qtbot, page, "choose_primary")
    assert "can be left out" in one(page, Banner, "advice").text


def choose_now(desk: Practiced, activity_id: str) -> None:
    desk.change(lambda: choose.add(desk.session, desk.year, activity_id))


def test_a_provisional_year_says_so(qtbot, desk):
    start_year(desk, 2027)
    page = show(qtbot, desk, 2027)
    assert one(page, Banner, "provisional").text == desk.session.catalog.year_note(2027)
    assert one(page, Banner, "provisional").isVisible()
    desk.set_year(2024)
    assert not one(page, Banner, "provisional").isVisible()


def test_in_a_track_with_an_assigned_score_nothing_is_counted(qtbot, desk):
    start_year(desk, 2026, track=Track.APP)
    page = show(qtbot, desk, 2026)
    assert any("CMS assigns the score" in made.text() for made in page.findChildren(QLabel))
    assert not one(page, QPushButton, "suggest").isEnabled()


# ---------------------------------------------------------------------- search, filters, order


def test_a_search_forgives_typing_errors_and_says_where_it_found(qtbot, desk):
    page = show(qtbot, desk)
    line = one(page, QLineEdit, "search")
    qtbot.keyClicks(line, "portal mesages")
    assert ids(page)[0] == "IA_BE_4"  # at once, without a pause
    row = one(page, QListView, "activities").model().rows[0]
    assert row.found_in.startswith("title")
    assert one(page, QLabel, "matches").text() == f"{len(ids(page))} of 106 match."
    qtbot.waitUntil(lambda: shown(page) == "IA_BE_4")  # the pane follows when the typing pauses
    qtbot.keyClick(line, Key.Key_Escape)
    assert len(ids(page)) == 106
    assert shown(page) == "IA_BE_4"


def test_search_in_a_subcategory_offers_all_of_them(qtbot, desk):
    page = show(qtbot, desk)
    left = one(page, QListView, "subcategories")
    place = next(place for place, row in enumerate(left.model().rows) if row.short_name == "Beneficiary Engagement")
    qtbot.mouseClick(left.viewport(), LEFT, pos=left.visualRect(left.model().index(place)).center())
    assert len(ids(page)) == left.model().rows[place].count == 14
    search(qtbot, page, "follow up")
    inside = len(ids(page))
    link = one(page, QPushButton, "search_everywhere")
    assert one(page, QLabel, "matches").text() == f"{inside} of 14 match."
    total = int(link.text().removeprefix("Search all subcategories (").removesuffix(")"))
    assert total > inside
    qtbot.mouseClick(link, LEFT)
    assert len(ids(page)) == total
    assert left.currentIndex().row() == 0


def test_nothing_found_says_what_to_do(qtbot, desk):
    page = show(qtbot, desk)
    left = one(page, QListView, "subcategories")
    left.setCurrentIndex(left.model().index(2))
    search(qtbot, page, "IA_BE_4")
    assert ids(page) == []
    assert shown(page) == ""
    click(qtbot, page, "search_everywhere_empty")
    assert ids(page) == ["IA_BE_4"]
    search(qtbot, page, "qqqqqq")
    texts = [made.text() for made in one(page, QWidget, "no_match").findChildren(QLabel)]
    assert any("“qqqqqq”" in text for text in texts)
    click(qtbot, page, "clear_filters")
    assert len(ids(page)) == 106
    assert page.focusWidget().objectName() == "search"


def test_filters_are_chips_that_go_away_again(qtbot, desk):
    page = show(qtbot, desk)
    filter_by(page, "High weight")
    filter_by(page, "Provable with screenshots")
    catalog = load_catalog()
    assert ids(page) == [
        each.id for each in catalog.activities(2024) if each.weight == "high" and provable_with_screenshots(each)
    ]
    click(qtbot, page, "filter_weight")
    assert not there(page, "filter_weight")
    assert ids(page) == [each.id for each in catalog.activities(2024) if provable_with_screenshots(each)]
    qtbot.keyClick(one(page, QWidget, "filter_screenshots"), Key.Key_Space)
    assert len(ids(page)) == 106
    filter_by(page, "Chosen")
    assert ids(page) == ["IA_BE_4"]


def test_what_was_done_last_year_under_another_name_too(qtbot, desk):
    start_year(desk, 2025)
    start_year(desk, 2026)
    for name in ("IA_AHE_6", "IA_BE_4", "IA_CC_1"):
        choose.add(desk.session, 2025, name)
    page = show(qtbot, desk, 2026)
    filter_by(page, "We did this in 2025")
    assert ids(page) == ["IA_BE_4", "IA_EPA_8"]


def test_the_activities_of_an_mvp(qtbot, desk):
    mvp = load_catalog().mvps(2024)[0]
    start_year(desk, 2024, track=Track.MVP, mvp_id=mvp.id)
    page = show(qtbot, desk)
    desk.reload()
    filter_by(page, "In the MVP", "Yours: ")
    assert set(ids(page)) == set(mvp.activity_ids)
    assert there(page, "filter_mvp_id")


def test_the_bonus_of_the_first_years(qtbot, desk):
    start_year(desk, 2018)
    page = show(qtbot, desk, 2018)
    filter_by(page, "Earns the CEHRT bonus")
    found = [each.id for each in load_catalog().activities(2018) if each.cehrt_eligible]
    assert ids(page) == found != []
    desk.set_year(2024)  # without the bonus, so the filter goes
    assert len(ids(page)) == 106


def test_the_order_is_chosen(qtbot, desk):
    page = show(qtbot, desk)
    filter_by(page, "Order by", "Title")
    titles = [load_catalog().activity(2024, each).title.casefold() for each in ids(page)]
    assert titles == sorted(titles)
    filter_by(page, "Order by", "Points for you")
    points = choosing.glance(desk.session, desk.view).points
    worth = [points[each] for each in ids(page)]
    assert worth == sorted(worth, reverse=True)
    assert worth[0] == 40
    filter_by(page, "Order by", "Identifier")
    assert ids(page) == list(load_catalog().inventory(2024))
    click(qtbot, page, "filter_sort")
    assert not there(page, "filter_sort")


# ---------------------------------------------------------------------- what is said about an activity


def test_what_an_activity_asks_for(qtbot, desk):
    page = show(qtbot, desk)
    search(qtbot, page, "IA_BE_4")
    text, guidance = said(page), load_catalog().activity(2024, "IA_BE_4").guidance
    assert guidance.summary in text
    assert guidance.need_in_words in text
    for option in guidance.options:
        assert option.label in text
        assert kinds_in_words(option.kinds) in text
    assert "20 points for you" in text
    assert "At least 90 days in a row inside 2024. The last day to start is October 3." in text
    assert "equivalent proof passes" in text
    assert "In 2017–" in text
    for tip in guidance.capture_tips:
        assert tip in text


def test_related_activities_are_links_inside_the_room_and_back(qtbot, desk):
    page = show(qtbot, desk)
    search(qtbot, page, "IA_BE_4")
    click(qtbot, page, "related_IA_CC_13")
    assert shown(page) == "IA_CC_13"
    assert one(page, QListView, "activities").currentIndex().data().startswith("IA_CC_13")
    click(qtbot, page, "back")
    assert shown(page) == "IA_BE_4"
    assert ids(page) == ["IA_BE_4"]
    assert one(page, QLineEdit, "search").text() == "IA_BE_4"
    assert not there(page, "back")


def test_an_mvp_that_holds_it_lists_its_activities(qtbot, desk):
    page = show(qtbot, desk)
    search(qtbot, page, "IA_BE_4")
    mvp_id = load_catalog().activity(2024, "IA_BE_4").mvp_ids[0]
    click(qtbot, page, f"mvp_{mvp_id}")
    assert "IA_BE_4" in ids(page)
    assert len(ids(page)) == len(next(mvp for mvp in load_catalog().mvps(2024) if mvp.id == mvp_id).activity_ids)


def test_cms_pages_open_in_the_browser(qtbot, desk, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    page = show(qtbot, desk)
    click(qtbot, page, "cms_page_0")
    assert opened == [load_catalog().links(2024)[0].url]
    assert "2024" in opened[0]


def test_cms_own_text_is_quoted_and_opens(qtbot, desk, tmp_path):
    page = show(qtbot, desk)
    search(qtbot, page, "IA_BE_4")
    assert "CMS's own text is not loaded" in said(page)
    with qtbot.waitSignal(desk.room_requested) as asked:
        click(qtbot, page, "load_official")
    assert asked.args[0] is Room.SETTINGS
    content = measures(2024)
    words = "Made-up words of the requirement, one after the other. " * 20
    next(each for each in content if each["measureId"] == "IA_BE_4")["description"] = words + "<b>The end.</b>"
    path = tmp_path / "measures-data.json"
    path.write_bytes(as_file(content))
    desk.change(lambda: official.load_file(desk.session, path).changes)
    quote = one(page, QWidget, "official_text")
    assert quote.text.endswith("…")
    assert len(quote.text) < 300
    assert "CMS measures data 2024, file sha256 " in said(page)
    click(qtbot, page, "read_all")
    assert quote.text == f"{words}<b>The end.</b>"
    click(qtbot, page, "read_all")
    assert quote.text.endswith("…")


def test_a_file_without_the_text_says_so(qtbot, desk, tmp_path):
    start_year(desk, 2025)
    content = measures(2025)
    notice = next(each for each in content if each["measureId"] == "IA_AHE_5")
    notice["description"] = "This activity has been suspended."
    path = tmp_path / "measures-data.json"
    path.write_text(json.dumps(content))
    official.load_file(desk.session, path)
    page = show(qtbot, desk, 2025)
    search(qtbot, page, "IA_AHE_5")
    assert "holds only a notice of suspension; its text is in the file of 2024" in said(page)
    assert not there(page, "load_official")


# ---------------------------------------------------------------------- rows and words


def test_rows_are_filtered_and_counted():
    activities = load_catalog().activities(2024)
    listing = Listing(activities, frozenset({"IA_BE_4"}))
    high = listed(listing, ActivityFilter(weight=Weight.HIGH))
    assert {row.activity.weight for row in high} == {Weight.HIGH}
    assert [row.activity.id for row in listed(listing, ActivityFilter(chosen=True))] == ["IA_BE_4"]
    assert listed(listing, ActivityFilter(earlier=True)) == ()
    assert len(listed(listing, ActivityFilter(sort=Sort.TITLE))) == len(activities)
    hits = choosing.find(2024, "portal")
    assert [row.activity.id for row in listed(listing, ActivityFilter(), hits)] == [hit.activity.id for hit in hits]
    rows = subcategories(activities, frozenset({"IA_BE_4"}))
    assert rows[0].count == sum(row.count for row in rows[1:]) == len(activities)
    assert rows[0].chosen == sum(row.chosen for row in rows[1:]) == 1


def test_where_a_search_found_something_in_words():
    assert fields_in_words(choosing.find(2024, "ia_be_4")[0].fields) == "id"
    assert "title" in fields_in_words(choosing.find(2024, "portal")[0].fields)
    assert fields_in_words(()) == ""


def test_years_in_words():
    assert years_in_words((2017, 2018, 2019, 2021, 2023, 2024)) == "2017–2019, 2021, 2023–2024"
    assert years_in_words(()) == ""


def test_models_keep_qts_rules():
    activities = load_catalog().activities(2024)
    model, left = ActivityModel(), SubcategoryModel()
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    testers = [QAbstractItemModelTester(each, mode) for each in (model, left)]
    for chosen in (frozenset[str](), frozenset({"IA_BE_4"})):
        model.set_rows(listed(Listing(activities, chosen), ActivityFilter()))
        left.set_rows(subcategories(activities, chosen))
    model.set_rows(())
    assert len(testers) == 2


def test_small_windows_get_a_box_for_the_subcategories(qtbot, desk):
    page = show(qtbot, desk)
    page.resize(760, 560)
    assert not one(page, QListView, "subcategories").isVisible()
    box = one(page, QWidget, "subcategory_box")
    assert box.isVisible()
    box.setCurrentIndex(2)
    box.activated.emit(2)
    assert len(ids(page)) < 106
    page.resize(600, 560)
    QApplication.processEvents()
    listed_at, told_at = one(page, QListView, "activities"), page.findChild(QWidget, "activity_details")
    assert told_at.mapTo(page, QPoint(0, 0)).y() > listed_at.mapTo(page, QPoint(0, 0)).y()


def test_a_status_doubles_what_an_activity_is_worth(qtbot, desk):
    page = show(qtbot, desk)
    search(qtbot, page, "IA_EPA_1")
    assert "40 points for you" in said(page)
    desk.change(lambda: setup.set_profile(desk.session, YearProfile(2024, special_statuses=frozenset[SpecialStatus]())))
    assert "20 points for you" in said(page)
