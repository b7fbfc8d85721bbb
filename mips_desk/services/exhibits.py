"""The exhibits of a binder: what of each evidence item an edition may show, and its picture when its turn comes."""

import hashlib
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mips_desk.annotate.flatten import assert_redacted, rendition_png
from mips_desk.annotate.marks import Mark, Redaction
from mips_desk.binder.content import CustodyLine, Edition, ExhibitSheet
from mips_desk.domain.evidence import EvidenceItem, exhibit_number
from mips_desk.store import OriginalDestroyedError
from mips_desk.store.desktops import has_marks_conflict
from mips_desk.store.marks_history import marks_history
from mips_desk.store.retention import Tombstone

from . import collect, redacting
from .session import Session

#: Why a picture is left out of an edition.
NOT_REDACTED = "Patient identifiers are neither redacted nor confirmed absent."
NOT_LOOKED_AT = "Nobody looked at it since it was changed last."
MARKS_DIFFER = "Two desktops marked this picture differently; choose one of them first."


@dataclass(frozen=True, slots=True)
class Exhibits:
    """Makes the exhibit sheets of one binder.

    Attributes:
        session: the open practice.
        year: performance year.
        edition: whether pictures are covered.
        only_looked_at: withhold pictures that nobody looked at after their last change.
        tombs: of destroyed originals, by evidence id.
        custody: what happened to each evidence item, by its id.
    """

    session: Session
    year: int
    edition: Edition
    only_looked_at: bool
    tombs: Mapping[str, Tombstone]
    custody: Mapping[str, tuple[CustodyLine, ...]]

    def sheet(self, item: EvidenceItem, place: str, option_label: str) -> ExhibitSheet:
        """Return the sheet of an evidence item.

        Args:
            item: the evidence item.
            place: what its number names: an activity, or the practice papers.
            option_label: what it proves, in words; empty when nobody said so yet.
        """
        number = exhibit_number(self.year, place, item.number, item.letter)
        custody = self.custody.get(item.id, ())
        if (tomb := self.tombs.get(item.id)) is not None:
            return _destroyed(item, number, option_label, tomb, custody)
        full = self.edition is Edition.FULL
        marks = collect.marks_of(self.session, item)
        burnt = tuple(mark for mark in marks if not isinstance(mark, Redaction)) if full else marks
        # Asked of the marks that are burnt in: the item was read before, and somebody may have deleted a redaction.
        unredacted = not item.no_identifiers and not any(isinstance(mark, Redaction) for mark in marks)
        withheld = NOT_REDACTED if unredacted and not full else ""
        unseen = not withheld and not unredacted and self.only_looked_at and not item.looked_at_by
        if unseen:
            withheld = NOT_LOOKED_AT
        if has_marks_conflict(self.session.vault, item.id):
            withheld, unseen = MARKS_DIFFER, False
        history = marks_history(self.session.vault, item.id)
        size = (item.width, item.height)
        areas = () if withheld else redacting.areas(marks, history, size)
        sha256, width, height = ("", *size) if withheld else self._rendered(item, burnt)
        return ExhibitSheet(
            item=item,
            number=number,
            option_label=option_label,
            rendition_sha256=sha256,
            width=width,
            height=height,
            areas=() if full else areas,
            legend=redacting.legend(burnt, size),
            legend_places=redacting.legend_places(burnt, size),
            # A window title or file name often holds a patient's name; nobody has confirmed these, so none is printed.
            origin="",
            load=_loader(self.session, item, burnt, sha256),
            withheld=withheld,
            changed_by=history[0].person if history else "",
            unseen=unseen,
            uncovered=len(areas) if full else 0,
            unredacted=unredacted and full,
            custody=custody,
        )

    def _rendered(self, item: EvidenceItem, burnt: tuple[Mark, ...]) -> tuple[str, int, int]:
        """Return hash, width and height of a rendition; made once in a session for every state and edition."""
        name = f"{item.id}/full" if self.edition is Edition.FULL else item.id
        known = self.session.rendered
        if (key := (name, item.marks_version)) not in known:
            picture = rendition_png(self.session.vault.original(item.sha256), burnt)
            width, height = struct.unpack(">II", picture[16:24])  # of the PNG header
            known[key] = (hashlib.sha256(picture).hexdigest(), width, height)
        return known[key]


def _loader(session: Session, item: EvidenceItem, burnt: tuple[Mark, ...], known: str) -> Callable[[], bytes]:
    def load() -> bytes:
        picture = rendition_png(session.vault.original(item.sha256), burnt, known)
        assert_redacted(picture, burnt, (item.width, item.height))
        return picture

    return load


def _destroyed(
    item: EvidenceItem, number: str, option_label: str, tomb: Tombstone, custody: tuple[CustodyLine, ...]
) -> ExhibitSheet:
    def load() -> bytes:
        raise OriginalDestroyedError(tomb.sentence)

    return ExhibitSheet(
        item=item,
        number=number,
        option_label=option_label,
        rendition_sha256="",
        width=item.width,
        height=item.height,
        areas=(),
        legend=(),
        origin="",
        load=load,
        withheld=tomb.sentence,
        destroyed=True,
        custody=custody,
    )
