"""Each class of token: what is typed meets what stands in an article, and what must not meet."""

from __future__ import annotations

import itertools

import pytest

from qsearch.analysis.analyzer import Analyzer
from qsearch.analysis.words import MAX_COMPOUND_ATOMS, MAX_FORM
from qsearch.plaintext import plain_text


def terms(analyzer: Analyzer, text: str) -> list[tuple[str, int]]:
    """The terms of a text with their positions: all that a search can see of it."""
    return [(token.term, token.position) for token in analyzer.tokens(plain_text(text))]


def forms(analyzer: Analyzer, text: str) -> list[str]:
    return [word.form for word in analyzer.forms(plain_text(text))]


SAME = {
    "letter case": ["neuron", "Neuron", "NEURON"],
    "inflection": ["releases", "released", "release", "releasing"],
    "diacritics": ["naïve", "naive", "nai\u0308ve", "NAÏVE"],
    "stroked letters": ["Søren", "Soren", "SØREN"],
    "sharp s": ["Straße", "Strasse", "STRASSE"],
    "ligatures": ["ﬁeld", "field"],
    "full width": ["Ｃａ２＋", "Ca2+"],
    "soft hyphen": ["neuro\u00adtransmitter", "neurotransmitter"],
    "zero width": ["neuro\u200btransmitter", "\ufeffneurotransmitter", "neurotransmitter"],
    "Greek": ["Ελλάδα", "ΕΛΛΑΔΑ", "ελλαδα"],
    "Cyrillic": ["ещё", "еще", "ЕЩЁ"],
    "Hebrew points": ["שָׁלוֹם", "שלום"],
    "Arabic vowel signs": ["مُحَمَّد", "محمد"],
    "half-width kana": ["ﾀﾜｰ", "タワー"],
    "voiced kana": ["ガス", "カ\u3099ス"],
    # ions, with the charge
    "cation": [
        "Ca^{2+}",
        "$Ca^{2+}$",
        "Ca²⁺",
        "Ca2+",
        "ca2+",
        r"\(Ca^{2+}\)",
        r"$\mathrm{Ca^{2+}}$",
        "$Ca ^ { 2 + }$",
        "Ca<sup>2+</sup>",
        "**Ca2+**",
        "(Ca2+)",
        "[Ca²⁺]",
    ],
    "single charge": ["Na+", "Na⁺", "Na^+", "$Na^+$", "Na^{+}", "$Na^{+}$", "Na<sup>+</sup>"],
    "anion": ["Cl⁻", "Cl^-", "Cl^{-}", "$Cl^-$", "$Cl^{-}$", "$Cl^{−}$"],
    "numbered anion": ["SO₄²⁻", "SO4^{2-}", "SO_4^{2-}", "$SO_4^{2-}$", "$SO_{4}^{2-}$", "SO42-"],
    "font commands": ["Ca2+", r"$\text{Ca}^{2+}$", r"$\mathrm{Ca}^{2+}$"],
    "font commands between": ["H2O", r"$\mathrm{H}_2\mathrm{O}$", r"$\text{H}_2\text{O}$"],
    # formulas
    "subscript": [
        "H2O",
        "H₂O",
        "$H_2O$",
        "H_2O",
        "H_{2}O",
        "$H_{2}O$",
        "H<sub>2</sub>O",
        "H<SUB>2</SUB>O",
    ],
    "equation": [
        "E=mc^2",
        "$E = mc^2$",
        "E=mc²",
        "e=mc2",
        "$E=mc^{2}$",
        "$$E = mc^2$$",
        r"\[E = mc^2\]",
        "E=mc<sup>2</sup>",
    ],
    "power of ten": ["10^{-3}", "10⁻³", "$10^{-3}$", "10<sup>-3</sup>"],
    "unit": ["m/s²", "m/s^2", "$m/s^2$", "m/s2"],
    "Greek command": [r"$\alpha$", "α", r"\(\alpha\)"],
    "variant letter": [r"$\varepsilon$", r"$\epsilon$", "ε"],
    "capital command": [r"$\Delta G$", "ΔG"],
    "function name": [r"$\sin x$", "sin x", "$sin$ $x$"],
    "fraction": [r"$\frac{a}{b}$", "a b", r"\(\frac{a}{b}\)"],
    # abbreviations and numbers
    "abbreviation": ["U.S.", "U.S", "u.s.", "u.s", "(U.S.)", "U.S.,"],
    "longer abbreviation": ["U.S.S.R.", "u.s.s.r", "“U.S.S.R.”"],
    "thousands": ["1,000", "1000"],
    "millions": ["1,000,000", "1000000"],
    "thousands with decimals": ["1,000.5", "1000.5"],
    "decimals": ["3.14", "3.14,", "(3.14)", "3.14."],
    "vulgar fraction": ["½", "1⁄2", "1/2"],
    "Roman numeral": ["Ⅷ", "VIII", "viii"],
    # names with signs
    "C++": ["C++", "c++", "C++,", "(C++)", "C++.", "`C++`"],
    "C#": ["C#", "c#", "C#.", "C＃"],
    "C": ["C", "c", "C.", "(C)", "“C”"],
    # apostrophes
    "apostrophe": ["don't", "don’t", "Don't", "donʼt", "don‘t"],
    "possessive": ["Newton's", "Newton’s", "Newton"],
    "quoted": ["'neuron'", "‘neuron’", "neuron", '"neuron"', "“neuron”", "«neuron»"],
    "plural possessive": ["students'", "students", "student"],
    # compounds
    "hyphens": ["voltage-gated", "voltage‐gated", "voltage‑gated", "Voltage-Gated"],
    "underscore": ["snake_case", "Snake_Case", "`snake_case`"],
    "file name": ["node.js", "Node.js", "node.js."],
    "date": ["2024-11-22", "2024‑11‑22"],
    "chain with an abbreviation": ["U.S.-based", "u.s-based"],
    # what surrounds words
    "markup": [
        "neuron",
        "**neuron**",
        "_neuron_",
        "# neuron",
        "~~neuron~~",
        "`neuron`",
        "* neuron",
    ],
    "HTML": ["neuron", "<b>neuron</b>", "<p class='x'>neuron</p>", "<br/>neuron", "<BR>neuron"],
    "entities": ["a neuron", "a&nbsp;neuron", "a&#160;neuron", "a&#xA0;neuron", "a &amp; neuron"],
    "table": ["a b", "| a | b |", "a|b"],
    "dashes": ["a b", "a – b", "a—b", "a–b", "a -- b"],
    "slash": ["and or", "and/or"],
    # scripts without spaces
    "CJK punctuation": ["東京タワー。", "「東京タワー」", "東京タワー"],
    "CJK width": ["東京ﾀﾜｰ", "東京タワー"],
}


