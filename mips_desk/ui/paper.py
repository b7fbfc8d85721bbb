"""A sheet of paper for the safe: plain content, drawn with one painter for the printer, a PDF and the preview.

Everything is drawn in points (1/72 inch) on letter or A4, in black; nothing of it is ever written to a temporary file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QIODevice, QMarginsF, QPointF, QRectF, QSaveFile, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPaintEvent,
    QPdfWriter,
    QPen,
)
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QSizePolicy, QWidget

from mips_desk.errors import BadInputError
from mips_desk.ui.theme import color, families, px

#: Letter, in points; what most printers of the practices here hold.
PAGE = QSizeF(612, 792)
MARGIN = 54.0
_INK, _QUIET, _LINE, _ACCENT = "#000000", "#444444", "#9AA3AD", "#0B6E75"
#: Resolution of printer and PDF in dots per inch.
_DPI = 1200


@dataclass(frozen=True, slots=True)
class Words:
    """A heading with a paragraph, or with numbered steps."""

    heading: str
    text: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """A heading with names and values in two columns; an empty value leaves a line to write on."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A key to type in, in a frame, large, in rows of groups."""

    groups: tuple[str, ...]
    in_row: int = 4


Block = Words | Facts | Key


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes:
        title: in large letters at the top.
        practice: above the title.
        lead: one or two sentences below it.
        blocks: what follows.
        foot: at the lower edge.
    """

    title: str
    practice: str
    lead: str
    blocks: tuple[Block, ...]
    foot: str


def ask_printer(parent: QWidget, title: str) -> QPrinter | None:
    """Ask for a printer in the system's dialog; None when the person thinks better of it."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(f"Print: {title}")
    return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None


def print_sheet(sheet: Sheet, printer: QPrinter) -> None:
    """Print a sheet.

    Raises:
        BadInputError: the printer did not take it.
    """
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        raise BadInputError("The printer did not take the page. Nothing was printed; try it again or save a PDF.")
    page = printer.pageLayout().fullRect(QPageLayout.Unit.Point)
    paint(painter, sheet, printer.resolution() / 72, page.size(), printer.newPage)
    painter.end()


def save_sheet(sheet: Sheet, path: Path) -> None:
    """Write the sheet as a PDF that only its owner may read: beside, then renamed.

    Args:
        sheet: what to write.
        path: the file; one that is there is replaced.

    Raises:
        BadInputError: it could not be written; nothing is left behind.
    """
    file = QSaveFile(str(path))
    failed = BadInputError(f"{path.name} could not be written. Nothing was stored; choose another folder.")
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise failed
    file.setPermissions(QSaveFile.Permission.ReadOwner | QSaveFile.Permission.WriteOwner)
    writer = QPdfWriter(file)
    writer.setTitle(sheet.title)
    writer.setCreator("MIPS Desk")
    writer.setResolution(_DPI)
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.Letter), QPageLayout.Orientation.Portrait, QMarginsF())
    )
    painter = QPainter(writer)
    paint(painter, sheet, _DPI / 72, PAGE, writer.newPage)
    painter.end()
    if not file.commit():
        raise failed


def picture(sheet: Sheet, width: int) -> QImage:
    """Return the first page as a picture.

    Args:
        sheet: what to draw.
        width: in pixels.
    """
    image = QImage(width, round(width * PAGE.height() / PAGE.width()), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, sheet, width / PAGE.width(), PAGE, lambda: False)
    painter.end()
    return image


def paint(painter: QPainter, sheet: Sheet, scale: float, page: QSizeF, new_page: Callable[[], bool]) -> None:
    """Draw a sheet.

    Args:
        painter: on a fresh page.
        sheet: what to draw.
        scale: device dots to a point.
        page: size of the paper in points.
        new_page: begins another page; False: there is none, so the rest is left out.
    """
    painter.scale(scale, scale)
    pen = _Pen(painter, page)
    pen.head(sheet)
    for block in sheet.blocks:
        if pen.top + pen.height(block) > page.height() - MARGIN - 24:
            pen.foot(sheet.foot)
            if not new_page():
                return
            pen.top = MARGIN
        pen.block(block)
    pen.foot(sheet.foot)


