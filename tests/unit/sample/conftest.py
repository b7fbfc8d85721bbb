from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mips_desk.sample.pictures import PICTURES
from mips_desk.sample.practice import SampleResult, make_sample
from mips_desk.sample.sheet import Picture
from mips_desk.services.session import Session, open_practice


@dataclass(frozen=True)
class Sample:
    result: SampleResult
    steps: list[tuple[int, int]]
    session: Session


@pytest.fixture(scope="session")
def pictures() -> dict[str, Picture]:
    return {name: make() for name, make in PICTURES.items()}


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    steps: list[tuple[int, int]] = []
    folder: Path = tmp_path_factory.mktemp("sample")
    result = make_sample(folder, lambda done, total: steps.append((done, total)))
    session = open_practice(result.vault_folder, result.passphrase, read_only=True)
    yield Sample(result, steps, session)
    session.close()
