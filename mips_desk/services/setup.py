"""Enter and change the practice, its clinicians, and what it is in a performance year."""

import csv
import dataclasses
import io

from mips_desk.domain.practice import (
    SMALL_PRACTICE_MAX,
    Clinician,
    Level,
    Practice,
    SpecialStatus,
    Track,
    YearProfile,
    npi_is_valid,
    tin_is_valid,
)
from mips_desk.errors import BadInputError
from mips_desk.store import Event

from .changes import Changed, Changes
from .session import Session


def set_practice(session: Session, practice: Practice) -> Changes:
    """Change the practice's name, TIN or address.

    Raises:
        BadInputError: there is no name, or the TIN is not nine digits.
    """
    before = session.vault.practice()
    check_practice(practice)
    with session.vault.write(Event.PRACTICE_CHANGED) as tx:
        tx.put_practice(practice)
    return Changes(Changed.PRACTICE, "Change practice", undo=lambda: set_practice(session, before))


def check_practice(practice: Practice) -> None:
    """Check what was typed about a practice.

    Raises:
        BadInputError: there is no name, or the TIN is not nine digits.
    """
    if not practice.name.strip():
        raise BadInputError("Enter the name of the practice.")
    if practice.tin and not tin_is_valid(practice.tin):
        raise BadInputError("A TIN has nine digits, for example 12-3456789. Correct it or leave it empty.")


def check_clinician(clinician: Clinician) -> None:
    """Check what was typed about a clinician.

    Raises:
        BadInputError: there is no name, or the NPI's check digit is wrong.
    """
    if not clinician.name.strip():
        raise BadInputError("Enter the clinician's name.")
    if clinician.npi and not npi_is_valid(clinician.npi):
        raise BadInputError(f"“{clinician.npi}” is not an NPI: the check digit is wrong. Look for a swapped digit.")


def put_clinicians(session: Session, clinicians: tuple[Clinician, ...]) -> Changes:
    """Add clinicians, or change those whose id exists.

    Raises:
        BadInputError: a name is missing or an NPI is wrong; nothing was changed.
    """
    for clinician in clinicians:
        check_clinician(clinician)
    known = {clinician.id: clinician for clinician in session.vault.clinicians()}
    before = tuple(known[c.id] for c in clinicians if c.id in known)
    added = tuple(c.id for c in clinicians if c.id not in known)
    with session.vault.write(Event.CLINICIANS_CHANGED) as tx:
        ids = tuple(tx.put_clinician(clinician).id for clinician in clinicians)

    def undo() -> Changes:
        with session.vault.write(Event.CLINICIANS_CHANGED) as tx:
            for clinician in before:
                tx.put_clinician(clinician)
            for clinician_id in ids:
                if clinician_id not in known:
                    tx.remove_clinician(clinician_id)
        return Changes(Changed.PRACTICE, label, ids, undo=lambda: put_clinicians(session, clinicians))

    label = "Change clinician" if not added else f"Add {len(added)} clinicians" if len(added) > 1 else "Add clinician"
    return Changes(Changed.PRACTICE, label, ids, undo=undo)


def remove_clinician(session: Session, clinician_id: str) -> Changes:
    """Take a clinician off the list; what was logged for the person stays."""
    with session.vault.write(Event.CLINICIANS_CHANGED) as tx:
        tx.remove_clinician(clinician_id)

    def undo() -> Changes:
        with session.vault.write(Event.CLINICIANS_CHANGED) as tx:
            tx.restore_clinician(clinician_id)
        return Changes(
            Changed.PRACTICE, "Remove clinician", (clinician_id,), lambda: remove_clinician(session, clinician_id)
        )

    return Changes(Changed.PRACTICE, "Remove clinician", (clinician_id,), undo)


def read_clinicians(pasted: str) -> tuple[Clinician, ...]:
    """Read clinicians pasted from a spreadsheet: one a line, name and NPI in any column order, credential optional.

    Args:
        pasted: text with tabs, commas or semicolons between cells; a header line is skipped.

    Raises:
        BadInputError: a line has no name or a wrong NPI; the message names the line.
    """
    sample = pasted[:2000]
    delimiter = next((mark for mark in "\t;," if mark in sample), "\t")
    found: list[Clinician] = []
    for number, row in enumerate(csv.reader(io.StringIO(pasted), delimiter=delimiter), start=1):
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells or (number == 1 and any(cell.lower() in ("npi", "name", "clinician") for cell in cells)):
            continue
        npis = [cell for cell in cells if cell.replace(" ", "").isdigit()]
        words = [cell for cell in cells if cell not in npis]
        if not words:
            raise BadInputError(f"Line {number} has no name.")
        npi = npis[0].replace(" ", "") if npis else ""
        if npi and not npi_is_valid(npi):
            raise BadInputError(f"Line {number}: “{npi}” is not an NPI, its check digit is wrong.")
        found.append(Clinician("", words[0], npi, words[1] if len(words) > 1 else ""))
    if not found:
        raise BadInputError("No clinician was found in the pasted text.")
    return tuple(found)


def set_profile(session: Session, profile: YearProfile) -> Changes:
    """Enter or change what the practice is in a performance year; this also opens the year.

    Raises:
        BadInputError: the year has no rules, or the level and track do not exist in that year.
    """
    check_profile(session, profile)
    before = session.vault.profile(profile.year)
    with session.vault.write(Event.PROFILE_CHANGED) as tx:
        tx.put_profile(profile)
    return Changes(
        Changed.PROFILE,
        f"Change year {profile.year}",
        undo=(lambda: set_profile(session, before)) if before is not None else None,
    )


def check_profile(session: Session, profile: YearProfile) -> None:
    """Check that level and track exist in the year and fit each other.

    Raises:
        BadInputError: they do not; one sentence says which.
    """
    if profile.year not in session.catalog.years:
        years = session.catalog.years
        raise BadInputError(f"MIPS Desk knows the performance years {min(years)} to {max(years)}.")
    if profile.level is Level.SUBGROUP and profile.track is not Track.MVP:
        raise BadInputError("A subgroup reports an MVP only. Choose MVP as the track.")
    rules = session.rules(profile.year)
    if profile.track not in rules.tracks:
        raise BadInputError(f"{profile.year} has no {profile.track.label}; choose another track.")
    if profile.level not in rules.levels:
        raise BadInputError(f"{profile.level.label} was no reporting level in {profile.year}; choose another.")


def statuses_for(clinicians: int, chosen: frozenset[SpecialStatus]) -> frozenset[SpecialStatus]:
    """Return the special statuses with small practice set by the number of eligible clinicians (42 CFR 414.1305).

    Args:
        clinicians: eligible clinicians in the TIN; 15 is small, 16 is not.
        chosen: the other statuses.
    """
    small = {SpecialStatus.SMALL_PRACTICE}
    return chosen | small if 0 < clinicians <= SMALL_PRACTICE_MAX else chosen - small


def new_year(session: Session, year: int) -> Changes:
    """Open a further performance year with the level, track and statuses of the nearest year already entered."""
    years = session.vault.years()
    nearest = min(years, key=lambda other: abs(other - year)) if years else None
    profile = session.vault.profile(nearest) if nearest is not None else None
    fresh = dataclasses.replace(profile, year=year) if profile else YearProfile(year)
    if fresh.track is Track.MVP:
        fresh = dataclasses.replace(fresh, mvp_id="")
    return set_profile(session, fresh)