@pytest.mark.parametrize("name", SAME)
def test_what_meets(name: str, english: Analyzer) -> None:
    first, *others = SAME[name]
    assert terms(english, first)
    for other in others:
        assert terms(english, other) == terms(english, first), other


APART = [
    ("C++", "C#", "C"),
    ("C", "C+"),
    ("F#", "F"),
    ("U.S.", "us"),
    ("e.g.", "eg"),
    ("Ca2+", "Ca", "Ca2"),
    ("Na+", "Na"),
    ("Cl⁻", "Cl"),
    ("H2O", "H"),
    ("H2O", "H2O2"),
    ("mc^2", "mc"),
    ("1,000", "1"),
    ("3.14", "3", "14"),
    ("1,00", "100"),
    ("й", "и"),
    ("ガ", "カ"),
    ("α", "a"),
    ("p53", "p"),
    ("don't", "don"),
]


@pytest.mark.parametrize("texts", APART, ids=" ".join)
def test_what_does_not_meet(texts: tuple[str, ...], english: Analyzer) -> None:
    found = [{term for term, _ in terms(english, text)} for text in texts]
    assert all(found)
    for one, other in itertools.combinations(found, 2):
        assert not one & other


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("voltage-gated", ["voltage", "gated"]),
        ("state-of-the-art", ["state", "of", "the", "art"]),
        ("E=mc^2", ["e", "mc2"]),
        ("snake_case", ["snake", "case"]),
        ("node.js", ["node", "js"]),
        ("K+-ATPase", ["k+", "atpase"]),
        ("covid-19", ["covid", "19"]),
        ("C++17", ["c++", "17"]),
        ("U.S.-based", ["u.s", "based"]),
        ("2024-11-22", ["2024", "11", "22"]),
        ("example.com", ["example", "com"]),
        ("10^{-3}", ["10", "3"]),
    ],
)
def test_a_compound_is_a_word_over_its_parts(
    compound: str, parts: list[str], english: Analyzer
) -> None:
    whole, *found = english.tokens(compound)
    assert whole.overlay
    assert whole.position == 0
    assert [token.form for token in found] == parts
    assert [token.position for token in found] == list(range(len(parts)))
    assert not any(token.overlay for token in found)
    # by its parts: the very tokens of the parts typed with spaces
    apart = list(english.tokens(" ".join(parts)))
    assert [t.term for t in found] == [t.term for t in apart]


def test_a_compound_is_told_from_another_one_of_its_parts(english: Analyzer) -> None:
    joined = [forms(english, text)[0] for text in ("a-b", "a_b", "a=b", "a.b-c", "a-b-c")]
    assert len(set(joined)) == len(joined)


def test_a_long_chain_is_known_by_its_parts_only(english: Analyzer) -> None:
    longest = "-".join("abcdefghij"[:MAX_COMPOUND_ATOMS])
    assert forms(english, longest)[0] == longest
    assert forms(english, longest + "-z") == [*longest.split("-"), "z"]


