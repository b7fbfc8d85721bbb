"""The binder as a tree of parts with their state, before any page exists. The Binder room shows the same tree."""

from dataclasses import dataclass
from enum import StrEnum

from mips_desk.domain import phrases
from mips_desk.domain.activity import PeriodKind
from mips_desk.domain.period import LONG_GAP
from mips_desk.domain.readiness import ITEM_LACKS, Lack

from .content import ActivityPart, BinderContent, ExhibitSheet

#: Characters of a caption in the contents and bookmarks; the exhibit itself prints all of it.
_TITLE_LENGTH = 90


class State(StrEnum):
    """How a part stands."""

    COMPLETE = "complete"
    WARNING = "warning"
    GAP = "gap"


class Topic(StrEnum):
    """What a check is about, and so where it is answered."""

    PRACTICE = "practice"
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
        text: one sentence: what is missing or weak, and what to do.
        targets: what the sentence leads to: an evidence id, an activity id, or "practice"; the nearest first.
        state: GAP makes the binder partial, WARNING does not.
        topic: the practice and its people, which activities are chosen, period and dates of use, a line of the
            checklist, what is said about an evidence item, its picture and marks, the proof of an activity as a
            whole, how it was done, or when it was reported.
    """

    text: str
    targets: tuple[str, ...]
    state: State
    topic: Topic


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the contents, of the bookmarks and of the Binder room.

    Attributes:
        key: where it leads, unique in the binder.
        title: as printed.
        state: the worst of its own state and that of its children.
        children: entries below it.
        target: evidence id or activity id that it is about; empty when none.
    """

    key: str
    title: str
    state: State = State.COMPLETE
    children: tuple["Part", ...] = ()
    target: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole binder.

    Attributes:
        parts: top-level entries in the order of the pages.
        checks: what an auditor would ask back, gaps first.
    """

    parts: tuple[Part, ...]
    checks: tuple[Check, ...]

    @property
    def gaps(self) -> tuple[Check, ...]:
        """The checks that make the binder partial."""
        return tuple(check for check in self.checks if check.state is State.GAP)


def activity_key(part: ActivityPart, corner: str = "") -> str:
    """Return the key of an activity's part, or of a corner of it: requirement, checklist, dates and so on."""
    return f"activity:{part.selection.id}" + (f":{corner}" if corner else "")


def exhibit_key(sheet: ExhibitSheet) -> str:
    """Return the key of an exhibit."""
    return f"exhibit:{sheet.item.id}"


def outline(content: BinderContent) -> Outline:
    """Return the tree of a binder and what an auditor would ask back.

    Args:
        content: the binder.
    """
    checks = [*_practice_checks(content)]
    for part in content.parts:
        checks += _gaps(part) + _weak(part)
    if not content.parts:
        checks.append(Check(f"No activity was chosen for {content.year}.", ("practice",), State.GAP, Topic.CHOICE))
    front = [
        Part("cover", "Cover"),
        Part("contents", "Contents"),
        Part("summary", "Summary", children=(Part("score", "How the score is calculated"),)),
        Part("people", "Practice and clinicians", _worst(checks, "practice")),
        Part("method", "How this evidence was made"),
    ]
    missing = Part("missing", "Missing or withheld items", State.GAP)
    back = [
        *([missing] if any(check.state is State.GAP for check in checks) else []),
        Part("verify", "How to verify this binder"),
        *([Part("exhibits", "Exhibit list with hashes")] if content.exhibits else []),
        *([Part("redactions", "Redaction log")] if content.redacted else []),
        *([Part("journal", "Journal extract")] if content.journal_entries else []),
        Part("glossary", "Glossary"),
        Part("sources", "Sources"),
        Part("certification", "Certification"),
    ]
    activities = [_activity(part, checks, content) for part in content.parts]
    ordered = sorted(checks, key=lambda check: check.state is not State.GAP)
    return Outline((*front, *activities, *back), tuple(ordered))


