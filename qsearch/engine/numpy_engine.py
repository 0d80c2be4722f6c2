"""The NumPy engine: every hit is scored, with arrays over whole segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from qsearch.engine.all_hits import AllHits, FindPhrase
from qsearch.engine.evidence import QueryTerms
from qsearch.engine.facets import Facets
from qsearch.engine.protocol import Answer, Scope
from qsearch.engine.setting import Setting
from qsearch.engine.snapshot_answer import SnapshotAnswer
from qsearch.query.query import Query
from qsearch.ranking.signal import texts_of


class NumpyEngine:
    """Answers with NumPy arrays over whole segments: every hit is scored.

    Arguments:
        setting: what it works with.
    """

    is_parallel = False

    def __init__(self, setting: Setting) -> None:
        analyzer = setting.analyzer
        self.documents = setting.snapshot
        self.vocabulary = setting.vocabulary
        self.facets = Facets(setting.snapshot)
        self._limits = setting.limits
        # Not a method of the engine: a cycle is freed by the garbage collector only.
        self._terms = QueryTerms(analyzer.stop_words, partial(texts_of, analyzer))

    @property
    def subjects(self) -> Mapping[str, tuple[str, int]]:
        """By subject key: the commonest spelling, and how many articles have the subject."""
        return self.documents.subjects

    def hits(self, query: Query, scope: Scope, find: FindPhrase = lambda _: None) -> AllHits:
        """Return every hit of a query, filters not applied; see ``AllHits``."""
        return AllHits(
            self.documents, query.plan, scope, terms=self._terms, limits=self._limits, find=find
        )

    def answer(self, query: Query, scope: Scope) -> Answer:
        """Return the answer to a query."""
        return SnapshotAnswer(
            self.documents, self.facets, query, scope, lambda: self.hits(query, scope)
        )

    def answer_many(
        self,
        queries: Sequence[Query],
        scope: Scope,
        last: int | None,  # noqa: ARG002 - each answer is computed when it is asked for
    ) -> Sequence[Answer]:
        """Return the answers to some queries."""
        return [self.answer(query, scope) for query in queries]

    def warm(self) -> None:
        """Make ready what every query needs."""
        self.facets.warm()
