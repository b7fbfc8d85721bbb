"""Colors that can be read, and switches that take effect at once."""

import itertools

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mips_desk.ui import theme as theme_module
from mips_desk.ui.stylesheet import stylesheet
from mips_desk.ui.theme import TextRole, Theme, font, px, token_names, tokens
from mips_desk.ui.tokens import DARK, LIGHT, Appearance, Tokens
from mips_desk.ui.widgets.text import label, page_title

GROUNDS = {
    "ink": ("window", "panel", "hover", "accent_wash", "neutral_wash"),
    "ink2": ("window", "panel", "hover", "accent_wash", "neutral_wash"),
    "ink3": ("window", "panel", "hover", "accent_wash"),
    "accent": ("window", "panel", "accent_wash"),
    "ok": ("window", "panel", "ok_wash"),
    "warn": ("window", "panel", "warn_wash"),
    "bad": ("window", "panel", "bad_wash"),
    "on_accent": ("accent", "accent_hover"),
    "rail_ink": ("rail", "rail_hover"),
    "rail_ink_selected": ("rail", "rail_selected", "rail_hover"),
    "on_badge": ("badge",),
}
PAIRS = [(ink, ground) for ink, grounds in GROUNDS.items() for ground in grounds]


def luminance(value: str) -> float:
    """Relative luminance of WCAG 2.2."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    color = QColor(value)
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_of_contrast() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=lambda colors: colors.name)
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read(colors: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(colors, ink), getattr(colors, ground)) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=lambda colors: colors.name)
@pytest.mark.parametrize("ground", ["window", "panel"])
def test_the_focus_ring_stands_out(colors: Tokens, ground: str) -> None:
    assert contrast(colors.focus, getattr(colors, ground)) >= 3


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=lambda colors: colors.name)
def test_proven_and_empty_differ_in_grey(colors: Tokens) -> None:
    assert contrast(colors.accent, colors.track) >= 3


def test_every_token_is_a_color() -> None:
    for colors, name in itertools.product((LIGHT, DARK), token_names()):
        assert QColor(getattr(colors, name)).isValid(), name


def test_switching_takes_effect_at_once(theme: Theme, qtbot: QtBot) -> None:
    title = page_title("Good morning")
    qtbot.addWidget(title)
    title.show()
    before = title.palette().windowText().color().name().upper()
    with qtbot.waitSignal(theme.changed):
        theme.set_appearance(Appearance.DARK)
    assert tokens() is DARK
    assert (before, title.palette().windowText().color().name().upper()) == (LIGHT.ink, DARK.ink)
    assert QApplication.palette().window().color().name().upper() == DARK.window


def test_nothing_is_said_when_nothing_changes(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_appearance(Appearance.LIGHT)


def test_text_grows_and_stays_in_range(theme: Theme, qtbot: QtBot) -> None:
    words = label("IA_BE_4")
    qtbot.addWidget(words)
    words.show()
    small = words.sizeHint().height()
    theme.step_text_scale(1)
    assert theme.text_scale == 115
    theme.set_text_scale(900)
    assert theme.text_scale == 200
    assert px(13) == 26
    assert words.sizeHint().height() >= 1.8 * small
    theme.step_text_scale(1)
    assert theme.text_scale == 200
    theme.step_text_scale(-1)
    assert theme.text_scale == 175


def test_the_choice_is_remembered(theme: Theme, settings: QSettings, qapp: QApplication) -> None:
    theme.set_appearance(Appearance.DARK)
    theme.set_text_scale(130)
    theme.save(settings)
    again = Theme.from_settings(qapp, settings)
    try:
        assert (again.appearance, again.text_scale) == (Appearance.DARK, 130)
    finally:
        again.dispose()


def test_unknown_settings_mean_the_default(settings: QSettings, qapp: QApplication, theme: Theme) -> None:
    settings.setValue("appearance", "sepia")
    settings.setValue("text_scale", "99999")
    again = Theme.from_settings(qapp, settings)
    try:
        assert (again.appearance, again.text_scale) == (Appearance.SYSTEM, 100)
    finally:
        again.dispose()


def test_the_bundled_fonts_are_used(theme: Theme) -> None:
    text, mono = theme_module.families()
    assert {text, mono} <= set(QFontDatabase.families())
    assert QFontInfo(font(TextRole.MONO)).family() == "IBM Plex Mono"
    assert QFontInfo(font(TextRole.PAGE_TITLE)).pixelSize() == 20


def test_digits_have_one_width(theme: Theme) -> None:
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(font(TextRole.FIGURE))
    assert len({round(metrics.horizontalAdvance(digit), 2) for digit in "0123456789"}) == 1


def test_the_style_sheet_names_only_pictures_that_exist(theme: Theme) -> None:
    import re

    from PySide6.QtCore import QFile

    for colors in (LIGHT, DARK):
        pictures = set(re.findall(r"url\((.*?)\)", stylesheet(colors)))
        assert pictures
        assert [picture for picture in pictures if not QFile.exists(picture)] == []


def test_the_style_sheet_has_no_leftovers(theme: Theme) -> None:
    text = stylesheet(LIGHT)
    assert text.count("{") == text.count("}")
    assert "{c." not in text


def test_plain_text_stays_plain(theme: Theme, qtbot: QtBot) -> None:
    words = label("<b>Whitaker</b>")
    qtbot.addWidget(words)
    plain = QLabel("<b>Whitaker</b>")
    qtbot.addWidget(plain)
    assert words.sizeHint().width() > plain.sizeHint().width()
