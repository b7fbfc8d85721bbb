"""Where everything is put together. Without arguments the app opens; with arguments it is the command line.

Nothing heavy is imported here: the window must be on the screen at once.
"""

import os
import sys
from pathlib import Path


def main() -> int:
    """Run the app or one command and return the exit code."""
    arguments = sys.argv[1:]
    if "--self-test" in arguments[:1]:
        from mips_desk.selftest import self_test

        keep = Path(arguments[2]) if arguments[1:2] == ["--keep"] and len(arguments) > 2 else None
        return self_test(keep)
    if arguments == ["--read-pictures"]:
        from mips_desk.identify.child import main as read_pictures

        return read_pictures()
    if arguments == ["--ask-time-stamp"]:
        from mips_desk.stamp_child import main as ask_time_stamp

        return ask_time_stamp()
    if arguments and arguments != ["--sample"]:
        from mips_desk.cli import run

        return run(arguments)
    if sys.platform == "linux" and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))):
        sys.stderr.write("There is no display to open a window on. The commands of mips-desk work without one.\n")
        return 2
    from mips_desk.ui.launch import run_app

    return run_app(sample=bool(arguments))


if __name__ == "__main__":
    sys.exit(main())