def test_a_compound_that_would_be_too_long_is_known_by_its_parts_only(english: Analyzer) -> None:
    half = "x" * (MAX_FORM // 2)
    assert forms(english, f"{half}-{half}") == [half, half]
    assert forms(english, f"{half}-{half[1:]}")[0] == f"{half}-{half[1:]}"


def test_a_long_word_is_known_by_its_first_letters(english: Analyzer) -> None:
    (form,) = forms(english, "x" * 1_000)
    assert form == "x" * MAX_FORM
    assert terms(english, "é" * 1_000) == terms(english, "e" * 1_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2,3", ["1", "2", "3"]),
        ("1,00", ["1", "00"]),
        ("1,0000", ["1", "0000"]),
        ("12,345", ["12345"]),
        ("1,000,00", ["1000", "00"]),
        ("1,000a", ["1", "000a"]),
        ("-5", ["5"]),
        ("+5", ["5"]),
        ("$5", ["5"]),
        ("5%", ["5"]),
        ("50€", ["50"]),
        ("3D", ["3d"]),
        ("1st", ["1st"]),
        ("٣", ["٣"]),
        ("1.2.3", ["1.2.3"]),
    ],
)
def test_numbers(text: str, expected: list[str], english: Analyzer) -> None:
    assert forms(english, text) == expected


def test_money_is_no_mathematics(english: Analyzer) -> None:
    assert forms(english, "from $5 to $10 or $20") == ["from", "5", "to", "10", "or", "20"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # commands of the layout are no words
        (r"$\mathbf{x} \cdot \vec{y}$", ["x", "y"]),
        (r"$$\int_a^b f(x)\,dx$$", ["ab", "f", "x", "dx"]),
        (r"$a\ne b$", ["a", "b"]),
        (r"$\nabla f$", ["f"]),
        # a line break that was written as two characters
        (r"$a\nb$", ["a", "b"]),
        # Greek outside mathematics is a word of its own
        (r"the \alpha helix", ["the", "alpha", "helix"]),
        (r"$\lambda$-calculus", ["λ", "calculus"]),
        (r"$\ell$", ["l"]),
        (r"$\hbar$", ["h"]),
        ("$$", []),
        ("$ $", []),
        (r"\(\)", []),
    ],
)
def test_latex(text: str, expected: list[str], english: Analyzer) -> None:
    assert forms(english, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<td>a</td><td>b</td>", ["a", "b"]),
        ('<a href="https://example.com/neuron">link</a>', ["link"]),
        ("<img src='x.png' alt='neuron'>", ["neuron"]),
        ("&lt;b&gt;", ["b"]),
        ("&alpha; &copy; &#955;", ["α", "λ"]),
        ("AT&T", ["at", "t"]),
        ("a < b", ["a", "b"]),
        ("a<b", ["a", "b"]),
        ("a < b and c > d", ["a", "b", "and", "c", "d"]),
        ("if a<b and c>d", ["if", "a", "b", "and", "c", "d"]),
        ("vector<int>", ["vector", "int"]),
        ("<unknown>", ["unknown"]),
        ("x <= y", ["x", "y"]),
    ],
)
def test_html(text: str, expected: list[str], english: Analyzer) -> None:
    assert forms(english, text) == expected


def test_scripts_without_spaces_give_pairs_and_single_characters(english: Analyzer) -> None:
    tokens = list(english.tokens("東京都"))
    assert [(t.form, t.position, t.overlay) for t in tokens] == [
        ("東", 0, True),
        ("東京", 0, False),
        ("京", 1, True),
        ("京都", 1, False),
        ("都", 1, True),
    ]
    assert [(t.start, t.end) for t in tokens] == [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)]


@pytest.mark.parametrize("text", ["中", "ไ", "か"])
def test_a_single_character_of_such_a_script_is_a_word(text: str, english: Analyzer) -> None:
    (token,) = english.tokens(text)
    assert (token.form, token.overlay) == (text, False)


def test_scripts_meet_within_a_word(english: Analyzer) -> None:
    assert forms(english, "DNA鑑定x2") == ["dna", "鑑", "鑑定", "定", "x2"]
    positions = [t.position for t in english.tokens("DNA鑑定x2") if not t.overlay]
    assert positions == [0, 1, 2]


def test_korean_and_hindi_words_stay_whole(english: Analyzer) -> None:
    assert forms(english, "한국어 हिन्दी") == ["한국어", "हिन्दी"]


def test_an_apostrophe_stands_in_an_english_word_and_parts_french_ones(english: Analyzer) -> None:
    assert forms(english, "l'homme") == ["l'homme"]
    french = Analyzer("french")
    assert forms(french, "l'homme") == ["l", "homme"]
    assert forms(french, "aujourd’hui") == ["aujourd", "hui"]


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "?!", "...", "---", "***", "$", "&nbsp;", "<br>", "\u200b", "☃", "🎉"]
)
def test_what_holds_no_word(text: str, english: Analyzer) -> None:
    assert forms(english, text) == []
