"""Collect proof: take pictures in, describe them, annotate them, mark them as looked at."""

import dataclasses
import platform
from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path

from mips_desk.annotate.codec import decode, encode
from mips_desk.annotate.flatten import blank, check_inside, rendition_png, upright
from mips_desk.annotate.flatten import thumbnail as flatten_thumbnail
from mips_desk.annotate.marks import Mark, Redaction
from mips_desk.capture.intake import BYTE_LIMIT, Picture, read_picture
from mips_desk.domain.evidence import EvidenceItem, Intake, Source, exhibit_number
from mips_desk.domain.papers import PAPERS, PaperKind, kind_of
from mips_desk.errors import BadInputError
from mips_desk.store import Event, Tx
from mips_desk.store.evidence_text import keep_text

from . import covered_text, pending
from .changes import Changed, Changes
from .choose import activity_in
from .session import Session


@dataclasses.dataclass(frozen=True, slots=True)
class Incoming:
    """A picture on its way into the vault.

    Attributes:
        data: PNG or JPEG bytes; kept unchanged.
        source: capture, paste, drop, import.
        window_title: title of the captured window, or empty.
        file_name: name of the file without its folder, or empty.
        scale: screen scale in percent for captures, else 0.
        host: name of the computer; empty: this one.
    """

    data: bytes
    source: Source
    window_title: str = ""
    file_name: str = ""
    scale: int = 0
    host: str = ""


def read_file(path: Path, source: Source = Source.IMPORT) -> Incoming:
    """Read a picture file.

    Raises:
        BadInputError: it cannot be read or is larger than pictures may be.
    """
    name = path.name or str(path)
    try:
        # A pipe or a device would never end.
        if path.exists() and not path.is_file():
            raise BadInputError(f"“{name}” is not a file. Nothing was changed.")
        with path.open("rb") as file:
            data = file.read(BYTE_LIMIT + 1)
    except OSError as error:
        raise BadInputError(f"“{name}” cannot be read: {error.strerror or 'unknown reason'}.") from error
    if len(data) > BYTE_LIMIT:
        raise BadInputError(f"“{name}” is larger than {BYTE_LIMIT // 1_000_000} MB. Nothing was changed.")
    return Incoming(data, source, file_name=path.name)


@dataclasses.dataclass(frozen=True, slots=True)
class Added:
    """What came of taking in pictures.

    Attributes:
        changes: the change, with the new evidence ids in the order given.
        warnings: what the person should know about a picture, one sentence each.
    """

    changes: Changes
    warnings: tuple[str, ...]


def add_pictures(
    session: Session,
    selection_id: str,
    pictures: Sequence[Incoming],
    *,
    caption: str = "",
    shows_date: date | None = None,
    option_key: str = "",
) -> Added:
    """Take pictures into the vault, all or none, in one transaction. Originals are stored before anything else.

    Args:
        session: the open practice.
        selection_id: the selection they prove.
        pictures: the pictures.
        caption: given to each of them.
        shows_date: the date they show.
        option_key: the checklist line they prove; empty: not on the checklist yet.

    Raises:
        BadInputError: one of them is not a sound PNG or JPEG, or the option does not exist; nothing was stored.
    """
    selection = session.vault.selection(selection_id)
    check_option(session, selection.year, selection.activity_id, option_key)
    held = {item.sha256 for item in session.vault.evidence(selection.year) if item.selection_id == selection_id}
    read, warnings = read_pictures(pictures, held, f"the proof of {selection.activity_id}")
    at = session.now()
    with session.vault.write(Event.EVIDENCE_ADDED) as tx:
        items = [
            store_picture(tx, selection_id, each, at, caption=caption, shows_date=shows_date, option_key=option_key)
            for each in read
        ]
    return added(session, [item.id for item in items], warnings, "picture")


@dataclasses.dataclass(frozen=True, slots=True)
class ReadPicture:
    """A sound picture on its way into the vault."""

    incoming: Incoming
    picture: Picture


def read_pictures(
    pictures: Sequence[Incoming], held: Collection[str], where: str
) -> tuple[list[ReadPicture], tuple[str, ...]]:
    """Check pictures before any of them is stored.

    Args:
        pictures: the pictures.
        held: hashes (hex) of the originals that are there already.
        where: where they go, in words, for the warning about one that is there already.

    Returns:
        The pictures, and what the person should know about them.

    Raises:
        BadInputError: one of them is not a sound PNG or JPEG.
    """
    seen = set(held)
    read = []
    warnings: list[str] = []
    for incoming in pictures:
        name = f"“{incoming.file_name}”" if incoming.file_name else "The picture"
        try:
            picture = read_picture(incoming.data)
        except BadInputError as error:
            raise BadInputError(f"{name}: {error}") from error
        warnings.extend(f"{name}: {warning}" for warning in picture.warnings)
        if picture.sha256 in seen:
            warnings.append(f"{name} is among {where} already.")
        seen.add(picture.sha256)
        read.append(ReadPicture(incoming, picture))
    return read, tuple(warnings)


