"""The layout of the database, step by step. A step is never edited once it was released."""

from sqlite_utils.migrations import Migrations

from . import (
    m0001_first,
    m0002_official,
    m0003_settings,
    m0004_closing,
    m0005_backups,
    m0006_desktops,
    m0007_search,
    m0008_evidence_text,
    m0009_attested,
    m0010_signing,
)

#: Newest layout this version knows: `user_version` is MAJOR * 1000 + minor. A vault with a higher major is refused; a
#: higher minor only added what this version can leave alone.
MAJOR = 2

MIGRATIONS = Migrations("mips_desk")
MIGRATIONS()(m0001_first.m0001_first)
MIGRATIONS()(m0002_official.m0002_official)
MIGRATIONS()(m0003_settings.m0003_settings)
MIGRATIONS()(m0004_closing.m0004_closing)
MIGRATIONS()(m0005_backups.m0005_backups)
MIGRATIONS(transactional=False)(m0006_desktops.m0006_desktops)
MIGRATIONS()(m0007_search.m0007_search)
MIGRATIONS()(m0008_evidence_text.m0008_evidence_text)
MIGRATIONS()(m0009_attested.m0009_attested)
MIGRATIONS()(m0010_signing.m0010_signing)
