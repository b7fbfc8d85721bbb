"""What the first run asks, and the practice that is made from it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from mips_desk.domain.practice import Clinician, Practice, YearProfile
from mips_desk.errors import BadInputError
from mips_desk.services import setup
from mips_desk.services.session import Session, create_practice, vault_folder


@dataclass(frozen=True, slots=True)
class FirstRun:
    """The answers.

    Attributes:
        practice: name, TIN, address.
        person: name of the person at the computer.
        clinicians: may be empty.
        profile: the first performance year.
        passphrase: the person's.
        folder: where to put it; None: where practices are kept.
    """

    practice: Practice
    person: str
    clinicians: tuple[Clinician, ...]
    profile: YearProfile
    passphrase: str
    folder: Path | None = None


def make_practice(answers: FirstRun, parent: Path) -> Session:
    """Make the vault of a new practice and enter the answers.

    Args:
        answers: checked by the pages that asked.
        parent: where to put the vault; made when it is not there.

    Raises:
        MipsDeskError: it could not be made; the message says why.
    """
    setup.check_practice(answers.practice)
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(
            "The folder for practices could not be made. Nothing was stored; check the disk and its permissions, then"
            " try again."
        ) from error
    folder = vault_folder(parent, answers.practice.name)
    session = create_practice(folder, answers.passphrase, answers.practice, answers.person)
    try:
        setup.set_profile(session, answers.profile)
        if answers.clinicians:
            setup.put_clinicians(session, answers.clinicians)
    except BaseException:
        session.close()
        # Half a practice would stand in the way of the next try.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return session