def _activity(part: ActivityPart, checks: list[Check], content: BinderContent) -> Part:
    own = part.activity.id
    here = [check for check in checks if own in check.targets]
    lacks = {missing.lack for missing in part.readiness.missing}
    dates = State.GAP if lacks & {Lack.PERIOD, Lack.PERIOD_SHORT, Lack.PERIOD_OUTSIDE, Lack.DATES} else State.COMPLETE
    checklist = State.GAP if Lack.OPTION in lacks else State.COMPLETE
    children = [
        Part(activity_key(part, "requirement"), "What is required", target=own),
        *(
            [Part(activity_key(part, "checklist"), "Checklist", checklist, target=own)]
            if part.readiness.options
            else []
        ),
        Part(activity_key(part, "dates"), "Period and dates of use", dates, target=own),
        Part(activity_key(part, "story"), "How it was done", _story_state(part), target=own),
    ]
    if content.sign_off:
        children.append(Part(activity_key(part, "sign-off"), "Attestation", target=own))
    children += [
        Part(
            exhibit_key(sheet),
            _exhibit_title(sheet),
            _worst(checks, sheet.item.id),
            target=sheet.item.id,
        )
        for sheet in part.exhibits
    ]
    state = _worst(here, own)
    return Part(activity_key(part), f"{own}  {part.activity.title}", state, tuple(children), own)


def _exhibit_title(sheet: ExhibitSheet) -> str:
    caption = phrases.shortened(sheet.item.caption, _TITLE_LENGTH)
    return f"Exhibit {sheet.number}  {caption}" if caption else f"Exhibit {sheet.number}"


def _worst(checks: list[Check], target: str) -> State:
    states = {check.state for check in checks if target in check.targets}
    return next((state for state in (State.GAP, State.WARNING) if state in states), State.COMPLETE)


def _story_state(part: ActivityPart) -> State:
    return State.COMPLETE if part.selection.story.strip() else State.WARNING


def _practice_checks(content: BinderContent) -> list[Check]:
    found = []
    if not content.practice.tin:
        found.append("The practice has no TIN. Enter it under Settings.")
    without = [clinician for clinician in content.clinicians if not clinician.npi]
    if without:
        who = phrases.count(len(without), "clinician has", "clinicians have")
        found.append(f"{who} no NPI: {phrases.listed(clinician.name for clinician in without[:3])}.")
    if not content.clinicians:
        found.append(f"No clinician is on the roster of {content.year}.")
    return [Check(text, ("practice",), State.WARNING, Topic.PRACTICE) for text in found]


def _topic(lack: Lack) -> Topic:
    if lack in (Lack.REDACTION, Lack.LOOK):
        return Topic.PICTURE
    if lack in ITEM_LACKS:
        return Topic.ITEM
    return Topic.CHECKLIST if lack is Lack.OPTION else Topic.DATES


def _gaps(part: ActivityPart) -> list[Check]:
    own = part.activity.id
    sheets = {sheet.item.id: sheet for sheet in part.exhibits}
    checks = []
    for missing in part.readiness.missing:
        of_item = missing.lack in ITEM_LACKS and missing.evidence_id
        sheet = sheets.get(missing.evidence_id) if of_item else None
        where = sheet.number if sheet else own
        targets = (missing.evidence_id, own) if of_item else (own,)
        text = f"{where}: {missing.text}{_until(missing.lack, sheet)}"
        checks.append(Check(text, targets, State.GAP, _topic(missing.lack)))
    for sheet in part.withheld_besides:
        text = f"{sheet.number}: The picture is withheld. {sheet.withheld}"
        checks.append(Check(text, (sheet.item.id, own), State.GAP, Topic.PICTURE))
    return checks


def _until(lack: Lack, sheet: ExhibitSheet | None) -> str:
    """Return whether a picture is in the binder all the same, as a sentence after what is asked."""
    if lack is Lack.REDACTION or (lack is Lack.LOOK and sheet is not None and sheet.unseen):
        return " It is withheld until then."
    if lack is Lack.LOOK and sheet is not None and not sheet.withheld:
        since = f" since {sheet.changed_by} changed it" if sheet.changed_by else ""
        return f" It is shown, and nobody looked at it{since}."
    return ""


def _weak(part: ActivityPart) -> list[Check]:
    own = part.activity.id
    found: list[tuple[Topic, str]] = []
    if not part.selection.story.strip():
        found.append((Topic.STORY, "Say in a few sentences how the activity was done."))
    if part.use_summary.longest_gap > LONG_GAP and part.activity.guidance.period.kind is PeriodKind.CONTINUOUS_DAYS:
        gap = part.use_summary.longest_gap
        found.append((Topic.DATES, f"{gap} days in a row have no date of use. Log them or explain the gap."))
    if part.selection.attested_on is None:
        found.append((Topic.ATTESTATION, "No date of attestation is recorded."))
    elif not part.readiness.complete:
        found.append((Topic.PROOF, "It was attested, but its proof is not complete."))
    return [Check(f"{own}: {text}", (own,), State.WARNING, topic) for topic, text in found]
