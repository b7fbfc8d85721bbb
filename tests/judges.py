"""Programs of others that judge the PDFs: PDFBox preflight, qpdf and poppler.

Tests skip a judge that is absent; in continuous integration (CI is set) an absent one fails.
"""

import os
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

import pytest

JAVA = Path("/usr/share/java")
#: Preflight and what Debian leaves out of its class path: newer versions of Java brought the last two themselves once.
JARS = [
    JAVA / f"{name}.jar"
    for name in (
        *("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "commons-io"),
        *("javax.activation", "jaxb-api"),
    )
]


def need(*programs: str, files: Iterable[Path] = ()) -> None:
    """Skip the test when a judge is absent; in continuous integration fail."""
    missing = [name for name in programs if shutil.which(name) is None] + [str(p) for p in files if not p.is_file()]
    if missing and os.environ.get("CI"):
        pytest.fail(f"{', '.join(missing)} not installed, and the continuous integration must not go without")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def preflight(folder: Path) -> dict[str, list[str]]:
    """What PDFBox finds wrong with each PDF of a folder as PDF/A-1b, by file name; one Java for all of them."""
    need("java", files=JARS)
    files = sorted(folder.glob("*.pdf"))
    listed = folder / "files.txt"
    listed.write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
    command = ["java", "-XX:+UseSerialGC", "-Xss16m", "-cp", ":".join(map(str, JARS))]
    done = subprocess.run(
        [*command, "org.apache.pdfbox.preflight.Validator_A1b", "xml", "group", str(listed)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    report = listed.with_name(f"{listed.name}.preflight.xml")
    assert report.is_file(), done.stdout + done.stderr
    found: dict[str, list[str]] = {}
    for judged in ET.parse(report).getroot().iter("preflight"):
        errors = [f"{each.findtext('code')}: {each.findtext('details')}" for each in judged.iter("error")]
        valid = judged.findtext("isValid") == "true"
        found[judged.get("name", "")] = [] if valid else errors or ["not valid"]
    report.unlink()
    listed.unlink()
    assert sorted(found) == [file.name for file in files]
    return found


def qpdf_complaints(file: Path) -> str:
    """What qpdf finds wrong with the structure; empty when nothing."""
    need("qpdf")
    done = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True, check=False, timeout=600)
    clean = done.returncode == 0 and "No syntax or stream encoding errors found" in done.stdout
    return "" if clean else done.stdout + done.stderr


def fonts_outside(file: Path) -> list[str]:
    """Fonts that poppler does not find in the file."""
    need("pdffonts")
    done = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True, timeout=600)
    assert not done.stderr.strip(), done.stderr
    lines = done.stdout.splitlines()
    at = lines[0].index("emb")
    assert len(lines) > 2, "a binder has text"
    return [line for line in lines[2:] if line[at : at + 3] != "yes"]


def info(file: Path) -> dict[str, str]:
    """What poppler reads of the document."""
    need("pdfinfo")
    done = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True, timeout=600)
    assert not done.stderr.strip(), done.stderr
    return {name: value.strip() for name, _, value in (line.partition(":") for line in done.stdout.splitlines())}


def signature(file: Path) -> str:
    """What poppler says of the signature."""
    need("pdfsig")
    done = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False, timeout=600)
    return done.stdout + done.stderr
