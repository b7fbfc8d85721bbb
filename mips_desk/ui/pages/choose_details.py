"""The right pane of Choose: one activity, what proves it, and the button that adds it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mips_desk.domain.warnings import ActivityWarning, WarningKind
from mips_desk.services.overview import SelectionView
from mips_desk.ui import words
from mips_desk.ui.icons import icon
from mips_desk.ui.pages.choose_content import Links, Shown, citation, content
from mips_desk.ui.theme import ICON, SPACE_L, SPACE_S, px
from mips_desk.ui.widgets.buttons import danger_button, primary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Chip, Tone
from mips_desk.ui.widgets.empty_state import EmptyState
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import hint, rule

#: What the foot says beside the button instead of what adding would do.
_SAID_BELOW = (WarningKind.FULL, WarningKind.COVERED)


class _Area(QScrollArea):
    """Takes the room that there is; by itself it would ask for the height of its content."""

    def sizeHint(self) -> QSize:
        return QSize(px(240), px(160))


class DetailsPane(Card):
    """One activity.

    Signals:
        add_requested(str): choose the activity of this identifier.
        remove_requested(str): take the selection of this identifier out.
        evidence_requested(str): go to the proof of the selection of this identifier.
        activity_requested(str): show the activity of this identifier.
        mvp_requested(str): list the activities of the MVP of this identifier.
        load_requested(): go to where CMS's file is loaded.
        back_requested(): go back to where a link led from.
    """

    add_requested = Signal(str)
    remove_requested = Signal(str)
    evidence_requested = Signal(str)
    activity_requested = Signal(str)
    mvp_requested = Signal(str)
    load_requested = Signal()
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margin=0, parent=parent)
        self.setObjectName("activity_details")
        self._activity_id = ""
        self._chosen: SelectionView | None = None
        self.body.setSpacing(0)
        self._empty = EmptyState(
            "list-checks", "No activity selected", "Choose one in the list to see what it asks for."
        )
        self.body.addWidget(self._empty, 1)
        self._area = _Area()
        self._area.setObjectName("activity_content")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName("Activity")
        self.body.addWidget(self._area, 1)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(SPACE_L + 2, SPACE_S, SPACE_L + 2, SPACE_L)
        foot.setSpacing(SPACE_S + 2)
        foot.addWidget(rule())
        said = QVBoxLayout()
        said.setSpacing(2)
        self.effect = Note()
        self.effect.setObjectName("effect")
        said.addWidget(self.effect)
        self._cited = QWidget()
        cited = QHBoxLayout(self._cited)
        cited.setContentsMargins(px(ICON) + SPACE_S, 0, 0, 0)
        cited.setSpacing(SPACE_S)
        self._citation = hint("")
        self._citation.setObjectName("effect_citation")
        cited.addWidget(self._citation, 1)
        self._reading = Chip("our reading", Tone.WARN, "info")
        cited.addWidget(self._reading, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self._cited)
        foot.addLayout(said)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S + 2)
        self.primary = primary_button("Add", "plus", self.act)
        self.primary.setObjectName("choose_primary")
        self._remove = danger_button("Remove", "trash-2", self._ask_remove)
        self._remove.setObjectName("remove_activity")
        row.addWidget(self.primary, 1)
        row.addWidget(self._remove)
        foot.addLayout(row)
        self.body.addWidget(self._foot)
        self._links = Links(
            self.activity_requested.emit, self.mvp_requested.emit, self.load_requested.emit, self.back_requested.emit
        )
        self.show_nothing()

    @property
    def activity_id(self) -> str:
        """Identifier of the activity that is shown, or empty."""
        return self._activity_id

    def show_nothing(self) -> None:
        """No activity is selected."""
        self._activity_id, self._chosen = "", None
        self._empty.show()
        self._area.hide()
        self._foot.hide()

    def show_activity(self, shown: Shown, *, read_only: bool) -> None:
        """Show an activity; the place to which it was scrolled stays when it was shown already.

        Args:
            shown: the activity with all that is said about it.
            read_only: nothing can be changed.
        """
        details = shown.details
        before = self._area.verticalScrollBar().value() if details.activity.id == self._activity_id else 0
        self._activity_id = details.activity.id
        self._chosen = shown.view.chosen(details.activity.id)
        stops = None if self._chosen else next((found for found in details.warnings if found.blocks), None)
        said = stops or next((found for found in details.warnings if found.kind in _SAID_BELOW), None)
        below = None if self._chosen else said
        left = [found for found in details.warnings if found is not said]
        self._area.setWidget(content(shown, left, self._links))
        self._area.verticalScrollBar().setValue(before)
        self._empty.hide()
        self._area.show()
        self._foot.show()
        self._show_effect(details.effect, below)
        self._show_buttons(blocked=stops is not None, read_only=read_only)

    def act(self) -> None:
        """Do what the primary button does now; where it cannot, a screen reader says why."""
        if not self.primary.isEnabled():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.effect.text))
        elif self._chosen is not None:
            self.evidence_requested.emit(self._chosen.id)
        elif self._activity_id:
            self.add_requested.emit(self._activity_id)

    def _show_effect(self, effect: str, below: ActivityWarning | None) -> None:
        self._cited.setVisible(below is not None)
        if self._chosen is not None:
            refused = self._chosen.not_credited
            tone = Tone.BAD if refused else Tone.OK if self._chosen.readiness.complete else Tone.NEUTRAL
            self.effect.set(refused or _progress_words(self._chosen), tone)
        elif below is not None:
            self.effect.set(below.text, Tone.BAD if below.blocks else Tone.WARN)
            self._citation.setText(f"{citation(below)}. {below.uncertain}".strip(". "))
            self._reading.setVisible(bool(below.uncertain))
        else:
            self.effect.set(effect, Tone.ACCENT)

    def _show_buttons(self, *, blocked: bool, read_only: bool) -> None:
        chosen = self._chosen is not None
        text = "Open evidence" if chosen else f"Add {self._activity_id}"
        self.primary.setText(f" {text}")
        self.primary.setIcon(icon("image" if chosen else "plus", "on_accent"))
        self.primary.setAccessibleName(text)
        self.primary.setEnabled(chosen or not (read_only or blocked))
        self.primary.setAccessibleDescription(self.effect.text)
        told = "Nothing can be changed now; the line at the bottom says why." if read_only else ""
        self.primary.setToolTip("" if chosen else told or (self.effect.text if blocked else ""))
        self._remove.setVisible(chosen)
        self._remove.setEnabled(not read_only)

    def _ask_remove(self) -> None:
        if self._chosen is not None:
            self.remove_requested.emit(self._chosen.id)


def _progress_words(part: SelectionView) -> str:
    if part.readiness.complete:
        return "Chosen, and its proof is complete."
    return f"Chosen. {part.readiness.done} of {words.count(part.readiness.steps, 'step')} of the proof are done."
