"""May the screen be captured? The decision as data; the operating system is asked elsewhere.

macOS asks a person only once, and a permission given later is seen only by a new process. Without permission the
system still hands out a picture, of the wallpaper and the app's own windows, so a picture is no proof of permission:
the state has to be asked first.
"""

from dataclasses import dataclass
from enum import StrEnum

#: Opens the page of macOS's settings where screen recording is allowed.
MACOS_SETTINGS_URL = "x-apple.systempreferences:com.apple.preference.security?Privacy_ScreenCapture"


class ScreenAccess(StrEnum):
    """What is known of the permission to record the screen."""

    NOT_NEEDED = "not_needed"
    GRANTED = "granted"
    NOT_ASKED = "not_asked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do in a state.

    Attributes:
        capture: the screen may be captured now.
        ask: let the system ask the person; it does so only once.
        explain: what to tell the person, or empty.
        settings: offer the button that opens `MACOS_SETTINGS_URL`.
        reopen: offer to quit and reopen the app, because only a new process sees a new permission.
    """

    capture: bool
    ask: bool = False
    explain: str = ""
    settings: bool = False
    reopen: bool = False


_ADVICE = {
    ScreenAccess.NOT_NEEDED: Advice(capture=True),
    ScreenAccess.GRANTED: Advice(capture=True),
    ScreenAccess.NOT_ASKED: Advice(
        capture=False,
        ask=True,
        explain="macOS asks once whether MIPS Desk may record the screen. Allow it, then quit and reopen MIPS Desk.",
        reopen=True,
    ),
    ScreenAccess.REFUSED: Advice(
        capture=False,
        explain="MIPS Desk may not record the screen yet. Allow it in System Settings under Privacy & Security, Screen"
        " Recording, then quit and reopen MIPS Desk. Pasting and importing pictures work without it.",
        settings=True,
        reopen=True,
    ),
}


def screen_access(platform: str, granted: bool, asked_before: bool) -> ScreenAccess:
    """Return the state of the permission.

    Args:
        platform: as `sys.platform` says it; only "darwin" has this permission.
        granted: what the system answers without asking the person.
        asked_before: the system has asked the person in an earlier run or in this one.
    """
    if platform != "darwin":
        return ScreenAccess.NOT_NEEDED
    if granted:
        return ScreenAccess.GRANTED
    return ScreenAccess.REFUSED if asked_before else ScreenAccess.NOT_ASKED


def advice(access: ScreenAccess) -> Advice:
    """Return what to do in a state."""
    return _ADVICE[access]
