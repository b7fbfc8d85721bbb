"""Offers the date that a picture shows, as read in it. A person takes it or not; it is never set by itself."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mips_desk.domain.evidence import EvidenceItem
from mips_desk.domain.phrases import short_day
from mips_desk.services import evidence_text
from mips_desk.ui.desk import Desk
from mips_desk.ui.widgets.buttons import link_button


class DateOffer(QWidget):
    """A line below the field of the date; hidden while there is nothing to offer.

    Args:
        desk: the open practice.

    Signals:
        taken(date): the person wants this date.
    """

    taken = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._item: EvidenceItem | None = None
        self._day: date | None = None
        self._button = link_button("", self._take)
        self._button.setObjectName("offered_date")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()
        desk.pictures.was_read.connect(self._was_read)

    def show_item(self, item: EvidenceItem) -> None:
        """Offer a date for another item, or for the same one anew; none where one is entered already."""
        same = self._item is not None and self._item.id == item.id
        self._item = item
        if not same or item.shows_date is not None:
            self.hide()
        if item.shows_date is None and not self._desk.fixed:
            self._ask(item)

    def _ask(self, item: EvidenceItem) -> None:
        session = self._desk.session

        def show(day: date | None) -> None:
            if self._item is item:
                self._day = day
                self._button.setText(f"Use {short_day(day)}, read in the picture" if day else "")
                self.setVisible(day is not None)

        self._desk.jobs.work(lambda _: evidence_text.suggested_date(session, item), initiator=self, on_success=show)

    def _was_read(self, evidence_id: str) -> None:
        if self._item is not None and self._item.id == evidence_id:
            self.show_item(self._item)

    def _take(self) -> None:
        self.hide()
        self.taken.emit(self._day)
