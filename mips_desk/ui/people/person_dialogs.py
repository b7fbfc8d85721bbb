"""Add a person, change one, give a new passphrase, remove one."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from mips_desk.domain.practice import Role
from mips_desk.errors import BadInputError
from mips_desk.services import key_store, people
from mips_desk.services.people import PersonView
from mips_desk.ui import words
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext
from mips_desk.ui.people.dialog import PeopleDialog
from mips_desk.ui.people.new_passphrase import NewPassphrase
from mips_desk.ui.people.roles import RoleChoice
from mips_desk.ui.theme import SPACE_S, TextRole
from mips_desk.ui.widgets.buttons import danger_button, primary_button, secondary_button
from mips_desk.ui.widgets.card import field
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.note import Note
from mips_desk.ui.widgets.row_list import Row, RowList
from mips_desk.ui.widgets.text import label, secondary


class AddPersonDialog(PeopleDialog):
    """Name, role and a first passphrase."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(
            desk,
            "add_person_dialog",
            "Add a person",
            "Each person has a passphrase of their own, so that the journal says who did what.",
            parent,
        )
        self._name = _line("person_name")
        self.body.addWidget(field("Name", self._name))
        self.body.addWidget(label("Role", TextRole.SECONDARY))
        self._role = RoleChoice(Role.HELPER)
        self.body.addWidget(self._role)
        self._passphrase = NewPassphrase("First passphrase")
        self.body.addWidget(self._passphrase)
        self.body.addWidget(secondary("Tell it to the person, who changes it in Settings, People, at the first login."))
        done = primary_button("Add person", on_click=self._try)
        done.setObjectName("add_person_done")
        done.setDefault(True)
        self.put_buttons(done)
        self._name.setFocus()

    def _try(self) -> None:
        name, role, passphrase = self._name.text().strip(), self._role.role(), self._passphrase.text()
        if self.check(lambda: _named(name, self._name)) and self.check(self._passphrase.check):
            session = self.desk.session
            self.run(
                lambda _: people.add_person(session, name, role, passphrase),
                lambda: self.desk.messages.info(f"{name} can open this practice now."),
            )


class ChangePersonDialog(PeopleDialog):
    """Name and role; and for somebody else a new passphrase or the way out.

    Args:
        desk: the open practice.
        person: who.
        parent: the page.
        then: opens another dialog after this one: "passphrase" or "remove".
    """

    def __init__(self, desk: Desk, person: PersonView, parent: QWidget, then: Callable[[str], object]) -> None:
        super().__init__(desk, "change_person_dialog", f"Change {person.name}", "", parent)
        self._person, self._then = person, then
        self._name = _line("person_name", person.name)
        self.body.addWidget(field("Name", self._name))
        self.body.addWidget(label("Role", TextRole.SECONDARY))
        self._role = RoleChoice(person.role, "Another manager can give you another role." if person.you else "")
        self.body.addWidget(self._role)
        if person.computers and not person.you:
            self.body.addWidget(label("Trusted computers", TextRole.SECONDARY))
            self._computers = RowList()
            self._computers.setObjectName("computers")
            self._computers.set_rows(
                [
                    Row(each.id, each.name, f"since {words.full_day(each.since.date())}", "Forget")
                    for each in person.computers
                ]
            )
            self._computers.activated.connect(self._forget)
            self.body.addWidget(self._computers)
        if not person.you:
            more = QHBoxLayout()
            more.setSpacing(SPACE_S)
            passphrase = secondary_button("Set a new passphrase…", "key-round", partial(self._go, "passphrase"))
            passphrase.setObjectName("set_passphrase")
            remove = danger_button("Remove…", "trash-2", partial(self._go, "remove"))
            remove.setObjectName("remove_person")
            more.addWidget(passphrase)
            more.addWidget(remove)
            more.addStretch(1)
            self.body.addLayout(more)
        done = primary_button("Change person", on_click=self._try)
        done.setObjectName("change_person_done")
        done.setDefault(True)
        self.put_buttons(done)

    def _go(self, where: str) -> None:
        self.reject()
        self._then(where)

    def _forget(self, computer_id: str) -> None:
        session = self.desk.session
        self.run(lambda _: key_store.forget_computer(session, computer_id))

    def _try(self) -> None:
        name, role, session, person = self._name.text().strip(), self._role.role(), self.desk.session, self._person
        if not self.check(lambda: _named(name, self._name)):
            return
        if (name, role) == (person.name, person.role):
            self.accept()
        else:
            self.run(lambda _: people.change_person(session, person.id, name, role))


