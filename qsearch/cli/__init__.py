"""The last step, for a person: ``qsearch`` in a terminal.

app        the group of commands; a command line -> an exit code
failures   what went wrong -> one line and an exit code
options    what all commands share: ``--index``, ``--json``, ``-h``
output     the two streams: text, JSON, and whether somebody is looking
safetext   texts that are safe to show on a terminal, and as JSON
terminal   what rich draws when somebody is looking; markdown: an answer as a terminal shows it
documents  articles as JSON; keys: the articles that a KEY means
progress   a bar for work that takes long; watching: ``index --watch``
*_command  one module a command, or several small ones; search_view, show_view: how they look;
           source_options, source_report: what commands that read sources share
"""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line of this process and end with its exit code."""
    # Articles hold no cycles, and looking for some again and again among all that the kernels load
    # only costs time.
    gc.set_threshold(50_000, 20, 100)
    # Nothing here multiplies matrices, and starting threads that wait for some makes the import of
    # NumPy slower.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from qsearch.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # so early that not even the command line has been looked at
        code = 130
    # The interpreter looks for cycles once more when it ends; what is gone with it needs none.
    gc.freeze()
    sys.exit(code)
