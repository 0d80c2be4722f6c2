"""The kernel engine: compiled code finds the best without scoring every hit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qsearch.engine.cache_budget import CacheBudget
from qsearch.engine.kernel_answer import KernelAnswer
from qsearch.engine.kernel_path import KernelPath, TopHits
from qsearch.engine.numpy_engine import NumpyEngine
from qsearch.engine.protocol import Answer, Scope
from qsearch.engine.scratch import AT_ONCE
from qsearch.engine.setting import Setting
from qsearch.query.query import Query
from qsearch.ranking.settings import Ranking

_PATHS = 8
"""The most pairs of a ranking and searched fields for which postings are kept in memory."""


class KernelEngine:
    """Answers with compiled top-k, which scores few articles exactly. The kernels must be loaded.

    What they don't take goes to the NumPy engine: groups of several terms, signals whose evidence
    they don't gather, pages beyond ``kernel_path.MAX_WANTED``, orders by date.

    Arguments:
        setting: what it works with.
        plain: the NumPy engine of the same snapshot.
        default: the scope of a search without options.
    """

    is_parallel = True

    def __init__(self, setting: Setting, plain: NumpyEngine, default: Scope) -> None:
        self._setting = setting
        self._plain = plain
        self.documents = plain.documents
        self.vocabulary = plain.vocabulary
        self._budget = CacheBudget(setting.limits.postings_bytes)
        self._paths: dict[tuple[Ranking, tuple[bool, ...]], KernelPath] = {}
        self._default_scope = default
        self._default = self._path(default)

    @property
    def subjects(self) -> Mapping[str, tuple[str, int]]:
        """By subject key: the commonest spelling, and how many articles have the subject."""
        return self._plain.subjects

    def path(self, scope: Scope) -> KernelPath:
        """Return the path to the kernels for a ranking and some fields; the last few are kept."""
        default = self._default_scope
        if scope.ranking is default.ranking and scope.fields is default.fields:
            return self._default  # without hashing all numbers of the ranking
        return self._path(scope)

    def _path(self, scope: Scope) -> KernelPath:
        key = (scope.ranking, scope.fields)
        path = self._paths.get(key)
        if path is None:
            if len(self._paths) >= _PATHS:
                # Never the first: it serves searches without options.
                self._paths.pop(list(self._paths)[1], None)
            path = self._paths[key] = KernelPath(self._setting, *key, budget=self._budget)
        return path

    def answer(self, query: Query, scope: Scope) -> Answer:
        """Return the answer to a query."""
        return self._answer(query, scope, self.path(scope))

    def _answer(
        self,
        query: Query,
        scope: Scope,
        path: KernelPath,
        found: TopHits | None = None,
        last: int | None = None,
    ) -> KernelAnswer:
        return KernelAnswer(
            self.documents,
            self._plain.facets,
            query,
            scope,
            lambda: self._plain.hits(query, scope, path.phrase),
            path=path,
            found=found,
            last=last,
        )

    def answer_many(
        self, queries: Sequence[Query], scope: Scope, last: int | None
    ) -> Sequence[Answer]:
        """Return the answers to up to ``AT_ONCE`` queries, found in one call of a kernel."""
        assert len(queries) <= AT_ONCE
        path = self.path(scope)
        every = None
        if last and scope.sort == "relevance":
            every = path.best_of_each([query.text for query in queries], scope.filters, last)
        return [
            self._answer(query, scope, path, found, last)
            for query, found in zip(queries, every or [None] * len(queries), strict=True)
        ]

    def warm(self) -> None:
        """Make ready what every query needs."""
        self._plain.warm()
        self._default.warm()
