"""The type of arrays, whatever their numbers."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
"""An array; what it holds say those who make it."""

__all__ = ["Array", "joined"]


def joined(arrays: list[Array], kind: type[np.generic]) -> Array:
    """Return arrays end to end, read-only as a column is; a single one is not copied."""
    if len(arrays) == 1:
        return arrays[0]
    joined: Array = np.concatenate([np.zeros(0, dtype=kind), *arrays])
    joined.flags.writeable = False
    return joined
