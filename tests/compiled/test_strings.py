"""Packed texts are put in order, numbered, copied and summed up as Python does it.

``test_without_jit`` runs this module once more with the kernels as plain Python.
"""

from __future__ import annotations

import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qsearch import packed
from qsearch.kernels import runtime

SAME_BEGINNINGS = st.builds(
    bytes.__add__, st.sampled_from([b"", b"\0", b"prefixed", b"prefixes"]), st.binary(max_size=3)
)
TEXTS = st.lists(st.one_of(st.binary(max_size=10), SAME_BEGINNINGS), max_size=40)
TRAPS = [
    b"",
    b"\0",
    b"\0\0",
    b"a\0",
    b"a",
    b"",
    b"12345678",
    b"12345678\0",
    b"1234567",
    b"\xff" * 9,
]


@pytest.fixture(autouse=True, params=[True, False], ids=["compiled", "plain"])
def ready(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    assert runtime.wait()
    if not request.param:
        monkeypatch.setattr(runtime, "ready", lambda: False)


@given(TEXTS)
@example([])
@example(TRAPS)
@example([b"same beginning %d" % (number * 7 % 50) for number in range(200)])
def test_order_distinct_take_and_checksums(texts: list[bytes]) -> None:
    data, starts = packed.pack(texts)
    assert packed.unpack(data, starts) == texts
    expected = sorted(range(len(texts)), key=texts.__getitem__)
    order = packed.order(data, starts)
    assert order.tolist() == expected
    assert packed.unpack(*packed.take(data, starts, order)) == [texts[at] for at in expected]
    once, once_starts, places = packed.distinct(data, starts)
    assert packed.unpack(once, once_starts) == sorted(set(texts))
    assert places.tolist() == [sorted(set(texts)).index(text) for text in texts]
    assert packed.crc32(data, starts).tolist() == list(map(zlib.crc32, texts))
    kinds = [column.dtype.name for column in (data, starts, order, places)]
    assert kinds == ["uint8", "int64", "int64", "int64"]


def test_texts_may_begin_anywhere_in_the_bytes() -> None:
    data, starts = packed.pack([b"left", b"out", b"b", b"a", b"b"])
    assert packed.order(data, starts[2:]).tolist() == [1, 0, 2]
    once, once_starts, places = packed.distinct(data, starts[2:])
    assert packed.unpack(once, once_starts) == [b"a", b"b"]
    assert places.tolist() == [1, 0, 1]
