"""What the vault knows of its key file.

The key file and the database are two files, and no transaction spans both. So the database keeps the bytes of the key
file as the last command wrote them. A command replaces the key file inside its transaction, just before the commit; a
kill between the two leaves a key file that is one serial ahead and genuine, and the next opening for writing settles
it. Anything else that differs was changed outside.
"""

import contextlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2 as dbapi
from sqlite_utils import Database

from mips_desk.errors import MipsDeskError

from . import keys
from .connection import value
from .disk import second_name, sync_folder
from .errors import NotAVaultError, VaultDamagedError, VaultError
from .journal import Event
from .keys import FirstKeyFile, KeyCost, KeyFile, Slot
from .opening import remove_leftovers, remove_old_copies

if TYPE_CHECKING:
    from .transaction import Tx
    from .vault import Vault

# A command that was cut off after it had replaced the key file counts when somebody may depend on what it did: the
# passphrase that was typed twice is the one that opens. Of the others nothing was told to anybody yet.
_COUNTS = {
    Event.PASSPHRASE_CHANGED,
    Event.KEYS_STRENGTHENED,
    Event.COMPUTER_TRUSTED,
    Event.COMPUTER_FORGOTTEN,
    Event.RECOVERY_SHEET_USED,
}


def recorded(db: Database) -> KeyFile | None:
    """Return the key file as the last command wrote it, or None in a vault from before there was a record."""
    data = value(db, "SELECT data FROM key_file")
    if data is None:
        return None
    file = keys.decode_keys(bytes(data))
    assert isinstance(file, KeyFile)
    return file


def recorded_slots(db: Database) -> dict[str, Slot]:
    """Return the slots of the vault by identifier."""
    file = recorded(db)
    return {slot.id: slot for slot in file.slots} if file else {}


@contextlib.contextmanager
def changing_keys(vault: "Vault", event: Event) -> "Iterator[tuple[Tx, dict[str, Slot]]]":
    """Change the key file and the vault together.

    Args:
        vault: open for writing.
        event: what is being done.

    Yields:
        The transaction, and the slots by identifier, to be changed in place.

    Raises:
        VaultError: as `Vault.write`.
    """
    put_back_lost(vault)
    before = keys.read_bytes(vault.folder)
    with second_name(vault.folder / keys.KEYS_NAME) as kept:
        try:
            with vault.write(event) as tx:
                record = recorded(tx.db)
                old = {slot.id: slot for slot in record.slots} if record else {}
                slots = dict(old)
                yield tx, slots
                # One more than the record, not than the file: also what settles a cut-off command may be cut off.
                serial = (record.serial if record else _serial(before)) + 1
                vault_id = value(tx.db, "SELECT id FROM vault")
                data = keys.make_file(vault.key, vault_id, serial, event, vault.person.id, tx.at, slots.values())
                tx.db.execute(
                    "INSERT INTO key_file (one, data) VALUES (1, ?)"
                    " ON CONFLICT (one) DO UPDATE SET data = excluded.data",
                    (dbapi.Binary(data),),
                )
                tx.note_did(
                    "put_keys", serial=serial, added=sorted(slots - old.keys()), removed=sorted(old - slots.keys())
                )
                keys.write_bytes(vault.folder, data)
        except BaseException:
            # When this fails too, the next opening finds a command that was cut off, and settles it.
            with contextlib.suppress(MipsDeskError, OSError):
                if keys.read_bytes(vault.folder) != before:
                    _put_back(vault, kept, before)
            raise


def _put_back(vault: "Vault", kept: Path | None, before: bytes) -> None:
    """Make the key file what it was, if possible without needing room on the disk."""
    if kept is None:
        keys.write_bytes(vault.folder, before)
    else:
        kept.replace(vault.folder / keys.KEYS_NAME)
        sync_folder(vault.folder)


def put_back_lost(vault: "Vault") -> None:
    """Write the key file again when somebody deleted or damaged it while the vault was open; nobody could open it.

    Args:
        vault: open for writing.

    Raises:
        VaultError: it cannot be written, or the vault is not where it was opened.
    """
    try:
        keys.read_keys(vault.folder)
    except (NotAVaultError, VaultDamagedError):
        with vault.reading() as db:
            record = recorded(db)
        if record is None:
            return
        with vault.write(Event.KEYS_CHANGED_OUTSIDE) as tx:
            tx.note(lost=True)
            keys.write_bytes(vault.folder, keys.encode_keys(record))


