"""Closing and reopening a year from a script."""

import re

from .conftest import Practice, Run


def test_a_year_is_closed_and_reopened(practice: Practice, run: Run) -> None:
    done = run("close", practice.vault, "--year", 2024, "--json", *practice.key)
    assert done.code == 0, done.err
    told = done.json()
    assert re.fullmatch("[0-9a-f]{64}", told["fingerprint"])  # type: ignore[index]
    again = run("close", practice.vault, "--year", 2024, *practice.key)
    assert again.code != 0
    assert "2024 is closed" in again.err
    assert run("reopen", practice.vault, "--year", 2024, "--reason", " ", *practice.key).code != 0
    done = run("reopen", practice.vault, "--year", 2024, "--reason", "A page was missing.", *practice.key)
    assert done.code == 0, done.err
    done = run("close", practice.vault, "--year", 2024, *practice.key)
    assert done.out.strip() == told["fingerprint"]  # type: ignore[index]
    done = run("verify", practice.vault, *practice.key)
    assert done.code == 0, done.out + done.err


def test_a_year_that_was_never_set_up(practice: Practice, run: Run) -> None:
    done = run("close", practice.vault, "--year", 2019, *practice.key)
    assert done.code != 0
    assert "never set up" in done.err
