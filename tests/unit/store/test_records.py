"""What goes into a vault comes out the same, also after it was closed and opened."""

import dataclasses
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mips_desk.domain.evidence import Selection, Source, UseEntry
from mips_desk.domain.period import Period
from mips_desk.domain.practice import (
    Category,
    Clinician,
    Level,
    Practice,
    Role,
    SpecialStatus,
    Track,
    YearProfile,
)
from mips_desk.errors import BadInputError
from mips_desk.store import Event, NotInVaultError, Vault

from .conftest import (
    EASTERN,
    PRACTICE,
    Clock,
    add_item,
    attest,
    choose,
    collect,
    everything,
    export_record,
    fill,
    intake,
    reopen,
)

many_on_one_vault = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
texts = st.text(max_size=40)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
moments = st.datetimes(
    datetime(2017, 1, 1),
    datetime(2090, 1, 1),
    timezones=st.builds(timezone, st.builds(timedelta, minutes=st.integers(-720, 840))),
)


def test_new_vault(vault: Vault) -> None:
    assert vault.practice() == PRACTICE
    assert vault.person.name == "Ana Ruiz"
    assert vault.person.role is Role.MANAGER
    assert not vault.read_only
    assert vault.clinicians() == ()
    assert vault.years() == ()
    assert vault.profile(2025) is None
    assert vault.selections(2025) == ()
    assert vault.evidence(2025) == ()
    assert vault.uses(2025) == ()
    assert vault.exports() == ()
    assert vault.find_export("ab" * 32) is None
    assert vault.reported_years("IA_BE_4") == ()
    assert vault.check() == []


def test_everything_survives_reopening(vault: Vault, clock: Clock) -> None:
    fill(vault)
    before = everything(vault)[:-2]
    person = vault.person
    with reopen(vault, clock) as again:
        assert everything(again)[:-2] == before
        assert again.person == person
    with reopen(vault, clock, read_only=True) as again:
        assert everything(again)[:-2] == before


@many_on_one_vault
@given(st.builds(Practice, texts, texts, texts))
def test_practice(vault: Vault, practice: Practice) -> None:
    with vault.write(Event.PRACTICE_CHANGED) as tx:
        tx.put_practice(practice)
    assert vault.practice() == practice


@many_on_one_vault
@given(
    st.builds(
        YearProfile,
        year=st.integers(2017, 2030),
        level=st.sampled_from(Level),
        track=st.sampled_from(Track),
        special_statuses=st.frozensets(st.sampled_from(SpecialStatus)),
        mvp_id=texts,
        npis_total=st.none() | st.integers(0, 99),
        eligible_clinicians=st.none() | st.integers(0, 99),
        missing_categories=st.frozensets(st.sampled_from(Category)),
        apm_participant=st.booleans(),
        submitted_quality=st.none() | st.booleans(),
        submitted_pi=st.none() | st.booleans(),
        euc_exception=st.booleans(),
        web_interface_apm=st.booleans(),
        pcmh_sites_total=st.none() | st.integers(0, 99),
        pcmh_sites_recognised=st.none() | st.integers(0, 99),
    )
)
def test_profile(vault: Vault, profile: YearProfile) -> None:
    with vault.write(Event.PROFILE_CHANGED) as tx:
        tx.put_profile(profile)
    assert vault.profile(profile.year) == profile
    assert profile.year in vault.years()
    assert list(vault.years()) == sorted(vault.years(), reverse=True)


@many_on_one_vault
@given(texts, texts, texts, texts, st.none() | days, st.none() | days)
def test_clinician(
    vault: Vault, name: str, npi: str, credential: str, role: str, joined: date | None, left: date | None
) -> None:
    with vault.write(Event.CLINICIANS_CHANGED) as tx:
        made = tx.put_clinician(Clinician("", name, npi, credential, role, joined, left))
    assert made == Clinician(made.id, name, npi, credential, role, joined, left)
    assert vault.clinicians()[-1] == made
    changed = dataclasses.replace(made, name=name + "x", left=None)
    with vault.write(Event.CLINICIANS_CHANGED) as tx:
        assert tx.put_clinician(changed) == changed
    assert vault.clinicians()[-1] == changed


def test_clinician_with_its_own_id_removed_and_restored(vault: Vault) -> None:
    first, second = Clinician("c1", "Osei"), Clinician("c2", "Adams")
    with vault.write(Event.CLINICIANS_CHANGED) as tx:
        tx.put_clinician(first)
        tx.put_clinician(second)
    assert vault.clinicians() == (first, second)
    with vault.write(Event.CLINICIANS_CHANGED) as tx:
        tx.remove_clinician("c1")
    assert vault.clinicians() == (second,)
    for attempt in ("put", "remove"):
        with pytest.raises(NotInVaultError), vault.write(Event.CLINICIANS_CHANGED) as tx:
            tx.put_clinician(first) if attempt == "put" else tx.remove_clinician("c1")
    with vault.write(Event.CLINICIANS_CHANGED) as tx:
        tx.restore_clinician("c1")
    assert vault.clinicians() == (first, second)


