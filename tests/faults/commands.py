"""Kill -9 each command of the command line at random moments of its run.

    python -m tests.faults.commands [ROUNDS] [SEED]      (default 400)

As in `rounds` this process loads everything once and forks, so that the kill falls into the command and not into the
start of Python. A command that ended with exit code 0 was acknowledged: what it made must be there and sound. Of one
that was killed there must be all or nothing in the vault, and no half file under its final name.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mips_desk import cli
from mips_desk.annotate.codec import encode
from mips_desk.annotate.marks import Box
from mips_desk.errors import MipsDeskError
from mips_desk.sample.practice import make_sample
from mips_desk.services import backups, closing, verifying
from mips_desk.store import verify_vault
from tests.unit.catalog.cms_sample import as_file, measures

from . import acts
from .rounds import KNOWN, Known, Tally, _look, known

#: Runs that take long, so that each gets a small share of the rounds only.
_SLOW = {"sample", "report"}


class Place:
    """A folder with a vault, and the commands that can be run on it.

    Args:
        folder: empty.
        chance: where numbers come from.
    """

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self.chance = chance
        self.vault = folder / "V.mipsvault"
        session = acts.begin(self.vault)
        acts.add_pictures(session, random.Random(1))
        self.item = session.vault.evidence(acts.YEAR)[0].id
        session.close()
        self.secret = folder / "secret.txt"
        self.secret.write_text(acts.PASSPHRASE)
        self.picture = folder / "picture.png"
        self.official = folder / "measures-data.json"
        self.official.write_bytes(as_file(measures(acts.YEAR)))
        self.marks = folder / "marks.json"
        self.number = 0

    def commands(self) -> dict[str, tuple[list[str], Callable[[], bool]]]:
        """Return the commands by name: their words, and what must be true once one has ended well."""
        self.number += 1
        self.picture.write_bytes(acts.picture(self.chance))
        self.marks.write_bytes(encode((Box(x=1.0, y=1.0, width=self.chance.uniform(2, 20), height=9.0),)))
        vault, year = str(self.vault), ["--year", str(acts.YEAR)]
        backup = self.folder / "backups" / f"{self.number}.mipsbackup"
        restored = self.folder / "restored"
        shutil.rmtree(restored, ignore_errors=True)
        restored.mkdir()
        made = sorted((self.folder / "backups").glob("*.mipsbackup"))
        binder, extract = self.folder / "out" / "binder.pdf", self.folder / "out" / "journal.csv"
        handed = self.folder / "handover" / "one.mipshandover"
        found = {
            "verify": (["verify", vault], lambda: True),
            "catalog load": (["catalog", "load", str(self.official), "--vault", vault, *year], lambda: True),
            "journal": (["journal", vault, "--csv", str(extract)], extract.is_file),
            "report": (["report", vault, *year, "--out", str(binder)], binder.is_file),
            "backup": (["backup", vault, "--out", str(backup)], backup.is_file),
            "handover write": (["handover", "write", vault, "--out", str(handed)], handed.is_file),
        }
        if self._closed():
            found["reopen"] = (["reopen", vault, *year, "--reason", "late"], lambda: True)
        else:
            found["close"] = (["close", vault, *year], lambda: True)
            found["import"] = (["import", vault, *year, "--activity", "IA_BE_4", str(self.picture)], lambda: True)
            words = ["import", vault, *year, "--paper", "participation_status", str(self.picture)]
            found["import --paper"] = (words, lambda: True)
            found["annotate"] = (["annotate", vault, self.item, "--marks", str(self.marks)], lambda: True)
        if made:
            words = ["restore", str(made[-1]), "--to", str(restored)]
            found["restore"] = (words, lambda: any(restored.glob("*.mipsvault")))
        return {name: ([*words, "--passphrase-file", str(self.secret)], done) for name, (words, done) in found.items()}

    def _closed(self) -> bool:
        session = acts.reopen(self.vault, read_only=True)
        closed = closing.year_state(session, acts.YEAR).closed
        session.close()
        return closed

    def files_are_whole(self) -> list[str]:
        """Return what is half there under a final name."""
        half = []
        for path in self.folder.glob("backups/*.mipsbackup"):
            try:
                backups.look_into(path)
            except MipsDeskError as error:
                half.append(f"{path.name}: {error}")
        for path in self.folder.glob("out/*.pdf"):
            half += [f"{path.name}: {each.where} {each.what}" for each in verifying.check_binder(path).findings]
        for path in self.folder.glob("restored/*.mipsvault"):
            half += [f"{path.name}: {each}" for each in verify_vault(path, acts.PASSPHRASE, acts.Clock())]
        return half


def _fork(words: list[str], after: float) -> bool | None:
    """Run a command in a child and kill it after some seconds; return whether it ended well, None when killed."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            nowhere = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nowhere, descriptor)
            code = cli.run(words)
        finally:
            os._exit(code)
    end = time.monotonic() + after
    while time.monotonic() < end:
        gone, status = os.waitpid(child, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.0005)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status) == 0


