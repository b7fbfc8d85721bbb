"""Power cuts: what a disk may hold when everything not yet synced is lost, torn or out of order.

    python -m tests.faults.power [ROUNDS] [SEED]      (default 500)

One session is done for real while every step on its files is written down. Then, for a random moment of it, a disk is
made up that holds all that was synced before, and of the rest only some: each write in one piece, in pieces of 512 or
4,096 bytes, or not at all, later ones without earlier ones, files longer or shorter than written; names that were made,
changed or deleted since their folder was synced may be old or new. The shared memory of SQLite is gone. On this disk
the vault must open, hold exactly what the last acknowledged command before the cut left, or the next one as well, and
pass its whole check.
"""

import os
import random
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from mips_desk.errors import MipsDeskError
from mips_desk.services.session import Session
from mips_desk.store import NotAVaultError

from . import acts
from .files import watched
from .shim import OK, Step, shimmed

_VAULT = "V.mipsvault"
#: SQLite itself syncs the folder of these when it first syncs them.
_SYNC_THEIR_NAME = ("-wal", "-journal")


@dataclass
class Tally:
    """What came of the rounds."""

    steps: int = 0
    commands: int = 0
    rounds: int = 0
    before_the_first: int = 0
    old_state: int = 0
    next_state: int = 0
    pieces_lost: int = 0
    lost: int = 0
    unsound: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Nothing acknowledged was lost and nothing is broken."""
        return not (self.lost or self.unsound)

    def __str__(self) -> str:
        figures = {name: value for name, value in vars(self).items() if name != "notes"}
        return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())


@dataclass
class Record:
    """A session as its files saw it.

    Attributes:
        place: the folder that it was done in.
        steps: in order; "done" stands where a command was acknowledged, with its number as `at`.
        facts: what the vault held after each command.
    """

    place: Path
    steps: list[Step] = field(default_factory=list)
    facts: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, step: Step) -> int:
        if not step.path.name.endswith("-shm"):
            self.steps.append(step)
        return OK

    def done(self, facts: dict[str, str]) -> None:
        """Write down that a command was acknowledged."""
        self.steps.append(Step("done", self.place, len(self.facts)))
        self.facts.append(facts)


def record(place: Path) -> Record:
    """Do a session and write it down."""
    made = Record(place)
    folder = place / _VAULT
    with shimmed(made), watched(made, place):
        session = acts.begin(folder)
        made.done(acts.facts(session))
        # Moved into the data file far sooner than usual, so that cuts in the middle of that are tried too.
        for number, act in enumerate(acts.SCRIPT * 2):
            _hasten(session)
            try:
                act(session, random.Random(number))
            except acts.NotNowError:
                continue
            made.done(acts.facts(session))
            if number % 7 == 6:
                session.close()
                session = acts.reopen(folder)
                made.done(acts.facts(session))
        session.close()
        made.done(made.facts[-1])
    return made


def _hasten(session: Session) -> None:
    session.vault._writer.db.execute("PRAGMA wal_autocheckpoint = 60")  # type: ignore[union-attr]  # of the harness


@dataclass
class _File:
    """A file's content: what is safe on the disk, and the steps since."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[Step] = field(default_factory=list)

    def sync(self) -> None:
        for step in self.since:
            _apply(self.safe, step)
        self.since.clear()


@dataclass
class _Naming:
    """A change of names in a folder."""

    kind: str
    folder: Path
    path: Path
    file: _File | None = None
    target: Path | None = None
    safe: bool = False


def _apply(content: bytearray, step: Step) -> None:
    if step.kind == "truncate":
        if len(content) > step.at:
            del content[step.at :]
        else:
            content.extend(bytes(step.at - len(content)))
        return
    if len(content) < step.at:
        content.extend(bytes(step.at - len(content)))
    content[step.at : step.at + len(step.data)] = step.data


