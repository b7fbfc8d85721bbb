"""Who may open the vault, with what, and what the office keeps for the day when nobody remembers."""

import base64
import contextlib
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mips_desk.domain.practice import Person, Role
from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.store import inside_vault, keys, recovery
from mips_desk.store import people as store
from mips_desk.store.errors import VaultInUseError as VaultInUseError
from mips_desk.store.rekey import rekey

from . import key_store, pending
from .changes import Changed, Changes
from .session import KEY_COST, Session, name_at_door, now, opened

#: Called with the steps done and all steps of a long command.
Progress = Callable[[int, int], None]

_KEY_FILE_BYTES = 64
_SHORT_ID = 6
_NOT_INSIDE = "A key file does not belong into the vault's own folder. Nothing was changed; choose another place."


@dataclass(frozen=True, slots=True)
class PersonAtDoor:
    """Somebody who may open a vault, as told by its key file before anything is opened.

    Attributes:
        person_id: identifier.
        name: name.
        needs_key_file: the passphrase opens only together with the person's key file.
        this_computer: this computer keeps a key for this person, so that the vault opens without a passphrase.
    """

    person_id: str
    name: str
    needs_key_file: bool
    this_computer: bool


@dataclass(frozen=True, slots=True)
class TrustedComputer:
    """A computer that opens the vault for a person without the passphrase.

    Attributes:
        id: identifier.
        name: name of the computer.
        since: when it was trusted.
        here: it is this computer.
    """

    id: str
    name: str
    since: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class PersonView:
    """One of the people of a vault.

    Attributes:
        id: identifier.
        name: name.
        role: what the person may do.
        you: it is who opened the vault.
        uses_key_file: the passphrase opens only together with a key file.
        passphrase_since: when the passphrase was set; None when the person has none that works.
        computers: computers that open the vault for this person without the passphrase.
    """

    id: str
    name: str
    role: Role
    you: bool
    uses_key_file: bool
    passphrase_since: datetime | None
    computers: tuple[TrustedComputer, ...]


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What is printed once and kept in the safe; the key is stored nowhere else.

    Attributes:
        key: groups of five letters and digits with hyphens between them.
        number: 1 for the first sheet of the vault, then 2, 3 ...
        replaces: number of the sheet that it replaces, which no longer opens the vault; None for the first.
        made_at: when.
        made_by: name of who made it.
        practice: name of the practice.
        vault: the last characters of the vault's identifier, to tell sheets of several vaults apart.
    """

    key: str
    number: int
    replaces: int | None
    made_at: datetime
    made_by: str
    practice: str
    vault: str


@dataclass(frozen=True, slots=True)
class RecoveryState:
    """What is known of the recovery sheet that counts.

    Attributes:
        number: its number.
        made_at: when it was made.
        made_by: name of who made it.
        tried_at: when somebody last typed it and it was right; None when never.
        used_at: when it last opened the vault; None when never.
        advice: why a new one should be made, as a sentence; empty when there is no reason.
    """

    number: int
    made_at: datetime
    made_by: str
    tried_at: datetime | None
    used_at: datetime | None
    advice: str


def people_at_door(folder: Path) -> tuple[PersonAtDoor, ...]:
    """Return who may open a vault, without any secret, in order of entry.

    May ask the key store of the operating system, so it belongs on a work thread.

    Args:
        folder: the vault.

    Raises:
        VaultError: it is no vault, or its key file cannot be read. A vault made by an older version of the app names
            its people as well.
    """
    found: dict[str, PersonAtDoor] = {}
    slots = [slot for slot in keys.read_keys(folder).slots if slot.person_id]
    for slot in sorted(slots, key=lambda slot: slot.person_id):
        kinds = {other.kind for other in slots if other.person_id == slot.person_id}
        if slot.person_id not in found:
            found[slot.person_id] = PersonAtDoor(
                slot.person_id,
                slot.person_name,
                "passphrase_and_file" in kinds and "passphrase" not in kinds,
                "computer" in kinds and key_store.opens_here(folder, slot.person_id),
            )
    return tuple(found.values())


def people(session: Session) -> tuple[PersonView, ...]:
    """Return the people of the vault in order of entry, without removed ones."""
    slots = store.slots(session.vault)
    return tuple(_view(person, slots, session.vault.person.id) for person in store.people(session.vault))


def add_person(session: Session, name: str, role: Role, passphrase: str) -> Changes:
    """Add somebody with a first passphrase, which the person should change at the first login; managers only.

    Raises:
        BadInputError: the name is missing or taken, or the passphrase is empty.
        NotAllowedError: a manager does this.
    """
    person = store.add_person(session.vault, name, role, passphrase, KEY_COST)
    return Changes(Changed.PEOPLE, f"Add {person.name}", (person.id,))


def change_person(session: Session, person_id: str, name: str, role: Role) -> Changes:
    """Change the name or role of somebody; managers only.

    Raises:
        BadInputError: the name is missing or taken; or a manager wants another role for themselves, which another
            manager has to give, so that one always remains.
        NotAllowedError: a manager does this.
    """
    store.change_person(session.vault, person_id, name, role)
    return Changes(Changed.PEOPLE, f"Change {name.strip()}", (person_id,))


def remove_person(
    session: Session, person_id: str, *, progress: Progress | None = None, check: Callable[[], None] | None = None
) -> Changes:
    """Remove somebody, at once and for good, then encrypt the vault with a new key; managers only.

    Nobody else has to do anything. When the new key cannot be made now (somebody reads the vault, the disk is full,
    cancelled), the person is removed all the same and `finish_removal` makes up for it; see `rekey_due`.

    Args:
        session: the open practice.
        person_id: who; not oneself.
        progress: told how far the encryption is.
        check: raises to cancel the encryption.

    Raises:
        BadInputError: it is oneself.
        NotAllowedError: a manager does this.
    """
    store.remove_person(session.vault, person_id)
    # Removed is removed; `rekey_due` says what is left to do.
    with contextlib.suppress(MipsDeskError):
        finish_removal(session, progress=progress, check=check)
    return Changes(Changed.PEOPLE, "Remove a person", (person_id,))


def rekey_due(session: Session) -> bool:
    """Tell whether somebody was removed and the vault still has the key that this person could know."""
    return store.rekey_due(session.vault)


def finish_removal(
    session: Session, *, progress: Progress | None = None, check: Callable[[], None] | None = None
) -> Changes:
    """Encrypt the vault with a new key; managers only. Also right after a trusted computer was lost.

    Args:
        session: the open practice.
        progress: told how far the encryption is.
        check: raises to cancel; nothing is changed then.

    Raises:
        VaultInUseError: another program or window has the vault open, be it to read only.
        VaultFullError: there is no room for a second copy of the vault.
        NotAllowedError: a manager does this.
    """
    # What waits on this computer is sealed under the key that is about to go.
    pending.opened(session.vault, session.now, real_clock=False)
    rekey(session.vault, progress=progress, check=check)
    return Changes(Changed.PEOPLE, "Encrypt with a new key")


def change_passphrase(session: Session, old: str, new: str, *, key_file: Path | None = None) -> Changes:
    """Change one's own passphrase; from then on only the new one opens the vault.

    Args:
        session: the open practice.
        old: the passphrase so far.
        new: the new one.
        key_file: one's key file, when the passphrase goes with one; it stays in use.

    Raises:
        WrongPassphraseError: the old passphrase or the key file is not right; nothing was changed.
        BadInputError: the new one is empty.
    """
    # Somebody may choose a file although the passphrase needs none; it shall not need one from now on.
    needed = any(each.you and each.uses_key_file for each in people(session))
    store.replace_passphrase(session.vault, old, key_file, new, key_file if needed else None, KEY_COST)
    return Changes(Changed.PEOPLE, "Change your passphrase", (session.vault.person.id,))


def set_passphrase(session: Session, person_id: str, new: str) -> Changes:
    """Give somebody else a new passphrase, without a key file; managers only. Their trusted computers are forgotten.

    Raises:
        BadInputError: it is oneself, or the passphrase is empty.
        NotAllowedError: a manager does this.
    """
    store.set_passphrase(session.vault, person_id, new, KEY_COST)
    return Changes(Changed.PEOPLE, "Set a passphrase", (person_id,))


def make_key_file(path: Path) -> None:
    """Make a new key file: a small text file of random letters, to keep on a USB stick and to copy for the safe.

    Raises:
        BadInputError: there is a file of this name, or the place cannot be written.
    """
    if inside_vault(path):
        raise BadInputError(_NOT_INSIDE)
    data = base64.b64encode(os.urandom(_KEY_FILE_BYTES)) + b"\n"
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise BadInputError("There is a file of this name already. Nothing was made; choose another name.") from error
    except OSError as error:
        raise BadInputError("The key file cannot be written there. Nothing was made; choose another place.") from error


def start_key_file(session: Session, passphrase: str, key_file: Path) -> Changes:
    """Make one's own passphrase open the vault only together with a file.

    Args:
        session: the open practice.
        passphrase: one's own.
        key_file: any file that never changes; one from `make_key_file` is best.

    Raises:
        WrongPassphraseError: the passphrase is not right; nothing was changed.
        BadInputError: the file is empty, too large or cannot be read, or lies inside the vault.
    """
    if inside_vault(key_file):
        raise BadInputError(_NOT_INSIDE)
    store.replace_passphrase(session.vault, passphrase, None, passphrase, key_file, KEY_COST)
    return Changes(Changed.PEOPLE, "Use a key file", (session.vault.person.id,))


def stop_key_file(session: Session, passphrase: str, key_file: Path) -> Changes:
    """Make one's own passphrase open the vault without a file again; what goes in and out is as in `start_key_file`."""
    store.replace_passphrase(session.vault, passphrase, key_file, passphrase, None, KEY_COST)
    return Changes(Changed.PEOPLE, "Stop using a key file", (session.vault.person.id,))


