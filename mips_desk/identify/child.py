"""The process that reads pictures: raw pixels in, words out, over its standard streams. It writes no file and has no
network, and when it dies nothing else does.

In: a line of JSON {"width", "height"}, then width x height x 3 bytes (red, green, blue). Out: lines of JSON, {"ready"}
once, then for each picture {"progress": [done, total]} as it goes and {"words": [...], "photos": [...]} or {"error"}.
"""

import json
import os
import sys
from typing import Any

#: Memory in bytes that it may take, where the system can hold it to that.
MEMORY_LIMIT = 6 << 30
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse the network and every file that is opened for writing. Installed as an audit hook, so it stays."""
    if event.startswith("socket.") and event not in {"socket.__new__", "socket.gethostname"}:
        raise PermissionError("The reader of pictures has no network.")
    if event == "open" and isinstance(arguments[0], str) and arguments[2] & _WRITING and arguments[0] != os.devnull:
        raise PermissionError("The reader of pictures writes no file.")


def _limit() -> None:
    """Limit memory, and leave no core file: it would hold the picture."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # macOS takes the limit and does not hold it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def main() -> int:
    """Read pictures until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    pictures = os.fdopen(os.dup(0), "rb")
    # Whatever a library prints goes nowhere: it must not mix with the answers, and it may quote what was read.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    sys.dont_write_bytecode = True
    _limit()
    sys.addaudithook(_forbid)

    def say(**answer: object) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    try:
        import numpy as np

        from .reading import Engine, photos

        engine = Engine()
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent has to be told
        say(error=type(error).__name__)
        return 1
    say(ready=True)
    while header := pictures.readline(1000):
        asked = json.loads(header)
        width, height = int(asked["width"]), int(asked["height"])
        data = pictures.read(width * height * 3)
        if len(data) < width * height * 3:
            return 1
        pixels = np.frombuffer(data, np.uint8).reshape(height, width, 3)
        try:
            words = engine.read(pixels, lambda done, total: say(progress=[done, total]))
            found = photos(pixels, words)
        except Exception as error:  # noqa: BLE001 - as above; its text may quote what was read
            say(error=type(error).__name__)
            continue
        finally:
            del data, pixels  # not one picture longer than needed
        say(words=[[word.text, *word.box, round(word.score, 4), word.line] for word in words], photos=found)
    return 0
