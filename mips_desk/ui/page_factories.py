"""How to make each room; its module is imported on the first visit."""

from PySide6.QtCore import QSettings

from .desk import Desk
from .main_window import PageFactory
from .pages.page import Page
from .rooms import Room
from .theme import Theme


def page_factories(desk: Desk, theme: Theme, settings: QSettings) -> dict[Room, PageFactory]:
    """Return how to make each room; its module is imported on the first visit."""

    def home() -> Page:
        from .pages.home import HomePage

        return HomePage(desk)

    def choose() -> Page:
        from .pages.choose import ChoosePage

        return ChoosePage(desk, settings)

    def evidence() -> Page:
        from .pages.evidence import EvidencePage
        from .pages.evidence_annotating import Bench

        page = EvidencePage(desk)
        page.bench = Bench(desk, settings)
        return page

    def dates() -> Page:
        from .pages.dates import DatesPage

        return DatesPage(desk)

    def binder() -> Page:
        from .pages.binder import BinderPage
        from .pages.binder_part import system

        return BinderPage(desk, system(settings))

    def portal() -> Page:
        from .pages.portal import PortalPage

        return PortalPage(desk)

    def settings_room() -> Page:
        from .pages.settings import SettingsPage

        return SettingsPage(desk, theme, settings)

    return {
        Room.HOME: home,
        Room.CHOOSE: choose,
        Room.EVIDENCE: evidence,
        Room.DATES: dates,
        Room.PORTAL: portal,
        Room.BINDER: binder,
        Room.SETTINGS: settings_room,
    }
