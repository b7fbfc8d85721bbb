"""What a restored vault knows of its origin: a small file in its folder, until its journal says so."""

import contextlib
import json
import os
import platform
from datetime import datetime
from pathlib import Path

import msgspec

from . import desktops, journal
from .backup_file import Contents
from .connection import row, value
from .disk import write_safely
from .errors import translated_files
from .journal import Event
from .vault import Vault

MARKER_NAME = "restored.json"
_LARGEST = 1 << 16


class Restored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a vault came from.

    Attributes:
        token: random; tells one restoring from another.
        file: name of the backup file.
        sha256: its hash (hex).
        made_at: when the backup was made; ISO 8601 with offset.
        journal_seq: number of the newest journal entry in it.
        journal_head: hash of that entry (hex).
        restored_at: when it was restored; ISO 8601 with offset.
        host: the computer on which it was restored.
    """

    token: str
    file: str
    sha256: str
    made_at: str
    journal_seq: int
    journal_head: str
    restored_at: str
    host: str


def leave_marker(folder: Path, contents: Contents, at: datetime) -> None:
    """Write the file into a vault that is being restored.

    Args:
        folder: the vault to be.
        contents: of the backup.
        at: now.
    """
    manifest = contents.manifest
    marker = Restored(
        token=os.urandom(8).hex(),
        file=contents.path.name,
        sha256=contents.sha256,
        made_at=manifest.made_at,
        journal_seq=manifest.journal_seq,
        journal_head=manifest.journal_head,
        restored_at=at.isoformat(),
        host=platform.node(),
    )
    with translated_files():
        write_safely(folder / MARKER_NAME, msgspec.json.encode(marker))


def restored_from(folder: Path) -> Restored | None:
    """Return where a vault was restored from, as long as its journal does not say so yet; else None.

    Args:
        folder: the vault.
    """
    try:
        with (folder / MARKER_NAME).open("rb") as file:
            return msgspec.json.decode(file.read(_LARGEST), type=Restored)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def take_in(vault: Vault) -> None:
    """Let the journal of a restored vault say so, once; for any other vault do nothing.

    Args:
        vault: just opened; when to read only, nothing is done.

    Raises:
        VaultError: it cannot be written; the next opening does it.
    """
    marker = restored_from(vault.folder) if not vault.read_only else None
    if marker is None:
        return
    if _is_known(vault, marker):
        pass
    elif not _fits(vault, marker):
        # Anybody who can write to the folder can put such a file there; taken in, it would ruin the journal.
        with vault.write(Event.NOTES_UNREADABLE) as tx:
            tx.note(files=[MARKER_NAME])
    else:
        with vault.write(Event.VAULT_RESTORED) as tx:
            tx.note(**msgspec.to_builtins(marker))
            # The desktop that the backup came from may go on working, so this is another one from here on.
            desktops.begin(tx, platform.node(), marker.journal_seq)
    with contextlib.suppress(OSError):
        (vault.folder / MARKER_NAME).unlink(missing_ok=True)


def _fits(vault: Vault, marker: Restored) -> bool:
    """Tell whether the journal holds the entry that the backup ended with, and after it nothing but openings."""
    with vault.reading() as db:
        found = row(db, "SELECT * FROM journal WHERE hash = ?", marker.journal_head)
        return (
            found is not None
            and found["seq"] == marker.journal_seq
            and value(
                db,
                "SELECT 1 FROM journal WHERE seq > ? AND event NOT IN (SELECT value FROM json_each(?)) LIMIT 1",
                marker.journal_seq,
                json.dumps(journal.NOT_CONTENT),
            )
            is None
        )


def _is_known(vault: Vault, marker: Restored) -> bool:
    """Tell whether the journal says it already: a kill may have come before the file was removed."""
    with vault.reading() as db:
        change = value(
            db, "SELECT change FROM journal WHERE event = ? ORDER BY seq DESC LIMIT 1", str(Event.VAULT_RESTORED)
        )
    return change is not None and json.loads(change).get("token") == marker.token
