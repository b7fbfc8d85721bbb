"""Find what may identify a patient in a picture, and the words in it, on this computer.

What is found are proposals; a person decides. What is not found proves nothing, and no words on the screen may say so.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from mips_desk.annotate.flatten import upright
from mips_desk.annotate.marks import Reason
from mips_desk.domain.evidence import EvidenceItem
from mips_desk.identify import dates
from mips_desk.identify.kinds import FoundDate as FoundDate
from mips_desk.identify.kinds import Kind as Kind
from mips_desk.identify.kinds import Proposal as Proposal
from mips_desk.identify.kinds import Word as Word
from mips_desk.identify.proposals import propose
from mips_desk.identify.reader import IdentifyError as IdentifyError
from mips_desk.identify.reader import Read, Reader, missing

from .collect import read_file
from .session import Session

#: Told how far it is: units done, units in all.
Progress = Callable[[int, int], None]
#: Raises CancelledError when the person cancelled.
Check = Callable[[], None]

#: Stands beside every list of proposals, also an empty one.
NOTICE = (
    "MIPS Desk misses some and is wrong about some. Look at the whole picture yourself, also where nothing is marked."
)

_reader = Reader()
_REASONS = {
    Kind.NAME: Reason.NAME,
    Kind.DATE: Reason.DATE,
    Kind.MRN: Reason.MRN,
    Kind.GEOGRAPHIC: Reason.CONTACT,
    Kind.PHONE: Reason.CONTACT,
    Kind.FAX: Reason.CONTACT,
    Kind.EMAIL: Reason.CONTACT,
}


def available() -> str:
    """Return an empty string when pictures can be read on this computer, else one sentence that says how to get it."""
    return missing()


def find(
    session: Session, item: EvidenceItem, progress: Progress | None = None, check: Check | None = None
) -> tuple[Proposal, ...]:
    """Propose places in an original that may hold identifiers. Takes seconds: run it as a job.

    It shows the original to nobody, so it is no entry of the journal: the annotator's opening is. Nothing is stored.

    Args:
        session: the open practice.
        item: a picture; what its redactions cover is searched too.
        progress: told how far it is, in steps of about a second.
        check: called several times a second; raises CancelledError to stop.

    Returns:
        Proposals, from the top of the picture to its bottom; boxes are pixels of the upright picture, already padded.

    Raises:
        IdentifyError: pictures cannot be read on this computer (see `available`), or the reader failed.
        BadInputError: the picture cannot be decoded.
        CancelledError: `check` said so.
        VaultError: the original is damaged or destroyed.
    """
    image = _original(session, item)
    return _proposals(image, progress, check)


def find_in_file(path: Path, progress: Progress | None = None, check: Check | None = None) -> tuple[Proposal, ...]:
    """Propose places in a picture file outside of any vault; arguments and errors as for `find`."""
    return _proposals(upright(read_file(path).data), progress, check)


def text_of(
    session: Session, item: EvidenceItem, progress: Progress | None = None, check: Check | None = None
) -> tuple[Word, ...]:
    """Read the words of an original, in reading order; arguments and errors as for `find`.

    Before they go into an index, take away what is covered: `covered_text.uncovered`.
    """
    return _read(_original(session, item), progress, check).words


def dates_in(words: Sequence[Word]) -> tuple[FoundDate, ...]:
    """Find dates among words, likeliest to be the picture's own date first; dates of birth last.

    Args:
        words: of one picture.
    """
    return dates.dates_in(words)


def reason_for(kind: Kind) -> Reason:
    """Return the reason that the redaction of an identifier gets."""
    return _REASONS.get(kind, Reason.OTHER)


def stop() -> None:
    """End the reader now, for example when the app locks or quits; what it was reading fails."""
    _reader.close()


def _original(session: Session, item: EvidenceItem) -> Image.Image:
    session.vault.marks(item.id)  # refuses an item that was destroyed, also where another one keeps the original
    return upright(session.vault.original(item.sha256))


def _read(image: Image.Image, progress: Progress | None, check: Check | None) -> Read:
    return _reader.read(image.tobytes(), *image.size, progress, check)


def _proposals(image: Image.Image, progress: Progress | None, check: Check | None) -> tuple[Proposal, ...]:
    read = _read(image, progress, check)
    return propose(read.words, read.photos, *image.size)
