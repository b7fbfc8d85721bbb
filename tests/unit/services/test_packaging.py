"""A package from a vault: recorded, known again, signed with the practice's own certificate."""

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mips_desk.binder.content import Edition
from mips_desk.binder.package import PackageFile
from mips_desk.domain import phrases
from mips_desk.domain.evidence import Export
from mips_desk.domain.practice import Role
from mips_desk.errors import BadInputError
from mips_desk.services import binding, collect, packaging, people, session, signing, verifying
from mips_desk.services.changes import Changed
from mips_desk.services.session import Session
from mips_desk.store import KeyCost

from .closing_sample import Small, small_practice

PASSPHRASE = "correct horse battery staple"
OTHER = "another passphrase of somebody"


@pytest.fixture(autouse=True)
def _cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (people, session):
        monkeypatch.setattr(module, "KEY_COST", KeyCost(8, 1, 1))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    made = small_practice(tmp_path)
    yield made
    made.session.close()


def written(s: Session, out: Path, passphrase: str = "") -> PackageFile:
    return packaging.write(s, packaging.plan(binding.content(s, 2026)), out, passphrase=passphrase)[0]


def test_it_is_recorded_and_known_again(small: Small, tmp_path: Path) -> None:
    s = small.session
    made, changes = packaging.write(s, packaging.plan(binding.content(s, 2026)), tmp_path / "p.zip")
    (path,) = made.files
    assert changes.kinds is Changed.EXPORTS
    package, binder = (next(export for export in s.vault.exports() if export.id == each) for each in changes.ids)
    assert (package.kind, package.file_name, package.sha256) == ("package", path.name, made.sha256[0])
    certificate = signing.practice_certificate(s)
    assert certificate is not None
    assert (package.signed_by, package.edition, package.exhibits) == (certificate.fingerprint, "redacted", 1)
    assert (binder.kind, binder.sha256) == ("binder", made.binder_sha256)
    verdict = verifying.check_package(path, s)
    assert verdict.sound
    assert verdict.export == package
    assert (
        verdict.record
        == f"This is the audit package for 2026 that Ana Ruiz exported on {_day(package)}; it is unchanged."
    )
    alone = verifying.check_package(path)
    assert alone.record.startswith(f"Unchanged since it was signed with certificate {certificate.fingerprint[:16]}. It")
    assert f" wrote it on {_day(package)}; the practice can tell whether" in alone.record
    with zipfile.ZipFile(path) as found:
        found.extract("binder.pdf", tmp_path)
    assert verifying.check_binder(tmp_path / "binder.pdf", s).export == binder


def test_a_changed_one_is_known_by_its_identifier(small: Small, tmp_path: Path) -> None:
    s = small.session
    (path,) = written(s, tmp_path / "p.zip").files
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    verdict = verifying.check_package(path, s)
    assert not verdict.sound
    assert verdict.export is None
    assert "with this identifier was exported" in verdict.record
    assert len(verdict.findings) >= 2
    assert verdict.findings[-1].where == "record of exports"


def test_one_of_another_practice_is_not_known(small: Small, tmp_path: Path) -> None:
    (path,) = written(small.session, tmp_path / "p.zip").files
    (tmp_path / "other").mkdir()
    other = small_practice(tmp_path / "other")
    verdict = verifying.check_package(path, other.session)
    other.session.close()
    assert [finding.what for finding in verdict.findings] == ["This vault has no record of having exported this file."]


