"""The process that asks a time-stamping service: the only code of MIPS Desk that talks to a network.

It gets an address and a request (RFC 3161) on standard input, and prints the answer. The request holds the hash of a
signature and a random number, nothing else. Redirections are not followed, and no proxy or cookie is used that the
system does not ask for.
"""

import sys
import urllib.error
import urllib.request

_SECONDS = 20
_LARGEST = 1 << 17
_LARGEST_REQUEST = 1024


class _Straight(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""
        return


def main() -> int:
    """Ask once and return the exit code."""
    address, _line, request = sys.stdin.buffer.read(_LARGEST_REQUEST + 4096).partition(b"\n")
    if not address.startswith((b"http://", b"https://")) or len(request) > _LARGEST_REQUEST:
        return 2
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    question = urllib.request.Request(address.decode(), request, headers)  # noqa: S310 - the scheme was checked
    try:
        with urllib.request.build_opener(_Straight).open(question, timeout=_SECONDS) as answer:
            data: bytes = answer.read(_LARGEST + 1)
    except (OSError, ValueError, urllib.error.URLError):
        return 1
    if not 0 < len(data) <= _LARGEST:
        return 1
    sys.stdout.buffer.write(data)
    return 0
