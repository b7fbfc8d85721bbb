"""Notes that wait outside the vault until somebody opens it for writing on this computer.

A vault that is not open, or open to read only, takes no journal entry. What happens then is noted in the app's own
folder, one small file for each note, and the next opening for writing takes all of them into the journal:

- `*.failed`: an attempt to open that failed. Plain JSON, because without the key nothing better can be had; whoever can
  write to the folder could add or remove one. Holds the moment, the computer and whose name was picked; no secret.
- `*.sealed`: an act of somebody who had opened the vault to read only, under a key that follows from the vault key, so
  that nobody without it can read or forge one. One can be deleted by whoever can write to the folder.
- `more.json`: how many attempts there were beyond the ones that are kept.

Taking over begins with giving the folder another name. That name stands in the journal entries, so that a program that
is killed before it could remove the folder does not take the same notes a second time.
"""

import contextlib
import hashlib
import json
import platform
import re
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from sqlite_utils import Database

from mips_desk.domain.evidence import Export
from mips_desk.domain.practice import Person

from . import journal, records
from .connection import row, value
from .disk import sync_folder, write_safely
from .errors import translated_files
from .ids import IdMaker
from .journal import READER_MAY, Event
from .keys import read_keys
from .transaction import Tx
from .vault import Vault

#: Failed attempts kept one by one until they are taken over; of the rest only the number is kept.
MOST_FAILURES = 1000
#: Failed attempts that get an entry of their own; the rest of them share one.
MOST_ENTRIES = 50

#: Stands for the person in the entry of an attempt that failed.
NOBODY = "Nobody signed in"

_PURPOSE = "waiting notes"
_LARGEST_NOTE = 64 * 1024
_LONGEST_NAME = 200
_TRIES = 3
_MORE = "more.json"


class _Failure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: datetime
    host: str
    person: str


class _Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: datetime
    host: str
    person_id: str
    person_name: str
    event: str
    change: dict[str, Any]
    export: dict[str, Any] | None


