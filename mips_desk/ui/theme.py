"""Colors, type and spacing of the interface, and the switch between light, dark and the system's choice.

Every color that chrome is painted with comes from `tokens()`, every font from `font()`, every length that must grow
with the text from `px()`. Widgets read them when they paint, so a live switch needs no notice to each of them: `Theme`
sets palette and style sheet, and Qt repaints. Evidence is never recolored.
"""

import sys
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from mips_desk.paths import resources

from .tokens import DARK, LIGHT, Appearance, Tokens

#: Spacing in logical pixels: 4, 8, 12, 16, 24.
SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL = 4, 8, 12, 16, 24
#: Corner radius of controls and of cards, in logical pixels.
RADIUS, CARD_RADIUS = 7, 10
#: Side of an icon beside text, in logical pixels.
ICON = 18
#: Text sizes on offer, in percent.
TEXT_SCALES = (100, 115, 130, 150, 175, 200)
#: Longest animation, in milliseconds.
MOTION_MS = 150


class TextRole(StrEnum):
    """Places in the type scale; also the value of a label's property "textRole"."""

    PAGE_TITLE = "page-title"
    CARD_TITLE = "card-title"
    TEXT = "text"
    STRONG = "strong"
    SECONDARY = "secondary"
    HINT = "hint"
    MONO = "mono"
    FIGURE = "figure"


_W = QFont.Weight
#: Size in logical pixels at 100 % and weight of each role.
TYPE_SCALE: dict[TextRole, tuple[int, QFont.Weight]] = {
    TextRole.PAGE_TITLE: (20, _W.DemiBold),
    TextRole.CARD_TITLE: (14, _W.DemiBold),
    TextRole.TEXT: (13, _W.Normal),
    TextRole.STRONG: (13, _W.DemiBold),
    TextRole.SECONDARY: (12, _W.Normal),
    TextRole.HINT: (12, _W.Normal),
    TextRole.MONO: (12, _W.Normal),
    TextRole.FIGURE: (18, _W.Bold),
}


@dataclass(slots=True)
class _State:
    """What is in force now; one per process because Qt has one palette and one style sheet per process."""

    tokens: Tokens = LIGHT
    scale: int = 100


_state = _State()


def tokens() -> Tokens:
    """Return the colors in force."""
    return _state.tokens


def color(name: str) -> QColor:
    """Return a color of the theme in force by the name of its token.

    Raises:
        AttributeError: there is no such token.
    """
    return QColor(getattr(_state.tokens, name))


def px(length: float) -> int:
    """Return a length in logical pixels, grown with the text size."""
    return round(length * _state.scale / 100)


