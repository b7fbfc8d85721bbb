"""What can go wrong with a vault, as sentences for a person; and the sorting of SQLite's result codes into them."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlcipher3 import dbapi2 as dbapi

from mips_desk.domain import phrases
from mips_desk.errors import BadInputError, MipsDeskError


class VaultError(MipsDeskError):
    """Something about a vault that a person can act on."""


class NotAVaultError(VaultError):
    """The folder holds no vault."""

    def __init__(self, message: str = "This folder is not a MIPS Desk vault. Choose a folder that ends in .mipsvault."):
        super().__init__(message)


class WrongPassphraseError(VaultError):
    """No slot of the vault opens with the passphrase."""

    def __init__(
        self, message: str = "That passphrase does not open this vault. Nothing was changed, so try it again."
    ) -> None:
        super().__init__(message)


class KeyFileNeededError(WrongPassphraseError):
    """The person's passphrase opens the vault only together with a key file, and none was given."""

    def __init__(self) -> None:
        super().__init__("This passphrase goes with a key file. Choose the key file as well, and try it again.")


class WrongRecoveryKeyError(WrongPassphraseError):
    """The recovery key is well formed and not the one of the newest sheet of this vault."""

    def __init__(self) -> None:
        super().__init__(
            "This recovery sheet does not open this vault. Nothing was changed; look whether it is the newest sheet of"
            " this practice."
        )


class VaultTooNewError(VaultError):
    """The vault was written by a newer version of the app."""

    def __init__(self) -> None:
        super().__init__(
            "This vault was made by a newer version of MIPS Desk. Nothing was changed; install that version to open it."
        )


class VaultDamagedError(VaultError):
    """Bytes of the vault are not what was written.

    Attributes:
        subject: what is damaged, as the beginning of a sentence.
        state: what is wrong with it, as the rest.
    """

    def __init__(self, subject: str = "The data file vault.db", state: str = "is damaged"):
        super().__init__(f"{subject} {state}. Nothing was changed; check the vault, and restore the newest backup.")
        self.subject = subject
        self.state = state


class BackupDamagedError(VaultDamagedError):
    """Bytes of a backup file are not what was written."""

    def __init__(self, name: str, state: str):
        """Say so.

        Args:
            name: of the file.
            state: what is wrong with it, as the rest of a sentence.
        """
        super().__init__(f"The backup {name}", state)
        self.args = (f"{self.subject} {state}. Nothing was changed; use another backup of this practice.",)


class NoBackupError(VaultDamagedError):
    """The vault is not sound, so that a backup of it could not be trusted."""

    def __init__(self, subject: str, state: str):
        """Say so, and how a sound vault with all the work comes to be.

        Args:
            subject: what is damaged, as the beginning of a sentence.
            state: what is wrong with it, as the rest.
        """
        super().__init__(subject, state)
        self.args = (
            f"{subject} {state}, so no new backup was made; the older ones are kept. Restore the newest one beside this"
            " practice, and read a hand-over file of this practice there: it brings what was done since.",
        )


class VaultBusyError(VaultError):
    """Somebody else has the vault open for writing.

    Attributes:
        person: name of that person; empty when not known.
        host: name of that computer; empty when not known.
        since: local date and time at which that person opened it, as text; empty when not known.
    """

    def __init__(self, person: str = "", host: str = "", since: str = ""):
        who = person or "Another program"
        where = f" on {host}" if host else ""
        when = f" (since {since})" if since else ""
        super().__init__(
            f"{who} has this vault open{where}{when}. Nothing was changed; close it there, or open it to read only."
        )
        self.person = person
        self.host = host
        self.since = since


class VaultInUseError(VaultError):
    """Another program, window or computer reads the vault while it must be left alone."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else has this vault open, here or on another computer, so it was not encrypted with a new key."
            " Nothing was changed; close it there and try it again."
        )


class VaultFullError(VaultError):
    """There is no room left on the disk."""

    def __init__(self) -> None:
        super().__init__(
            "The disk is full. Everything saved before is safe, this change was not made; free some space and try it"
            " again."
        )


class VaultDiskError(VaultError):
    """The operating system refused to read or write the vault's files."""

    def __init__(self) -> None:
        super().__init__(
            "The vault's files could not be read or written. Everything saved before is safe, this change was not"
            " made; check the disk and the folder's permissions."
        )


