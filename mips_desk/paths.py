"""All folders in one place."""

import sys
from pathlib import Path


def resources() -> Path:
    """Return the folder of read-only resources, in a checkout, an installed wheel or the frozen app.

    Raises:
        FileNotFoundError: the installation is damaged.
    """
    package = Path(__file__).resolve().parent
    candidates = [package / "resources", package.parent / "resources"]
    if bundle := getattr(sys, "_MEIPASS", None):
        candidates.insert(0, Path(bundle) / "resources")
    for folder in candidates:
        if (folder / "catalog").is_dir():
            return folder
    raise FileNotFoundError("The folder 'resources' is missing from this installation.")


def data_folder() -> Path:
    """Return the per-user, per-machine folder for practices and settings (never a roaming one)."""
    from platformdirs import user_data_path

    return user_data_path("MIPS Desk", appauthor=False, roaming=False)


def log_folder() -> Path:
    """Return the per-user folder for log files."""
    from platformdirs import user_log_path

    return user_log_path("MIPS Desk", appauthor=False)
