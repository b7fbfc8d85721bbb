"""Editors that several rooms use: boxes with choices and numbers, a day that may be left open, an address."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QPlainTextEdit,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from mips_desk.ui.theme import SPACE_S, px


class ChoiceBox(QComboBox):
    """A combo box whose words end in "…" where there is no room, and are then its tool tip.

    The wheel scrolls what lies around it: it would change the choice without anybody noticing.
    """

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much of the words as fits."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, part, self).width()
        whole = option.currentText
        option.currentText = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room - px(4))
        self.setToolTip(whole if option.currentText != whole else "")
        painter = QStylePainter(self)
        painter.drawComplexControl(control, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls."""
        event.ignore()


class _NumberBox(QSpinBox):
    """A number that the wheel leaves alone."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _DayBox(QDateEdit):
    """A day that the wheel leaves alone."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def refill(combo: QComboBox, entries: Sequence[tuple[str, object]], wanted: object) -> None:
    """Put other entries into a combo box and choose one; the box tells nobody.

    Args:
        combo: the box.
        entries: words and value of each.
        wanted: value to choose; when it is not offered, the first entry is chosen.
    """
    combo.blockSignals(True)
    combo.clear()
    for text, value in entries:
        combo.addItem(text, value)
    combo.setCurrentIndex(max(0, combo.findData(wanted, Qt.ItemDataRole.UserRole)) if entries else -1)
    combo.blockSignals(False)


def number_box(name: str, key: str, low: int, high: int) -> QSpinBox:
    """Return a box for a whole number.

    Args:
        name: what it counts; its accessible name.
        key: object name.
        low: smallest number.
        high: largest number.
    """
    made = _NumberBox()
    made.setObjectName(key)
    made.setRange(low, high)
    made.setFixedWidth(px(110))
    made.setAccessibleName(name)
    # The line inside takes the keyboard, so it needs the name too.
    made.lineEdit().setAccessibleName(name)
    # The style sheet's padding does not reach the text of a spin box.
    made.lineEdit().setTextMargins(px(9), 0, 0, 0)
    return made


def day_box(name: str, key: str, day: date) -> QDateEdit:
    """Return a box for a day, with a month to choose it from.

    Args:
        name: what happened on the day; its accessible name.
        key: object name.
        day: the day at first.
    """
    made = _DayBox(QDate(day.year, day.month, day.day))
    made.setObjectName(key)
    made.setCalendarPopup(True)
    made.setDisplayFormat("MMM d, yyyy")
    made.setAccessibleName(name)
    made.lineEdit().setAccessibleName(name)
    return made


def day_of(box: QDateEdit) -> date:
    """Return the day that a box shows."""
    shown = box.date()
    return date(shown.year(), shown.month(), shown.day())


class OptionalDay(QWidget):
    """A day that is known or not.

    Args:
        name: what the day is; words of its check box.
        day: the day, or None.

    Signals:
        changed(): another day, or none.
    """

    changed = Signal()

    def __init__(self, name: str, day: date | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        self._known = QCheckBox(name)
        self._known.setChecked(day is not None)
        self._edit = day_box(name, "", day or date.today())
        self._edit.setEnabled(day is not None)
        row.addWidget(self._known, 1)
        row.addWidget(self._edit)
        self._known.toggled.connect(self._edit.setEnabled)
        self._known.toggled.connect(lambda _on: self.changed.emit())
        self._edit.dateChanged.connect(lambda _day: self.changed.emit())

    @property
    def day(self) -> date | None:
        """The day, or None."""
        return day_of(self._edit) if self._known.isChecked() else None

    def set_day(self, day: date | None) -> None:
        """Show another day, or none."""
        self._known.setChecked(day is not None)
        if day is not None:
            self._edit.setDate(QDate(day.year, day.month, day.day))


class AddressEdit(QPlainTextEdit):
    """An address of a few lines; Tab leaves it.

    Signals:
        editing_finished(): the keyboard left it.
    """

    editing_finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(px(62))

    def address(self) -> str:
        """The lines as typed, without empty ones."""
        return "\n".join(line.strip() for line in self.toPlainText().splitlines() if line.strip())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard left."""
        super().focusOutEvent(event)
        self.editing_finished.emit()
