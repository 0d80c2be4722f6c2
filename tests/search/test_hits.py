"""Which articles a query finds, apart from their order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qsearch
from qsearch import Article
from qsearch.engine import snapshot_answer
from qsearch.kernels import runtime
from qsearch.options import Sort
from tests.conftest import MakeIndex
from tests.helpers import article, articles, temporary_index, urls

COLLECTION = [
    article("/cpp", "Templates in C++", answer="The compiler of C++ writes the code"),
    article("/csharp", "Generics in C#", answer="The runtime knows the type"),
    article("/c", "Macros in C", answer="The preprocessor writes text"),
    article("/gate", "Voltage-gated channels", answer="They open at a voltage"),
    article("/volt", "What is a voltage?", answer="A difference; a gated thing is another matter"),
    article("/us", "U.S. law", answer="It binds them"),
    article("/pron", "Tell us about law", answer="About us"),
    article("/ion", "Release of Ca^{2+}", answer="Neurons released it", keywords="calcium ion"),
    article("/mc", "Energy", answer="It is $E = mc^2$, as Einstein said"),
    article("/tokyo", "東京タワー", answer="A tower"),
]
ALL = {one.url for one in COLLECTION}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> qsearch.Index:
    made = qsearch.create(tmp_path_factory.mktemp("hits") / "index")
    for part in (COLLECTION[:4], COLLECTION[4:]):
        with made.writer() as writer:
            writer.add_many(part)
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # words are joined by OR
        ("templates generics", {"/cpp", "/csharp"}),
        ("templates unknownword", {"/cpp"}),
        ("unknownword", set()),
        # technical words
        ("C++", {"/cpp"}),
        ("C#", {"/csharp"}),
        ("C", {"/c"}),
        ("U.S.", {"/us"}),
        ("u.s", {"/us"}),
        ("Ca2+", {"/ion"}),
        ("$Ca^{2+}$", {"/ion"}),
        ("Ca²⁺", {"/ion"}),
        ("E=mc²", {"/mc"}),
        ("mc^2", {"/mc"}),
        ("東京", {"/tokyo"}),
        ("タワー", {"/tokyo"}),
        ("京", {"/tokyo"}),
        ("releases neuron", {"/ion"}),
        # stop words make no hit of their own ...
        ("the templates", {"/cpp"}),
        ("what is the energy", {"/mc"}),
        ("the unknownword", set()),
        # ... unless there is nothing else, or in a phrase, behind a plus or beside AND
        ("the", {"/cpp", "/csharp", "/c"}),
        ("what is", {"/volt", "/mc"}),
        ('"is a"', {"/volt"}),
        ('templates "is a"', {"/cpp", "/volt"}),
        ("+the", {"/cpp", "/csharp", "/c"}),
        ("+the code", {"/cpp", "/csharp", "/c"}),
        ("+the +code", {"/cpp"}),
        ("the AND writes", {"/cpp", "/c"}),
        ("us", {"/pron"}),
        # compounds: any part finds, all parts must, together they exclude
        ("voltage-gated", {"/gate", "/volt"}),
        ("voltage gated", {"/gate", "/volt"}),
        ("gated", {"/gate", "/volt"}),
        ("+voltage-gated", {"/gate", "/volt"}),
        ("+voltage-gated channels", {"/gate", "/volt"}),
        ("* -voltage-gated", ALL - {"/gate"}),
        ('"voltage-gated"', {"/gate"}),
        ('"voltage gated"', {"/gate"}),
        ('"gated voltage"', set()),
        # must, must not, groups
        ("+law", {"/us", "/pron"}),
        ("+law about", {"/us", "/pron"}),
        ("+law +tell", {"/pron"}),
        ("law -tell", {"/us"}),
        ("law NOT tell", {"/us"}),
        ("law AND tell", {"/pron"}),
        ("law AND NOT tell", {"/us"}),
        ("law AND (tell OR binds)", {"/us", "/pron"}),
        ("(law AND tell) OR energy", {"/pron", "/mc"}),
        ("law tower AND energy", {"/us", "/pron"}),
        ("+(law energy) -(tell binds)", {"/mc"}),
        ("+unknownword law", set()),
        ("law -unknownword", {"/us", "/pron"}),
        ('law -"tell us"', {"/us"}),
        ('law -"us tell"', {"/us", "/pron"}),
        # every article
        ("*", ALL),
        ("* law", ALL),
        ("* -law", ALL - {"/us", "/pron"}),
        ("+law NOT *", set()),
        # phrases stand in one field
        ('"gated channels"', {"/gate"}),
        ('"channels they"', set()),
        ('"calcium ion"', {"/ion"}),
        ('"it is E=mc2, as Einstein said"', {"/mc"}),
        ('"law"', {"/us", "/pron"}),
        # nothing to search for
        ("", set()),
        ("?!", set()),
        ('""', set()),
        ("()", set()),
        ("-law", set()),
        ("NOT law", set()),
        # what holds no word is as if it were not there
        ("+?! law", {"/us", "/pron"}),
        ('+"" law', {"/us", "/pron"}),
        ("law -?!", {"/us", "/pron"}),
        ("law AND ?!", {"/us", "/pron"}),
        # operators in small letters are words
        ("law and tell", {"/us", "/pron"}),
    ],
)
def test_hits(query: str, expected: set[str], index: qsearch.Index) -> None:
    assert set(urls(index, query)) == expected
    assert runtime.wait()
    assert {hit.article.url for hit in index.search(query, limit=100)} == expected


@pytest.mark.parametrize("query", ["law AND (NOT tell)", "law (-tell)", "+law +(-tell)"])
def test_an_exclusion_alone_in_parentheses_is_applied_or_told(
    query: str, index: qsearch.Index
) -> None:
    results = index.search(query)
    assert "/pron" not in {hit.article.url for hit in results} or results.notes


# -- fields


@pytest.mark.parametrize(
    ("query", "fields", "expected"),
    [
        ("voltage", None, {"/gate", "/volt"}),
        ("voltage", "question", {"/gate", "/volt"}),
        ("voltage", "answer", {"/gate"}),
        ("voltage", "keywords", set()),
        ("calcium", ["keywords"], {"/ion"}),
        ("calcium", ["question", "answer"], set()),
        ("calcium", ("answer", "keywords", "keywords"), {"/ion"}),
        ("* -voltage", "answer", ALL - {"/gate"}),
        ('"open at a voltage"', "answer", {"/gate"}),
        ('"open at a voltage"', "question", set()),
        ("*", "keywords", ALL),
    ],
)
def test_fields(
    query: str, fields: str | list[str] | None, expected: set[str], index: qsearch.Index
) -> None:
    assert set(urls(index, query, fields=fields)) == expected


def test_the_title_is_searched_with_the_question(make_index: MakeIndex) -> None:
    index = make_index(
        [Article(url="/a", title="neuron", question="other"), Article(url="/b", question="neuron")]
    )
    assert set(urls(index, "neuron", fields="question")) == {"/a", "/b"}


def test_a_phrase_reaches_from_no_text_into_the_next(make_index: MakeIndex) -> None:
    one = Article(
        url="/a",
        title="alpha beta",
        question="gamma delta",
        answer="epsilon zeta",
        keywords=("eta theta", "iota kappa"),
    )
    index = make_index([one, article("/b", "beta gamma")])
    for inside in ("alpha beta", "gamma delta", "epsilon zeta", "eta theta", "iota kappa"):
        assert urls(index, f'"{inside}"') == ["/a"]
    for across in ("delta epsilon", "zeta eta", "theta iota"):
        assert urls(index, f'"{across}"') == []
    assert urls(index, '"beta gamma"') == ["/b"]


def test_phrases_in_long_texts(make_index: MakeIndex) -> None:
    filler = " ".join(f"w{number}" for number in range(3_000))
    index = make_index([article("/a", answer=f"{filler} alpha beta {filler} beta gamma alpha")])
    assert urls(index, '"alpha beta"') == ["/a"]
    assert urls(index, '"gamma alpha"') == ["/a"]
    assert urls(index, '"w2999 alpha beta w0"') == ["/a"]
    assert urls(index, '"alpha gamma"') == []


def test_a_phrase_of_one_word_said_twice(make_index: MakeIndex) -> None:
    index = make_index([article("/a", "bye"), article("/b", "bye bye")])
    assert urls(index, '"bye bye"') == ["/b"]


@pytest.mark.parametrize("query", ["calcium", '"calcium ion"', "+calcium", "* +calcium"])
def test_keywords_without_weight_are_not_searched(query: str, index: qsearch.Index) -> None:
    assert urls(index, query) == ["/ion"]
    assert urls(index, query, keyword_boost=0) == []
    assert len(urls(index, "* -calcium", keyword_boost=0)) == len(ALL)


# -- small collections


@pytest.mark.parametrize("query", ["*", "neuron", '"a b"', "", "+a -b", "the", "Ca2+", "neuron^0"])
def test_an_empty_index_answers_with_nothing(query: str, make_index: MakeIndex) -> None:
    results = make_index().search(query)
    assert list(results) == []
    assert results.total == 0
    assert results.total_exact
    assert results.facets == {"subject": {}}
    assert results.suggestion is None


def test_one_article(make_index: MakeIndex) -> None:
    index = make_index([article("/a", "neuron")])
    (hit,) = index.search("neurons")
    assert hit.score > 0
    assert hit.rank == 1
    assert len(index.search("*")) == 1


def test_two_articles(make_index: MakeIndex) -> None:
    index = make_index([article("/a", "neuron"), article("/b", "neuron ion")])
    assert urls(index, "neuron") == ["/a", "/b"]
    assert urls(index, "neuron ion") == ["/b", "/a"]
    assert all(hit.score > 0 for hit in index.search("neuron"))


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@given(collection=articles(max_size=40, urls="abcdefghijklmnopqrstuvwxyz"), data=st.data())
def test_many_ties_are_settled_as_few_are(
    collection: list[qsearch.Article], data: st.DataObject, sort: Sort
) -> None:
    at = data.draw(st.integers(0, len(collection)))
    query = data.draw(st.sampled_from(["*", "neuron calcium the", "release *"]))
    with temporary_index(collection[:at], collection[at:]) as index:
        whole = [hit.url for hit in index.search(query, limit=None, sort=sort)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(snapshot_answer, "_FEW", 0)
            assert [hit.url for hit in index.search(query, limit=None, sort=sort)] == whole
