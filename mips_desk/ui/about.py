"""About: version, licenses, where the log is."""

import sys
from importlib.metadata import PackageNotFoundError, distribution

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from mips_desk import __version__
from mips_desk.paths import log_folder

from .theme import SPACE_L, SPACE_M, SPACE_XL, px
from .widgets.buttons import secondary_button
from .widgets.text import label, page_title, secondary

#: What is shipped with the app besides Python itself, by the names of the distributions.
LIBRARIES = (
    "PySide6-Essentials",
    "sqlcipher3",
    "sqlite-utils",
    "cryptography",
    "argon2-cffi",
    "pillow",
    "pikepdf",
    "pypdfium2",
    "reportlab",
    "msgspec",
    "platformdirs",
    "typer",
)


def licenses() -> str:
    """Return one line per library: name, version, license."""
    lines = [f"Python {sys.version.split()[0]} · PSF License", f"Qt {qVersion()} · LGPL 3"]
    for name in LIBRARIES:
        try:
            meta = distribution(name).metadata
        except PackageNotFoundError:
            continue
        fields = {key: meta[key] for key in ("License-Expression", "License") if key in meta}
        stated = next(iter(fields.values()), "") or _classifier(meta.get_all("Classifier") or [])
        shown = stated.splitlines()[0].split(" (")[0] if stated else "see its package"
        lines.append(f"{meta['Name']} {meta['Version']} · {shown}")
    lines.append("Inter and IBM Plex Mono · SIL Open Font License 1.1")
    lines.append("Lucide icons · ISC License")
    return "\n".join(lines)


def _classifier(classifiers: list[str]) -> str:
    return next((text.rsplit(" :: ", 1)[-1] for text in classifiers if text.startswith("License :: ")), "")


class AboutDialog(QDialog):
    """The dialog."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About MIPS Desk")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L + 4, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(page_title("MIPS Desk"))
        column.addWidget(label(f"Version {__version__}"))
        column.addWidget(
            secondary(
                "The app makes and keeps proof for MIPS improvement activities. It is not affiliated with CMS, "
                "and it never uses the network."
            )
        )
        column.addWidget(secondary(f"Log without contents of the practice: {log_folder()}"))
        listed = QPlainTextEdit(licenses())
        listed.setReadOnly(True)
        listed.setTabChangesFocus(True)
        listed.setAccessibleName("Licenses")
        column.addWidget(listed, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(secondary_button("Close", on_click=self.accept))
        column.addLayout(row)
        self.resize(px(520), px(480))