def test_the_same_state_gives_the_same_bytes_and_two_records(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    s = small.session
    plan = packaging.plan(binding.content(s, 2026))
    first, one = packaging.write(s, plan, tmp_path / "one.zip")
    second, two = packaging.write(s, plan, tmp_path / "two.zip")
    assert first.sha256 == second.sha256
    assert set(one.ids).isdisjoint(two.ids)
    assert [each.partition("/")[0] for each in two.ids] == list(one.ids)


def test_the_binder_inside_is_not_taken_for_the_one_that_was_exported_alone(small: Small, tmp_path: Path) -> None:
    s = small.session
    content = binding.content(s, 2026)
    plan = packaging.plan(content)
    assert plan.content.binder_id != content.binder_id != plan.package_id
    assert plan.content.package is not None
    made, _ = packaging.write(s, plan, tmp_path / "p.zip")
    with zipfile.ZipFile(made.files[0]) as found:
        listed = found.read("exhibits.sha256")
    assert hashlib.sha256(listed).hexdigest() == plan.content.package.manifest_sha256


def test_the_plan_lists_what_is_withheld(small: Small) -> None:
    s = small.session
    collect.describe(s, small.item, no_identifiers=False)
    plan = packaging.plan(binding.content(s, 2026))
    assert plan.partial
    missing = next(entry for entry in plan.missing if entry.path)
    assert missing.path == "exhibits/2026-IA_BE_4-01.png"
    assert missing.target == small.item
    assert missing.missing == "Patient identifiers are neither redacted nor confirmed absent."


def test_the_full_edition_is_recorded_with_its_reason(small: Small, tmp_path: Path) -> None:
    s = small.session
    collect.describe(s, small.item, no_identifiers=False)
    content = binding.content(s, 2026, edition=Edition.FULL, full_reason="Asked for in the letter of May 4")
    made, changes = packaging.write(s, packaging.plan(content), tmp_path / "p.zip")
    found = [export for export in s.vault.exports() if export.id in changes.ids]
    assert {(export.edition, export.reason) for export in found} == {("full", "Asked for in the letter of May 4")}
    assert made.exhibits == 1


def test_parts_are_each_known(small: Small, tmp_path: Path) -> None:
    s = small.session
    with pytest.raises(BadInputError, match="at least 1 MB"):
        packaging.plan(binding.content(s, 2026), split=10)
    made, _ = packaging.write(s, packaging.plan(binding.content(s, 2026), split=5_000_000), tmp_path / "p.zip")
    assert verifying.check_package(made.files[0], s).export is not None


@pytest.mark.parametrize("weak", ["short", "pässphrase with an umlaut", "tab\tinside the passphrase"])
def test_a_passphrase_that_would_not_do_is_refused(weak: str, small: Small, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="othing was written"):
        written(small.session, tmp_path / "p.zip", weak)
    assert not list(tmp_path.glob("p*.zip"))


def test_an_encrypted_one_is_known_without_its_passphrase(small: Small, tmp_path: Path) -> None:
    s = small.session
    made = written(s, tmp_path / "p.zip", OTHER)
    assert verifying.check_package(made.files[0], s).export is not None
    assert verifying.check_package(made.files[0]).record.startswith("Its seal fits; it does not show who")
    assert verifying.check_package(made.files[0], None, OTHER).record.startswith("Unchanged since ")


def test_a_place_inside_a_vault_is_refused(small: Small) -> None:
    with pytest.raises(BadInputError, match="inside a vault"):
        written(small.session, small.session.vault.folder / "p.zip")


def test_a_helper_needs_the_certificate_that_a_manager_made(small: Small, tmp_path: Path) -> None:
    folder = small.session.vault.folder
    people.add_person(small.session, "Ben Ode", Role.HELPER, OTHER)
    small.session.close()
    small.session = session.open_practice(folder, OTHER)
    with pytest.raises(BadInputError, match="a manager makes it once"):
        written(small.session, tmp_path / "p.zip")
    small.session.close()
    small.session = session.open_practice(folder, PASSPHRASE)
    signing.make_practice_certificate(small.session)
    small.session.close()
    small.session = session.open_practice(folder, OTHER)
    assert written(small.session, tmp_path / "p.zip").files[0].is_file()


def test_from_a_vault_that_is_open_to_read_only_it_is_recorded_later(small: Small, tmp_path: Path) -> None:
    folder = small.session.vault.folder
    signing.make_practice_certificate(small.session)
    small.session.close()
    small.session = session.open_practice(folder, PASSPHRASE, read_only=True)
    made = written(small.session, tmp_path / "p.zip")
    small.session.close()
    small.session = session.open_practice(folder, PASSPHRASE)
    verdict = verifying.check_package(made.files[0], small.session)
    assert verdict.export is not None
    assert verdict.export.kind == "package"


def _day(export: Export) -> str:
    return phrases.long_day(export.at)


def test_words_of_a_file_that_anybody_made_are_shown_on_one_line(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "Riverside\x1b[2J\nThe binder is sound.\u202egnp" + "x" * 500
    monkeypatch.setattr("mips_desk.services.packaging.vault_id", lambda _vault: name)
    (path,) = written(small.session, tmp_path / "p.zip").files
    said = verifying.check_package(path).record
    assert "vault Riverside[2J The binder is sound.gnpxxx" in said
    assert said.isprintable()
    assert len(said) < 400
