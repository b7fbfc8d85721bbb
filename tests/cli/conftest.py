"""A sample practice made once, and copied for each test that changes it."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from mips_desk.__main__ import main
from mips_desk.sample.practice import make_sample

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Practice:
    vault: Path
    passphrase_file: Path

    @property
    def key(self) -> list[str]:
        return ["--passphrase-file", str(self.passphrase_file)]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    folder = tmp_path_factory.mktemp("sample")
    made = make_sample(folder)
    secret = folder / "passphrase.txt"
    secret.write_text(made.passphrase + "\n", encoding="utf-8")
    return Practice(made.vault_folder, secret)


@pytest.fixture
def practice(sample: Practice, tmp_path: Path) -> Practice:
    vault = tmp_path / sample.vault.name
    shutil.copytree(sample.vault, vault)
    return Practice(vault, sample.passphrase_file)


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    def json(self) -> object:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as `__main__` does; in this process, because a new one costs a second each time."""

    def call(*words: object, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        monkeypatch.setattr(sys, "argv", ["mips-desk", *map(str, words)])
        capfdbinary.readouterr()
        code = main()
        sys.stdout.flush()
        sys.stderr.flush()
        out, err = capfdbinary.readouterr()
        return Done(code, out.decode(), err.decode())

    return call


@pytest.fixture
def run_process() -> Run:
    """Run the real program in a process of its own, as a script would."""

    def call(*words: object, stdin: bytes = b"") -> Done:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "mips_desk", *map(str, words)],
            cwd=ROOT, input=stdin, capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


def picture(width: int = 800, height: int = 500, text: str = "Portal messages", kind: str = "PNG") -> bytes:
    """A synthetic screenshot with text on it."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, 40), fill="#2B6CA3")
    draw.text((20, 60), text, fill="black")
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def refused(done: Done) -> str:
    """Assert that a command could not be done and said so in one sentence; return the sentence."""
    assert done.code == 2, done
    assert done.out == ""
    assert done.err.count("\n") == 1, done.err
    assert "Traceback" not in done.err
    assert len(done.err) < 300
    return done.err.strip()