class Disk:
    """A disk on which steps are done as an operating system does them: in memory first.

    Args:
        place: the folder that everything happens in.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._names: dict[Path, _File] = {}
        self._changes: list[_Naming] = []
        self.pieces_lost = 0

    def do(self, step: Step) -> None:
        """Do a step."""
        path = step.path
        if step.kind in ("write", "truncate", "open"):
            if step.kind == "open" and not step.at:
                return  # without a write there is nothing that matters
            if path not in self._names:
                self._names[path] = _File()
                self._changes.append(_Naming("make", path.parent, path, self._names[path]))
            if step.kind == "open":
                self._names[path].since.append(Step("truncate", path, 0))
            else:
                self._names[path].since.append(step)
        elif step.kind == "sync":
            self._sync(path)
        elif step.kind in ("delete", "rmdir"):
            self._names.pop(path, None)
            self._changes.append(_Naming("delete", path.parent, path, safe=step.kind == "delete" and bool(step.at)))
        elif step.kind == "mkdir":
            self._changes.append(_Naming("mkdir", path.parent, path))
        elif step.kind == "rename":
            target = Path(os.fsdecode(step.data))
            for name in [name for name in self._names if name == path or path in name.parents]:
                self._names[target / name.relative_to(path)] = self._names.pop(name)
            self._changes.append(_Naming("rename", path.parent, path, target=target))

    def _sync(self, path: Path) -> None:
        if path in self._names:
            self._names[path].sync()
            if path.name.endswith(_SYNC_THEIR_NAME):
                self._sync_names(path.parent)
        else:
            self._sync_names(path)

    def _sync_names(self, folder: Path) -> None:
        for change in self._changes:
            if change.folder == folder:
                change.safe = True

    def cut(self, chance: random.Random, into: Path) -> None:
        """Cut the power and lay down in a folder what may be on the disk then."""
        unsafe: defaultdict[Path, list[_Naming]] = defaultdict(list)
        for change in self._changes:
            if not change.safe:
                unsafe[change.folder].append(change)
        # Names in one folder become safe in order, on every file system that keeps a journal.
        kept = {id(change) for found in unsafe.values() for change in found[: chance.randrange(len(found) + 1)]}
        names: dict[Path, _File | None] = {self._place: None}
        for change in self._changes:
            if change.safe or id(change) in kept:
                _rename(names, change)
        luck = chance.choice((0.0, 0.5, 0.9, 1.0))
        for path, file in sorted(names.items()):
            target = into / path.relative_to(self._place)
            if not target.parent.is_dir():
                continue  # lost with its folder
            if file is None:
                target.mkdir(exist_ok=True)
            else:
                target.write_bytes(self._torn(file, chance, luck))

    def _torn(self, file: _File, chance: random.Random, luck: float) -> bytes:
        content = bytearray(file.safe)
        for step in file.since:
            if chance.random() < luck:
                _apply(content, step)
                continue
            size = chance.choice((0, 512, 4096))
            if step.kind == "truncate" or not size:
                self.pieces_lost += 1
                continue
            # Pieces begin where sectors of the disk do, not where the write does.
            start = 0
            while start < len(step.data):
                end = min(len(step.data), start + size - (step.at + start) % size)
                if chance.random() < 0.5:
                    _apply(content, Step("write", step.path, step.at + start, step.data[start:end]))
                else:
                    self.pieces_lost += 1
                start = end
        return bytes(content)


def _rename(names: dict[Path, _File | None], change: _Naming) -> None:
    if change.kind == "mkdir":
        names[change.path] = None
    elif change.kind == "make":
        names[change.path] = change.file
    elif change.kind == "delete":
        names.pop(change.path, None)
    else:
        assert change.target is not None
        for name in [name for name in names if name == change.path or change.path in name.parents]:
            names[change.target / name.relative_to(change.path)] = names.pop(name)


def run(rounds: int, seed: int, place: Path) -> Tally:
    """Cut the power some times.

    Args:
        rounds: how often.
        seed: of the chance.
        place: an empty folder.
    """
    chance = random.Random(seed)
    (place / "session").mkdir()
    made = record(place / "session")
    tally = Tally(steps=len(made.steps), commands=len(made.facts))
    moments = sorted(chance.randrange(len(made.steps)) for _ in range(rounds))
    disk, done, acknowledged = Disk(made.place), 0, -1
    for moment in moments:
        for step in made.steps[done:moment]:
            if step.kind == "done":
                acknowledged = step.at
            else:
                disk.do(step)
        done = moment
        tally.rounds += 1
        left = place / "left"
        shutil.rmtree(left, ignore_errors=True)
        left.mkdir()
        before = disk.pieces_lost
        disk.cut(chance, left)
        tally.pieces_lost += disk.pieces_lost - before
        _look(left / _VAULT, made, acknowledged, moment, tally)
    return tally


def _look(folder: Path, made: Record, acknowledged: int, moment: int, tally: Tally) -> None:
    """Open what is left and compare it with what was acknowledged."""

    def note(text: str) -> None:
        where = made.steps[moment]
        tally.notes.append(f"cut before step {moment} ({where.kind} {where.path.name} +{where.at}): {text}")

    if acknowledged < 0 and not folder.exists():
        tally.before_the_first += 1
        return
    try:
        session = acts.reopen(folder, read_only=tally.rounds % 3 == 0)
    except NotAVaultError as error:
        tally.lost += 1
        note(str(error))
        return
    except MipsDeskError as error:
        tally.unsound += 1
        note(f"{type(error).__name__}: {error}")
        return
    try:
        found = acts.facts(session)
        if acknowledged < 0:
            tally.before_the_first += 1
        elif found == made.facts[acknowledged]:
            tally.old_state += 1
        elif acknowledged + 1 < len(made.facts) and found == made.facts[acknowledged + 1]:
            tally.next_state += 1
        else:
            tally.lost += 1
            expected = made.facts[acknowledged]
            note(f"differs: {sorted(name for name in expected | found if expected.get(name) != found.get(name))[:4]}")
        for problem in session.vault.check():
            tally.unsound += 1
            note(f"{problem.where} {problem.what}")
        if not acts.index_in_step(session):
            tally.unsound += 1
            note("the search misses something")
    except MipsDeskError as error:
        tally.unsound += 1
        note(f"{type(error).__name__}: {error}")
    finally:
        session.close()


def main() -> int:
    """Run and print the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261121
    begin = time.monotonic()
    acts.cheapen()
    with tempfile.TemporaryDirectory() as place:
        tally = run(rounds, seed, Path(os.path.realpath(place)))
    print(tally)
    print(f"{time.monotonic() - begin:.0f} s")
    for note in tally.notes[:40]:
        print(" ", note)
    return 0 if tally.clean else 1


if __name__ == "__main__":
    sys.exit(main())
