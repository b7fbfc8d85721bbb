"""The sample practice: made at the first wish, opened at every later one. Runs in a job."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from mips_desk.ui.jobs import JobContext

if TYPE_CHECKING:  # brings the vault's libraries, which are loaded after the window is on the screen
    from mips_desk.services.session import Session


def open_sample_practice(folder: Path, context: JobContext) -> Session:
    """Make the sample practice when it is not there yet, and open it.

    Args:
        folder: where it is kept.
        context: of the job.
    """
    from mips_desk.sample.practice import SAMPLE_PASSPHRASE, make_sample
    from mips_desk.services.session import open_practice

    def progress(done: int, total: int, text: str = "") -> None:
        context.check()
        context.progress(done, total, text)

    vaults = sorted(folder.glob("*.mipsvault"))
    if not vaults:
        # Made beside and renamed, so that a half made sample is never taken for a whole one.
        beside = folder.with_name("Sample in the making")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        make_sample(beside, progress=progress)
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
        vaults = sorted(folder.glob("*.mipsvault"))
    return open_practice(vaults[0], SAMPLE_PASSPHRASE)