def make_recovery(session: Session) -> RecoverySheet:
    """Make a new recovery sheet, which replaces the one before; managers only.

    The caller prints it or has it written down: it cannot be shown again.

    Raises:
        NotAllowedError: a manager does this.
    """
    before = recovery.sheet_of(session.vault)
    key, sheet = recovery.make_sheet(session.vault)
    return RecoverySheet(
        key=key,
        number=sheet.number,
        replaces=before.number if before else None,
        made_at=sheet.made_at,
        made_by=sheet.made_by,
        practice=session.vault.practice().name,
        vault=store.vault_id(session.vault)[-_SHORT_ID:],
    )


def recovery_state(session: Session) -> RecoveryState | None:
    """Return what is known of the recovery sheet, or None when the vault has none."""
    sheet = recovery.sheet_of(session.vault)
    if sheet is None:
        return None
    advice = ""
    if sheet.used_at:
        advice = "This sheet opened the vault. Make a new one if anybody else has seen it."
    elif sheet.before_removal:
        advice = "Somebody was removed since this sheet was made. Make a new one if that person could have seen it."
    return RecoveryState(sheet.number, sheet.made_at, sheet.made_by, sheet.tried_at, sheet.used_at, advice)


def check_recovery_key(text: str) -> str | None:
    """Say what is wrong with a typed recovery key, before anything is opened with it.

    Case, spaces and hyphens do not matter, O counts as 0, I and L as 1.

    Args:
        text: as typed.

    Returns:
        One sentence that names the group that looks wrong, or None when the text is well formed.
    """
    try:
        recovery.read_key(text)
    except BadInputError as error:
        return str(error)
    return None


