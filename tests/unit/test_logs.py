"""The log holds places and kinds, never a text that a person typed."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from mips_desk.logs import in_places, start_log, stop_log

SECRET = "Maria Gonzalez 1961-04-02"


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    level = logging.getLogger().level
    file = start_log(tmp_path / "logs")
    assert file is not None
    yield file
    stop_log()
    logging.getLogger().setLevel(level)


def test_a_stack_trace_has_places_and_kind_but_not_the_text(log_file: Path) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("mips_desk.test").exception("It failed")
    written = log_file.read_text(encoding="utf-8")
    assert "It failed" in written
    assert "ValueError" in written
    assert "test_logs.py" in written
    assert SECRET not in written


def test_what_caused_an_error_is_named_without_its_text() -> None:
    def fail() -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise RuntimeError(SECRET) from error

    with pytest.raises(RuntimeError) as caught:
        fail()
    told = in_places(caught.value)
    assert "RuntimeError" in told
    assert "KeyError" in told
    assert SECRET not in told


def test_the_app_works_without_a_log(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    assert start_log(in_the_way / "logs") is None
