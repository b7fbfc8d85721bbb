"""The colors of the interface, in light and dark. No Qt: the first frame of the window is painted from here."""

from dataclasses import dataclass
from enum import StrEnum


class Appearance(StrEnum):
    """What the person chose; `SYSTEM` follows the operating system, live."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Named colors of one theme, as "#RRGGBB".

    Attributes:
        name: "light" or "dark".
        window: behind panels.
        panel: cards, lists, dialogs.
        line: borders of cards and controls.
        faint: separators inside a card, the empty part of a gauge in lists.
        track: the empty part of a gauge.
        ink: text. ink2: secondary text. ink3: hints, at 12 px and more.
        accent: primary button, gauge, selection; on_accent: text on it.
        ok, warn, bad: states, each readable on its wash and on a panel.
        rail: navigation; rail_selected: the chosen room; rail_ink, rail_ink_selected: text on them.
        badge: counter on the rail; on_badge: text on it.
        stage: behind pictures and pages.
        focus: the keyboard focus ring.
    """

    name: str
    window: str
    panel: str
    line: str
    faint: str
    track: str
    ink: str
    ink2: str
    ink3: str
    accent: str
    accent_wash: str
    accent_hover: str
    on_accent: str
    neutral_wash: str
    hover: str
    ok: str
    ok_wash: str
    warn: str
    warn_wash: str
    bad: str
    bad_wash: str
    rail: str
    rail_hover: str
    rail_selected: str
    rail_ink: str
    rail_ink_selected: str
    badge: str
    on_badge: str
    stage: str
    focus: str


LIGHT = Tokens(
    name="light",
    window="#F5F6F8",
    panel="#FFFFFF",
    line="#DFE3E8",
    faint="#ECEFF3",
    track="#DFE3E8",
    ink="#17202B",
    ink2="#4A5767",
    # One step darker than a hint needs on white, so that it also reads on the window and on a selected row.
    ink3="#5F6B7A",
    accent="#0B6E75",
    accent_wash="#E3F2F2",
    accent_hover="#095D63",
    on_accent="#FFFFFF",
    neutral_wash="#ECEFF3",
    hover="#F2F4F7",
    ok="#217A3C",
    ok_wash="#E4F3E8",
    warn="#955C00",
    warn_wash="#FDF1DC",
    bad="#A8261F",
    bad_wash="#FBE7E5",
    rail="#12343B",
    rail_hover="#143D45",
    rail_selected="#0F474F",
    rail_ink="#C8D6D9",
    rail_ink_selected="#FFFFFF",
    badge="#CF9430",
    on_badge="#221500",
    stage="#DFE3E8",
    focus="#0B6E75",
)

DARK = Tokens(
    name="dark",
    window="#14191F",
    panel="#1C232B",
    line="#2E3843",
    faint="#262F39",
    track="#2E3843",
    ink="#E8EDF2",
    ink2="#B4C0CC",
    ink3="#97A3B0",
    accent="#4FB9BF",
    accent_wash="#17383B",
    accent_hover="#6AC9CE",
    on_accent="#0B1A1C",
    neutral_wash="#2A333D",
    hover="#232C35",
    ok="#6CC887",
    ok_wash="#173323",
    warn="#E7B45C",
    warn_wash="#3A2D14",
    bad="#F08A83",
    bad_wash="#402120",
    rail="#0D1F24",
    rail_hover="#11292E",
    rail_selected="#163A40",
    rail_ink="#B9C8CC",
    rail_ink_selected="#FFFFFF",
    badge="#CF9430",
    on_badge="#221500",
    stage="#0F1317",
    focus="#4FB9BF",
)