class _More(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    count: Annotated[int, msgspec.Meta(ge=1, le=1 << 53)]
    first: datetime
    last: datetime


def note_failure(root: Path, folder: Path, at: datetime, person_name: str = "") -> None:
    """Note that somebody failed to open a vault; the vault itself is only read.

    Args:
        root: folder for notes of all vaults; made when it is missing.
        folder: the vault.
        at: now, with offset.
        person_name: whose name was picked; empty when none was.

    Raises:
        VaultError: the key file of the vault cannot be read, or the note cannot be written.
    """
    place = _place(root, read_keys(folder).vault)
    note = _Failure(at, platform.node(), person_name[:_LONGEST_NAME])
    with translated_files():
        if len(list(place.glob("*.failed"))) >= MOST_FAILURES:
            known = _read_more(place)
            more = _More(known.count + 1, known.first, at) if known else _More(1, at, at)
            _put(place, _MORE, msgspec.json.encode(more))
        else:
            _put(place, f"{IdMaker(lambda: at)()}.failed", msgspec.json.encode(note))


def note_act(
    root: Path, vault: Vault, event: Event, at: datetime, change: Mapping[str, object], export: Export | None = None
) -> None:
    """Note, sealed, what was done in a vault that is open to read only.

    Args:
        root: folder for notes of all vaults; made when it is missing.
        vault: the open vault.
        event: one of `READER_MAY`.
        at: now, with offset.
        change: the facts, as JSON values, dates, tuples and sets.
        export: the binder that was written, to be recorded; None: none was.

    Raises:
        VaultError: the note cannot be written.
    """
    assert event in READER_MAY, "only what is taken over again"
    facts = json.loads(journal.canonical(change))
    row_of = records.export_row(export) if export else None
    note = _Act(at, platform.node(), vault.person.id, vault.person.name, str(event), facts, row_of)
    with translated_files():
        _put(
            _place(root, _vault_id(vault)), f"{vault.new_id()}.sealed", vault.seal(_PURPOSE, msgspec.json.encode(note))
        )


def waiting(root: Path, vault: Vault) -> int:
    """Return how many notes wait for a vault on this computer."""
    place = _place(root, _vault_id(vault))
    more = _read_more(place)
    return sum(1 for folder in (place, *_taken(place)) for _ in _notes(folder)) + (more.count if more else 0)


def take_over(root: Path, vault: Vault) -> int:
    """Take all waiting notes into the journal, in the order of their times, then remove them.

    Args:
        root: folder for notes of all vaults.
        vault: the vault, open for writing.

    Returns:
        How many entries were made.

    Raises:
        VaultError: they could not be written; all of them go on waiting.
    """
    place = _place(root, _vault_id(vault))
    left = _taken(place)
    with translated_files():
        if place.is_dir():
            # Windows refuses while another program is writing a note; then these wait until the next time.
            with contextlib.suppress(PermissionError):
                place.rename(place.with_name(f"{place.name}.{vault.new_id()}"))
                sync_folder(root)
    made = 0
    for folder in _taken(place):
        batch = folder.suffix[1:]
        entries, unreadable = _entries(vault, folder)
        with vault.writing() as (db, at, jumped):
            if folder in left and _is_known(db, batch):
                entries = []
            for person, event, change, export in entries:
                facts: dict[str, Any] = change | {"batch": batch}
                if export is not None:
                    facts |= _record_export(db, at, person, vault, export)
                journal.append(db, at, person, event, facts, jumped=jumped)
                jumped = 0
        made += len(entries)
        # What cannot be removed now is recognized and removed the next time.
        with contextlib.suppress(OSError):
            _set_aside(place.with_suffix(".unreadable"), folder, unreadable)
            shutil.rmtree(folder)
    return made


_Entry = tuple[Person, Event, dict[str, Any], dict[str, Any] | None]


def _entries(vault: Vault, folder: Path) -> tuple[list[_Entry], list[str]]:
    """Return the journal entries that a folder of notes makes, oldest first, and the files that cannot be read."""
    failures: list[_Failure] = []
    found: list[tuple[datetime, _Entry]] = []
    unreadable: list[str] = []
    for path in _notes(folder):
        try:
            with path.open("rb") as file:
                data = file.read(_LARGEST_NOTE)
            if path.suffix == ".failed":
                failure = msgspec.json.decode(data, type=_Failure)
                _refuse_naive(failure.at)
                failures.append(failure)
            else:
                act = msgspec.json.decode(vault.unseal(_PURPOSE, data), type=_Act)
                _refuse_naive(act.at)
                found.append((act.at, _act_entry(act)))
        except (OSError, ValueError, KeyError):  # msgspec's errors are ValueErrors
            unreadable.append(path.name)
    more = _read_more(folder)
    if more is None and (folder / _MORE).exists():
        unreadable.append(_MORE)
    found += _failed_entries(sorted(failures, key=lambda failure: failure.at), more)
    entries = [entry for _, entry in sorted(found, key=lambda each: each[0])]
    if unreadable:
        entries.append((vault.person, Event.NOTES_UNREADABLE, {"files": unreadable}, None))
    return entries, unreadable


def _failed_entries(failures: list[_Failure], more: _More | None) -> list[tuple[datetime, _Entry]]:
    nobody = Person("", NOBODY)
    found: list[tuple[datetime, _Entry]] = []
    for failure in failures[:MOST_ENTRIES]:
        change = {"noted_at": failure.at, "host": failure.host} | ({"picked": failure.person} if failure.person else {})
        found.append((failure.at, (nobody, Event.LOGIN_FAILED, change, None)))
    rest = [failure.at for failure in failures[MOST_ENTRIES:]]
    count = len(rest)
    if more:
        rest += [more.first, more.last]
        count += more.count
    if rest:
        change = {"attempts": count, "noted_at": min(rest), "until": max(rest)}
        found.append((max(rest), (nobody, Event.LOGIN_FAILED, change, None)))
    return found


def _act_entry(act: _Act) -> _Entry:
    event = Event(act.event)
    if event not in READER_MAY:
        raise ValueError("not an act of a reader")
    change = act.change | {"noted_at": act.at, "host": act.host}
    if act.export is not None:
        records.export_of(act.export)
    return Person(act.person_id, act.person_name), event, change, act.export


def _record_export(db: Database, at: datetime, person: Person, vault: Vault, export: dict[str, Any]) -> dict[str, Any]:
    """Record an export; the same binder exported before gets a running number behind its identifier."""
    first, time = export["id"], 1
    while value(db, "SELECT 1 FROM export WHERE id = ?", export["id"]) is not None:
        time += 1
        export = export | {"id": f"{first}/{time}"}
    tx = Tx(db, at, person, vault.new_id)
    tx.add_export(records.export_of(export))
    tx.end()
    return dict(tx.change)


def _is_known(db: Database, batch: str) -> bool:
    return value(db, "SELECT 1 FROM journal WHERE instr(change, ?) LIMIT 1", f'"batch":"{batch}"') is not None


def _set_aside(aside: Path, folder: Path, names: list[str]) -> None:
    """Keep what could not be read, for somebody who wants to find out why."""
    for name in names:
        aside.mkdir(mode=0o700, exist_ok=True)
        (folder / name).replace(aside / name)


def _refuse_naive(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("a moment without offset")


def _vault_id(vault: Vault) -> str:
    with vault.reading() as db:
        found = row(db, "SELECT id FROM vault")
    assert found is not None, "the first migration makes it"
    return str(found["id"])


def _place(root: Path, vault_id: str) -> Path:
    """Return the folder of a vault's notes. Its name tells nothing, and is safe whatever a forged key file says."""
    return root / hashlib.sha256(vault_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _taken(place: Path) -> list[Path]:
    found = place.parent.glob(f"{place.name}.*")
    return sorted(path for path in found if re.fullmatch(r"\.[0-9A-Z]{26}", path.suffix))


def _notes(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in (".failed", ".sealed"))


def _read_more(folder: Path) -> _More | None:
    try:
        more = msgspec.json.decode((folder / _MORE).read_bytes(), type=_More)
        _refuse_naive(more.first)
        _refuse_naive(more.last)
    except (OSError, ValueError):
        return None
    return more


def _put(place: Path, name: str, data: bytes) -> None:
    for turn in range(_TRIES):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.mkdir(mode=0o700, exist_ok=True)
        try:
            write_safely(place / name, data)
            return
        except FileNotFoundError:
            # Another program has just taken the folder away to take over what is in it.
            if turn == _TRIES - 1:
                raise
