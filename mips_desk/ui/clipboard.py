"""What our windows copy: kept out of clipboard histories and clouds, and taken back after a while.

Qt's own fields do the copying, so the clipboard itself is watched. What other programs copy is never touched.
"""

import sys
from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard

#: How long something copied stays, in milliseconds.
STAYS_MS = 30_000

_NO = (0).to_bytes(4, "little")
#: Windows: formats that clipboard history and cloud clipboard ask for; a DWORD of 0 says no.
_WINDOWS = {
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': _NO,
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': _NO,
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': _NO,
}
#: Linux: KDE's clipboard history leaves out what is marked like a password.
_LINUX = {"x-kde-passwordManagerHint": b"secret"}
#: macOS: what clipboard managers agreed on (nspasteboard.org).
_MACOS = {"org.nspasteboard.ConcealedType": b"\0"}
#: Tells what we have marked already.
_OURS = "application/x-mips-desk"


def marks(platform: str = sys.platform) -> dict[str, bytes]:
    """Return the formats that keep something out of histories, with their bytes."""
    if platform == "win32":
        return _WINDOWS
    return _MACOS if platform == "darwin" else _LINUX


class Clipboard(QObject):
    """Marks what our windows put on the clipboard, and takes it back.

    Args:
        clipboard: the system's.
        ours: tells whether what is on it was copied in our windows; tests hand in their own.
    """

    def __init__(
        self, clipboard: QClipboard, ours: Callable[[], bool] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._ours = ours or clipboard.ownsClipboard
        self._watching = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS_MS)
        self._timer.timeout.connect(self.forget)
        clipboard.dataChanged.connect(self._changed)

    def watch(self, *, on: bool) -> None:
        """Watch while a practice is open."""
        self._watching = on

    def forget(self) -> None:
        """Take back what we copied, unless somebody copied something else since."""
        self._timer.stop()
        copied = self._clipboard.mimeData()
        if copied is not None and copied.hasFormat(_OURS) and self._ours():
            self._clipboard.clear()
        if self._watching and self._clipboard.supportsSelection() and self._clipboard.ownsSelection():
            self._clipboard.clear(QClipboard.Mode.Selection)

    def _changed(self) -> None:
        if not self._watching or not self._ours():
            return
        copied = self._clipboard.mimeData()
        if copied is None or copied.hasFormat(_OURS) or not copied.formats():
            return
        marked = QMimeData()
        for kind in copied.formats():
            marked.setData(kind, copied.data(kind))
        for kind, data in {_OURS: b"1", **marks()}.items():
            marked.setData(kind, data)
        self._timer.start()
        self._clipboard.setMimeData(marked)
