"""A headless Chromium driven over a pair of pipes, without a port and without another package."""

import base64
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from types import TracebackType
from typing import Any


def program() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """Shows pages and photographs them."""

    def __init__(self) -> None:
        found = program()
        assert found is not None, "Chromium is not installed"
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_read, self._out = os.pipe()
        self._in, from_write = os.pipe()
        # Chromium reads from 3 and writes to 4; ours first go where neither of them can be overwritten.
        high = [fcntl.fcntl(each, fcntl.F_DUPFD, 20) for each in (to_read, from_write)]

        def place() -> None:
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self._process = subprocess.Popen(
            [found, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
             "--font-render-hinting=none", "--force-color-profile=srgb", "--remote-debugging-pipe",
             f"--user-data-dir={self._folder.name}", "about:blank"],
            pass_fds=(3, 4), preexec_fn=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for each in (to_read, from_write, *high):
            os.close(each)
        self._number = 0
        self._rest = b""
        target = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self._call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]

    def __enter__(self) -> "Browser":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)
        self._folder.cleanup()

    def _call(self, method: str, params: dict[str, Any], session: str = "") -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data) :]
        while True:
            while b"\0" not in self._rest:
                more = os.read(self._in, 1 << 20)
                assert more, "Chromium ended"
                self._rest += more
            answer, _, self._rest = self._rest.partition(b"\0")
            found = json.loads(answer)
            if found.get("id") == self._number:
                assert "error" not in found, found
                result: dict[str, Any] = found["result"]
                return result

    def photograph(self, html: str, width: int, height: int, scale: float, script: str) -> tuple[bytes, Any]:
        """Show a page; return its PNG and what a script in it returns."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", metrics, self._session)
        frame = self._call("Page.getFrameTree", {}, self._session)["frameTree"]["frame"]["id"]
        self._call("Page.setDocumentContent", {"frameId": frame, "html": html}, self._session)
        script = f"document.fonts.ready.then(() => {script})"
        evaluated = self._call(
            "Runtime.evaluate", {"expression": script, "awaitPromise": True, "returnByValue": True}, self._session
        )
        assert "exceptionDetails" not in evaluated, evaluated
        shot = self._call("Page.captureScreenshot", {"format": "png"}, self._session)
        return base64.b64decode(shot["data"]), evaluated["result"]["value"]
