"""What goes into a binder while somebody works in the same practice."""

from datetime import date
from pathlib import Path

import pytest

from mips_desk.sample.practice import SAMPLE_PASSPHRASE, make_sample
from mips_desk.services import binding, collect
from mips_desk.services.overview import YearView, load_year
from mips_desk.services.session import Session, open_practice


def test_a_redaction_deleted_during_the_export_withholds_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_practice(make_sample(tmp_path).vault_folder, SAMPLE_PASSPHRASE)
    redacted = next(item for item in session.vault.evidence(2026) if item.redactions and not item.no_identifiers)

    before = {sheet.item.id for sheet in binding.content(session, 2026).exhibits if sheet.withheld}

    def read_then_deleted(session: Session, year: int, today: date) -> YearView:
        view = load_year(session, year, today)
        collect.set_marks(session, redacted.id, ())
        return view

    monkeypatch.setattr(binding, "load_year", read_then_deleted)
    after = {sheet.item.id for sheet in binding.content(session, 2026).exhibits if sheet.withheld}
    session.close()
    assert after - before == {redacted.id}
