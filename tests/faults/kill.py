"""Kill -9 the real program at random moments and look at what is left.

    python -m tests.faults.kill [ROUNDS] [SEED]      both commands, ROUNDS each (default 100)

After every kill the vault must open and verify, hold everything that had been acknowledged, and there must be no half
file: the binder is the old one or a complete new one.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from mips_desk.sample.practice import make_sample
from mips_desk.services import verifying
from mips_desk.services.session import open_practice

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Tally:
    """What came of the rounds."""

    rounds: int = 0
    killed: int = 0
    acknowledged: int = 0
    lost: int = 0
    unsound: int = 0
    half_files: int = 0

    @property
    def clean(self) -> bool:
        """Nothing was lost and nothing is broken."""
        return not (self.lost or self.unsound or self.half_files)


def _run_and_kill(words: list[str], after: float) -> tuple[str, bool]:
    """Run a command, kill it after some seconds; return what it had said and whether it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mips_desk", *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        out, _ = process.communicate(timeout=after)
        return out.decode(), False
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        out, _ = process.communicate()
        return out.decode(), True


def _whole_run(words: list[str]) -> float:
    begin = time.monotonic()
    subprocess.run([sys.executable, "-m", "mips_desk", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


def kill_imports(rounds: int, chance: random.Random, folder: Path) -> Tally:
    """Kill `import` of three pictures."""
    from tests.cli.conftest import picture

    made = make_sample(folder)
    secret = folder / "secret.txt"
    secret.write_text(made.passphrase)
    pictures = []
    for number in range(3):
        path = folder / f"{number}.png"
        path.write_bytes(picture(1600, 1000, f"page {number}"))
        pictures.append(str(path))
    words = ["import", str(made.vault_folder), "--year", "2026", "--activity", "IA_BE_4", *pictures]
    words += ["--passphrase-file", str(secret)]
    whole = _whole_run(words)
    tally = Tally()
    expected: set[str] = set()
    for _ in range(rounds):
        out, killed = _run_and_kill(words, chance.uniform(0.2, 1.15) * whole)
        expected.update(line for line in out.split() if len(line) > 8)
        tally.rounds += 1
        tally.killed += killed
        tally.unsound += not verifying.check_vault(made.vault_folder, made.passphrase).sound
        session = open_practice(made.vault_folder, made.passphrase)
        held = {item.id for item in session.vault.evidence(2026)}
        session.close()
        tally.lost += len(expected - held)
    tally.acknowledged = len(expected)
    return tally


def kill_reports(rounds: int, chance: random.Random, folder: Path) -> Tally:
    """Kill `report` over an existing binder."""
    made = make_sample(folder)
    secret = folder / "secret.txt"
    secret.write_text(made.passphrase)
    target = folder / "out" / "binder.pdf"
    target.parent.mkdir()
    words = ["report", str(made.vault_folder), "--year", "2026", "--out", str(target), "--passphrase-file", str(secret)]
    whole = _whole_run(words)
    tally = Tally(acknowledged=1)
    for _ in range(rounds):
        _, killed = _run_and_kill(words, chance.uniform(0.3, 1.15) * whole)
        tally.rounds += 1
        tally.killed += killed
        tally.half_files += not verifying.check_binder(target).sound
        tally.half_files += len([path for path in target.parent.iterdir() if path.suffix == ".pdf"]) != 1
        tally.unsound += not verifying.check_vault(made.vault_folder, made.passphrase).sound
    _whole_run(words)
    # What a kill left beside the binder is cleared away by the next export.
    tally.half_files += len(list(target.parent.iterdir())) != 1
    return tally


def main() -> int:
    """Run both and print the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261121
    clean = True
    for name, attack in (("import", kill_imports), ("report", kill_reports)):
        with tempfile.TemporaryDirectory() as folder:
            tally = attack(rounds, random.Random(seed), Path(folder))
        print(f"{name}: {tally}")
        clean &= tally.clean
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
