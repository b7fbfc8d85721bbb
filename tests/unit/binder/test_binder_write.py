"""The binder as a file."""

import hashlib
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from mips_desk.binder.content import BinderContent, Paper
from mips_desk.binder.outline import Part, outline
from mips_desk.binder.write import BinderFile, write_binder
from mips_desk.domain.evidence import UseEntry
from mips_desk.domain.practice import Practice
from mips_desk.errors import BadInputError, CancelledError, MipsDeskError

from . import binder_sample as sample
from .reading import bookmarks, fonts, page_texts, squeezed


def written_text(content: BinderContent, tmp_path: Path) -> list[str]:
    path = tmp_path / "binder.pdf"
    write_binder(content, path)
    return page_texts(path)


def flat(parts: tuple[Part, ...], level: int = 0) -> list[tuple[int, str]]:
    return [found for part in parts for found in ((level, part.title), *flat(part.children, level + 1))]


def test_cover_says_what_it_is(sample_path: Path) -> None:
    cover = page_texts(sample_path)[0]
    for text in (
        "MIPS Improvement Activities evidence",
        "Performance year 2024",
        "Riverside Family Practice",
        "•••••4821",
        "REDACTED",
        "PARTIAL (3 items missing)",
        "Small practice, Rural",
        "MD-2024-7F3K-9Q2M",
        hashlib.sha256(b"head").hexdigest(),
        "Feb 14, 2025, 16:20:05 −06:00",
    ):
        assert squeezed(text) in squeezed(cover)
    assert "47-2914821" not in cover
    assert "472914821" not in "".join(page_texts(sample_path))


def test_a_complete_binder_says_so(tmp_path: Path) -> None:
    assert "COMPLETE" in written_text(sample.content(sample.portal_part()), tmp_path)[0]


def test_every_page_has_its_number_its_identifier_and_the_header(sample_file: tuple[Path, BinderFile]) -> None:
    path, written = sample_file
    texts = page_texts(path)
    assert len(texts) == written.pages
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {written.pages}" in text
        assert f"RIVER-2024-{number:06d}" in text
        assert "TIN •••••4821 · 2024 · REDACTED" in text
        assert "MD-2024-7F3K-9Q2M" in text


def test_bookmarks_are_the_contents_and_lead_to_the_printed_pages(
    sample_content: BinderContent, sample_path: Path
) -> None:
    with pikepdf.open(sample_path) as pdf:
        found = bookmarks(pdf)
    assert [(level, title) for level, title, _page in found] == flat(outline(sample_content).parts)
    texts = page_texts(sample_path)
    start = next(page for _level, title, page in found if title == "Contents")
    end = next(page for _level, title, page in found if title == "Summary")
    contents = squeezed("".join(texts[start - 1 : end - 1]))
    for _level, title, page in found:
        assert re.search(re.escape(squeezed(title)) + f"(incomplete)?{page}", contents), title
        heading = squeezed(title.split("  ")[0])
        assert heading in squeezed(texts[page - 1]) or title == "Cover", title


def test_every_link_leads_to_a_page(sample_path: Path) -> None:
    with pikepdf.open(sample_path) as pdf:
        pages = {page.obj.objgen for page in pdf.pages}
        links = [link for page in pdf.pages for link in page.obj.get("/Annots", [])]
        assert len(links) > 40
        for link in links:
            assert link.Subtype == "/Link"
            assert link.F == 4
            assert link.Dest[0].objgen in pages


def test_fonts_are_embedded_and_are_ours(sample_path: Path) -> None:
    with pikepdf.open(sample_path) as pdf:
        found = fonts(pdf)
        assert found
        for name, font in found.items():
            assert re.fullmatch(r"/[A-Z]{6}\+(Inter-\w+|IBMPlexMono(-\w+)?)", name), name
            assert len(font.FontDescriptor.FontFile2.read_bytes()) > 100


def test_pictures_keep_every_pixel(sample_content: BinderContent, sample_path: Path) -> None:
    by_number = {shown.number: shown for shown in sample_content.exhibits}
    seen = set()
    with pikepdf.open(sample_path) as pdf:
        for page in pdf.pages:
            for name, picture in page.resources.get("/XObject", pikepdf.Dictionary()).items():
                original = Image.open(BytesIO(by_number[name[1:]].load()))
                assert pikepdf.PdfImage(picture).as_pil_image().tobytes() == original.tobytes()
                seen.add(name[1:])
    assert seen == set(by_number)


