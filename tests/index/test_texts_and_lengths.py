"""Lists of texts as columns, and lengths of fields in one byte."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qsearch.arrays import Array
from qsearch.errors import IndexCorrupt
from qsearch.index.columns import ColumnFile
from qsearch.index.strings import Strings, hash_columns, string_columns
from qsearch.index.texts import Texts, select_texts, texts_from
from qsearch.index.varint import DENSE, LEB128, Code, decode, encode
from qsearch.model.lengths import LENGTHS, length_bytes
from tests.helpers import open_file, pack

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), max_size=20)
ONE_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def column_file(folder: Path, columns: dict[str, Array]) -> ColumnFile:
    content, seal = pack(columns)
    path = folder / "x.qs"
    path.write_bytes(content)
    return open_file(path, seal=seal, length=len(content))


def stored(folder: Path, texts: list[str]) -> Strings:
    columns = dict(string_columns("t", texts_from([text.encode() for text in texts])))
    return Strings(column_file(folder, columns), "t")


@ONE_FOLDER
@given(TEXTS)
def test_texts_come_back_in_their_order(tmp_path: Path, texts: list[str]) -> None:
    found = stored(tmp_path, texts)
    assert len(found) == len(texts)
    assert found.all() == texts
    assert [found[place] for place in range(len(texts))] == texts
    assert [found.raw(place).decode() for place in range(len(texts))] == texts


@ONE_FOLDER
@given(TEXTS, st.text(st.characters(exclude_categories=["Cs"]), max_size=6))
def test_a_sorted_list_is_searched(tmp_path: Path, texts: list[str], wanted: str) -> None:
    texts = sorted(set(texts), key=str.encode)
    found = stored(tmp_path, texts)
    assert found.find(wanted) == (texts.index(wanted) if wanted in texts else None)
    assert found.first_at_least(wanted) == sum(t.encode() < wanted.encode() for t in texts)
    for place, text in enumerate(texts):
        assert found.find(text) == place


@ONE_FOLDER
@given(TEXTS)
def test_an_unsorted_list_is_searched_by_way_of_its_order(tmp_path: Path, texts: list[str]) -> None:
    texts = list(dict.fromkeys(texts))
    order = np.array(sorted(range(len(texts)), key=lambda i: texts[i].encode()), dtype="<u4")
    found = stored(tmp_path, texts)
    for place, text in enumerate(texts):
        assert found.find(text, order) == place
    assert found.find("no such text", order) is None


@ONE_FOLDER
@given(TEXTS)
def test_a_text_is_found_by_its_hash(tmp_path: Path, texts: list[str]) -> None:
    texts = list(dict.fromkeys([*texts, "plumless", "buckeroo"]))  # these two share a CRC-32
    encoded = texts_from([text.encode() for text in texts])
    columns = {**string_columns("t", encoded), **hash_columns("t", encoded)}
    found = Strings(column_file(tmp_path, columns), "t")
    for place, text in enumerate(texts):
        assert found.find_hashed(text) == place
    assert found.find_hashed("no such text") is None


@pytest.mark.parametrize("starts", [[], [-1, 2], [0, 3, 2], [0, 6], [3, 1]])
def test_texts_outside_of_their_bytes_are_refused(starts: list[int]) -> None:
    with pytest.raises(ValueError, match="texts"):
        Texts(np.zeros(5, "u1"), np.array(starts, np.int64))


@pytest.mark.parametrize("number", [-1, 2, 0xFFFF_FFFF])
def test_a_number_beyond_the_texts_is_refused(number: int) -> None:
    with pytest.raises(IndexError):
        select_texts(texts_from([b"a", b"b"]), np.array([0, number]))


@pytest.mark.parametrize("place", [-1, 2])
def test_a_place_beyond_the_list(place: int, tmp_path: Path) -> None:
    with pytest.raises(IndexCorrupt):
        stored(tmp_path, ["a", "b"])[place]


@pytest.mark.parametrize("starts", [[0, 5, 3], [0, 9, 3], [3, 2, 1], [0, 1, 99]])
def test_places_out_of_order_are_damage(starts: list[int], tmp_path: Path) -> None:
    columns = {"t.starts": np.array(starts, "<u8"), "t.bytes": np.zeros(5, "u1")}
    texts = Strings(column_file(tmp_path, columns), "t")
    with pytest.raises(IndexCorrupt):
        texts.all()
    with pytest.raises(IndexCorrupt):
        texts[0]


def test_what_is_no_utf8_is_damage(tmp_path: Path) -> None:
    columns = dict(string_columns("t", texts_from([b"\xff"])))
    texts = Strings(column_file(tmp_path, columns), "t")
    with pytest.raises(IndexCorrupt, match="UTF-8"):
        texts.all()
    with pytest.raises(IndexCorrupt, match="UTF-8"):
        texts[0]


# -- lengths in one byte


def test_short_lengths_are_exact() -> None:
    assert LENGTHS[length_bytes(np.arange(40))].tolist() == list(range(40))


def test_lengths_increase_with_the_byte() -> None:
    assert LENGTHS.size == 256
    assert (np.diff(LENGTHS) > 0).all()


@given(st.lists(st.integers(0, 1_000_000), min_size=1))
def test_a_length_is_off_by_five_per_cent_at_most(lengths: list[int]) -> None:
    found = LENGTHS[length_bytes(lengths)]
    assert (found <= lengths).all()
    inside = np.minimum(lengths, LENGTHS[-1])
    assert (found >= inside / 1.05 - 1).all()


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_longer_text_never_counts_as_shorter(one: int, other: int) -> None:
    low, high = length_bytes(sorted((one, other))).tolist()
    assert low <= high


def test_what_was_rounded_stays_as_it_is() -> None:
    assert length_bytes(LENGTHS).tolist() == list(range(256))


# -- whole numbers in as few bytes as they need


def longest(code: Code, size: int) -> int:
    """The largest number that takes so many bytes."""
    if size == 1:
        return code.stop - 1
    return (longest(code, size - 1) << code.shift) + code.least + (1 << code.shift) - 1


@pytest.mark.parametrize("code", [LEB128, DENSE])
@given(st.lists(st.integers(0, 2**63 - 1) | st.integers(0, 70_000)))
@example([0, 127, 128, 16_383, 16_384, 2**63 - 1])
@example([0, 239, 240, 4_079, 4_080, 65_519, 65_520])
def test_numbers_come_back(code: Code, numbers: list[int]) -> None:
    coded, sizes = encode(np.array(numbers, dtype=np.uint64), code)
    assert decode(coded, code).tolist() == numbers
    assert sizes.sum() == coded.size
    for number, size in zip(numbers, sizes.tolist(), strict=True):
        assert number <= longest(code, size)
        assert size == 1 or number > longest(code, size - 1)


@pytest.mark.parametrize("code", [LEB128, DENSE])
def test_a_number_without_its_end_is_left_out(code: Code) -> None:
    coded, _ = encode(np.array([5, 300]), code)
    assert decode(coded[:-1], code).tolist() == [5]
    assert decode(np.array([0xF0, 0xF0], dtype=np.uint8), code).tolist() == []
