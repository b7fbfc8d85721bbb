"""What looks like a person's name."""

import functools
import re
import unicodedata

from mips_desk.paths import resources

_PARTICLES = frozenset(
    {
        "al", "bin", "d", "da", "de", "del", "den", "der", "di", "do", "dos", "e", "el", "ibn", "la", "las",
        "le", "los", "mac", "mc", "o", "san", "santa", "st", "van", "von", "y"
    }
)  # fmt: skip
_TITLES = frozenset(
    {
        "dds", "do", "dpm", "dr", "facp", "ii", "iii", "iv", "jr", "lpn", "md", "miss", "mr", "mrs", "ms", "np",
        "pa", "phd", "prof", "rn", "sr"
    }
)  # fmt: skip
_STAFF = frozenset({"dds", "do", "dpm", "dr", "facp", "lpn", "md", "np", "pa", "phd", "prof", "rn"})
_WORD = re.compile(r"^[^\W\d_]+(?:['’`.,-][^\W\d_]+)*[.,;:!?]*$")
#: Between "Lopez," and "Maria" where the space was not read.
_LOST_SPACE = re.compile(r"(?<=,)(?=\w)")
_INITIAL = re.compile(r"^[A-Z]\.?,?$")


@functools.cache
def _given() -> frozenset[str]:
    return _list("given.txt")


@functools.cache
def _family() -> frozenset[str]:
    return _list("family.txt")


@functools.cache
def _not_names() -> frozenset[str]:
    """Words that are in the lists, or written like names, and stand on portals as something else."""
    return _list("not_names.txt")


def _list(name: str) -> frozenset[str]:
    return frozenset((resources() / "identify" / name).read_text(encoding="ascii").split())


def plain(token: str) -> str:
    """Return a word as the lists have it: without accents, punctuation and case."""
    letters = unicodedata.normalize("NFKD", token)
    return "".join(c for c in letters if c.isalpha() or c in "'-").strip("'-").lower().replace("'", "")


def is_given(token: str) -> bool:
    """Tell whether a word is a common given name and nothing else that stands on portals."""
    word = plain(token)
    return len(word) > 1 and word in _given() and word not in _not_names()


def is_family(token: str) -> bool:
    """Tell whether a word is a common family name and nothing else that stands on portals."""
    return any(
        len(part) > 1 and part in _family() and part not in _not_names()
        for part in (plain(token), *plain(token).split("-"))
    )


def is_no_name(token: str) -> bool:
    """Tell whether a word stands on portals as something else."""
    word = plain(token)
    if len(word) < 2:
        return False
    return word in _not_names() or any(part in _not_names() for part in word.split("-"))


def is_title(token: str) -> bool:
    """Tell whether a word is a title or a degree ("Dr.", "MD")."""
    return plain(token) in _TITLES


def is_staff_title(token: str) -> bool:
    """Tell whether a word is the title of somebody who works in health care."""
    return plain(token) in _STAFF


def could_be(token: str) -> bool:
    """Tell whether a word is written like a part of a name: a capital first, or a particle, or an initial."""
    bare = token.strip(".,;:!?()")
    if not bare or any(c.isdigit() for c in bare):
        return False
    if _INITIAL.match(token) or bare.lower() in _PARTICLES:
        return True
    if not _WORD.match(token):
        return False
    # A capital I at the beginning is often read as a small l.
    return bare[0].isupper() or (bare[0] == "l" and (is_given("I" + bare[1:]) or is_family("I" + bare[1:])))


def span_at(tokens: list[str], start: int, longest: int = 5) -> int:
    """Return where a run of words that could be a name ends.

    Args:
        tokens: words of a text.
        start: where it begins.
        longest: most words that it may have.

    Returns:
        Index after its last word; `start` when there is none. A comma in it is allowed once, as in "Lopez, Maria".
    """
    at, commas = start, 0
    while at < len(tokens) and at - start < longest and could_be(tokens[at]):
        token = tokens[at]
        at += 1
        if token.endswith((".", ";", ":", "!", "?")) and not _INITIAL.match(token) and not is_title(token):
            break
        if token.endswith(","):
            commas += 1
            if commas > 1:
                break
    while at > start and tokens[at - 1].strip(".,") in _PARTICLES:
        at -= 1
    return at


def likelihood(tokens: list[str]) -> float:
    """Return how much a few words look like a name by themselves, 0 to 1.

    Args:
        tokens: words that `could_be` all accept.
    """
    tokens = [part for each in tokens for part in _LOST_SPACE.split(each)]
    words = [each for each in tokens if not is_title(each)]
    titled = len(words) < len(tokens)
    whole = [each for each in words if len(plain(each)) > 1]
    comma = len(words) > 1 and words[0].endswith(",")
    if not whole:
        return 0.0
    if any(is_no_name(each) for each in whole):
        # "House, Trevor"
        other = comma and words[0] == whole[0] and len(whole) == 2 and is_given(whole[1])
        return 0.55 if other and not is_no_name(whole[1]) else 0.0
    given, family = sum(map(is_given, whole)), sum(map(is_family, whole))
    known = sum(is_given(each) or is_family(each) for each in whole)
    if titled:
        return 0.85
    if len(words) == 1:
        return 0.45 if given and not (family and len(whole[0]) < 4) else 0.2 if family else 0.0
    if len(whole) == 1 and not comma:
        return 0.6 if given else 0.5 if family else 0.25  # with an initial; more of the name may stand beside it
    if known == len(whole) and given:
        return 0.9
    if known and (comma or given):
        return 0.8
    if len(words) == 3 and _INITIAL.match(words[1]):
        return 0.7
    if family or comma:
        return 0.6 if comma or known == len(whole) else 0.5
    return 0.25
