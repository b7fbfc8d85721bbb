"""Write the audit package of a year: the binder, every exhibit as a file, and what a receiver needs to check them."""

from collections.abc import Callable
from pathlib import Path

from mips_desk.binder.content import BinderContent
from mips_desk.binder.package import PackageFile, PackagePlan

from .changes import Changes
from .session import Session


def plan(binder: BinderContent, *, split: int = 0) -> PackagePlan:
    """Return what a package will hold, and what is missing from it with the reason; nothing is drawn or written.

    Args:
        binder: what it is made of, as `binding.content` returned it: its activities, edition and request count here too.
        split: largest size of one file in bytes; 0: never split.

    Raises:
        BadInputError: the size is too small for any part.
    """
    raise NotImplementedError


def write(
    session: Session,
    plan: PackagePlan,
    out: Path,
    *,
    passphrase: str = "",
    progress: Callable[[int, int], None] | None = None,
    check: Callable[[], None] | None = None,
) -> tuple[PackageFile, Changes]:
    """Write a package, read it back, put it in place and record it in the vault.

    Args:
        session: the open practice.
        plan: what to write.
        out: the ZIP file to be. An incomplete package gets "-PARTIAL" at the end of its name and a part
            "-part-1-of-3"; `PackageFile.files` says which names were written.
        passphrase: encrypts the contents (AES-256); empty: they are not encrypted.
        progress: called with steps done and in all; a step is an exhibit written or read back.
        check: called often; raises CancelledError to stop, which leaves no file.

    Raises:
        BadInputError: the place is a folder, or lies inside a vault; the binder alone is larger than a part; the
            passphrase is too short; parts of an earlier package are in the way.
        RedactionProofError: a picture in the written package was not covered where it should be; no file was made.
        MipsDeskError: it could not be written, or was written and could not be recorded.
        VaultError: an original is damaged.
    """
    raise NotImplementedError
