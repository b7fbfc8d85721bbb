"""Ask a time-stamping service (RFC 3161), in a process of its own: the only network code, and off unless turned on."""

import subprocess
import sys
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from mips_desk.errors import BadInputError

from .signature import StampError

CHILD: Final = "--ask-time-stamp"
#: Seconds after which a service that does not answer is given up.
PATIENCE: Final = 30
_LARGEST_ANSWER: Final = 1 << 17


def refuse_bad_address(address: str) -> None:
    """Refuse what is no address of a service.

    Raises:
        BadInputError: it does not begin with http:// or https:// and a name, or holds a name and password.
    """
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        good = False
    if not good or any(char.isspace() or not char.isprintable() for char in address):
        raise BadInputError(
            "The address of a time-stamping service begins with https:// or http://. Nothing was signed or written."
        )


def ask(address: str, request: bytes, *, patience: float = PATIENCE) -> bytes:
    """Send a request that holds a hash and nothing else, and return the answer.

    Args:
        address: of the service.
        request: DER (RFC 3161).
        patience: seconds to wait.

    Raises:
        StampError: there was no answer.
    """
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable, CHILD] if frozen else [sys.executable, "-m", "mips_desk", CHILD]
    try:
        done = subprocess.run(  # noqa: S603 - this program itself
            command,
            input=address.encode() + b"\n" + request,
            capture_output=True,
            timeout=patience,
            check=False,
            cwd=Path(__file__).resolve().parents[2],
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StampError("The time-stamping service could not be asked.") from error
    if done.returncode != 0 or not 0 < len(done.stdout) <= _LARGEST_ANSWER:
        raise StampError("The time-stamping service did not answer.")
    return done.stdout
