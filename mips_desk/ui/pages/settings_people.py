"""Settings, People: who can open the practice, with what, and the sheets for the safe."""

from dataclasses import dataclass
from functools import partial

from mips_desk.services import key_store, people
from mips_desk.services.changes import Changes
from mips_desk.services.people import PersonView, RecoveryState
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.pages.settings_section import Section
from mips_desk.ui.people.cards import LeavingCard, OwnCard, PeopleCard, RecoveryCard, is_manager
from mips_desk.ui.people.own_dialogs import KeyFileDialog, MakeSheetDialog, OwnPassphraseDialog, TrySheetDialog
from mips_desk.ui.people.person_dialogs import (
    AddPersonDialog,
    ChangePersonDialog,
    FinishRemovalDialog,
    RemovePersonDialog,
    SetPassphraseDialog,
)
from mips_desk.ui.people.successor import SuccessorDialog


@dataclass(frozen=True, slots=True)
class _Known:
    """What the section shows."""

    people: tuple[PersonView, ...] = ()
    recovery: RecoveryState | None = None
    rekey_due: bool = False

    @property
    def you(self) -> PersonView | None:
        return next((person for person in self.people if person.you), None)


class PeopleSection(Section):
    """People, passphrases, the recovery sheet."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._known = _Known()
        self._people = PeopleCard()
        self._people.add_requested.connect(lambda: AddPersonDialog(desk, self).open())
        self._people.change_requested.connect(self._change_person)
        self._people.finish_requested.connect(lambda: FinishRemovalDialog(desk, self).open())
        self._own = OwnCard()
        self._own.passphrase_requested.connect(self._change_passphrase)
        self._own.key_file_requested.connect(self._change_key_file)
        self._own.trust_requested.connect(self._trust)
        self._own.forget_requested.connect(self._forget)
        self._recovery = RecoveryCard()
        self._recovery.make_requested.connect(self._make_sheet)
        self._recovery.try_requested.connect(lambda: TrySheetDialog(desk, self).open())
        leaving = LeavingCard()
        leaving.sheet_requested.connect(lambda: SuccessorDialog(desk, self).open())
        self.put((self._people, leaving), (self._own, self._recovery))

    def refresh(self) -> None:
        """Read the people anew."""
        session = self.desk.session

        def read(_: JobContext) -> _Known:
            return _Known(people.people(session), people.recovery_state(session), people.rekey_due(session))

        self.desk.jobs.work(read, initiator=self, on_success=self._show)

    def _show(self, known: _Known) -> None:
        self._known = known
        read_only = self.desk.read_only
        may = is_manager(known.you) and not read_only
        self._people.show_people(known.people, rekey_due=known.rekey_due, may=may)
        if known.you is not None:
            self._own.show_person(known.you, read_only=read_only)
        self._recovery.show_state(known.recovery, may=is_manager(known.you), read_only=read_only)

    # ------------------------------------------------------------------ what is wanted

    def _change_person(self, person_id: str) -> None:
        found = next((person for person in self._known.people if person.id == person_id), None)
        if found is not None:
            ChangePersonDialog(self.desk, found, self, partial(self._go_on, found)).open()

    def _go_on(self, person: PersonView, where: str) -> None:
        dialog = SetPassphraseDialog if where == "passphrase" else RemovePersonDialog
        dialog(self.desk, person, self).open()

    def _change_passphrase(self) -> None:
        if self._known.you is not None:
            OwnPassphraseDialog(self.desk, self._known.you, self).open()

    def _change_key_file(self) -> None:
        if self._known.you is not None:
            KeyFileDialog(self.desk, self._known.you, self).open()

    def _trust(self, on: bool) -> None:
        session = self.desk.session
        act = key_store.trust_this_computer if on else key_store.forget_this_computer
        said = "This computer opens the practice for you." if on else "This computer asks for your passphrase again."
        self.change(partial(act, session), lambda _changes: self.desk.messages.info(said))

    def _forget(self, computer_id: str) -> None:
        def told(_changes: Changes) -> None:
            self.desk.messages.info("That computer asks for your passphrase again.")

        self.change(partial(key_store.forget_computer, self.desk.session, computer_id), told)

    def _make_sheet(self) -> None:
        recovery = self._known.recovery
        MakeSheetDialog(self.desk, recovery.number if recovery else None, self).open()
