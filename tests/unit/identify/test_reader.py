"""The process that reads pictures, and what happens when it dies, hangs or is not there."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from mips_desk.errors import CancelledError
from mips_desk.identify import reader as module
from mips_desk.identify.reader import IdentifyError, Reader

ROOT = Path(__file__).resolve().parents[3]
PIXELS = bytes(12)


def program(code: str) -> list[str]:
    return [sys.executable, "-c", code]


ANSWER = """
import sys
while sys.stdin.buffer.readline():
    sys.stdin.buffer.read(12)
    print('{"progress": [1, 2]}', flush=True)
    words = '["Ann", 1, 2, 3, 4, 0.9, 0], ["Lee", 5, 2, 3, 4, 0.9, 0], ["x", 1, 9, 3, 4, 0.9, 1]'
    print('{"words": [' + words + '], "photos": [[0, 0, 2, 2]]}', flush=True)
"""


@pytest.fixture
def made() -> Iterator[list[Reader]]:
    readers: list[Reader] = []
    yield readers
    for reader in readers:
        reader.close()
        reader._end()


def test_one_process_reads_several_pictures(made: list[Reader]) -> None:
    reader = Reader(program(ANSWER))
    made.append(reader)
    steps: list[tuple[int, int]] = []
    read = reader.read(PIXELS, 2, 2, lambda done, total: steps.append((done, total)))
    assert [(word.text, word.line, word.start) for word in read.words] == [("Ann", 0, 0), ("Lee", 0, 4), ("x", 1, 0)]
    assert read.photos == ((0, 0, 2, 2),)
    assert steps == [(1, 2)]
    process = reader._process
    assert reader.read(PIXELS, 2, 2) == read
    assert reader._process is process
    reader.close()
    assert reader.read(PIXELS, 2, 2) == read


def test_a_crash_is_a_sentence_and_the_next_picture_works(made: list[Reader], tmp_path: Path) -> None:
    once = tmp_path / "once"
    code = (
        f"import os, pathlib\np = pathlib.Path({str(once)!r})\nif not p.exists():\n    p.touch(); os.abort()\n" + ANSWER
    )
    reader = Reader(program(code))
    made.append(reader)
    with pytest.raises(IdentifyError, match="stopped by itself"):
        reader.read(PIXELS, 2, 2)
    assert reader.read(PIXELS, 2, 2).words


def test_cancel_ends_the_process(made: list[Reader]) -> None:
    reader = Reader(program("import time; time.sleep(600)"))
    made.append(reader)
    seen: list[subprocess.Popen[bytes]] = []

    def check() -> None:
        assert reader._process is not None
        seen.append(reader._process)
        raise CancelledError

    with pytest.raises(CancelledError):
        reader.read(PIXELS, 2, 2, check=check)
    assert seen[0].poll() is not None


def test_a_picture_that_takes_too_long_is_given_up(made: list[Reader], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.1)
    reader = Reader(program("import time; time.sleep(600)"))
    made.append(reader)
    with pytest.raises(IdentifyError, match="too long"):
        reader.read(PIXELS, 2, 2)


def test_an_error_of_the_engine_quotes_nothing(made: list[Reader]) -> None:
    reader = Reader(
        program(
            """import sys; sys.stdin.buffer.readline(); print('{"error": "Maria"}', flush=True); sys.stdin.read()"""
        )
    )
    made.append(reader)
    with pytest.raises(IdentifyError) as caught:
        reader.read(PIXELS, 2, 2)
    assert "Maria" not in str(caught.value)


def test_without_the_extra_part_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec

    def find_spec(name: str) -> ModuleSpec | None:
        return None if name == "rapidocr" else real(name)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    assert "mips-desk[ocr]" in module.missing()
    with pytest.raises(IdentifyError, match="extra part"):
        Reader(program("")).read(PIXELS, 2, 2)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "pip" not in module.missing()


CHILD = """
import os, sys
sys.path.insert(0, {root!r})
from mips_desk.identify.child import _forbid
sys.addaudithook(_forbid)
def refused(act):
    try:
        act()
    except PermissionError:
        return True
    return False
import socket
made = socket.socket()
assert refused(lambda: made.connect(("127.0.0.1", 9)))
assert refused(lambda: socket.getaddrinfo("example.org", 80))
assert refused(lambda: made.bind(("127.0.0.1", 0)))
assert refused(lambda: open({path!r}, "wb"))
assert refused(lambda: os.open({path!r}, os.O_CREAT | os.O_RDWR))
open({source!r}).close()
"""


def test_the_process_has_no_network_and_writes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    code = CHILD.format(root=str(ROOT), path=str(path), source=__file__)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not path.exists()


def test_a_real_picture(made: list[Reader], tmp_path: Path) -> None:
    """With the real engine, no place to write, and no route: nothing is downloaded, nothing is left."""
    font = ImageFont.truetype(str(ROOT / "resources" / "fonts" / "Inter-Regular.ttf"), 14)
    image = Image.new("RGB", (420, 90), "white")
    draw = ImageDraw.Draw(image)
    draw.text((20, 10), "Patient: Maria Lopez", "black", font)
    draw.text((240, 10), "DOB: 02/01/1952", "#777777", font)
    draw.text((20, 50), "Lab results are ready", "black", font)
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(tmp_path)
    try:
        reader = Reader()
        made.append(reader)
        read = reader.read(image.tobytes(), *image.size)
    finally:
        os.environ.pop("TMPDIR") if before is None else os.environ.update(TMPDIR=before)
    assert " ".join(word.text for word in read.words) == "Patient: Maria Lopez DOB: 02/01/1952 Lab results are ready"
    maria = next(word for word in read.words if word.text == "Maria")
    left, top, right, bottom = draw.textbbox((20 + draw.textlength("Patient: ", font), 10), "Maria", font)
    assert maria.x <= left + 2  # a proposal's box is padded by at least that
    assert maria.y <= top
    assert maria.x + maria.width >= right - 2
    assert maria.y + maria.height >= bottom
    assert list(tmp_path.iterdir()) == []
