from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from whoosh import highlight
from whoosh.analysis import Token

from qsearch.analysis.analyzer import Analyzer
from qsearch.analysis.whoosh_analyzer import WhooshAnalyzer
from qsearch.errors import IndexTooOld
from qsearch.plaintext import plain_text
from tests.helpers import texts

SETTINGS = Analyzer("english").settings()
ANALYZER = WhooshAnalyzer(SETTINGS)


def found(value: str, **options: Any) -> list[str]:
    return [token.text for token in ANALYZER(value, **options)]


@given(st.one_of(st.text(max_size=40), texts(), st.text("ab1 *_<>/&;`[]()$\n", max_size=40)))
@example("<b>Two</b> [words](x), H<sub>2</sub>O &eacute;t&eacute; `<i>` **a**b")
def test_the_tokens_are_those_of_the_plain_text_at_their_places(text: str) -> None:
    plain = plain_text(text)
    tokens = list(ANALYZER(text, positions=True, chars=True, keeporiginal=True, mode="index"))
    assert [
        (token.text, token.pos, token.startchar, token.endchar, token.original) for token in tokens
    ] == [
        (token.term, token.position, start, end, text[start:end])
        for token in Analyzer.from_settings(SETTINGS).tokens(plain)
        for start, end in [plain.source_span(token.start, token.end)]
    ]


def test_keywords_hold_no_markup() -> None:
    of_keywords = WhooshAnalyzer(SETTINGS, markup=False)
    assert [token.text for token in of_keywords("<div> tag", mode="index")] == ["div", "tag"]
    again = pickle.loads(pickle.dumps(of_keywords))
    assert [token.text for token in again("<div>")] == ["div"]
    assert found("<div> tag</div>", mode="index") == ["tag"]


def test_a_query_holds_no_markup() -> None:
    assert found("<div>", mode="query") == ["div"]


def test_a_token_has_what_was_asked_for() -> None:
    (token,) = ANALYZER("Neurons", mode="index", boost=2.0, other=1)
    assert isinstance(token, Token)
    assert (token.text, token.boost, token.stopped, token.mode) == ("neuron", 2.0, False, "index")
    assert token.other == 1
    for name in ("pos", "startchar", "endchar", "original"):
        assert not hasattr(token, name)
    (token,) = ANALYZER("Neurons")
    assert (token.boost, token.stopped, token.mode) == (1.0, False, "")


def test_positions_and_places_start_where_they_are_told_to() -> None:
    tokens = list(ANALYZER("to be", positions=True, chars=True, start_pos=7, start_char=100))
    assert [(token.pos, token.startchar, token.endchar) for token in tokens] == [
        (7, 100, 102),
        (8, 103, 105),
    ]


def test_a_compound_shares_the_position_of_its_first_part() -> None:
    tokens = [(t.text, t.pos) for t in ANALYZER("a voltage-gated pore", positions=True)]
    compound = Analyzer("english").term("voltage-gated")
    assert tokens == [("a", 0), (compound, 1), ("voltag", 1), ("gate", 2), ("pore", 3)]


def test_a_query_has_no_compounds() -> None:
    assert found("voltage-gated", mode="query") == ["voltag", "gate"]
    assert len(found("voltage-gated", mode="index")) == 3


def test_a_word_is_a_stop_word_only_by_itself() -> None:
    assert found("the", removestops=True, mode="query") == []
    assert found("the", removestops=False, mode="query") == ["the"]
    assert found("the", removestops=True, mode="index") == ["the"]
    assert found("state-of-the-art", removestops=True, mode="query") == [
        "state",
        "of",
        "the",
        "art",
    ]


def test_a_prefix_is_folded_but_not_stemmed() -> None:
    assert found("Néurons*", tokenize=False, mode="query") == ["neurons*"]
    (token,) = ANALYZER("Two Words", tokenize=False, chars=True, positions=True)
    assert (token.text, token.pos, token.startchar, token.endchar) == ("two words", 0, 0, 9)


def test_word_forms_instead_of_terms() -> None:
    assert found("Neurons", no_morph=True) == ["neurons"]
    assert ANALYZER.has_morph()


def test_known_terms_are_asked_for_first() -> None:
    analyzer = WhooshAnalyzer(SETTINGS, known={"neurons": "known"}.get)
    assert [token.text for token in analyzer("neurons")] == ["known"]


def test_pickled_it_is_the_same_analyser() -> None:
    copied = pickle.loads(pickle.dumps(WhooshAnalyzer(SETTINGS, known={"neurons": "known"}.get)))
    assert [token.text for token in copied("neurons")] == ["neuron"]


def test_several_threads_use_it() -> None:
    analyzer = WhooshAnalyzer(SETTINGS)
    values = [f"neurons{number} releasing" for number in range(200)]

    def analyse(value: str) -> list[str]:
        return [token.text for token in analyzer(value)]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(analyse, values)) == [found(value) for value in values]


def test_settings_of_another_version() -> None:
    with pytest.raises(IndexTooOld):
        WhooshAnalyzer({**SETTINGS, "version": 0})


def test_whooshs_highlight_function() -> None:
    marked = highlight.highlight(
        "Neurons release calcium.",
        {"neuron"},
        ANALYZER,
        highlight.WholeFragmenter(),
        highlight.UppercaseFormatter(),
    )
    assert marked == "NEURONS release calcium."
