"""CMS's text: loaded, quoted with its source, and never a notice in place of a requirement."""

import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from mips_desk.catalog.load import load_catalog
from mips_desk.domain.official import Fact
from mips_desk.domain.practice import Practice, YearProfile
from mips_desk.errors import BadInputError
from mips_desk.services import binding, choose, official, setup
from mips_desk.services.changes import Changed
from mips_desk.services.overview import load_year
from mips_desk.services.session import Session
from mips_desk.store import Event, KeyCost, Vault, VaultReadOnlyError
from tests.unit.catalog.cms_sample import activity, as_file, measures, quality

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SUSPENDED = ("IA_AHE_5", "IA_AHE_8", "IA_AHE_9", "IA_AHE_11", "IA_AHE_12", "IA_ERP_3", "IA_PM_6", "IA_PM_26")
NOTICE = "This activity has been suspended. Choose another one."


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    vault = Vault.create(
        tmp_path / "t.mipsvault",
        "a long passphrase",
        practice=Practice("Test Practice"),
        person_name="Tess",
        now=lambda: NOON,
        key_cost=KeyCost(memory_kib=8, passes=1, lanes=1),
    )
    opened = Session(vault, load_catalog(), lambda: NOON)
    yield opened
    opened.close()


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Path]:
    """A file with the built-in facts of a year and made-up words, some of them replaced."""

    def make(year: int, **texts: str) -> Path:
        content = measures(year)
        for found in content[1:]:
            found["description"] = texts.get(found["measureId"], f"Words of {year} for {found['measureId']}.")
        path = tmp_path / f"measures-data-{year}.json"
        path.write_bytes(as_file(content))
        return path

    return make


def text(session: Session, year: int, activity_id: str) -> str:
    found = official.text_of(session, year, activity_id)
    assert found is not None
    return found.text


def test_what_was_loaded_is_quoted_with_its_source(session: Session, made: Callable[..., Path]) -> None:
    assert official.text_of(session, 2026, "IA_BE_4") is None
    loaded = official.load_file(session, made(2026))
    assert (loaded.differences, loaded.known) == ((), True)
    assert loaded.changes.kinds is Changed.OFFICIAL
    assert loaded.changes.undo is None
    assert loaded.sentence == (
        "CMS's text of 95 activities for 2026 is loaded. It agrees with the facts in MIPS Desk."
    )  # fmt: skip
    found = official.text_of(session, 2026, "IA_BE_4")
    assert found == official.OfficialText(
        "Words of 2026 for IA_BE_4.",
        f"CMS measures data 2026, file sha256 {loaded.official.sha256[:12]}…, loaded Nov 21, 2026",
        2026,
    )
    assert official.text_of(session, 2026, "IA_XX_1") is None
    assert official.text_of(session, 2025, "IA_BE_4") is None
    (entry,) = [entry for entry in session.vault.journal() if entry.event is Event.OFFICIAL_LOADED]
    assert entry.change["did"][0]["sha256"] == loaded.official.sha256


def test_the_same_file_again_is_not_stored_again(session: Session, made: Callable[..., Path]) -> None:
    official.load_file(session, made(2026))
    again = official.load_file(session, made(2026))
    assert again.changes.kinds is Changed.NOTHING
    assert "nothing was changed" in again.sentence
    assert len(session.vault.officials()) == 1
    newer = official.load_file(session, made(2026, IA_BE_4="Corrected words."))
    assert newer.changes.kinds is Changed.OFFICIAL
    assert text(session, 2026, "IA_BE_4") == "Corrected words."
    official.load_file(session, made(2025))
    assert [(found.year, found.sha256) for found in official.lists(session)][1] == (2026, newer.official.sha256)
    assert [found.year for found in official.lists(session)] == [2025, 2026]
    assert len(session.vault.officials()) == 3


def test_a_notice_is_never_the_requirement(session: Session, made: Callable[..., Path]) -> None:
    official.load_file(session, made(2025, IA_AHE_5=NOTICE, IA_PM_26=NOTICE))
    assert official.text_of(session, 2025, "IA_AHE_5") is None
    official.load_file(session, made(2024))
    found = official.text_of(session, 2025, "IA_AHE_5")
    assert found is not None
    assert (found.text, found.year) == ("Words of 2024 for IA_AHE_5.", 2024)
    assert found.source.startswith("CMS measures data 2024, file sha256 ")
    assert found.source.endswith("; the 2025 data holds a notice of suspension in its place")
    # In 2024 it had another identifier and another text.
    assert official.text_of(session, 2025, "IA_PM_26") is None


def test_the_real_notices(session: Session, cms: Path) -> None:
    loaded = official.load_file(session, cms / "measures-data-2025.json")
    assert loaded.differences == ()
    assert [official.text_of(session, 2025, name) for name in SUSPENDED] == [None] * 8
    official.load_file(session, cms / "measures-data-2024.json")
    found = [official.text_of(session, 2025, name) for name in SUSPENDED]
    assert [each.year if each else None for each in found] == [2024] * 7 + [None]
    assert not any("suspended" in each.text for each in found if each)
    others = [each.id for each in load_catalog().activities(2025) if each.id not in SUSPENDED]
    quoted = [official.text_of(session, 2025, name) for name in others]
    assert all(each is not None and each.year == 2025 for each in quoted)


