"""Search returns exactly the ranking of the reference scorer: however the index came about,
whichever engine answers, whole or by pages.

``tests/kernels/test_without_jit`` runs this module once more with the kernels as plain Python.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qsearch import Article, Index, Ranking
from qsearch.engine import postings_cache
from qsearch.model.fields import FIELDS
from qsearch.options import EngineName
from tests.conftest import MakeIndex
from tests.engines import WITHOUT_JIT
from tests.helpers import (
    ENGLISH,
    QUERIES,
    UNKNOWN,
    WORDS,
    Definition,
    article,
    articles,
    changed_index,
    defined_ranking,
    is_about,
    ranked,
    temporary_index,
)

PLAIN = st.lists(st.sampled_from(WORDS + UNKNOWN), min_size=1, max_size=9).map(" ".join)
SEVERAL_QUERIES = st.lists(st.one_of(PLAIN, QUERIES), min_size=1, max_size=6)
RANKINGS = st.builds(
    Ranking,
    question=st.sampled_from([0, 0.5, 1, 3.5]),
    answer=st.sampled_from([0, 1]),
    keywords=st.sampled_from([0, 2.0]),
    question_b=st.sampled_from([0, 0.3, 0.99]),
    answer_b=st.sampled_from([0, 0.75, 0.99]),
    keywords_b=st.sampled_from([0, 0.99]),
    k1=st.sampled_from([0.1, 1.2, 9]),
    form_bonus=st.sampled_from([0, 0.05, 1]),
    keyword_bonus=st.sampled_from([0, 0.2, 1]),
    title_bonus=st.sampled_from([0, 0.5]),
)
SEARCHED = st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3)
ODD = st.text(
    st.sampled_from(list("neuron a.-,'_+#=()[]{}~?!/:;%@`\\$<>&^*\"“«ANDORT\n\t\0é東²⁻"))
).map(lambda text: f"neuron {text}")


def quick(examples: int) -> settings:
    return settings(
        max_examples=examples // 5 if WITHOUT_JIT else examples,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


LAYOUTS = st.sampled_from(
    [(16, 4_096, 256), (0, 4_096, 0), (16, 4_096, 2), (16, 0, 0), (9**9, 0, 1)]
)
"""From how many postings on a term is frequent, up to which length a list is short, and how many
hits are few: with small numbers, small collections go the ways of large ones.
"""


@contextlib.contextmanager
def laid_out(layout: tuple[int, int, int]) -> Iterator[None]:
    """What the kernels take for frequent, short and few; see ``LAYOUTS``."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in zip(("_FREQUENT", "_SHORT", "_FEW"), layout, strict=True):
            patch.setattr(postings_cache, name, value)
        yield


def assert_ranked(index: Index, query: str, expected: list[tuple[str, float]]) -> None:
    """All results, and pages of them, are those that are expected."""
    whole = index.search(query, limit=None)
    assert [(hit.article.url, hit.score) for hit in whole] == expected
    assert whole.total == len(expected)
    for limit in (1, 2, 3, 10):
        assert ranked(index, query, limit) == expected[:limit]
    for page in (1, 2, 3):
        assert ranked(index, query, 2, offset=2 * page - 1) == expected[2 * page - 1 :][:2]


@quick(100)
@given(st.data(), LAYOUTS)
def test_any_query_over_any_segments(
    engine: EngineName, data: st.DataObject, layout: tuple[int, int, int]
) -> None:
    with laid_out(layout), changed_index(data, max_size=8, engine=engine) as (index, collection):
        definition = Definition(collection)
        for query in data.draw(SEVERAL_QUERIES):
            assert_ranked(index, query, definition.ranked(query))


@quick(60)
@given(st.data(), LAYOUTS, SEARCHED, st.sampled_from([None, 0, 0.5, 4, 100]))
def test_filters_fields_and_keyword_boost(
    engine: EngineName,
    data: st.DataObject,
    layout: tuple[int, int, int],
    fields: list[str],
    boost: float | None,
) -> None:
    with laid_out(layout), changed_index(data, max_size=8, engine=engine) as (index, collection):
        definition = Definition(collection)
        recent = [
            is_about(one, "physics") and bool(one.date) and str(one.date) >= "2024-01-01"
            for one in collection
        ]
        dated = [is_about(one, "physics") and bool(one.date) for one in collection]
        for query in data.draw(SEVERAL_QUERIES):
            expected = definition.ranked(query, passes=recent)
            for limit in (3, None):
                found = ranked(index, query, limit, subject="PHYSICS", since="2024-01-01")
                assert found == expected[:limit]
            found = ranked(index, query, 3, subject="Physics", until="2030-01-01")
            assert found == definition.ranked(query, passes=dated)[:3]
            expected = definition.ranked(query, fields=fields, keyword_boost=boost)
            for limit in (3, None):
                found = ranked(index, query, limit, fields=fields, keyword_boost=boost)
                assert found == expected[:limit]


