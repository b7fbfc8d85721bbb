"""The cards of Settings. Each says what was changed; the page runs the command."""

import dataclasses
from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QRadioButton, QWidget

from mips_desk.domain.activity import Mvp
from mips_desk.domain.practice import Level, Practice, SpecialStatus, Track, YearProfile
from mips_desk.errors import MipsDeskError
from mips_desk.services import setup
from mips_desk.services.overview import YearView
from mips_desk.ui import words
from mips_desk.ui.theme import SPACE_L, SPACE_M, SPACE_S, TEXT_SCALES, TextRole, Theme, px
from mips_desk.ui.tokens import Appearance
from mips_desk.ui.widgets.buttons import link_button, secondary_button
from mips_desk.ui.widgets.card import Card, field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.choice_box import AddressEdit, ChoiceBox, number_box, refill
from mips_desk.ui.widgets.keyboard import has_keyboard
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.row_list import Row, RowList
from mips_desk.ui.widgets.text import hint, label, secondary


class PracticeCard(Card):
    """Name, TIN, address; kept as soon as the keyboard leaves a field.

    Signals:
        change_requested(Practice): checked.
    """

    change_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Practice", parent=parent)
        self._shown = Practice("")
        self._name = self._line("practice_name", "Name")
        self._tin = self._line("practice_tin", "TIN", "Only the last four digits are printed.")
        self._address = AddressEdit()
        self._address.setObjectName("practice_address")
        self._address.editing_finished.connect(self._keep)
        self.body.addWidget(field("Address", self._address))
        self._error = Note("", Tone.BAD)
        self._error.setObjectName("practice_error")
        self.body.addWidget(self._error)

    @property
    def fields(self) -> Mapping[str, QLineEdit | QPlainTextEdit]:
        """What is typed into, by the names of `Practice`."""
        return {"name": self._name, "tin": self._tin, "address": self._address}

    def show_view(self, view: YearView, *, read_only: bool) -> None:
        """Show the practice; a field that is being typed in is left alone."""
        self._shown = view.practice
        for line, text in ((self._name, view.practice.name), (self._tin, view.practice.tin)):
            line.setReadOnly(read_only)
            if not (has_keyboard(line) and line.isModified()):
                line.setText(text)
                line.setCursorPosition(0)  # A long name shows its beginning.
        self._address.setReadOnly(read_only)
        if not has_keyboard(self._address):
            self._address.setPlainText(view.practice.address)

    def _line(self, key: str, name: str, told: str = "") -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(key)
        made.editingFinished.connect(self._keep)
        self.body.addWidget(field(name, made, told))
        return made

    def _keep(self) -> None:
        typed = Practice(self._name.text().strip(), self._tin.text().strip(), self._address.address())
        try:
            setup.check_practice(typed)
        except MipsDeskError as error:
            self._error.set(f"{error} The last correct entry is kept.")
            return
        self._error.set("")
        for line in (self._name, self._tin):
            line.setModified(False)
        if typed != self._shown:
            self._shown = typed
            self.change_requested.emit(typed)


class CliniciansCard(Card):
    """Who practices here.

    Signals:
        add_requested(): add one.
        paste_requested(): add several from a spreadsheet.
        edit_requested(str): change the one with this identifier.
    """

    add_requested = Signal()
    paste_requested = Signal()
    edit_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Clinicians", parent=parent)
        self._add = secondary_button("Add", "plus", self.add_requested.emit)
        self._add.setObjectName("add_clinician")
        self._add.setAccessibleName("Add a clinician")
        self._paste = secondary_button("Paste…", "clipboard-paste", self.paste_requested.emit)
        self._paste.setObjectName("paste_clinicians")
        self._paste.setAccessibleName("Paste clinicians from a spreadsheet")
        self.header.addWidget(self._paste)
        self.header.addWidget(self._add)
        self._rows = RowList()
        self._rows.setObjectName("clinician_rows")
        self._rows.activated.connect(self.edit_requested)
        self.body.addWidget(self._rows)
        self._none = secondary("No clinician is entered yet. Evidence and dates of use can name them.")
        self.body.addWidget(self._none)

    def show_view(self, view: YearView, *, read_only: bool) -> None:
        """List the clinicians of the year."""
        self._rows.set_rows([_clinician_row(c.id, c.shown_name, c.npi, c.role, read_only) for c in view.clinicians])
        self._rows.setVisible(bool(view.clinicians))
        self._none.setVisible(not view.clinicians)
        self._add.setEnabled(not read_only)
        self._paste.setEnabled(not read_only)


