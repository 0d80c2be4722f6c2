"""Checks of arguments, each with a text that names the argument, what is accepted and what came."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

from qsearch.errors import ArgumentError

if TYPE_CHECKING:
    from pathlib import Path


def shown(value: object) -> str:
    """Return a value as an error message shows it: short, and without an error of its own."""
    try:
        text = repr(value)
    except ValueError:
        # Python refuses to write whole numbers of thousands of digits.
        return f"a very long {type(value).__name__}"
    return text if len(text) <= 80 else text[:77] + "..."


def number(name: str, value: object) -> float:
    """Return a finite number >= 0; ArgumentError for anything else."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            as_float = float(value)
        except OverflowError:
            as_float = math.inf
        if math.isfinite(as_float) and as_float >= 0:
            return as_float
    raise ArgumentError(f"{name} must be a finite number >= 0, not {shown(value)}")


def whole_number(name: str, value: object) -> int:
    """Return a whole number >= 0; ArgumentError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ArgumentError(f"{name} must be a whole number >= 0, not {shown(value)}")
    return value


def instance(name: str, value: object, kind: type) -> None:
    """Raise ArgumentError unless a value is of a class."""
    if not isinstance(value, kind):
        raise ArgumentError(f"{name} must be a {kind.__name__}, not {shown(value)}")


def folder(name: str, value: object) -> Path:
    """Return a path made absolute; ArgumentError for what is no path."""
    from pathlib import Path  # which a process that only reads articles does without

    if not isinstance(value, (str, os.PathLike)):
        raise ArgumentError(f"{name} must be a path, not {type(value).__name__}")
    text = os.fspath(value)
    if not isinstance(text, str) or "\0" in text:
        raise ArgumentError(f"{name} must be a path, not {shown(value)}")
    return Path(text).absolute()
