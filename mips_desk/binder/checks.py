"""What an auditor would ask back, as data: what is missing, and what is there but weak."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mips_desk.domain import phrases
from mips_desk.domain.activity import PeriodKind
from mips_desk.domain.papers import PAPERS, PaperKind
from mips_desk.domain.period import LONG_GAP
from mips_desk.domain.practice import Track
from mips_desk.domain.readiness import ITEM_LACKS, Lack, Missing

from .content import ActivityPart, BinderContent, ExhibitSheet

#: What a check of the practice papers as a whole leads to.
PAPERS_TARGET: Final = "papers"
#: As many clinicians are named in a sentence.
_NAMED: Final = 3


class State(StrEnum):
    """How a part stands."""

    COMPLETE = "complete"
    WARNING = "warning"
    GAP = "gap"


class Topic(StrEnum):
    """What a check is about, and so where it is answered."""

    PRACTICE = "practice"
    PAPER = "paper"
    CHOICE = "choice"
    DATES = "dates"
    CHECKLIST = "checklist"
    ITEM = "item"
    PICTURE = "picture"
    PROOF = "proof"
    STORY = "story"
    ATTESTATION = "attestation"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that an auditor would ask back.

    Attributes:
        text: for the practice, one sentence: what is missing or weak, and what to do.
        targets: what the sentence leads to: an evidence id, an activity id, "papers" or "practice"; the nearest first.
        state: GAP makes the binder partial, WARNING does not.
        topic: the practice and its people, the practice papers, which activities are chosen, period and dates of use, a
            line of the checklist, what is said about an evidence item, its picture and marks, the proof of an activity
            as a whole, how it was done, or when it was reported.
        about: what it concerns, as it is printed: an exhibit number, an activity, or "Practice".
        reason: for the auditor, one sentence: what is missing or weak.
        plan: what the practice will do about a gap; empty for a warning.
    """

    text: str
    targets: tuple[str, ...]
    state: State
    topic: Topic
    about: str
    reason: str
    plan: str = ""


#: What is missing, said to an auditor; what the practice does about it is the text of the lack.
_REASONS: Final = {
    Lack.PERIOD: "No performance period is claimed yet.",
    Lack.PERIOD_SHORT: "The period claimed is shorter than the activity asks.",
    Lack.PERIOD_OUTSIDE: "The period claimed does not lie inside the performance year.",
    Lack.DATES: "No date of use lies inside the performance period.",
    Lack.CLINICIANS: "Dates of use name fewer clinicians than the group needs.",
    Lack.OPTION: "A line of the checklist has no complete proof.",
    Lack.CAPTION: "The exhibit has no caption.",
    Lack.SHOWS_DATE: "The day that the exhibit shows is not entered.",
    Lack.DATE_OUTSIDE: "The day that the exhibit shows lies outside the performance period, and no reason is given.",
    Lack.ITEM_OPTION: "The exhibit is not assigned to what it proves.",
    Lack.REDACTION: "The picture is withheld: patient identifiers are neither redacted nor confirmed absent.",
}


def checks_of(content: BinderContent) -> list[Check]:
    """Return what an auditor would ask back, in the order of the binder.

    Args:
        content: the binder.
    """
    checks = [*_practice(content), *_papers(content)]
    checks += _gaps(PAPERS, PAPERS_TARGET, content.papers_missing, content.papers, content.papers_withheld_besides)
    for part in content.parts:
        own = part.activity.id
        checks += _gaps(own, own, part.readiness.missing, part.exhibits, part.withheld_besides)
        checks += [*_weak(part, content), *_uncovered(part.exhibits, own)]
    checks += _uncovered(content.papers, PAPERS_TARGET)
    for name in content.not_chosen:
        text = f"{name}: It was asked for, and it was not chosen for {content.year}."
        plan = "None: the practice did not plan or report it."
        reason = "It was asked for, and it is not among the activities chosen for the year."
        checks.append(Check(text, (name,), State.GAP, Topic.CHOICE, name, reason, plan))
    if not content.parts:
        text = f"No activity was chosen for {content.year}."
        plan = "Choose an activity."
        checks.append(Check(text, ("practice",), State.GAP, Topic.CHOICE, "Practice", text, plan))
    return checks


def _practice(content: BinderContent) -> list[Check]:
    found = []
    if not content.practice.tin:
        found.append(("The practice has no TIN. Enter it under Settings.", "No TIN is entered."))
    without = [clinician.name for clinician in content.clinicians if not clinician.npi]
    if without:
        text = f"{phrases.count(len(without), 'clinician has', 'clinicians have')} no NPI: {_names(without)}."
        found.append((text, text))
    if not content.clinicians:
        text = f"No clinician is on the roster of {content.year}."
        found.append((text, text))
    return [Check(text, ("practice",), State.WARNING, Topic.PRACTICE, "Practice", reason) for text, reason in found]


