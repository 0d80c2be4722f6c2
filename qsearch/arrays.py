"""The type of arrays, whatever their numbers."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
"""An array; what it holds say those who make it."""

__all__ = ["Array", "joined", "read_only"]


def joined(arrays: list[Array], kind: type[np.generic]) -> Array:
    """Return arrays end to end, read-only as a column is; a single one is not copied."""
    if len(arrays) == 1:
        return arrays[0]
    joined: Array = np.concatenate([np.zeros(0, dtype=kind), *arrays])
    joined.flags.writeable = False
    return joined


def read_only(array: Array) -> Array:
    """Return an array that can't be written to, over the same memory."""
    if array.flags.writeable:
        array = array.view()
        array.flags.writeable = False
    return array
