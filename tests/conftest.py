"""What every test needs: no screen unless asked for, and no home folder but its own. Imports no Qt."""

import os
import shutil
import sys
from pathlib import Path

import pytest

if "--headed" not in sys.argv:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anybody imports Qt


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--headed", action="store_true", help="show the windows on the screen instead of hiding them")


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from the folders of the person who runs them; Windows ignores HOME, so set them all."""
    home: Path = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    names = ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA")
    for name in (*names, "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))


@pytest.fixture
def qpdf() -> str:
    """The independent judge of PDF structure; the tests that need it skip where it is absent, and fail so in CI."""
    path = shutil.which("qpdf")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("qpdf is not installed, and the continuous integration must not go without it")
        pytest.skip("qpdf is not installed")
    return path


@pytest.fixture
def seven_zip() -> str:
    """7-Zip, which opens encrypted packages; the tests that need it skip where it is absent, and fail so in CI."""
    path = next(filter(None, map(shutil.which, ("7z", "7zz"))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("7-Zip is not installed, and the continuous integration must not go without it")
        pytest.skip("7-Zip is not installed")
    return path


@pytest.fixture(scope="session")
def cms() -> Path:
    """CMS's own data files; they are not part of the project, and CI must not go without them."""
    default = Path(__file__).resolve().parents[2] / "shared" / "cms"
    folder = Path(os.environ.get("MIPS_DESK_CMS") or default)
    if not (folder / "measures-data-2026.json").is_file():
        if os.environ.get("CI"):
            pytest.fail("CMS's data files are absent, and the continuous integration must not go without them")
        pytest.skip("CMS's data files are absent: ../shared/cms, or the folder named by MIPS_DESK_CMS")
    return folder
