"""Home: whether what was collected is safe. Backups, the check of the vault, the recovery sheet."""

from PySide6.QtWidgets import QWidget

from mips_desk.domain import phrases
from mips_desk.ui.desk import Desk
from mips_desk.ui.pages.settings_section import Part
from mips_desk.ui.rooms import Room
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.row_list import Row, RowList


class CareCard(Card):
    """One line each; a button only where something is to be done.

    Args:
        desk: the open practice.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Safe keeping", parent=parent)
        self.setObjectName("safe_keeping")
        self._desk = desk
        self._rows = RowList()
        self._rows.setObjectName("care_rows")
        self._rows.activated.connect(self._open)
        self.body.addWidget(self._rows)
        self.hide()
        desk.care.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the newest state; nothing is shown before the first look."""
        care = self._desk.care
        self.setVisible(care.looked)
        if care.looked:
            self._rows.set_rows([*self._rekey(), *self._backup(), *self._check(), *self._recovery()])

    def _rekey(self) -> list[Row]:
        if not self._desk.care.rekey_due:
            return []
        told = "Somebody was removed, and the practice is still to be encrypted anew. Their old copies open until then."
        return [_row("people", "A person was removed", told, "" if self._desk.read_only else "Open", warn=True)]

    def _backup(self) -> list[Row]:
        state = self._desk.care.backup
        if state is None:
            return []
        ready = state.reachable and not self._desk.read_only
        button = "" if not state.warn or self._desk.care.busy else "Back up now" if ready else "Open"
        return [_row("back_up" if ready else "backups", "Backup", state.sentence, button, warn=state.warn)]

    def _check(self) -> list[Row]:
        state = self._desk.care.check
        if state is None:
            return []
        bad = state.sound is False
        row = _row("check", "Check of the vault", state.sentence, "Open" if state.warn else "", warn=state.warn)
        return [Row(row.key, row.title, row.text, "Open", "damaged", Tone.BAD) if bad else row]

    def _recovery(self) -> list[Row]:
        state = self._desk.care.recovery
        title, button = "Recovery sheet", "" if self._desk.read_only else "Open"
        if state is None:
            told = "There is none yet. When every passphrase is forgotten, nothing else opens this practice."
            return [_row("recovery", title, told, button, warn=True)]
        if state.advice:
            return [_row("recovery", title, state.advice, button, warn=True)]
        tried = f", tried on {phrases.long_day(state.tried_at.date())}" if state.tried_at else ", never tried"
        told = f"Sheet {state.number} was made on {phrases.long_day(state.made_at.date())}{tried}."
        return [_row("recovery", title, told, "", warn=False)]

    def _open(self, key: str) -> None:
        if key == "back_up":
            self._desk.care.back_up(told=self._desk.care.tell_made)
        else:
            self._desk.open_room(Room.SETTINGS, part=Part.PEOPLE if key in ("recovery", "people") else Part.SAFETY)


def _row(key: str, title: str, text: str, button: str, *, warn: bool) -> Row:
    return Row(key, title, text, button, "to do" if warn else "all right", Tone.WARN if warn else Tone.OK)