def settle(vault: "Vault", unlocked: keys.Unlocked, raise_to: KeyCost | None) -> None:
    """Bring key file and vault into agreement after an opening for writing, and the person's slot up to date.

    Args:
        vault: just opened for writing.
        unlocked: how.
        raise_to: what a guess at a passphrase must cost at least; None: leave the cost as it is.

    Raises:
        VaultError: the vault or the key file cannot be written.
    """
    remove_leftovers(vault.folder)
    data = keys.read_bytes(vault.folder)
    file = keys.decode_keys(data)
    with vault.reading() as db:
        record = recorded(db)
    if record is None:
        _take_up(vault, file, unlocked, raise_to)
        return
    if keys.encode_keys(record) != data:
        _reconcile(vault, file, record, unlocked, raise_to)
    slot = unlocked.slot
    with vault.reading() as db:
        counts = slot.id in recorded_slots(db)
    if counts and slot.kind in keys.TYPED and slot.cost != slot.cost.raised_to(raise_to):
        with changing_keys(vault, Event.KEYS_STRENGTHENED) as (tx, slots):
            del slots[slot.id]
            new = _renewed(vault, file.vault, unlocked, tx, raise_to)
            slots[new.id] = new
            tx.note(memory_kib=new.cost.memory_kib, passes=new.cost.passes, lanes=new.cost.lanes)


def differences(was: Mapping[str, Slot], found: KeyFile | FirstKeyFile) -> list[dict[str, str]]:
    """Return what differs between the slots that the vault knows and those of a key file, for the journal."""
    now = {slot.id: slot for slot in found.slots}
    changes = [("removed", slot) for slot_id, slot in was.items() if slot_id not in now]
    changes += [("changed", slot) for slot_id, slot in was.items() if slot_id in now and now[slot_id] != slot]
    told = [{"change": what, "person": slot.person_id, "kind": slot.kind} for what, slot in changes]
    return told + [
        {"change": "added", "person": slot.person_id, "kind": slot.kind} for slot in found.slots if slot.id not in was
    ]


def _take_up(vault: "Vault", file: KeyFile | FirstKeyFile, unlocked: keys.Unlocked, raise_to: KeyCost | None) -> None:
    """Begin the record, and bring a key file of the first format to this one."""
    with changing_keys(vault, Event.KEYS_STRENGTHENED) as (tx, slots):
        if isinstance(file, KeyFile) and keys.is_genuine(file, vault.key):
            slots |= {slot.id: slot for slot in file.slots}
        else:
            new = _renewed(vault, file.vault, unlocked, tx, raise_to)
            slots[new.id] = new
        tx.note(format=2)


def _reconcile(
    vault: "Vault",
    file: KeyFile | FirstKeyFile,
    record: KeyFile,
    unlocked: keys.Unlocked,
    raise_to: KeyCost | None,
) -> None:
    genuine = any(keys.is_genuine(file, key) for key in unlocked.keys)
    ahead = file.serial - record.serial if isinstance(file, KeyFile) and genuine else 0
    command = Event(file.command) if isinstance(file, KeyFile) else Event.UNKNOWN
    known = {slot.id: slot for slot in record.slots}
    if ahead == 1 and command in _COUNTS and isinstance(file, KeyFile):
        with changing_keys(vault, command) as (tx, slots):
            slots.clear()
            slots |= {slot.id: slot for slot in file.slots}
            tx.note(cut_off={"by": file.by, "at": file.at})
        return
    if genuine and isinstance(file, KeyFile) and (ahead == 1 or any(slot.next_key for slot in file.slots)):
        # Adding a person, making a sheet or a new vault key was cut off. What counts is what the vault says, and with
        # a new key its data file says so only since it was moved into place.
        keys.write_bytes(vault.folder, keys.encode_keys(record))
        if record.command == Event.VAULT_REKEYED:
            remove_old_copies(vault.folder)
        return
    with changing_keys(vault, Event.KEYS_CHANGED_OUTSIDE) as (tx, slots):
        if unlocked.slot.kind in keys.TYPED and unlocked.slot.id not in slots:
            # What the vault knows is put back. What somebody just opened it with is kept beside it, so that nobody
            # is locked out by a key file that was taken from a copy.
            new = _renewed(vault, file.vault, unlocked, tx, raise_to)
            slots[new.id] = new
        tx.note(found=differences(known, file), made_by_mips_desk=genuine, older=genuine and ahead < 0)


def _renewed(vault: "Vault", vault_id: str, unlocked: keys.Unlocked, tx: "Tx", raise_to: KeyCost | None) -> Slot:
    """Return a new slot for the secret that opened an old one, with the moment at which that secret was set."""
    old = unlocked.slot
    cost, at = old.cost.raised_to(raise_to), datetime.fromisoformat(old.made_at)
    return keys.make_slot(vault_id, tx.new_id(), vault.person, vault.key, old.kind, unlocked.secret, at, cost)


def _serial(data: bytes) -> int:
    """Return the serial of a key file; 0 when it has none or was damaged while the vault was open."""
    try:
        file = keys.decode_keys(data)
    except VaultError:
        return 0
    return file.serial if isinstance(file, KeyFile) else 0
