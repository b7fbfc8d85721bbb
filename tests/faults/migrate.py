"""Kill -9 the update of an older vault before each single statement, and look at what is left.

    python -m tests.faults.migrate FIXTURE [STEP]      every STEP-th statement (default 1); prints one line of JSON

A child process dies at statement n of the writing connection; then the vault is opened as after a crash. It must come
up in the newest layout, hold what it held, and pass every check, and the copy made before the update must open.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as dbapi
from sqlite_utils import Database

from mips_desk.errors import MipsDeskError
from mips_desk.store import Vault, layout, opening
from mips_desk.store.connection import Line, connect
from mips_desk.store.migrations import MIGRATIONS

PASSPHRASE = "correct horse battery staple"
VAULTS = Path(__file__).parents[1] / "data" / "vaults"
#: What the update itself adds to.
_GROWS = {"journal", "journal_head", "_sqlite_migrations", "sqlite_sequence"}


def now() -> datetime:
    return datetime.now(UTC)


def content(line: Line) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all tables; of the journal only what was there before any update."""
    names = [name for (name,) in line.db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()]
    found = {name: list(line.db.query(f'SELECT * FROM "{name}"')) for name in names if name not in _GROWS}
    found["journal"] = list(line.db.query("SELECT * FROM journal ORDER BY seq"))
    return found


def kept(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> bool:
    """Tell whether every row of an older layout is in a newer one, in the columns that it had."""
    for name, old in before.items():
        new = after.get(name, [])
        if name == "journal":
            new = new[: len(old)]
        names = list(old[0]) if old else []
        cut = [{column: row.get(column) for column in names} for row in new]
        if any(row not in cut for row in old) or (old and len(new) != len(old)):
            return False
    return True


def raw(folder: Path) -> Line:
    key, _ = opening.unlock_vault(folder, PASSPHRASE)
    return Line(folder / "vault.db", key, "read")


def open_and_die(folder: Path, at: int) -> bool:
    """Open a vault for writing in a child that is killed before a statement; True: it was killed."""
    child = os.fork()
    if child == 0:
        count = 0
        real = layout.bring_up_to_date

        def update(folder: Path, key: bytes, db: Database, *rest: Any) -> None:
            def die(_statement: str) -> None:
                nonlocal count
                count += 1
                if count == at:
                    os.kill(os.getpid(), signal.SIGKILL)

            db.conn.set_trace_callback(die)
            real(folder, key, db, *rest)
            db.conn.set_trace_callback(None)

        import mips_desk.store.vault as vault_module

        vault_module.bring_up_to_date = update  # type: ignore[attr-defined]
        code = 1
        try:
            Vault.open(folder, PASSPHRASE, now=now).close()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return False


def after_crash(folder: Path, before: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return what is wrong with a vault that is opened after a crash."""
    wrong: list[str] = []
    try:
        with Vault.open(folder, PASSPHRASE, now=now) as vault:
            wrong += [f"{problem.where} {problem.what}" for problem in vault.check()]
            line = vault.own_line()
            try:
                if MIGRATIONS.pending(line.db):
                    wrong.append("not in the newest layout")
                if not kept(before, content(line)):
                    wrong.append("does not hold what it held")
                key = line.key
            finally:
                line.close()
    except (MipsDeskError, dbapi.Error) as error:
        return [f"does not open: {type(error).__name__}: {error}"]
    copies = list(folder.glob("before-update-*.db"))
    if not copies:
        wrong.append("no copy was made before the update")
    for copy in copies:
        try:
            connect(copy, key, "read").close()
        except (MipsDeskError, dbapi.Error) as error:
            wrong.append(f"the copy does not open: {error}")
    return wrong


def main() -> int:
    fixture, step = VAULTS / sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    tally: dict[str, Any] = {"killed": 0, "wrong": []}
    with tempfile.TemporaryDirectory() as base:
        pristine = Path(base) / "pristine.mipsvault"
        shutil.copytree(fixture, pristine)
        line = raw(pristine)
        before = content(line)
        line.close()
        at = 1
        while True:
            folder = Path(base) / f"{at}.mipsvault"
            shutil.copytree(fixture, folder)
            if not open_and_die(folder, at):
                break
            tally["killed"] += 1
            tally["wrong"] += [f"statement {at}: {text}" for text in after_crash(folder, before)]
            shutil.rmtree(folder)
            at += step
    print(json.dumps(tally))
    return 1 if tally["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
