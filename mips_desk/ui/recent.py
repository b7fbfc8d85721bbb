"""The practices opened before: where they are, nothing of what is in them."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QSettings

#: Practices that are remembered.
LIMIT = 5
_KEY = "recent_practices"


def recent(settings: QSettings) -> tuple[Path, ...]:
    """Return the folders of the practices opened before that still exist, newest first."""
    stored = settings.value(_KEY, [])
    paths = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
    return tuple(path for path in map(Path, paths) if path.is_dir())


def remember(settings: QSettings, folder: Path) -> None:
    """Put a practice on top of the list."""
    others = [str(path) for path in recent(settings) if path != folder]
    settings.setValue(_KEY, [str(folder), *others][:LIMIT])


def forget(settings: QSettings, folder: Path) -> None:
    """Take a practice off the list; the practice itself stays where it is."""
    settings.setValue(_KEY, [str(path) for path in recent(settings) if path != folder])
    settings.remove(_person_key(folder))


def practice_name(folder: Path) -> str:
    """Return the name to show for a vault folder."""
    return folder.stem


def remember_person(settings: QSettings, folder: Path, person_id: str) -> None:
    """Keep who opened a practice last on this computer: the identifier, never the name."""
    settings.setValue(_person_key(folder), person_id)


def last_person(settings: QSettings, folder: Path) -> str:
    """Return the identifier of who opened a practice last on this computer; empty when not known."""
    return str(settings.value(_person_key(folder), ""))


def _person_key(folder: Path) -> str:
    return f"last_person/{hashlib.sha256(str(folder).encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
