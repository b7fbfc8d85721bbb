"""Pictures from outside: recognise, limit, prove sound, describe.

A file is judged by its content and never by its name. It is decoded once in full, so that what enters the vault can be
shown years later. The bytes themselves are never changed.
"""

import hashlib
from dataclasses import dataclass

from mips_desk.errors import BadInputError
from mips_desk.pictures import check_complete, decode, structure

#: Largest file in bytes.
BYTE_LIMIT = 100_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of an accepted picture.

    Attributes:
        media_type: "image/png" or "image/jpeg".
        width: pixels, upright (after the EXIF orientation).
        height: pixels, upright.
        sha256: of the bytes as they came in (hex).
        warnings: sentences that the person should see before the picture is stored.
    """

    media_type: str
    width: int
    height: int
    sha256: str
    warnings: tuple[str, ...] = ()


def read_picture(data: bytes) -> Picture:
    """Check a picture and describe it.

    Args:
        data: the whole file.

    Raises:
        BadInputError: it is empty, too large, no PNG or JPEG, cut off or damaged.
    """
    if not data:
        raise BadInputError("The file is empty.")
    if len(data) > BYTE_LIMIT:
        raise BadInputError(f"The file is larger than {BYTE_LIMIT // 1_000_000} MB.")
    found = structure(data)
    check_complete(found)
    decode(data)
    warnings: list[str] = []
    if found.animated:
        warnings.append("The picture is animated; only its first picture is shown and exported.")
    if found.end < len(data):
        count = len(data) - found.end
        warnings.append(
            f"The file holds {count:,} {'byte' if count == 1 else 'bytes'} after the end of the picture, perhaps an"
            " older version of it; they are kept with the original and are in no export."
        )
    return Picture(found.media_type, found.width, found.height, hashlib.sha256(data).hexdigest(), tuple(warnings))


def uniform(data: bytes) -> bool:
    """Tell whether all pixels have one color, as in a capture without permission or of a protected window.

    Args:
        data: a PNG or JPEG file that `read_picture` accepts.

    Raises:
        BadInputError: it cannot be decoded.
    """
    image = decode(data)
    if image.mode == "P":
        image = image.convert("RGBA")
    return all(len(set(channel.getextrema())) == 1 for channel in image.split())
