"""Kill -9 a working session at random moments, a thousand times and more.

    python -m tests.faults.rounds [ROUNDS] [SEED]      (default 1,000)

Starting Python takes longer than a whole session here, so this process loads everything once and forks: the child opens
the vault and does one command after the other by chance, telling after each one through a pipe what it acknowledged;
after some milliseconds it is killed. Then the vault must open, everything acknowledged must be there, the command that
was under way must have happened wholly or not at all, the journal's chain must be whole, and no half file may be left.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from mips_desk.errors import MipsDeskError
from mips_desk.services import backups
from mips_desk.services.session import Session

from . import acts

#: Names that a vault's folder may hold while it is open.
KNOWN = {"vault.db", "vault.db-wal", "vault.db-shm", "keys.json", "vault.lock", "opened-by.json"}
#: Longest time that a child may live, in seconds; it does some twenty commands in that time.
LONGEST = 0.25
#: Rounds after which a vault is replaced by a new one, so that looking through it stays quick.
FRESH_EVERY = 40
#: Every one of so many rounds is checked in full, the others as far as opening and reading everything does it.
FULL_EVERY = 5


@dataclass
class Tally:
    """What came of the rounds."""

    rounds: int = 0
    killed: int = 0
    in_the_middle: int = 0
    acknowledged: int = 0
    lost: int = 0
    unsound: int = 0
    half_done: int = 0
    half_files: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Nothing was lost and nothing is broken."""
        return not (self.lost or self.unsound or self.half_done or self.half_files)

    def note(self, text: str) -> None:
        self.notes.append(f"round {self.rounds}: {text}")

    def __str__(self) -> str:
        figures = {name: value for name, value in vars(self).items() if name != "notes"}
        return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())


@dataclass
class Known:
    """What must be in the vault: all that was acknowledged, and the journal's newest entry then."""

    facts: dict[str, str]
    seq: int
    head: str


def known(session: Session) -> Known:
    """Return what a vault holds."""
    (newest,) = session.vault.journal_tail(1)
    return Known(acts.facts(session), newest.seq, newest.hash)


def _work(folder: Path, seed: int, pipe: int) -> None:
    """Do commands until killed, in the child."""
    chance = random.Random(seed)
    session = acts.reopen(folder)
    state = known(session)
    _tell(pipe, state.facts, state)
    while True:
        if chance.random() < 0.04:
            session.close()
            session = acts.reopen(folder)
        else:
            acts.some_act(session, chance, lambda name: _send(pipe, name))
        before, state = state, known(session)
        changed = {name: text for name, text in state.facts.items() if before.facts.get(name) != text}
        _tell(pipe, changed | {name: "" for name in before.facts if name not in state.facts}, state)


def _tell(pipe: int, changed: dict[str, str], state: Known) -> None:
    _send(pipe, [changed, state.seq, state.head])


def _send(pipe: int, message: object) -> None:
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(pipe, data) :]


