"""What lies below a redaction is on no screen but the annotator's while the bar is moved, and not on the clipboard.

The pictures of the fixture have a colored block in their corner; below it all is gray. It is covered, and a label with
a word lies below the same bar.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from mips_desk.annotate.marks import Redaction, Text
from mips_desk.services import collect
from mips_desk.ui.desk import Target
from mips_desk.ui.editor.clippings import Clippings
from mips_desk.ui.pages.evidence import EvidencePage
from mips_desk.ui.pages.evidence_details import _Picture

from .conftest import show_active
from .rooms import Practiced, small_practice

CANARY = "Zzyzxcanary"
LABEL = Text(x=14, y=14, text=CANARY, size=12, color="#FF00FF")
COVER = Redaction(x=9.5, y=9.5, width=130, height=32)


@pytest.fixture
def desk(qapp, tmp_path: Path) -> Iterator[Practiced]:
    with small_practice(tmp_path, pictures=1) as made:
        yield made


@pytest.fixture
def page(qtbot, desk):
    item = desk.session.vault.evidence(2024)[0]
    made = EvidencePage(desk)
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.ensure_fresh()
    made.open_target(Target(item.selection_id, item.id))
    show_active(qtbot, made)
    yield made
    made.can_leave()
    made.hide()


def cover(desk) -> str:
    item = desk.session.vault.evidence(2024)[0]
    change = collect.set_marks(desk.session, item.id, [LABEL, COVER])
    back = change.undo()
    desk.change(back.undo)
    return item.id


def colored(image: QImage) -> int:
    """Return the number of pixels that are not gray: the fixture's block is blue, the label magenta."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    found = 0
    for y in range(image.height()):
        line = bytes(image.constScanLine(y))[: 3 * image.width()]
        found += sum(max(line[at : at + 3]) - min(line[at : at + 3]) > 12 for at in range(0, len(line), 3))
    return found


def test_the_pictures_of_the_room_show_nothing_of_it(page, desk):
    before = page.findChild(_Picture)._picture
    assert colored(before) > 50, "without the redaction it can be seen"
    evidence_id = cover(desk)
    assert colored(page._thumbnails.picture(evidence_id)) == 0
    assert colored(page.findChild(_Picture)._picture) == 0
    for view in page.findChildren(QWidget):
        rows = getattr(view, "thumbnails", None)
        for row in rows.rows if rows is not None and hasattr(rows, "rows") else ():
            picture = page._thumbnails.picture(row.key)
            assert picture is None or colored(picture) == 0


def test_the_canvas_shows_the_bar_over_it(page, desk):
    cover(desk)
    page.annotate(desk.session.vault.evidence(2024)[0].id)
    canvas = page.annotator.canvas
    canvas.zoom_whole_pixels()
    left, top = canvas.view.to_widget(COVER.x + 1, COVER.y + 1)
    right, bottom = canvas.view.to_widget(COVER.x + COVER.width - 1, COVER.y + COVER.height - 1)
    shown = canvas.grab().toImage()
    assert shown.copy(round(left), round(top), round(right - left), round(bottom - top)).pixelColor(20, 5).value() == 0
    assert colored(shown.copy(round(left), round(top), round(right - left), round(bottom - top))) == 0


def test_copied_marks_leave_no_word_on_the_clipboard(page, desk):
    cover(desk)
    clippings = Clippings()
    clippings.copy([LABEL, COVER])
    data = QGuiApplication.clipboard().mimeData()
    assert clippings.marks
    assert not data.hasText()
    assert not data.hasImage()
    for kind in data.formats():
        assert CANARY.encode() not in bytes(data.data(kind).data())
    QGuiApplication.clipboard().clear()
