"""The Evidence room on a real vault: ways in, what is said about a picture, the annotator, undo."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QWidget

from mips_desk.annotate.marks import Redaction
from mips_desk.annotate.shapes import redaction_boxes
from mips_desk.domain.evidence import EvidenceItem, Source
from mips_desk.services import collect
from mips_desk.ui.desk import Target
from mips_desk.ui.messages import Level
from mips_desk.ui.pages.evidence import EvidencePage
from mips_desk.ui.rooms import Room
from mips_desk.ui.widgets.line_button import LineButton

from .conftest import nameless, show_active
from .rooms import Practiced, picture, small_practice

LEFT = Qt.MouseButton.LeftButton
OPTION = "thumbnails_"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        yield made


@pytest.fixture
def page(qtbot, desk):
    return _page(qtbot, desk)


def _page(qtbot, desk, **options) -> EvidencePage:
    made = EvidencePage(desk, **options)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.ensure_fresh()
    show_active(qtbot, made)
    return made


def _items(desk: Practiced) -> tuple[EvidenceItem, ...]:
    return desk.session.vault.evidence(2024)


def _click(qtbot, page: QWidget, name: str) -> None:
    qtbot.mouseClick(page.findChild(QWidget, name), LEFT)


def _drop(page: EvidencePage, *paths: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place, copy, keys = QPoint(300, 300), Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, copy, data, LEFT, keys)
    QApplication.sendEvent(page, enter)
    if enter.isAccepted():
        QApplication.sendEvent(page, QDropEvent(QPointF(place), copy, data, LEFT, keys))
    return enter.isAccepted()


def test_the_first_picture_is_selected_and_described(page):
    assert page.findChild(QLineEdit, "caption").text() == "Picture 1"
    assert page.findChild(QLineEdit, "shows_date").text() == "03/01/2024"


def test_a_caption_saves_by_itself_and_can_be_undone(qtbot, page, desk):
    caption = page.findChild(QLineEdit, "caption")
    caption.setFocus()
    caption.selectAll()
    qtbot.keyClicks(caption, "Message list, March")
    qtbot.keyClick(caption, Qt.Key.Key_Return)
    assert _items(desk)[0].caption == "Message list, March"
    desk.undo.undo()
    assert _items(desk)[0].caption == "Picture 1"
    assert caption.text() == "Picture 1"


def test_leaving_the_room_saves_what_is_being_typed(qtbot, page, desk):
    caption = page.findChild(QLineEdit, "caption")
    caption.setFocus()
    caption.selectAll()
    qtbot.keyClicks(caption, "Typed and left")
    assert page.can_leave()
    assert _items(desk)[0].caption == "Typed and left"


def test_another_picture_is_selected_and_typing_goes_to_the_first(qtbot, page, desk):
    caption = page.findChild(QLineEdit, "caption")
    caption.setFocus()
    caption.selectAll()
    qtbot.keyClicks(caption, "First")
    page._shelf.pick(_items(desk)[1].id)
    assert caption.text() == "Picture 2"
    assert [item.caption for item in _items(desk)] == ["First", "Picture 2"]


@pytest.mark.parametrize("typed", ["6/11/2024", "2024-06-11", "Jun 11", "6/11", "June 11, 2024"])
def test_a_date_is_read_as_people_write_it(qtbot, page, desk, typed):
    field = page.findChild(QLineEdit, "shows_date")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert _items(desk)[0].shows_date == date(2024, 6, 11)
    assert field.text() == "06/11/2024"


def test_a_date_can_be_taken_away(qtbot, page, desk):
    field = page.findChild(QLineEdit, "shows_date")
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert _items(desk)[0].shows_date is None


def test_what_is_no_date_is_marked_and_not_stored(qtbot, page, desk):
    field = page.findChild(QLineEdit, "shows_date")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "13/45/2024")
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert field.property("wrong") is True
    assert _items(desk)[0].shows_date == date(2024, 3, 1)


def test_a_date_outside_the_period_asks_for_the_reason(qtbot, page, desk):
    reason = page.findChild(QLineEdit, "outside_reason")
    assert not reason.isVisible()
    field = page.findChild(QLineEdit, "shows_date")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "2/1/2024")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert reason.isVisible()
    qtbot.keyClicks(reason, "Shows the start")
    qtbot.keyClick(reason, Qt.Key.Key_Return)
    assert _items(desk)[0].outside_reason == "Shows the start"


def test_the_option_and_the_clinicians_are_chosen(qtbot, page, desk):
    proves = page.findChild(QWidget, "proves")
    proves.setFocus()
    qtbot.keyClick(proves, Qt.Key.Key_Down)
    second = desk.view.selections[0].activity.guidance.options[1].key
    assert _items(desk)[0].option_key == second
    page.findChild(QWidget, "clinicians").menu().actions()[0].trigger()
    assert _items(desk)[0].clinician_ids == (desk.view.clinicians[0].id,)


def test_paste_takes_the_picture_from_the_clipboard(qtbot, page, desk):
    image = QImage.fromData(picture(7))
    QGuiApplication.clipboard().setImage(image)
    _click(qtbot, page, "paste")
    item = _items(desk)[-1]
    assert item.intake.source is Source.PASTE
    assert (item.width, item.height) == (640, 400)
    stored = Image.open(BytesIO(desk.session.vault.original(item.sha256))).convert("RGB")
    assert stored.tobytes() == Image.open(BytesIO(picture(7))).tobytes(), "without loss"
    assert page._details.item.id == item.id, "the new picture is selected"


def test_paste_without_a_picture_says_so(qtbot, page, desk):
    QGuiApplication.clipboard().setText("words")
    _click(qtbot, page, "paste")
    assert desk.said[-1].text.startswith("There is no picture on the clipboard")
    assert len(_items(desk)) == 2


def test_dropped_files_go_to_the_chosen_option(qtbot, page, desk, tmp_path):
    one, two = tmp_path / "one.png", tmp_path / "two.jpg"
    one.write_bytes(picture(8))
    two.write_bytes(picture(9, kind="JPEG"))
    key = desk.view.selections[0].activity.guidance.options[1].key
    _click(qtbot, page, f"option_{key}")
    assert _drop(page, one, two)
    added = _items(desk)[2:]
    assert [item.intake.file_name for item in added] == ["one.png", "two.jpg"]
    assert {item.option_key for item in added} == {key}
    assert desk.session.vault.original(added[1].sha256) == two.read_bytes(), "the original is kept as it is"


def test_a_dropped_pdf_is_left_to_the_window(page, tmp_path):
    binder = tmp_path / "binder.pdf"
    binder.write_bytes(b"%PDF-1.4")
    assert not _drop(page, binder)


def test_a_file_that_is_no_picture_is_refused_in_one_sentence(page, desk, tmp_path):
    wrong = tmp_path / "notes.png"
    wrong.write_bytes(b"not a picture")
    _drop(page, wrong)
    assert desk.said[-1].level is Level.ERROR
    assert "notes.png" in desk.said[-1].text
    assert len(_items(desk)) == 2


def test_import_takes_what_the_dialog_returns(qtbot, desk, tmp_path):
    file = tmp_path / "report.png"
    file.write_bytes(picture(11))
    page = _page(qtbot, desk, choose_files=lambda: [file])
    _click(qtbot, page, "import")
    assert _items(desk)[-1].intake.source is Source.IMPORT


def test_the_same_picture_twice_warns(page, desk, tmp_path):
    file = tmp_path / "again.png"
    file.write_bytes(picture(1))
    _drop(page, file)
    assert desk.said[-1].level is Level.WARNING
    assert "already" in desk.said[-1].text


def test_delete_can_be_undone_from_the_notice(qtbot, page, desk):
    view = page._shelf.views[0]
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert [item.caption for item in _items(desk)] == ["Picture 2"]
    notice = desk.said[-1]
    assert notice.action == "Undo"
    notice.run()
    assert [item.caption for item in _items(desk)] == ["Picture 1", "Picture 2"]


def test_what_is_missing_leads_to_where_it_is_done(qtbot, page, desk):
    collect_id = _items(desk)[1].id
    desk.change(lambda: collect.describe(desk.session, collect_id, caption="", no_date=True))
    lines = {line.objectName(): line for line in page.findChildren(LineButton)}
    qtbot.mouseClick(lines[f"missing_shows_date_{collect_id}"], LEFT)
    assert page._details.item.id == collect_id
    assert QApplication.focusWidget() is page.findChild(QLineEdit, "shows_date")


def test_missing_dates_of_use_open_the_other_room(qtbot, page, desk):
    rooms = []
    desk.room_requested.connect(lambda room, target: rooms.append((room, target.selection_id)))
    selection = desk.view.selections[0].id
    from mips_desk.services import choose

    desk.change(lambda: choose.set_period(desk.session, selection, None))
    qtbot.mouseClick(page.findChild(QWidget, "missing_period_"), LEFT)
    assert rooms == [(Room.DATES, selection)]


def test_thumbnails_show_the_rendition(page, desk):
    item = _items(desk)[0]
    bar = Redaction(x=0, y=0, width=640, height=400)
    desk.change(lambda: collect.set_marks(desk.session, item.id, (bar,)))
    shown = page._thumbnails.picture(item.id)
    assert shown.pixelColor(shown.width() // 2, shown.height() // 2).name() == "#000000"


# The annotator in place


def _annotate(qtbot, page):
    _click(qtbot, page, "redact_and_annotate")
    annotator = page.annotator
    assert annotator.isVisible()
    annotator.canvas.zoom_whole_pixels()
    return annotator


def _draw_redaction(qtbot, annotator) -> None:
    canvas = annotator.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_X)
    start, end = (QPoint(*map(round, canvas.view.to_widget(x, y))) for x, y in ((100, 80), (300, 120)))
    qtbot.mousePress(canvas, LEFT, Qt.KeyboardModifier.NoModifier, start)
    qtbot.mouseMove(canvas, end)
    qtbot.mouseRelease(canvas, LEFT, Qt.KeyboardModifier.NoModifier, end)


def test_a_redaction_ends_in_the_stored_marks_and_the_rendition(qtbot, page, desk):
    annotator = _annotate(qtbot, page)
    _draw_redaction(qtbot, annotator)
    _click(qtbot, page, "mark_as_looked_at")
    assert page.annotator is None
    item = _items(desk)[0]
    (mark,) = collect.marks_of(desk.session, item)
    assert isinstance(mark, Redaction)
    assert (item.redactions, item.looked_at_by) == (1, "Dana Whitfield")
    shown = Image.open(BytesIO(collect.rendition(desk.session, item)))
    assert shown.crop(redaction_boxes([mark], shown.size)[0]).getextrema() == ((0, 0),) * 3
    assert desk.view.selections[0].lacks(desk.view.selections[0].evidence[0]) == ()


def test_back_saves_the_marks_as_one_step_of_the_vault(qtbot, page, desk):
    annotator = _annotate(qtbot, page)
    _draw_redaction(qtbot, annotator)
    annotator.save()
    qtbot.keyClick(annotator.canvas, Qt.Key.Key_Down)
    _click(qtbot, page, "annotator_back")
    item = _items(desk)[0]
    assert len(collect.marks_of(desk.session, item)) == 1
    assert desk.undo.undo_text == "Change marks"
    desk.undo.undo()
    assert collect.marks_of(desk.session, _items(desk)[0]) == ()


def test_undo_in_the_menu_is_the_annotators_while_it_is_open(qtbot, page, desk):
    _annotate(qtbot, page)
    _draw_redaction(qtbot, page.annotator)
    assert page.history.undo_text == "Add redaction"
    page.history.undo()
    assert page.annotator.board.marks == ()
    page.history.redo()
    _click(qtbot, page, "annotator_back")
    assert page.history.undo_text == "Change marks"


def test_marks_that_could_not_be_stored_are_kept_and_can_be_tried_again(qtbot, page, desk, monkeypatch):
    from mips_desk.errors import MipsDeskError

    real = collect.set_marks

    def full(*_args):
        raise MipsDeskError("The disk is full. Nothing was changed; make room.")

    _annotate(qtbot, page)
    _draw_redaction(qtbot, page.annotator)
    monkeypatch.setattr(collect, "set_marks", full)
    page.annotator.save()
    assert page.annotator.unsaved
    _click(qtbot, page, "annotator_back")
    assert "The disk is full" in desk.said[-1].text
    monkeypatch.setattr(collect, "set_marks", real)
    desk.said[-1].run()
    assert _items(desk)[0].redactions == 1


def test_going_to_another_room_saves_the_marks(qtbot, page, desk):
    _annotate(qtbot, page)
    _draw_redaction(qtbot, page.annotator)
    assert page.can_leave()
    assert page.annotator is None
    assert _items(desk)[0].redactions == 1


def test_the_confirmation_is_stored(qtbot, page, desk):
    annotator = _annotate(qtbot, page)
    qtbot.keyClick(annotator.findChild(QCheckBox, "no_identifiers"), Qt.Key.Key_Space)
    _click(qtbot, page, "mark_as_looked_at")
    item = _items(desk)[0]
    assert (item.no_identifiers, item.looked_at_by) == (True, "Dana Whitfield")


def test_a_change_takes_the_look_back(qtbot, page, desk):
    item = _items(desk)[0]
    desk.change(lambda: collect.describe(desk.session, item.id, no_identifiers=True))
    desk.change(lambda: collect.look_at(desk.session, item.id))
    annotator = _annotate(qtbot, page)
    assert annotator.findChild(QWidget, "annotator_chip").text() == "Looked at"
    _draw_redaction(qtbot, annotator)
    assert annotator.findChild(QWidget, "annotator_chip").text() == "Not looked at yet"
    _click(qtbot, page, "annotator_back")
    assert _items(desk)[0].looked_at_by == ""


def test_a_link_opens_the_annotator(page, desk):
    item = _items(desk)[1]
    page.open_target(Target(item.selection_id, item.id, annotate=True))
    assert page.annotator is not None
    assert page._visit.evidence_id == item.id


def test_a_picture_that_cannot_be_read_is_said(page, desk, monkeypatch):
    def broken(*_args):
        from mips_desk.errors import BadInputError

        raise BadInputError("The stored picture cannot be read; the original was kept as it is.")

    monkeypatch.setattr(collect, "pixels", broken)
    page.annotate(_items(desk)[0].id)
    assert page.annotator is None
    assert "cannot be read" in desk.said[-1].text


# Other states


def test_a_year_without_activities_says_what_to_do(qtbot, tmp_path):
    with small_practice(tmp_path, chosen=False) as desk:
        page = _page(qtbot, desk)
        rooms = []
        desk.room_requested.connect(lambda room, _target: rooms.append(room))
        _click(qtbot, page, "choose_first")
        assert rooms == [Room.CHOOSE]
        assert not page.findChild(QWidget, "capture").isEnabled()


def test_an_activity_without_pictures_says_where_they_go(qtbot, tmp_path):
    with small_practice(tmp_path, pictures=0) as desk:
        page = _page(qtbot, desk)
        assert page.findChild(QWidget, "drop_zone").isVisible()
        assert not page.findChild(QLineEdit, "caption").isVisible()


def test_read_only_shows_and_changes_nothing(qtbot, tmp_path):
    with small_practice(tmp_path, read_only=True) as desk:
        page = _page(qtbot, desk)
        for name in ("capture", "paste", "import", "delete_picture", "proves", "clinicians"):
            assert not page.findChild(QWidget, name).isEnabled(), name
        assert page.findChild(QLineEdit, "caption").isReadOnly()
        _click(qtbot, page, "redact_and_annotate")
        assert page.annotator.board.read_only


def test_narrow_windows_and_large_text_put_the_panes_below_each_other(page, theme):
    assert not page._panes.stacked
    page.resize(800, 600)
    assert page._panes.stacked
    page.resize(1200, 800)
    assert not page._panes.stacked
    theme.set_text_scale(150)
    assert page._panes.stacked


def test_everything_has_a_name(qtbot, page):
    assert nameless(page) == []
    _annotate(qtbot, page)
    assert nameless(page) == []
