"""Names and notes in any script print as themselves, and can be searched."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from mips_desk.binder import shaping
from mips_desk.binder.pen import BODY, Run, wrap
from mips_desk.binder.write import write_binder
from mips_desk.domain.practice import Practice

from . import binder_sample as sample
from .reading import fonts, page_texts

#: A name or words in each script, and the face that sets them.
SCRIPTS = {
    "Greek": ("Ελένη Παπαδοπούλου", "Inter"),
    "Cyrillic": ("Владимир Щербаков", "Inter"),
    "Vietnamese": ("Nguyễn Thị Hồng Đào", "Inter"),
    "Hebrew": ("דנה לוי", "NotoSansHebrew"),
    "Arabic": ("محمد السلامي", "NotoSansArabic"),
    "Persian": ("نرگس قلی‌زاده", "NotoSansArabic"),
    "Chinese": ("王小明是一位医生", "DroidSansFallback"),
    "Japanese": ("やまだ タロウ", "DroidSansFallback"),
    "Korean": ("김민준 박서연", "DroidSansFallback"),
    "Devanagari": ("नमस्ते क्षत्रिय हिन्दी", "NotoSansDevanagari"),
    "Bengali": ("রবীন্দ্রনাথ", "NotoSansBengali"),
    "Gurmukhi": ("ਗੁਰਪ੍ਰੀਤ", "NotoSansGurmukhi"),
    "Gujarati": ("મહેન્દ્ર", "NotoSansGujarati"),
    "Tamil": ("தமிழ்ச்செல்வி", "NotoSansTamil"),
    "Telugu": ("శ్రీనివాస్", "NotoSansTelugu"),
    "Thai": ("สมชาย ใจดี", "NotoSansThai"),
    "Amharic": ("አበበ ቢቂላ", "NotoSansEthiopic"),
    "Armenian": ("Արամ Խաչատրյան", "NotoSansArmenian"),
    "Georgian": ("შოთა რუსთაველი", "NotoSansGeorgian"),
    "emoji": ("👍🏽 👩‍⚕ 🇺🇸 😀", "NotoEmoji"),
    "signs": ("★ ① ☎", "NotoSansSymbols"),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One binder with all of them: a note each, long notes, and names of practice, people and exhibit."""
    part = sample.portal_part(story="\n".join(f"{name}: {text}." for name, (text, _face) in SCRIPTS.items()))
    long = "هذا نص طويل يصف كيف تم تنفيذ النشاط. " * 130 + "本诊所在一月份将患者门户邀请。" * 330
    item = replace(part.exhibits[0].item, caption=f"מסך של דנה לוי {long}", address=long)
    people = (replace(sample.CLINICIANS[0], name="王小明"), replace(sample.CLINICIANS[1], name="محمد السلامي"))
    content = sample.content(
        replace(part, exhibits=(replace(part.exhibits[0], item=item),)),
        practice=Practice("מרפאת הנהר 🏥 山川診療所", "47-2914821", long[:200]),
        clinicians=people,
        prepared_by="Владимир Щербаков",
    )
    path = tmp_path_factory.mktemp("scripts") / "binder.pdf"
    write_binder(content, path)
    return path


@pytest.fixture(scope="module")
def read(written: Path) -> tuple[str, set[str]]:
    """Its text, and the names of its fonts."""
    with pikepdf.open(written) as pdf:
        return " ".join(" ".join(page_texts(written)).split()), set(fonts(pdf))


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_found_as_typed_and_set_in_its_own_face(read: tuple[str, set[str]], script: str) -> None:
    text, face = SCRIPTS[script]
    for word in text.split():
        assert word in read[0]
    assert any(f"+{face}" in name for name in read[1])


def test_no_box_and_no_missing_glyph(read: tuple[str, set[str]]) -> None:
    assert not set("□\ufffd\b") & set(read[0])


def test_only_the_glyphs_used_are_embedded_with_their_widths(written: Path) -> None:
    with pikepdf.open(written) as pdf:
        wide = {name: font for name, font in fonts(pdf).items() if font.Subtype == "/Type0"}
        assert len(wide) > 12
        for name, font in wide.items():
            descendant = font.DescendantFonts[0]
            descriptor = descendant.FontDescriptor
            places = descendant.CIDToGIDMap.read_bytes()
            widths = [float(value) for row in list(descendant.W)[1::2] for value in row]
            assert len(places) == 2 * len(widths), name
            assert len(descriptor.CIDSet.read_bytes()) == -(-len(widths) // 8)
            assert len(descriptor.FontFile2.read_bytes()) < 150_000
            assert b"beginbfchar" in font.ToUnicode.read_bytes()


def test_direction_follows_the_text_and_a_name_with_a_credential_stays_an_english_line() -> None:
    def shown(text: str) -> list[str]:
        return [piece.run.text for piece in wrap((Run(text, BODY),), 1000)[0].pieces]

    assert shown("by דנה לוי on May 3") == ["by ", "דנה לוי", " on May 3"]
    assert shown("דנה לוי, MD") == ["דנה לוי", ", MD"]
    assert shown("דנה לוי 12 מרץ") == [" מרץ", "12", "דנה לוי "]
    assert not wrap((Run("דנה לוי", BODY),), 1000)[0].flush_right
    assert all(line.flush_right for line in wrap((Run("שלום עולם " * 40, BODY),), 200))


def test_letters_are_joined_and_signs_placed() -> None:
    joined = [glyph.number for glyph in shaping.shape("ببب", "NotoSansArabic-Regular", rtl=True)]
    assert len(set(joined)) == 3, "a letter has other shapes at the start, in the middle and at the end of a word"
    assert len(shaping.shape("👩\u200d👩\u200d👧", "NotoEmoji-Regular")) == 1
    lam_alef = shaping.shape("لا", "NotoSansArabic-Regular", rtl=True)
    assert [glyph.text for glyph in lam_alef] == ["ال"]  # readers turn it round
    vowel = shaping.shape("שָ", "NotoSansHebrew-Regular", rtl=True)
    assert any(glyph.advance == 0 and (glyph.dx or glyph.dy) for glyph in vowel)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_another_reader_finds_the_same_words(written: Path) -> None:
    text = subprocess.run(["pdftotext", "-layout", written, "-"], capture_output=True, check=True).stdout.decode()
    for name in ("Arabic", "Hebrew", "Chinese", "Korean", "Cyrillic", "Thai"):
        for word in SCRIPTS[name][0].split():
            assert word in text, name
