"""Entry point of the packaged app; PyInstaller wants a script, not a module."""

import sys

from mips_desk.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
