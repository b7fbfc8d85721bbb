"""Fail every write once: each step that a session asks of the operating system, one after the other.

    python -m tests.faults.writes [STAGE ...]

A session is cut into stages (make a vault, open it, each command, a checkpoint, close). Each stage is first done once
to count its steps: every write, cut, sync, delete, rename and opening for writing, of SQLite and of all other files.
Then it is done again for every step twice: the step fails with an I/O error; and from the step on the disk is full,
with half of the bytes still written. The command must say so in a sentence of ours, everything that was there before
must be there unchanged, the same command must work when the fault is over, and the vault must pass its whole check.
"""

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mips_desk.errors import MipsDeskError
from mips_desk.services.session import Session
from mips_desk.store import VaultDiskError, VaultError, VaultFullError

from . import acts
from .files import watched
from .shim import CANTOPEN, FULL, IOERR_DELETE, IOERR_FSYNC, IOERR_TRUNCATE, IOERR_WRITE, OK, Step, shimmed

_IO_CODES = {"open": CANTOPEN, "sync": IOERR_FSYNC, "truncate": IOERR_TRUNCATE, "delete": IOERR_DELETE}
#: What a full disk refuses; it can still sync, cut and delete.
_GROWING = {"write", "mkdir"}


class Plan:
    """Counts the steps and lets one of them fail.

    Attributes:
        number: which step fails; 0: none.
        full: True: the disk is full from that step on.
        count: steps so far.
        hit: the step that failed, once it has.
    """

    def __init__(self, number: int = 0, full: bool = False) -> None:
        self.number = number
        self.full = full
        self.count = 0
        self.hit: Step | None = None

    def __call__(self, step: Step) -> int:
        if step.path.name.endswith("-shm"):
            return OK
        self.count += 1
        if self.count < self.number or not self.number:
            return OK
        if self.full:
            if step.kind not in _GROWING:
                return OK
            self.hit = self.hit or step
            return FULL
        if self.count > self.number:
            return OK
        self.hit = step
        return _IO_CODES.get(step.kind, IOERR_WRITE)

    def over(self) -> None:
        """Let everything happen from now on."""
        self.number = 0

    def begin(self, number: int) -> None:
        """Count anew from here, and let a step of those to come fail."""
        self.number, self.count = number, 0


@contextmanager
def failing(plan: Plan, place: Path) -> Iterator[None]:
    """Lead everything inside the `with` statement past a plan."""
    with shimmed(plan), watched(plan, place):
        yield


