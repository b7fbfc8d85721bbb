"""The five pages of the first run. Each checks itself and says what to correct."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from mips_desk.catalog.load import load_catalog
from mips_desk.catalog.rules import load_rules
from mips_desk.domain.practice import Clinician, Level, Practice, SpecialStatus, Track, YearProfile
from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.services import setup
from mips_desk.ui import words
from mips_desk.ui.people.new_passphrase import NewPassphrase
from mips_desk.ui.theme import SPACE_M, TextRole, px
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.choice_box import AddressEdit, ChoiceBox, number_box, refill
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.text import label


class StepPage(QWidget):
    """One page: a title, one sentence, and fields.

    Attributes:
        title: the question.
        intro: why it is asked, one or two sentences.
        first: the field that gets the keyboard.

    Signals:
        edited(): something was typed or chosen.
    """

    title = ""
    intro = ""
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE_M)
        self.first: QWidget = self

    def close_up(self) -> None:
        """Keep the fields together at the top."""
        self.column.addStretch(1)

    def check(self) -> None:
        """Check what was entered.

        Raises:
            BadInputError: one sentence on what to correct; `first_wrong` says where.
        """

    def text_field(self, name: str, key: str, hint: str = "", example: str = "") -> QLineEdit:
        """Add a line to type in."""
        line = QLineEdit()
        line.setObjectName(key)
        line.setPlaceholderText(example)
        line.textEdited.connect(lambda _text: self.edited.emit())
        self.column.addWidget(field(name, line, hint))
        return line


class PracticePage(StepPage):
    """Who the practice is, and who is at the computer."""

    title = "Your practice"
    intro = "The name goes on the cover of every binder. Everything can be changed later."

    def __init__(self) -> None:
        super().__init__()
        self.name = self.text_field("Name of the practice", "practice_name")
        self.tin = self.text_field("TIN (optional)", "tin", "Only the last four digits are printed.", "12-3456789")
        self.address = AddressEdit()
        self.address.setObjectName("address")
        self.column.addWidget(field("Address (optional)", self.address))
        self.person = self.text_field("Your own name", "person", "Stands beside everything you do in the record.")
        self.first = self.name
        self.close_up()

    @property
    def untouched(self) -> bool:
        """Nothing is typed."""
        return not any((self.name.text(), self.tin.text(), self.address.address(), self.person.text()))

    def practice(self) -> Practice:
        """The practice as typed."""
        return Practice(self.name.text().strip(), self.tin.text().strip(), self.address.address())

    def check(self) -> None:
        """Name, TIN, person; the keyboard goes to the first that is wrong."""
        try:
            setup.check_practice(self.practice())
        except BadInputError:
            (self.tin if self.name.text().strip() else self.name).setFocus()
            raise
        if not self.person.text().strip():
            self.person.setFocus()
            raise BadInputError("Enter your own name.")


class SizePage(StepPage):
    """How large it is, and its special statuses."""

    title = "Size and special statuses"
    intro = "With a special status, fewer activities are needed. CMS assigns them; qpp.cms.gov shows yours."

    def __init__(self) -> None:
        super().__init__()
        self.count = number_box("Clinicians who bill under the TIN", "clinician_count", 1, 9999)
        self.column.addWidget(
            field("How many clinicians bill under the TIN?", self.count, "15 or fewer make a small practice.")
        )
        self.boxes: dict[SpecialStatus, QCheckBox] = {}
        definitions = load_rules(
            date.today().year if date.today().year in load_catalog().years else 2026
        ).common.statuses
        for status in SpecialStatus:
            found = definitions.get(status)
            text = " ".join(part for part in (found.definition, found.group) if part) if found else ""
            self._add_status(status, text)
        self.boxes[SpecialStatus.SMALL_PRACTICE].setEnabled(False)
        self.count.valueChanged.connect(self._count_changed)
        self._count_changed(1)
        self.first = self.count
        self.close_up()

    def statuses(self) -> frozenset[SpecialStatus]:
        """Those that are ticked."""
        return frozenset(status for status, box in self.boxes.items() if box.isChecked())

    def _add_status(self, status: SpecialStatus, definition: str) -> None:
        group = QWidget()
        column = QVBoxLayout(group)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        box = QCheckBox(status.label)
        box.setObjectName(f"status_{status}")
        box.setAccessibleDescription(definition)
        box.toggled.connect(lambda _on: self.edited.emit())
        column.addWidget(box)
        told = label(definition, TextRole.HINT, wrap=True)
        told.setContentsMargins(px(26), 0, 0, 0)
        column.addWidget(told)
        self.column.addWidget(group)
        self.boxes[status] = box

    def _count_changed(self, count: int) -> None:
        small = SpecialStatus.SMALL_PRACTICE in setup.statuses_for(count, frozenset())
        self.boxes[SpecialStatus.SMALL_PRACTICE].setChecked(small)
        self.edited.emit()


class CliniciansPage(StepPage):
    """The clinicians, typed or pasted."""

    title = "Clinicians"
    intro = "One a line: name, NPI, credential. Paste from a spreadsheet, or leave it for later."

    def __init__(self) -> None:
        super().__init__()
        self.lines = QPlainTextEdit()
        self.lines.setObjectName("clinicians")
        self.lines.setTabChangesFocus(True)
        self.lines.setMinimumHeight(px(150))
        self.lines.setPlaceholderText("Abena Osei, 1234567893, MD\nLena Brandt, , NP")
        self.lines.textChanged.connect(self._read)
        self.column.addWidget(field("Clinicians", self.lines))
        self.told = Note()
        self.told.setObjectName("clinicians_read")
        self.column.addWidget(self.told)
        self.first = self.lines
        self._read()

    def clinicians(self) -> tuple[Clinician, ...]:
        """Those that were typed.

        Raises:
            BadInputError: a line cannot be read; the message names it.
        """
        text = self.lines.toPlainText()
        return setup.read_clinicians(text) if text.strip() else ()

    def check(self) -> None:
        """Every line can be read."""
        self.clinicians()

    def _read(self) -> None:
        self.edited.emit()
        try:
            found = self.clinicians()
        except MipsDeskError as error:
            self.told.set(str(error), Tone.WARN)
            return
        without = sum(not clinician.npi for clinician in found)
        if not found:
            self.told.set("The check digit of each NPI is checked as you type.", Tone.NEUTRAL)
        elif without:
            self.told.set(f"{words.count(len(found), 'clinician')}, {without} without an NPI so far.", Tone.NEUTRAL)
        else:
            self.told.set(f"{words.count(len(found), 'clinician')}, every NPI is correct.", Tone.OK)


class YearPage(StepPage):
    """The first performance year: level and track."""

    title = "Performance year"
    intro = "The year in which the activities are done. Further years can be added at any time."

    def __init__(self) -> None:
        super().__init__()
        years = sorted(load_catalog().years, reverse=True)
        self.year = self._combo("Year", "year", [(str(year), year) for year in years])
        today = date.today().year
        self.year.setCurrentIndex(years.index(today) if today in years else 0)
        self.level = self._combo(
            "Reporting level", "level", [], "How the practice reports to CMS. Most practices report as a group."
        )
        self.track = self._combo(
            "Track", "track", [], "Traditional MIPS, unless the practice registered for an MVP or takes part in an APM."
        )
        self.mvp = self._combo("Which MVP", "mvp", [])
        self.year.currentIndexChanged.connect(lambda _place: self._fill())
        self.track.currentIndexChanged.connect(lambda _place: self._show_mvp())
        self.first = self.year
        self._sized = False
        self._fill()
        self.close_up()

    def suggest(self, clinicians: int) -> None:
        """Suggest a level from the size, until the person has chosen one."""
        if not self._sized:
            wanted = Level.INDIVIDUAL if clinicians == 1 else Level.GROUP
            self.level.setCurrentIndex(max(0, self.level.findData(wanted)))
            self._sized = True

    def profile(self, statuses: frozenset[SpecialStatus], clinicians: int) -> YearProfile:
        """The year as chosen."""
        track = Track(self.track.currentData())
        return YearProfile(
            int(self.year.currentData()),
            level=Level(self.level.currentData()),
            track=track,
            special_statuses=statuses,
            mvp_id=str(self.mvp.currentData() or "") if track is Track.MVP else "",
            npis_total=clinicians,
            eligible_clinicians=clinicians,
        )

    def check(self) -> None:
        """Level and track fit each other."""
        if Level(self.level.currentData()) is Level.SUBGROUP and Track(self.track.currentData()) is not Track.MVP:
            raise BadInputError("A subgroup reports an MVP only. Choose MVP as the track.")

    def _combo(self, name: str, key: str, entries: list[tuple[str, object]], hint: str = "") -> QComboBox:
        combo = ChoiceBox()
        combo.setObjectName(key)
        for text, value in entries:
            combo.addItem(text, value)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.currentIndexChanged.connect(lambda _place: self.edited.emit())
        self.column.addWidget(field(name, combo, hint))
        return combo

    def _fill(self) -> None:
        rules = load_rules(int(self.year.currentData()))
        level, track, mvp_id = (box.currentData() for box in (self.level, self.track, self.mvp))
        refill(self.level, [(each.label, each) for each in rules.levels], level or Level.GROUP)
        refill(self.track, [(words.sentence(each.label), each) for each in rules.tracks], track)
        mvps = load_catalog().mvps(rules.year)
        refill(self.mvp, [(f"{mvp.title} ({mvp.id})", mvp.id) for mvp in mvps], mvp_id)
        self._show_mvp()

    def _show_mvp(self) -> None:
        holder = self.mvp.parentWidget()
        if holder is not None:
            holder.setVisible(self.track.currentData() == Track.MVP and self.mvp.count() > 0)


class PassphrasePage(StepPage):
    """The passphrase, with how strong it is."""

    title = "Your passphrase"
    intro = "It encrypts everything in this practice."

    def __init__(self) -> None:
        super().__init__()
        self.typed = NewPassphrase()
        self.typed.edited.connect(self.edited)
        self.column.addWidget(self.typed)
        self.column.addWidget(
            Note(
                "There is no back door. Nobody can reset a lost passphrase, not we and not your IT support. The"
                " recovery sheet on the next page is the only other way in.",
                Tone.WARN,
            )
        )
        self.first = self.typed.one
        self.close_up()

    def passphrase(self) -> str:
        """As typed."""
        return self.typed.text()

    def check(self) -> None:
        """Long enough, and typed twice the same."""
        self.typed.check()
