"""The packaged app starts and does the main job. Built here with PyInstaller, as a release is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("frozen")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(folder / "dist"), "--workpath", str(folder / "work"), "build_installer.spec"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    name = "MIPS Desk" if sys.platform in ("win32", "darwin") else "mips-desk"
    return folder / "dist" / name / (name + (".exe" if os.name == "nt" else ""))


@pytest.mark.slow
def test_self_test_of_the_packaged_app(frozen: Path, tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "QT_"))}
    done = subprocess.run(
        [frozen, "--self-test", "--keep", tmp_path / "kept"],
        capture_output=True, text=True, check=False, cwd=tmp_path, env=clean, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "The vault is sound." in done.stdout
    assert len(list((tmp_path / "kept").glob("*.pdf"))) == 2


@pytest.mark.slow
def test_window_of_the_packaged_app_opens(frozen: Path, tmp_path: Path) -> None:
    """The windowed part works frozen too: every module, plugin, icon and font it needs is in the folder."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"),
           "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_STATE_HOME": str(tmp_path / "state"),
           "MIPS_DESK_EXIT_AFTER_PAINT": "1"}  # fmt: skip
    done = subprocess.run([frozen], capture_output=True, text=True, check=False, env=env, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
