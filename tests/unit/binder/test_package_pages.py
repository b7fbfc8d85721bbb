"""START-HERE.pdf: two pages at most, archival, and typed text as typed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from mips_desk.binder.content import Edition, RequestNote
from mips_desk.binder.package import planned
from mips_desk.binder.package_pages import MACOS, Guide, start_here
from tests import judges

from . import binder_sample
from .package_sample import ID, VAULT, small_content
from .reading import page_texts, squeezed

GUIDE = Guide(pages=43, vault=VAULT, signed_by="ab" * 32, parts=[""], encrypted=False)
NAME = "Praxis <b>Дом</b> 诊所 & Söhne"


def test_every_kind_of_it_is_archival_short_and_says_what_it_must(tmp_path: Path) -> None:
    complete = small_content()
    request = RequestNote("r3", 3, "Proof of IA_BE_4", reference="CMS-77", due=date(2026, 7, 1))
    full = replace(
        small_content(3, areas=()),
        edition=Edition.FULL,
        full_reason="Letter of May 4, <i>both</i> lists",
        request=request,
        practice=replace(complete.practice, name=NAME),
    )
    part = binder_sample.portal_part(30)
    withheld = tuple(replace(sheet, withheld="Nobody looked at it.") for sheet in part.exhibits)
    partial = binder_sample.content(replace(part, exhibits=withheld))
    parts = [f"exhibits 2026-IA_BE_4-{n}0 to 2026-IA_BE_4-{n}9" for n in range(15)]
    texts = {}
    for name, content, guide in (
        ("complete", complete, GUIDE),
        ("full", full, replace(GUIDE, parts=parts, encrypted=True)),
        ("partial", partial, GUIDE),
    ):
        data = start_here(planned(content, ID), guide)
        (tmp_path / f"{name}.pdf").write_bytes(data)
        assert data == start_here(planned(content, ID), guide)
        pages = page_texts(data)
        assert len(pages) <= 2
        texts[name] = [squeezed(page) for page in pages]
        assert judges.qpdf_complaints(tmp_path / f"{name}.pdf") == ""
    assert judges.preflight(tmp_path) == {"complete.pdf": [], "full.pdf": [], "partial.pdf": []}

    assert "COMPLETE:nothingismissing" in texts["complete"][0]
    for said in (squeezed(NAME), "FULLedition", "<i>both</i>", "request3(CMS-77),dueonJuly1,2026"):
        assert said in texts["full"][0]
    assert "Thepackagecomesin15ZIPfiles" in "".join(texts["full"])
    assert "PARTIAL:30itemsaremissing" in texts["partial"][0]
    assert "18moreitemsarelisted" in texts["partial"][0]
    for pages in texts.values():
        everything = "".join(pages)
        for said in (squeezed(MACOS), "Get-FileHash", "opensslcms-verify", "ab" * 32, VAULT, ID):
            assert said in everything
