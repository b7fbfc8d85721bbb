"""Words of a search: cut out of a text, brought to a common form, compared in spite of typing errors."""

import re
from functools import cache

_WORD = re.compile(r"\d+/\d+|[a-z0-9]+")
_VOWELS = frozenset("aeiouy")

#: Words that say nothing about an activity.
STOPWORDS = frozenset(
    _WORD.findall(
        "a about after all already also am an and any are as at be been before by can could did do does done for "
        "from get got had has have how i if in into is it its let lets like me my need of on or our out should so "
        "some that the their them then there these they this those to too up us use want we were what when which "
        "who will with would you your"
    )
)


def split(text: str) -> list[str]:
    """Return the words of a text in lower case and in order; "24/7" is one word, an apostrophe ends one."""
    return _WORD.findall(text.lower().replace("’", "'").replace("'s ", " ").replace("n't", " not"))


@cache
def stem(word: str) -> str:
    """Return the common form of a word, so that "screenings", "screened" and "screening" meet.

    Light on purpose: plural, -ing, -ed and a last e or y. Different words must not meet.

    Args:
        word: in lower case.
    """
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) > 2 and not _VOWELS.isdisjoint(rest):
            doubled = rest[-1] == rest[-2] and rest[-1] not in "aeiousl"
            word = rest[:-1] if doubled else rest
            break
    if len(word) > 3 and word.endswith("y"):
        return word[:-1] + "i"
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def stems(text: str) -> list[str]:
    """Return the common forms of the words of a text."""
    return [stem(word) for word in split(text)]


def allowed_errors(word: str) -> int:
    """Return how many typing errors a word may have: none in a short one, two in a long one."""
    return 0 if len(word) < 4 or not word.isalpha() else 1 if len(word) < 8 else 2


def letters(word: str) -> int:
    """Return the letters of a word as bits, to rule out most words before they are compared in full."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits


def errors(typed: str, word: str, most: int, *, unfinished: bool = False) -> int:
    """Return the typing errors between two words: letters missing, added, wrong, or swapped with their neighbor.

    This is the optimal string alignment distance, given up as soon as it is above the bound.

    Args:
        typed: what was typed.
        word: what may have been meant.
        most: the bound, in errors.
        unfinished: compare with the best beginning of the word, because the person is still typing.

    Returns:
        The number of errors; more than `most` means too many, and not how many.
    """
    before: list[int] = []
    row = list(range(len(word) + 1))
    for place, letter in enumerate(typed, 1):
        older, before, row = before, row, [place]
        for index, other in enumerate(word, 1):
            cost = min(before[index] + 1, row[index - 1] + 1, before[index - 1] + (letter != other))
            swapped = place > 1 and index > 1 and letter == word[index - 2] and typed[place - 2] == other
            row.append(min(cost, older[index - 2] + 1) if swapped else cost)
        if min(row) > most and min(before) > most:
            return most + 1
    return min(row) if unfinished else row[-1]