def test_exhibit_sheet_answers_who_when_what_and_how_it_is_known(
    sample_content: BinderContent, sample_path: Path
) -> None:
    texts = page_texts(sample_path)
    shown = sample_content.exhibits[0]
    page = squeezed(
        next(
            text
            for text in texts
            if squeezed(f"Exhibit {shown.number}") in squeezed(text)
            and squeezed(f"{shown.item.caption}Proves:") in squeezed(text)
            and "SHA-256" in text
        )
    )
    for text in (
        "Proves: Portal use report",
        "Shows March 8, 2024, day 8 of the period claimed",
        "1 Every message is answered by the care team",
        "Jun 11, 2024, 09:14:01 −05:00 (14:14:01 UTC)",
        "Dana Whitfield, on FRONTDESK-2",
        "CareBridge – Messages",
        "portal.carebridge.example/messages",
        "1,100 × 1,400 pixels",
        "25 areas redacted: 24 names, 1 date",
        "Abena Osei, Jun 20, 2024",
        shown.item.sha256,
        shown.rendition_sha256,
    ):
        assert squeezed(text) in page, text


def test_score_is_explained_with_rule_and_source(sample_path: Path) -> None:
    text = squeezed(" ".join(page_texts(sample_path)))
    for part in (
        "40 of 40 points, 100 percent",
        "42 CFR 414.1380(b)(3)",
        "Our reading: the cap is applied after doubling",
        "−20",
    ):
        assert squeezed(part) in text


def test_private_notes_and_window_titles_that_nobody_confirmed_stay_out(tmp_path: Path) -> None:
    part = sample.portal_part(private_note="CANARY-NOTE")
    shown = part.exhibits[0]
    intake = replace(shown.item.intake, window_title="CANARY-WINDOW", file_name="CANARY-FILE")
    sheets = (replace(shown, item=replace(shown.item, intake=intake), origin=""), *part.exhibits[1:])
    path = tmp_path / "binder.pdf"
    write_binder(sample.content(replace(part, exhibits=sheets)), path)
    assert "CANARY" not in "".join(page_texts(path))
    assert b"CANARY" not in path.read_bytes()


def test_official_text_is_marked_and_its_absence_is_said(sample_path: Path) -> None:
    text = squeezed(" ".join(page_texts(sample_path)))
    assert squeezed("Text of CMS (CMS measures data 2024, version 2024-11-04)") in text
    assert squeezed("Summary in our own words; the text of CMS was not loaded") in text


HOSTILE = (
    "<b>bold</b> & <img src='file:///etc/passwd'/> <para> </font> &#65; %s {0} (a) \\ ]]> --> "
    "\u202eright to left\u200f mark, nul\x00 bell\x07 escape\x1b[31m, قلم 日本語 emoji 🩺, Ω Ж é"
)


def test_hostile_text_appears_as_typed_without_control_characters(tmp_path: Path) -> None:
    part = sample.portal_part(story=HOSTILE)
    shown = replace(
        part.exhibits[0], item=replace(part.exhibits[0].item, caption=HOSTILE, address=HOSTILE), legend=((1, HOSTILE),)
    )
    uses = (UseEntry("u", "s1", date(2024, 3, 4), 1, HOSTILE),)
    content = sample.content(
        replace(part, exhibits=(shown,), uses=uses, official_text=HOSTILE),
        practice=Practice(HOSTILE, "123456789", HOSTILE),
        prepared_by=HOSTILE,
    )
    path = tmp_path / "binder.pdf"
    write_binder(content, path)
    text = squeezed(" ".join(page_texts(path)))
    seen = squeezed(
        "<b>bold</b> & <img src='file:///etc/passwd'/> <para> </font> &#65; %s {0} (a) \\ ]]> --> "
        "right to left mark, nul bell escape[31m, قلم 日本語 emoji 🩺, Ω Ж é"
    )
    assert text.count(seen) >= 8
    assert not re.search("[\x00-\x08\x0e-\x1f\u202e\u200f]", text)
    with pikepdf.open(path) as pdf:
        assert str(pdf.docinfo.Title).startswith("MIPS Improvement Activities evidence 2024, <b>bold</b> &")
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == str(pdf.docinfo.Title)


