"""The right pane of the Evidence room: what is said about the selected item. Every edit saves by itself."""

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mips_desk.domain.evidence import EvidenceItem, Source, exhibit_number
from mips_desk.domain.readiness import Lack
from mips_desk.services.drafts import DraftKind
from mips_desk.services.overview import SelectionView, YearView
from mips_desk.ui.desk import Desk
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_M, SPACE_S, TextRole, px
from mips_desk.ui.widgets.buttons import ChooserButton, danger_button, secondary_button
from mips_desk.ui.widgets.card import Card, field
from mips_desk.ui.widgets.choice_box import ChoiceBox
from mips_desk.ui.widgets.date_field import DateField
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.keyboard import has_keyboard
from mips_desk.ui.widgets.text import label, mono, rule
from mips_desk.ui.widgets.thumbnails import paint_picture
from mips_desk.ui.words import full_day

from .evidence_date_offer import DateOffer

#: Width of the pane in logical pixels at 100 %.
WIDTH = 288
_SOURCES = {
    Source.CAPTURE: "Captured",
    Source.PASTE: "Pasted",
    Source.DROP: "Added",
    Source.IMPORT: "Imported",
}


class DetailsPane(Card):
    """The selected item. What is typed is kept at once, and put into the fields again after a lock or a crash.

    Args:
        desk: the open practice.

    Signals:
        described(str, object): id and the fields to change (keyword arguments of `collect.describe`).
        annotate_requested(str): open the annotator on the item.
        delete_requested(tuple): delete the items with these ids.
    """

    described = Signal(str, object)
    annotate_requested = Signal(str)
    delete_requested = Signal(tuple)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(margin=2, parent=parent)
        self.setObjectName("details")
        self._read_only = False
        self._item: EvidenceItem | None = None
        self._filling = False
        self._clinicians: dict[str, QAction] = {}
        self._offer = DateOffer(desk)
        self._offer.taken.connect(self._save_date)
        self._stack = QStackedWidget()
        self._stack.addWidget(EmptyState("image", "No picture selected", "What is said about a picture stands here."))
        self._stack.addWidget(self._build())
        self.body.addWidget(self._stack)
        lines = (self._caption, self._date, self._reason, self._address)
        self._typing = desk.drafts.watch(
            DraftKind.EVIDENCE,
            lambda: self._item.id if self._item is not None else "",
            {line.objectName(): line for line in lines},
            self,
        )

    @property
    def item(self) -> EvidenceItem | None:
        """What is shown."""
        return self._item

    def set_read_only(self, on: bool) -> None:
        """Let nothing be changed, or everything."""
        self._read_only = on
        for edit in (self._caption, self._reason, self._address):
            edit.setReadOnly(on)
        self._date.setReadOnly(on)
        for widget in (self._option, self._clinician_button, self._delete):
            widget.setEnabled(not on)

    def show_item(self, view: YearView, part: SelectionView, item: EvidenceItem | None) -> None:
        """Show an item of a selection; what the person is typing in it is not disturbed."""
        other = item is None or self._item is None or item.id != self._item.id
        if other:
            self.flush()
        self._item = item
        self._stack.setCurrentIndex(0 if item is None else 1)
        if item is None:
            return
        self._filling = True
        self._number.setText(exhibit_number(view.year, part.activity.id, item.number, item.letter))
        self._fill_line(self._caption, item.caption, other)
        self._fill_line(self._reason, item.outside_reason, other)
        self._fill_line(self._address, item.address, other)
        self._date.set_date(item.shows_date, view.year)
        self._offer.show_item(item)
        self._fill_options(part, item)
        self._fill_clinicians(view, item)
        outside = any(missing.lack is Lack.DATE_OUTSIDE for missing in part.lacks(item))
        self._reason_field.setVisible(outside or bool(item.outside_reason))
        self._facts.setText(_facts(item))
        self._hash.setText(f"sha256 {item.sha256[:16]}…")
        self._hash.setToolTip(item.sha256)
        self._filling = False
        self._typing.bring_back()

    def set_picture(self, picture: QImage | None) -> None:
        """Show the rendition, small."""
        self._picture.set_picture(picture)

    def go_to(self, lack: Lack) -> None:
        """Put the keyboard where something that an item lacks is entered."""
        places: dict[Lack, QWidget] = {
            Lack.SHOWS_DATE: self._date,
            Lack.DATE_OUTSIDE: self._reason,
            Lack.ITEM_OPTION: self._option,
            Lack.CLINICIANS: self._clinician_button,
        }
        places.get(lack, self._caption).setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Save what was typed but not left yet."""
        for edit in (self._caption, self._reason, self._address):
            self._save_line(edit)
        self._date.editingFinished.emit()

    # Building

    def _build(self) -> QWidget:
        column = QVBoxLayout()
        column.setContentsMargins(px(14), px(14), px(12), px(14))
        column.setSpacing(SPACE_S)
        self._picture = _Picture()
        column.addWidget(self._picture)
        self._annotate = secondary_button("Redact and annotate", "redact", self._ask_annotate)
        self._annotate.setObjectName("redact_and_annotate")
        column.addWidget(self._annotate)
        column.addSpacing(2)
        self._caption = self._line("caption", "What the picture shows")
        column.addWidget(field("Caption", self._caption))
        self._date = DateField(2000)
        self._date.setObjectName("shows_date")
        self._date.date_changed.connect(self._save_date)
        dated = QVBoxLayout()
        dated.setSpacing(2)
        dated.addWidget(field("Date it shows", self._date))
        dated.addWidget(self._offer)
        column.addLayout(dated)
        self._option = ChoiceBox()
        self._option.setObjectName("proves")
        self._option.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._option.activated.connect(self._save_option)
        column.addWidget(field("Proves", self._option))
        self._reason = self._line("outside_reason", "Why this date is right")
        self._reason_field = field("Reason for a date outside the period", self._reason)
        column.addWidget(self._reason_field)
        self._clinician_menu = QMenu(self)
        self._clinician_button = ChooserButton(self._clinician_menu)
        self._clinician_button.setObjectName("clinicians")
        self._clinician_field = field("Clinicians it speaks of", self._clinician_button)
        column.addWidget(self._clinician_field)
        self._address = self._line("address", "https://")
        column.addWidget(field("Address of the page", self._address))
        column.addSpacing(SPACE_S)
        column.addWidget(rule())
        self._number = mono("")
        column.addWidget(self._number)
        self._facts = label("", TextRole.SECONDARY, wrap=True)
        column.addWidget(self._facts)
        self._hash = mono("")
        column.addWidget(self._hash)
        column.addSpacing(SPACE_M)
        self._delete = danger_button("Delete picture", "trash-2", self._ask_delete)
        self._delete.setObjectName("delete_picture")
        column.addWidget(self._delete, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        area: QScrollArea = scroll_area(column)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _line(self, name: str, hint: str) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        made.setPlaceholderText(hint)
        made.setMaxLength(500)
        made.editingFinished.connect(lambda: self._save_line(made))
        return made

    # Filling

    def _fill_line(self, edit: QLineEdit, text: str, other: bool) -> None:
        if not other and edit.isModified() and has_keyboard(edit):
            return
        if edit.text() != text:
            edit.setText(text)
            edit.setCursorPosition(0)
        edit.setModified(False)

    def _fill_options(self, part: SelectionView, item: EvidenceItem) -> None:
        self._option.clear()
        for option in part.activity.guidance.options:
            self._option.addItem(option.label, option.key)
        place = self._option.findData(item.option_key)
        if place < 0:
            self._option.insertItem(0, "Choose what it proves", "")
            place = 0
        self._option.setCurrentIndex(place)

    def _fill_clinicians(self, view: YearView, item: EvidenceItem) -> None:
        names = {clinician.id: clinician.shown_name for clinician in view.clinicians}
        if list(names) != list(self._clinicians):
            self._clinician_menu.clear()
            self._clinicians = {}
            for clinician_id, name in names.items():
                action = self._clinician_menu.addAction(name.replace("&", "&&"))
                action.setCheckable(True)
                action.triggered.connect(self._save_clinicians)
                self._clinicians[clinician_id] = action
        for clinician_id, action in self._clinicians.items():
            action.setChecked(clinician_id in item.clinician_ids)
        chosen = [names[clinician_id] for clinician_id in item.clinician_ids if clinician_id in names]
        words = ", ".join(chosen) or "The practice as a whole"
        # The number comes first, as the end is what may be cut.
        self._clinician_button.set_choice(
            "Clinicians", f"{len(chosen)}: {words}" if len(chosen) > 1 else words, "\n".join(chosen)
        )
        self._clinician_field.setVisible(bool(names))

    # Saving

    def _save_line(self, edit: QLineEdit) -> None:
        item = self._item
        if item is None or not edit.isModified() or self._read_only:
            return
        edit.setModified(False)
        text = edit.text().strip()
        if text != getattr(item, edit.objectName()):
            self._tell(item, {edit.objectName(): text})

    def _save_date(self, day: object) -> None:
        if self._item is not None and not self._filling:
            self._tell(self._item, {"no_date": True} if day is None else {"shows_date": day})

    def _save_option(self, _index: int) -> None:
        key = self._option.currentData()
        if self._item is not None and key and key != self._item.option_key:
            self._tell(self._item, {"option_key": key})

    def _save_clinicians(self) -> None:
        if self._item is not None:
            chosen = tuple(key for key, action in self._clinicians.items() if action.isChecked())
            self._tell(self._item, {"clinician_ids": chosen})

    def _tell(self, item: EvidenceItem, fields: Mapping[str, object]) -> None:
        self.described.emit(item.id, dict(fields))

    def _ask_annotate(self) -> None:
        if self._item is not None:
            self.flush()
            self.annotate_requested.emit(self._item.id)

    def _ask_delete(self) -> None:
        if self._item is not None:
            self.delete_requested.emit((self._item.id,))


class _Picture(QWidget):
    """The rendition of the selected item."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: QImage | None = None
        self.setAccessibleName("The picture as it will be exported")

    def sizeHint(self) -> QSize:
        """The same for every picture, so that nothing below it jumps."""
        return QSize(px(WIDTH - 32), px(156))

    def minimumSizeHint(self) -> QSize:
        """See `sizeHint`."""
        return QSize(px(100), px(156))

    def set_picture(self, picture: QImage | None) -> None:
        """Show another one."""
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        paint_picture(painter, QRectF(self.rect()), self._picture)


def _facts(item: EvidenceItem) -> str:
    """Return how an item came in, one fact a line."""
    intake = item.intake
    lines = [f"{_SOURCES[intake.source]} {_moment(intake.at)} by {intake.person} on {intake.host}"]
    if intake.window_title:
        lines.append(intake.window_title)
    if intake.file_name:
        lines.append(f"File “{intake.file_name}”")
    scale = f" at {intake.scale} %" if intake.scale else ""
    lines.append(f"{item.width:,} × {item.height:,} pixels{scale}")
    if item.looked_at_by and item.looked_at_on is not None:
        lines.append(f"Looked at by {item.looked_at_by}, {full_day(item.looked_at_on.date())}")
    lines.append("Original kept unchanged")
    return "\n".join(lines)


def _moment(at: datetime) -> str:
    """Return a moment with its UTC offset: "Jun 11, 2024 09:14 (UTC−5)"."""
    offset = at.utcoffset()
    hours = offset.total_seconds() / 3600 if offset is not None else 0
    zone = "UTC" if not hours else f"UTC{'+' if hours > 0 else '−'}{abs(hours):g}"
    return f"{full_day(at.date())} {at:%H:%M} ({zone})"