def wrong_groups(text: str) -> tuple[int, ...]:
    """Return the numbers of the groups that cannot be right, among those that are typed in full so far.

    Args:
        text: a recovery key, as typed up to now.
    """
    return recovery.wrong_groups(text)


def try_recovery(session: Session, text: str) -> bool:
    """The drill: tell whether a typed recovery key opens this vault, and note a success in the journal.

    Raises:
        BadInputError: the text is not well formed; says where.
    """
    return recovery.try_sheet(session.vault, text)


def open_with_recovery(folder: Path, text: str, person_id: str, new_passphrase: str) -> Session:
    """Open a vault with its recovery sheet and give a manager, who forgot, a new passphrase.

    Args:
        folder: the vault.
        text: the recovery key as typed.
        person_id: the manager.
        new_passphrase: from now on the manager's passphrase, without a key file.

    Raises:
        BadInputError: the text is not well formed (says where), the passphrase is empty, or the person is no manager.
        WrongPassphraseError: it is not the key of the newest sheet of this vault.
        PracticeInUseError: somebody else works in the vault.
        VaultError: as `open_practice`.
    """
    with pending.noting_failures(folder, now, name_at_door(folder, person_id)):
        vault = recovery.open_with_sheet(folder, text, person_id, new_passphrase, now=now, cost=KEY_COST)
    return opened(vault)


def _view(person: Person, slots: Sequence[keys.Slot], me: str) -> PersonView:
    own = [slot for slot in slots if slot.person_id == person.id]
    typed = [slot for slot in own if slot.kind in keys.TYPED]
    return PersonView(
        id=person.id,
        name=person.name,
        role=person.role,
        you=person.id == me,
        uses_key_file=bool(typed) and all(slot.kind == "passphrase_and_file" for slot in typed),
        passphrase_since=max((datetime.fromisoformat(slot.made_at) for slot in typed), default=None),
        computers=tuple(
            TrustedComputer(
                slot.id,
                slot.label,
                datetime.fromisoformat(slot.made_at),
                person.id == me and slot.label == platform.node(),
            )
            for slot in own
            if slot.kind == "computer"
        ),
    )