def _clinician_row(key: str, name: str, npi: str, role: str, read_only: bool) -> Row:
    text = " · ".join(part for part in (f"NPI {npi}" if npi else "", role) if part)
    button = "" if read_only else "Change"
    return Row(key, name, text, button, "" if npi else "no NPI", Tone.WARN)


class YearCard(Card):
    """What the practice is for CMS in the performance year.

    Signals:
        change_requested(YearProfile): applied at once.
    """

    change_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Performance year", parent=parent)
        self._profile = YearProfile(0)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        self._level = self._combo("profile_level")
        self._track = self._combo("profile_track")
        row.addWidget(field("Reporting level", self._level), 1)
        row.addWidget(field("Track", self._track), 1)
        self.body.addLayout(row)
        self._mvp = self._combo("profile_mvp")
        self._mvp_field = field("Which MVP", self._mvp)
        self.body.addWidget(self._mvp_field)
        self._count = number_box("Clinicians who bill under the TIN", "profile_count", 1, 9999)
        self._count.setKeyboardTracking(False)
        self._count.valueChanged.connect(lambda _value: self._changed())
        self.body.addWidget(
            field("Clinicians who bill under the TIN", self._count, "15 or fewer make a small practice.")
        )
        self.body.addWidget(label("Special statuses", TextRole.SECONDARY))
        self._boxes: dict[SpecialStatus, QCheckBox] = {}
        for status in SpecialStatus:
            box = QCheckBox(status.label)
            box.setObjectName(f"profile_{status}")
            box.toggled.connect(lambda _on: self._changed())
            self.body.addWidget(box)
            self._boxes[status] = box
        self._boxes[SpecialStatus.SMALL_PRACTICE].setEnabled(False)
        self._apm = QCheckBox("Takes part in an APM")
        self._apm.setObjectName("profile_apm")
        self._apm.toggled.connect(lambda _on: self._changed())
        self.body.addWidget(self._apm)
        self._error = Note("", Tone.BAD)
        self._error.setObjectName("profile_error")
        self.body.addWidget(self._error)
        self._filling = False

    def show_view(self, view: YearView, mvps: tuple[Mvp, ...], *, read_only: bool) -> None:
        """Show the year's profile."""
        self._filling = True
        profile = self._profile = view.profile
        if self.title is not None:
            self.title.setText(f"Performance year {view.year}")
        refill(self._level, [(each.label, each) for each in view.rules.levels], profile.level)
        refill(self._track, [(words.sentence(each.label), each) for each in view.rules.tracks], profile.track)
        entries = [("Not chosen yet", ""), *((f"{mvp.title} ({mvp.id})", mvp.id) for mvp in mvps)]
        refill(self._mvp, entries, profile.mvp_id)
        self._mvp_field.setVisible(profile.track is Track.MVP)
        known = profile.npis_total if profile.npis_total is not None else profile.eligible_clinicians
        self._count.setValue(known or len(view.clinicians) or 1)
        definitions = view.rules.common.statuses
        for status, box in self._boxes.items():
            box.setChecked(status in profile.special_statuses)
            found = definitions.get(status)
            told = " ".join(part for part in (found.definition, found.group) if part) if found else ""
            box.setToolTip(told)
            box.setAccessibleDescription(told)
        self._apm.setChecked(profile.apm_participant)
        for widget in (self._level, self._track, self._mvp, self._count, self._apm, *self._boxes.values()):
            widget.setEnabled(not read_only)
        self._boxes[SpecialStatus.SMALL_PRACTICE].setEnabled(False)
        self._error.set("")
        self._filling = False

    def failed(self, error: Exception) -> None:
        """Say why the change was refused."""
        self._error.set(str(error))

    def _combo(self, key: str) -> QComboBox:
        made = ChoiceBox()
        made.setObjectName(key)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(9)
        made.activated.connect(lambda _place: self._changed())
        return made

    def _changed(self) -> None:
        if self._filling:
            return
        count = self._count.value()
        track = Track(self._track.currentData())
        ticked = frozenset(status for status, box in self._boxes.items() if box.isChecked())
        statuses = setup.statuses_for(count, ticked)
        made = dataclasses.replace(
            self._profile,
            level=Level(self._level.currentData()),
            track=track,
            mvp_id=str(self._mvp.currentData() or "") if track is Track.MVP else "",
            npis_total=count,
            eligible_clinicians=count,
            special_statuses=statuses,
            apm_participant=self._apm.isChecked(),
        )
        if made != self._profile:
            self.change_requested.emit(made)


