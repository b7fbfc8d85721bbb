"""Dialogs of Settings, Records: closing and reopening a year, destroying originals."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from mips_desk.ui import words
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, px
from mips_desk.ui.widgets.buttons import danger_button, primary_button, secondary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.fitting import fit_height
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import page_title, secondary

#: Open points shown one by one.
_MOST_POINTS = 8


class _Asking(QDialog):
    """A dialog with a title, what it asks for, and two buttons at the end."""

    def __init__(self, name: str, title: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(SPACE_XL, SPACE_L + 4, SPACE_XL, SPACE_L)
        self._whole.setSpacing(SPACE_M)
        self._whole.addWidget(page_title(title))
        # Only where the screen is too small for all of it, this part scrolls; the buttons never leave.
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_M)
        self._fields = scroll_area(self._column)
        self._whole.addWidget(self._fields, 1)
        self.setMinimumWidth(px(520))

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that everything needs."""
        super().showEvent(event)
        if not event.spontaneous():
            fit_height(self, self._fields)

    def _end(self, yes: str, *, grave: bool = False) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE_S + 2)
        row.addStretch(1)
        cancel = secondary_button("Cancel", on_click=self.reject)
        row.addWidget(cancel)
        make = danger_button if grave else primary_button
        self._done = make(yes, on_click=self.accept)
        self._done.setObjectName(f"{self.objectName()}_done")
        # A grave act is never the answer to a stray Return.
        (cancel if grave else self._done).setDefault(True)
        row.addWidget(self._done)
        self._column.addStretch(1)
        self._whole.addLayout(row)

    def _reason_field(self, name: str, told: str) -> QPlainTextEdit:
        made = QPlainTextEdit()
        made.setObjectName(f"{self.objectName()}_reason")
        made.setTabChangesFocus(True)
        made.setFixedHeight(px(64))
        made.textChanged.connect(self._judge)
        self._column.addWidget(field(name, made, told))
        return made

    def _judge(self) -> None:
        """Enable the button when everything that is asked for is there."""


class CloseYearDialog(_Asking):
    """Says what closing means and what is still open.

    Args:
        year: performance year.
        points: what is still open, one sentence each.
    """

    def __init__(self, year: int, points: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__("close_year", f"Close {year}", parent)
        self._column.addWidget(
            secondary(
                f"Nothing of {year} can be changed after that: activities, evidence, dates of use. A fingerprint of all"
                " of it is recorded and printed on the binder. Binders can still be made, and a manager can reopen the"
                " year; the journal says so."
            )
        )
        if points:
            what = words.count(len(points), "point is", "points are")
            self._column.addWidget(Note(f"{what} still open in {year}. You can close it all the same.", Tone.WARN))
            shown = list(points[:_MOST_POINTS])
            if len(points) > len(shown):
                shown.append(f"and {words.count(len(points) - len(shown), 'more point')}")
            for text in shown:
                self._column.addWidget(secondary(f"•  {text}"))
        else:
            self._column.addWidget(Note(f"Nothing is left open in {year}.", Tone.OK))
        self._end(f"Close {year}")


class ReopenYearDialog(_Asking):
    """Asks why a year is reopened.

    Args:
        year: performance year.

    Attributes:
        reason: as typed.
    """

    def __init__(self, year: int, parent: QWidget | None = None) -> None:
        super().__init__("reopen_year", f"Reopen {year}", parent)
        self._column.addWidget(
            secondary("The year can be changed again. That it was closed, and why it was reopened, stays recorded.")
        )
        self._reason = self._reason_field("Why", "Stands in the journal, for example: a page was missing.")
        self._end(f"Reopen {year}")
        self._judge()

    @property
    def reason(self) -> str:
        """Why, as typed."""
        return self._reason.toPlainText().strip()

    def _judge(self) -> None:
        if hasattr(self, "_done"):
            self._done.setEnabled(bool(self.reason))


class DestroyDialog(_Asking):
    """Asks for a reason and for the confirmations before originals are destroyed.

    Args:
        what: what is destroyed, as in "the original of exhibit 2026-IA_BE_4-03".
        texts: as from `services.retention.confirmation_texts`; the last one is typed, one before it is ticked.

    Attributes:
        reason: as typed.
        confirmations: what was confirmed, in the order of `texts`.
    """

    def __init__(self, what: str, texts: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__("destroy", "Destroy originals", parent)
        self._typed_wanted = texts[-1]
        self._column.addWidget(
            secondary(
                f"This destroys {what} for good, and the marks on it. Nobody can bring it back, no undo and no check."
                " The hash, the reason and your name stay. Backups and hand-over files made before still hold it."
            )
        )
        self._early: QCheckBox | None = None
        self._early_text = texts[0] if len(texts) > 1 else ""
        if self._early_text:
            self._column.addWidget(Note("The records must still be kept.", Tone.BAD))
            self._early = QCheckBox("I know that, and want it all the same")
            self._early.setObjectName("destroy_early")
            self._early.setAccessibleDescription(self._early_text)
            self._early.toggled.connect(lambda _on: self._judge())
            self._column.addWidget(secondary(self._early_text))
            self._column.addWidget(self._early)
        self._reason = self._reason_field("Why", "Stands in the journal and in the binder, so write no patient's name.")
        self._typed = QLineEdit()
        self._typed.setObjectName("destroy_typed")
        self._typed.textChanged.connect(lambda _text: self._judge())
        self._column.addWidget(field(f"Type {self._typed_wanted} to confirm", self._typed))
        self._end("Destroy", grave=True)
        self._judge()

    @property
    def reason(self) -> str:
        """Why, as typed."""
        return self._reason.toPlainText().strip()

    @property
    def confirmations(self) -> tuple[str, ...]:
        """What was confirmed."""
        ticked = (self._early_text,) if self._early is not None and self._early.isChecked() else ()
        return (*ticked, self._typed.text().strip())

    def _judge(self) -> None:
        if hasattr(self, "_done"):
            early = self._early is None or self._early.isChecked()
            self._done.setEnabled(early and bool(self.reason) and self._typed.text().strip() == self._typed_wanted)
