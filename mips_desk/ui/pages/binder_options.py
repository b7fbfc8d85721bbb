"""What is printed and how it is written: activities, paper, edition, signature, and the form of the package."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mips_desk.binder.content import Edition, Paper
from mips_desk.services.overview import SelectionView
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_M, SPACE_S, TextRole, px
from mips_desk.ui.widgets.buttons import ChooserButton, icon_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.choice_box import ChoiceBox, refill
from mips_desk.ui.widgets.text import card_title, label
from mips_desk.ui.words import count


class Signing(StrEnum):
    """Who signs the file."""

    NOBODY = "nobody"
    PRACTICE = "practice"
    FILE = "file"


_SIGNING = (
    ("Not signed", Signing.NOBODY),
    ("Practice certificate", Signing.PRACTICE),
    ("My certificate file…", Signing.FILE),
)
_MEGABYTE = 1_000_000
#: Largest size of one file of a package in bytes; 0: never split. Mail servers take about 10 or 20 MB.
_SPLITS = (("One file", 0), *((f"Parts of {size} MB", size * _MEGABYTE) for size in (10, 20, 50, 100)))


@dataclass(frozen=True, slots=True)
class BinderOptions:
    """What to print.

    Attributes:
        activities: identifiers of the activities; empty: all chosen ones.
        paper: paper size.
        edition: whether pictures are covered.
        reason: why the full edition is made; empty for the redacted one.
        sign_off: a signature block for every activity.
        journal_extract: the newest journal entries.
        signing: who signs the file.
        time_stamp: address of the service that is asked for a time stamp of the signature; empty: none is.
        split: largest size of one file of a package in bytes; 0: never split.
        encrypt: the package asks for a passphrase.
    """

    activities: tuple[str, ...] = ()
    paper: Paper = Paper.LETTER
    edition: Edition = Edition.REDACTED
    reason: str = ""
    sign_off: bool = True
    journal_extract: bool = True
    signing: Signing = Signing.NOBODY
    time_stamp: str = ""
    split: int = 0
    encrypt: bool = False

    @property
    def pages(self) -> tuple[object, ...]:
        """What decides how the pages look."""
        return (self.activities, self.paper, self.edition, self.reason, self.sign_off, self.journal_extract)


class OptionsCard(Card):
    """The options.

    Signals:
        changed(BinderOptions): something else was chosen.
        full_wanted(): the full edition was chosen; answer with `set_full` or `set_redacted`.
        signing_wanted(): signing shall be set up.
        stamp_wanted(): a time stamp was chosen; answer with `set_time_stamp`.
    """

    changed = Signal(object)
    full_wanted = Signal()
    signing_wanted = Signal()
    stamp_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margin=2, parent=parent)
        self.setObjectName("options_card")
        self._options = BinderOptions()
        self._activities: dict[str, QAction] = {}
        column = QVBoxLayout()
        column.setContentsMargins(px(14), px(10), px(12), px(10))
        column.setSpacing(SPACE_S)
        self._title = card_title("Options")
        column.addWidget(self._title)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_M)
        self._grid.setVerticalSpacing(px(5))
        self._grid.setColumnStretch(1, 1)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._area = scroll_area(column)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self._area)
        self._menu = QMenu(self)
        self._which = ChooserButton(self._menu)
        self._which.setObjectName("which_activities")
        self._row("Print", self._which)
        self._paper = self._radios("paper", [("Letter", Paper.LETTER), ("A4", Paper.A4)])
        self._row("Paper", self._paper[0])
        self._edition = self._radios("edition", [("Redacted", Edition.REDACTED), ("Full…", Edition.FULL)])
        self._edition[1][Edition.FULL].setToolTip("Shows patient identifiers; you will be asked for the reason")
        self._row("Edition", self._edition[0])
        self._sign_off = self._box("Clinician sign-off", "sign_off", on=True)
        self._journal = self._box("Journal extract", "journal_extract", on=True)
        self._row("With", self._sign_off)
        self._row("", self._journal)
        self._signing = ChoiceBox()
        self._signing.setObjectName("signing")
        refill(self._signing, _SIGNING, Signing.NOBODY)
        self._signing.activated.connect(lambda _place: self._chosen())
        set_up = icon_button("Set up signing…", "settings", self.signing_wanted.emit)
        set_up.setObjectName("set_up_signing")
        self._row("Signature", self._beside(self._signing, set_up), named=self._signing)
        self._stamp = self._box("Time stamp…", "time_stamp", on=False)
        self._row("", self._stamp)
        self._stamped = label("", TextRole.HINT, wrap=True)
        self._stamped.setObjectName("time_stamp_told")
        self._row("", self._stamped)
        self._split = ChoiceBox()
        self._split.setObjectName("split")
        refill(self._split, _SPLITS, 0)
        self._split.activated.connect(lambda _place: self._chosen())
        self._encrypt = self._box("Encrypted", "encrypt", on=False)
        self._encrypt.setToolTip("The audit package opens only with a passphrase that you choose")
        self._row("Package", self._split)
        self._row("", self._encrypt)
        self._show_stamp()

    @property
    def options(self) -> BinderOptions:
        """What to print."""
        return self._options

    def show_title(self, on: bool) -> None:
        """Say "Options" above them, unless something else says it."""
        self._title.setVisible(on)

    def needed(self) -> int:
        """Return the height that all of it needs at the width that it has."""
        inside = self._area.widget()
        if inside is None:
            return px(8)
        across = inside.heightForWidth(self._area.viewport().width()) if inside.hasHeightForWidth() else 0
        return max(across, inside.sizeHint().height()) + px(8)

    def set_activities(self, parts: Sequence[SelectionView]) -> None:
        """Show the activities to choose from; other ones than before choose all of them."""
        if [part.activity.id for part in parts] != list(self._activities):
            self._menu.clear()
            self._activities = {}
            self._options = replace(self._options, activities=())
            for part in parts:
                title = f"{part.activity.id}  ·  {part.activity.title}".replace("&", "&&")
                action = self._menu.addAction(title)
                action.setCheckable(True)
                action.setChecked(True)
                action.triggered.connect(self._chosen)
                self._activities[part.activity.id] = action
        self._show_activities()

    def set_full(self, reason: str) -> None:
        """Take the full edition, for a reason."""
        self._take(replace(self._options, edition=Edition.FULL, reason=reason))

    def set_redacted(self) -> None:
        """Go back to the redacted edition."""
        self._edition[1][Edition.REDACTED].setChecked(True)
        self._take(replace(self._options, edition=Edition.REDACTED, reason=""))

    def set_signing(self, signing: Signing) -> None:
        """Choose who signs."""
        self._signing.setCurrentIndex(self._signing.findData(signing))
        self._take(replace(self._options, signing=signing))

    def set_time_stamp(self, address: str) -> None:
        """Ask this service for a time stamp; empty: none."""
        self._take(replace(self._options, time_stamp=address))

    # ------------------------------------------------------------------ inside

    def _row(self, name: str, editor: QWidget, named: QWidget | None = None) -> None:
        row = self._grid.rowCount()
        if name:
            caption = label(name, TextRole.SECONDARY)
            caption.setBuddy(named or editor)
            self._grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignVCenter)
        box = named or editor
        if isinstance(box, ChoiceBox):
            box.setAccessibleName(name)
            # Words that do not fit end in "…"; the pane never scrolls sideways.
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._grid.addWidget(editor, row, 1)

    def _radios(self, key: str, choices: list[tuple[str, StrEnum]]) -> tuple[QWidget, dict[StrEnum, QRadioButton]]:
        made, buttons = QWidget(), {}
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        group = QButtonGroup(made)
        for place, (words, value) in enumerate(choices):
            button = QRadioButton(words)
            button.setObjectName(f"{key}_{value}")
            button.setChecked(not place)
            button.clicked.connect(self._chosen)
            group.addButton(button)
            row.addWidget(button)
            buttons[value] = button
        row.addStretch(1)
        return made, buttons

    def _box(self, words: str, key: str, *, on: bool) -> QCheckBox:
        made = QCheckBox(words)
        made.setObjectName(key)
        made.setChecked(on)
        made.clicked.connect(self._chosen)
        return made

    @staticmethod
    def _beside(wide: QWidget, narrow: QWidget) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(wide, 1)
        row.addWidget(narrow)
        return made

    def _chosen(self) -> None:
        wanted = tuple(key for key, action in self._activities.items() if action.isChecked())
        everything = len(wanted) in (0, len(self._activities))
        if everything:
            for action in self._activities.values():
                action.setChecked(True)
        before = self._options
        full = self._edition[1][Edition.FULL].isChecked()
        signing = Signing(self._signing.currentData())
        stamp = self._stamp.isChecked() and signing is not Signing.NOBODY
        self._take(
            replace(
                before,
                edition=before.edition if full else Edition.REDACTED,
                reason=before.reason if full else "",
                activities=() if everything else wanted,
                paper=next(Paper(value) for value, button in self._paper[1].items() if button.isChecked()),
                sign_off=self._sign_off.isChecked(),
                journal_extract=self._journal.isChecked(),
                signing=signing,
                time_stamp=before.time_stamp if stamp else "",
                split=int(self._split.currentData()),
                encrypt=self._encrypt.isChecked(),
            )
        )
        if full and self._options.edition is Edition.REDACTED:
            self.full_wanted.emit()
        if stamp and not self._options.time_stamp:
            self.stamp_wanted.emit()

    def _take(self, options: BinderOptions) -> None:
        if options.signing is Signing.NOBODY:
            options = replace(options, time_stamp="")
        before, self._options = self._options, options
        self._show_stamp()
        if options != before:
            self._show_activities()
            self.changed.emit(options)

    def _show_stamp(self) -> None:
        address = self._options.time_stamp
        signed = self._options.signing is not Signing.NOBODY
        self._stamp.setEnabled(signed)
        self._stamp.setChecked(bool(address))
        self._stamp.setToolTip(
            "A service confirms when the file was signed; a hash and nothing else is sent to it"
            if signed
            else "A time stamp goes with a signature: choose one first"
        )
        self._stamped.setText(f"A hash and nothing else goes to {service_name(address)}." if address else "")
        self._stamped.setVisible(bool(address))

    def _show_activities(self) -> None:
        chosen, every = len(self._options.activities), len(self._activities)
        words = f"{chosen} of {count(every, 'activity', 'activities')}" if chosen else "All activities"
        self._which.set_choice("Activities to print", words, "\n".join(self._options.activities))
        self._which.setEnabled(every > 1)


def service_name(address: str) -> str:
    """Return the name of the computer in the address of a service, as people know it."""
    return urlsplit(address).hostname or address
