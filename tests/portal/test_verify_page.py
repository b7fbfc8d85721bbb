"""The page of a package that checks its files, in a real browser, opened from the disk as a receiver does."""

import base64
import hashlib
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mips_desk.paths import resources
from tests.unit.binder.package_sample import small_content, write

from .browser import Browser

#: What the page shows when it is done: number of the check, verdict, details.
_STATE = """[document.body.dataset.done || "0", document.getElementById("verdict").textContent,
             document.getElementById("details").innerText].join("\\u0000")"""


class Page:
    """VERIFY.html of an unpacked package.

    Args:
        browser: shows it.
        folder: where the package was unpacked.
    """

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser, self._session = browser, browser._session
        self._call("Page.enable")
        self._call("Page.navigate", url=(folder / "VERIFY.html").as_uri())
        while self.value("document.readyState + typeof Sha256") != "completefunction":
            pass

    def value(self, script: str) -> Any:
        answer = self._call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return answer["result"].get("value")

    def choose(self, files: list[Path], input_id: str = "several") -> tuple[str, str]:
        """Choose files as with the button; return verdict and details."""
        before = self.value(_STATE).split("\0")[0]
        root = self._call("DOM.getDocument")["root"]["nodeId"]
        node = self._call("DOM.querySelector", nodeId=root, selector=f"#{input_id}")["nodeId"]
        self._call("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in files])
        while (found := self.value(_STATE).split("\0"))[0] == before:
            pass
        return found[1], found[2]

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser._call(method, params, self._session)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as made:
        yield made


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    made = write(folder, small_content(2, caption="<img src=x onerror=alert(1)>"))
    with zipfile.ZipFile(made.files[0]) as found:
        found.extractall(folder / "unpacked")
    return folder / "unpacked"


@pytest.fixture
def package(unpacked: Path, tmp_path: Path) -> Path:
    return shutil.copytree(unpacked, tmp_path / "package")


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_only_its_own_script_runs_and_no_network_is_allowed() -> None:
    html = (resources() / "package" / "VERIFY.html").read_text(encoding="utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    for kind in ("script", "style"):
        (text,) = re.findall(f"<{kind}>(.*?)</{kind}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy, "write this hash into the page's policy"
    assert policy.startswith("default-src 'none';")
    assert "base-uri 'none'; form-action 'none'" in policy
    assert "http" not in re.sub("http-equiv", "", html)


def test_an_untouched_package_is_unchanged(browser: Browser, package: Path) -> None:
    page = Page(browser, package)
    verdict, details = page.choose(files(package))
    assert verdict == "✓ Unchanged: all 10 files are as they were packed, and none is missing."
    assert "Riverside Family Practice" in details
    assert page.choose([package], "folders")[0] == verdict
    assert page.value("document.querySelectorAll('img').length") == 0


def test_without_the_browsers_own_hashes_the_answer_is_the_same(browser: Browser, package: Path) -> None:
    page = Page(browser, package)
    page.value("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    assert page.value("String(crypto.subtle)") == "undefined"
    assert page.choose(files(package))[0].startswith("✓ Unchanged")
    for size in (0, 1, 55, 56, 63, 64, 65, 119, 120, 1000):
        script = f"(() => {{const h = new Sha256(); h.add(new Uint8Array({size}).fill(7)); return h.hex();}})()"
        assert page.value(script) == hashlib.sha256(b"\x07" * size).hexdigest()


def test_what_was_done_to_a_package_is_named(browser: Browser, package: Path) -> None:
    page = Page(browser, package)
    exhibit = package / "exhibits" / "2024-IA_BE_4-01.png"
    original = exhibit.read_bytes()

    exhibit.write_bytes(original[:-1] + b"\0")
    verdict, details = page.choose(files(package))
    assert verdict == "✗ Not as it was packed: 1 file was changed."
    assert "Changed\nexhibits/2024-IA_BE_4-01.png\n" in details
    assert "9 other files are as packed." in details

    exhibit.unlink()
    verdict, details = page.choose(files(package))
    assert verdict == "✗ Not as it was packed: 1 file is missing."
    assert "Missing\nexhibits/2024-IA_BE_4-01.png\n" in details

    exhibit.write_bytes(original)
    (package / "more.png").write_bytes(b"more")
    (package / ".DS_Store").write_bytes(b"of the system")
    verdict, details = page.choose(files(package))
    assert verdict == "✗ Not as it was packed: 1 file is not part of it."
    assert "Not part of the package\nmore.png\n" in details
    assert "not looked at\n.DS_Store" in details

    (package / "more.png").unlink()
    (package / "manifest.json").write_bytes(b"{}")
    verdict, _ = page.choose(files(package))
    assert verdict == "✗ Not as it was packed: 1 file was changed, manifest.json cannot be read."


def test_lists_that_contradict_each_other_show(browser: Browser, package: Path) -> None:
    sums = package / "SHA256SUMS"
    lines = [line for line in sums.read_text(encoding="ascii").splitlines(keepends=True) if "-02.png" not in line]
    sums.write_text("".join(lines), encoding="ascii", newline="")
    (package / "exhibits" / "2024-IA_BE_4-02.png").unlink()
    verdict, _ = Page(browser, package).choose(files(package))
    assert verdict == "✗ Not as it was packed: manifest.json and SHA256SUMS contradict each other."


def test_something_else_is_not_called_a_package(browser: Browser, package: Path) -> None:
    verdict, _ = Page(browser, package).choose([package / "binder.pdf"])
    assert verdict.startswith("This is not the folder of an audit package.")