def test_five_thousand_characters_fit_anywhere(tmp_path: Path) -> None:
    words, solid = "patient portal " * 333 + "THE-END", "x" * 5000
    part = sample.portal_part(story=solid)
    first, second, third = part.exhibits
    sheets = (
        replace(first, item=replace(first.item, caption=words)),
        replace(second, item=replace(second.item, address=solid, outside_reason=words)),
        replace(third, legend=((1, words), (2, solid))),
    )
    uses = (UseEntry("u", "s1", date(2024, 3, 4), 1, words), UseEntry("v", "s1", date(2024, 3, 5), 1, solid))
    texts = written_text(sample.content(replace(part, exhibits=sheets, uses=uses, official_text=words)), tmp_path)
    text = squeezed(" ".join(texts))
    assert text.count("THE-END") >= 5
    assert text.count("x") > 4 * 5000


def test_same_content_gives_the_same_bytes(
    sample_content: BinderContent, sample_file: tuple[Path, BinderFile], tmp_path: Path
) -> None:
    again = tmp_path / "again.pdf"
    assert write_binder(sample_content, again) == sample_file[1]
    assert again.read_bytes() == sample_file[0].read_bytes()
    assert hashlib.sha256(again.read_bytes()).hexdigest() == sample_file[1].sha256