class SetPassphraseDialog(PeopleDialog):
    """A new passphrase for somebody else."""

    def __init__(self, desk: Desk, person: PersonView, parent: QWidget) -> None:
        super().__init__(
            desk,
            "set_passphrase_dialog",
            f"A new passphrase for {person.name}",
            "The old one opens nothing from then on. A key file and trusted computers of this person are forgotten.",
            parent,
        )
        self._person = person
        self._passphrase = NewPassphrase("New passphrase")
        self.body.addWidget(self._passphrase)
        done = primary_button("Set the passphrase", on_click=self._try)
        done.setObjectName("set_passphrase_done")
        done.setDefault(True)
        self.put_buttons(done)

    def _try(self) -> None:
        if self.check(self._passphrase.check):
            session, new, person = self.desk.session, self._passphrase.text(), self._person
            self.run(
                lambda _: people.set_passphrase(session, person.id, new),
                lambda: self.desk.messages.info(f"{person.name} has a new passphrase."),
            )


class RemovePersonDialog(PeopleDialog):
    """Says what a removal means, then shows how far it is."""

    def __init__(self, desk: Desk, person: PersonView, parent: QWidget) -> None:
        super().__init__(
            desk,
            "remove_person_dialog",
            f"Remove {person.name}",
            f"{person.name} cannot open this practice from then on. What {person.name} did stays in the record.",
            parent,
        )
        self._person = person
        for sentence in (
            "The practice is encrypted anew. That takes some seconds, and about half a minute for each gigabyte.",
            "The others need to do nothing: their passphrases and the recovery sheet stay as they are.",
            "Backups made before still open with the passphrases of their day.",
        ):
            self.body.addWidget(Note(sentence))
        done = danger_button(f"Remove {person.name}", "trash-2", self._remove)
        done.setObjectName("remove_person_done")
        self.put_buttons(done)

    def _remove(self) -> None:
        session, person = self.desk.session, self._person
        self.run(
            lambda context: people.remove_person(
                session, person.id, progress=partial(_tell, context), check=context.check
            ),
            lambda: self.desk.messages.info(f"{person.name} is removed."),
            title="Encrypting the practice anew",
        )


class FinishRemovalDialog(PeopleDialog):
    """Encrypts the practice anew after a removal that was interrupted, or because a computer was lost."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(
            desk,
            "finish_removal_dialog",
            "Encrypt the practice anew",
            "Somebody was removed, and the practice still has the key that this person could know.",
            parent,
        )
        self.body.addWidget(Note("Nobody else may have the practice open meanwhile, not even to read.", Tone.NEUTRAL))
        done = primary_button("Encrypt anew", "lock", self._finish)
        done.setObjectName("finish_removal_done")
        self.put_buttons(done)

    def _finish(self) -> None:
        session = self.desk.session
        self.run(
            lambda context: people.finish_removal(session, progress=partial(_tell, context), check=context.check),
            lambda: self.desk.messages.info("The practice is encrypted anew."),
            title="Encrypting the practice anew",
            cancelled="Stopped. Nothing was changed; it can be done later.",
        )


def _tell(context: JobContext, done: int, total: int) -> None:
    context.progress(done, total)


def _line(key: str, text: str = "") -> QLineEdit:
    made = QLineEdit(text)
    made.setObjectName(key)
    return made


def _named(name: str, line: QLineEdit) -> None:
    if not name:
        line.setFocus()
        raise BadInputError("Enter the name.")