@dataclass
class Tally:
    """What came of it."""

    stages: int = 0
    steps: int = 0
    faults: int = 0
    refused: int = 0
    harmless: int = 0
    wrong: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Every fault was refused in a sentence or did no harm."""
        return self.wrong == 0

    def note(self, stage: str, plan: Plan, text: str) -> None:
        self.wrong += 1
        hit = plan.hit
        where = f"{hit.kind} {hit.path.name} +{hit.at}" if hit else "nothing"
        self.notes.append(f"{stage}, step {plan.count} ({where}, {'full' if plan.full else 'I/O error'}): {text}")

    def __str__(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in vars(self).items() if name != "notes")


#: A stage: does one thing to an open session whose vault lies in a folder.
Stage = Callable[[Session], None]


def _big(session: Session) -> None:
    """Write so much that SQLite moves the log into the data file by itself."""
    chance = random.Random(5)
    selection = session.vault.selections(acts.YEAR)[0]
    from mips_desk.services import collect

    pictures = [collect.Incoming(acts.picture(chance), acts.Source.IMPORT, file_name="x.png") for _ in range(3)]
    session.vault._writer.db.execute("PRAGMA wal_autocheckpoint = 10")  # type: ignore[union-attr]  # sooner than usual
    collect.add_pictures(session, selection.id, pictures)


def stages() -> dict[str, Stage]:
    """Return the commands in the order of the session."""
    found: dict[str, Stage] = {}
    for number, act in enumerate(acts.SCRIPT):
        found[f"{number:02d} {act.__name__}"] = lambda session, act=act, number=number: act(
            session, random.Random(number)
        )  # type: ignore[misc]
    found["checkpoint"] = _big
    return found


class Harness:
    """Runs the stages.

    Args:
        place: an empty folder.
        chosen: tells of a stage and a step whether to let it fail; all by default.
    """

    def __init__(self, place: Path, chosen: Callable[[str, int], bool] = lambda stage, step: True) -> None:
        self.tally = Tally()
        self._place = place
        self._chosen = chosen

    def run(self, only: set[str] | None = None) -> Tally:
        """Run all stages, or some."""
        self._make(only)
        before = self._place / "state"
        acts.begin(before / "V.mipsvault").close() if before.mkdir() is None else None
        for name, stage in stages().items():
            if only is None or name in only:
                self._stage(name, stage, before)
            session = acts.reopen(before / "V.mipsvault")
            stage(session)
            session.close()
        for name in ("open", "open after a kill", "close"):
            if only is None or name in only:
                self._whole(name, before)
        return self.tally

    def _plans(self, name: str, count: int) -> Iterator[Plan]:
        self.tally.stages += 1
        self.tally.steps += count
        for number in range(1, count + 1):
            if self._chosen(name, number):
                for full in (False, True):
                    self.tally.faults += 1
                    yield Plan(number, full)

    def _fresh(self, state: Path) -> Path:
        folder = self._place / "now"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(state, folder)
        return folder / "V.mipsvault"

    def _stage(self, name: str, stage: Stage, state: Path) -> None:
        folder = self._fresh(state)
        counting = Plan()
        with failing(counting, folder.parent):
            session = acts.reopen(folder)
            opening = counting.count
            stage(session)
            done = counting.count
            session.close()
        for plan in self._plans(name, done - opening):
            folder = self._fresh(state)
            number = plan.number
            plan.over()
            with failing(plan, folder.parent):
                session = acts.reopen(folder)
                before = acts.facts(session)
                plan.begin(number)
                try:
                    self._attempt(name, plan, lambda session=session: stage(session))
                    plan.over()
                    after = acts.facts(session)
                    if plan.hit and after != before and not self._done:
                        self.tally.note(name, plan, f"refused, but changed: {_differing(before, after)}")
                    if not self._done:
                        self._again(name, plan, stage, session)
                        after = acts.facts(session)
                    self._sound(name, plan, session, after)
                finally:
                    plan.over()
                    session.close()
            self._reopened(name, plan, folder, after)

    def _again(self, name: str, plan: Plan, stage: Stage, session: Session) -> None:
        """Do it again without a fault."""
        try:
            stage(session)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
            self.tally.note(name, plan, f"the second time: {type(error).__name__}: {error}")

    def _attempt(self, name: str, plan: Plan, work: Callable[[], object]) -> None:
        """Do something that may fail, and say whether it was done."""
        self._done = False
        try:
            work()
            self._done = True
            self.tally.harmless += 1
        except (VaultFullError, VaultDiskError) as error:
            self.tally.refused += 1
            expected = VaultFullError if plan.full else VaultDiskError
            if type(error) is not expected:
                self.tally.note(name, plan, f"said {error}")
        except MipsDeskError as error:
            self.tally.refused += 1
            # What is written elsewhere says so in words of its own; but the vault is never called damaged.
            if isinstance(error, VaultError):
                self.tally.note(name, plan, f"said {type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
            self.tally.note(name, plan, f"{type(error).__name__}: {error}")

    def _sound(self, name: str, plan: Plan, session: Session, expected: dict[str, str]) -> None:
        for problem in session.vault.check():
            self.tally.note(name, plan, f"{problem.where} {problem.what}")
        if not acts.index_in_step(session):
            self.tally.note(name, plan, "the search misses something")

    def _reopened(self, name: str, plan: Plan, folder: Path, expected: dict[str, str]) -> None:
        session = acts.reopen(folder)
        now = acts.facts(session)
        if now != expected:
            self.tally.note(name, plan, f"after opening again: {_differing(expected, now)}")
        self._sound(name, plan, session, expected)
        session.close()
        left = {path.name for path in folder.iterdir()} - {"vault.db", "keys.json", "vault.lock"}
        if left:
            self.tally.note(name, plan, f"left behind: {sorted(left)}")

    def _make(self, only: set[str] | None) -> None:
        """Let the making of a vault fail: nothing may be left of it, and it must work the next time."""
        if only is not None and "make" not in only:
            return
        folder = self._place / "made"
        folder.mkdir()
        counting = Plan()
        with failing(counting, folder):
            acts.create(folder / "V.mipsvault").close()
        for plan in self._plans("make", counting.count):
            shutil.rmtree(folder)
            folder.mkdir()
            with failing(plan, folder):
                self._attempt("make", plan, lambda: acts.create(folder / "V.mipsvault").close())
            left = [path.name for path in folder.iterdir()]
            if left and left != ["V.mipsvault"]:
                self.tally.note("make", plan, f"left behind: {left}")
            if not (folder / "V.mipsvault").exists():
                acts.create(folder / "V.mipsvault").close()
            with_it = acts.reopen(folder / "V.mipsvault")
            self._sound("make", plan, with_it, {})
            with_it.close()

    def _whole(self, name: str, state: Path) -> None:
        """Let opening or closing fail: what was in the vault must be in it afterwards."""
        left = self._place / f"left by {name}"
        left.mkdir()
        session = acts.reopen(self._fresh(state))
        acts.add_pictures(session, random.Random(3))
        expected = acts.facts(session)
        if name == "open after a kill":
            shutil.copytree(session.vault.folder, left / "V.mipsvault")
        session.close()
        if name != "open after a kill":
            shutil.copytree(session.vault.folder, left / "V.mipsvault")

        def work(plan: Plan) -> None:
            if name == "close":
                plan.over()
            opened = acts.reopen(folder)
            if name == "close":
                acts.set_marks(opened, random.Random(8))
                expected.update(acts.facts(opened))
                plan.begin(number)
            opened.close()

        counting = Plan()
        folder, number = self._fresh(left), 0
        with failing(counting, folder.parent):
            work(counting)
        for plan in self._plans(name, counting.count):
            folder, number = self._fresh(left), plan.number
            with failing(plan, folder.parent):
                self._attempt(name, plan, lambda plan=plan: work(plan))
            plan.over()
            self._reopened(name, plan, folder, expected)


def _differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(name for name in before | after if before.get(name) != after.get(name))[:4]


def main() -> int:
    """Run and print the figures."""
    begin = time.monotonic()
    acts.cheapen()
    with tempfile.TemporaryDirectory() as place:
        tally = Harness(Path(place)).run(set(sys.argv[1:]) or None)
    print(tally)
    print(f"{time.monotonic() - begin:.0f} s")
    for note in tally.notes[:60]:
        print(" ", note)
    return 0 if tally.clean else 1


if __name__ == "__main__":
    sys.exit(main())
