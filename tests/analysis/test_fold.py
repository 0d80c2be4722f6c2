"""Letters that count as the same letter, and those that don't."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qsearch.analysis.fold import fold

UNSTABLE = "⁻\ue000"
"""The raised minus becomes a mark of its own until the words are cut."""

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=UNSTABLE))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        # case
        ("Neuron", "neuron"),
        ("ΑΘΗΝΑ", "αθηνα"),
        ("ὈΔΥΣΣΕΎΣ", "οδυσσευσ"),  # a final sigma is a sigma
        ("Straße", "strasse"),
        # diacritics
        ("naïve", "naive"),
        ("Ångström", "angstrom"),
        ("mañana", "manana"),
        ("Dvořák", "dvorak"),
        ("ΰ", "υ"),
        ("e\u0301", "e"),
        ("ǘ", "u"),
        ("Łódź", "lodz"),
        ("Søren", "soren"),
        ("Ørsted", "orsted"),
        ("Đorđe", "dorde"),
        ("Œuvre", "oeuvre"),
        ("Æsir", "aesir"),
        ("Ǽ", "ae"),
        ("ǿ", "o"),
        ("İstanbul", "istanbul"),
        ("ılık", "ilik"),
        ("ё", "е"),
        # points and vowel signs that writers leave out
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        # width and compatibility: NFKC
        ("Ｈ２Ｏ", "h2o"),
        ("ﬁne", "fine"),
        ("oﬃce", "office"),
        ("H₂O", "h2o"),
        ("mc²", "mc2"),
        ("Å", "a"),  # the sign of the unit
        ("ﾀﾜｰ", "タワー"),
        ("ﷺ", "صلى الله عليه وسلم"),
        # what steers the layout
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth", "zerowidth"),
        ("zero\u200c\u200dwidth", "zerowidth"),
        ("\ufeffword", "word"),
        ("\u202eword\u202c", "word"),
        # apostrophes, hyphens and minus signs
        ("don’t", "don't"),
        ("donʼt", "don't"),
        ("voltage‐gated", "voltage-gated"),
        ("voltage‑gated", "voltage-gated"),
        ("−5", "-5"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("й", "и"),
        ("Й", "И"),
        ("が", "か"),
        ("パ", "ハ"),
        ("パ", "バ"),
        ("ハ\u309a", "ハ"),
        ("की", "क"),  # a vowel sign makes another syllable
        ("α", "a"),
        ("ß", "s"),
    ],
)
def test_letters_that_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_decomposed_letters_are_the_composed_ones() -> None:
    for text in ("й", "が", "パ", "é", "ё", "한국"):
        assert fold(unicodedata.normalize("NFD", text)) == fold(text)


def test_a_raised_minus_is_no_hyphen() -> None:
    assert fold("Cl⁻") not in (fold("Cl-"), fold("Cl"))


@given(TEXT)
@example("ǽ")
@example("ǿ")
@example("и\u0301\u0306")
@example("ᾳ\u0345")
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_character_is_folded_at_once() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    characters = [char for char in every if char not in UNSTABLE and char.isprintable()]
    assert [char for char in characters if fold(fold(char)) != fold(char)] == []


@given(TEXT)
def test_the_normal_form_makes_no_difference(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)
