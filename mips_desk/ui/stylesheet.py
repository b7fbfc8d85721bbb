"""The one style sheet of the application, made from the tokens.

Widgets choose a form by a property: `kind` on buttons ("primary", "secondary", "quiet", "link"), `textRole` on labels
(see `theme.TextRole`) and `tone` on labels ("ok", "warn", "bad", "accent").
"""

from .icons import control_pictures
from .theme import ICON, RADIUS, TYPE_SCALE, TextRole, families, px
from .tokens import Tokens


def stylesheet(colors: Tokens) -> str:
    """Return the style sheet of a theme in the text size in force."""
    return "\n".join(
        (_base(colors), _labels(colors), _buttons(colors), _fields(colors), _choices(colors), _lists(colors))
    )


def _base(c: Tokens) -> str:
    pictures = control_pictures(c)
    return f"""
QMainWindow, QDialog, QWizard {{ background: {c.window}; }}
QToolTip {{ background: {c.ink}; color: {c.panel}; border: 0; padding: {px(5)}px {px(8)}px; font-size: {px(12)}px; }}
QMenuBar {{ background: {c.panel}; color: {c.ink2}; border: 0; padding: 2px {px(10)}px 0 {px(10)}px; }}
QMenuBar::item {{ padding: {px(4)}px {px(8)}px; border-radius: 5px; background: transparent; }}
QMenuBar::item:selected, QMenuBar::item:pressed {{ background: {c.neutral_wash}; color: {c.ink}; }}
QMenu {{ background: {c.panel}; color: {c.ink}; border: 1px solid {c.line}; padding: 5px; }}
QMenu::item {{ padding: {px(6)}px {px(24)}px {px(6)}px {px(10)}px; border-radius: 5px; }}
QMenu::icon {{ padding-left: {px(8)}px; }}
QMenu::item:selected {{ background: {c.accent_wash}; color: {c.ink}; }}
QMenu::item:disabled {{ color: {c.ink3}; }}
QMenu::separator {{ height: 1px; background: {c.faint}; margin: 5px 8px; }}
QMenu::indicator {{ width: {px(16)}px; height: {px(16)}px; margin-left: {px(6)}px; }}
QMenu::indicator:checked {{ image: url({pictures}/menu-check.svg); }}
QMenu::right-arrow {{ image: url({pictures}/right.svg); width: {px(14)}px; height: {px(14)}px; }}
QScrollArea, QScrollArea > QWidget > QWidget#scroll_body {{ background: transparent; border: 0; }}
QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
QSplitter::handle {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {c.line}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {c.ink3}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QFrame[rule="true"] {{ background: {c.faint}; border: 0; max-height: 1px; min-height: 1px; }}
"""


def _labels(c: Tokens) -> str:
    _, mono = families()
    inks = {TextRole.SECONDARY: c.ink2, TextRole.HINT: c.ink3, TextRole.MONO: c.ink2}
    rules = ["QLabel { background: transparent; }"]
    for role, (size, weight) in TYPE_SCALE.items():
        family = f' font-family: "{mono}";' if role is TextRole.MONO else ""
        rules.append(
            f'QLabel[textRole="{role}"] {{ font-size: {px(size)}px; font-weight: {weight.value};'
            f" color: {inks.get(role, c.ink)};{family} }}"
        )
    tones = ("ok", "warn", "bad", "accent", "ink2", "ink3")
    rules.extend(f'QLabel[tone="{tone}"] {{ color: {getattr(c, tone)}; }}' for tone in tones)
    rules.append(f"QLabel:disabled {{ color: {c.ink3}; }}")
    return "\n".join(rules)


def _buttons(c: Tokens) -> str:
    # The ring is 2 px where the border is 1 px; the padding gives that pixel back, so nothing moves on focus. Without
    # an outline of its own, or some styles draw a second, gray one inside.
    return f"""
QPushButton, QToolButton, QCheckBox, QRadioButton {{ outline: 0; }}
QPushButton, QToolButton[kind="secondary"] {{
    background: {c.panel}; color: {c.ink}; border: 1px solid {c.line}; border-radius: {RADIUS}px;
    padding: {px(6)}px {px(13)}px; font-weight: 500; icon-size: {px(ICON)}px; min-height: {px(18)}px; }}
QPushButton:hover, QToolButton[kind="secondary"]:hover {{ background: {c.hover}; }}
QPushButton:pressed, QToolButton[kind="secondary"]:pressed {{ background: {c.neutral_wash}; }}
QPushButton:focus, QToolButton[kind="secondary"]:focus {{
    border: 2px solid {c.focus}; padding: {px(6) - 1}px {px(13) - 1}px; }}
QPushButton:disabled, QToolButton[kind="secondary"]:disabled {{ color: {c.ink3}; background: {c.window}; }}
QPushButton:checked {{ background: {c.accent_wash}; border-color: {c.accent}; }}
QPushButton::menu-indicator, QToolButton::menu-indicator {{ image: none; width: 0; }}
QPushButton[kind="primary"] {{
    background: {c.accent}; color: {c.on_accent}; border: 1px solid {c.accent}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {c.accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {c.ink}; }}
QPushButton[kind="primary"]:disabled {{
    background: {c.neutral_wash}; color: {c.ink3}; border-color: {c.neutral_wash}; }}
QPushButton[kind="danger"] {{ color: {c.bad}; }}
QPushButton[kind="link"] {{
    background: transparent; border: 2px solid transparent; color: {c.accent}; padding: {px(2)}px {px(4)}px; }}
QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="link"]:focus {{ border: 2px solid {c.focus}; }}
QToolButton {{ background: transparent; color: {c.ink2}; border: 2px solid transparent; border-radius: {RADIUS}px;
    padding: {px(5)}px; icon-size: {px(ICON)}px; }}
QToolButton:hover {{ background: {c.neutral_wash}; }}
QToolButton:checked {{ background: {c.accent_wash}; color: {c.ink}; }}
QToolButton:focus {{ border: 2px solid {c.focus}; }}
"""