class VaultGoneError(VaultError):
    """The vault's files are not those that were opened: moved, replaced or deleted by another program."""

    def __init__(self) -> None:
        super().__init__(
            "The folder of this practice is not where it was opened: it was moved, replaced or deleted. This change was"
            " not made; put the folder back, or open it at its new place."
        )


class NotInVaultError(VaultError):
    """What was asked for is not in the vault, or was removed."""

    def __init__(self, what: str):
        super().__init__(f"{what} is not in this vault, or was removed from it. Nothing was changed.")


class VaultReadOnlyError(VaultError):
    """The vault was opened for reading only."""

    def __init__(self, message: str = "This vault is open for reading only, so nothing was changed."):
        super().__init__(message)


class NotAllowedError(VaultError):
    """The person's role does not include this act."""

    def __init__(self) -> None:
        super().__init__("Only a manager of this practice can do that. Nothing was changed.")


class VaultPlaceError(VaultError):
    """The folder is synchronised by a program or lies on a network share, which would destroy a vault.

    Attributes:
        provider: who synchronises it, or the kind of share, in words.
    """

    def __init__(self, provider: str, message: str):
        super().__init__(message)
        self.provider = provider


class HandoverError(VaultError):
    """A hand-over file is not what this practice can read; the sentence says why and what to do."""


class YearClosedError(VaultError):
    """The year was closed."""

    def __init__(self, year: int):
        super().__init__(
            f"{year} is closed and cannot be changed. Nothing was changed; a manager can reopen it in Settings."
        )
        self.year = year


class YearUnderAuditError(VaultError):
    """An audit asks about the year, so that nothing of it may be destroyed."""

    def __init__(self, year: int, letter_on: date):
        """Say so.

        Args:
            year: performance year.
            letter_on: date of the notice.
        """
        super().__init__(
            f"{year} is under audit by the letter of {phrases.long_day(letter_on)}, so its originals are kept. Nothing"
            " was destroyed; close the audit first when it is over."
        )
        self.year = year


class OriginalDestroyedError(VaultError):
    """The original was destroyed on purpose; what is left is its tombstone.

    Attributes:
        sentence: when, by whom and why.
    """

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


_BY_SENTENCE = {
    "database or disk is full": dbapi.SQLITE_FULL,
    "disk I/O error": dbapi.SQLITE_IOERR,
    "unable to open database file": dbapi.SQLITE_CANTOPEN,
    "database is locked": dbapi.SQLITE_BUSY,
    "database disk image is malformed": dbapi.SQLITE_CORRUPT,
    "file is not a database": dbapi.SQLITE_NOTADB,
}
_DISK_CODES = {dbapi.SQLITE_IOERR, dbapi.SQLITE_CANTOPEN, dbapi.SQLITE_PERM, dbapi.SQLITE_NOLFS}
_FULL_ERRNOS = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


def from_sqlite(error: dbapi.Error) -> VaultError | None:
    """Return the error for a person that a database error stands for, or None when it is a bug."""
    # An error out of the backup of SQLite carries no code, only its sentence.
    code = getattr(error, "sqlite_errorcode", None)
    primary = _BY_SENTENCE.get(str(error), 0) if code is None else code & 0xFF
    if primary == dbapi.SQLITE_FULL:
        return VaultFullError()
    if primary in (dbapi.SQLITE_BUSY, dbapi.SQLITE_LOCKED):
        return VaultBusyError()
    if primary in (dbapi.SQLITE_CORRUPT, dbapi.SQLITE_NOTADB):
        return VaultDamagedError()
    if primary == dbapi.SQLITE_READONLY:
        return VaultReadOnlyError()
    if primary in _DISK_CODES:
        return VaultDiskError()
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Turn database errors that a person can act on into `VaultError`; let every other exception through.

    Raises:
        VaultError: see `from_sqlite`.
        BadInputError: a text holds half a character (a lone surrogate), which no file can store.
    """
    try:
        yield
    except dbapi.Error as error:
        known = from_sqlite(error)
        if known is None:
            raise
        raise known from error
    except UnicodeEncodeError:
        # "from None": the original names the text, which may be patient data.
        raise BadInputError(
            "A text or file name holds characters that cannot be stored. Nothing was changed; type it again."
        ) from None


@contextmanager
def translated_files() -> Iterator[None]:
    """Turn errors of the file system into `VaultError`.

    Raises:
        VaultFullError: no room left.
        VaultDiskError: anything else that the operating system refused.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL_ERRNOS:
            raise VaultFullError from error
        raise VaultDiskError from error