class NewYearCard(Card):
    """Start a performance year that is not there yet.

    Signals:
        start_requested(int): the year.
    """

    start_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Another year", parent=parent)
        self.body.addWidget(secondary("A new year starts with the level, track and statuses of the nearest one."))
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        self.year = ChoiceBox()
        self.year.setObjectName("new_year")
        self.year.setAccessibleName("Year to start")
        self.year.setMinimumWidth(px(96))
        self._start = secondary_button("Start this year", "calendar-plus", self._ask)
        self._start.setObjectName("start_year")
        row.addWidget(self.year)
        row.addWidget(self._start)
        row.addStretch(1)
        self.body.addLayout(row)

    def show_view(self, view: YearView, years: tuple[int, ...], *, read_only: bool) -> None:
        """Offer the years that are not there yet."""
        missing = [year for year in sorted(years, reverse=True) if year not in view.years]
        refill(self.year, [(str(year), year) for year in missing], view.today.year)
        self._start.setEnabled(bool(missing) and not read_only)

    def _ask(self) -> None:
        if self.year.currentData() is not None:
            self.start_requested.emit(int(self.year.currentData()))


class AppearanceCard(Card):
    """Light or dark, and the text size; applied at once."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Appearance", parent=parent)
        self._theme = theme
        row = QHBoxLayout()
        row.setSpacing(SPACE_L)
        self._choices: dict[Appearance, QRadioButton] = {}
        for choice, text in (
            (Appearance.SYSTEM, "As the system"),
            (Appearance.LIGHT, "Light"),
            (Appearance.DARK, "Dark"),
        ):
            button = QRadioButton(text)
            button.setObjectName(f"appearance_{choice}")
            button.clicked.connect(lambda _on=False, choice=choice: theme.set_appearance(choice))
            row.addWidget(button)
            self._choices[choice] = button
        row.addStretch(1)
        self.body.addLayout(row)
        self._size = ChoiceBox()
        self._size.setObjectName("text_size")
        for percent in TEXT_SCALES:
            self._size.addItem(f"{percent} percent", percent)
        self._size.setFixedWidth(px(150))
        self._size.activated.connect(lambda place: theme.set_text_scale(int(self._size.itemData(place))))
        self.body.addWidget(field("Text size", self._size, "Also with Ctrl and plus or minus."))
        theme.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Show what is in force."""
        self._choices[self._theme.appearance].setChecked(True)
        self._size.setCurrentIndex(max(0, self._size.findData(self._theme.text_scale)))


class AboutCard(Card):
    """Version and licenses.

    Signals:
        about_requested(): show them.
    """

    about_requested = Signal()

    def __init__(self, version: str, parent: QWidget | None = None) -> None:
        super().__init__("About", parent=parent)
        self.body.addWidget(label(f"MIPS Desk {version}"))
        self.body.addWidget(hint("Not affiliated with CMS. Never uses the network."))
        row = QHBoxLayout()
        link = link_button("Version and licenses", self.about_requested.emit)
        link.setObjectName("show_about")
        row.addWidget(link)
        row.addStretch(1)
        self.body.addLayout(row)
