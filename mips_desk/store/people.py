"""The people of a vault, and the ways in which each of them opens it."""

from dataclasses import replace
from pathlib import Path

import msgspec
from sqlite_utils import Database

from mips_desk.domain.practice import Person, Role
from mips_desk.errors import BadInputError

from . import keys, records
from .connection import row, rows, value
from .errors import NotAllowedError, NotInVaultError, WrongPassphraseError
from .journal import Event
from .key_record import changing_keys, recorded, recorded_slots
from .keys import KeyCost, Slot
from .opening import typed_secrets
from .transaction import Tx
from .vault import Vault

_WHO = "This person"
_LONGEST_NAME = 200


def people(vault: Vault) -> tuple[Person, ...]:
    """Return the people in order of entry, without removed ones."""
    with vault.reading() as db:
        return _people(db)


def slots(vault: Vault) -> tuple[Slot, ...]:
    """Return what opens the vault, as the vault knows it."""
    with vault.reading() as db:
        return tuple(recorded_slots(db).values())


def vault_id(vault: Vault) -> str:
    """Return the identifier of the vault."""
    with vault.reading() as db:
        return str(value(db, "SELECT id FROM vault"))


def rekey_due(vault: Vault) -> bool:
    """Tell whether somebody was removed and the vault has no new key since."""
    with vault.reading() as db:
        return bool(value(db, "SELECT rekey_due FROM key_file"))


def add_person(vault: Vault, name: str, role: Role, passphrase: str, cost: KeyCost) -> Person:
    """Add somebody with a first passphrase.

    Args:
        vault: opened by a manager.
        name: not that of anybody else.
        role: what the person may do.
        passphrase: the first one.
        cost: what a guess at it costs.

    Raises:
        BadInputError: the name is missing or taken, or the passphrase is empty.
        NotAllowedError: a manager does this.
    """
    secret = keys.new_secret(passphrase)
    with changing_keys(vault, Event.PERSON_ADDED) as (tx, found):
        person = Person(tx.new_id(), _clean_name(tx.db, name, ""), role)
        tx.db.table("person").insert({"id": person.id, "name": person.name, "role": str(role)})
        tx.note_did("add_person", id=person.id, name=person.name, role=str(role))
        _add(tx, found, vault.key, person, "passphrase", secret, cost)
    return person


def change_person(vault: Vault, person_id: str, name: str, role: Role) -> None:
    """Change name or role.

    Args:
        vault: opened by a manager.
        person_id: who.
        name: not that of anybody else.
        role: for oneself the one that one has.

    Raises:
        BadInputError: the name is missing or taken, or it is one's own role.
        NotInVaultError: there is no such person.
        NotAllowedError: a manager does this.
    """
    with changing_keys(vault, Event.PERSON_CHANGED) as (tx, found):
        old = _live(tx.db, person_id)
        if person_id == vault.person.id and role is not old.role:
            raise BadInputError("Nobody changes their own role. Nothing was changed; ask another manager to do it.")
        new = Person(person_id, _clean_name(tx.db, name, person_id), role)
        tx.db.execute("UPDATE person SET name = ?, role = ? WHERE id = ?", (new.name, str(role), person_id))
        said = {"name": [old.name, new.name], "role": [str(old.role), str(role)]}
        tx.note_did("put_person", id=person_id, changed={each: said[each] for each in said if len({*said[each]}) > 1})
        for slot in list(found.values()):
            if slot.person_id == person_id:
                found[slot.id] = msgspec.structs.replace(slot, person_name=new.name)
    if person_id == vault.person.id:
        vault.person = replace(vault.person, name=new.name)


def remove_person(vault: Vault, person_id: str) -> None:
    """Take all ways in from somebody at once; the vault then needs a new key, see `rekey`.

    Args:
        vault: opened by a manager.
        person_id: who; not oneself, so that a manager always remains.

    Raises:
        BadInputError: it is oneself.
        NotInVaultError: there is no such person.
        NotAllowedError: a manager does this.
    """
    if person_id == vault.person.id:
        raise BadInputError("Nobody removes themselves. Nothing was changed; ask another manager to do it.")
    with changing_keys(vault, Event.PERSON_REMOVED) as (tx, found):
        person = _live(tx.db, person_id)
        tx.db.execute("UPDATE person SET removed_at = ? WHERE id = ?", (tx.at.isoformat(), person_id))
        tx.db.execute("UPDATE key_file SET rekey_due = 1")
        tx.note_did("remove_person", id=person_id, name=person.name)
        _drop(found, person_id, (*keys.TYPED, "computer"))


