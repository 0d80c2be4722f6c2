"""The compiled grammar finds the words in a piece that the analyser's own finds.

``test_without_jit`` runs this module once more with the kernels as plain Python.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import qsearch
from qsearch.analysis.formtable import MAX_PIECE, FormTable, Words
from qsearch.analysis.pieces import pieces
from qsearch.analysis.words import MAX_COMPOUND_ATOMS, MAX_FORM, words_of
from qsearch.kernels import runtime
from qsearch.model.fields import plain_texts_of
from qsearch.packed import pack, unpack

WITHOUT_JIT = os.environ.get("NUMBA_DISABLE_JIT") == "1"
EXAMPLES = settings(max_examples=40 if WITHOUT_JIT else 400, deadline=None)
ARTICLES = Path(__file__).parent.parent.parent / "data" / "articles"

# Each alphabet is rich in what one part of the grammar is about.
ALPHABETS = [
    "aB1.,'-_=+#",  # all of it
    "a1.",  # abbreviations, decimals
    "12,.a",  # groups of digits
    "a1'-.",  # apostrophes, connectors
    "ab1^_{}-−",  # raised and lowered
    "a1+#-⁻",  # signs
    "aé1’⁻₂½ŉ№ẞİς°й.'-+^",  # letters that fold to others, one or several
    "aΑ1́İ\u00ad\u200bͅẛ̣.-",  # combining marks, invisible characters
    "a学ตKⅣ!/<>",  # what is left to Python, what is no part of a word
]
PIECES = st.one_of(
    *(st.text(alphabet, max_size=12) for alphabet in ALPHABETS),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.text(st.characters(max_codepoint=0x2300, exclude_categories=["Cs"]), max_size=8),
)
LONG = [
    "x" * (MAX_FORM + 1),
    "é" * (MAX_FORM + 9),
    "9" * (MAX_FORM - 1) + "+x",
    "-".join("a" * (MAX_COMPOUND_ATOMS + 1)),
    "-".join("a" * MAX_COMPOUND_ATOMS),
    f"{'a' * 63}-{'b' * 64}",
    f"{'a' * 64}-{'b' * 64}",
    f"{'a' * 200}-b-{'c' * 200}.d",
    "1" + ",000" * 60,
    "a." * 200,
    "1-2,000." * 80,
    "a-" * (MAX_PIECE // 2) + "b",
    "a." * (MAX_PIECE // 2),
    "x" * 2_000_000,
]


@pytest.fixture(autouse=True, scope="module")
def kernels() -> None:
    assert runtime.wait()


def assert_same(table: FormTable, texts: list[str], *, apostrophes: bool = True) -> None:
    found = table.words_of(*pack([text.encode() for text in texts]))
    forms = [form.decode() for form in unpack(*table.forms())]
    assert len(set(forms)) == len(forms) == len(table)
    words = [
        (forms[form], position, bool(overlay))
        for form, position, overlay in zip(
            found.forms.tolist(), found.positions.tolist(), found.overlays.tolist(), strict=True
        )
    ]
    assert found.starts.size == len(texts) + 1
    for index, text in enumerate(texts):
        expected = words_of(text, apostrophes=apostrophes)
        of_piece = words[found.starts[index] : found.starts[index + 1]]
        assert of_piece == [(w.form, w.position, w.overlay) for w in expected], text
        assert found.widths[index] == (expected[-1].position + 1 if expected else 0)
    kinds = [column.dtype.name for column in found]
    assert kinds == ["int64", "uint32", "uint32", "uint8", "uint32"]


@EXAMPLES
@given(st.lists(PIECES, max_size=20), st.booleans())
@example([], True)
@example(["", "...", "U.S.A", "u.s.army", "C++11", "3.14a", "1,000.5", "x^{-1}", "^", "_"], True)
@example(["x^{_}{a}", "^{", "a^{b{c}", "_{}", "a_1", "a_b", "H<sub>2</sub>O"], True)
@example(["1,234,5678", "1,234.5a", "1.2.3a", "ca2+", "2-", "a2--", "a+++", "a++b", "a''s"], True)
def test_any_piece_has_the_words_that_the_plain_grammar_finds(
    texts: list[str], apostrophes: bool
) -> None:
    assert_same(FormTable(apostrophes=apostrophes), texts, apostrophes=apostrophes)


@pytest.mark.parametrize("apostrophes", [True, False])
def test_long_words_and_long_chains(apostrophes: bool) -> None:
    assert_same(FormTable(apostrophes=apostrophes), LONG, apostrophes=apostrophes)


def test_every_character_alone_and_between_letters() -> None:
    chars = [chr(point) for point in range(sys.maxunicode) if not 0xD800 <= point < 0xE000]
    few = chars[:0x2400] + chars[0x2400::97]
    texts = [text for char in few for text in (char, f"a{char}b")]
    assert_same(FormTable(apostrophes=True), texts[:: 20 if WITHOUT_JIT else 1])


def test_every_piece_of_the_sample_collection() -> None:
    texts = [
        text for article in qsearch.read_articles(ARTICLES) for _, text in plain_texts_of(article)
    ]
    found = {piece.text for text in texts for piece in pieces(text) if not piece.is_math}
    assert len(found) > 3_000
    assert_same(FormTable(apostrophes=True), sorted(found)[:: 20 if WITHOUT_JIT else 1])


# -- the table


def test_a_form_keeps_its_number_as_the_table_grows() -> None:
    table = FormTable(apostrophes=True)
    assert_same(table, ["one", "two", "two-one"])
    before = unpack(*table.forms())
    assert_same(table, [f"w{number}" for number in range(2_000 if WITHOUT_JIT else 40_000)])
    assert_same(table, ["two", "three", "x" * 100_000, "one"])
    assert unpack(*table.forms())[: len(before)] == before


@given(st.lists(PIECES, max_size=12), st.lists(PIECES, max_size=12))
@settings(max_examples=30)
def test_words_that_were_found_one_by_one_get_the_same_numbers(
    first: list[str], second: list[str]
) -> None:
    table = FormTable(apostrophes=True)
    found = table.words_of(*pack([text.encode() for text in [*first, *second]]))
    again = table.numbered([words_of(text, apostrophes=True) for text in [*first, *second]])
    assert_equal(again, found)


def assert_equal(one: Words, other: Words) -> None:
    for column, same in zip(one, other, strict=True):
        np.testing.assert_array_equal(column, same, strict=True)
