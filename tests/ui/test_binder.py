"""The Binder room on a real vault: preview, what an auditor would ask back, export, check of a file."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTreeView, QWidget

from mips_desk.domain.practice import YearProfile
from mips_desk.errors import BadInputError, CancelledError
from mips_desk.services import binding, collect, pending, previewing, setup, uses
from mips_desk.ui.binder_drop import BinderDrop
from mips_desk.ui.desk import Target
from mips_desk.ui.jobs import JobRunner
from mips_desk.ui.messages import Level
from mips_desk.ui.pages.binder import BinderPage
from mips_desk.ui.rooms import Room
from mips_desk.ui.widgets.empty_state import Skeleton
from mips_desk.ui.widgets.line_button import LineButton

from .conftest import nameless, show_active
from .rooms import HeldJobs, Practiced, small_practice

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path) as made:
        yield made


def _page(qtbot, desk, **options) -> BinderPage:
    made = BinderPage(desk, **options)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.ensure_fresh()
    show_active(qtbot, made)
    return made


@pytest.fixture
def page(qtbot, desk):
    return _page(qtbot, desk)


def _finish(desk: Practiced) -> None:
    """Complete the proof that the fixture left open."""
    for item in desk.session.vault.evidence(2024):
        collect.describe(desk.session, item.id, no_identifiers=True)
        desk.change(lambda item=item: collect.look_at(desk.session, item.id))


def _click(qtbot, page: QWidget, name: str) -> None:
    qtbot.mouseClick(page.findChild(QWidget, name), LEFT)


def _words(page: QWidget, name: str) -> str:
    return page.findChild(QWidget, name).text()


def _check(page: BinderPage, part: str) -> LineButton:
    return next(line for line in _checks(page) if part in line.accessibleName())


def _checks(page: BinderPage) -> list[LineButton]:
    return [line for line in page.findChildren(LineButton) if line.isVisibleTo(page)]


def test_the_real_pages_are_shown(qtbot, page, desk):
    pages = page._preview.pages
    sheet = page._stage.sheet
    qtbot.waitUntil(lambda: sheet._picture.width() == sheet.pixels_across())
    assert _words(page, "page_words") == f"Page 1 of {pages}"
    qtbot.keyClick(sheet, Qt.Key.Key_PageDown)
    assert _words(page, "page_words") == f"Page 2 of {pages}"
    qtbot.keyClick(sheet, Qt.Key.Key_End)
    assert _words(page, "page_words") == f"Page {pages} of {pages}"
    assert not page.findChild(QWidget, "page_next").isEnabled()


def test_the_outline_turns_to_the_page_and_follows_it(qtbot, page, desk):
    tree = page.findChild(QTreeView, "outline")
    item = desk.session.vault.evidence(2024)[1]
    page.open_target(Target(item.selection_id, item.id))
    assert page._stage.number == page._preview.numbers[f"exhibit:{item.id}"]
    assert "Picture 2" in tree.currentIndex().data()
    qtbot.keyClick(page._stage.sheet, Qt.Key.Key_Home)
    assert tree.currentIndex().data() == "Cover"
    tree.setFocus()
    qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert page._stage.number == page._preview.numbers["contents"]


def test_a_change_makes_the_preview_anew(page, desk):
    before = page._preview
    _finish(desk)
    assert page._preview is not before
    assert len(page._preview.tree.checks) < len(before.tree.checks)


def test_a_hidden_room_lays_out_nothing(page, desk):
    before = page._preview
    page.hide()
    _finish(desk)
    assert page._preview is before
    page.show()
    page.ensure_fresh()
    assert page._preview is not before


@pytest.mark.parametrize(
    ("words", "room", "annotate"),
    [("Redact “Picture 1”", Room.EVIDENCE, True), ("It is withheld until then", Room.EVIDENCE, True)],
)
def test_what_is_asked_about_a_picture_opens_it(qtbot, page, desk, words, room, annotate):
    went = []
    desk.room_requested.connect(lambda room, target: went.append((room, target)))
    qtbot.mouseClick(_check(page, words), LEFT)
    ((shown, target),) = went
    assert (shown, target.annotate) == (room, annotate)
    assert target.evidence_id == desk.session.vault.evidence(2024)[0].id


def test_a_missing_option_opens_the_evidence_room(qtbot, tmp_path):
    with small_practice(tmp_path, pictures=0) as desk:
        page = _page(qtbot, desk)
        went = []
        desk.room_requested.connect(lambda room, target: went.append((room, target.selection_id)))
        qtbot.mouseClick(_check(page, "Add proof"), LEFT)
        assert went == [(Room.EVIDENCE, desk.view.selections[0].id)]


def test_how_it_was_done_is_written_here(qtbot, page, desk):
    qtbot.mouseClick(_check(page, "Say in a few sentences"), LEFT)
    story = page.findChild(QPlainTextEdit, "story")
    assert QApplication.focusWidget() is story
    qtbot.keyClicks(story, "Patients write to us through the portal.")
    page.findChild(QWidget, "sign_off").setFocus()
    assert desk.view.selections[0].selection.story == "Patients write to us through the portal."
    assert not any("Say in a few sentences" in line.accessibleName() for line in _checks(page))


def test_the_day_of_the_report_is_entered_here(qtbot, page, desk):
    qtbot.mouseClick(_check(page, "date of attestation"), LEFT)
    field = QApplication.focusWidget()
    assert field is page.findChild(QWidget, "attested_on")
    qtbot.keyClicks(field, "2/18")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert desk.view.selections[0].selection.attested_on.isoformat() == "2025-02-18"


def test_options_change_the_pages(qtbot, page):
    whole = page._preview.pages
    shape = page._preview.pdf
    _click(qtbot, page, "journal_extract")
    assert "journal" not in page._preview.numbers
    _click(qtbot, page, "sign_off")
    assert page._preview.pages <= whole
    _click(qtbot, page, "paper_a4")
    assert page._preview.pdf != shape


def test_the_binder_is_exported_and_recorded(qtbot, desk, tmp_path):
    _finish(desk)
    out, proposed, opened = tmp_path / "out.pdf", [], []

    def choose(name: str) -> Path:
        proposed.append(name)
        return out

    page = _page(qtbot, desk, choose_out=choose, open_file=opened.append)
    _click(qtbot, page, "export_binder")
    assert proposed == ["MIPS binder 2024 Riverside Family Practice.pdf"]
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == page._preview.pages
    (export,) = desk.session.vault.exports()
    assert export.file_name == "out.pdf"
    notice = desk.said[-1]
    assert "“out.pdf”" in notice.text
    assert notice.action == "Open"
    notice.run()
    assert opened == [out]
    assert f"{export.pages} pages" in _words(page, "last_export")


def test_gaps_are_asked_about_first(qtbot, desk, tmp_path):
    questions = []

    def ask(question):
        questions.append(question)
        return False

    desk.ask = ask
    out = tmp_path / "out.pdf"
    page = _page(qtbot, desk, choose_out=lambda _name: out)
    _click(qtbot, page, "export_binder")
    assert "gap" in questions[0].title
    assert not out.exists()


def test_a_missing_ending_is_added(qtbot, desk, tmp_path):
    page = _page(qtbot, desk, choose_out=lambda _name: tmp_path / "binder of 2024")
    _click(qtbot, page, "export_binder")
    assert (tmp_path / "binder of 2024.pdf").exists()


def test_a_cancelled_dialog_changes_nothing(qtbot, desk):
    page = _page(qtbot, desk, choose_out=lambda _name: None)
    _click(qtbot, page, "export_binder")
    assert desk.session.vault.exports() == ()
    assert desk.said == []


def test_a_cancelled_export_leaves_no_file(qtbot, desk, tmp_path, monkeypatch):
    def cancelled(*_args, **_options):
        raise CancelledError

    monkeypatch.setattr(binding, "write", cancelled)
    out = tmp_path / "out.pdf"
    page = _page(qtbot, desk, choose_out=lambda _name: out)
    _click(qtbot, page, "export_binder")
    assert desk.said[-1].text == "The export was cancelled. No file was written."
    assert list(tmp_path.glob("*.pdf")) == []
    assert page.findChild(QWidget, "export_binder").isEnabled()


def test_a_place_that_cannot_be_written_is_said(qtbot, desk, tmp_path):
    page = _page(qtbot, desk, choose_out=lambda _name: tmp_path / "missing" / "out.pdf")
    _click(qtbot, page, "export_binder")
    assert desk.said[-1].level is Level.ERROR
    assert "out.pdf" in desk.said[-1].text


def test_an_exported_binder_is_recognised_and_a_changed_one_too(qtbot, desk, tmp_path):
    out = tmp_path / "out.pdf"
    page = _page(qtbot, desk, choose_out=lambda _name: out, choose_file=lambda: out)
    _click(qtbot, page, "export_binder")
    _click(qtbot, page, "check_binder")
    assert desk.said[-1].level is Level.INFO
    assert "it is unchanged" in desk.said[-1].text
    data = bytearray(out.read_bytes())
    data[len(data) // 2] ^= 1
    out.write_bytes(data)
    _click(qtbot, page, "check_binder")
    assert desk.said[-1].level is Level.WARNING
    assert desk.said[-1].details


def test_a_binder_dropped_on_the_window_is_checked(qtbot, desk, tmp_path):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    show_active(qtbot, window)
    BinderDrop(window, desk)
    wrong = tmp_path / "other.pdf"
    wrong.write_bytes(b"%PDF-1.4 not ours")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(wrong))])
    place, copy, keys = QPoint(50, 50), Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, copy, data, LEFT, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(place), copy, data, LEFT, keys))
    assert desk.said[-1].level is Level.ERROR
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "picture.png"))])
    other = QDragEnterEvent(place, copy, data, LEFT, keys)
    other.ignore()
    QApplication.sendEvent(window, other)
    assert not other.isAccepted()


def test_a_year_without_activities_says_what_to_do(qtbot, tmp_path):
    with small_practice(tmp_path, chosen=False) as desk:
        page = _page(qtbot, desk)
        rooms = []
        desk.room_requested.connect(lambda room, _target: rooms.append(room))
        _click(qtbot, page, "choose_first")
        assert rooms == [Room.CHOOSE]
        assert not page.findChild(QWidget, "export_binder").isEnabled()


def test_read_only_shows_and_exports_the_binder_and_changes_nothing(qtbot, tmp_path):
    out = tmp_path / "out.pdf"
    with small_practice(tmp_path, read_only=True) as desk:
        page = _page(qtbot, desk, choose_out=lambda _name: out)
        assert page._preview is not None
        assert page.findChild(QPlainTextEdit, "story").isReadOnly()
        _click(qtbot, page, "export_binder")
        assert out.exists()
        assert "as soon as this computer opens the practice for changes" in desk.said[-1].text
        assert pending.waiting(desk.session.vault) == 1
        sheet = page._stage.sheet
        qtbot.waitUntil(lambda: sheet._picture.width() == sheet.pixels_across())


def _loading(page: BinderPage) -> bool:
    shown = [bars.isVisibleTo(page) for bars in page.findChildren(Skeleton)]
    assert len(set(shown)) == 1
    return shown[0]


def _work_off(qtbot, page: BinderPage) -> None:
    """Do what waits, also what the room asks for a moment later."""
    page.desk.jobs.release()
    qtbot.waitUntil(lambda: not page._stage._timer.isActive())
    page.desk.jobs.release()


def _says_complete(page: BinderPage) -> bool:
    return page.findChild(QWidget, "nothing_asked").isVisibleTo(page)


def test_nothing_is_claimed_before_the_pages_are_known(qtbot, tmp_path):
    with small_practice(tmp_path, jobs=HeldJobs()) as desk:
        page = _page(qtbot, desk)
        assert _loading(page)
        assert not _says_complete(page)
        assert not page.findChild(QTreeView, "outline").isVisible()
        assert not page.findChild(QWidget, "export_binder").isEnabled(), "it is not known what to ask before"
        _work_off(qtbot, page)
        assert not _loading(page)
        assert _checks(page)
        assert not _says_complete(page)
        assert page.findChild(QWidget, "export_binder").isEnabled()


def test_a_complete_binder_says_so(page, desk):
    _finish(desk)
    part = desk.view.selections[0]
    page._set_story(part.id, "Patients write to us.")
    page._set_attested(part.id, date(2025, 2, 18))
    desk.change(lambda: uses.log(desk.session, part.id, [date(2024, 4, day) for day in (2, 20)]))
    desk.change(lambda: uses.log(desk.session, part.id, [date(2024, 5, 15)]))
    assert [line.accessibleName() for line in _checks(page)] == []
    assert _says_complete(page)


def test_another_year_claims_nothing_of_the_year_before(qtbot, tmp_path):
    with small_practice(tmp_path, jobs=HeldJobs()) as desk:
        setup.set_profile(desk.session, YearProfile(2025))
        page = _page(qtbot, desk)
        _work_off(qtbot, page)
        qtbot.waitUntil(lambda: bool(_checks(page)))
        desk.set_year(2025)
        desk.jobs.release()
        assert page.findChild(QWidget, "choose_first").isVisible()
        desk.set_year(2024)
        while page.view.year == 2025:
            desk.jobs.release_one()
        assert _loading(page)
        assert _checks(page) == []
        _work_off(qtbot, page)
        qtbot.waitUntil(lambda: bool(_checks(page)))


def test_pages_that_cannot_be_laid_out_can_be_tried_again(qtbot, desk, monkeypatch):
    def broken(*_args, **_options):
        raise BadInputError("An original is damaged.")

    with monkeypatch.context() as patched:
        patched.setattr(previewing, "preview", broken)
        page = _page(qtbot, desk)
    assert not _says_complete(page)
    assert not page.findChild(QWidget, "export_binder").isEnabled()
    said = desk.said[-1]
    assert (said.text, said.action) == ("An original is damaged.", "Try again")
    said.run()
    assert page._preview is not None
    assert page.findChild(QWidget, "export_binder").isEnabled()


def test_everything_has_a_name(page):
    assert nameless(page) == []


def test_preview_and_export_run_beside_the_window(qtbot, tmp_path):
    """With real threads: the room is there at once, pages arrive, the export can be watched and ends in a file."""
    with small_practice(tmp_path, jobs=JobRunner()) as desk:
        out = tmp_path / "out.pdf"
        page = _page(qtbot, desk, choose_out=lambda _name: out)
        qtbot.waitUntil(lambda: page._preview is not None, timeout=20_000)
        qtbot.waitUntil(lambda: not page._stage.sheet._picture.isNull(), timeout=20_000)
        _click(qtbot, page, "export_binder")
        qtbot.waitUntil(lambda: bool(desk.said), timeout=20_000)
        assert out.exists()
        qtbot.waitUntil(lambda: not desk.jobs.live, timeout=20_000)
