"""What must stand in the journal and cannot be written there at once: failed attempts to open a practice, and what is
done in one that is open to read only. It waits in the app's own folder; see `store.pending`.
"""

import contextlib
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from mips_desk.domain.evidence import Export
from mips_desk.errors import MipsDeskError
from mips_desk.paths import data_folder
from mips_desk.store import Event, Vault, WrongPassphraseError, pending, restored
from mips_desk.store.clock import elapsed

log = logging.getLogger(__name__)


@contextlib.contextmanager
def noting_failures(folder: Path, now: Callable[[], datetime], person_name: str = "") -> Iterator[None]:
    """Note it when the `with` block fails to open a vault because a passphrase, sheet or key file does not fit.

    Args:
        folder: the vault; it is not written to.
        now: the clock.
        person_name: whose name was picked at the door; empty when none was.
    """
    try:
        yield
    except WrongPassphraseError:
        try:
            pending.note_failure(_root(), folder, now(), person_name)
        except MipsDeskError as error:  # the person must learn of the wrong passphrase, not of this
            log.warning("A failed attempt could not be noted: %s", type(error).__name__)
        raise


def opened(vault: Vault, now: Callable[[], datetime], *, real_clock: bool = True) -> None:
    """Do what every opening owes the journal, right after a person opened a vault.

    For writing: let the journal say that it was restored, and take over what waits on this computer. To read only:
    note the login. Checks and previews do not call this.

    Args:
        vault: the open vault.
        now: the clock.
        real_clock: the clock is the computer's own, so that it is worth watching whether it is set.

    Raises:
        VaultError: the login to read only, or that the vault was restored, cannot be noted; the vault is closed.
    """
    if real_clock:
        vault.watch_clock(elapsed)
    try:
        if vault.read_only:
            witness(vault, Event.LOGIN, now)
            return
        # Work that came before this would be taken for that of the computer which the backup came from.
        restored.take_in(vault)
    except BaseException:
        vault.close()
        raise
    try:
        pending.take_over(_root(), vault)
    except MipsDeskError as error:  # they go on waiting, and the practice opens
        log.warning("Waiting notes could not be taken over: %s", type(error).__name__)


def witness(
    vault: Vault, event: Event, now: Callable[[], datetime], *, export: Export | None = None, **facts: object
) -> None:
    """Put into the journal what changes no record: a login, a view of an original, an export. In a vault that is open
    to read only it is noted instead, and taken over at the next opening for writing on this computer.

    Args:
        vault: the open vault.
        event: what was done.
        now: the clock.
        export: the binder that was written, to be recorded; None: none was.
        **facts: for the entry, as JSON values, dates, tuples and sets.

    Raises:
        VaultError: it could not be written.
    """
    if vault.read_only:
        pending.note_act(_root(), vault, event, now(), facts, export)
        return
    with vault.write(event) as tx:
        tx.note(**facts)
        if export is not None:
            tx.add_export(export)


def waiting(vault: Vault) -> int:
    """Return how many notes of a practice wait on this computer to be taken into its journal."""
    return pending.waiting(_root(), vault)


def _root() -> Path:
    return data_folder() / "waiting"
