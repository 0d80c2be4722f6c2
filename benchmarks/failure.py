"""What ends a benchmark, and how it tells what it is doing."""

from __future__ import annotations

import sys


class BenchmarkError(Exception):
    """The benchmark can't go on, or found what it must not find; the text says why."""


def say(text: str) -> None:
    """Tell on stderr what is being done: stdout is for results."""
    print(f"... {text}", file=sys.stderr, flush=True)
