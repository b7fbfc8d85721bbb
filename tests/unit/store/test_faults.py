"""Killed, out of room: what was acknowledged is there, what was not is not half there."""

import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mips_desk.store import Event, Vault, VaultDiskError, VaultFullError, VaultGoneError, verify_vault

from .conftest import PASSPHRASE, Clock, add_item, choose, collect, create, everything, fill

ROOT = Path(__file__).resolve().parents[3]
ROUNDS = 10

_ADD_FOR_EVER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from mips_desk.domain.evidence import Intake, Source
from mips_desk.store import Event, Vault
now = lambda: datetime.now(UTC)
vault = Vault.open(Path(sys.argv[1]), sys.argv[2], now=now)
selection = vault.selections(2025)[0]
intake = Intake(Source.IMPORT, now(), "Ana Ruiz", "FRONTDESK")
while True:
    with vault.write(Event.EVIDENCE_ADDED) as tx:
        item = tx.add_evidence(selection.id, os.urandom(60_000), media_type="image/png", width=1, height=1,
                               intake=intake)
        tx.add_marks(item.id, b"[]", redactions=0, other_marks=0)
    print(item.id, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps files that are open")
@pytest.mark.parametrize("what", ["deleted", "moved", "replaced"])
def test_a_vault_that_is_gone_takes_no_change(folder: Path, what: str) -> None:
    with create(folder, Clock()) as vault:
        choose(vault)
        away = folder.with_name("away")
        folder.rename(away)
        if what == "deleted":
            shutil.rmtree(away)
        elif what == "replaced":
            shutil.copytree(away, folder)
        with pytest.raises(VaultGoneError), vault.write(Event.EVIDENCE_ADDED):
            pytest.fail("the change must not begin")
        if what == "moved":
            away.rename(folder)
            choose(vault, 2024)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 on Windows")
def test_a_killed_program_loses_nothing_it_acknowledged(folder: Path) -> None:
    chance = random.Random(20261121)
    with create(folder, Clock()) as vault:
        choose(vault)
    acknowledged: list[str] = []
    for turn in range(ROUNDS):
        process = subprocess.Popen(
            [sys.executable, "-c", _ADD_FOR_EVER, str(folder), PASSPHRASE], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        # Let it acknowledge some, then kill it at a moment that its output does not tell.
        acknowledged += [process.stdout.readline().strip() for _ in range(chance.randrange(1, 20))]
        for _ in range(chance.randrange(200_000)):
            pass
        process.send_signal(signal.SIGKILL)
        acknowledged += [line for line in process.communicate()[0].split("\n") if len(line) == 26]
        assert process.returncode == -signal.SIGKILL
        if turn % 2:  # a reader may come first and must find all of it too
            with Vault.open(folder, PASSPHRASE, now=Clock(), read_only=True) as vault:
                assert {item.id for item in vault.evidence(2025)} >= set(acknowledged)
        assert verify_vault(folder, PASSPHRASE, Clock()) == []
    with Vault.open(folder, PASSPHRASE, now=Clock()) as vault:
        items = vault.evidence(2025)
        assert {item.id for item in items} >= set(acknowledged)
        assert len(acknowledged) >= ROUNDS
        # What came through without having been acknowledged came through whole.
        assert all(item.marks_revision == 1 for item in items)
        assert [item.number for item in items] == list(range(1, len(items) + 1))


_KILLED_WHILE_MAKING = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from mips_desk.domain.practice import Practice
from mips_desk.store import KeyCost, Vault, disk
calls = 0
def count(real):
    def call(*words):
        global calls
        calls += 1
        if calls == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*words)
    return call
os.fsync = count(os.fsync)
Path.rename = count(Path.rename)
Path.replace = count(Path.replace)
Vault.create(Path(sys.argv[1]), sys.argv[2], practice=Practice("A"), person_name="Ana", now=lambda: datetime.now(UTC),
             key_cost=KeyCost(8, 1, 1)).close()
print("made")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 on Windows")
@pytest.mark.parametrize("step", range(1, 8))
def test_a_vault_is_made_whole_or_not_at_all(folder: Path, step: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _KILLED_WHILE_MAKING, str(folder), PASSPHRASE, str(step)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == ""
    if folder.exists():
        assert verify_vault(folder, PASSPHRASE, Clock()) == []
    else:
        create(folder, Clock()).close()


def test_a_full_disk_keeps_the_last_good_state(vault: Vault, clock: Clock) -> None:
    fill(vault)
    selection = vault.selections(2025)[0]
    before = everything(vault)
    # SQLite's own limit behaves as a full disk does.
    vault._writer.db.execute(f"PRAGMA max_page_count = {_pages(vault) + 20}")  # type: ignore[union-attr]
    for _ in range(2):
        with pytest.raises(VaultFullError, match="disk is full"):
            collect(vault, selection.id, b"x" * 500_000)
        assert everything(vault) == before
    small = collect(vault, selection.id, b"small")
    assert small.number == 4
    assert vault.original(small.sha256) == b"small"
    assert vault.check() == []


def _pages(vault: Vault) -> int:
    return int(vault._writer.db.execute("PRAGMA page_count").fetchone()[0])  # type: ignore[union-attr]


_LIMITED = """
import os, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from mips_desk.domain.evidence import Intake, Source
from mips_desk.store import Event, Vault, VaultError
now = lambda: datetime.now(UTC)
vault = Vault.open(Path(sys.argv[1]), sys.argv[2], now=now)
intake = Intake(Source.IMPORT, now(), "Ana Ruiz", "FRONTDESK")
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
selection = vault.selections(2025)[0]
refused = 0
for turn in range(40):
    try:
        with vault.write(Event.EVIDENCE_ADDED) as tx:
            item = tx.add_evidence(selection.id, os.urandom(90_000), media_type="image/png", width=1, height=1,
                                   intake=intake)
        print(item.id, flush=True)
    except VaultError as error:
        refused += 1
        last = error
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
with vault.write(Event.EVIDENCE_ADDED) as tx:
    print(tx.add_evidence(selection.id, b"again", media_type="image/png", width=1, height=1, intake=intake).id)
assert refused, "the limit was never met"
print(type(last).__name__, file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limit")
def test_files_that_cannot_grow_keep_the_last_good_state(folder: Path) -> None:
    with create(folder, Clock()) as vault:
        choose(vault)
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(folder), PASSPHRASE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.split()[-1] in (VaultFullError.__name__, VaultDiskError.__name__)
    assert verify_vault(folder, PASSPHRASE, Clock()) == []
    with Vault.open(folder, PASSPHRASE, now=Clock()) as vault:
        assert {item.id for item in vault.evidence(2025)} >= set(done.stdout.split())


def test_a_write_that_fails_in_the_middle_leaves_no_original(vault: Vault) -> None:
    selection = choose(vault)
    with pytest.raises(ZeroDivisionError), vault.write(Event.EVIDENCE_ADDED) as tx:
        assert add_item(tx, selection.id, b"x" * 100_000).number / 0
    assert vault.evidence(2025) == ()
    assert vault._reader.db.execute("SELECT count(*) FROM original").fetchone() == (0,)