@many_on_one_vault
@given(st.none() | st.tuples(days, days), texts, texts)
def test_selection(vault: Vault, period: tuple[date, date] | None, story: str, note: str) -> None:
    chosen = vault.selections(2025)[0] if vault.selections(2025) else choose(vault)
    changed = dataclasses.replace(
        chosen,
        period=Period(min(period), max(period)) if period else None,
        story=story,
        private_note=note,
    )
    with vault.write(Event.SELECTION_CHANGED) as tx:
        # What was attested stands in records of its own.
        tx.put_selection(dataclasses.replace(changed, attested_on=date(2026, 1, 5)))
    assert vault.selection(chosen.id) == changed
    assert vault.selections(2025) == (changed,)


def test_selections_come_in_order_of_choosing(vault: Vault) -> None:
    made = [choose(vault, activity_id=name) for name in ("IA_PM_16", "IA_BE_4", "IA_AHE_1")]
    choose(vault, 2024, "IA_BE_4")
    assert vault.selections(2025) == tuple(made)
    assert made[0] == Selection(made[0].id, 2025, "IA_PM_16")


def test_an_activity_is_chosen_once(vault: Vault) -> None:
    first = choose(vault)
    with pytest.raises(BadInputError, match="IA_BE_4 is chosen for 2025 already"):
        choose(vault)
    with vault.write(Event.ACTIVITY_REMOVED) as tx:
        tx.remove_selection(first.id)
    second = choose(vault)
    with pytest.raises(BadInputError), vault.write(Event.ACTIVITY_RESTORED) as tx:
        tx.restore_selection(first.id)
    assert vault.selections(2025) == (second,)


def test_reported_years(vault: Vault) -> None:
    for year in (2024, 2022, 2025):
        selection = choose(vault, year)
        if year != 2025:
            attest(vault, year, "IA_BE_4")
            assert vault.selection(selection.id).attested_on == date(year + 1, 2, 1)
    assert vault.reported_years("IA_BE_4") == (2022, 2024)
    assert vault.reported_years("IA_BE_5") == ()


@many_on_one_vault
@given(
    st.binary(min_size=1, max_size=5000),
    st.sampled_from(Source),
    moments,
    texts,
    texts,
    texts,
    st.integers(0, 400),
    texts,
    st.none() | days,
    texts,
    texts,
    texts,
    st.booleans(),
    moments,
)
def test_evidence(
    vault: Vault,
    original: bytes,
    source: Source,
    at: datetime,
    host: str,
    title: str,
    file_name: str,
    scale: int,
    caption: str,
    shows: date | None,
    option: str,
    reason: str,
    address: str,
    confirmed: bool,
    looked: datetime,
) -> None:
    selection = vault.selections(2025)[0] if vault.selections(2025) else choose(vault)
    number = len(vault.evidence(2025)) + 1
    received = intake(source=source, at=at, host=host, window_title=title, file_name=file_name, scale=scale)
    made = collect(vault, selection.id, original, intake=received, caption=caption, shows_date=shows, option_key=option)
    assert vault.evidence_item(made.id) == made
    assert (made.number, made.intake, made.intake.at.utcoffset()) == (number, received, at.utcoffset())
    assert (made.caption, made.shows_date, made.option_key) == (caption, shows, option)
    assert vault.original(made.sha256) == original
    changed = dataclasses.replace(
        made,
        caption=caption + "!",
        outside_reason=reason,
        address=address,
        no_identifiers=confirmed,
        looked_at_by="Ana Ruiz",
        looked_at_on=looked,
    )
    with vault.write(Event.EVIDENCE_CHANGED) as tx:
        tx.put_evidence(changed)
    assert vault.evidence_item(made.id) == changed
    assert vault.evidence(2025)[-1] == changed


def test_evidence_of_several_activities_is_in_order(vault: Vault) -> None:
    first, second = choose(vault), choose(vault, activity_id="IA_AHE_1")
    expected = [collect(vault, first.id), collect(vault, second.id), collect(vault, first.id)]
    assert [item.id for item in vault.evidence(2025)] == [expected[0].id, expected[2].id, expected[1].id]
    assert [item.number for item in vault.evidence(2025)] == [1, 2, 1]


def test_put_evidence_leaves_the_intake_alone(vault: Vault) -> None:
    made = collect(vault, choose(vault).id)
    forged = dataclasses.replace(
        made, number=9, sha256="00" * 32, width=1, media_type="x", marks_revision=0, intake=intake(host="ELSEWHERE")
    )
    with vault.write(Event.EVIDENCE_CHANGED) as tx:
        tx.put_evidence(forged)
    assert vault.evidence_item(made.id) == made