@quick(40)
@given(articles(), SEVERAL_QUERIES, RANKINGS, LAYOUTS)
def test_other_settings(
    engine: EngineName,
    collection: list[Article],
    queries: list[str],
    ranking: Ranking,
    layout: tuple[int, int, int],
) -> None:
    with laid_out(layout), temporary_index(collection, engine=engine, ranking=ranking) as index:
        definition = Definition(collection, ranking)
        for query in queries:
            assert_ranked(index, query, definition.ranked(query))


VOCABULARY = (
    "run running runs the of action potential voltage-gated channel calcium Ca2+ C++".split()
)
RUNS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=9).map(" ".join)
OPERATORS = st.lists(
    st.one_of(
        st.sampled_from(VOCABULARY).map("+{}".format),
        st.sampled_from(VOCABULARY).map("running^2 -{}".format),
        st.lists(st.sampled_from(VOCABULARY), min_size=2, max_size=3)
        .map(" ".join)
        .map('"{}"'.format),
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


@quick(50)
@given(
    st.lists(st.tuples(RUNS, RUNS, st.integers(1, 40)), min_size=1, max_size=8),
    st.lists(OPERATORS, min_size=1, max_size=3),
    st.sampled_from([FIELDS, ("answer",), ("question", "keywords")]),
    LAYOUTS,
)
@example(
    [("run the runs", "of the", 300)],
    ['"the runs"', '"of of"', '"of the of"'],
    FIELDS,
    (16, 4_096, 0),
)
@example(
    [("action potential", "of the", 9_000)], ['"action potential"'], ("keywords",), (16, 4_096, 0)
)
def test_operators_over_texts_that_say_the_same_again_and_again(
    engine: EngineName,
    bodies: list[tuple[str, str, int]],
    queries: list[str],
    fields: tuple[str, ...],
    layout: tuple[int, int, int],
) -> None:
    collection = [
        Article(url=f"/{n}", title=q, question=f"{q}.", answer=f"{a} " * times, keywords=(q, a))
        for n, (q, a, times) in enumerate(bodies)
    ]
    half = len(collection) // 2
    batches = collection[:half], collection[half:]
    definition = Definition(collection)
    with laid_out(layout), temporary_index(*batches, engine=engine) as index:
        for query in queries:
            assert (
                ranked(index, query, 3, fields=fields)
                == definition.ranked(query, fields=fields)[:3]
            )


@quick(40)
@given(articles(), st.one_of(QUERIES, ODD, st.text()))
@example([article("/a", "neuron")], "(NOT neuron)")
@example([article("/a", "neuron")], "(-neuron)")
@example([article("/a", "neuron"), article("/b", "ion")], "ion (AND neuron)")
@example([article("/a", "neuron"), article("/b", "ion")], "ion (neuron AND)")
@example([article("/a", "neuron"), article("/b", "ion")], "ion (NOT neuron)")
@example([article("/a", "x=5 a=b")], "x=5")
@example([article("/a", "neuron")], "neuron)")
def test_a_page_is_the_beginning_of_the_whole(
    engine: EngineName, collection: list[Article], query: str
) -> None:
    with temporary_index(collection, engine=engine) as index:
        whole = index.search(query, limit=None)
        page = index.search(query, limit=5)
        assert [(hit.article.url, hit.score, hit.rank) for hit in page] == [
            (hit.article.url, hit.score, hit.rank) for hit in whole[:5]
        ]
        assert [note.message for note in page.notes] == [note.message for note in whole.notes]
        assert page.total == whole.total
        assert page.facets == whole.facets
        assert [hit.urls for hit in page] == [hit.urls for hit in whole[:5]]


def test_keywords_that_mark_every_article(make_index: MakeIndex) -> None:
    collection = [Article(url="/0", id="0", question="run", answer="run", keywords=("run",))]
    assert_ranked(make_index([], collection), "run run", defined_ranking(collection, "run run"))


def check(make_index: MakeIndex, collection: list[Article], *queries: str) -> None:
    """One segment, one segment an article, and merged ones rank as defined."""
    together = make_index(collection)
    apart = make_index(*([one] for one in collection))
    for query in queries:
        expected = defined_ranking(collection, query)
        assert expected
        for index in (together, apart):
            assert ranked(index, query) == expected
            for limit in (1, 10):
                assert ranked(index, query, limit) == expected[:limit]


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
        expected = defined_ranking(collection, query)
        assert ranked(index, query) == expected
        assert ranked(index, query, 10) == expected[:10]


def test_scores_have_nine_digits(make_index: MakeIndex) -> None:
    index = make_index([article(f"/{n}", "neuron " * (n + 1)) for n in range(5)])
    for _, score in ranked(index, "neuron"):
        assert float(f"{score:.9g}") == score


def test_equal_scores_are_ordered_by_url(make_index: MakeIndex) -> None:
    keys = ["/b", "/a/x", "/a", "/B", "/ä", "/z"]
    index = make_index([article(key, "neuron") for key in keys])
    assert [url for url, _ in ranked(index, "neuron")] == sorted(keys)
    assert [url for url, _ in ranked(index, "*")] == sorted(keys)
    assert [url for url, _ in ranked(index, "neuron", 2, offset=2)] == sorted(keys)[2:4]
