"""The program: ``qsearch`` as it is installed, and ``python -m qsearch``."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import NoReturn

from qsearch.cli import main


def program() -> NoReturn:
    """Run the command line of this process, and end at once.

    What the process holds goes with it. Taking it apart object by object first is what the
    interpreter does, and after a search of milliseconds that is a good part of the time.
    """
    code: object = 1
    try:
        main()
    except SystemExit as ending:
        code = ending.code
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # ``main`` has told what there was to tell
            stream.flush()
    os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    program()
