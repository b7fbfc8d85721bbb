"""Small parts of the start: strength of passphrases, recent practices, faults that nobody expected."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mips_desk.errors import BadInputError
from mips_desk.ui.faults import catch_faults
from mips_desk.ui.messages import UNEXPECTED, Messages
from mips_desk.ui.recent import LIMIT, forget, practice_name, recent, remember
from mips_desk.ui.start.passphrase import LEAST, strength


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", ""),
        ("short", "Too short"),
        ("aaaaaaaaaaaaaaaaaa", "Weak"),
        ("1234567890123", "Weak"),
        ("password12", "Weak"),
        ("maple tricycle sunday harbor", "Strong"),
    ],
)
def test_strength_in_words(typed: str, word: str) -> None:
    assert strength(typed).word == word


@given(st.text(max_size=60), st.text(alphabet="abcdefgh xyz", min_size=1, max_size=10))
def test_more_text_is_never_weaker_by_length_alone(typed: str, more: str) -> None:
    before, after = strength(typed), strength(typed + more)
    assert after.accepted >= before.accepted
    assert before.accepted is (len(typed) >= LEAST)


def test_recent_practices_are_newest_first_and_only_those_that_exist(settings, tmp_path: Path) -> None:
    folders = [tmp_path / f"Practice {number}.mipsvault" for number in range(LIMIT + 2)]
    for folder in folders:
        folder.mkdir()
        remember(settings, folder)
    assert recent(settings) == tuple(reversed(folders))[:LIMIT]
    remember(settings, folders[-2])
    assert recent(settings)[0] == folders[-2]
    forget(settings, folders[-2])
    assert folders[-2] not in recent(settings)
    folders[-1].rmdir()
    assert folders[-1] not in recent(settings)
    assert practice_name(folders[0]) == "Practice 0"


def test_a_fault_becomes_one_quiet_sentence(qapp) -> None:
    messages = Messages()
    said: list[str] = []
    messages.posted.connect(lambda message: said.append(message.text))
    before = sys.excepthook
    restore = catch_faults(messages)
    try:
        for error in (ValueError("Maria Gonzalez"), BadInputError("Choose at least one day.")):
            sys.excepthook(type(error), error, None)
    finally:
        restore()
    assert said == [UNEXPECTED, "Choose at least one day."]
    assert sys.excepthook is before