@cache
def families() -> tuple[str, str]:
    """Load the bundled fonts once and return the text family and the monospaced family.

    Windows and macOS keep their own text font; elsewhere the bundled Inter is used, so that a screen and its picture
    look the same on every machine. Needs a QGuiApplication.
    """
    folder = resources() / "fonts"
    for file in sorted(folder.glob("IBMPlexMono-*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    if sys.platform in ("win32", "darwin"):
        return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family(), "IBM Plex Mono"
    for file in sorted(folder.glob("Inter-*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    return "Inter", "IBM Plex Mono"


def font(role: TextRole = TextRole.TEXT, *, size: float | None = None, weight: QFont.Weight | None = None) -> QFont:
    """Return the font of a role in the text size in force.

    Args:
        role: place in the type scale.
        size: logical pixels at 100 %, instead of the role's.
        weight: instead of the role's.
    """
    # A copy, because callers may change what they get; Qt shares what is inside until they do.
    return QFont(_font(role, size, weight, _state.scale))


@cache
def _font(role: TextRole, size: float | None, weight: QFont.Weight | None, scale: int) -> QFont:
    role_size, role_weight = TYPE_SCALE[role]
    text, mono = families()
    made = QFont(mono if role is TextRole.MONO else text)
    made.setPixelSize(round((size or role_size) * scale / 100))
    made.setWeight(weight or role_weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    # Letters keep their drawn shapes and spacing at every scale factor.
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def palette(colors: Tokens) -> QPalette:
    """Return the palette of a theme for widgets that the style sheet does not reach."""
    role = QPalette.ColorRole
    made = QPalette()
    for target, value in (
        (role.Window, colors.window),
        (role.WindowText, colors.ink),
        (role.Base, colors.panel),
        (role.AlternateBase, colors.hover),
        (role.Text, colors.ink),
        (role.PlaceholderText, colors.ink3),
        (role.Button, colors.panel),
        (role.ButtonText, colors.ink),
        (role.BrightText, colors.bad),
        (role.ToolTipBase, colors.ink),
        (role.ToolTipText, colors.panel),
        (role.Highlight, colors.accent),
        (role.HighlightedText, colors.on_accent),
        (role.Accent, colors.accent),
        (role.Link, colors.accent),
        (role.LinkVisited, colors.accent),
        (role.Light, colors.panel),
        (role.Midlight, colors.faint),
        (role.Mid, colors.line),
        (role.Dark, colors.ink3),
        (role.Shadow, colors.line),
    ):
        made.setColor(target, QColor(value))
    for target in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, target, QColor(colors.ink3))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colors.neutral_wash))
    made.setColor(QPalette.ColorGroup.Disabled, role.HighlightedText, QColor(colors.ink3))
    return made


class Theme(QObject):
    """Applies a theme to the application and follows the system while the person wants that.

    Signals:
        changed(): colors or text size changed; already applied.
    """

    changed = Signal()

    def __init__(self, app: QApplication, appearance: Appearance = Appearance.SYSTEM, text_scale: int = 100) -> None:
        super().__init__(app)
        self._app = app
        self._appearance = appearance
        self._scale = text_scale
        self._applied: tuple[str, int] | None = None
        fusion = QStyleFactory.create("Fusion")
        app.setStyle(fusion)
        app.styleHints().colorSchemeChanged.connect(self._apply)
        self._apply()

    @classmethod
    def from_settings(cls, app: QApplication, settings: QSettings) -> "Theme":
        """Return the theme that the person chose last; unknown values mean the default."""
        stored = str(settings.value("appearance", Appearance.SYSTEM.value))
        appearance = Appearance(stored) if stored in set(Appearance) else Appearance.SYSTEM
        scale = str(settings.value("text_scale", "100"))
        return cls(app, appearance, int(scale) if scale in {str(step) for step in TEXT_SCALES} else 100)

    @property
    def appearance(self) -> Appearance:
        """What the person chose."""
        return self._appearance

    @property
    def text_scale(self) -> int:
        """Text size in percent."""
        return self._scale

    def set_appearance(self, appearance: Appearance) -> None:
        """Switch to light, dark or the system's choice, at once."""
        self._appearance = appearance
        self._apply()

    def set_text_scale(self, percent: int) -> None:
        """Set the text size, at once.

        Args:
            percent: brought into the range of `TEXT_SCALES`.
        """
        self._scale = max(TEXT_SCALES[0], min(TEXT_SCALES[-1], percent))
        self._apply()

    def step_text_scale(self, direction: int) -> None:
        """Go to the next larger (1) or smaller (-1) text size on offer."""
        steps = [step for step in TEXT_SCALES if (step - self._scale) * direction > 0]
        if steps:
            self.set_text_scale(min(steps) if direction > 0 else max(steps))

    def save(self, settings: QSettings) -> None:
        """Keep the choice for the next start."""
        settings.setValue("appearance", self._appearance.value)
        settings.setValue("text_scale", self._scale)

    def dispose(self) -> None:
        """Stop following the system; what is in force stays."""
        self._app.styleHints().colorSchemeChanged.disconnect(self._apply)
        self.deleteLater()

    def _apply(self) -> None:
        from .stylesheet import stylesheet  # It reads the state of this module, so it can only come after it.

        scheme = {Appearance.LIGHT: Qt.ColorScheme.Light, Appearance.DARK: Qt.ColorScheme.Dark}
        hints = self._app.styleHints()
        # Tells the platform too, so that title bars and native dialogs follow.
        wanted = scheme.get(self._appearance, Qt.ColorScheme.Unknown)
        hints.colorSchemeChanged.disconnect(self._apply)
        hints.setColorScheme(wanted)
        hints.colorSchemeChanged.connect(self._apply)
        dark = (wanted if wanted is not Qt.ColorScheme.Unknown else hints.colorScheme()) is Qt.ColorScheme.Dark
        _state.tokens = DARK if dark else LIGHT
        _state.scale = self._scale
        if self._applied == (_state.tokens.name, self._scale):
            return
        self._applied = (_state.tokens.name, self._scale)
        # Without the old sheet first: Qt takes five times as long to replace one sheet by another, while nothing moves.
        self._app.setStyleSheet("")
        self._app.setPalette(palette(_state.tokens))
        self._app.setFont(font())
        self._app.setStyleSheet(stylesheet(_state.tokens))
        self.changed.emit()


def token_names() -> tuple[str, ...]:
    """Return the names of all color tokens."""
    return tuple(field.name for field in fields(Tokens) if field.name != "name")