def test_one_revision_no_scripts_no_attachments_little_metadata(sample_path: Path) -> None:
    data = sample_path.read_bytes()
    assert data.count(b"%%EOF") == 1
    assert data.startswith(b"%PDF-1.4\n%")
    assert b"/Prev" not in data[data.rindex(b"trailer") :]
    assert not any(
        word in data for word in (b"/JavaScript", b"/JS ", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA ")
    )
    with pikepdf.open(sample_path) as pdf:
        assert set(pdf.docinfo.keys()) == {"/Title", "/Producer", "/CreationDate", "/ModDate"}
        assert pdf.Root.Lang == "en-US"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.docinfo.CreationDate == "D:20250214162005-06'00'"


def test_structure_of_pdf_a_1b(sample_path: Path) -> None:
    with pikepdf.open(sample_path) as pdf:
        assert pdf.pdf_version == "1.4"
        intent = pdf.Root.OutputIntents[0]
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        assert intent.DestOutputProfile.read_bytes()[8] == 2, "ICC version 2"
        assert "/Filter" not in pdf.Root.Metadata
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "1B"
            assert metadata["dc:format"] == "application/pdf"
            assert metadata["xmp:CreateDate"] == "2025-02-14T16:20:05-06:00"
        for item in pdf.objects:
            if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
                assert not {"/SMask", "/Group", "/ca", "/CA", "/TR"} & set(item.keys())
                assert item.get("/Type") != "/ObjStm"
                assert "/LZWDecode" not in str(item.get("/Filter", ""))
        assert pdf.trailer.ID[0] == pdf.trailer.ID[1]


def test_qpdf_finds_nothing(sample_path: Path, qpdf: str) -> None:
    result = subprocess.run([qpdf, "--check", str(sample_path)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "No syntax or stream encoding errors found" in result.stdout


def test_a_practice_without_activities_has_a_partial_binder(tmp_path: Path) -> None:
    base = sample.content()
    texts = written_text(
        replace(
            base,
            parts=(),
            clinicians=(),
            journal_entries=(),
            journal_length=0,
            journal_head="",
            practice=Practice("New"),
        ),
        tmp_path,
    )
    assert "PARTIAL (1 item missing)" in texts[0]
    assert "No activity was chosen for 2024." in " ".join(texts)
    assert "No clinician is on the roster." in " ".join(texts)


@pytest.mark.parametrize("size", [(1000, 6200), (300, 9000), (1, 4000), (6000, 40), (1, 1), (1240, 1754), (4000, 3000)])
@pytest.mark.parametrize("paper", list(Paper))
def test_a_picture_of_any_shape_is_shown_whole_inside_the_margins(
    tmp_path: Path, size: tuple[int, int], paper: Paper
) -> None:
    selection = sample.portal_part().selection
    stream = BytesIO()
    Image.new("RGB", size, (200, 10, 10)).save(stream, "PNG")
    data = stream.getvalue()
    shown = sample.sheet(selection, 1, sample.PORTAL.guidance.options[0], (64, 120))
    shown = replace(
        shown, width=size[0], height=size[1], load=lambda: data, rendition_sha256=hashlib.sha256(data).hexdigest()
    )
    path = tmp_path / "binder.pdf"
    write_binder(sample.content(sample.portal_part(sheets=(shown,)), paper=paper), path)
    number = r"(-?\d+\.\d+)"
    placed = rf"{number} {number} {number} {number} re W n {number} 0 0 {number} {number} {number} cm"
    parts = []
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            drawn = (
                b"".join(part.read_bytes() for part in pikepdf.Array(page.obj.Contents))
                if isinstance(page.obj.Contents, pikepdf.Array)
                else page.obj.Contents.read_bytes()
            )
            for match in re.finditer(placed, drawn.decode("latin-1")):
                x, y, width, height, wide, high, left, low = map(float, match.groups())
                page_width, page_height = float(page.mediabox[2]), float(page.mediabox[3])
                assert x >= 54 - 0.01
                assert x + width <= page_width - 54 + 0.01
                assert y >= 66 - 0.01
                assert y + height <= page_height - 80 + 0.01
                assert (left, wide) == (x, width), "only the height is ever split"
                assert abs(wide / size[0] - high / size[1]) < 0.01, "the shape is kept"
                assert wide / size[0] <= 0.72 + 0.001, "never coarser than 100 dots an inch"
                parts.append((low + high - y - height, low + high - y, high))
    assert parts
    parts.sort()
    assert parts[0][0] == pytest.approx(0, abs=0.01)
    assert parts[-1][1] == pytest.approx(parts[-1][2], abs=0.01), "the last row is shown"
    for (_start, end, _high), (start, _end, _high2) in pairwise(parts):
        assert start < end - 10, "parts overlap"


def test_forty_exhibits_each_loaded_once_in_order(tmp_path: Path) -> None:
    loaded: list[str] = []

    def counting(number: str, load: Callable[[], bytes]) -> Callable[[], bytes]:
        def call() -> bytes:
            loaded.append(number)
            return load()

        return call

    part = sample.portal_part(exhibits=40)
    sheets = tuple(replace(shown, load=counting(shown.number, shown.load)) for shown in part.exhibits)
    steps: list[tuple[int, int]] = []
    path = tmp_path / "binder.pdf"
    written = write_binder(
        sample.content(replace(part, exhibits=sheets)), path, lambda done, total: steps.append((done, total))
    )
    assert written.exhibits == 40
    assert loaded == [shown.number for shown in sheets]
    assert steps == [(done, 42) for done in range(43)]
    text = squeezed(" ".join(page_texts(path)))
    assert all(text.count(shown.rendition_sha256) == 2 for shown in sheets), "on the sheet and in the list"


def test_a_withheld_picture_is_never_loaded(tmp_path: Path) -> None:
    def never() -> bytes:
        raise AssertionError("loaded")

    part = sample.portal_part()
    hidden = replace(part.exhibits[0], withheld="Not reviewed yet.", load=never)
    texts = written_text(sample.content(replace(part, exhibits=(hidden, *part.exhibits[1:]))), tmp_path)
    assert "PARTIAL (1 item missing)" in texts[0]
    page = next(text for text in texts if "withheld from this edition" in text)
    assert "Reason: Not reviewed yet." in page
    assert hidden.rendition_sha256 not in squeezed("".join(texts))


@pytest.mark.parametrize("at", [1, 5, 30, 45])
def test_cancelling_leaves_the_old_file(sample_content: BinderContent, tmp_path: Path, at: int) -> None:
    path = tmp_path / "binder.pdf"
    path.write_bytes(b"old")
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            raise CancelledError

    with pytest.raises(CancelledError):
        write_binder(sample_content, path, None, check)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("binder.pdf", b"old")]


@pytest.mark.parametrize(
    "changes",
    [
        {"load": lambda: b"not a picture"},
        {"rendition_sha256": "0" * 64},
        {"width": 1919},
        {"load": lambda: b"GIF89a", "rendition_sha256": hashlib.sha256(b"GIF89a").hexdigest()},
    ],
)
def test_a_picture_that_is_not_the_reviewed_one_stops_the_binder(tmp_path: Path, changes: dict[str, object]) -> None:
    part = sample.portal_part()
    wrong = replace(part.exhibits[2], **changes)  # type: ignore[arg-type]
    path = tmp_path / "binder.pdf"
    path.write_bytes(b"old")
    with pytest.raises(BadInputError, match="2024-IA_BE_4-03"):
        write_binder(sample.content(replace(part, exhibits=(*part.exhibits[:2], wrong))), path)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("binder.pdf", b"old")]


def test_any_other_failure_also_leaves_the_old_file(tmp_path: Path) -> None:
    def broken() -> bytes:
        raise RuntimeError("disk")

    part = sample.portal_part()
    path = tmp_path / "binder.pdf"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError):
        write_binder(sample.content(replace(part, exhibits=(replace(part.exhibits[0], load=broken),))), path)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("binder.pdf", b"old")]