def _papers(content: BinderContent) -> list[Check]:
    """Return which practice papers an auditor would miss; the lists of what to keep name them all."""
    profile = content.profile
    found = []
    without = [each.name for each in content.clinicians if not content.papers_of(PaperKind.PARTICIPATION, each.id)]
    if without:
        found.append(f"No participation status is there for {_names(without)}.")
    if profile.special_statuses and not content.papers_of(PaperKind.SPECIAL_STATUS):
        names = phrases.listed(sorted(status.label for status in profile.special_statuses))
        found.append(f"No paper shows the special status: {names}.")
    if (program := _program(content)) and not content.papers_of(PaperKind.PROGRAM):
        found.append(f"No paper shows the {program}.")
    checks = [Check(text, (PAPERS_TARGET,), State.WARNING, Topic.PAPER, "Practice papers", text) for text in found]
    known = {sheet.item.id for sheet in content.papers}
    bare = [record for record in content.attested if record.activities and record.receipt_id not in known]
    if bare:
        days = phrases.listed(dict.fromkeys(phrases.short_day(record.on) for record in bare))
        text = f"No receipt is there for what was attested on {days}."
        checks.append(Check(text, (PAPERS_TARGET,), State.WARNING, Topic.PAPER, "Attestation record", text))
    return checks


def _program(content: BinderContent) -> str:
    profile = content.profile
    if profile.track is Track.MVP:
        return "registration for the MVP"
    if profile.pcmh_sites_recognised:
        return "recognition as a medical home"
    return "participation in the APM" if profile.apm_participant or profile.track is not Track.TRADITIONAL else ""


def _names(names: list[str]) -> str:
    if len(names) <= _NAMED + 1:
        return phrases.listed(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"


def _topic(lack: Lack) -> Topic:
    if lack in (Lack.REDACTION, Lack.LOOK):
        return Topic.PICTURE
    if lack in ITEM_LACKS:
        return Topic.ITEM
    return Topic.CHECKLIST if lack is Lack.OPTION else Topic.DATES


def _gaps(
    name: str,
    target: str,
    missing: tuple[Missing, ...],
    exhibits: tuple[ExhibitSheet, ...],
    withheld_besides: tuple[ExhibitSheet, ...],
) -> list[Check]:
    """Return what is missing or withheld of an activity or of the practice papers.

    Args:
        name: of it, as printed.
        target: what leads to it.
        missing: what its readiness says.
        exhibits: its exhibits.
        withheld_besides: those withheld for a reason that readiness does not name.
    """
    sheets = {sheet.item.id: sheet for sheet in exhibits}
    checks = []
    for each in missing:
        of_item = each.lack in ITEM_LACKS and each.evidence_id
        sheet = sheets.get(each.evidence_id) if of_item else None
        about = sheet.number if sheet else name
        targets = (each.evidence_id, target) if of_item else (target,)
        text = f"{about}: {each.text}{_until(each.lack, sheet)}"
        reason = _REASONS.get(each.lack) or _not_looked_at(sheet)
        checks.append(Check(text, targets, State.GAP, _topic(each.lack), about, reason, each.text))
    for sheet in withheld_besides:
        text = f"{sheet.number}: The picture is withheld. {sheet.withheld}"
        reason = sheet.withheld if sheet.destroyed else f"The picture is withheld. {sheet.withheld}"
        plan = "None: it cannot be shown any more." if sheet.destroyed else "Settle it, look at it, and show it."
        targets = (sheet.item.id, target)
        checks.append(Check(text, targets, State.GAP, Topic.PICTURE, sheet.number, reason, plan))
    return checks


def _not_looked_at(sheet: ExhibitSheet | None) -> str:
    shown = "The picture is withheld" if sheet is not None and sheet.withheld else "The picture is shown"
    since = f" since {sheet.changed_by} changed it" if sheet is not None and sheet.changed_by else ""
    return f"{shown}, and nobody looked at it{since}."


def _until(lack: Lack, sheet: ExhibitSheet | None) -> str:
    """Return whether a picture is in the binder all the same, as a sentence after what is asked."""
    if lack is Lack.REDACTION or (lack is Lack.LOOK and sheet is not None and sheet.unseen):
        return " It is withheld until then."
    if lack is Lack.LOOK and sheet is not None and not sheet.withheld:
        since = f" since {sheet.changed_by} changed it" if sheet.changed_by else ""
        return f" It is shown, and nobody looked at it{since}."
    return ""


def _uncovered(exhibits: tuple[ExhibitSheet, ...], target: str) -> list[Check]:
    """Return the pictures that only the full edition shows."""
    return [
        Check(
            f"{sheet.number}: Nothing is redacted in it yet, and the full edition shows it.",
            (sheet.item.id, target),
            State.WARNING,
            Topic.PICTURE,
            sheet.number,
            "The redacted edition withholds this picture; the full edition shows it.",
        )
        for sheet in exhibits
        if sheet.unredacted and not sheet.withheld
    ]


def _weak(part: ActivityPart, content: BinderContent) -> list[Check]:
    own = part.activity.id
    found: list[tuple[Topic, str, str]] = []
    if not part.selection.story.strip():
        text = "Say in a few sentences how the activity was done."
        found.append((Topic.STORY, text, "How the activity was done is not written down."))
    if part.use_summary.longest_gap > LONG_GAP and part.activity.guidance.period.kind is PeriodKind.CONTINUOUS_DAYS:
        reason = f"{part.use_summary.longest_gap} days in a row have no date of use."
        found.append((Topic.DATES, f"{reason} Log them or explain the gap.", reason))
    if part.selection.attested_on is None:
        text = "No date of attestation is recorded."
        found.append((Topic.ATTESTATION, text, text))
    elif not part.readiness.complete:
        text = "It was attested, but its proof is not complete."
        found.append((Topic.PROOF, text, text))
    return [Check(f"{own}: {text}", (own,), State.WARNING, topic, own, reason) for topic, text, reason in found]
