"""The kernels as plain Python: where Numba can't compile, and for the eyes of a debugger."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import coverage

ROOT = Path(__file__).parent.parent.parent


def test_the_kernels_give_the_same_with_jit_off(tmp_path: Path) -> None:
    measuring = coverage.Coverage.current()
    # Its lines count where the lines of this run are counted, otherwise nowhere.
    lines = measuring.config.data_file if measuring else str(tmp_path / "coverage")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "coverage",
            "run",
            "--parallel-mode",
            f"--data-file={lines}",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            # 64-bit numbers that wrap around are what the kernels mean.
            "-W",
            "ignore:overflow encountered:RuntimeWarning",
            "tests/engine/test_definition.py",
            "tests/kernels/test_same_as_plain.py",
            "tests/kernels/test_boolean.py",
            "tests/kernels/test_stem.py",
            "tests/kernels/test_words.py",
            "tests/kernels/test_string_arrays.py",
            "tests/kernels/test_lookup_words.py",
        ],
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
