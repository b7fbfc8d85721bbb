"""The commands of the shell in one table: words, keys, menu. The window connects each to what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from mips_desk.ui.icons import icon
from mips_desk.ui.rooms import Room


class Menu(StrEnum):
    """Menus in their order; the menu of the room stands between View and Help."""

    FILE = "&File"
    EDIT = "&Edit"
    VIEW = "&View"
    HELP = "&Help"


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        key: its name in code.
        text: words in the menu; "&" marks the letter that opens it.
        menu: where it stands.
        keys: shortcut; empty for none.
        icon: see `icons.icon`; empty for none.
        rule_before: a separator stands before it.
    """

    key: str
    text: str
    menu: Menu
    keys: str = ""
    icon: str = ""
    rule_before: bool = False


COMMANDS = (
    Command("start_practice", "&Start a practice…", Menu.FILE, "Ctrl+N", "plus"),
    Command("open_practice", "&Open…", Menu.FILE, "Ctrl+O", "folder-open"),
    Command("restore_backup", "&Restore a backup…", Menu.FILE, "Ctrl+Shift+O"),
    Command("back_up", "&Back up now…", Menu.FILE, "Ctrl+Shift+B", "hard-drive", rule_before=True),
    Command("verify_file", "&Check a binder…", Menu.FILE, "Ctrl+Shift+K", "shield-check"),
    Command("lock", "&Lock", Menu.FILE, "Ctrl+L", "lock", rule_before=True),
    Command("quit", "&Quit", Menu.FILE, "Ctrl+Q"),
    Command("undo", "&Undo", Menu.EDIT, "Ctrl+Z", "undo-2"),
    Command("redo", "&Redo", Menu.EDIT, "Ctrl+Shift+Z", "redo-2"),
    Command("find", "&Find in this practice…", Menu.EDIT, "Ctrl+Shift+F", "search", rule_before=True),
    *(
        Command(
            f"room_{room.value}", room.label, Menu.VIEW, room.shortcut, room.icon, rule_before=room is Room.SETTINGS
        )
        for room in Room
    ),
    Command("journal", "&Journal…", Menu.VIEW, "Ctrl+J", "history", rule_before=True),
    Command("text_larger", "&Larger text", Menu.VIEW, "Ctrl++", rule_before=True),
    Command("text_smaller", "&Smaller text", Menu.VIEW, "Ctrl+-"),
    Command("text_normal", "&Normal text size", Menu.VIEW, "Ctrl+0"),
    Command("full_screen", "&Full screen", Menu.VIEW, "F11", rule_before=True),
    Command("help", "&Help on this room", Menu.HELP, "F1", "circle-help"),
    Command("shortcuts", "&Keyboard shortcuts", Menu.HELP, "Ctrl+/", "keyboard"),
    Command("about", "&About MIPS Desk", Menu.HELP),
)


def make_action(
    parent: QWidget, text: str, run: Callable[[], object], *, keys: str = "", icon_name: str = "", tip: str = ""
) -> QAction:
    """Return a command with its keys, for menus and `buttons.action_button`.

    Args:
        parent: owner; the keys work while its window is active.
        text: words in the menu.
        run: called without arguments.
        keys: shortcut in Qt's portable form; empty for none.
        icon_name: see `icons.icon`; empty for none.
        tip: tool tip; the text itself when empty.
    """
    action = QAction(text, parent)
    if keys:
        action.setShortcut(QKeySequence(keys))
    if icon_name:
        action.setIcon(icon(icon_name))
        action.setProperty("icon_name", icon_name)
    action.setToolTip(tip or text.replace("&", "").rstrip("…"))
    action.triggered.connect(lambda _checked=False: run())
    return action


def build_menus(
    bar: QMenuBar, window: QWidget, handlers: Mapping[str, Callable[[], object]]
) -> tuple[dict[Menu, QMenu], dict[str, QAction]]:
    """Fill a menu bar from the table; commands without a handler are left out.

    Args:
        bar: an empty menu bar.
        window: owner of the actions.
        handlers: what each command does, by its key.

    Returns:
        The menus and the actions by the keys of their commands.

    Raises:
        KeyError: a handler is for a command that is not in the table.
    """
    if unknown := set(handlers) - {command.key for command in COMMANDS}:
        raise KeyError(f"No such command: {', '.join(sorted(unknown))}")
    menus = {menu: bar.addMenu(menu.value) for menu in Menu}
    actions: dict[str, QAction] = {}
    for command in COMMANDS:
        if command.key not in handlers:
            continue
        action = make_action(window, command.text, handlers[command.key], keys=command.keys, icon_name=command.icon)
        if command.key == "redo":
            action.setShortcuts([QKeySequence(command.keys), QKeySequence("Ctrl+Y")])
        if command.rule_before and not menus[command.menu].isEmpty():
            menus[command.menu].addSeparator()
        menus[command.menu].addAction(action)
        actions[command.key] = action
    return menus, actions
