"""How strong a passphrase is, in words."""

import math
from dataclasses import dataclass

from mips_desk.ui.widgets.chip import Tone

#: Fewest characters that are taken.
LEAST = 10

_COMMON = ("password", "passphrase", "qwerty", "letmein", "welcome", "practice", "mips", "12345", "abcdef", "iloveyou")


@dataclass(frozen=True, slots=True)
class Strength:
    """How strong a passphrase is.

    Attributes:
        word: one word.
        advice: what would make it stronger; empty when nothing needs to.
        steps: 0 to 4, for a bar.
        accepted: it may be used.
        tone: of the word.
    """

    word: str
    advice: str
    steps: int
    accepted: bool
    tone: Tone


def strength(passphrase: str) -> Strength:
    """Estimate how strong a passphrase is.

    The estimate counts what a guesser must try: the kinds of characters to the power of the length, where repeats,
    runs such as "1234" and common words count as one character each. It errs on the weak side for short texts.

    Args:
        passphrase: as typed.
    """
    if not passphrase:
        advice = f"At least {LEAST} characters. Four or five words are strong and easy to type."
        return Strength("", advice, 0, False, Tone.NEUTRAL)
    if len(passphrase) < LEAST:
        advice = f"{LEAST - len(passphrase)} more needed. A short sentence works well."
        return Strength("Too short", advice, 1, False, Tone.BAD)
    bits = _bits(passphrase)
    if bits < 45:
        return Strength("Weak", "Add another word or two that nobody would expect.", 1, True, Tone.BAD)
    if bits < 60:
        return Strength("Fair", "One more word makes it strong.", 2, True, Tone.WARN)
    if bits < 80:
        return Strength("Good", "", 3, True, Tone.OK)
    return Strength("Strong", "", 4, True, Tone.OK)


def _bits(passphrase: str) -> float:
    text = passphrase.lower()
    for word in _COMMON:
        text = text.replace(word, "\0")
    counted = 0.0
    for place, char in enumerate(text):
        step = ord(char) - ord(text[place - 1]) if place else 99
        counted += 0.25 if step in (0, 1, -1) else 1
    kinds = sum(
        size
        for size, test in ((26, str.islower), (26, str.isupper), (10, str.isdigit))
        if any(test(char) for char in passphrase)
    )
    kinds += 10 if any(not char.isalnum() for char in passphrase) else 0
    # Words are easier to guess than random letters: text with lower case only counts about half.
    return counted * math.log2(max(kinds, 2)) * 0.62