class _Pen:
    """Draws blocks one below the other."""

    def __init__(self, painter: QPainter, page: QSizeF) -> None:
        self._painter = painter
        self._page = page
        self._width = page.width() - 2 * MARGIN
        self.top = MARGIN

    def head(self, sheet: Sheet) -> None:
        self._text(sheet.practice, _font(12, QFont.Weight.Medium), _QUIET, after=4)
        self._text(sheet.title, _font(26, QFont.Weight.Bold), _INK, after=8)
        self._painter.fillRect(QRectF(MARGIN, self.top, self._width, 2), QColor(_ACCENT))
        self.top += 14
        self._text(sheet.lead, _font(12), _INK, after=14)

    def foot(self, text: str) -> None:
        at = QRectF(MARGIN, self._page.height() - MARGIN, self._width, 24)
        self._painter.setFont(_font(9))
        self._painter.setPen(QColor(_QUIET))
        self._painter.drawText(at, int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap), text)

    def block(self, block: Block) -> None:
        if isinstance(block, Key):
            self._key(block)
            return
        self._text(block.heading, _font(12, QFont.Weight.Bold), _INK, after=3)
        if isinstance(block, Facts):
            for name, value in block.rows:
                self._fact(name, value)
        else:
            if block.text:
                self._text(block.text, _font(11), _INK, after=2)
            for number, step in enumerate(block.steps, 1):
                self._step(f"{number}.", step)
        self.top += 10

    def height(self, block: Block) -> float:
        if isinstance(block, Key):
            return self._key_height(block) + 16
        found = self._high(block.heading, _font(12, QFont.Weight.Bold)) + 3 + 10
        if isinstance(block, Facts):
            return found + sum(self._fact_high(name, value) for name, value in block.rows)
        found += self._high(block.text, _font(11)) + 2 if block.text else 0
        return found + sum(self._high(step, _font(11), self._width - 20) + 3 for step in block.steps)

    # ------------------------------------------------------------------ inside

    def _high(self, text: str, face: QFont, width: float = 0) -> float:
        area = QRectF(0, 0, width or self._width, 5000)
        return QFontMetricsF(face).boundingRect(area, int(Qt.TextFlag.TextWordWrap), text).height()

    def _text(self, text: str, face: QFont, ink: str, after: float, left: float = 0, width: float = 0) -> None:
        high = self._high(text, face, width)
        self._painter.setFont(face)
        self._painter.setPen(QColor(ink))
        at = QRectF(MARGIN + left, self.top, width or self._width, high + 4)
        self._painter.drawText(at, int(Qt.TextFlag.TextWordWrap), text)
        self.top += high + after

    def _step(self, number: str, text: str) -> None:
        at = self.top
        self._text(number, _font(11, QFont.Weight.DemiBold), _INK, after=0)
        self.top = at
        self._text(text, _font(11), _INK, after=3, left=20, width=self._width - 20)

    def _fact_high(self, name: str, value: str) -> float:
        return max(self._high(name, _font(11), 150), self._high(value or " ", _font(11), self._width - 160)) + 7

    def _fact(self, name: str, value: str) -> None:
        at, high = self.top, self._fact_high(name, value)
        self._text(name, _font(11), _QUIET, after=0, width=150)
        self.top = at
        if value:
            self._text(value, _font(11, QFont.Weight.Medium), _INK, after=0, left=160, width=self._width - 160)
        self.top = at + high
        self._painter.setPen(QPen(QColor(_LINE), 0.5))
        left = MARGIN if value else MARGIN + 160
        self._painter.drawLine(QPointF(left, self.top - 4), QPointF(MARGIN + self._width, self.top - 4))

    def _key_height(self, block: Key) -> float:
        return -(-len(block.groups) // block.in_row) * 38 + 28

    def _key(self, block: Key) -> None:
        frame = QRectF(MARGIN, self.top, self._width, self._key_height(block))
        self._painter.setPen(QPen(QColor(_INK), 1.2))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(frame, 6, 6)
        wide = (self._width - 28) / block.in_row
        for place, group in enumerate(block.groups):
            left = MARGIN + 14 + wide * (place % block.in_row)
            at = QRectF(left, self.top + 14 + 38 * (place // block.in_row), wide, 38)
            self._painter.setFont(_font(8))
            self._painter.setPen(QColor(_QUIET))
            self._painter.drawText(QRectF(at).adjusted(0, 0, 0, -2), int(Qt.AlignmentFlag.AlignVCenter), str(place + 1))
            self._painter.setFont(_font(23, QFont.Weight.DemiBold, mono=True))
            self._painter.setPen(QColor(_INK))
            self._painter.drawText(at.adjusted(16, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), group)
        self.top += frame.height() + 16


def _font(points: int, weight: QFont.Weight = QFont.Weight.Normal, *, mono: bool = False) -> QFont:
    made = QFont(families()[1 if mono else 0])
    made.setPixelSize(points)
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


class SheetPreview(QWidget):
    """A small picture of the sheet, to see what will come out of the printer.

    Args:
        name: what it shows, for screen readers.
        width: in logical pixels at 100 %.

    Attributes:
        sheet: what it shows; None: blank paper.
    """

    def __init__(self, name: str, width: int = 150, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wide = width
        self.sheet: Sheet | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_sheet(self, sheet: Sheet | None) -> None:
        """Show a sheet, or blank paper."""
        self.sheet = sheet
        self.update()

    def sizeHint(self) -> QSize:
        """The shape of the paper."""
        return QSize(px(self._wide), round(px(self._wide) * PAGE.height() / PAGE.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the paper and its border."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if self.sheet is not None:
            painter.save()
            paint(painter, self.sheet, self.width() / PAGE.width(), PAGE, lambda: False)
            painter.restore()
        painter.setPen(QPen(color("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
