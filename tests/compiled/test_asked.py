"""The words of a query are found in the table of known words as a dictionary would find them.

``test_without_jit`` runs this module once more with the kernels as plain Python.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qsearch.analysis.analyzer import Analyzer
from qsearch.engine import term_table
from qsearch.kernels import runtime
from qsearch.kernels.runtime.address_tables import KNOWN, NOT_WORDS, UNKNOWN
from qsearch.kernels.search import layout
from qsearch.query.syntax import is_plain
from tests.helpers import kernel_path, temporary_index

pytestmark = pytest.mark.usefixtures("kernels")

SPACES = st.text(" \t\n\x0b\x0c\r\x1c\x1f", min_size=1, max_size=2)
LETTERS = st.text(st.sampled_from("ab\0é東~!"), min_size=1, max_size=12)
WORDS = st.one_of(LETTERS, st.sampled_from(["a" * 31, "b" * 32, "a" * 33, "a-b-a", "a-" * 9 + "b"]))


@pytest.fixture(scope="module")
def kernels() -> None:
    assert runtime.wait()


def codes_in(learned: term_table.Known, query: str, most: int = 256) -> list[int] | int:
    from qsearch.kernels.search.lookup_words import codes_of

    asked = np.full(64 * layout.WORD, 7, dtype=np.uint64)
    codes = np.zeros(most, dtype=np.int32)
    words = learned.table.arrays[0]
    whole = learned.table.numbers[KNOWN]
    text = b"before \xff" + query.encode() + b"\xff behind"
    count = codes_of(text, 8, len(text) - 8, words, whole, most, asked, codes)
    return codes[:count].tolist() if count >= 0 else int(count)


def made() -> term_table.Known:
    with temporary_index([]) as index:
        path = kernel_path(index)
        unpacked = path._start().unpacked
        return term_table.Known(unpacked, Analyzer(), 0, plan_of=path._planner.plan, most=256)


def looked_up(words: list[str], seen: dict[str, list[int] | None]) -> list[int] | int:
    codes: list[int] = []
    for word in words:
        if word not in seen:
            return UNKNOWN
        found = seen[word]
        if found is None:
            return NOT_WORDS
        codes += found
    return codes or NOT_WORDS


@given(st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=12), SPACES)
@example([["a" * 33, "b"]], " ")
@example([["b" * 32], ["b" * 31, "b" * 32]], "\t")
@example([["a\0", "a"], ["a"], ["a\0\0"]], " ")
def test_words_are_those_between_spaces(queries: list[list[str]], space: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(term_table, "_FIRST_SLOTS", 2)
        learned = made()
        seen: dict[str, list[int] | None] = {}
        for words in queries:
            query = space + space.join(words) + space
            if any(len(word.encode()) > layout.LETTERS for word in words):
                assert codes_in(learned, query) == NOT_WORDS
                continue
            assert codes_in(learned, query) == looked_up(words, seen)
            learned.learn(query)
            seen.update((word, learned._codes_of(word)) for word in words)
            assert codes_in(learned, query) == looked_up(words, seen)


def test_words_that_others_are_adding_are_not_yet_known() -> None:
    learned = made()
    learned.learn("neuron")
    before = learned.table
    learned.learn("axon")
    assert before.arrays[0] is learned.table.arrays[0]
    assert codes_in(learned, "axon") == [2]
    learned.table = before
    assert codes_in(learned, "axon") == UNKNOWN
    assert codes_in(learned, "neuron") == [0]


def test_more_codes_than_are_allowed_or_fit() -> None:
    learned = made()
    learned.learn("a b c")
    assert codes_in(learned, "a b c", most=3) == [0, 2, 4]
    assert codes_in(learned, "a b c", most=2) == NOT_WORDS
    assert codes_in(learned, "a " * 65) == NOT_WORDS
    assert codes_in(learned, "") == codes_in(learned, " \n") == NOT_WORDS


def test_what_is_more_than_words_is_not_for_the_table() -> None:
    assert not is_plain('"a')
    learned = made()
    learned.learn('"a b"')
    assert codes_in(learned, '"a') == NOT_WORDS
