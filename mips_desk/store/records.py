"""Domain records as rows of the database, and back."""

import hashlib
import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import msgspec

from mips_desk.domain.evidence import EvidenceItem, Export, Intake, Selection, Source, UseEntry
from mips_desk.domain.official import OfficialActivity, OfficialList, OfficialMeasure
from mips_desk.domain.period import Period
from mips_desk.domain.practice import (
    Category,
    Clinician,
    Level,
    Person,
    Practice,
    Role,
    SpecialStatus,
    Track,
    YearProfile,
)

from .journal import canonical

Row = Mapping[str, Any]

#: More than any of CMS's lists has (0.1 MB), and little enough for the memory.
_LARGEST_OFFICIAL = 64 << 20

_INTAKE = (
    "id",
    "selection_id",
    "number",
    "sha256",
    "media_type",
    "width",
    "height",
    "source",
    "taken_at",
    "taken_by",
    "host",
    "window_title",
    "file_name",
    "scale",
)


def practice_row(practice: Practice) -> dict[str, Any]:
    """Return the row of the practice."""
    return {"name": practice.name, "tin": practice.tin, "address": practice.address}


def practice_of(row: Row) -> Practice:
    """Return the practice that a row holds."""
    return Practice(name=row["name"], tin=row["tin"], address=row["address"])


def person_of(row: Row) -> Person:
    """Return the person that a row holds."""
    return Person(id=row["id"], name=row["name"], role=Role(row["role"]))


def clinician_row(clinician: Clinician) -> dict[str, Any]:
    """Return the row of a clinician, without its id."""
    return {
        "name": clinician.name,
        "npi": clinician.npi,
        "credential": clinician.credential,
        "role": clinician.role,
        "joined_on": _day_text(clinician.joined),
        "left_on": _day_text(clinician.left),
    }


def clinician_of(row: Row) -> Clinician:
    """Return the clinician that a row holds."""
    return Clinician(
        id=row["id"],
        name=row["name"],
        npi=row["npi"],
        credential=row["credential"],
        role=row["role"],
        joined=_day(row["joined_on"]),
        left=_day(row["left_on"]),
    )


def profile_row(profile: YearProfile) -> dict[str, Any]:
    """Return the row of a year, without the year."""
    return {
        "level": str(profile.level),
        "track": str(profile.track),
        "special_statuses": _set_text(profile.special_statuses),
        "mvp_id": profile.mvp_id,
        "npis_total": profile.npis_total,
        "eligible_clinicians": profile.eligible_clinicians,
        "missing_categories": _set_text(profile.missing_categories),
        "apm_participant": int(profile.apm_participant),
        "submitted_quality": _truth_number(profile.submitted_quality),
        "submitted_pi": _truth_number(profile.submitted_pi),
        "euc_exception": int(profile.euc_exception),
        "web_interface_apm": int(profile.web_interface_apm),
        "pcmh_sites_total": profile.pcmh_sites_total,
        "pcmh_sites_recognised": profile.pcmh_sites_recognised,
    }


def profile_of(row: Row) -> YearProfile:
    """Return the year that a row holds."""
    return YearProfile(
        year=row["year"],
        level=Level(row["level"]),
        track=Track(row["track"]),
        special_statuses=frozenset(SpecialStatus(name) for name in json.loads(row["special_statuses"])),
        mvp_id=row["mvp_id"],
        npis_total=row["npis_total"],
        eligible_clinicians=row["eligible_clinicians"],
        missing_categories=frozenset(Category(name) for name in json.loads(row["missing_categories"])),
        apm_participant=bool(row["apm_participant"]),
        submitted_quality=_truth(row["submitted_quality"]),
        submitted_pi=_truth(row["submitted_pi"]),
        euc_exception=bool(row["euc_exception"]),
        web_interface_apm=bool(row["web_interface_apm"]),
        pcmh_sites_total=row["pcmh_sites_total"],
        pcmh_sites_recognised=row["pcmh_sites_recognised"],
    )


def selection_row(selection: Selection) -> dict[str, Any]:
    """Return the changeable part of the row of a selection."""
    return {
        "period_start": _day_text(selection.period.start if selection.period else None),
        "period_end": _day_text(selection.period.end if selection.period else None),
        "story": selection.story,
        "private_note": selection.private_note,
    }


def selection_of(row: Row) -> Selection:
    """Return the selection that a row holds."""
    start, end = _day(row["period_start"]), _day(row["period_end"])
    return Selection(
        id=row["id"],
        year=row["year"],
        activity_id=row["activity_id"],
        period=Period(start, end) if start and end else None,
        story=row["story"],
        private_note=row["private_note"],
        attested_on=_day(row["attested_on"]),
    )


def intake_row(item: EvidenceItem) -> dict[str, Any]:
    """Return the part of the row of an evidence item that is written once."""
    return {
        "id": item.id,
        "selection_id": item.selection_id,
        "number": item.number,
        "sha256": item.sha256,
        "media_type": item.media_type,
        "width": item.width,
        "height": item.height,
        "source": str(item.intake.source),
        "taken_at": item.intake.at.isoformat(),
        "taken_by": item.intake.person,
        "host": item.intake.host,
        "window_title": item.intake.window_title,
        "file_name": item.intake.file_name,
        "scale": item.intake.scale,
    }


def intake_seal(row: Row) -> str:
    """Return a hash (hex) over what `intake_row` gave, for the journal: titles and file names need not stand there."""
    return hashlib.sha256(intake_bytes(row)).hexdigest()


def intake_bytes(row: Row) -> bytes:
    """Return what `intake_row` gave as canonical JSON; its hash is the seal."""
    return canonical({name: row[name] for name in _INTAKE}).encode()


