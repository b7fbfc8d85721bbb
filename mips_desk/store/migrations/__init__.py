"""The layout of the database, step by step. A step is never edited once it was released."""

from sqlite_utils.migrations import Migrations

from . import m0001_first, m0002_official

#: Newest layout this version knows: `user_version` is MAJOR * 1000 + minor. A vault with a higher major is refused; a
#: higher minor only added what this version can leave alone.
MAJOR = 1

MIGRATIONS = Migrations("mips_desk")
MIGRATIONS()(m0001_first.m0001_first)
MIGRATIONS()(m0002_official.m0002_official)