def _fork(folder: Path, seed: int, live: float) -> tuple[bytes, int]:
    """Let a child work for some seconds and kill it; return what it told and how it ended."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.close(out)
            _work(folder, seed, into)
        except BaseException as error:  # noqa: BLE001 - a child must never come back into the harness
            traceback.print_exception(error)
        finally:
            os._exit(code)
    os.close(into)
    end = time.monotonic() + live
    told = b""
    os.set_blocking(out, False)
    while time.monotonic() < end:
        time.sleep(min(0.002, max(0.0, end - time.monotonic())))
        try:
            told += os.read(out, 1 << 20)
        except BlockingIOError:
            continue
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.set_blocking(out, True)
    while more := os.read(out, 1 << 20):
        told += more
    os.close(out)
    return told, status


def _look(folder: Path, must: Known, trying: str, tally: Tally, full: bool) -> Known:
    """Compare what is left with what must be there; return what is there."""
    session = acts.reopen(folder, read_only=tally.rounds % 2 == 0)
    try:
        if full:
            for problem in session.vault.check():
                tally.unsound += 1
                tally.note(f"{problem.where} {problem.what}")
        now = known(session)
        entries = session.vault.journal(after=must.seq - 1, limit=100)
        if not entries or entries[0].hash != must.head:
            tally.lost += 1
            tally.note("an acknowledged journal entry is gone")
        changes = json.dumps([entry.change for entry in entries[1:]], default=str) if len(entries) > 1 else ""
        differing = {name for name in must.facts | now.facts if must.facts.get(name) != now.facts.get(name)}
        extra = [entry for entry in entries[1:] if entry.event != "login"]
        tally.in_the_middle += bool(extra)
        # Removing a person is two commands: out at once, then a new key for the vault.
        if len(extra) > 1 + (trying == "remove_person"):
            tally.half_done += 1
            tally.note(f"{trying}: {[str(entry.event) for entry in extra]} were done and none acknowledged")
        for name in differing:
            explained = name.startswith("draft/") or any(
                part in changes for part in name.split("/")[1:] if len(part) > 3
            )
            explained |= bool(extra) and name in ("practice", "setting/retention")
            # The key file is replaced before the journal says so; either passphrase may be the one, see above.
            explained |= name.startswith("passphrase/") and trying == "change_passphrase"
            if not explained:
                tally.lost += 1
                tally.note(f"{trying}: {name} is {now.facts.get(name)!r}, not {must.facts.get(name)!r}")
        if len(acts.passphrases(folder)) != 1:
            tally.unsound += 1
            tally.note("not exactly one passphrase opens it")
        for name in sorted(folder.parent.glob("backups/*.mipsbackup")) if full else ():
            backups.look_into(name)
        if full and not acts.index_in_step(session):
            tally.unsound += 1
            tally.note("the search misses something")
        return now
    finally:
        session.close()


def run(rounds: int, seed: int, place: Path) -> Tally:
    """Kill a session some times.

    Args:
        rounds: how often.
        seed: of the chance; the moments of the kills are real time all the same.
        place: an empty folder.
    """
    chance = random.Random(seed)
    tally = Tally()
    folder = place / "Practice.mipsvault"
    for turn in range(rounds):
        if turn % FRESH_EVERY == 0:
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            session = acts.begin(folder)
            must = known(session)
            session.close()
        told, status = _fork(folder, chance.randrange(2**32), chance.uniform(0, LONGEST))
        tally.rounds += 1
        tally.killed += os.WIFSIGNALED(status)
        if not os.WIFSIGNALED(status):
            tally.unsound += 1
            tally.note("the session ended by itself")
        # What was not told to the end was not acknowledged.
        trying = ""
        for line in told.split(b"\n")[:-1]:
            message = json.loads(line)
            if isinstance(message, str):
                trying = message
                continue
            changed, seq, head = message
            trying = ""
            merged = {name: text for name, text in (must.facts | changed).items() if text != ""}
            must = Known(merged, seq, head)
            tally.acknowledged += 1
        try:
            must = _look(folder, must, trying, tally, full=turn % FULL_EVERY == 0)
        except MipsDeskError as error:
            tally.unsound += 1
            tally.note(f"{type(error).__name__}: {error}")
        # A reader leaves everything as it is; what a writer finds lying about it clears away.
        left = {path.name for path in folder.iterdir()} - KNOWN if tally.rounds % 2 else set()
        if left:
            tally.half_files += len(left)
            tally.note(f"left behind: {sorted(left)}")
            for name in left:
                (folder / name).unlink()
    return tally


def main() -> int:
    """Run and print the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261121
    begin = time.monotonic()
    acts.cheapen()
    with tempfile.TemporaryDirectory() as place:
        tally = run(rounds, seed, Path(place) / "rounds")
    print(tally)
    print(f"{time.monotonic() - begin:.0f} s")
    for note in tally.notes[:40]:
        print(" ", note)
    return 0 if tally.clean else 1


if __name__ == "__main__":
    sys.exit(main())
