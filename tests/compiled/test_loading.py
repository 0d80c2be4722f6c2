"""Kernels load beside whatever else a program does."""

import subprocess
import sys

_BESIDE = """
from qsearch import compiled
compiled.prepare()
import nltk.stem.snowball
"""


def test_other_modules_can_be_imported_while_the_kernels_load() -> None:
    """On Python 3.10, coverage, which Numba imports, dropped what other threads were importing."""
    done = subprocess.run(
        [sys.executable, "-c", _BESIDE], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