def test_the_same_original_is_stored_once(vault: Vault) -> None:
    selection = choose(vault)
    items = [collect(vault, selection.id, b"x" * 200_000) for _ in range(20)]
    assert len({item.sha256 for item in items}) == 1
    assert [item.number for item in items] == list(range(1, 21))
    vault.close()
    assert (vault.folder / "vault.db").stat().st_size < 200_000 * 4


@pytest.mark.parametrize("size", [0, (512 << 20) + 1])
def test_originals_of_impossible_size_are_refused(vault: Vault, size: int) -> None:
    selection = choose(vault)
    with pytest.raises(BadInputError, match="512 MB"):
        collect(vault, selection.id, bytes(size))


def test_exhibit_numbers_are_never_given_twice(vault: Vault) -> None:
    selection = choose(vault)
    first, second = collect(vault, selection.id), collect(vault, selection.id)
    with vault.write(Event.EVIDENCE_REMOVED) as tx:
        tx.remove_evidence(second.id, "wrong patient list")
    assert vault.evidence(2025) == (first,)
    with pytest.raises(NotInVaultError):
        vault.evidence_item(second.id)
    third = collect(vault, selection.id)
    assert third.number == 3
    with vault.write(Event.EVIDENCE_RESTORED) as tx:
        tx.restore_evidence(second.id)
    assert vault.evidence(2025) == (first, second, third)
    with vault.write(Event.ACTIVITY_REMOVED) as tx:
        tx.remove_selection(selection.id)
    assert collect(vault, choose(vault).id).number == 4


def test_a_removed_activity_takes_its_evidence_with_it_and_brings_it_back(vault: Vault) -> None:
    selection = choose(vault)
    kept, gone = collect(vault, selection.id), collect(vault, selection.id)
    with vault.write(Event.USES_ADDED) as tx:
        uses = tx.add_uses(selection.id, [UseEntry("", "", date(2025, 5, 1))])
    with vault.write(Event.EVIDENCE_REMOVED) as tx:
        tx.remove_evidence(gone.id, "")
        tx.remove_selection(selection.id)
    assert (vault.selections(2025), vault.evidence(2025), vault.uses(2025)) == ((), (), ())
    for read in (lambda: vault.selection(selection.id), lambda: vault.evidence_item(kept.id)):
        with pytest.raises(NotInVaultError):
            read()
    with pytest.raises(NotInVaultError):
        collect(vault, selection.id)
    with pytest.raises(NotInVaultError), vault.write(Event.EVIDENCE_CHANGED) as tx:
        tx.put_evidence(kept)
    with vault.write(Event.ACTIVITY_RESTORED) as tx:
        tx.restore_selection(selection.id)
    assert (vault.selections(2025), vault.evidence(2025), vault.uses(2025)) == ((selection,), (kept,), uses)


def test_marks(vault: Vault) -> None:
    item = collect(vault, choose(vault).id)
    assert vault.marks(item.id) == b""
    looked = dataclasses.replace(item, looked_at_by="Ana Ruiz", looked_at_on=datetime(2026, 1, 1, tzinfo=EASTERN))
    with vault.write(Event.LOOKED_AT) as tx:
        tx.put_evidence(looked)
    for revision in (1, 2):
        with vault.write(Event.MARKS_CHANGED) as tx:
            assert tx.add_marks(item.id, b"[%d]" % revision, redactions=revision, other_marks=7) == revision
    assert vault.marks(item.id) == b"[2]"
    assert vault.evidence_item(item.id) == dataclasses.replace(
        item, marks_revision=2, redactions=2, other_marks=7, looked_at_by="", looked_at_on=None
    )


def test_a_look_at_an_older_revision_does_not_count(vault: Vault) -> None:
    item = collect(vault, choose(vault).id)
    looked = dataclasses.replace(item, looked_at_by="Ana Ruiz", looked_at_on=datetime(2026, 1, 1, tzinfo=EASTERN))
    with vault.write(Event.MARKS_CHANGED) as tx:
        tx.add_marks(item.id, b"[]", redactions=0, other_marks=0)
    with pytest.raises(BadInputError, match="Look at it again"), vault.write(Event.LOOKED_AT) as tx:
        tx.put_evidence(looked)
    assert vault.evidence_item(item.id).looked_at_by == ""
    with vault.write(Event.EVIDENCE_CHANGED) as tx:
        tx.put_evidence(dataclasses.replace(item, caption="typed while the marks were saved"))
    assert vault.evidence_item(item.id).caption == "typed while the marks were saved"


