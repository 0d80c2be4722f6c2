"""What is shown of an article: plain text, of bounded length, with the query's words marked."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qsearch import Article, Snippet
from qsearch.plaintext import plain_text
from qsearch.results.snippets import LENGTH, make_snippet
from tests.conftest import MakeIndex
from tests.helpers import ENGLISH, WORDS, article

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.sampled_from([*WORDS, "neuron.", "\n", "#", "| x |", "**b**", "`c`", "a" * 300]))
    .map(" ".join)
    .map(lambda text: text * 3),
)


def snippet(answer: str, *words: str) -> Snippet:
    weights = dict.fromkeys(words, 1.0)
    return make_snippet(article("/a", "title", answer=answer), weights, ENGLISH)


def marked(found: Snippet) -> list[str]:
    return [found[start:end] for start, end in found.marks]


# -- what is shown


def test_a_short_answer_is_shown_whole() -> None:
    found = snippet("Neurons fire. They rest.", "fire")
    assert found == "Neurons fire. They rest."
    assert marked(found) == ["fire"]


def test_a_long_answer_is_shown_where_the_words_stand() -> None:
    filler = "Nothing is said here about that. " * 20
    found = snippet(f"{filler}The synapse lets it through. {filler}", "synapse")
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert "The synapse lets it through." in found
    assert marked(found) == ["synapse"]


def test_the_window_with_most_of_the_words_wins() -> None:
    filler = "Nothing is said here about that. " * 20
    text = f"The synapse rests. {filler}The synapse meets an axon. {filler}An axon ends."
    assert marked(snippet(text, "synapse", "axon")) == ["synapse", "axon"]


def test_of_equal_windows_the_first_wins() -> None:
    filler = "Nothing is said here about that. " * 20
    found = snippet(f"The synapse one. {filler}The synapse two.", "synapse")
    assert found.startswith("The synapse one.")


def test_rarer_words_are_worth_more() -> None:
    filler = "Nothing is said here about that. " * 20
    text = f"A cell here. {filler}A synapse there."
    weights = {"cell": 1.0, "synapse": 2.0}
    found = make_snippet(article("/a", answer=text), weights, ENGLISH)
    assert marked(found) == ["synapse"]


def test_without_a_word_of_the_query_the_beginning_is_shown() -> None:
    found = snippet("First sentence. " + "Next one. " * 60)
    assert found.startswith("First sentence.")
    assert found.endswith(" …")
    assert found.marks == ()


def test_one_long_sentence_is_cut_at_words() -> None:
    found = snippet("word " * 200 + "synapse " + "word " * 200, "synapse")
    assert marked(found) == ["synapse"]
    assert found.startswith("… word")
    assert found.endswith("word …")


def test_a_text_without_spaces_is_cut_somewhere() -> None:
    found = snippet("字" * 2_000)
    assert 0 < len(found) <= LENGTH + 4
    assert 0 < len(snippet("x" * 2_000)) <= LENGTH + 4


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"answer": "<!-- nothing -->\n---", "question": "The question?"}, "The question?"),
        ({"answer": "The answer."}, "The answer."),
        ({"question": "The question?"}, "The question?"),
        ({"title": "The title"}, "The title"),
        ({"answer": "  \n", "question": "The question?"}, "The question?"),
        ({"answer": "```\n```", "question": "The question?"}, "The question?"),
    ],
)
def test_an_article_without_an_answer_shows_its_question(
    values: dict[str, str], expected: str
) -> None:
    assert make_snippet(Article(url="/a", **values), {}, ENGLISH) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("# Heading\n\nText", "Heading\nText"),
        ("- one\n- two\n\n  - three\n+ four", "one\ntwo\nthree\nfour"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("**bold** and __bold__ and `code`", "bold and bold and code"),
        ("```python\ndef __init__(self):\n    pass\n```", "def __init__(self):\npass"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
        ("a  b\t c\n\n\n d ", "a b c\nd"),
        ("See the **[walrus page](https://example.org/a)** now.", "See the walrus page now."),
        ("<p>The <b>walrus</b> sleeps.</p>", "The walrus sleeps."),
        ("<table>\n<tr><td>a</td>\n<td>b</td></tr>\n</table>", "a\nb"),
        ("![a walrus](w.png) &amp; <!-- a --> more", "a walrus & more"),
        ("{{< tip >}}Text{{< /tip >}} with `{{< tip >}}`", "Text with {{< tip >}}"),
        ("$E = mc^2$", "$E = mc^2$"),
    ],
)
def test_plain_text_is_shown(written: str, shown: str) -> None:
    assert snippet(written) == shown


# -- marks


def test_every_form_of_a_word_is_marked(make_index: MakeIndex) -> None:
    index = make_index([article("/a", "x", answer="It releases what was released. Release it.")])
    (hit,) = index.search("releasing")
    assert marked(hit.snippet) == ["releases", "released", "Release"]


def test_technical_words_are_marked_whole(make_index: MakeIndex) -> None:
    text = "So $Ca^{2+}$ and Ca²⁺ enter voltage-gated channels in C++, see E=mc² and ﬁelds here."
    index = make_index([article("/a", "x", answer=text)])
    for query, expected in [
        ("Ca2+", ["$Ca^{2+}$", "Ca²⁺"]),
        ("voltage-gated", ["voltage-gated"]),
        ("gated", ["gated"]),
        ("C++", ["C++"]),
        ("E=mc^2", ["E=mc²"]),
        ("field", ["ﬁelds"]),
    ]:
        (hit,) = index.search(query)
        assert marked(hit.snippet) == expected, query


def test_marks_stand_right_behind_markup(make_index: MakeIndex) -> None:
    text = "<p>Use &lt;b&gt; or `<b>` in [a **big** list](http://b.example) &amp; *big*ger.</p>"
    index = make_index([article("/a", "x", answer=text)])
    (hit,) = index.search("big b")
    assert hit.snippet == "Use <b> or <b> in a big list & bigger."
    assert marked(hit.snippet) == ["b", "b", "big"]


def test_a_mark_is_that_of_the_word_and_no_part_of_another() -> None:
    found = snippet("The us of U.S. is not us; busy.", "us")
    assert marked(found) == ["us", "us"]


def test_excluded_words_are_not_marked(make_index: MakeIndex) -> None:
    index = make_index([article("/a", "x", answer="One neuron."), article("/b", "x", answer="ion")])
    (hit,) = index.search("neuron -ion")
    assert marked(hit.snippet) == ["neuron"]


def test_a_snippet_is_made_once_and_is_a_text(make_index: MakeIndex) -> None:
    index = make_index([article("/a", "x", answer="One neuron.")])
    (hit,) = index.search("neuron")
    assert hit.snippet is hit.snippet
    assert isinstance(hit.snippet, str)
    assert hit.snippet == "One neuron."
    assert Snippet("bare").marks == ()


# -- any text


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, st.lists(st.sampled_from(["neuron", "ca2+", "東京", "x", "a", "released", "the"])))
@example("neuron" * 100, ["neuron"])
@example("neuron " * 100, ["neuron"])
@example("$" + "a " * 200 + "neuron$ x", ["neuron"])
@example("x " * 139 + "$a neuron b$ y", ["neuron", "y"])
def test_any_text_gives_a_snippet_with_marks_on_words_of_the_query(
    text: str, words: list[str]
) -> None:
    found = make_snippet(article("/a", "title", answer=text), dict.fromkeys(words, 1.0), ENGLISH)
    bare = found.removeprefix("… ").removesuffix(" …")
    assert len(bare) <= LENGTH
    assert bare in plain_text(text).folded().text or bare == "title"
    previous = 0
    for start, end in found.marks:
        assert previous <= start < end <= len(found)
        previous = end
    for start, end in found.marks:
        whole = {word.form for word in ENGLISH.forms(found[start:end])}
        parts = {form for form in words if form in found[start:end].casefold()}
        assert whole & set(words) or parts


@given(TEXTS, st.sampled_from(WORDS))
def test_marks_are_apart(text: str, word: str) -> None:
    forms = {token.form: 1.0 for token in ENGLISH.tokens(word)}
    found = make_snippet(article("/a", "title", answer=text), forms, ENGLISH)
    for (_, end), (start, _) in itertools.pairwise(found.marks):
        assert end < start
