"""Kill -9 a backup, a restoring and a move before each single call to the file system, and look at what is left.

    python -m tests.faults.safekeeping [STEP]      every STEP-th call (default 1); prints one line of JSON

Whatever the moment: a file under the final name is a whole backup, a folder under the final name is a whole vault, the
practice still opens and is sound, and doing it again clears what was left and succeeds.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from mips_desk.errors import BadInputError, MipsDeskError
from mips_desk.store import Event, Vault, backup, backup_records, moving

from .migrate import PASSPHRASE, VAULTS, now

ROUND = datetime(2026, 3, 4, 12, tzinfo=UTC)


def die_at(at: int) -> Callable[[FrameType, str, Any], None]:
    """Return a profiler that kills its process before a call to the operating system."""
    count = 0

    def profile(_frame: FrameType, event: str, called: Any) -> None:
        nonlocal count
        if event != "c_call" or getattr(called, "__module__", None) not in ("posix", "_io"):
            return
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

    return profile


def dies(act: Callable[[], object], at: int) -> bool:
    """Do something in a child that is killed at a moment; False: it ended before."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            sys.setprofile(die_at(at))
            act()
            sys.setprofile(None)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return False


def back_up(folder: Path, target: Path) -> None:
    with Vault.open(folder, PASSPHRASE, now=now) as vault:
        made = backup.make_backup(vault, target, ROUND)
        with vault.write(Event.BACKUP_MADE) as tx:
            backup_records.add_backup(tx, made)


def sound(folder: Path) -> list[str]:
    try:
        with Vault.open(folder, PASSPHRASE, now=now) as vault:
            return [f"{problem.where} {problem.what}" for problem in vault.check()]
    except MipsDeskError as error:
        return [f"does not open: {error}"]


def killed_backup(base: Path, practice: Path, at: int) -> tuple[bool, list[str]]:
    target = base / "away" / "a.mipsbackup"
    killed = dies(lambda: back_up(practice, target), at)
    wrong = [problem.what for problem in backup.verify_backup(target, PASSPHRASE)] if target.exists() else []
    wrong += sound(practice)
    back_up(practice, target.with_name("b.mipsbackup"))
    extra = {path.name for path in target.parent.iterdir()} - {"a.mipsbackup", "b.mipsbackup"}
    return killed, wrong + [f"left: {name}" for name in extra]


def killed_restore(base: Path, practice: Path, at: int) -> tuple[bool, list[str]]:
    file, new = base / "one.mipsbackup", base / "away"
    if not file.exists():
        back_up(practice, file)
    killed = dies(lambda: backup.restore(file, new, PASSPHRASE, now=now), at)
    target = new / practice.name
    wrong = sound(target) if target.exists() else []
    shutil.rmtree(target, ignore_errors=True)
    backup.restore(file, new, PASSPHRASE, now=now)
    wrong += sound(target)
    extra = {path.name for path in new.iterdir()} - {practice.name}
    return killed, wrong + [f"left: {name}" for name in extra]


def killed_move(base: Path, practice: Path, at: int) -> tuple[bool, list[str]]:
    new = base / "away"
    killed = dies(lambda: moving.move(practice, new, PASSPHRASE, now=now), at)
    target, aside = new / practice.name, practice.with_name(practice.name + moving.MOVED)
    wrong = sound(target) if target.exists() else []
    if practice.exists():
        if not target.exists():
            wrong += sound(practice)
        try:
            moving.move(practice, new, PASSPHRASE, now=now)
        except BadInputError:
            # The killed one was complete and the look at it above opened it for writing: the old one was kept.
            wrong += [] if target.exists() else ["cannot be moved again"]
        wrong += sound(target)
    elif not (aside.exists() and target.exists()):
        wrong.append("the practice is gone")
    extra = {path.name for path in new.iterdir()} - {practice.name}
    return killed, wrong + [f"left: {name}" for name in extra]


def main() -> int:
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    tallies: dict[str, dict[str, Any]] = {}
    for name, attack in (("backup", killed_backup), ("restore", killed_restore), ("move", killed_move)):
        tally: dict[str, Any] = {"killed": 0, "wrong": []}
        with tempfile.TemporaryDirectory() as folder:
            newest = Path(folder) / "newest.mipsvault"
            shutil.copytree(VAULTS / "layout-1001.mipsvault", newest)
            Vault.open(newest, PASSPHRASE, now=now).close()
            at = 1
            while True:
                base = Path(folder) / "round"
                (base / "away").mkdir(parents=True)
                practice = base / "Cedar Hill.mipsvault"
                shutil.copytree(newest, practice)
                killed, wrong = attack(base, practice, at)
                tally["wrong"] += [f"call {at}: {text}" for text in wrong]
                shutil.rmtree(base)
                if not killed:
                    break
                tally["killed"] += 1
                at += step
        tallies[name] = tally
    print(json.dumps(tallies))
    return 1 if any(tally["wrong"] for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
