"""The outline is plain data, without any PDF."""

from dataclasses import replace
from datetime import date

from mips_desk.binder.outline import Part, State, Topic, outline

from . import binder_sample as sample


def walk(parts: tuple[Part, ...]) -> list[Part]:
    return [found for part in parts for found in (part, *walk(part.children))]


def by_key(content: object) -> dict[str, Part]:
    return {part.key: part for part in walk(outline(content).parts)}  # type: ignore[arg-type]


def test_a_complete_binder_has_no_gap() -> None:
    content = sample.content(sample.portal_part())
    tree = outline(content)
    assert tree.gaps == ()
    assert content.missing == 0
    assert by_key(content)["missing"].state is State.COMPLETE
    assert by_key(content)["activity:s1"].state is State.COMPLETE


def test_what_is_missing_marks_its_part_and_its_activity() -> None:
    content = sample.content(sample.access_part())
    parts = by_key(content)
    assert parts["activity:s2"].state is State.GAP
    assert parts["activity:s2:checklist"].state is State.GAP, "an option has no proof"
    assert parts["exhibit:IA_EPA_1-e1"].state is State.GAP, "its date is outside the period"
    assert parts["exhibit:IA_EPA_1-e3"].state is State.COMPLETE
    assert parts["activity:s2:story"].state is State.WARNING
    assert len(outline(content).gaps) == content.missing == 3


def test_every_check_leads_somewhere_and_gaps_come_first() -> None:
    content = sample.content()
    checks = outline(content).checks
    known = (
        {"practice", "papers"}
        | {part.activity.id for part in content.parts}
        | {shown.item.id for shown in content.exhibits}
    )
    assert all(check.targets and set(check.targets) <= known for check in checks)
    states = [check.state for check in checks]
    assert states == sorted(states, key=lambda state: state is not State.GAP)
    assert any(check.targets[0] == "IA_EPA_1-e1" and "2024-IA_EPA_1-01" in check.text for check in checks), (
        "the exhibit is named by its printed number"
    )


def test_a_long_gap_a_missing_attestation_and_a_missing_npi_are_asked_back() -> None:
    texts = " ".join(check.text for check in outline(sample.content()).checks)
    assert "65 days in a row have no date of use" in texts
    assert "No date of attestation is recorded" in texts
    assert "1 clinician has no NPI: Dana Whitfield." in texts


def test_attested_without_complete_proof_is_said() -> None:
    part = sample.access_part()
    early = replace(part, selection=replace(part.selection, attested_on=date(2025, 1, 3)))
    texts = [check.text for check in outline(sample.content(early)).checks]
    assert "IA_EPA_1: It was attested, but its proof is not complete." in texts


def test_a_withheld_exhibit_is_a_gap_with_its_reason() -> None:
    part = sample.portal_part()
    hidden = replace(part.exhibits[0], withheld="The original was destroyed after review.")
    content = sample.content(replace(part, exhibits=(hidden, *part.exhibits[1:])))
    assert [check.text for check in outline(content).gaps] == [
        "2024-IA_BE_4-01: The picture is withheld. The original was destroyed after review."
    ]
    assert content.missing == 1
    assert by_key(content)["exhibit:IA_BE_4-e1"].state is State.GAP


def test_a_practice_without_activities_has_one_gap() -> None:
    content = replace(sample.content(), parts=())
    assert [check.text for check in outline(content).gaps] == ["No activity was chosen for 2024."]
    assert content.missing == 1


def test_every_check_says_what_it_is_about() -> None:
    part = sample.access_part()
    early = replace(part, selection=replace(part.selection, attested_on=date(2025, 1, 3)))
    hidden = replace(sample.portal_part().exhibits[0], withheld="It was destroyed.")
    withheld = replace(sample.portal_part(), exhibits=(hidden,))
    about = {
        check.text.partition(": ")[2] or check.text: check.topic for check in outline(sample.content(early)).checks
    }
    about |= {check.text.partition(": ")[2]: check.topic for check in outline(sample.content(withheld)).checks}
    about |= {check.text: check.topic for check in outline(replace(sample.content(), parts=())).checks}

    def topic(words: str) -> Topic:
        (found,) = {kind for text, kind in about.items() if words in text}
        return found

    assert topic("no NPI") is Topic.PRACTICE
    assert topic("No activity was chosen") is Topic.CHOICE
    assert topic("days in a row have no date") is Topic.DATES
    assert topic("Add proof") is Topic.CHECKLIST
    assert topic("outside the performance period") is Topic.ITEM
    assert topic("withheld") is Topic.PICTURE
    assert topic("was attested, but its proof") is Topic.PROOF
    assert topic("in a few sentences") is Topic.STORY


def test_a_long_caption_is_shortened_between_words_in_the_contents() -> None:
    part = sample.portal_part()
    first = part.exhibits[0]
    long = replace(first, item=replace(first.item, caption="several words\nof a caption " * 20))
    title = by_key(sample.content(replace(part, exhibits=(long,))))["exhibit:IA_BE_4-e1"].title
    assert title.startswith("Exhibit 2024-IA_BE_4-01  several words of a caption several")
    assert title.endswith("…")
    assert len(title) < 120


def test_keys_are_unique() -> None:
    keys = [part.key for part in walk(outline(sample.content()).parts)]
    assert len(keys) == len(set(keys))


def test_sign_off_and_journal_can_be_left_out() -> None:
    content = sample.content(sign_off=False, journal_entries=())
    parts = by_key(content)
    assert "journal" not in parts
    assert "activity:s1:sign-off" not in parts


def test_a_picture_that_is_not_redacted_is_asked_for_once() -> None:
    """Its lack and its being withheld are one thing to do."""
    shown = sample.portal_part(2)
    bare = replace(shown.exhibits[0].item, redactions=0, no_identifiers=False)
    sheets = (replace(shown.exhibits[0], item=bare, withheld="Not redacted."), shown.exhibits[1])
    part = sample.part(shown.activity, shown.selection, sheets, shown.uses)
    content = sample.content(part)
    about = [check.text for check in outline(content).gaps if bare.id in check.targets]
    assert len(about) == 1
    assert "Redact" in about[0]
    assert "withheld" in about[0]
    assert content.missing == len(outline(content).gaps)
