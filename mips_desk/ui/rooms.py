"""The seven rooms of the main window."""

from enum import StrEnum


class Room(StrEnum):
    """A room; the value names it in settings and links."""

    HOME = "home"
    CHOOSE = "choose"
    EVIDENCE = "evidence"
    DATES = "dates"
    PORTAL = "portal"
    BINDER = "binder"
    SETTINGS = "settings"

    @property
    def label(self) -> str:
        """The name on the rail."""
        return _ROOMS[self][0]

    @property
    def icon(self) -> str:
        """The icon on the rail, see `icons.icon`."""
        return _ROOMS[self][1]

    @property
    def shortcut(self) -> str:
        """The keys that open it: Ctrl+1 to Ctrl+7."""
        return f"Ctrl+{list(Room).index(self) + 1}"


_ROOMS = {
    Room.HOME: ("Home", "house"),
    Room.CHOOSE: ("Choose", "list-checks"),
    Room.EVIDENCE: ("Evidence", "image"),
    Room.DATES: ("Dates of use", "calendar-days"),
    Room.PORTAL: ("Portal messages", "message-square"),
    Room.BINDER: ("Binder", "file-text"),
    Room.SETTINGS: ("Settings", "settings"),
}
