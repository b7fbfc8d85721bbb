"""What a real third-party program shows on a screen goes through capture, redaction and arrow into the binder."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from mips_desk.sample.practice import SAMPLE_PASSPHRASE, make_sample

from .capture_session import BAND, REGION

ROOT = Path(__file__).resolve().parents[2]
NAME = (60, 140, 420, 60)
PAGE = f"""<!doctype html><title>Portal</title>
<body style="margin:0;font:28px sans-serif;background:#fff">
<div style="height:60px;background:rgb{BAND}"></div>
<p style="position:absolute;left:{NAME[0]}px;top:{NAME[1]}px;width:{NAME[2]}px;height:{NAME[3]}px;margin:0;
background:rgb(255,221,0);color:rgb(200,0,120)">Canary Testperson-Synthetic</p>
<p style="position:absolute;left:60px;top:260px;margin:0">Refill request, answered by the nurse</p></body>"""

pytestmark = [
    pytest.mark.display,
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Xvfb is a screen for Linux"),
]


def program(*names: str) -> str:
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"{names[0]} is not installed, and the continuous integration must not go without it")
        pytest.skip(f"{names[0]} is not installed")
    return path


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of 1280 x 800 pixels, with a number that the server finds itself."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        [program("Xvfb"), "-displayfd", str(writer), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[writer], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writer)
    with os.fdopen(reader) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.fixture
def browser(display: str, tmp_path: Path) -> Iterator[None]:
    page = tmp_path / "portal.html"
    page.write_text(PAGE, encoding="utf-8")
    process = subprocess.Popen(
        [program("chromium", "chromium-browser", "google-chrome"), "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--force-device-scale-factor=1", "--hide-scrollbars", f"--user-data-dir={tmp_path / 'browser'}", "--kiosk",
         "--window-position=0,0", "--window-size=1280,800", "--disable-infobars", page.as_uri()],
        env={**os.environ, "DISPLAY": display, "HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield
    process.terminate()
    process.wait(20)


def test_capture_of_a_browser_reaches_the_binder_without_the_name(display: str, browser: None, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "Sample"
    folder.mkdir(parents=True)
    vault = make_sample(folder).vault_folder
    words = [str(tmp_path / "data"), *map(str, NAME)]
    env = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.capture_session", *words],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    evidence = json.loads(done.stdout.splitlines()[-1])["evidence"]

    secret = tmp_path / "secret.txt"
    secret.write_text(SAMPLE_PASSPHRASE)
    key = ["--passphrase-file", str(secret)]
    tool = [sys.executable, "-m", "mips_desk"]
    shown = subprocess.run(
        [*tool, "annotate", vault, evidence, "--show", *key], cwd=ROOT, capture_output=True, check=True
    )
    marks = json.loads(shown.stdout)["marks"]
    assert sorted(mark["type"] for mark in marks) == ["arrow", "redaction"]
    redaction = next(mark for mark in marks if mark["type"] == "redaction")
    out = tmp_path / "binder.pdf"
    subprocess.run(
        [*tool, "report", vault, "--year", "2026", "--activity", "IA_BE_4", "--out", out, *key], cwd=ROOT, check=True
    )
    with pikepdf.open(out) as pdf:
        pictures = [
            pikepdf.PdfImage(image).as_pil_image().convert("RGB")
            for page in pdf.pages
            for image in page.get_images().values()
            if (int(image.Width), int(image.Height)) == REGION[2:]
        ]
    assert len(pictures) == 1
    check_picture(pictures[0], redaction)
    # As an independent program sees it.
    folder = tmp_path / "images"
    folder.mkdir()
    subprocess.run([program("pdfimages"), "-png", out, folder / "x"], check=True)
    sizes = []
    for path in folder.iterdir():
        with Image.open(path) as opened:
            if opened.size == REGION[2:]:
                sizes.append(opened.size)
                check_picture(opened.convert("RGB"), redaction)
    assert sizes == [REGION[2:]]


def check_picture(picture: Image.Image, redaction: dict[str, float]) -> None:
    """What was on the screen is there, pixel for pixel, and nothing of the name."""
    assert picture.getpixel((300, 30)) == BAND
    left, top = int(redaction["x"]), int(redaction["y"])
    right, bottom = int(redaction["x"] + redaction["width"]), int(redaction["y"] + redaction["height"])
    covered = picture.crop((left, top, right, bottom))
    assert covered.getcolors() == [(covered.width * covered.height, (0, 0, 0))]
    found = {color for _, color in picture.getcolors(1 << 24)}
    assert (255, 221, 0) not in found, "the ground of the name must be covered"
    assert (200, 0, 120) not in found, "the ink of the name must be covered"
    assert any(r > 180 and g < 80 and b < 80 for r, g, b in found), "the arrow is red"