def run(rounds: int, seed: int, folder: Path, slow: int = 20) -> dict[str, Tally]:
    """Kill commands.

    Args:
        rounds: how often in all.
        seed: of the chance; the moments of the kills are real time all the same.
        folder: an empty folder.
        slow: every one of so many rounds may be a slow command.
    """
    chance = random.Random(seed)
    folder.mkdir(exist_ok=True)
    place = Place(folder, chance)
    tallies: dict[str, Tally] = {}
    whole: dict[str, float] = {}
    for turn in range(rounds):
        commands = place.commands()
        names = [name for name in commands if (name in _SLOW) == (turn % slow == slow - 1)]
        name = chance.choice(names)
        words, done = commands[name]
        session = acts.reopen(place.vault, read_only=True)
        must = known(session)
        session.close()
        tally = tallies.setdefault(name, Tally())
        tally.rounds += 1
        begin = time.monotonic()
        ended = _fork(words, chance.uniform(0, 1.1 * whole[name]) if name in whole else 60)
        if ended is not None:
            whole[name] = time.monotonic() - begin
        tally.killed += ended is None
        if ended is False:
            tally.unsound += 1
            tally.note(f"{name} did not end well")
        tally.acknowledged += bool(ended)
        if ended and not done():
            tally.lost += 1
            tally.note(f"{name} ended well and left nothing")
        _after(place, must, name, tally, full=turn % 5 == 0)
    return tallies


def _after(place: Place, must: Known, name: str, tally: Tally, full: bool) -> None:
    """Look at everything that a command can leave."""
    try:
        _look(place.vault, must, name, tally, full)
    except MipsDeskError as error:
        tally.unsound += 1
        tally.note(f"{type(error).__name__}: {error}")
    half = place.files_are_whole()
    tally.half_files += len(half)
    tally.notes += half
    # A reader leaves everything as it is; what a writer finds lying about it clears away.
    left = {path.name for path in place.vault.iterdir()} - KNOWN if tally.rounds % 2 else set()
    tally.half_files += len(left)
    tally.notes += [f"{name}: left behind: {each}" for each in sorted(left)]


def kill_samples(rounds: int, seed: int, folder: Path) -> Tally:
    """Kill the making of the sample practice; whatever is there must be a sound vault that can be opened."""
    chance = random.Random(seed)
    tally = Tally()
    begin = time.monotonic()
    made = make_sample(folder / "whole")
    whole = time.monotonic() - begin
    for number in range(rounds):
        here = folder / str(number)
        ended = _fork(["sample", str(here)], chance.uniform(0, whole))
        tally.rounds += 1
        tally.killed += ended is None
        for vault in here.glob("*.mipsvault"):
            found = verify_vault(vault, made.passphrase, acts.Clock())
            tally.unsound += len(found)
            tally.notes += [f"{each.where} {each.what}" for each in found]
    return tally


def main() -> int:
    """Run and print the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261121
    begin = time.monotonic()
    acts.cheapen()
    with tempfile.TemporaryDirectory() as folder:
        tallies = run(rounds, seed, Path(folder) / "commands")
        tallies["sample"] = kill_samples(max(1, rounds // 40), seed, Path(folder))
    for name, tally in sorted(tallies.items()):
        print(f"{name:16} {tally}")
    print(f"{time.monotonic() - begin:.0f} s")
    for name, tally in tallies.items():
        for note in tally.notes[:10]:
            print(f"  {name}: {note}")
    print(json.dumps({"clean": all(tally.clean for tally in tallies.values())}))
    return 0 if all(tally.clean for tally in tallies.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
