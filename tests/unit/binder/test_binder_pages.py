"""What stands on which page: the practice, what was attested, custody, hashes, editions, answers to requests."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mips_desk.binder import fonts
from mips_desk.binder.checks import State
from mips_desk.binder.content import (
    BinderContent,
    ClosedNote,
    CustodyLine,
    Edition,
    ExhibitSheet,
    MessageCount,
    MessageReport,
    PackageNote,
    RequestNote,
)
from mips_desk.binder.outline import Part, outline
from mips_desk.binder.pages import Book, draw, lay_out, page_id
from mips_desk.binder.write import stream_binder
from mips_desk.domain.attested import AttestationRecord, Difference, DifferenceKind
from mips_desk.domain.evidence import Export
from mips_desk.domain.papers import PaperKind
from mips_desk.domain.practice import Clinician, Practice
from mips_desk.domain.readiness import Lack, Missing

from . import binder_sample as sample
from .reading import page_texts, squeezed

AT = datetime(2025, 1, 7, 9, 30, 12, tzinfo=UTC)
REQUEST = RequestNote(
    "r1",
    3,
    "Documentation for IA_BE_4.",
    "CMS audit\n1 Way",
    "DVA-17",
    date(2025, 4, 2),
    date(2025, 2, 16),
    ("A disk",),
)


def paper(number: int, kind: PaperKind, clinicians: tuple[str, ...] = (), **changes: object) -> ExhibitSheet:
    shown = sample.sheet(
        sample.portal_part().selection,
        number,
        sample.PORTAL.guidance.options[0],
        (900, 560),
        id=f"paper-{number}",
        caption=f"Paper {number}",
        option_key=kind.value,
        clinician_ids=clinicians,
        **changes,
    )
    return replace(shown, number=f"2024-PAPERS-{number:02d}", option_label=kind.label)


PAPERS = (
    paper(1, PaperKind.PARTICIPATION, ("c1", "c2")),
    paper(2, PaperKind.SPECIAL_STATUS),
    paper(3, PaperKind.RECEIPT),
)
RECORD = AttestationRecord(
    "a1",
    2024,
    ("IA_BE_4",),
    date(2025, 2, 3),
    by="Dana Whitfield",
    through="QPP portal",
    reference="QP-81",
    receipt_id="paper-3",
    recorded_at=AT,
    recorded_by="Dana Whitfield",
)


def book_of(content: BinderContent) -> tuple[Book, list[str]]:
    book = lay_out(content, lambda: None)
    return book, page_texts(draw(book, lambda: None))


def page_of(book: Book, texts: list[str], key: str) -> str:
    return squeezed(texts[book.numbers[key] - 1])


def test_each_clinician_and_status_names_its_paper_or_says_that_there_is_none() -> None:
    content = sample.content(papers=PAPERS, attested=(RECORD,))
    book, texts = book_of(content)
    status = page_of(book, texts, "status")
    osei = squeezed("Abena Osei, MD 1234567893 Exhibit 2024-PAPERS-01")
    assert osei in status
    assert "Noparticipationstatusisthere." in status, "nobody's paper speaks of Dana Whitfield"
    assert squeezed("Special status Small practice, Rural Exhibit 2024-PAPERS-02") in status
    assert squeezed("Receipt of what was attested Paper 3 Exhibit 2024-PAPERS-03") in status
    reasons = [check.reason for check in outline(content).checks]
    assert "No participation status is there for Dana Whitfield." in reasons
    assert not any("special status" in reason for reason in reasons)


def test_the_attestation_record_names_who_when_through_what_with_receipt_and_differences() -> None:
    wrong = Difference(DifferenceKind.NOT_PROVEN, "IA_EPA_1", "IA_EPA_1 was attested, but its proof is not complete.")
    old = replace(RECORD, id="a0", on=date(2025, 1, 31), through="A registry", receipt_id="", note="Wrong day")
    book, texts = book_of(sample.content(papers=PAPERS, attested=(RECORD,), corrected=(old,), differences=(wrong,)))
    shown = page_of(book, texts, "attested")
    for text in (
        "Feb 3, 2025",
        "IA_BE_4",
        "QPP portal",
        "Number QP-81",
        "Exhibit 2024-PAPERS-03",
        "Recorded Jan 7, 2025 by Dana",
    ):
        assert squeezed(text) in shown
    for text in ("Corrected since", "A registry", "Wrong day", "No receipt", wrong.sentence):
        assert squeezed(text) in shown
    assert "Noattestationisrecorded" in page_of(*book_of(sample.content()), "attested")


def test_the_rule_for_groups_is_counted_for_each_activity() -> None:
    parts = (replace(sample.portal_part(), needed=2), replace(sample.access_part(), needed=2))
    book, texts = book_of(sample.content(*parts, group_needed=2))
    shown = squeezed("".join(texts[book.numbers["half"] - 1 : book.numbers["attested"]]))
    assert squeezed("at least 2 of its 3 clinicians performed it (42 CFR 414.1360(a)(2))") in shown
    assert "✓Met" in shown, "two clinicians performed IA_BE_4"
    assert "⚠1toofew" in shown, "one performed IA_EPA_1"
    summary = page_of(book, texts, "summary")
    assert squeezed("2 of 2 needed") in summary
    assert squeezed("1 of 2 needed") in summary


def test_custody_tells_each_act_and_which_files_were_made() -> None:
    part = sample.portal_part()
    acts = (
        CustodyLine(AT, "Dana Whitfield", "Captured from the screen"),
        CustodyLine(AT, "Abena Osei", "Original viewed", 3),
    )
    export = Export("x", 2024, AT, "Dana Whitfield", "Smith.pdf", "ab" * 32, 9, 4, "", "full", "package", "A reason")
    exhibits = (replace(part.exhibits[0], custody=acts), *part.exhibits[1:])
    book, texts = book_of(sample.content(replace(part, exhibits=exhibits), exports=(export,)))
    shown = squeezed("".join(texts[book.numbers["custody"] - 1 : book.numbers["verify"]]))
    assert squeezed("2024-IA_BE_4-01 Jan 7, 2025, 09:30:12 +00:00 · Captured from the screen · Dana Whitfield") in shown
    assert squeezed("Original viewed, 3 times · Abena Osei") in shown
    assert squeezed("Package (full edition)") in shown
    assert "Smith.pdf" not in "".join(texts), "a file may be called after a patient"
    assert "ab" * 32 in shown
    assert "Areason" not in "".join(texts).replace(" ", ""), "why it was made stays in the practice"


def test_hashes_stand_with_the_commands_for_both_systems() -> None:
    content = sample.content()
    book, texts = book_of(content)
    shown = squeezed("".join(texts[book.numbers["verify"] - 1 : book.numbers["missing"]]))
    for command in ("certutil -hashfile", "Get-FileHash", "shasum -a 256"):
        assert squeezed(command) in shown.replace("-", "") or squeezed(command) in shown
    for sheet in content.exhibits:
        assert sheet.item.sha256 in shown
        assert sheet.rendition_sha256 in shown


def test_the_exhibit_list_names_the_page_and_the_file_of_each_exhibit() -> None:
    part = sample.portal_part()
    hidden = replace(part.exhibits[1], withheld="It was not seen.")
    content = sample.content(replace(part, exhibits=(part.exhibits[0], hidden, part.exhibits[2])), papers=PAPERS)
    book, texts = book_of(content)
    shown = squeezed("".join(texts[book.numbers["exhibits"] - 1 : book.numbers["custody"]]))
    for sheet in content.exhibits:
        page = book.numbers[f"exhibit:{sheet.item.id}"]
        assert squeezed(f"RIVER-2024-{page:06d}") in shown
        assert (squeezed(f"exhibits/{sheet.number}.png") in shown) == (sheet is not hidden)
        assert sheet.number in squeezed(texts[page - 1])


def test_every_lack_has_a_reason_and_a_plan_and_is_counted() -> None:
    for lack in Lack:
        part = sample.portal_part()
        missing = Missing(lack, "Do what is missing.", "IA_BE_4-e1")
        ready = replace(part.readiness, missing=(missing,))
        tree = outline(content := sample.content(replace(part, readiness=ready)))
        (gap,) = tree.gaps
        assert gap.reason
        assert gap.plan == "Do what is missing."
        assert content.missing == 1
        book, texts = book_of(content)
        said = page_of(book, texts, "missing")
        assert squeezed(gap.reason) in said
        assert squeezed(gap.plan) in said


def test_what_the_papers_lack_makes_the_binder_partial() -> None:
    lack = Missing(Lack.CAPTION, "Say in a few words what exhibit 01 shows.", "paper-1")
    withheld = replace(PAPERS[1], withheld="Two desktops marked it.")
    content = sample.content(sample.portal_part(), papers=(PAPERS[0], withheld, PAPERS[2]), papers_missing=(lack,))
    tree = outline(content)
    assert [gap.about for gap in tree.gaps] == ["2024-PAPERS-01", "2024-PAPERS-02"]
    assert content.missing == 2
    status = next(part for part in tree.parts if part.key == "status")
    assert status.state is State.GAP
    assert [child.state for child in status.children] == [State.GAP, State.GAP, State.COMPLETE]


@pytest.mark.parametrize(("package", "closed"), [(False, False), (True, False), (False, True), (True, True)], ids=str)
def test_the_cover_is_one_page_with_all_identifiers(package: bool, closed: bool) -> None:
    note = PackageNote("cd" * 32, "files.json") if package else None
    shut = ClosedNote(AT, "Dana Whitfield", "ef" * 32, rules_changed=True) if closed else None
    book, texts = book_of(
        sample.content(package=note, closed=shut, edition=Edition.FULL, full_reason="Asked for in writing. " * 6)
    )
    assert book.numbers["contents"] == book.numbers["cover"] + 1
    cover = page_of(book, texts, "cover")
    assert sample.content().journal_head in cover
    assert ("cd" * 32 in cover) == package
    assert ("short:" + "cd" * 6 in cover) == package
    assert ("ef" * 32 in cover) == closed


def test_the_full_edition_says_so_on_every_page_and_why_on_the_cover() -> None:
    part = sample.portal_part()
    bare = replace(part.exhibits[0], areas=(), uncovered=7)
    raw = replace(part.exhibits[1], areas=(), unredacted=True)
    content = sample.content(
        replace(part, exhibits=(bare, raw, replace(part.exhibits[2], areas=()))),
        edition=Edition.FULL,
        full_reason="The auditor asked for it.",
    )
    book, texts = book_of(content)
    assert all("2024 · FULL" in text and "REDACTED" not in text.split("\n")[0] for text in texts)
    assert "Theauditoraskedforit." in page_of(book, texts, "cover")
    assert "nothingiscovered" in page_of(book, texts, "redactions")
    assert squeezed("7 areas") in page_of(book, texts, "exhibit:IA_BE_4-e1")
    assert "withnothingcovered" in page_of(book, texts, "certification")
    weak = [check.about for check in outline(content).checks if "full edition shows it" in check.reason]
    assert weak == ["2024-IA_BE_4-02"]
    assert content.missing == 0


def test_an_answer_begins_with_its_letter_and_counts_its_pages_from_its_request() -> None:
    content = sample.content(
        sample.portal_part(), request=REQUEST, left_out=("IA_EPA_1",), not_chosen=("IA_CC_13",), journal_entries=()
    )
    book, texts = book_of(content)
    letter = squeezed(texts[0])
    total = len(texts)
    for text in (
        "CMS audit 1 Way",
        "Answer to audit request 3",
        "DVA-17",
        "April 2, 2025",
        "Documentation for IA_BE_4.",
        f"RIVER-2024-030001 to RIVER-2024-{30000 + total:06d}",
        "A disk",
        "2024-IA_BE_4-01 to 2024-IA_BE_4-03",
        "This answer is PARTIAL: 1 item is missing",
    ):
        assert squeezed(text) in letter, text
    for number, text in enumerate(texts, 1):
        assert page_id(content, number) == f"RIVER-2024-{30000 + number:06d}"
        assert page_id(content, number) in text
        assert f"Page {number} of {total}" in text
    assert [part.key for part in book.tree.parts[:3]] == ["letter", "cover", "contents"]
    assert "score" not in book.numbers
    assert squeezed("1 of the 2 chosen") in page_of(book, texts, "cover")
    missing = page_of(book, texts, "missing")
    assert squeezed("IA_CC_13 It was asked for") in missing
    assert squeezed("left out of this file on purpose: IA_EPA_1") in missing


def test_the_place_of_the_signature_lies_on_the_last_page() -> None:
    for content in (sample.content(), sample.content(request=REQUEST), sample.content(parts=())):
        book, texts = book_of(content)
        page = book.pages[book.signature.page - 1]
        left, low, right, high = book.signature.box
        assert book.signature.page == book.numbers["certification"] == len(texts)
        assert 54 <= left < right <= page.width - 54
        assert 60 <= low < high <= page.height - 60
        assert right - left > 200
        assert high - low > 50


def test_the_message_report_prints_counts_by_month_and_clinician() -> None:
    report = MessageReport(
        2024,
        (MessageCount("March", 12, 40),),
        (MessageCount("Abena Osei", 12, 40),),
        12,
        40,
        30.0,
        3,
        "A portal report",
    )
    book, texts = book_of(sample.content(messages=report))
    shown = page_of(book, texts, "messages")
    for text in ("12 of 40 patients", "30 percent", "3 percentage points", "March", "Abena Osei", "A portal report"):
        assert squeezed(text) in shown


def test_every_part_of_the_outline_has_a_page() -> None:
    def walk(parts: tuple[Part, ...]) -> list[str]:
        return [key for part in parts for key in (part.key, *walk(part.children))]

    for content in (
        sample.content(),
        sample.content(papers=PAPERS, request=REQUEST),
        sample.content(parts=(), clinicians=(), journal_entries=()),
        sample.content(messages=MessageReport(2024, (), (), 0, 0, 0.0)),
    ):
        book = lay_out(content, lambda: None)
        keys = walk(book.tree.parts)
        assert len(keys) == len(set(keys))
        assert set(keys) <= set(book.numbers)


def test_pictures_of_papers_are_in_the_file() -> None:
    stream = BytesIO()
    made = stream_binder(sample.content(sample.portal_part(), papers=PAPERS), stream)
    assert made.exhibits == 6
    assert stream.getvalue().count(b"/Subtype /Image") == 6


#: Signs that a page language, a PDF or a shell would read, marks that turn text around, and control characters.
PIECES = (
    *("<b>", "</b>", "&", "&lt;", "<img src='x'/>", "<br/>", "<para>", "(", ")", "\\", "%s", "{0}", "$(ls)", "]]>"),
    *("<!-- x", "BT /F1 ET", "endstream", "\u202e", "\u200f", "\u2066", "\u200b", "\x00", "\x07", "\x1b[31m", "\x9b"),
    *("é", "Ж", "“”", "=1+1", "@x", "\t", "'", '"', "a", "Zz", "0"),
)
hostile = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],  # a binder takes too long to look for the smallest text
)
@given(st.lists(hostile, min_size=40, max_size=40))
def test_what_was_typed_appears_as_typed_in_every_field(typed: list[str]) -> None:
    number = count()

    def field() -> str:
        place = next(number)
        return f"f{place}x{typed[place]}y{place}f"

    part = sample.portal_part()
    item = replace(
        part.exhibits[0].item, caption=field(), address=field(), outside_reason=field(), looked_at_by=field()
    )
    item = replace(item, intake=replace(item.intake, person=field(), host=field()))
    area = replace(part.exhibits[0].areas[0], by=field())
    shown = replace(
        part.exhibits[0],
        item=item,
        legend=((1, field()),),
        areas=(area,),
        option_label=field(),
        custody=(CustodyLine(AT, field(), "Captured"),),
    )
    hidden = replace(part.exhibits[1], withheld=field())
    uses = (replace(part.uses[0], note=field(), clinician_id="c1"),)
    selection = replace(part.selection, story=field())
    part = replace(
        part,
        exhibits=(shown, hidden),
        uses=uses,
        selection=selection,
        official_text=field(),
        official_source=field(),
        readiness=replace(part.readiness, missing=(Missing(Lack.DATES, field()),)),
    )
    content = sample.content(
        part,
        practice=Practice(field(), "123456789", field()),
        clinicians=(Clinician("c1", field(), "", field(), field()),),
        prepared_by=field(),
        closed=ClosedNote(AT, "Dana", "ef" * 32, rules_changed=False),
        papers=(replace(PAPERS[0], item=replace(PAPERS[0].item, caption=field())),),
        attested=(replace(RECORD, by=field(), through=field(), reference=field(), note=field(), recorded_by=field()),),
        differences=(Difference(DifferenceKind.TWICE, "IA_BE_4", field()),),
        request=replace(REQUEST, text=field(), addressee=field(), reference=field(), enclosed=(field(),)),
        exports=(Export("x", 2024, AT, field(), "a.pdf", "ab" * 32, 1, 1, ""),),
        messages=MessageReport(2024, (MessageCount(field(), 1, 2),), (), 1, 2, 50.0, 1, field()),
        rule_version=field(),
    )
    _book, texts = book_of(content)
    everything = without_hyphens(squeezed(" ".join(texts)))
    assert next(number) <= len(typed)
    for place, text in enumerate(typed[: next(number) - 1]):
        expected = without_hyphens(squeezed(fonts.clean(f"f{place}x{text}y{place}f")))
        assert expected in everything, place
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200f\u202e\u2066]", everything)


def without_hyphens(text: str) -> str:
    """A hyphen at a line's end is read as a soft one, which `squeezed` takes away."""
    return re.sub("[-\u00ad]", "", text)


def test_the_same_content_gives_the_same_bytes() -> None:
    content = sample.content(papers=PAPERS, attested=(RECORD,), request=REQUEST)
    digests = set()
    for _ in range(2):
        stream = BytesIO()
        stream_binder(content, stream)
        digests.add(hashlib.sha256(stream.getvalue()).hexdigest())
    assert len(digests) == 1
