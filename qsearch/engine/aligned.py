"""Scratch arrays in one block of memory, aligned to cache lines and huge pages.

A query reads and writes its scratch arrays at random. With pages of 4 KiB each access may miss the
processor's TLB. Linux backs a large block with huge pages (2 MiB); NumPy asks for them where an
array takes 4 MiB or more.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qsearch.arrays import Array

_LINE = 64
"""Bytes of a cache line; each array begins at one."""

_LARGE = 1 << 18
"""Bytes from which on a block is aligned to huge pages."""

_PAGE = 1 << 21
"""Bytes of a huge page."""

_ADVISED = 1 << 22
"""Bytes from which on NumPy asks for huge pages (``madvise``)."""


def aligned_arrays(*wanted: tuple[int, npt.DTypeLike]) -> list[Array]:
    """Return arrays of zeros in one block.

    Arguments:
        wanted: of each array how many elements it has, and of which type.
    """
    sizes = [count * np.dtype(kind).itemsize for count, kind in wanted]
    starts = np.cumsum([0, *(-(-size // _LINE) * _LINE for size in sizes)]).tolist()
    unit = _PAGE if starts[-1] >= _LARGE else _LINE
    # Pages that are never written take no memory.
    least = _ADVISED if unit == _PAGE else 0
    block = np.zeros(max(starts[-1] + unit, least), dtype=np.uint8)
    block = block[-block.ctypes.data % unit :]
    return [
        block[start : start + size].view(kind)
        for start, size, (_, kind) in zip(starts, sizes, wanted, strict=False)
    ]
