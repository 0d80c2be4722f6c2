"""Search returns exactly the ranking of the reference scorer, however the index came about."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qsearch import Article, Ranking
from qsearch.model.fields import FIELDS
from tests.conftest import MakeIndex
from tests.helpers import (
    ENGLISH,
    QUERIES,
    article,
    articles,
    changed_index,
    defined_ranking,
    is_about,
    ranked,
    temporary_index,
)

SEVERAL_QUERIES = st.lists(QUERIES, min_size=1, max_size=6)
RANKINGS = st.builds(
    Ranking,
    question=st.sampled_from([0, 1, 3.5]),
    answer=st.sampled_from([0, 1]),
    keywords=st.sampled_from([0, 2.0]),
    question_b=st.sampled_from([0, 0.3, 0.99]),
    answer_b=st.sampled_from([0, 0.75, 0.99]),
    keywords_b=st.sampled_from([0, 0.99]),
    k1=st.sampled_from([0.1, 1.2, 5]),
    form_bonus=st.sampled_from([0, 0.05, 1]),
    keyword_bonus=st.sampled_from([0, 0.2]),
    title_bonus=st.sampled_from([0, 0.5]),
)
SEARCHED = st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3)
SLOW_BUT_FINE = settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOW_BUT_FINE
@given(articles(), SEVERAL_QUERIES)
def test_one_segment(collection: list[Article], queries: list[str]) -> None:
    with temporary_index(collection) as index:
        for query in queries:
            assert ranked(index, query) == defined_ranking(collection, query)


@SLOW_BUT_FINE
@given(st.data())
def test_several_segments_and_deletions(data: st.DataObject) -> None:
    with changed_index(data, max_size=6) as (index, collection):
        for query in data.draw(SEVERAL_QUERIES):
            results = index.search(query, limit=None)
            found = [(hit.article.url, hit.score) for hit in results]
            assert found == defined_ranking(collection, query)
            assert results.total == len(found)
            for page in (1, 2):
                shown = index.search(query, limit=2, offset=2 * (page - 1))
                assert [(hit.article.url, hit.score) for hit in shown] == found[
                    2 * (page - 1) : 2 * page
                ]


@SLOW_BUT_FINE
@given(articles(), SEVERAL_QUERIES, SEARCHED, st.sampled_from([None, 0, 0.5, 3, 100]))
def test_fields_and_keyword_boost(
    collection: list[Article], queries: list[str], fields: list[str], boost: float | None
) -> None:
    with temporary_index(collection) as index:
        for query in queries:
            assert ranked(index, query, fields=fields, keyword_boost=boost) == defined_ranking(
                collection, query, fields=fields, keyword_boost=boost
            )


@SLOW_BUT_FINE
@given(articles(), SEVERAL_QUERIES, RANKINGS)
def test_other_settings(collection: list[Article], queries: list[str], ranking: Ranking) -> None:
    with temporary_index(collection, ranking=ranking) as index:
        for query in queries:
            assert ranked(index, query) == defined_ranking(collection, query, ranking=ranking)


@SLOW_BUT_FINE
@given(articles(), SEVERAL_QUERIES)
def test_filters(collection: list[Article], queries: list[str]) -> None:
    left = list({one.url: one for one in collection}.values())
    passes = [
        is_about(one, "physics") and bool(one.date) and str(one.date) >= "2024-01-01"
        for one in left
    ]
    with temporary_index(collection) as index:
        for query in queries:
            found = ranked(index, query, subject="PHYSICS", since="2024-01-01")
            assert found == defined_ranking(collection, query, passes=passes)


def check(make_index: MakeIndex, collection: list[Article], *queries: str) -> None:
    """One segment, one segment an article, and merged ones rank as defined."""
    together = make_index(collection)
    apart = make_index(*([one] for one in collection))
    for query in queries:
        expected = defined_ranking(collection, query)
        assert expected
        assert ranked(together, query) == expected
        assert ranked(apart, query) == expected


def test_more_forms_of_a_term_than_a_posting_has_bits_for(make_index: MakeIndex) -> None:
    forms = """connect connects connected connecting connection connections connective connectively
    connectives Connect's connection's""".split()
    assert len({token.term for token in ENGLISH.tokens(" ".join(forms))}) == 1
    collection = [
        article(f"/{number}-{form}", "x", answer=f"{form} " * (1 + (number * 7) % 5))
        for number, form in enumerate(forms * 2)
    ]
    collection += [article("/all", "x", answer=" ".join(forms)), article("/none", "other")]
    check(make_index, collection, *forms, " ".join(forms), "connectivelys")


def test_more_occurrences_than_are_counted(make_index: MakeIndex) -> None:
    collection = [
        Article(
            url=f"/{count}",
            title="neuron " * count,
            question="ion " * count,
            answer="calcium channel " * (20 * count),
            keywords=[f"key {'neuron ' * count}", "ion"],
        )
        for count in (1, 5, 14, 15, 16, 17, 40)
    ]
    check(make_index, collection, "neuron", "ion calcium", '"calcium channel"', '"channel calcium"')


def test_long_articles(make_index: MakeIndex) -> None:
    collection = [
        article(
            f"/{length}",
            "x",
            answer=" ".join(f"w{number % 50}" for number in range(length)),
        )
        for length in (1, 39, 40, 41, 300, 5_000)
    ]
    check(make_index, collection, "w1", "w49 w1", '"w1 w2"', '"w49 w0"', "w0 -w30")


def test_articles_without_some_of_the_fields(make_index: MakeIndex) -> None:
    collection = [
        Article(url="/t", title="neuron"),
        Article(url="/q", question="neuron"),
        Article(url="/a", answer="neuron"),
        Article(url="/k", title="x", keywords=("neuron",)),
        Article(url="/tq", title="neuron", question="neuron"),
        Article(url="/tq2", title="neuron", question=" neuron\n"),
        Article(url="/tq3", title="neuron", question="neuron?"),
        Article(url="/none", title="?", question="!", answer="..."),
    ]
    check(make_index, collection, "neuron", "neurons", '"neuron"', "+neuron -x", "*", "* x")


def test_a_title_equal_to_the_question_counts_once(make_index: MakeIndex) -> None:
    index = make_index(
        [
            Article(url="/a", title="neuron ion"),
            Article(url="/b", title="neuron ion", question="neuron  ion "),
            Article(url="/c", question="neuron ion"),
        ]
    )
    scores = dict(ranked(index, "neuron"))
    assert scores["/a"] == scores["/b"] == scores["/c"]


def test_many_keywords_and_long_queries(make_index: MakeIndex) -> None:
    words = [f"w{number}" for number in range(80)]
    collection = [
        article("/pairs", "x", keywords=[f"{a} {b}" for a, b in itertools.pairwise(words)]),
        article("/long", "x", keywords=[" ".join(words[:9]), " ".join(words[9:17])]),
        article("/last", "x", keywords=[words[-1], "of the"]),
        article("/first", "x", keywords=[words[0]]),
    ]
    check(make_index, collection, " ".join(words), " ".join(words[:9]), "w79", "w0 of the w1", "x")


def test_a_length_may_count_in_full(make_index: MakeIndex) -> None:
    # b = 1 where a field is empty: its frequency is 0, whatever it is divided by.
    ranking = Ranking(question_b=1, answer_b=1, keywords_b=1)
    collection = [
        article("/a", "neuron", keywords="ion"),
        article("/b", "x", answer="neuron ion"),
        article("/c", "neuron ion", answer="neuron ion ion", keywords="neuron"),
    ]
    index = make_index(collection, ranking=ranking)
    for query in ("neuron", "ion", "neuron ion"):
        found = ranked(index, query)
        assert len(found) == 3
        assert all(0 < score < 10 for _, score in found)
        assert found == defined_ranking(collection, query, ranking=ranking)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_tiny_collections(count: int, make_index: MakeIndex) -> None:
    collection = [article(f"/{number}", "the neuron", keywords="ion") for number in range(count)]
    index = make_index(collection)
    for query in ("neuron", "ion", "the", "*", '"the neuron"', "zebra", ""):
        assert ranked(index, query) == defined_ranking(collection, query)


def test_hundreds_of_articles(make_index: MakeIndex) -> None:
    words = "neuron ion channel release voltage membrane potential calcium".split()
    collection = [
        article(
            f"/{number:04}",
            " ".join(words[(number * k) % 8] for k in range(1, 4)),
            answer=" ".join(words[(number * k + k) % 8] for k in range(number % 23)),
            keywords=words[number % 8],
            id=str(number % 300),
        )
        for number in range(600)
    ]
    index = make_index(collection[:400], collection[400:500], collection[500:])
    for query in ("neuron", "ion channel -release", '"voltage membrane"', "+ion +calcium neurons"):
        assert ranked(index, query) == defined_ranking(collection, query)
        best = index.search(query)
        assert [(hit.article.url, hit.score) for hit in best] == defined_ranking(collection, query)[
            :10
        ]


def test_scores_have_nine_digits(make_index: MakeIndex) -> None:
    index = make_index([article(f"/{n}", "neuron " * (n + 1)) for n in range(5)])
    for _, score in ranked(index, "neuron"):
        assert float(f"{score:.9g}") == score


def test_equal_scores_are_ordered_by_url(make_index: MakeIndex) -> None:
    keys = ["/b", "/a/x", "/a", "/B", "/ä", "/z"]
    index = make_index([article(key, "neuron") for key in keys])
    assert [url for url, _ in ranked(index, "neuron")] == sorted(keys)
    assert [url for url, _ in ranked(index, "*")] == sorted(keys)
    assert [hit.article.url for hit in index.search("neuron", limit=2, offset=2)] == sorted(keys)[
        2:4
    ]