def store_picture(
    tx: Tx,
    selection_id: str,
    read: ReadPicture,
    at: datetime,
    *,
    caption: str = "",
    shows_date: date | None = None,
    option_key: str = "",
) -> EvidenceItem:
    """Store a picture that was checked; see `add_pictures`.

    Args:
        tx: the transaction.
        selection_id: where it belongs.
        read: the picture.
        at: the moment of its intake.
        caption: what it shows.
        shows_date: the date it shows.
        option_key: the checklist line it proves, or the kind of paper.
    """
    incoming, picture = read.incoming, read.picture
    intake = Intake(
        incoming.source,
        at,
        tx.person.name,
        incoming.host or platform.node(),
        incoming.window_title,
        incoming.file_name,
        incoming.scale,
    )
    return tx.add_evidence(
        selection_id,
        incoming.data,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        intake=intake,
        caption=caption,
        shows_date=shows_date,
        option_key=option_key,
    )


def added(session: Session, ids: Sequence[str], warnings: tuple[str, ...], noun: str) -> Added:
    """Return what came of taking in evidence items that were stored just now; writes nothing.

    Args:
        session: the open practice.
        ids: the new items.
        warnings: what the person should know about them.
        noun: what they are, as in "picture".
    """
    label = f"Add {noun}" if len(ids) == 1 else f"Add {len(ids)} {noun}s"

    def undo() -> Changes:
        return dataclasses.replace(remove(session, tuple(ids), reason="Undo"), label=label)

    return Added(Changes(Changed.EVIDENCE, label, tuple(ids), undo), warnings)


def check_option(session: Session, year: int, activity_id: str, option_key: str) -> None:
    """Check that an option is on an activity's checklist, or is a kind of practice paper; an empty key is allowed.

    Raises:
        BadInputError: it is not; the message lists the keys.
    """
    if activity_id == PAPERS:
        if option_key and kind_of(option_key) is None:
            raise BadInputError(f"There is no kind of paper “{option_key}”; there are: {', '.join(PaperKind)}.")
        return
    guidance = activity_in(session, year, activity_id).guidance
    if option_key and guidance.option(option_key) is None:
        keys = ", ".join(option.key for option in guidance.options)
        raise BadInputError(f"{activity_id} has no evidence option “{option_key}” in {year}; it has: {keys}.")


def remove(session: Session, evidence_ids: Sequence[str], reason: str) -> Changes:
    """Take evidence items out of the practice's proof. The originals stay in the vault; the reason is journaled."""
    ids = tuple(evidence_ids)
    with session.vault.write(Event.EVIDENCE_REMOVED) as tx:
        for evidence_id in ids:
            tx.remove_evidence(evidence_id, reason)
    label = "Delete picture" if len(ids) == 1 else f"Delete {len(ids)} pictures"

    def undo() -> Changes:
        with session.vault.write(Event.EVIDENCE_RESTORED) as tx:
            for evidence_id in ids:
                tx.restore_evidence(evidence_id)
        return Changes(Changed.EVIDENCE, label, ids, lambda: remove(session, ids, reason))

    return Changes(Changed.EVIDENCE, label, ids, undo)


def bring_back(session: Session, evidence_id: str) -> Changes:
    """Bring a deleted item back under its old number.

    Raises:
        NotInVaultError: there is no such item, or it is not deleted itself but its activity is removed.
    """
    with session.vault.write(Event.EVIDENCE_RESTORED) as tx:
        tx.restore_evidence(evidence_id)
    ids = (evidence_id,)
    return Changes(Changed.EVIDENCE, "Bring picture back", ids, lambda: remove(session, ids, reason="Undo"))