def evidence_row(item: EvidenceItem) -> dict[str, Any]:
    """Return the part of the row of an evidence item that a person can change."""
    return {
        "caption": item.caption,
        "shows_date": _day_text(item.shows_date),
        "option_key": item.option_key,
        "outside_reason": item.outside_reason,
        "address": item.address,
        "clinician_ids": json.dumps(item.clinician_ids),
        "no_identifiers": int(item.no_identifiers),
        "looked_at_by": item.looked_at_by,
        "looked_at_on": item.looked_at_on.isoformat() if item.looked_at_on else None,
    }


def evidence_of(row: Row) -> EvidenceItem:
    """Return the evidence item that a row holds."""
    return EvidenceItem(
        id=row["id"],
        selection_id=row["selection_id"],
        number=row["number"],
        caption=row["caption"],
        shows_date=_day(row["shows_date"]),
        option_key=row["option_key"],
        outside_reason=row["outside_reason"],
        address=row["address"],
        clinician_ids=tuple(json.loads(row["clinician_ids"])),
        intake=Intake(
            source=Source(row["source"]),
            at=datetime.fromisoformat(row["taken_at"]),
            person=row["taken_by"],
            host=row["host"],
            window_title=row["window_title"],
            file_name=row["file_name"],
            scale=row["scale"],
        ),
        sha256=row["sha256"],
        media_type=row["media_type"],
        width=row["width"],
        height=row["height"],
        marks_revision=row["marks_revision"],
        redactions=row["redactions"],
        other_marks=row["other_marks"],
        no_identifiers=bool(row["no_identifiers"]),
        looked_at_by=row["looked_at_by"],
        looked_at_on=datetime.fromisoformat(row["looked_at_on"]) if row["looked_at_on"] else None,
        destroyed=bool(row.get("destroyed")),
        letter=row.get("letter") or "",
        origin=row["origin"],
        marks_origin=row["marks_origin"],
    )


def use_row(use: UseEntry) -> dict[str, Any]:
    """Return the row of a use entry."""
    return {
        "id": use.id,
        "selection_id": use.selection_id,
        "day": use.day.isoformat(),
        "count": use.count,
        "note": use.note,
        "clinician_id": use.clinician_id or None,
        "evidence_id": use.evidence_id or None,
    }


def use_of(row: Row) -> UseEntry:
    """Return the use entry that a row holds."""
    return UseEntry(
        id=row["id"],
        selection_id=row["selection_id"],
        day=date.fromisoformat(row["day"]),
        count=row["count"],
        note=row["note"],
        clinician_id=row["clinician_id"] or "",
        evidence_id=row["evidence_id"] or "",
    )


def export_row(export: Export) -> dict[str, Any]:
    """Return the row of an export."""
    return {
        "id": export.id,
        "year": export.year,
        "at": export.at.isoformat(),
        "person": export.person,
        "file_name": export.file_name,
        "sha256": export.sha256,
        "pages": export.pages,
        "exhibits": export.exhibits,
        "journal_head": export.journal_head,
        "edition": export.edition,
        "kind": export.kind,
        "reason": export.reason,
        "signed_by": export.signed_by,
        "request_id": export.request_id,
    }


def export_of(row: Row) -> Export:
    """Return the export that a row holds, or a note from before an export said of what kind it was."""
    return Export(
        id=row["id"],
        year=row["year"],
        at=datetime.fromisoformat(row["at"]),
        person=row["person"],
        file_name=row["file_name"],
        sha256=row["sha256"],
        pages=row["pages"],
        exhibits=row["exhibits"],
        journal_head=row["journal_head"],
        edition=row["edition"],
        kind=row.get("kind", "binder"),
        reason=row.get("reason", ""),
        signed_by=row.get("signed_by", ""),
        request_id=row.get("request_id", ""),
    )


class _OfficialContent(msgspec.Struct, frozen=True):
    """What is kept of CMS's file."""

    activities: tuple[OfficialActivity, ...]
    messaging: tuple[OfficialMeasure, ...]


def official_content(official: OfficialList) -> bytes:
    """Return what is kept of CMS's file, as canonical JSON."""
    return canonical(
        {name: list(map(asdict, getattr(official, name))) for name in ("activities", "messaging")}
    ).encode()


def official_row(official: OfficialList) -> dict[str, Any]:
    """Return the row of a list of CMS's texts, without its id, and without when and by whom it was loaded."""
    return {
        "year": official.year,
        "sha256": official.sha256,
        "size": official.size,
        "data": zlib.compress(official_content(official), 9),
    }


def official_unpacked(data: bytes) -> bytes:
    """Return the canonical JSON that a row holds compressed.

    Raises:
        ValueError: it is not what `official_row` gave.
    """
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(data, _LARGEST_OFFICIAL)
    except zlib.error as error:
        raise ValueError("not compressed with zlib") from error
    if not unpacking.eof:
        raise ValueError("cut short, or too large")
    return content


def official_of(row: Row) -> OfficialList:
    """Return the list of CMS's texts that a row holds."""
    try:
        content = msgspec.json.decode(official_unpacked(row["data"]), type=_OfficialContent)
    except msgspec.DecodeError as error:
        raise ValueError("not a list of CMS's texts") from error
    return OfficialList(
        year=row["year"],
        activities=content.activities,
        messaging=content.messaging,
        sha256=row["sha256"],
        size=row["size"],
        loaded_at=datetime.fromisoformat(row["loaded_at"]),
        loaded_by=row["loaded_by"],
    )


def _day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _set_text(names: Collection[str]) -> str:
    return json.dumps(sorted(names))


def _truth_number(truth: bool | None) -> int | None:
    return None if truth is None else int(truth)


def _truth(number: int | None) -> bool | None:
    return None if number is None else bool(number)
