"""Change one byte of a signed binder, anywhere, and look whether `verify` reports it and says where.

.venv/bin/python -m tests.faults.binder_flips [--count 10000] [--seed 1]
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from mips_desk.binder.field import Signing
from mips_desk.binder.signature import new_identity
from mips_desk.binder.verify import verify_binder
from mips_desk.binder.write import write_binder
from mips_desk.errors import BadInputError
from tests.unit.binder import binder_sample as sample


@dataclass
class Found:
    """What came of it: places by how they were reported, and those that were not."""

    tried: int = 0
    unreported: list[int] = field(default_factory=list)
    without_place: list[int] = field(default_factory=list)
    crashed: list[tuple[int, str]] = field(default_factory=list)
    where: Counter[str] = field(default_factory=Counter)


def make(path: Path) -> bytes:
    """Write a signed binder of three exhibits."""
    part = sample.portal_part()
    option = sample.PORTAL.guidance.options[0]
    sheets = tuple(sample.sheet(part.selection, number, option, (320, 200)) for number in (1, 2, 3))
    content = sample.content(sample.portal_part(sheets=sheets), journal_entries=())
    write_binder(content, path, signing=Signing(new_identity("Riverside Family Practice", sample.MADE_AT)))
    return path.read_bytes()


def places(data: bytes, count: int, chance: random.Random) -> list[int]:
    """A third all over the file, a third in the signature, a third in the metadata and the end."""
    signature = data.index(b"/Contents <")
    metadata = data.index(b"<?xpacket begin")
    end = data.index(b'<?xpacket end="r"?>')
    ranges = [(0, len(data)), (signature - 300, data.index(b"endobj", signature)), (metadata, end)]
    ranges.append((data.rindex(b"\nxref\n"), len(data)))
    shares = (0, 0, 1, 1, 2, 3)
    return [chance.randrange(*ranges[shares[number % len(shares)]]) for number in range(count)]


def run(count: int, seed: int, folder: Path) -> Found:
    """Try a number of places."""
    path = folder / "binder.pdf"
    data = make(path)
    assert verify_binder(path).problems == ()
    chance = random.Random(seed)
    found = Found()
    with path.open("r+b", buffering=0) as file:
        for place in places(data, count, chance):
            other = chance.randrange(255)
            file.seek(place)
            file.write(bytes([other + (other >= data[place])]))
            found.tried += 1
            try:
                problems = {where.partition(",")[0].partition(" ")[0] for where, _what in verify_binder(path).problems}
                if not problems:
                    found.unreported.append(place)
                elif problems == {"Seal"}:
                    found.without_place.append(place)
                found.where.update(problems)
            except BadInputError:
                found.where["Refused"] += 1
            except Exception as error:  # noqa: BLE001 - what is counted
                found.crashed.append((place, repr(error)))
            file.seek(place)
            file.write(data[place : place + 1])
    assert path.read_bytes() == data
    assert verify_binder(path).problems == ()
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(given.count, given.seed, Path(folder))
    print(f"{found.tried} changes of one byte: {len(found.unreported)} not reported, {len(found.crashed)} crashes,")
    print(f"{len(found.without_place)} reported without a place; where: {dict(found.where.most_common())}")
    for each in (found.unreported[:5], found.without_place[:5], found.crashed[:5]):
        if each:
            print(each)
    return 1 if found.unreported or found.crashed or found.without_place else 0


if __name__ == "__main__":
    sys.exit(main())