def replace_passphrase(
    vault: Vault, old: str, old_file: Path | None, new: str, new_file: Path | None, cost: KeyCost
) -> None:
    """Replace one's own passphrase, with or without a key file.

    Args:
        vault: open for writing.
        old: the passphrase so far.
        old_file: the key file so far; None: the passphrase opens the vault alone.
        new: the new passphrase.
        new_file: the key file from now on; None: none.
        cost: what a guess at it costs.

    Raises:
        WrongPassphraseError: what was so far is not right.
        BadInputError: the new passphrase is empty, or a file is no key file.
    """
    me = vault.person
    secret = keys.new_secret(new, keys.hash_key_file(new_file) if new_file else b"")
    with vault.reading() as db:
        file = recorded(db)
    if file is None:
        raise WrongPassphraseError
    keys.unlock(file, typed_secrets(old, old_file), me.id)
    with changing_keys(vault, Event.PASSPHRASE_CHANGED) as (tx, found):
        _drop(found, me.id, keys.TYPED)
        _add(tx, found, vault.key, me, "passphrase_and_file" if new_file else "passphrase", secret, cost)
        tx.note(person=me.id, key_file=new_file is not None)


def set_passphrase(vault: Vault, person_id: str, passphrase: str, cost: KeyCost) -> None:
    """Give somebody else a new passphrase; everything else that opened the vault for this person goes.

    Args:
        vault: opened by a manager.
        person_id: who; not oneself, whose old passphrase must be asked for.
        passphrase: the new one.
        cost: what a guess at it costs.

    Raises:
        BadInputError: it is oneself, or the passphrase is empty.
        NotInVaultError: there is no such person.
        NotAllowedError: a manager does this.
    """
    if vault.person.role is not Role.MANAGER:
        raise NotAllowedError
    if person_id == vault.person.id:
        raise BadInputError("To change your own passphrase, type the old one as well. Nothing was changed.")
    secret = keys.new_secret(passphrase)
    with changing_keys(vault, Event.PASSPHRASE_CHANGED) as (tx, found):
        put_passphrase(tx, found, vault.key, _live(tx.db, person_id), secret, cost)
        _drop(found, person_id, ("computer",))
        tx.note(person=person_id, key_file=False)


def put_passphrase(tx: Tx, found: dict[str, Slot], key: bytes, person: Person, secret: bytes, cost: KeyCost) -> None:
    """Make a secret the only passphrase of a person, inside `changing_keys`.

    Args:
        tx: the transaction.
        found: the slots.
        key: the vault key.
        person: whose.
        secret: see `keys.new_secret`.
        cost: what a guess at it costs.
    """
    _drop(found, person.id, keys.TYPED)
    _add(tx, found, key, person, "passphrase", secret, cost)


def add_computer(vault: Vault, slot_id: str, secret: bytes, name: str) -> None:
    """Let a random secret, which a computer keeps, open the vault for who has it open.

    Args:
        vault: open for writing.
        slot_id: identifier of the new slot.
        secret: 32 random bytes.
        name: of the computer; a slot of the person for a computer of this name is replaced.
    """
    with changing_keys(vault, Event.COMPUTER_TRUSTED) as (tx, found):
        for slot in list(found.values()):
            if (slot.kind, slot.person_id, slot.label) == ("computer", vault.person.id, name):
                del found[slot.id]
        found[slot_id] = keys.make_slot(
            value(tx.db, "SELECT id FROM vault"),
            slot_id,
            vault.person,
            vault.key,
            "computer",
            secret,
            tx.at,
            keys.RANDOM_COST,
            name,
        )
        tx.note(computer=name)


def remove_computer(vault: Vault, slot_id: str) -> None:
    """Stop a computer from opening the vault; one of somebody else is for managers.

    Raises:
        NotInVaultError: there is no such computer.
        NotAllowedError: it is somebody else's and the person is no manager.
    """
    with changing_keys(vault, Event.COMPUTER_FORGOTTEN) as (tx, found):
        slot = found.get(slot_id)
        if slot is None or slot.kind != "computer":
            raise NotInVaultError("This computer")
        if slot.person_id != vault.person.id and vault.person.role is not Role.MANAGER:
            raise NotAllowedError
        del found[slot_id]
        tx.note(computer=slot.label, person=slot.person_id)


def _people(db: Database) -> tuple[Person, ...]:
    return tuple(map(records.person_of, rows(db, "SELECT * FROM person WHERE removed_at IS NULL ORDER BY seq")))


def _live(db: Database, person_id: str) -> Person:
    found = row(db, "SELECT * FROM person WHERE id = ? AND removed_at IS NULL", person_id)
    if found is None:
        raise NotInVaultError(_WHO)
    return records.person_of(found)


def _clean_name(db: Database, name: str, person_id: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise BadInputError("Enter the name of the person. Nothing was changed.")
    if any(other.name.casefold() == name.casefold() and other.id != person_id for other in _people(db)):
        raise BadInputError(f"There is a {name} already. Nothing was changed; add something that tells the two apart.")
    return name


def _add(
    tx: Tx, found: dict[str, Slot], key: bytes, person: Person, kind: keys.Kind, secret: bytes, cost: KeyCost
) -> None:
    slot = keys.make_slot(value(tx.db, "SELECT id FROM vault"), tx.new_id(), person, key, kind, secret, tx.at, cost)
    found[slot.id] = slot


def _drop(found: dict[str, Slot], person_id: str, kinds: tuple[keys.Kind, ...]) -> None:
    for slot in list(found.values()):
        if slot.person_id == person_id and slot.kind in kinds:
            del found[slot.id]
