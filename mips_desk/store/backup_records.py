"""What the vault knows of its backups and checks: the records, and the plan of this computer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from .backup_file import Contents
from .checks import Problem, Scope
from .connection import row, rows, value
from .journal import Event
from .transaction import Tx
from .vault import Vault

#: After these alone nothing is lost with the vault that the newest backup does not hold.
_NOT_WORTH_A_BACKUP = (
    Event.LOGIN,
    Event.LOGIN_FAILED,
    Event.BACKUP_MADE,
    Event.VAULT_CHECKED,
    Event.VAULT_UPDATED,
    Event.VAULT_RESTORED,
)


@dataclass(frozen=True, slots=True)
class BackupRecord:
    """A backup that was made.

    Attributes:
        id: of the record.
        made_at: moment, with offset.
        person: who made it.
        folder: where, on the computer that made it.
        file_name: its name.
        sha256: of the whole file (hex).
        size: bytes.
        journal_seq: number of the newest journal entry in it.
    """

    id: str
    made_at: datetime
    person: str
    folder: Path
    file_name: str
    sha256: str
    size: int
    journal_seq: int

    @property
    def path(self) -> Path:
        """Where it was written."""
        return self.folder / self.file_name


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """A check that was made.

    Attributes:
        at: moment, with offset.
        person: who.
        scope: "structure", "part 2/4" or "all".
        originals: how many were read.
        found: what was not sound.
    """

    at: datetime
    person: str
    scope: str
    originals: int
    found: tuple[Problem, ...]


def plan(vault: Vault) -> tuple[str, int, bool] | None:
    """Return folder, hours and whether after each session, or None when nothing was chosen."""
    with vault.reading() as db:
        found = row(db, "SELECT * FROM backup_plan")
    return (found["folder"], found["hours"], bool(found["after_session"])) if found else None


def put_plan(tx: Tx, folder: str, hours: int, after_session: bool) -> None:
    """Set when and where backups are made; the journal is not told the path.

    Args:
        tx: the transaction.
        folder: path; empty for none.
        hours: while the vault is open; 0: never.
        after_session: when it is closed.
    """
    old = row(tx.db, "SELECT * FROM backup_plan")
    new = {"folder": folder, "hours": hours, "after_session": int(after_session)}
    if old == {"one": 1} | new:
        return
    tx.db.execute("INSERT OR REPLACE INTO backup_plan VALUES (1, :folder, :hours, :after_session)", new)
    moved = old is None or old["folder"] != folder
    tx.note_did("put_backup_plan", hours=hours, after_session=after_session, folder_changed=moved)


def add_backup(tx: Tx, contents: Contents) -> None:
    """Record a backup that was made and read back.

    Args:
        tx: the transaction.
        contents: of the file at its final place.
    """
    manifest = contents.manifest
    record_id = tx.new_id()
    new = {
        "id": record_id,
        "made_at": manifest.made_at,
        "person": tx.person.name,
        "folder": str(contents.path.parent),
        "file_name": contents.path.name,
        "sha256": contents.sha256,
        "size": contents.size,
        "journal_seq": manifest.journal_seq,
        "journal_head": manifest.journal_head,
    }
    tx.db.table("backup").insert(new)
    tx.note_did("add_backup", **{name: said for name, said in new.items() if name not in ("person", "folder")})


def drop_backups(tx: Tx, dropped: Sequence[BackupRecord]) -> None:
    """Record that old backups make room for new ones.

    Args:
        tx: the transaction.
        dropped: whose files are removed now.
    """
    for each in dropped:
        tx.db.execute("UPDATE backup SET gone_at = ? WHERE id = ?", (tx.at.isoformat(), each.id))
        tx.note_did("drop_backup", id=each.id, file_name=each.file_name)


def backups(vault: Vault) -> tuple[BackupRecord, ...]:
    """Return the backups that were made and not dropped, newest first."""
    with vault.reading() as db:
        return tuple(map(_backup_of, rows(db, "SELECT * FROM backup WHERE gone_at IS NULL ORDER BY seq DESC")))


def changed_since(vault: Vault, journal_seq: int) -> bool:
    """Tell whether anything worth a backup came after a journal entry.

    Args:
        vault: the open vault.
        journal_seq: number of the entry.
    """
    with vault.reading() as db:
        found = value(
            db,
            "SELECT 1 FROM journal WHERE seq > ? AND event NOT IN (SELECT value FROM json_each(?)) LIMIT 1",
            journal_seq,
            json.dumps(_NOT_WORTH_A_BACKUP),
        )
    return found is not None


def add_check(tx: Tx, scope: Scope, originals: int, found: Sequence[Problem]) -> None:
    """Record a check.

    Args:
        tx: the transaction.
        scope: what was checked.
        originals: how many were read.
        found: what was not sound.
    """
    problems = [{"where": problem.where, "what": problem.what} for problem in found]
    tx.db.table("vault_check").insert(
        {
            "at": tx.at.isoformat(),
            "person": tx.person.name,
            "scope": scope.label,
            "originals": originals,
            "found": json.dumps(problems),
        }
    )
    tx.note_did("add_check", scope=scope.label, originals=originals, found=problems)


def originals_in(vault: Vault, scope: Scope) -> int:
    """Return how many originals a check reads.

    Args:
        vault: the open vault.
        scope: of the check.
    """
    with vault.reading() as db:
        return sum(scope.holds(found["sha256"]) for found in rows(db, "SELECT sha256 FROM original"))


def newest_checks(vault: Vault, limit: int = 50) -> tuple[CheckRecord, ...]:
    """Return the newest checks, newest first.

    Args:
        vault: the open vault.
        limit: at most this many.
    """
    with vault.reading() as db:
        return tuple(map(_check_of, rows(db, "SELECT * FROM vault_check ORDER BY seq DESC LIMIT ?", limit)))


def newest_full_check(vault: Vault) -> CheckRecord | None:
    """Return the newest check of everything, or None."""
    with vault.reading() as db:
        found = row(db, "SELECT * FROM vault_check WHERE scope = 'all' ORDER BY seq DESC LIMIT 1")
    return _check_of(found) if found else None


def _backup_of(found: Mapping[str, Any]) -> BackupRecord:
    return BackupRecord(
        id=found["id"],
        made_at=datetime.fromisoformat(found["made_at"]),
        person=found["person"],
        folder=Path(found["folder"]),
        file_name=found["file_name"],
        sha256=found["sha256"],
        size=found["size"],
        journal_seq=found["journal_seq"],
    )


def _check_of(found: Mapping[str, Any]) -> CheckRecord:
    return CheckRecord(
        at=datetime.fromisoformat(found["at"]),
        person=found["person"],
        scope=found["scope"],
        originals=found["originals"],
        found=tuple(Problem(each["where"], each["what"]) for each in json.loads(found["found"])),
    )
