"""The binder as a tree of parts with their state, before any page exists. The Binder room shows the same tree."""

from dataclasses import dataclass

from mips_desk.domain import phrases
from mips_desk.domain.attested import DifferenceKind
from mips_desk.domain.readiness import Lack

from .checks import PAPERS_TARGET, Check, State, Topic, checks_of
from .content import ActivityPart, BinderContent, ExhibitSheet

__all__ = ["Check", "Outline", "Part", "State", "Topic", "activity_key", "exhibit_key", "outline"]

#: Characters of a caption in the contents and bookmarks; the exhibit itself prints all of it.
_TITLE_LENGTH = 90


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
    checks = checks_of(content)
    papers = tuple(_exhibit(sheet, checks) for sheet in content.papers)
    people = (Part("half", "Who performed each activity"),) if content.clinicians and content.parts else ()
    score = () if content.request else (Part("score", "How the score is calculated"),)
    front = [
        *([Part("letter", "Cover letter")] if content.request else []),
        Part("cover", "Cover"),
        Part("contents", "Contents"),
        Part("summary", "Summary", children=score),
        Part("status", "Eligibility and status", _worst(checks, PAPERS_TARGET), papers, PAPERS_TARGET),
        Part("people", "Practice and clinicians", _worst(checks, "practice"), people),
        Part("attested", "Attestation record", _attested_state(content)),
        Part("method", "How this evidence was made"),
    ]
    activities = [_activity(part, checks, content) for part in content.parts]
    messages = [Part("messages", "Portal message report")] if content.messages else []
    state = State.GAP if any(check.state is State.GAP for check in checks) else State.COMPLETE
    back = [
        Part("exhibits", appendix("A", "Exhibit list")),
        Part("redactions", appendix("B", "Redaction log")),
        Part("custody", appendix("C", "Custody")),
        Part("verify", appendix("D", "Hashes and how to check them")),
        Part("missing", appendix("E", "Missing or withheld items"), state),
        Part("sources", appendix("F", "Sources and rule pack")),
        Part("glossary", appendix("G", "Glossary")),
        *([Part("journal", appendix("H", "Journal extract"))] if content.journal_entries else []),
        Part("certification", "Certification"),
    ]
    ordered = sorted(checks, key=lambda check: check.state is not State.GAP)
    return Outline((*front, *activities, *messages, *back), tuple(ordered))


def appendix(letter: str, title: str) -> str:
    """Return the title of an appendix."""
    return f"Appendix {letter}  {title}"


def _attested_state(content: BinderContent) -> State:
    """Return how the attestation record stands: what differs is said openly, and nothing of it is missing."""
    grave = any(each.kind is not DifferenceKind.SURPLUS for each in content.differences)
    return State.WARNING if grave else State.COMPLETE


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
    children += [_exhibit(sheet, checks) for sheet in part.exhibits]
    state = _worst(here, own)
    return Part(activity_key(part), f"{own}  {part.activity.title}", state, tuple(children), own)


def _exhibit(sheet: ExhibitSheet, checks: list[Check]) -> Part:
    return Part(exhibit_key(sheet), _exhibit_title(sheet), _worst(checks, sheet.item.id), target=sheet.item.id)


def _exhibit_title(sheet: ExhibitSheet) -> str:
    caption = phrases.shortened(sheet.item.caption, _TITLE_LENGTH)
    return f"Exhibit {sheet.number}  {caption}" if caption else f"Exhibit {sheet.number}"


def _worst(checks: list[Check], target: str) -> State:
    states = {check.state for check in checks if target in check.targets}
    return next((state for state in (State.GAP, State.WARNING) if state in states), State.COMPLETE)


def _story_state(part: ActivityPart) -> State:
    return State.COMPLETE if part.selection.story.strip() else State.WARNING