def describe(
    session: Session,
    evidence_id: str,
    *,
    caption: str | None = None,
    shows_date: date | None = None,
    option_key: str | None = None,
    outside_reason: str | None = None,
    address: str | None = None,
    clinician_ids: tuple[str, ...] | None = None,
    no_identifiers: bool | None = None,
    no_date: bool = False,
) -> Changes:
    """Change what is said about an evidence item; what is None stays as it is, and `no_date` takes its date away.

    Raises:
        BadInputError: the option is not on the activity's checklist.
    """
    before = session.vault.evidence_item(evidence_id)
    given: dict[str, object] = {
        "caption": caption,
        "shows_date": shows_date,
        "option_key": option_key,
        "outside_reason": outside_reason,
        "address": address,
        "clinician_ids": clinician_ids,
        "no_identifiers": no_identifiers,
    }
    fields = {name: value for name, value in given.items() if value is not None}
    if no_date:
        fields["shows_date"] = None
    if option_key:
        selection = session.vault.selection(before.selection_id)
        check_option(session, selection.year, selection.activity_id, option_key)
    return _put(session, before, "Change description", Event.EVIDENCE_CHANGED, fields)


def look_at(session: Session, evidence_id: str, looked: bool = True) -> Changes:
    """Mark an item as looked at by the person, in the state in which it will be exported; or take that back."""
    before = session.vault.evidence_item(evidence_id)
    fields: dict[str, object] = {
        "looked_at_by": session.person if looked else "",
        "looked_at_on": session.now() if looked else None,
    }
    return _put(session, before, "Mark as looked at", Event.LOOKED_AT, fields)


def _put(session: Session, before: EvidenceItem, label: str, event: Event, fields: dict[str, object]) -> Changes:
    with session.vault.write(event) as tx:
        tx.put_evidence(dataclasses.replace(before, **fields))  # type: ignore[arg-type]  # names checked by callers
    old = {name: getattr(before, name) for name in fields}

    def undo() -> Changes:
        return _put(session, session.vault.evidence_item(before.id), label, event, old)

    return Changes(Changed.EVIDENCE, label, (before.id,), undo)


def marks_of(session: Session, item: EvidenceItem) -> tuple[Mark, ...]:
    """Return the newest marks of an item."""
    data = session.vault.marks(item.id)
    return decode(data) if data else ()


def set_marks(session: Session, evidence_id: str, marks: Sequence[Mark]) -> Changes:
    """Store a new revision of an item's marks; somebody has to look at the picture again after that.

    Raises:
        BadInputError: a redaction lies outside the picture and would cover nothing.
    """
    item = session.vault.evidence_item(evidence_id)
    check_inside(marks, (item.width, item.height))
    before = marks_of(session, item)
    redactions = sum(isinstance(mark, Redaction) for mark in marks)
    with session.vault.write(Event.MARKS_CHANGED) as tx:
        text = covered_text.left_by(tx, evidence_id, before, marks)
        tx.add_marks(evidence_id, encode(marks), redactions=redactions, other_marks=len(marks) - redactions)
        if text is not None:
            keep_text(tx, evidence_id, text)
    return Changes(
        Changed.MARKS | Changed.EVIDENCE,
        "Change marks",
        (evidence_id,),
        undo=lambda: set_marks(session, evidence_id, before),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Pixels:
    """An original as it is shown: upright, on white, without its marks. For the annotator only; never exported.

    Attributes:
        width: in pixels.
        height: in pixels.
        data: four bytes a pixel, in the order blue, green, red, unused.
    """

    width: int
    height: int
    data: bytes


def pixels(session: Session, item: EvidenceItem) -> Pixels:
    """Return the pixels of an original at full resolution, for the annotator's canvas. The journal gets an entry, so
    call this once each time the annotator opens.

    Raises:
        BadInputError: it cannot be decoded.
        VaultError: it is damaged or destroyed, or the journal could not be written; then it is not shown.
    """
    session.vault.marks(item.id)  # refuses an item that was destroyed, also where another one keeps the original
    image = upright(session.vault.original(item.sha256))
    selection = session.vault.selection(item.selection_id)
    number = exhibit_number(selection.year, selection.activity_id, item.number, item.letter)
    pending.witness(session.vault, Event.ORIGINAL_VIEWED, session.now, evidence=item.id, exhibit=number)
    return Pixels(image.width, image.height, image.tobytes("raw", "BGRX"))


def rendition(session: Session, item: EvidenceItem) -> bytes:
    """Return the picture as it is exported: marks burnt in, no metadata, PNG."""
    return rendition_png(session.vault.original(item.sha256), marks_of(session, item))


def thumbnail(session: Session, item: EvidenceItem, box: tuple[int, int]) -> bytes:
    """Return a small PNG of the rendition that fits into a box of pixels; a blank one of a destroyed picture."""
    if item.destroyed:
        return blank((item.width, item.height), box)
    return flatten_thumbnail(session.vault.original(item.sha256), marks_of(session, item), box)
