"""Whatever goes wrong while a binder is written: the old file is whole, no half one is left, a sentence says so."""

import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mips_desk.binder import write
from mips_desk.binder.content import BinderContent
from mips_desk.binder.field import Signing
from mips_desk.binder.signature import Identity, new_identity
from mips_desk.binder.write import write_binder
from mips_desk.errors import CancelledError, MipsDeskError

from . import binder_sample as sample

OLD = b"the binder that was there before"


@pytest.fixture(scope="module")
def content() -> BinderContent:
    return sample.content(sample.portal_part(2), journal_entries=())


@pytest.fixture(scope="module")
def identity() -> Identity:
    return new_identity("Riverside Family Practice", sample.MADE_AT)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    out = tmp_path / "binder.pdf"
    out.write_bytes(OLD)
    return out


def refused(content: BinderContent, out: Path, identity: Identity) -> str:
    """Write and fail; return the sentence after looking at what is left."""
    with pytest.raises(MipsDeskError) as told:
        write_binder(content, out, signing=Signing(identity))
    assert out.read_bytes() == OLD
    assert list(out.parent.iterdir()) == [out]
    text = str(told.value)
    assert text.startswith("“binder.pdf” could not be written (")
    assert str(out.parent) not in text
    assert text.count(". ") == 1, "one sentence on what happened, one on what to do"
    return text


class Failing:
    """A file whose n-th write fails."""

    left = 0

    @classmethod
    def after(cls, writes: int) -> "type[Failing]":
        cls.left = writes
        return cls

    def __init__(self, handle: int, mode: str) -> None:
        self.stream = os.fdopen(handle, mode)

    def write(self, data: bytes) -> int:
        Failing.left -= 1
        if Failing.left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.stream.write(data)

    def __enter__(self) -> "Failing":
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()

    def __getattr__(self, name: str) -> object:
        return getattr(self.stream, name)


def test_each_failing_write(
    content: BinderContent, out: Path, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Os:
        fdopen = Failing

        def __getattr__(self, name: str) -> object:
            return getattr(os, name)

    monkeypatch.setattr(write, "os", Os())
    for writes in (0, 1, 2, 4, 7):
        Failing.after(writes)
        assert "No space left" in refused(content, out, identity)
    Failing.after(10_000)
    write_binder(content, out, signing=Signing(identity))
    assert out.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("name", ["fsync", "open"])
def test_a_disk_that_fails(
    name: str, content: BinderContent, out: Path, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "the disk failed")

    monkeypatch.setattr(os, name, fail)
    with pytest.raises(MipsDeskError, match="the disk failed"):
        write_binder(content, out, signing=Signing(identity))
    monkeypatch.undo()
    assert (out.read_bytes(), list(out.parent.iterdir())) == (OLD, [out])


def test_a_file_that_a_viewer_holds_open(
    content: BinderContent, out: Path, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows a file that is open elsewhere cannot be replaced."""

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "the file is in use by another program")

    monkeypatch.setattr(Path, "replace", refuse)
    assert "close it where it is open" in refused(content, out, identity)


def test_a_file_that_is_protected(content: BinderContent, out: Path, identity: Identity) -> None:
    out.chmod(0o444)
    assert "protected" in refused(content, out, identity)
    out.chmod(0o644)
    write_binder(content, out)
    assert out.read_bytes().startswith(b"%PDF")


def test_a_folder_that_is_not_there(content: BinderContent, tmp_path: Path) -> None:
    with pytest.raises(MipsDeskError, match="choose another place"):
        write_binder(content, tmp_path / "absent" / "binder.pdf")


@pytest.mark.parametrize("step", [0, 1, 2, 4])
def test_cancelled_at_any_step(step: int, content: BinderContent, out: Path, identity: Identity) -> None:
    reached: list[int] = []

    def check() -> None:
        if reached and reached[-1] >= step:
            raise CancelledError

    with pytest.raises(CancelledError):
        write_binder(content, out, lambda done, total: reached.append(done), check, Signing(identity))
    assert (out.read_bytes(), list(out.parent.iterdir())) == (OLD, [out])


def in_a_child(act: Callable[[], None]) -> int:
    """Do something in a copy of this process and return how it ended, as os.waitpid says."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            act()
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("step", [1, 2, 4])
def test_killed_at_any_step(step: int, content: BinderContent, out: Path, identity: Identity) -> None:
    def die(done: int, total: int) -> None:
        if done >= step:
            os.kill(os.getpid(), signal.SIGKILL)

    ended = in_a_child(lambda: write_binder(content, out, die, signing=Signing(identity)) and None)
    assert os.WTERMSIG(ended) == signal.SIGKILL
    assert out.read_bytes() == OLD
    assert {path.name for path in out.parent.iterdir()} <= {"binder.pdf", ".binder.pdf.part"}
    write_binder(content, out, signing=Signing(identity))
    assert out.read_bytes().startswith(b"%PDF")
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_disk_that_is_full_in_the_middle(content: BinderContent, out: Path, identity: Identity) -> None:
    """A real limit of the system: half of the bytes are written."""
    import resource

    def act() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            write_binder(content, out, signing=Signing(identity))
        except MipsDeskError as error:
            if "could not be written" in str(error):
                os._exit(7)

    assert os.WEXITSTATUS(in_a_child(act)) == 7
    assert (out.read_bytes(), list(out.parent.iterdir())) == (OLD, [out])


def test_the_same_state_gives_the_same_bytes(content: BinderContent, tmp_path: Path, identity: Identity) -> None:
    signing = Signing(identity)
    for how in (None, signing):
        made = [write_binder(content, tmp_path / name, signing=how) for name in ("a.pdf", "b.pdf")]
        assert made[0] == made[1]
        assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
