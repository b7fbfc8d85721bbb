"""A disk that is really full: a vault on a tmpfs of a few megabytes, filled until nothing goes, again and again.

    python -m tests.faults.full [MEGABYTES]      (as root on Linux; default 12)

Every command that is refused must say so in a sentence and leave the vault as it was; after something was deleted from
the disk the same command must work.
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

from mips_desk.store import VaultDiskError, VaultFullError, YearClosedError, verify_vault

from . import acts


def main() -> int:
    """Fill the disk at twenty different levels."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    acts.cheapen()
    refused = done = wrong = 0
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", place], check=True)
        try:
            session = acts.begin(Path(place) / "V.mipsvault")
            ballast = Path(place) / "ballast"
            chance = random.Random(4)
            for _ in range(20):
                _fill(ballast, chance.randrange(0, 400_000))
                for _ in range(12):
                    before = acts.facts(session)
                    try:
                        acts.add_pictures(session, chance)
                        done += 1
                    except (VaultFullError, VaultDiskError):
                        refused += 1
                        wrong += acts.facts(session) != before
                    except YearClosedError:
                        break
                wrong += len(session.vault.check())
                ballast.unlink(missing_ok=True)
                acts.add_pictures(session, chance)
            expected = acts.facts(session)
            session.close()
            wrong += len(verify_vault(Path(place) / "V.mipsvault", acts.PASSPHRASE, acts.Clock()))
            session = acts.reopen(Path(place) / "V.mipsvault")
            wrong += acts.facts(session) != expected
            session.close()
        finally:
            subprocess.run(["umount", place], check=True)
    print(f"done {done}, refused {refused}, wrong {wrong}")
    return 1 if wrong or not refused else 0


def _fill(ballast: Path, leave: int) -> None:
    """Take up the room on the disk but for some bytes."""
    try:
        with ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
    except OSError:
        with ballast.open("r+b") as file:
            file.truncate(max(0, ballast.stat().st_size - leave))


if __name__ == "__main__":
    sys.exit(main())
