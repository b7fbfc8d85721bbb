"""One binder for all tests that only read it."""

from pathlib import Path

import pytest

from mips_desk.binder.content import BinderContent
from mips_desk.binder.write import BinderFile, write_binder

from . import binder_sample


@pytest.fixture(scope="session")
def sample_content() -> BinderContent:
    return binder_sample.content()


@pytest.fixture(scope="session")
def sample_file(sample_content: BinderContent, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BinderFile]:
    path = tmp_path_factory.mktemp("binder") / "binder.pdf"
    return path, write_binder(sample_content, path)


@pytest.fixture(scope="session")
def sample_path(sample_file: tuple[Path, BinderFile]) -> Path:
    return sample_file[0]
