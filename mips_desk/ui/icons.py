"""Icons of the interface: one drawing set (Lucide), colored by the theme, crisp at every scale factor.

An icon asks the theme for its color when it is painted, so nothing has to be set again after a switch of theme.
"""

import struct
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt, qRegisterResourceData
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from mips_desk.paths import resources

from . import theme
from .tokens import Tokens

STROKE = "1.7"


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    """Return the SVG text of an icon with the house's stroke.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    text = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return text.replace('stroke-width="2"', f'stroke-width="{STROKE}"')


@lru_cache(maxsize=1024)
def _picture(name: str, color: str, width: int, height: int) -> QPixmap:
    """Paint an icon into a pixmap of a size in device pixels."""
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", color).encode()))
    picture = QPixmap(width, height)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    side = min(width, height)
    renderer.render(painter, QRectF((width - side) / 2, (height - side) / 2, side, side))
    painter.end()
    return picture


class _Engine(QIconEngine):
    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name = name
        self._token = token

    def _color(self, mode: QIcon.Mode) -> str:
        token = "ink3" if mode is QIcon.Mode.Disabled else self._token
        value: str = getattr(theme.tokens(), token)
        return value

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        picture = QPixmap(
            _picture(self._name, self._color(mode), round(rect.width() * ratio), round(rect.height() * ratio))
        )
        picture.setDevicePixelRatio(ratio)
        painter.drawPixmap(rect.topLeft(), picture)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return QPixmap(_picture(self._name, self._color(mode), size.width(), size.height()))

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._token)


def icon(name: str, tint: str = "ink2") -> QIcon:
    """Return an icon that follows the theme.

    Args:
        name: file name in resources/icons without ".svg", for example "house".
        tint: name of a color of `Tokens`, for example "ink2", "on_accent", "ok".

    Raises:
        FileNotFoundError: there is no such icon.
        AttributeError: there is no such color.
    """
    _drawing(name)
    getattr(theme.tokens(), tint)
    return QIcon(_Engine(name, tint))


def pixmap(name: str, token: str, side: float, ratio: float) -> QPixmap:
    """Return the picture of an icon for painting by hand.

    Args:
        name: see `icon`.
        token: see `icon`.
        side: logical pixels.
        ratio: device pixels per logical pixel.
    """
    made = QPixmap(_picture(name, getattr(theme.tokens(), token), round(side * ratio), round(side * ratio)))
    made.setDevicePixelRatio(ratio)
    return made


def paint_icon(painter: QPainter, name: str, token: str, rect: QRectF) -> None:
    """Paint an icon into a square of logical pixels."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(rect.topLeft(), pixmap(name, token, rect.width(), ratio))


#: Small pictures of controls for the style sheet, which can only name a file or a compiled resource.
_CONTROL_PICTURES = {
    "check": ("check", "on_accent"),
    "down": ("chevron-down", "ink2"),
    "up": ("chevron-up", "ink2"),
    "right": ("chevron-right", "ink2"),
    "left": ("chevron-left", "ink2"),
    "dash": ("minus", "on_accent"),
    "menu-check": ("check", "ink"),
}


#: Qt keeps pointers into what was registered and copies nothing, so it must live as long as the process.
_registered: list[tuple[bytes, bytes, bytes]] = []


@lru_cache(maxsize=2)
def control_pictures(colors: Tokens) -> str:
    """Make the control pictures of a theme known to the style sheet.

    They are registered as a Qt resource in memory, so no tinted copies lie on the disk and the tokens stay the only
    place with colors.

    Returns:
        The folder to name in the style sheet, for example ":/mips/light".
    """
    files = {}
    for key, (name, token) in _CONTROL_PICTURES.items():
        drawing = _drawing(name).replace(f'stroke-width="{STROKE}"', 'stroke-width="2.6"')
        files[f"{key}.svg"] = drawing.replace("currentColor", getattr(colors, token)).encode()
    _register(f"mips-{colors.name}", files)
    return f":/mips-{colors.name}"


def _register(folder: str, files: dict[str, bytes]) -> None:
    """Register files in memory in the format of Qt's resource compiler (version 1: no time stamps)."""
    names = bytearray()
    offsets: dict[str, int] = {}
    for name in (folder, *files):
        offsets[name] = len(names)
        encoded = name.encode("utf-16-be")
        names += struct.pack(">HI", len(name), _resource_hash(name)) + encoded
    data = bytearray()
    nodes = bytearray(struct.pack(">IHII", 0, 2, 1, 1))
    nodes += struct.pack(">IHII", offsets[folder], 2, len(files), 2)
    for name in sorted(files, key=_resource_hash):
        nodes += struct.pack(">IHHHI", offsets[name], 0, 0, 1, len(data))  # 0, 1: any territory, no language
        data += struct.pack(">I", len(files[name])) + files[name]
    parts = (bytes(nodes), bytes(names), bytes(data))
    _registered.append(parts)
    qRegisterResourceData(0x01, *parts)


def _resource_hash(name: str) -> int:
    """The hash by which Qt's resource system sorts names."""
    value = 0
    for char in name:
        value = (value << 4) + ord(char)
        value ^= (value & 0xF0000000) >> 23
        value &= 0x0FFFFFFF
    return value
