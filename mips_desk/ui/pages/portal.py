"""Portal messages: until exports of portals can be imported, the room says how their proof is kept today."""

from mips_desk.ui.desk import Desk
from mips_desk.ui.pages.room_page import RoomPage
from mips_desk.ui.rooms import Room
from mips_desk.ui.widgets.buttons import primary_button
from mips_desk.ui.widgets.card import Card
from mips_desk.ui.widgets.empty_state import EmptyState

#: The activity that takes a portal use report in every year.
PORTAL_ACTIVITY = "IA_BE_4"


class PortalPage(RoomPage):
    """The fifth room."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Portal messages")
        self.setObjectName("portal_page")
        card = Card()
        self._button = primary_button("", on_click=self._go)
        self._button.setObjectName("portal_primary")
        card.body.addWidget(
            EmptyState(
                "message-square",
                "No portal report yet",
                "Counts from your portal's message export will stand here, without names. This version cannot import "
                "one yet; add the report that your portal prints as evidence instead.",
                self._button,
            )
        )
        self.body.addWidget(card, 1)

    def refresh(self) -> None:
        """Point at the proof of the activity, or at the activity."""
        year = self.view.year
        measured = " and the Secure Messaging measure" if self.view.rules.messaging else ""
        self.header.set("Portal messages", f"Performance year {year}. Counts for the portal use report{measured}.")
        chosen = self.view.chosen(PORTAL_ACTIVITY) is not None
        text = "Open the evidence room" if chosen else "Choose an activity"
        self._button.setText(text)
        self._button.setAccessibleName(text)

    def _go(self) -> None:
        part = self.view.chosen(PORTAL_ACTIVITY)
        if part is not None:
            self.desk.open_room(Room.EVIDENCE, part.id)
        else:
            self.desk.open_room(Room.CHOOSE)
