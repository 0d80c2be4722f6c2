"""Working space: arrays that a query goes to here and there, in one piece of memory.

The processor has to look up where each page of memory is, and after other work it has forgotten
that. Linux has large pages for large pieces of memory, for which NumPy asks where an array takes
four MiB or more.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qsearch.arrays import Array

_LINE = 64
"""Bytes of a line of the processor's cache; each array begins one."""

_MUCH = 1 << 18
"""Bytes from which on a large page is worth its room."""

_PAGE = 1 << 21
"""Bytes of a large page, at a multiple of which it begins."""

_ASKED_FOR = 1 << 22
"""Bytes from which on NumPy asks for large pages."""


def rooms(*wanted: tuple[int, npt.DTypeLike]) -> list[Array]:
    """Return zeros for each of some arrays, given how many numbers of what type it has."""
    sizes = [count * np.dtype(kind).itemsize for count, kind in wanted]
    starts = np.cumsum([0, *(-(-size // _LINE) * _LINE for size in sizes)]).tolist()
    unit = _PAGE if starts[-1] >= _MUCH else _LINE
    # Memory that is not written is not taken.
    least = _ASKED_FOR if unit == _PAGE else 0
    block = np.zeros(max(starts[-1] + unit, least), dtype=np.uint8)
    block = block[-block.ctypes.data % unit :]
    return [
        block[start : start + size].view(kind)
        for start, size, (_, kind) in zip(starts, sizes, wanted, strict=False)
    ]
