"""The Binder room: outline, real pages, links from what an auditor would ask back, options, states of the room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QTreeView, QWidget

from mips_desk.binder.checks import Check, State, Topic
from mips_desk.binder.outline import Outline, Part
from mips_desk.domain.practice import YearProfile
from mips_desk.errors import BadInputError
from mips_desk.services import previewing, setup
from mips_desk.ui.desk import Target
from mips_desk.ui.pages.binder import BinderPage
from mips_desk.ui.pages.binder_checks import AT_ONCE, ChecksCard
from mips_desk.ui.pages.binder_outline import OutlineModel
from mips_desk.ui.pages.binder_part import BinderPart
from mips_desk.ui.pages.binder_parts import PARTS, PartEntry
from mips_desk.ui.rooms import Room
from mips_desk.ui.widgets.empty_state import Skeleton

from .binder_room import LEFT, check_line, checks, click, finish, make_page, one, outside, words
from .conftest import nameless, show_active
from .rooms import HeldJobs, Practiced, small_practice


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        yield made


@pytest.fixture
def page(qtbot, desk):
    return make_page(qtbot, desk)


def _tree(page: BinderPage) -> QTreeView:
    return page.findChild(QTreeView, "outline")


# Outline


def test_the_outline_turns_to_the_page_and_follows_it(qtbot, page, desk):
    tree, sheets = _tree(page), one(page, "sheets")
    item = desk.session.vault.evidence(2024)[1]
    page.open_target(Target(item.selection_id, item.id))
    assert sheets.number == page.part.preview.numbers[f"exhibit:{item.id}"]
    assert "Picture 2" in tree.currentIndex().data()
    qtbot.keyClick(sheets, Qt.Key.Key_Home)
    assert tree.currentIndex().data() == "Cover"
    tree.setFocus()
    qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert sheets.number == page.part.preview.numbers["contents"]


def test_a_click_on_a_part_shows_its_page(qtbot, page):
    tree, sheets = _tree(page), one(page, "sheets")
    index = tree.model().place("glossary")
    tree.scrollTo(index)
    qtbot.mouseClick(tree.viewport(), LEFT, pos=tree.visualRect(index).center())
    assert sheets.number == page.part.preview.numbers["glossary"]


def test_activities_fold_by_keyboard_and_stay_folded(qtbot, page, desk):
    tree = _tree(page)
    selection = desk.view.selections[0].id
    tree.setFocus()
    tree.setCurrentIndex(tree.model().place(f"activity:{selection}"))
    qtbot.keyClick(tree, Qt.Key.Key_Left)
    finish(desk)
    assert not tree.isExpanded(tree.model().place(f"activity:{selection}"))
    item = desk.session.vault.evidence(2024)[0]
    sheets = one(page, "sheets")
    sheets.show_page(page.part.preview.numbers[f"exhibit:{item.id}"])
    assert tree.currentIndex().data().startswith("IA_BE_4"), "what is folded away is stood for by its activity"
    page.open_target(Target(selection, item.id))
    assert "Picture 1" in tree.currentIndex().data(), "a link unfolds it"


def test_every_part_says_how_it_stands(page, desk):
    model = _tree(page).model()
    item = desk.session.vault.evidence(2024)[0]
    said = model.data(model.place(f"exhibit:{item.id}"), Qt.ItemDataRole.AccessibleTextRole)
    assert said.endswith("something is missing")
    story = model.place(f"activity:{item.selection_id}:story")
    assert model.data(story, Qt.ItemDataRole.AccessibleTextRole).endswith("an auditor would ask back")
    assert model.data(model.place("glossary"), Qt.ItemDataRole.AccessibleTextRole).endswith("complete")


def test_the_outline_is_a_sound_model(qtmodeltester):
    model = OutlineModel()
    inner = Part("activity:1", "IA_BE_4  Portal", State.GAP, (Part("x", "Exhibit 2024-IA_BE_4-01  Inbox"),))
    model.set_outline(Outline((Part("cover", "Cover"), inner), ()))
    qtmodeltester.check(model)
    assert model.data(model.place("x")) == "Exhibit 01  Inbox"
    assert model.place("nothing") == QModelIndex()


# Checks


@pytest.mark.parametrize("asked", ["Redact “Picture 1”", "It is withheld until then"])
def test_what_is_asked_about_a_picture_opens_it(qtbot, page, desk, asked):
    went = []
    desk.room_requested.connect(lambda room, target: went.append((room, target)))
    qtbot.mouseClick(check_line(page, asked), LEFT)
    ((shown, target),) = went
    assert (shown, target.annotate) == (Room.EVIDENCE, True)
    assert target.evidence_id == desk.session.vault.evidence(2024)[0].id


def test_a_missing_option_opens_the_evidence_room_by_keyboard(qtbot, tmp_path):
    with small_practice(tmp_path, pictures=0) as desk:
        page = make_page(qtbot, desk)
        went = []
        desk.room_requested.connect(lambda room, target: went.append((room, target.selection_id)))
        line = check_line(page, "Add proof")
        line.setFocus()
        qtbot.keyClick(line, Qt.Key.Key_Return)
        assert went == [(Room.EVIDENCE, desk.view.selections[0].id)]


def test_gaps_come_first_and_all_are_counted(page):
    states = [line.accessibleName() for line in checks(page)]
    found = page.part.preview.tree.checks
    assert states == [check.text for check in found]
    assert found[0].state is State.GAP
    assert words(page, "checks_count") == str(len(found))
    headings = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    gaps = sum(check.state is State.GAP for check in found)
    assert f"Missing  {gaps}" in headings
    assert f"Worth an answer  {len(found) - gaps}" in headings


def test_thousands_of_checks_cost_nothing_before_somebody_reads_them(qtbot):
    card = ChecksCard()
    qtbot.addWidget(card)
    card.resize(320, 500)
    card.show_checks([Check("Redact it.", ("x",), State.GAP, Topic.PICTURE, f"Exhibit {n}", "") for n in range(2000)])
    show_active(qtbot, card)
    qtbot.waitUntil(lambda: len(checks(card)) == AT_ONCE)
    assert words(card, "checks_count") == "2000"
    more = one(card, "more_checks")
    assert more.text() == f"Show {2000 - AT_ONCE} more"
    more.setFocus()
    qtbot.keyClick(more, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(checks(card)) == 3 * AT_ONCE)
    # The keyboard goes on where the list went on.
    qtbot.waitUntil(lambda: QApplication.focusWidget() is one(card, f"check_{AT_ONCE}"))


def test_no_words_of_a_check_are_cut_off(page):
    for line in checks(page):
        assert line.height() >= line.heightForWidth(line.width())
        assert line.width() <= one(page, "checks_count").window().width()


# Words about an activity


def test_how_it_was_done_is_written_here(qtbot, page, desk):
    qtbot.mouseClick(check_line(page, "Say in a few sentences"), LEFT)
    story = page.findChild(QPlainTextEdit, "story")
    assert QApplication.focusWidget() is story
    qtbot.keyClicks(story, "Patients write to us through the portal.")
    click(qtbot, page, "wording_done")
    assert desk.view.selections[0].selection.story == "Patients write to us through the portal."
    assert not any("Say in a few sentences" in line.accessibleName() for line in checks(page))


def test_the_day_of_the_report_is_entered_here(qtbot, page, desk):
    click(qtbot, page, "edit_wording")
    field = one(page, "attested_on")
    field.setFocus()
    qtbot.keyClicks(field, "2/18")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert desk.view.selections[0].selection.attested_on.isoformat() == "2025-02-18"


def test_a_missing_attestation_leads_to_what_was_attested(qtbot, page):
    qtbot.mouseClick(check_line(page, "date of attestation"), LEFT)
    assert page.part.objectName() == "binder_attested"


def test_the_words_are_reached_from_the_outline(qtbot, page):
    click(qtbot, page, "edit_wording")
    assert QApplication.focusWidget() is page.findChild(QPlainTextEdit, "story")
    click(qtbot, page, "wording_done")
    assert checks(page)


# Options


def test_options_change_the_pages(qtbot, page):
    assert page.part.preview.sizes[0] == (612.0, 792.0)
    click(qtbot, page, "journal_extract")
    assert "journal" not in page.part.preview.numbers
    click(qtbot, page, "sign_off")
    assert not any(key.endswith(":sign-off") for key in page.part.preview.numbers)
    click(qtbot, page, "paper_a4")
    assert page.part.preview.sizes[0] == pytest.approx((595.28, 841.89))


def test_options_of_the_package_lay_out_nothing_anew(qtbot, page):
    before = page.part.preview
    click(qtbot, page, "encrypt")
    assert page.part.preview is before


def test_the_full_edition_asks_why_and_says_what_it_means(qtbot, page):
    click(qtbot, page, "edition_full")
    dialog = one(page, "full_edition")
    assert any("names and other identifiers" in label.text() for label in dialog.findChildren(QLabel))
    assert not one(dialog, "full_edition_done").isEnabled(), "not without a reason"
    qtbot.keyClicks(one(dialog, "full_reason"), "CMS asked for it on May 2.")
    click(qtbot, dialog, "full_edition_done")
    assert page.part.preview.edition == "full"
    assert page.part.preview.withheld == 0
    click(qtbot, page, "edition_redacted")
    assert page.part.preview.edition == "redacted"


def test_the_full_edition_can_be_thought_better_of(qtbot, page):
    before = page.part.preview
    click(qtbot, page, "edition_full")
    qtbot.keyClick(one(page, "full_edition"), Qt.Key.Key_Escape)
    assert one(page, "edition_redacted").isChecked()
    assert page.part.preview is before


# States of the room


def test_a_year_without_activities_says_what_to_do(qtbot, tmp_path):
    with small_practice(tmp_path, chosen=False) as desk:
        page = make_page(qtbot, desk)
        rooms = []
        desk.room_requested.connect(lambda room, _target: rooms.append(room))
        click(qtbot, page, "choose_first")
        assert rooms == [Room.CHOOSE]
        assert not one(page, "export_binder").isEnabled()


def _loading(page: BinderPage) -> bool:
    shown = {bars.isVisibleTo(page) for bars in page.part.findChildren(Skeleton)}
    assert len(shown) == 1
    return shown.pop()


def _says_complete(page: BinderPage) -> bool:
    return one(page, "nothing_asked").isVisibleTo(page)


def test_nothing_is_claimed_before_the_pages_are_known(qtbot, tmp_path):
    with small_practice(tmp_path, jobs=HeldJobs()) as desk:
        page = make_page(qtbot, desk)
        assert _loading(page)
        assert not _says_complete(page)
        assert not _tree(page).isVisible()
        assert not one(page, "export_binder").isEnabled(), "it is not known what to ask before"
        desk.jobs.release()
        assert not _loading(page)
        qtbot.waitUntil(lambda: bool(checks(page)))
        assert not _says_complete(page)
        assert one(page, "export_binder").isEnabled()
        qtbot.waitUntil(lambda: one(page, "sheets").isVisible())
        desk.jobs.release()


def test_a_complete_binder_says_so(qtbot):
    card = ChecksCard()
    qtbot.addWidget(card)
    show_active(qtbot, card)
    card.show_checks([Check("Enter it.", ("practice",), State.WARNING, Topic.PRACTICE, "Practice", "")])
    qtbot.waitUntil(lambda: len(checks(card)) == 1)
    card.show_checks(())
    assert checks(card) == []
    assert one(card, "nothing_asked").isVisible()
    assert not one(card, "checks_count").isVisible()
    card.show_checks(None)
    assert not one(card, "nothing_asked").isVisible(), "nothing is claimed while it is not known"


def test_another_year_claims_nothing_of_the_year_before(qtbot, tmp_path):
    with small_practice(tmp_path, jobs=HeldJobs()) as desk:
        setup.set_profile(desk.session, YearProfile(2025))
        page = make_page(qtbot, desk)
        desk.jobs.release()
        qtbot.waitUntil(lambda: bool(checks(page)))
        desk.set_year(2025)
        desk.jobs.release()
        assert one(page, "choose_first").isVisible()
        desk.set_year(2024)
        while page.view.year == 2025:
            desk.jobs.release_one()
        assert _loading(page)
        assert checks(page) == []
        desk.jobs.release()
        qtbot.waitUntil(lambda: bool(checks(page)))


def test_pages_that_cannot_be_laid_out_can_be_tried_again(qtbot, desk, monkeypatch):
    def broken(*_args, **_options):
        raise BadInputError("An original is damaged.")

    with monkeypatch.context() as patched:
        patched.setattr(previewing, "preview", broken)
        page = make_page(qtbot, desk)
    assert not _says_complete(page)
    assert not one(page, "export_binder").isEnabled()
    said = desk.said[-1]
    assert (said.text, said.action) == ("An original is damaged.", "Try again")
    said.run()
    assert page.part.preview is not None
    assert one(page, "export_binder").isEnabled()


def test_a_change_makes_the_preview_anew(page, desk):
    before = page.part.preview
    finish(desk)
    assert page.part.preview is not before
    assert len(page.part.preview.tree.checks) < len(before.tree.checks)


def test_a_hidden_room_lays_out_nothing(page, desk):
    before = page.part.preview
    page.hide()
    finish(desk)
    assert page.part.preview is before
    page.show()
    page.ensure_fresh()
    assert page.part.preview is not before


# The head and its parts


def test_the_tabs_go_through_the_parts_by_keyboard(qtbot, page):
    tabs = one(page, "binder_tabs")
    assert [tabs.tabText(place) for place in range(tabs.count())] == [entry.label for entry in PARTS]
    tabs.setFocus()
    for entry in PARTS[1:]:
        qtbot.keyClick(tabs, Qt.Key.Key_Right)
        assert page.place().part == entry.key
    assert not one(page, "export_binder").isVisible(), "buttons belong to their part"


def test_a_link_names_a_part_and_a_lock_comes_back_to_it(page):
    page.open_target(Target(part="exports"))
    assert page.place() == Target(part="exports")
    assert [action.text() for action in page.commands()] == ["&Check a file…"]


def test_another_part_is_a_line_in_the_registry(qtbot, desk):
    class Spare(BinderPart):
        seen = 0

        def refresh(self) -> None:
            Spare.seen += 1
            self.told.emit("Spare", "Nothing is here.")

    made = BinderPage(desk, outside(), parts=(*PARTS, PartEntry("spare", "Spare", Spare)))
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.ensure_fresh()
    show_active(qtbot, made)
    assert Spare.seen == 0, "made on the first visit"
    made.open_target(Target(part="spare"))
    assert Spare.seen == 1
    finish(desk)
    assert Spare.seen > 1, "it hears of changes while it is shown"


def test_everything_has_a_name(page):
    assert nameless(page) == []
    page.open_target(Target(part="exports"))
    assert nameless(page) == []


@pytest.mark.parametrize("height", [560, 900])
def test_checks_and_options_are_both_within_reach(qtbot, desk, height):
    page = make_page(qtbot, desk, height=height)
    tabs = one(page, "side_tabs")
    assert tabs.isVisible() == (height < 800)
    if tabs.isVisible():
        assert tabs.tabText(0).endswith(str(len(page.part.preview.tree.checks)))
        assert not one(page, "paper_a4").isVisible()
        tabs.setFocus()
        qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert one(page, "paper_a4").isVisible()


def test_read_only_shows_the_binder_and_changes_nothing(qtbot, tmp_path):
    with small_practice(tmp_path, read_only=True) as desk:
        page = make_page(qtbot, desk)
        assert page.part.preview is not None
        assert page.findChild(QPlainTextEdit, "story").isReadOnly()
        assert isinstance(one(page, "attested_on"), QWidget)
        qtbot.waitUntil(lambda: one(page, "sheets").settled)


# Turns and sizes


def test_the_panes_are_made_over_some_turns(qtbot, desk):
    page = BinderPage(desk, outside())
    qtbot.addWidget(page)
    page.ensure_fresh()
    assert not page.part.ready
    assert page.findChild(QWidget, "options_card") is None, "all panes in one turn keep the window from answering"
    assert page.place().selection_id == ""
    assert page.can_leave()
    qtbot.waitUntil(lambda: page.part.ready)
    assert one(page, "options_card")
    assert page.findChild(QWidget, "outcome_card") is None, "made for the first export"
    assert page.part.preview is not None


def test_a_link_at_the_first_visit_is_followed_before_the_panes_are_made(qtbot, desk):
    page = BinderPage(desk, outside())
    qtbot.addWidget(page)
    page.ensure_fresh()
    selection = desk.view.selections[0].id
    page.open_target(Target(selection))
    qtbot.waitUntil(lambda: page.part.ready)
    assert page.place().selection_id == selection


def test_a_practice_closed_meanwhile_is_left_alone(qtbot, desk):
    page = BinderPage(desk, outside())
    qtbot.addWidget(page)
    page.ensure_fresh()
    desk.jobs.shutdown()
    qtbot.waitUntil(lambda: page.part.ready)
    assert page.part.preview is None


def test_the_page_bar_follows_the_text_size(qtbot, page, theme):
    field, zoom = one(page, "page_number"), one(page, "zoom")
    before = (field.width(), zoom.width(), one(page, "zoom_in").iconSize().width(), _tree(page).iconSize().width())
    theme.set_text_scale(200)
    after = (field.width(), zoom.width(), one(page, "zoom_in").iconSize().width(), _tree(page).iconSize().width())
    assert all(now >= 1.9 * then for now, then in zip(after, before, strict=True))


def test_the_titles_of_the_first_parts_are_not_cut_off(page):
    tree = _tree(page)
    for key in ("score", "half", "status", "attested", "method"):
        index = tree.model().place(key)
        assert tree.sizeHintForIndex(index).width() <= tree.visualRect(index).width(), index.data()
