"""Queries of one field have the scores of qsearch's own search."""

from __future__ import annotations

import random

import pytest
from whoosh import query, scoring
from whoosh.qparser import OrGroup, QueryParser

import qsearch
from qsearch import Ranking
from qsearch.options import FieldName
from qsearch.whoosh_view.weighting import FieldBM25
from tests.conftest import MakeIndex
from tests.whoosh.conftest import ARTICLES, ENERGY, OSMOSIS, add
from tests.whoosh.stock import random_articles

BARE = Ranking(form_bonus=0.0, keyword_bonus=0.0, title_bonus=0.0)


def by_whoosh(index: qsearch.Index, field: str, text: str) -> dict[str, float]:
    with index.whoosh.searcher() as searcher:
        parser = QueryParser(field, searcher.schema, group=OrGroup)
        results = searcher.search(parser.parse(text), limit=None)
        return {hit["url"]: hit.score for hit in results}


def by_qsearch(index: qsearch.Index, field: FieldName, text: str) -> dict[str, float]:
    results = index.search(text, fields=field, limit=None)
    return {hit.article.url: hit.score for hit in results}


@pytest.mark.parametrize("size", [60, 11])
def test_one_field(make_index: MakeIndex, size: int) -> None:
    rng = random.Random(size)
    articles = [
        qsearch.Article(url=a.url, title=a.title, question=a.question, answer=a.answer,
                        keywords=a.keywords)
        for a in random_articles(60, rng)
    ]  # fmt: skip
    batches = [articles[start : start + size] for start in range(0, 60, size)]
    index = make_index(*batches, ranking=BARE)
    with index.writer() as writer:
        for article in articles[::7]:
            writer.delete(article.url)
    plain = [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "neurons",
        "released",
        "calcium",
        "voltage",
        "gated",
    ]
    for field in ("question", "answer", "keywords"):
        for _ in range(15):
            text = " ".join(rng.sample(plain, 2))
            expected = by_qsearch(index, field, text)
            assert by_whoosh(index, field, text) == pytest.approx(expected, rel=1e-8), (field, text)


def test_the_title_is_scored_like_a_question(make_index: MakeIndex) -> None:
    index = make_index([a for a in ARTICLES if a.title], ranking=BARE)
    assert by_whoosh(index, "title", "osmosis") == pytest.approx(
        by_whoosh(index, "question", "osmosis"), rel=0.3
    )
    assert list(by_whoosh(index, "title", "mc²")) == [ENERGY]


def test_fields_that_are_values_score_one(make_index: MakeIndex) -> None:
    index = make_index(ARTICLES)
    assert set(by_whoosh(index, "subject", "biology").values()) == {1.0}
    assert by_whoosh(index, "url", OSMOSIS) == {OSMOSIS: 1.0}


def test_a_field_without_weight_is_found_even_so(make_index: MakeIndex) -> None:
    index = make_index(ARTICLES, ranking=Ranking(keywords=0.0, answer=0.0))
    with index.whoosh.searcher() as searcher:
        terms = [query.Term("keywords", term) for term in ("osmosi", "calcium", "light")]
        assert len(searcher.search(query.Or(terms))) == 3


def test_scores_do_not_depend_on_the_history(make_index: MakeIndex) -> None:
    articles = random_articles(50, random.Random(12))
    whole = make_index(articles)
    pieces = make_index(*[articles[start : start + 8] for start in range(0, 50, 8)])
    stale = [qsearch.Article(url=a.url, title="alpha stale") for a in articles[::2]]
    replaced = make_index([*stale, qsearch.Article(url="/gone", answer="alpha " * 40)], articles)
    with replaced.writer() as writer:
        writer.delete("/gone")
    for field in ("title", "question", "answer", "keywords"):
        expected = by_whoosh(whole, field, "alpha beta voltage")
        assert expected
        assert by_whoosh(pieces, field, "alpha beta voltage") == pytest.approx(expected)
        assert by_whoosh(replaced, field, "alpha beta voltage") == pytest.approx(expected)


@pytest.mark.parametrize(
    "weighting",
    [scoring.BM25F, scoring.BM25F(B=0.5, answer_B=1.0), scoring.TF_IDF(), scoring.Frequency(),
     scoring.PL2(), scoring.MultiWeighting(scoring.BM25F(), title=scoring.Frequency()),
     scoring.FunctionWeighting(lambda s, f, t, m: 3.0), scoring.ReverseWeighting(scoring.BM25F())],
)  # fmt: skip
@pytest.mark.parametrize("batches", [1, 3])
def test_whooshs_own_weightings(make_index: MakeIndex, weighting: object, batches: int) -> None:
    index = make_index(*[ARTICLES[start::batches] for start in range(batches)])
    asked = query.Or([query.Term("answer", "neuron"), query.Term("title", "neuron")])
    with index.whoosh.searcher(weighting=weighting) as searcher:
        results = searcher.search(asked)
        assert len(results) == 2
        assert all(isinstance(hit.score, float) for hit in results)


def test_a_matcher_over_all_segments_scores(index: qsearch.Index) -> None:
    with index.whoosh.searcher() as searcher:
        matcher = searcher.postings("answer", b"neuron")
        expected = dict(searcher.search(query.Term("answer", "neuron")).items())
        found = {}
        while matcher.is_active():
            found[matcher.id()] = matcher.score()
            matcher.next()
        assert found == pytest.approx(expected)


def test_the_weighting_by_itself(make_index: MakeIndex) -> None:
    index = make_index(ARTICLES)
    add(index, [qsearch.Article(url="/more", answer="pointer")])
    with index.whoosh.searcher(weighting=FieldBM25(Ranking(k1=1.0, answer_b=0.0))) as searcher:
        (first, second) = searcher.search(query.Term("answer", "pointer"))
        assert first.score / second.score == pytest.approx((4 / 5) / (1 / 2))
        assert searcher.idf("answer", b"pointer") == pytest.approx(1.3862943611)