def _fields(c: Tokens) -> str:
    pictures = control_pictures(c)
    kinds = ("QLineEdit", "QComboBox", "QDateEdit", "QSpinBox", "QPlainTextEdit", "QTextEdit")
    every = ", ".join(kinds)

    def state(name: str) -> str:
        return ", ".join(f"{kind}:{name}" for kind in kinds)

    return f"""
{every} {{
    background: {c.panel}; color: {c.ink}; border: 1px solid {c.line}; border-radius: {RADIUS}px;
    padding: {px(6)}px {px(10)}px; min-height: {px(18)}px;
    selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
{state("hover")} {{ border-color: {c.ink3}; }}
{state("focus")} {{ border: 2px solid {c.focus}; padding: {px(6) - 1}px {px(10) - 1}px; }}
{state("disabled")} {{ background: {c.window}; color: {c.ink3}; }}
QLineEdit[readOnly="true"], QPlainTextEdit[readOnly="true"] {{ background: {c.window}; }}
QLineEdit[wrong="true"] {{ border-color: {c.bad}; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: 0; width: {px(26)}px; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{
    image: url({pictures}/down.svg); width: {px(14)}px; height: {px(14)}px; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox QAbstractItemView {{ background: {c.panel}; border: 1px solid {c.line}; padding: 4px; outline: 0;
    selection-background-color: {c.accent_wash}; selection-color: {c.ink}; }}
QComboBoxPrivateContainer {{ background: {c.panel}; border: 0; }}
QSpinBox::up-button, QSpinBox::down-button {{ border: 0; width: {px(20)}px; background: transparent; }}
QSpinBox::up-arrow {{ image: url({pictures}/up.svg); width: {px(12)}px; height: {px(12)}px; }}
QSpinBox::down-arrow {{ image: url({pictures}/down.svg); width: {px(12)}px; height: {px(12)}px; }}
QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {c.panel}; }}
QCalendarWidget QToolButton {{ color: {c.ink}; font-weight: 600; }}
QCalendarWidget QToolButton::menu-indicator {{ image: none; }}
QCalendarWidget QAbstractItemView {{ selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
QCalendarWidget QAbstractItemView:disabled {{ color: {c.ink3}; }}
"""


def _choices(c: Tokens) -> str:
    pictures = control_pictures(c)
    side = px(16)
    return f"""
QCheckBox, QRadioButton {{ spacing: {px(9)}px; color: {c.ink}; border: 2px solid transparent; border-radius: 5px;
    padding: {px(3)}px; background: transparent; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {c.focus}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {c.ink3}; }}
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {{
    width: {side}px; height: {side}px; border: 1px solid {c.ink3}; background: {c.panel}; border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: {(side + 2) // 2}px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {c.accent}; }}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{
    background: {c.accent}; border-color: {c.accent}; image: url({pictures}/check.svg); }}
QCheckBox::indicator:indeterminate {{
    background: {c.accent}; border-color: {c.accent}; image: url({pictures}/dash.svg); }}
QRadioButton::indicator:checked {{ background: qradialgradient(cx:0.5, cy:0.5, radius:0.5, fx:0.5, fy:0.5,
    stop:0 {c.accent}, stop:0.5 {c.accent}, stop:0.56 {c.panel}, stop:1 {c.panel}); border-color: {c.accent}; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{
    background: {c.neutral_wash}; border-color: {c.line}; }}
QSlider::groove:horizontal {{ height: 4px; background: {c.track}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {c.accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ width: 16px; height: 16px; margin: -6px 0; border-radius: 8px;
    background: {c.panel}; border: 2px solid {c.accent}; }}
QTabBar::tab {{ background: transparent; color: {c.ink2}; padding: {px(7)}px {px(12)}px; border: 0;
    border-bottom: 2px solid transparent; font-weight: 500; }}
QTabBar::tab:selected {{ color: {c.ink}; border-bottom-color: {c.accent}; }}
QTabBar::tab:focus {{ color: {c.accent}; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {c.line}; }}
"""


def _lists(c: Tokens) -> str:
    pictures = control_pictures(c)
    return f"""
QAbstractItemView {{ background: {c.panel}; color: {c.ink}; border: 0; outline: 0;
    selection-background-color: {c.accent_wash}; selection-color: {c.ink}; alternate-background-color: {c.hover}; }}
QListView::item, QTreeView::item {{ min-height: {px(32)}px; padding: 0 {px(8)}px; }}
QListView[bare="true"]::item {{ min-height: 0; padding: 0; }}
QAbstractItemView[ring="true"] {{ border: 2px solid transparent; border-radius: {RADIUS}px; }}
QAbstractItemView[ring="true"]:focus {{ border-color: {c.focus}; }}
QTreeView::item, QTableView::item {{ border: 0; }}
QListView::item:hover, QTreeView::item:hover {{ background: {c.hover}; }}
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {{
    background: {c.accent_wash}; color: {c.ink}; }}
QTreeView::branch {{ background: {c.panel}; }}
QTreeView::branch:has-children:closed {{ image: url({pictures}/right.svg); }}
QTreeView::branch:has-children:open {{ image: url({pictures}/down.svg); }}
QTableView {{ gridline-color: {c.faint}; }}
QHeaderView::section {{ background: {c.panel}; color: {c.ink2}; border: 0; border-bottom: 1px solid {c.line};
    padding: {px(7)}px {px(8)}px; font-size: {px(12)}px; font-weight: 500; }}
QTableCornerButton::section {{ background: {c.panel}; border: 0; }}
"""
