"""What all harnesses need."""

import pytest

from mips_desk.services import people, session

from . import acts


@pytest.fixture(autouse=True)
def _cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (people, session):
        monkeypatch.setattr(module, "KEY_COST", acts.CHEAP)
