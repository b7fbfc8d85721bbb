"""Audit packages: every flipped byte is reported, and nothing that goes wrong on the way leaves half a file.

Ten thousand flips are by hand (see package_flips.py).
"""

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from mips_desk.binder.package_verify import verify_package
from mips_desk.errors import MipsDeskError
from tests.unit.binder.package_sample import identity, noisy_content, small_content, write

from . import package_flips

pytestmark = pytest.mark.faults


def test_every_flipped_byte_is_reported_where_it_is(tmp_path: Path) -> None:
    tally = package_flips.run(240, 11, tmp_path)
    assert tally.clean, tally.notes
    assert len(tally.flips) == 4


def _in_child(work: Callable[[], object]) -> int:
    """Run something in a copy of this process; return the signal that ended it, or 0."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def _killed(folder: Path, at: int) -> int:
    """Write a package in a process that is killed at its n-th step; return the signal that ended it."""
    calls = []

    def check() -> None:
        calls.append(1)
        if len(calls) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    return _in_child(lambda: write(folder, small_content(2), check_cancel=check))


@pytest.mark.parametrize("at", [2, 10, 20, 25, 30])
def test_a_kill_leaves_the_old_file_and_nothing_that_looks_like_a_package(at: int, tmp_path: Path) -> None:
    identity()  # made before the fork, once
    old = tmp_path / "p.zip"
    old.write_bytes(b"old")
    assert _killed(tmp_path, at) == signal.SIGKILL
    assert old.read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} <= {"p.zip", ".p.zip.1.part"}
    write(tmp_path, small_content(2))
    assert [path.name for path in tmp_path.iterdir()] == ["p.zip"]
    assert verify_package(old).problems == ()


def test_a_kill_just_before_the_new_file_is_put_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    identity()
    old = tmp_path / "p.zip"
    old.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", lambda self, target: os.kill(os.getpid(), signal.SIGKILL))
    assert _in_child(lambda: write(tmp_path, small_content(1))) == signal.SIGKILL
    assert old.read_bytes() == b"old"


@pytest.mark.parametrize("room", [1_000, 100_000, 400_000, 2_600_000])
@pytest.mark.parametrize("split", [0, 3_300_000])
def test_no_room_is_one_sentence_and_leaves_the_old_file(room: int, split: int, tmp_path: Path) -> None:
    """Files cannot grow beyond a limit here, which fails as a full disk does, at the same places."""
    old = tmp_path / "p.zip"
    old.write_bytes(b"old")
    content = noisy_content(6)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with pytest.raises(MipsDeskError, match=r"^“p\.zip” could not be written \(.*\)\. Nothing was changed;"):
            write(tmp_path, content, split=split)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in tmp_path.iterdir()] == ["p.zip"]
    assert old.read_bytes() == b"old"


def test_a_file_that_is_open_elsewhere_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace a file that a viewer holds open."""
    old = tmp_path / "p.zip"
    old.write_bytes(b"old")

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(MipsDeskError, match=r"“p\.zip” could not be written \(Permission denied\)"):
        write(tmp_path, small_content(1))
    assert [path.name for path in tmp_path.iterdir()] == ["p.zip"]
    assert old.read_bytes() == b"old"


def test_parts_are_put_in_place_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if "part-2-of" in target.name:
            raise PermissionError(13, "Permission denied", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(MipsDeskError, match="could not be written"):
        write(tmp_path, noisy_content(6), split=3_300_000)
    assert list(tmp_path.iterdir()) == []


def test_a_drive_that_changes_what_is_written_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mips_desk.binder import package_write

    real = package_write.read_structure

    def spoiled(file):  # type: ignore[no-untyped-def]  # as the real one
        found = real(file)
        exhibit = next(entry for entry in found.entries if entry.name.startswith("exhibits/"))
        file.seek(exhibit.start + 100)
        file.write(b"\0\0")
        return found

    monkeypatch.setattr(package_write, "read_structure", spoiled)
    with pytest.raises(MipsDeskError, match="could not be read back as it was written"):
        write(tmp_path, small_content(1))
    assert list(tmp_path.iterdir()) == []