def test_all_real_files_fit_into_one_vault(session: Session, cms: Path) -> None:
    for year in range(2017, 2027):
        official.load_file(session, cms / f"measures-data-{year}.json")
    assert [len(found.activities) for found in official.lists(session)] == [
        93, 113, 118, 106, 105, 105, 103, 106, 104, 95,
    ]  # fmt: skip
    assert official.text_of(session, 2017, "ACI_CCTPE_2") is not None
    assert session.vault.check() == []
    assert (session.vault.folder / "vault.db").stat().st_size < 2_000_000


def test_differences_are_told(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "changed.json"
    path.write_bytes(as_file([*measures(2024), activity("IA_PM_99")]))
    loaded = official.load_file(session, path)
    assert [(found.activity_id, found.what) for found in loaded.differences] == [("IA_PM_99", Fact.EXTRA)]
    assert loaded.sentence.endswith("It differs from the facts in MIPS Desk in one place.")


def test_a_year_that_nobody_has_seen(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "coming.json"
    path.write_bytes(as_file([quality(2031), activity("IA_NEW_1", description="Words to come.")]))
    loaded = official.load_file(session, path)
    assert (loaded.official.year, loaded.known, loaded.differences) == (2031, False, ())
    assert "no list of 2031 yet" in loaded.sentence
    assert text(session, 2031, "IA_NEW_1") == "Words to come."


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b"{}", as_file([activity(title="a\x00b")])])
def test_a_bad_file_changes_nothing(session: Session, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    head = session.vault.journal_head()
    with pytest.raises(BadInputError):
        official.load_file(session, path)
    assert session.vault.journal_head() == head
    assert official.lists(session) == ()


def test_a_place_that_cannot_be_read(session: Session, tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.json", tmp_path):
        with pytest.raises(BadInputError, match=path.name) as raised:
            official.load_file(session, path)
        assert str(tmp_path.parent) not in str(raised.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes")
def test_a_pipe_is_no_file(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "pipe.json"
    os.mkfifo(path)
    assert stat.S_ISFIFO(path.stat().st_mode)
    with pytest.raises(BadInputError, match="not a file"):
        official.load_file(session, path)


def test_reading_only(session: Session, made: Callable[..., Path]) -> None:
    session.close()
    vault = Vault.open(session.vault.folder, "a long passphrase", now=lambda: NOON, read_only=True)
    reader = Session(vault, load_catalog(), lambda: NOON)
    try:
        with pytest.raises(VaultReadOnlyError):
            official.load_file(reader, made(2026))
    finally:
        reader.close()


def test_the_binder_quotes_it_and_says_so(session: Session, made: Callable[..., Path], tmp_path: Path) -> None:
    def page_text() -> str:
        out = tmp_path / "binder.pdf"
        binding.write(session, binding.content(session, 2024), out)
        with pypdfium2.PdfDocument(out) as document:
            return " ".join(
                " ".join(page.get_textpage().get_text_range() for page in document).split()
            )  # fmt: skip

    choose.add(session, 2024, "IA_BE_4")
    before = page_text()
    assert "the text of CMS was not loaded" in before
    loaded = official.load_file(session, made(2024, IA_BE_4="First line.\r\n\t• second line\nthird " * 100))
    after = page_text()
    assert f"Text of CMS (CMS measures data 2024, file sha256 {loaded.official.sha256[:12]}…" in after
    assert after.count("second line") == 100
    assert "not loaded" not in after


def test_2027_can_be_planned_and_scored_as_provisional(
    session: Session, made: Callable[..., Path], tmp_path: Path
) -> None:
    assert "2027 is provisional" in session.catalog.year_note(2027)
    assert session.catalog.year_note(2026) == ""
    setup.set_profile(session, YearProfile(2026, npis_total=30))
    setup.new_year(session, 2027)
    for name in ("IA_BE_4", "IA_PM_27"):
        choose.add(session, 2027, name)
    view = load_year(session, 2027, NOON.date())
    assert view.rules.provisional
    assert (view.planned.ia_points, view.gauge.planned, view.gauge.target) == (40, 2, 2)
    assert any(line.uncertain and "not final" in line.text for line in view.planned.trace)
    assert "provisional" in binding.content(session, 2027).rule_version
    official.load_file(session, made(2026))
    found = official.text_of(session, 2027, "IA_BE_4")
    assert found is not None
    assert found.source.endswith("; 2027 is provisional and uses the list of 2026")
    official.load_file(session, made(2027))
    assert text(session, 2027, "IA_BE_4") == "Words of 2027 for IA_BE_4."
    with pytest.raises(BadInputError, match="2017 to 2027"):
        setup.set_profile(session, YearProfile(2028))


def test_why_there_is_no_text(session: Session, made: Callable[..., Path]) -> None:
    assert official.why_no_text(session, 2025, "IA_AHE_5") == ""
    official.load_file(session, made(2025, IA_AHE_5=NOTICE))
    assert official.why_no_text(session, 2025, "IA_AHE_5").endswith("its text is in the file of 2024.")
    assert official.why_no_text(session, 2025, "IA_XX_1") == "CMS's file of 2025 does not hold IA_XX_1."
