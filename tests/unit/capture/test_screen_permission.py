"""Permission to record the screen, as a decision table."""

import pytest

from mips_desk.capture.permission import ScreenAccess, advice, screen_access


@pytest.mark.parametrize(
    ("platform", "granted", "asked", "access"),
    [
        ("win32", False, False, ScreenAccess.NOT_NEEDED),
        ("linux", False, True, ScreenAccess.NOT_NEEDED),
        ("darwin", True, False, ScreenAccess.GRANTED),
        ("darwin", True, True, ScreenAccess.GRANTED),
        ("darwin", False, False, ScreenAccess.NOT_ASKED),
        ("darwin", False, True, ScreenAccess.REFUSED),
    ],
)
def test_states(platform: str, granted: bool, asked: bool, access: ScreenAccess) -> None:
    assert screen_access(platform, granted, asked) is access


@pytest.mark.parametrize("access", ScreenAccess)
def test_advice(access: ScreenAccess) -> None:
    given = advice(access)
    allowed = access in {ScreenAccess.NOT_NEEDED, ScreenAccess.GRANTED}
    assert given.capture is allowed
    assert bool(given.explain) is not allowed
    assert given.reopen is not allowed
    assert given.ask is (access is ScreenAccess.NOT_ASKED)
    assert given.settings is (access is ScreenAccess.REFUSED)
