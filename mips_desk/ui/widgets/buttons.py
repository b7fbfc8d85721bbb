"""Buttons. One primary button a room; a button says what happens ("Mark as looked at"), never "OK"."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QFontMetricsF, QIcon, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from mips_desk.ui.icons import icon as themed_icon
from mips_desk.ui.icons import paint_icon
from mips_desk.ui.theme import ICON, TextRole, color, font, px
from mips_desk.ui.widgets.keyboard import press_by_return


class Button(QPushButton):
    """A button that Return presses."""

    def changeEvent(self, event: QEvent) -> None:
        """Its icon follows the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.setIconSize(QSize(px(ICON), px(ICON)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it, as the space bar does."""
        if not press_by_return(self, event):
            super().keyPressEvent(event)


class IconButton(QToolButton):
    """A button with an icon only, that Return presses."""

    def changeEvent(self, event: QEvent) -> None:
        """Its icon follows the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.setIconSize(QSize(px(ICON), px(ICON)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it, as the space bar does."""
        if not press_by_return(self, event):
            super().keyPressEvent(event)


def _button(text: str, icon: str, kind: str, tint: str, on_click: Callable[[], object] | None) -> QPushButton:
    # A leading space is the gap between icon and words; the style sheet has no property for it.
    made = Button(f" {text}" if icon else text)
    made.setAccessibleName(text)
    made.setProperty("kind", kind)
    made.setAutoDefault(False)
    if icon:
        made.setIcon(themed_icon(icon, tint))
        made.setIconSize(QSize(px(ICON), px(ICON)))
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def primary_button(text: str, icon: str = "", on_click: Callable[[], object] | None = None) -> QPushButton:
    """Return the one button of a room that moves the work on.

    Args:
        text: a verb and its object.
        icon: see `icons.icon`; empty for none.
        on_click: called without arguments.
    """
    return _button(text, icon, "primary", "on_accent", on_click)


def secondary_button(text: str, icon: str = "", on_click: Callable[[], object] | None = None) -> QPushButton:
    """Return an ordinary button. See `primary_button`."""
    return _button(text, icon, "secondary", "ink", on_click)


def danger_button(text: str, icon: str = "", on_click: Callable[[], object] | None = None) -> QPushButton:
    """Return a button for what removes something. See `primary_button`."""
    return _button(text, icon, "danger", "bad", on_click)


def make_primary(button: QPushButton) -> None:
    """Make an ordinary button the primary one, once it is what moves the work on."""
    button.setProperty("kind", "primary")
    button.setIcon(QIcon())
    button.setText(button.text().strip())
    button.style().unpolish(button)
    button.style().polish(button)


def make_secondary(button: QPushButton, icon: str = "") -> None:
    """Make the primary button an ordinary one, once it has done its part.

    Args:
        button: the button.
        icon: its icon, in another color now; empty for none.
    """
    button.setProperty("kind", "secondary")
    if icon:
        button.setIcon(themed_icon(icon, "ink"))
    button.style().unpolish(button)
    button.style().polish(button)


def link_button(text: str, on_click: Callable[[], object] | None = None) -> QPushButton:
    """Return a button that looks like a link in a text."""
    made = _button(text, "", "link", "accent", on_click)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


class ChooserButton(Button):
    """A button that says what is chosen and opens the choices; looks like a combo box, and several can be ticked.

    What does not fit ends in "…"; `set_choice` sets the words and all that is chosen, which is the tool tip.

    Args:
        menu: the choices.
    """

    def __init__(self, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "secondary")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMenu(menu)

    def set_choice(self, name: str, words: str, every: str = "") -> None:
        """Say what is chosen.

        Args:
            name: of what, for screen readers.
            words: what is chosen.
            every: all of it, one a line, for the tool tip; empty: the words.
        """
        self.setText(words)
        self.setToolTip(every or words)
        self.setAccessibleName(f"{name}: {words}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words at the left and the arrow at the right."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        side = px(14)
        # As in a combo box.
        inside = QRectF(self.rect()).adjusted(px(12), 0, -px(7), 0)
        words_font = font(TextRole.TEXT)
        ink = "ink" if self.isEnabled() else "ink3"
        arrow = QRectF(inside.right() - side, inside.center().y() - side / 2, side, side)
        paint_icon(painter, "chevron-down", ink, arrow)
        inside.setRight(arrow.left() - px(6))
        shown = QFontMetricsF(words_font).elidedText(self.text(), Qt.TextElideMode.ElideRight, inside.width())
        painter.setFont(words_font)
        painter.setPen(color(ink))
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)


def icon_button(name: str, icon: str, on_click: Callable[[], object] | None = None) -> QToolButton:
    """Return a button with an icon only.

    Args:
        name: what it does; its tool tip and accessible name.
        icon: see `icons.icon`.
        on_click: called without arguments.
    """
    made = IconButton()
    made.setIcon(themed_icon(icon))
    made.setIconSize(QSize(px(ICON), px(ICON)))
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def action_button(action: QAction, kind: str = "secondary") -> QPushButton:
    """Return a button that shows and triggers a menu command, with its state and its keys in the tool tip.

    Args:
        action: the command.
        kind: "primary", "secondary" or "danger".
    """
    tint = {"primary": "on_accent", "danger": "bad"}.get(kind, "ink")
    made = _button(action.text().replace("&", ""), str(action.property("icon_name") or ""), kind, tint, action.trigger)

    def follow() -> None:
        keys = action.shortcut().toString()
        made.setEnabled(action.isEnabled())
        if made.parent() is not None:  # A widget without a parent would open as a window.
            made.setVisible(action.isVisible())
        made.setToolTip(f"{action.toolTip()} ({keys})" if keys else action.toolTip())

    made.setEnabled(action.isEnabled())
    action.changed.connect(follow)
    return made
