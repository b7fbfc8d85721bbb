"""Evidence through the vault against the same bytes through plain SQLCipher, alternating, in one run.

    .venv/bin/python benchmarks/encryption.py [ROUNDS]

Both use the same library, page size, cipher and pragmas (log, full sync). "Plain" is the least that anybody could do:
one table, one INSERT of the bytes and one commit for each picture, one SELECT to read it. The vault stores the same
bytes with `Tx.add_evidence`, that is with hash, record, journal entry, search and seal, and reads them back with
`Vault.original`, which checks their hash. The figures that count are the ratios of the medians; the bar is two thirds.
"""

import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mips_desk.domain.evidence import Intake, Source
from mips_desk.domain.practice import Practice
from mips_desk.store import Event, KeyCost, Vault
from mips_desk.store.connection import connect

#: Pictures of a size, in bytes: a small crop, a usual picture of the screen, a large one, a photo.
SIZES = {30_000: 150, 200_000: 60, 1_000_000: 25, 5_000_000: 6}


def now() -> datetime:
    """Return the computer's clock."""
    return datetime.now(UTC)


def through_vault(folder: Path, pictures: list[bytes]) -> tuple[float, float]:
    """Return the seconds that writing and reading take."""
    cheap = KeyCost(memory_kib=8, passes=1, lanes=1)
    Vault.create(folder, "x", practice=Practice("A"), person_name="Ana", now=now, key_cost=cheap).close()
    with Vault.open(folder, "x", now=now) as vault:
        with vault.write(Event.ACTIVITY_ADDED) as tx:
            selection = tx.add_selection(2025, "IA_BE_4")
        intake = Intake(Source.CAPTURE, now(), "Ana", "FRONTDESK", "Portal", "", 100)
        start = time.perf_counter()
        hashes = []
        for picture in pictures:
            with vault.write(Event.EVIDENCE_ADDED) as tx:
                item = tx.add_evidence(
                    selection.id, picture, media_type="image/png", width=9, height=9, intake=intake, caption="A page"
                )
            hashes.append(item.sha256)
        written = time.perf_counter() - start
    with Vault.open(folder, "x", now=now, read_only=True) as vault:
        start = time.perf_counter()
        for sha256, picture in zip(hashes, pictures, strict=True):
            assert len(vault.original(sha256)) == len(picture)
        return written, time.perf_counter() - start


def plain(folder: Path, pictures: list[bytes]) -> tuple[float, float]:
    """Return the seconds that writing and reading take."""
    folder.mkdir()
    key = bytes(range(32))
    db = connect(folder / "plain.db", key, "create").conn
    db.execute("CREATE TABLE picture (number INTEGER PRIMARY KEY, data BLOB NOT NULL)")
    start = time.perf_counter()
    for number, picture in enumerate(pictures):
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO picture VALUES (?, ?)", (number, picture))
        db.execute("COMMIT")
    written = time.perf_counter() - start
    db.close()
    db = connect(folder / "plain.db", key, "read").conn
    start = time.perf_counter()
    for number, picture in enumerate(pictures):
        (data,) = db.execute("SELECT data FROM picture WHERE number = ?", (number,)).fetchone()
        assert len(data) == len(picture)
    read = time.perf_counter() - start
    db.close()
    return written, read


def main() -> None:
    """Run and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    print(f"{rounds} rounds; megabytes a second, medians")
    print(f"{'picture':>12}{'':>8}{'plain':>10}{'vault':>10}{'ratio':>8}")
    for size, count in SIZES.items():
        pictures = [random.Random(number).randbytes(size) for number in range(count)]
        times: dict[str, list[tuple[float, float]]] = {"plain": [], "vault": []}
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                times["plain"].append(plain(Path(folder) / "plain", pictures))
                times["vault"].append(through_vault(Path(folder) / "V.mipsvault", pictures))
        for act, name in enumerate(("write", "read")):
            speeds = [
                size * count / 1e6 / statistics.median(each[act] for each in times[who]) for who in ("plain", "vault")
            ]
            print(f"{size:12,}{name:>8}{speeds[0]:10.1f}{speeds[1]:10.1f}{speeds[1] / speeds[0]:8.2f}")


if __name__ == "__main__":
    main()
