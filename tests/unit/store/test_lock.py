"""One writer: who holds the lock is named, and a killed holder leaves nothing behind that keeps others out."""

import subprocess
import sys
from pathlib import Path

import pytest

from mips_desk.store import Vault, VaultBusyError
from mips_desk.store.lock import HOLDER_NAME, LOCK_NAME, WriterLock

from .conftest import Clock, reopen

_HOLD = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from mips_desk.store.lock import WriterLock
lock = WriterLock(Path(sys.argv[1]), "Ben Okafor", datetime(2026, 3, 4, 9, 15, tzinfo=UTC))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_killed_holder_keeps_nobody_out(vault: Vault, clock: Clock) -> None:
    vault.close()
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(vault.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(VaultBusyError, match=r"Ben Okafor has this vault open on .+ \(since 2026-03-04 09:15\)"):
            reopen(vault, clock)
        with reopen(vault, clock, read_only=True) as reading:
            assert reading.check() == []
    finally:
        holder.kill()
        holder.communicate()
    assert (vault.folder / HOLDER_NAME).is_file()
    assert (vault.folder / LOCK_NAME).is_file()
    with reopen(vault, clock) as again:
        assert b"Ana Ruiz" in (vault.folder / HOLDER_NAME).read_bytes()
        assert again.check() == []
    assert not (vault.folder / HOLDER_NAME).exists()


@pytest.mark.parametrize(
    "note", [b"", b"{", b"\xff", b'{"person": "X"}', b'{"x": ' + b"[" * 3000, b'{"person": "' + b"X" * 9000, None]
)
def test_the_lock_counts_and_not_the_note(vault: Vault, clock: Clock, note: bytes | None) -> None:
    """The note may come from another computer, from an earlier day, or be half written."""
    path = vault.folder / HOLDER_NAME
    path.unlink() if note is None else path.write_bytes(note)
    with pytest.raises(VaultBusyError, match=r"^Another program has this vault open"):
        Vault.open(vault.folder, "correct horse battery staple", now=clock)
    vault.close()
    path.write_bytes(b'{"person": "Carla", "host": "BACKOFFICE", "since": "2020-01-01T00:00:00Z"}')
    reopen(vault, clock).close()


def test_another_computer_is_named(vault: Vault, clock: Clock) -> None:
    note = b'{"person": "Carla Diaz", "host": "BACKOFFICE", "since": "2026-03-04T08:00:00-05:00"}'
    (vault.folder / HOLDER_NAME).write_bytes(note)
    with pytest.raises(VaultBusyError) as caught:
        Vault.open(vault.folder, "correct horse battery staple", now=clock)
    assert (caught.value.person, caught.value.host) == ("Carla Diaz", "BACKOFFICE")


def test_two_windows_of_one_program_are_kept_apart(tmp_path: Path, clock: Clock) -> None:
    first = WriterLock(tmp_path, "Ana", clock())
    with pytest.raises(VaultBusyError):
        WriterLock(tmp_path, "Ana", clock())
    first.release()
    WriterLock(tmp_path, "Ana", clock()).release()
