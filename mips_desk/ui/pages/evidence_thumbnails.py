"""Small pictures of renditions, made in jobs and kept while the room lives."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from mips_desk.domain.evidence import EvidenceItem
from mips_desk.services import collect
from mips_desk.ui.desk import Desk
from mips_desk.ui.jobs import JobContext

#: Box of thumbnails in pixels: sharp in the right pane at twice the scale.
BOX = (640, 640)


class ThumbnailMaker(QObject):
    """Makes each thumbnail once per revision of its marks.

    Args:
        desk: the open practice.

    Signals:
        made(str, int, QImage): id of the item, revision of its marks, its picture.
    """

    made = Signal(str, int, QImage)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._pictures: dict[str, tuple[int, QImage]] = {}
        self._asked: set[tuple[str, int]] = set()

    def picture(self, evidence_id: str) -> QImage | None:
        """Return the newest picture there is, perhaps of an older revision."""
        return self._pictures.get(evidence_id, (0, None))[1]

    def make(self, item: EvidenceItem) -> None:
        """Make the picture of an item as it is now, or hand out the one that is there."""
        version, picture = self._pictures.get(item.id, (-1, None))
        if picture is not None and version == item.marks_version:
            self.made.emit(item.id, version, picture)
            return
        wanted = (item.id, item.marks_version)
        if wanted in self._asked:
            return
        self._asked.add(wanted)
        session = self._desk.session

        def work(_: JobContext) -> QImage:
            return QImage.fromData(collect.thumbnail(session, item, BOX))

        def keep(made: QImage) -> None:
            self._pictures[item.id] = (item.marks_version, made)
            self.made.emit(item.id, item.marks_version, made)

        self._desk.jobs.work(work, initiator=self, on_success=keep, on_finished=lambda: self._asked.discard(wanted))
