"""Patient identifiers in the side panel: how much is covered, what is proposed, and what the person confirms."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from mips_desk.annotate.marks import Redaction
from mips_desk.ui.jobs import Job
from mips_desk.ui.theme import SPACE_S, SPACE_XS, TextRole, px
from mips_desk.ui.widgets.buttons import icon_button, link_button, secondary_button
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.job_progress import JobProgress
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import ElidedLabel, card_title, label

from .board import Board
from .proposals import Proposals

#: Said beside every list of proposals, also an empty one: a search proves nothing about what it does not find.
_LOOK_YOURSELF = "It misses some and is wrong about some. Look at the whole picture yourself."

#: Side of the button that dismisses, in logical pixels at 100 %.
_BUTTON = 30


class Identifiers(QWidget):
    """Says what is covered, offers to look for more, and lists what was proposed.

    Args:
        board: what is edited.
        proposals: what was found.
        no_identifiers: the person has confirmed that no patient identifier is visible.

    Signals:
        no_identifiers_changed(bool): the person confirmed it, or took that back.
        find_requested(): look for patient identifiers.
        went_on(): the keyboard shall go to the canvas.
    """

    no_identifiers_changed = Signal(bool)
    find_requested = Signal()
    went_on = Signal()

    def __init__(self, board: Board, proposals: Proposals, no_identifiers: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board, self._proposals = board, proposals
        self._shown: object = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(card_title("Patient identifiers"))
        column.addWidget(
            label(
                "Cover names, dates of birth, record numbers, phone numbers and faces. A redaction is solid and"
                " permanent in every export.",
                TextRole.SECONDARY,
                wrap=True,
            )
        )
        self._note = Note()
        self._note.setObjectName("redaction_count")
        column.addWidget(self._note)
        self._find = secondary_button("Find patient identifiers", "search", self._look)
        self._find.setObjectName("find_identifiers")
        self._find.setToolTip("Find patient identifiers  ·  Shift+F")
        column.addWidget(self._find, 0, Qt.AlignmentFlag.AlignLeft)
        self._progress = JobProgress()
        column.addWidget(self._progress)
        self._found = Note()
        self._found.setObjectName("found")
        column.addWidget(self._found)
        self._why = ElidedLabel("", TextRole.SECONDARY)
        self._why.setObjectName("why_proposed")
        self._why.hide()
        column.addWidget(self._why)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column.addLayout(self._list)
        self._confirm = QCheckBox("No patient identifier is visible")
        self._confirm.setObjectName("no_identifiers")
        self._confirm.setChecked(no_identifiers)
        self._confirm.setEnabled(not board.read_only)
        self._confirm.toggled.connect(self._confirmed)
        column.addWidget(self._confirm)
        self._find.setEnabled(not board.read_only)
        board.changed.connect(self._show)
        proposals.changed.connect(self._show)
        self._show()

    @property
    def no_identifiers(self) -> bool:
        """The person has confirmed that no patient identifier is visible."""
        return self._confirm.isChecked()

    def set_no_identifiers(self, confirmed: bool) -> None:
        """Show what is stored, without telling it again."""
        self._confirm.blockSignals(True)
        self._confirm.setChecked(confirmed)
        self._confirm.blockSignals(False)
        self._show()

    def ask_to_confirm(self) -> None:
        """Say what is missing before the picture can be marked as looked at, and go there."""
        self._note.set(
            "Cover what identifies a patient, or confirm below that nothing does. Then mark it as looked at.",
            Tone.WARN,
        )
        self._confirm.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_finding(self, job: Job | None) -> None:
        """Show that a search goes on, or that it ended."""
        self._find.setEnabled(job is None and not self._board.read_only)
        if job is not None:
            self._found.set("")
            self._progress.watch(job)

    def say(self, words: str) -> None:
        """Say why nothing could be searched."""
        self._found.set(words, Tone.WARN)

    def _look(self) -> None:
        # The button cannot be pressed while the search goes on; the keyboard must not fall onto the box below it.
        self.went_on.emit()
        self.find_requested.emit()

    def _confirmed(self, confirmed: bool) -> None:
        self._show()
        self.no_identifiers_changed.emit(confirmed)

    def _show(self) -> None:
        count = sum(isinstance(mark, Redaction) for mark in self._board.marks)
        waiting = len(self._proposals.open)
        if count and waiting:
            self._note.set(f"{count} covered, {waiting} to decide.", Tone.NEUTRAL)
        elif count:
            self._note.set(f"{count} area{'s' if count > 1 else ''} covered.", Tone.OK)
        elif self.no_identifiers:
            self._note.set("You confirmed that nothing needs to be covered.", Tone.OK)
        else:
            self._note.set("Nothing is covered yet.", Tone.WARN)
        self._show_proposals()

    def _show_proposals(self) -> None:
        proposals = self._proposals
        kinds, columns, dismissed = proposals.kinds, proposals.columns, proposals.dismissed
        self._show_current()
        shown = (tuple(kinds.items()), tuple(columns.items()), dismissed, proposals.asked)
        if not proposals.asked or shown == self._shown:
            return
        self._shown = shown
        count = len(proposals.open)
        if count:
            words = f"{count} place{'' if count == 1 else 's'} proposed, dashed in the picture. Nothing is covered"
            self._found.set(f"{words} until you accept it. {_LOOK_YOURSELF}", Tone.NEUTRAL)
        elif dismissed or any(isinstance(mark, Redaction) for mark in self._board.marks):
            self._found.set(f"Every proposal is decided. {_LOOK_YOURSELF}", Tone.NEUTRAL)
        else:
            self._found.set(f"Nothing was proposed, which says little. {_LOOK_YOURSELF}", Tone.NEUTRAL)
        self._clear()
        for kind, number in kinds.items():
            cover = partial(proposals.accept_kind, kind)
            dismiss = icon_button(
                f"Dismiss all {number}: {kind}", "x", partial(self._act, partial(proposals.dismiss_kind, kind))
            )
            self._add_row(f"{number}  {kind}", f"Cover all {number}: {kind}", cover, dismiss)
        for column, (title, number) in columns.items():
            name = f"Column “{title}”" if title else "A column"
            cover = partial(proposals.accept_column, column)
            self._add_row(f"{number}  {name}", f"Cover all {number} in this column", cover)
        if count:
            self._list.addWidget(
                label(
                    "Full stop goes to the next, comma back. Enter covers, Delete dismisses; Shift+Enter covers the"
                    " kind, Ctrl+Enter the column.",
                    TextRole.HINT,
                    wrap=True,
                )
            )
        if dismissed:
            self._list.addWidget(
                link_button(
                    f"Propose the {dismissed} dismissed again" if dismissed > 1 else "Propose the one dismissed again",
                    proposals.bring_back,
                ),
                0,
                Qt.AlignmentFlag.AlignLeft,
            )

    def _show_current(self) -> None:
        """Say why the one in hand is proposed, on a line of its own that keeps its height."""
        current = self._proposals.current
        self._why.setVisible(bool(self._proposals.open))
        self._why.setText(current.why[:1].upper() + current.why[1:] if current is not None else "None is in hand.")

    def _add_row(self, words: str, name: str, cover: Callable[[], None], dismiss: QToolButton | None = None) -> None:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_XS)
        row.addWidget(ElidedLabel(words), 1)
        button = link_button("Cover", partial(self._act, cover))
        button.setAccessibleName(name)
        button.setToolTip(name)
        for each in (button, dismiss):
            if each is not None:
                each.setEnabled(not self._board.read_only)
                row.addWidget(each)
        if dismiss is not None:
            dismiss.setFixedSize(px(_BUTTON), px(_BUTTON))
        else:
            # "Cover" stands below each other, with and without a second button.
            row.addSpacing(px(_BUTTON) + SPACE_XS)
        self._list.addWidget(holder)

    def _act(self, act: Callable[[], None]) -> None:
        # The row goes away with its button; the keyboard must not get lost with it.
        self.went_on.emit()
        act()

    def _clear(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