@many_on_one_vault
@given(st.lists(st.tuples(days, st.integers(1, 1_000_000), texts), max_size=8))
def test_uses(vault: Vault, logged: list[tuple[date, int, str]]) -> None:
    selection = vault.selections(2025)[0] if vault.selections(2025) else choose(vault)
    before = vault.uses(2025)
    with vault.write(Event.USES_ADDED) as tx:
        made = tx.add_uses(selection.id, [UseEntry("", "", day, count, note) for day, count, note in logged])
    assert [(use.day, use.count, use.note, use.selection_id) for use in made] == [
        (day, count, note, selection.id) for day, count, note in logged
    ]
    assert set(vault.uses(2025)) == {*before, *made}
    assert [use.day for use in vault.uses(2025)] == sorted(use.day for use in vault.uses(2025))
    ids = [use.id for use in made]
    with vault.write(Event.USES_REMOVED) as tx:
        tx.remove_uses(ids)
    assert vault.uses(2025) == before
    with vault.write(Event.USES_RESTORED) as tx:
        tx.restore_uses(ids)
    assert set(vault.uses(2025)) == {*before, *made}


def test_uses_refer_to_what_exists(vault: Vault) -> None:
    selection = choose(vault)
    item = collect(vault, selection.id)
    with vault.write(Event.CLINICIANS_CHANGED) as tx:
        clinician = tx.put_clinician(Clinician("", "Osei"))
    with vault.write(Event.USES_ADDED) as tx:
        made = tx.add_uses(selection.id, [UseEntry("", "", date(2025, 5, 1), 1, "", clinician.id, item.id)])
    assert vault.uses(2025) == made
    for wrong in (
        UseEntry("", "", date(2025, 5, 2), clinician_id="nobody"),
        UseEntry("", "", date(2025, 5, 2), evidence_id="nothing"),
    ):
        with pytest.raises(NotInVaultError), vault.write(Event.USES_ADDED) as tx:
            tx.add_uses(selection.id, [UseEntry("", "", date(2025, 5, 3)), wrong])
    for count in (0, -1, 10**30):
        with pytest.raises(BadInputError), vault.write(Event.USES_ADDED) as tx:
            tx.add_uses(selection.id, [UseEntry("", "", date(2025, 5, 2), count)])
    with pytest.raises(NotInVaultError), vault.write(Event.USES_REMOVED) as tx:
        tx.remove_uses([made[0].id, "nothing"])
    with pytest.raises(NotInVaultError), vault.write(Event.USES_RESTORED) as tx:
        tx.restore_uses([made[0].id])
    assert vault.uses(2025) == made


def test_exports(vault: Vault) -> None:
    first, second = export_record(), export_record(id="B-2", sha256="cd" * 32)
    for export in (first, second):
        with vault.write(Event.BINDER_EXPORTED) as tx:
            tx.add_export(export)
    assert vault.exports() == (first, second)
    assert vault.find_export(second.sha256) == second
    with pytest.raises(BadInputError), vault.write(Event.BINDER_EXPORTED) as tx:
        tx.add_export(first)


def test_what_is_not_there_is_said_so(vault: Vault) -> None:
    with pytest.raises(NotInVaultError, match="activity"):
        vault.selection("x")
    with pytest.raises(NotInVaultError, match="evidence item"):
        vault.evidence_item("x")
    with pytest.raises(NotInVaultError, match="original"):
        vault.original("00" * 32)
    selection = choose(vault)
    item = collect(vault, selection.id)
    with pytest.raises(NotInVaultError, match="clinician"), vault.write(Event.EVIDENCE_CHANGED) as tx:
        tx.put_evidence(dataclasses.replace(item, clinician_ids=("nobody",)))


@pytest.mark.parametrize("where", ["caption", "file_name"])
def test_half_characters_are_refused_without_repeating_them(vault: Vault, where: str) -> None:
    selection = choose(vault)
    fields = {"caption": "\udcff secret"} if where == "caption" else {"intake": intake(file_name="\udcff secret")}
    with pytest.raises(BadInputError, match="cannot be stored") as raised:
        collect(vault, selection.id, **fields)
    assert "secret" not in str(raised.value)
    assert raised.value.__suppress_context__
    assert vault.evidence(2025) == ()


def test_ids_sort_by_time_also_when_the_clock_stands_or_goes_back(vault: Vault, clock: Clock) -> None:
    with vault.write(Event.EVIDENCE_ADDED) as tx:
        selection = tx.add_selection(2025, "IA_BE_4")
        made = [add_item(tx, selection.id).id for _ in range(50)]
        clock.time -= timedelta(days=2)
        made += [add_item(tx, selection.id).id for _ in range(50)]
    assert made == sorted(set(made))
    assert all(len(name) == 26 for name in made)
