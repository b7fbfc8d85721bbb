"""The middle of the Evidence room: thumbnails by option, and the place to drop new pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mips_desk.domain.evidence import EvidenceItem
from mips_desk.domain.readiness import Lack
from mips_desk.services.overview import SelectionView
from mips_desk.ui.icons import icon as themed_icon
from mips_desk.ui.pages.page import scroll_area
from mips_desk.ui.theme import SPACE_M, SPACE_S, TextRole, px
from mips_desk.ui.widgets.card import Card, SectionHeader
from mips_desk.ui.widgets.chip import Tone
from mips_desk.ui.widgets.text import label
from mips_desk.ui.widgets.thumbnails import Thumbnail, ThumbnailModel, ThumbnailView
from mips_desk.ui.words import full_day

#: Title of the group of items without an option.
NOT_LISTED = "Not on the checklist yet"


def item_state(part: SelectionView, item: EvidenceItem) -> tuple[str, Tone]:
    """Return the state of an item in a word or two: what has to be done next."""
    lacks = {missing.lack for missing in part.lacks(item)}
    for lack, words, tone in (
        (Lack.REDACTION, "to redact", Tone.BAD),
        (Lack.SHOWS_DATE, "no date", Tone.WARN),
        (Lack.DATE_OUTSIDE, "outside period", Tone.WARN),
        (Lack.CAPTION, "no caption", Tone.WARN),
        (Lack.ITEM_OPTION, "no option", Tone.WARN),
        (Lack.CLINICIANS, "no clinician", Tone.WARN),
        (Lack.LOOK, "to look at", Tone.WARN),
    ):
        if lack in lacks:
            return words, tone
    return "looked at", Tone.OK


@dataclass(slots=True)
class _Group:
    key: str
    header: SectionHeader
    model: ThumbnailModel
    view: ThumbnailView


class Shelf(Card):
    """Groups of thumbnails below each other.

    Signals:
        picked(str): the item with this id is selected.
        opened(str): annotate the item with this id.
        delete_requested(tuple): delete the items with these ids.
        picture_requested(str, int): id and marks revision of an item whose thumbnail is wanted.
    """

    picked = Signal(str)
    opened = Signal(str)
    delete_requested = Signal(tuple)
    picture_requested = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margin=2, parent=parent)
        self.setObjectName("shelf")
        self._groups: list[_Group] = []
        column = QVBoxLayout()
        column.setContentsMargins(px(12), px(14), px(4), px(14))
        column.setSpacing(SPACE_S)
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE_S)
        column.addLayout(self._column)
        self.drop = DropZone(self)
        self.drop.hide()
        column.addStretch(1)
        area: QScrollArea = scroll_area(column)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(area)

    @property
    def views(self) -> tuple[ThumbnailView, ...]:
        """The views of all groups, top down."""
        return tuple(group.view for group in self._groups)

    @property
    def keys(self) -> tuple[str, ...]:
        """Ids of the selected items."""
        return tuple(key for group in self._groups for key in group.view.keys)

    def show_part(self, part: SelectionView, current: str) -> None:
        """Show the items of a selection.

        Args:
            part: the selection.
            current: key of the option that new pictures go to; its group holds the place to drop them.
        """
        guidance = part.activity.guidance
        by_option: dict[str, list[EvidenceItem]] = {option.key: [] for option in guidance.options}
        by_option[""] = []
        for item in part.evidence:
            by_option[item.option_key if item.option_key in by_option else ""].append(item)
        labels = {option.key: option.label for option in guidance.options} | {"": NOT_LISTED}
        wanted = [key for key, items in by_option.items() if items or (key == current and key)]
        if [group.key for group in self._groups] != wanted:
            self._rebuild(wanted, current)
        for group in self._groups:
            items = by_option[group.key]
            group.header.set(labels[group.key], str(len(items)) if items else "")
            group.view.setAccessibleName(labels[group.key])
            group.view.setVisible(bool(items))
            group.model.set_rows([_thumbnail(part, item) for item in items])
        self._place_drop(current)
        self.drop.set_option(labels.get(current, ""))

    def pick(self, key: str, *, focus: bool = False) -> None:
        """Select an item and nothing else; nothing when it is not here."""
        for group in self._groups:
            if group.model.place(key) is None:
                group.view.clearSelection()
                continue
            if group.view.keys != (key,):
                group.view.pick(key)
            if focus:
                group.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_picture(self, key: str, version: int, picture: QImage) -> None:
        """Hand in a thumbnail that was asked for."""
        for group in self._groups:
            group.model.set_picture(key, version, picture)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Delete deletes the selected items."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
            and self.keys
        ):
            self.delete_requested.emit(self.keys)
            return True
        return super().eventFilter(watched, event)

    def _rebuild(self, keys: Sequence[str], current: str) -> None:
        self._column.removeWidget(self.drop)
        for group in self._groups:
            for widget in (group.header, group.view):
                self._column.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        while self._column.count():
            self._column.takeAt(0)
        self._groups = []
        for key in keys:
            header, model, view = SectionHeader(""), ThumbnailModel(self), ThumbnailView("", fit=True)
            view.setObjectName(f"thumbnails_{key or 'none'}")
            view.setModel(model)
            view.installEventFilter(self)
            model.picture_requested.connect(self.picture_requested)
            view.picked.connect(self._picked)
            view.opened.connect(self.opened)
            self._groups.append(_Group(key, header, model, view))
            self._column.addWidget(header)
            self._column.addWidget(view)
            self._column.addSpacing(SPACE_M)
            header.show()
            view.show()

    def _place_drop(self, current: str) -> None:
        """The place to drop pictures stands below the thumbnails of the option they go to."""
        group = next((group for group in self._groups if group.key == current), None)
        self._column.removeWidget(self.drop)
        place = self._column.indexOf(group.view) + 1 if group is not None else 0
        self._column.insertWidget(place, self.drop)
        self.drop.show()

    def _picked(self, key: str) -> None:
        sender = self.sender()
        for group in self._groups:
            if group.view is not sender:
                group.view.clearSelection()
        self.picked.emit(key)


class DropZone(Card):
    """Says where new pictures go. The whole room takes drops; this is where the eye finds that out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(dashed=True, margin=px(11), parent=parent)
        self.setObjectName("drop_zone")
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        self._symbol = label("")
        self._words = label("", TextRole.SECONDARY, wrap=True)
        row.addWidget(self._symbol)
        row.addWidget(self._words, 1)
        self.body.addLayout(row)
        self.setMaximumWidth(px(460))

    def set_option(self, title: str) -> None:
        """Say where they go."""
        # Made anew each time, so that it follows the theme.
        self._symbol.setPixmap(themed_icon("image-plus", "ink3").pixmap(px(20), px(20)))
        where = f" They go to “{title}”." if title else ""
        self._words.setText(f"Capture, paste or drop pictures here.{where}")


def _thumbnail(part: SelectionView, item: EvidenceItem) -> Thumbnail:
    words, tone = item_state(part, item)
    return Thumbnail(
        item.id,
        item.caption or f"Exhibit {item.number:02d}{item.letter}",
        full_day(item.shows_date) if item.shows_date else "",
        words,
        tone,
        item.marks_version,
    )
