"""Flip single bytes of audit packages, and see that `verify` reports each, and where.

    python -m tests.faults.package_flips [COUNT] [SEED]      (default 10,000 over four files)

The files: a package, both parts of a split one, and an encrypted one. Half of the flips are anywhere, the other half
around the contents: headers, table of contents, end record, comment. A flip inside of a content that is not encrypted
must be reported at that content and nowhere else.
"""

import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from mips_desk.binder.package_verify import verify_package
from mips_desk.binder.package_zip import Structure, read_structure
from mips_desk.errors import MipsDeskError
from tests.unit.binder.package_sample import PASSPHRASE, noisy_content, small_content, write


@dataclass
class Tally:
    """What came of the flips.

    Attributes:
        flips: how many, by file.
        unseen: passed.
        misplaced: reported elsewhere than where they were.
        crashes: an exception, also one for a person: a package that was changed is still taken for one.
    """

    flips: dict[str, int] = field(default_factory=dict)
    unseen: int = 0
    misplaced: int = 0
    crashes: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Every flip was reported, and where it was."""
        return not (self.unseen or self.misplaced or self.crashes)

    def __str__(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in vars(self).items() if name != "notes")


def samples(place: Path) -> list[Path]:
    """Write the packages."""
    plain = write(place, small_content(2), "plain.zip").files
    split = write(place, noisy_content(6), "split.zip", 3_300_000).files
    encrypted = write(place, small_content(1), "encrypted.zip", passphrase=PASSPHRASE).files
    return [*plain, *split, *encrypted]


def run(count: int, seed: int, place: Path) -> Tally:
    """Flip bytes.

    Args:
        count: how many over all files.
        seed: of the chance.
        place: an empty folder.
    """
    chance = random.Random(seed)
    tally = Tally()
    paths = samples(place)
    for path in paths:
        tally.flips[path.name] = count // len(paths)
        with path.open("rb") as file:
            found = read_structure(file)
        around = _around(found)
        for number in range(tally.flips[path.name]):
            at = chance.choice(around) if number % 2 else chance.randrange(found.size)
            _flip(path, found, at, chance.randrange(1, 256), tally)
        assert verify_package(path).problems == (), f"{path.name} is not as it was"
    return tally


def _around(found: Structure) -> list[int]:
    inside = {at for entry in found.entries for at in range(entry.start, entry.start + entry.length)}
    return [at for at in range(found.size) if at not in inside]


def _flip(path: Path, found: Structure, at: int, mask: int, tally: Tally) -> None:
    within = next((each for each in found.entries if each.start <= at < each.start + each.length), None)
    with path.open("r+b", buffering=0) as file:
        byte = os.pread(file.fileno(), 1, at)[0]
        os.pwrite(file.fileno(), bytes([byte ^ mask]), at)
        where = f"{path.name}, byte {at} ^ {mask}"
        try:
            problems = dict(verify_package(path).problems)
            if not problems:
                tally.unseen += 1
                tally.notes.append(f"{where}: unseen")
            elif within and not found.encrypted and {where.partition(",")[0] for where in problems} != {within.name}:
                tally.misplaced += 1
                tally.notes.append(f"{where}: in {within.name}, reported {problems}")
        except MipsDeskError as error:
            tally.crashes += 1
            tally.notes.append(f"{where}: {error}")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
            tally.crashes += 1
            tally.notes.append(f"{where}: {type(error).__name__}: {error}")
        os.pwrite(file.fileno(), bytes([byte]), at)


def main() -> int:
    """Run and print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261122
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        tally = run(count, seed, Path(place))
    print(tally)
    print(f"{time.monotonic() - begin:.0f} s")
    for note in tally.notes[:40]:
        print(" ", note)
    return 0 if tally.clean else 1


if __name__ == "__main__":
    sys.exit(main())
