"""Flip single bytes of everything that the app keeps, and see that each is refused or named.

    python -m tests.faults.flips [COUNT] [SEED]      (default 10,000 over all files, by their size but 500 at least)

One byte at a time, in the data file and the key file of a vault, in a backup and in a hand-over file. The check must
name it or refuse the file; everything that can still be read must be what was written; nothing may be written, and no
exception but those for persons may come out.
"""

import hashlib
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mips_desk.errors import MipsDeskError
from mips_desk.services import backups, handover
from mips_desk.services.session import Session, open_practice
from mips_desk.store import verify_vault

from . import acts


@dataclass
class Tally:
    """What came of the flips.

    Attributes:
        flips: how many, by file.
        unseen: passed every check.
        changed: something read back was not what was written.
        crashes: an exception that is not for a person.
        written: a file was changed by looking at it.
    """

    flips: dict[str, int] = field(default_factory=dict)
    unseen: int = 0
    changed: int = 0
    crashes: int = 0
    written: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Every flip was refused or named."""
        return not (self.unseen or self.changed or self.crashes or self.written)

    def __str__(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in vars(self).items() if name != "notes")


#: Looks at a flipped file: tells whether the flip was named or refused, and whether all that was read was right.
Look = Callable[[], tuple[bool, bool]]


class Sample:
    """A vault with some of everything, a backup of it, a hand-over file, and a second desktop to read that on.

    Args:
        place: an empty folder.
    """

    def __init__(self, place: Path) -> None:
        self.folder = place / "V.mipsvault"
        session = acts.begin(self.folder)
        for number, act in enumerate(acts.SCRIPT):
            if act not in (acts.make_backup, acts.write_handover, acts.write_journal, acts.change_passphrase):
                act(session, random.Random(number))
        self.backup = backups.make_backup(session, place / "one.mipsbackup").path
        self.handover = place / f"one{handover.SUFFIX}"
        handover.write_file(session, self.handover, everything=True)
        self.facts = acts.facts(session)
        session.close()
        (place / "other").mkdir()
        self.other = open_practice(backups.restore(self.backup, place / "other"), acts.PASSPHRASE)

    def looks(self) -> dict[Path, Look]:
        """Return the files with the ways to look at them."""
        return {
            self.folder / "vault.db": self._vault,
            self.folder / "keys.json": self._vault,
            self.backup: self._backup,
            self.handover: self._handover,
        }

    def close(self) -> None:
        """Close the second desktop."""
        self.other.close()

    def _vault(self) -> tuple[bool, bool]:
        try:
            named = bool(verify_vault(self.folder, acts.PASSPHRASE, acts.Clock()))
        except MipsDeskError:
            named = True
        try:
            session = _opened(self.folder)
        except MipsDeskError:
            return named, True
        try:
            return named, acts.facts(session) == self.facts
        except MipsDeskError:
            return named, True
        finally:
            session.close()

    def _backup(self) -> tuple[bool, bool]:
        return _refused(lambda: backups.look_into(self.backup)), True

    def _handover(self) -> tuple[bool, bool]:
        return _refused(lambda: handover.look_into(self.other, self.handover)), True


def _opened(folder: Path) -> Session:
    from mips_desk.catalog.load import load_catalog
    from mips_desk.store import Vault

    clock = acts.Clock()
    return Session(Vault.open(folder, acts.PASSPHRASE, now=clock, read_only=True), load_catalog(), clock)


def _refused(work: Callable[[], object]) -> bool:
    try:
        work()
    except MipsDeskError:
        return True
    return False


def _seal(paths: list[Path]) -> bytes:
    """Return a hash of files and of the names beside them.

    An empty log and its index, which SQLite may leave behind when it gives up on a damaged file, hold nothing.
    """
    sums = [hashlib.sha256(path.read_bytes()).digest() for path in paths]
    beside = [path for folder in {path.parent for path in paths} for path in folder.iterdir()]
    names = sorted(
        path.name
        for path in beside
        if not path.name.endswith("-shm") and not (path.name.endswith("-wal") and not path.stat().st_size)
    )
    return hashlib.sha256(b"".join(sums) + repr(names).encode()).digest()


def run(count: int, seed: int, place: Path, least: int = 500) -> Tally:
    """Flip bytes.

    Args:
        count: how many over all files.
        seed: of the chance.
        place: an empty folder.
        least: how many in each file at least.
    """
    chance = random.Random(seed)
    sample = Sample(place)
    tally = Tally()
    looks = sample.looks()
    sizes = {path: path.stat().st_size for path in looks}
    try:
        for path, look in looks.items():
            flips = max(least, count * sizes[path] // sum(sizes.values()))
            tally.flips[path.name] = flips
            for _ in range(flips):
                _flip(path, chance.randrange(sizes[path]), chance.randrange(1, 256), look, list(looks), tally)
        for path, look in looks.items():
            assert look() == (False, True), f"{path.name} is not as it was"
    finally:
        sample.close()
    return tally


def _flip(path: Path, at: int, mask: int, look: Look, paths: list[Path], tally: Tally) -> None:
    with path.open("r+b", buffering=0) as file:
        byte = os.pread(file.fileno(), 1, at)[0]
        os.pwrite(file.fileno(), bytes([byte ^ mask]), at)
        where = f"{path.name}, byte {at} ^ {mask}"
        before = _seal(paths)
        try:
            named, right = look()
            tally.unseen += not named
            tally.changed += not right
            if not (named and right):
                tally.notes.append(f"{where}: {'unseen' if not named else 'read wrongly'}")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
            tally.crashes += 1
            tally.notes.append(f"{where}: {type(error).__name__}: {error}")
        if _seal(paths) != before:
            tally.written += 1
            tally.notes.append(f"{where}: something was written")
        os.pwrite(file.fileno(), bytes([byte]), at)


def main() -> int:
    """Run and print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261121
    begin = time.monotonic()
    acts.cheapen()
    with tempfile.TemporaryDirectory() as place:
        tally = run(count, seed, Path(place))
    print(tally)
    print(f"{time.monotonic() - begin:.0f} s")
    for note in tally.notes[:40]:
        print(" ", note)
    return 0 if tally.clean else 1


if __name__ == "__main__":
    sys.exit(main())
