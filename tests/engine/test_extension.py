"""A new signal and a new expansion are one class and one number each, with either engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings

from qsearch import Article, Limits
from qsearch.analysis.analyzer import Token
from qsearch.engine.protocol import Evidence
from qsearch.engine.scratch import ScratchPool
from qsearch.index.vocabulary import SnapshotVocabulary
from qsearch.model.fields import FIELDS
from qsearch.options import EngineName
from qsearch.query.expand import Expansion, Vocabulary
from qsearch.query.query import Query
from qsearch.ranking.formula import bonus, rounded
from qsearch.ranking.reference import Reference
from qsearch.ranking.settings import Ranking
from qsearch.ranking.signal import Signal, Text, WeightedPlan
from qsearch.ranking.signals import SIGNALS
from qsearch.searcher import Searcher
from tests.helpers import ENGLISH, QUERIES, article, articles, temporary_index

QUICK = settings(
    max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


class Brevity(Signal):
    """Short answers before long ones."""

    number = "brevity_bonus"

    def define(self, article: Sequence[Text], query: WeightedPlan) -> float:
        words = sum(len(text.words) for text in article if text.field == FIELDS.index("answer"))
        return 1.0 / (1.0 + words)


@dataclass(frozen=True, kw_only=True)
class WithBrevity(Ranking):
    brevity_bonus: float = 0.5
    signals: ClassVar[tuple[Signal, ...]] = (*SIGNALS, Brevity())


class Cells:
    """Who asks for neurons may mean release, and what begins like calcium, if it is there."""

    factor = 0.4

    def terms(self, word: Token, vocabulary: Vocabulary) -> Iterable[str]:
        if word.term == "neuron":
            yield "releas"
        if word.term == "the" and vocabulary.document_frequency("ca2+"):
            yield "ca2+"


def search(
    index_of: Sequence[Sequence[Article]],
    query: str,
    engine: EngineName,
    ranking: Ranking,
    expansions: Sequence[Expansion] = (),
) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """What is found by an engine, and what the reference defines."""
    collection = [one for batch in index_of for one in batch]
    with temporary_index(*index_of) as index:
        assert index._searcher
        snapshot = index._searcher.snapshot
        searcher = Searcher(
            snapshot,
            ENGLISH,
            ranking,
            Limits(),
            ScratchPool(),
            engine=engine,
            expansions=expansions,
        )
        found = [(hit.url, hit.score) for hit in searcher.search(query, limit=100)]
        reference = Reference(
            collection,
            ENGLISH,
            ranking,
            vocabulary=SnapshotVocabulary(snapshot),
            expansions=expansions,
        )
        return found, [(one.url, one.score) for one in reference.rank(query)]


@pytest.mark.parametrize("engine", ["numpy", "kernels"])
@QUICK
@given(collection=articles(), query=QUERIES)
def test_a_new_signal(engine: EngineName, collection: list[Article], query: str) -> None:
    found, expected = search([collection], query, engine, WithBrevity())
    assert found == expected


@pytest.mark.parametrize("engine", ["numpy", "kernels"])
@QUICK
@given(collection=articles(), query=QUERIES)
def test_a_new_expansion(engine: EngineName, collection: list[Article], query: str) -> None:
    half = len(collection) // 2
    batches = [collection[:half], collection[half:]]
    found, expected = search(batches, query, engine, Ranking(), [Cells()])
    assert found == expected


@pytest.mark.parametrize("engine", ["numpy", "kernels"])
def test_an_expansion_finds_what_was_not_typed(engine: EngineName) -> None:
    collection = [article("/a", "neurons"), article("/b", "released"), article("/c", "calcium")]
    found, expected = search([collection], "neuron", engine, Ranking(), [Cells()])
    assert [url for url, _ in found] == ["/a", "/b"]
    assert found == expected
    required, _ = search([collection], "+neuron", engine, Ranking(), [Cells()])
    assert [url for url, _ in required] == ["/a", "/b"]
    phrase, _ = search([collection], '"neuron"', engine, Ranking(), [Cells()])
    assert [url for url, _ in phrase] == ["/a"]


@pytest.mark.parametrize("engine", ["numpy", "kernels"])
@QUICK
@given(collection=articles(), query=QUERIES)
def test_the_evidence_of_a_hit_adds_up_to_its_score(
    engine: EngineName, collection: list[Article], query: str
) -> None:
    with temporary_index(collection) as index:
        assert index._searcher
        searcher = index._searcher
        asked = Query(query, lambda: searcher.planner.plan(query))
        scope, _ = searcher._scope(None, None, "relevance", None, None, None)
        answer = searcher.engine.answer(asked, scope)
        for score, ref in answer.best(0, 5):
            evidence: Evidence = answer.evidence(ref)
            base, factor = 0.0, 1.0
            for term in evidence.terms:
                base += term.score
            for signal in evidence.signals:
                assert 0.0 <= signal.share <= 1.0
                factor += bonus(signal.maximum, signal.share)
            assert evidence.score == score == rounded(base * factor)
