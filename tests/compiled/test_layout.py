"""What kernels and index both know by heart is the same."""

from __future__ import annotations

from qsearch.compiled import layout
from qsearch.index import fields


def test_details() -> None:
    assert layout.RARE_CODE == fields.RARE_DETAIL
    assert layout.DETAIL_BITS == fields.DETAIL_BITS
