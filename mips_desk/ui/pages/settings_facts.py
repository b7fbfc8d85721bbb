"""The facts that change a score besides the activities: categories without a score, what else was sent, sites."""

import dataclasses

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox, QWidget

from mips_desk.domain.practice import Category, Track, YearProfile
from mips_desk.services.overview import YearView
from mips_desk.ui.theme import SPACE_M, TextRole
from mips_desk.ui.widgets.card import Card, field
from mips_desk.ui.widgets.choice_box import ChoiceBox, number_box, refill
from mips_desk.ui.widgets.text import label, secondary

_CATEGORIES = {
    Category.QUALITY: "Quality",
    Category.COST: "Cost",
    Category.PROMOTING_INTEROPERABILITY: "Promoting Interoperability",
    Category.IMPROVEMENT_ACTIVITIES: "Improvement activities",
}
_ANSWERS = (("Not known yet", None), ("Yes", True), ("No", False))


class FactsCard(Card):
    """Facts of the year that most practices can leave as they are.

    Signals:
        change_requested(YearProfile): applied at once.
    """

    change_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What else changes the score", parent=parent)
        self.body.addWidget(secondary("Leave these as they are unless CMS told you otherwise."))
        self.body.addWidget(label("Categories without a score", TextRole.SECONDARY))
        self._missing: dict[Category, QCheckBox] = {}
        for category, text in _CATEGORIES.items():
            self._missing[category] = self._box(text, f"missing_{category}")
        self._missing[Category.PROMOTING_INTEROPERABILITY].setToolTip(
            "From 2022 on a small practice that sends no Promoting Interoperability data has none of its own accord."
        )
        self._exception = self._box("Extreme circumstances exception", "euc_exception")
        self._exception.setToolTip("CMS granted an exception for extreme and uncontrollable circumstances.")
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        self._quality = self._answer("submitted_quality")
        self._interoperability = self._answer("submitted_pi")
        row.addWidget(field("Quality data sent", self._quality), 1)
        row.addWidget(field("Interoperability data sent", self._interoperability), 1)
        self.body.addLayout(row)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        self._sites = self._number("Practice sites", "pcmh_sites_total")
        self._recognized = self._number("Sites recognized as medical home", "pcmh_sites_recognised")
        row.addWidget(field("Practice sites", self._sites), 1)
        row.addWidget(field("Recognized as medical home", self._recognized), 1)
        self.body.addLayout(row)
        self._web = self._box("The APM reports by the CMS Web Interface", "web_interface_apm")
        self._profile = YearProfile(0)
        self._filling = False

    def _box(self, text: str, key: str) -> QCheckBox:
        made = QCheckBox(text)
        made.setObjectName(key)
        made.toggled.connect(lambda _on: self._changed())
        self.body.addWidget(made)
        return made

    def _answer(self, key: str) -> ChoiceBox:
        made = ChoiceBox()
        made.setObjectName(key)
        made.activated.connect(lambda _place: self._changed())
        return made

    def _number(self, name: str, key: str) -> QSpinBox:
        made = number_box(name, key, 0, 9999)
        made.setSpecialValueText("–")
        made.setKeyboardTracking(False)
        made.valueChanged.connect(lambda _value: self._changed())
        return made

    def show_view(self, view: YearView, *, read_only: bool) -> None:
        """Show the year's facts."""
        self._filling = True
        profile = self._profile = view.profile
        for category, box in self._missing.items():
            box.setChecked(category in profile.missing_categories)
        self._exception.setChecked(profile.euc_exception)
        refill(self._quality, list(_ANSWERS), profile.submitted_quality)
        refill(self._interoperability, list(_ANSWERS), profile.submitted_pi)
        self._sites.setValue(profile.pcmh_sites_total or 0)
        self._recognized.setValue(profile.pcmh_sites_recognised or 0)
        self._web.setChecked(profile.web_interface_apm)
        self._web.setVisible(profile.track is Track.APM_SCORING_STANDARD)
        self.setEnabled(not read_only)
        self._filling = False

    def _changed(self) -> None:
        if self._filling:
            return
        sites, recognized = self._sites.value(), self._recognized.value()
        made = dataclasses.replace(
            self._profile,
            missing_categories=frozenset(each for each, box in self._missing.items() if box.isChecked()),
            euc_exception=self._exception.isChecked(),
            submitted_quality=self._quality.currentData(),
            submitted_pi=self._interoperability.currentData(),
            pcmh_sites_total=sites or None,
            pcmh_sites_recognised=min(recognized, sites) if sites else None,
            web_interface_apm=self._web.isChecked(),
        )
        if made != self._profile:
            self.change_requested.emit(made)
