"""The kernel for conditions finds the articles that the plain path finds.

``test_without_jit`` runs this module once more with the kernel as plain Python.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qsearch import Article, Index, Limits
from qsearch.engine import condition_terms
from qsearch.engine.bitset_program import ConditionEvaluator
from qsearch.engine.engines import AutoEngine
from qsearch.engine.numpy_engine import NumpyEngine
from qsearch.engine.postings_cache import PostingsCache
from qsearch.engine.protocol import Scope
from qsearch.query.filters import NO_FILTERS
from qsearch.query.query import Query
from qsearch.ranking.settings import Ranking
from tests.helpers import QUERIES, WORDS, article, temporary_index, texts

EXAMPLES = 10 if os.environ.get("NUMBA_DISABLE_JIT") == "1" else 40
QUICK = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

FAR = [0, 1, 62, 63, 64, 65, 127, 128, 239, 240, 241, 4_200]
"""Words between two others: where sketches come round, and where codes take one byte more."""


@pytest.fixture(params=[0, 64, 10**9])
def _frequent(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep no term as bits, some, or all."""
    monkeypatch.setattr(condition_terms, "_FREQUENT", request.param)


def found(
    index: Index, query: str, fields: Sequence[bool] = (True,) * 3, allowed: Sequence[int] = ()
) -> list[bool]:
    """Which articles of all segments the kernel finds."""
    assert index._searcher
    searcher = index._searcher
    cache = PostingsCache(searcher.snapshot, Ranking(), tuple(fields))
    conditions = ConditionEvaluator(searcher.snapshot, cache, Limits().positions)
    hit = np.empty(cache.bases[-1], dtype=np.uint8)
    count = conditions.of_plan(searcher.planner.plan(query), np.array(allowed, dtype=np.uint8), hit)
    assert hit.sum() == count
    return [bool(each) for each in hit]


def expected(index: Index, query: str, fields: Sequence[bool] = (True,) * 3) -> list[bool]:
    """The same by the plain path."""
    assert index._searcher
    searcher = index._searcher
    plain = searcher.engine._plain if isinstance(searcher.engine, AutoEngine) else searcher.engine
    assert isinstance(plain, NumpyEngine)
    asked = Query(query, lambda: searcher.planner.plan(query))
    matches = plain.hits(asked, Scope(Ranking(), tuple(fields), NO_FILTERS)).matches
    return [bool(each) for segment in matches for each in segment.hit]


@pytest.mark.usefixtures("_frequent")
@QUICK
@given(
    st.lists(st.tuples(texts(), texts(20)), min_size=1, max_size=9),
    st.lists(st.integers(1, 150), min_size=1, max_size=3),
    st.lists(QUERIES, min_size=1, max_size=6),
    st.sampled_from([(True, True, True), (False, True, False), (True, False, True)]),
)
def test_any_condition_over_any_segments(
    bodies: list[tuple[str, str]], sizes: list[int], queries: list[str], fields: tuple[bool, ...]
) -> None:
    batches: list[list[Article]] = []
    for size in sizes:
        first = sum(map(len, batches))
        batches.append(
            [
                article(f"/{number}", title, answer=answer, keywords=[answer[:9]])
                for number in range(first, first + size)
                for title, answer in [bodies[number * number % len(bodies)]]
            ]
        )
    with temporary_index(*batches) as index:
        allowed = [number % 3 > 0 for number in range(sum(sizes))]
        for query in queries:
            hits = expected(index, query, fields)
            assert found(index, query, fields) == hits
            assert found(index, query, fields, allowed) == [
                hit and passes for hit, passes in zip(hits, allowed, strict=True)
            ]


@QUICK
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(FAR)), max_size=8), min_size=1
    ),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=4),
)
@example([[("neuron", 64), ("ion", 0)], [("neuron", 0), ("ion", 0)]], ["neuron", "ion"])
@example([[("neuron", 0), ("ion", 0)] * 40], ["neuron", "ion", "neuron"])
def test_words_side_by_side_wherever_they_stand(
    collection: list[list[tuple[str, int]]], words: list[str]
) -> None:
    batch = [
        article(f"/{number}", answer=" ".join(word + " filler" * gap for word, gap in parts))
        for number, parts in enumerate(collection)
    ]
    with temporary_index(batch) as index:
        query = f'"{" ".join(words)}"'
        assert found(index, query) == expected(index, query)


def test_a_phrase_in_more_articles_than_are_looked_at_at_once() -> None:
    texts = ["neuron ion", "ion neuron", "neuron gate ion", "neuron"]
    batch = [article(f"/{number}", answer=texts[number % 4]) for number in range(2_600)]
    with temporary_index(batch) as index:
        assert found(index, '"neuron ion"') == [text == "neuron ion" for text in texts] * 650
        assert sum(found(index, '"ion gate neuron"')) == 0