def test_a_folder_that_is_not_there_is_one_sentence(sample_content: BinderContent, tmp_path: Path) -> None:
    with pytest.raises(MipsDeskError, match="could not be written") as caught:
        write_binder(sample_content, tmp_path / "absent" / "binder.pdf")
    assert str(tmp_path) not in str(caught.value)


def test_years_that_count_activities_say_so(tmp_path: Path) -> None:
    base = sample.content(sample.portal_part())
    gauge = replace(
        base.gauge, counts_activities=True, target=1, planned=1, proven=0, attested=0, segments=(), advice=""
    )
    text = " ".join(written_text(replace(base, gauge=gauge), tmp_path))
    assert "of 1 activity proven" in text
    assert squeezed("proof is complete for 0 activities") in squeezed(text)


class Counted(bytes):
    """A picture that tells how many of its kind are in memory."""

    alive = 0

    def __init__(self, _data: bytes) -> None:
        Counted.alive += 1

    def __del__(self) -> None:
        Counted.alive -= 1


@pytest.mark.parametrize(("ahead", "most"), [(0, 0), (25_000_000, 4)], ids=["large pictures", "screenshots"])
def test_memory_holds_few_pictures_at_a_time(
    ahead: int, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mips_desk.binder.write._PIXELS_AHEAD", ahead)
    part = sample.portal_part()
    option = sample.PORTAL.guidance.options[0]
    part = replace(part, exhibits=tuple(sample.sheet(part.selection, n, option, (320, 200)) for n in range(1, 13)))
    before: list[int] = []

    def counted(load: Callable[[], bytes]) -> Callable[[], bytes]:
        def call() -> bytes:
            before.append(Counted.alive)
            return Counted(load())

        return call

    sheets = tuple(replace(shown, load=counted(shown.load)) for shown in part.exhibits)
    write_binder(sample.content(replace(part, exhibits=sheets)), tmp_path / "binder.pdf")
    assert len(before) == 12
    assert max(before) <= most
    assert Counted.alive == 0


def test_many_dates_of_use_are_printed_by_week_and_by_clinician_and_none_is_lost(tmp_path: Path) -> None:
    days = [date(sample.YEAR, 3, 4) + timedelta(days=n) for n in range(60)]
    uses = tuple(
        UseEntry(f"u{n}", "s1", day, 1 + n % 4, "messages answered" if n else "go-live", f"c{1 + n % 2}")
        for n, day in enumerate([*days, date(sample.YEAR, 11, 5)])
    )
    part = replace(sample.portal_part(1), uses=uses)
    text = squeezed(" ".join(written_text(sample.content(part), tmp_path)))
    for clinician, own in (("c1", days[0::2]), ("c2", days[1::2])):
        name = next(c.shown_name for c in sample.content(part).clinicians if c.id == clinician)
        assert squeezed(name) in text
        for month, word in ((3, "Mar"), (4, "Apr"), (5, "May")):
            numbers = [str(day.day) for day in own if day.month == month]
            assert not numbers or squeezed(f"{word} {', '.join(numbers)}") in text
    assert squeezed("not counted above: Nov 5") in text
    assert squeezed("go-live Mar 4") in text
    # The week of March 10 as a calendar shows it, with its total.
    week = [1 + n % 4 for n in range(6, 13)]
    assert squeezed(f"Mar 10, {sample.YEAR} " + " ".join(map(str, week)) + f" {sum(week)}") in text


def test_what_a_killed_export_left_is_cleared_by_the_next_one(tmp_path: Path) -> None:
    out = tmp_path / "binder.pdf"
    killed = tmp_path / ".binder.pdf.part"
    killed.write_bytes(b"half a binder")
    write_binder(sample.content(sample.portal_part(1)), out)
    assert list(tmp_path.iterdir()) == [out]
