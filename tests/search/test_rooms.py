"""Working space in one piece: arrays that are their own, at places that suit the processor."""

from __future__ import annotations

import numpy as np
import pytest

from qsearch.engine.aligned import rooms


@pytest.mark.parametrize("size", [0, 1, 63, 1_000, 300_000])
def test_each_array_is_its_own_and_begins_a_line(size: int) -> None:
    kinds = [np.dtype(kind) for kind in (np.uint16, np.float64, np.int32, np.uint64)]
    arrays = rooms(*((size + place, kind) for place, kind in enumerate(kinds)))
    assert [array.dtype for array in arrays] == kinds
    assert [array.size for array in arrays] == [size, size + 1, size + 2, size + 3]
    for array in arrays:
        assert array.flags.c_contiguous
        assert array.flags.writeable
        assert array.size == 0 or array.ctypes.data % 64 == 0
        assert not array.any()
    for number, array in enumerate(arrays, start=1):
        array.fill(number)
    assert [set(array.tolist()) - {number} for number, array in enumerate(arrays, start=1)] == [
        set()
    ] * 4


def test_much_space_begins_a_large_page() -> None:
    first, _ = rooms((40_000, np.float64), (10, np.uint8))
    assert first.ctypes.data % (1 << 21) == 0
