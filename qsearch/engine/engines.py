"""The engines of this process: NumPy, kernels, and whichever of them can answer now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from qsearch.engine.all_hits import AllHits, FindPhrase
from qsearch.engine.cache_budget import CacheBudget
from qsearch.engine.evidence import QueryTerms
from qsearch.engine.facets import Facets
from qsearch.engine.kernel_answer import KernelAnswer
from qsearch.engine.kernel_engine import KernelPath
from qsearch.engine.protocol import Answer, Engine, Scope
from qsearch.engine.scratch import AT_ONCE
from qsearch.engine.setting import Setting
from qsearch.engine.snapshot_answer import SnapshotAnswer
from qsearch.errors import Error
from qsearch.index.vocabulary import SnapshotVocabulary
from qsearch.kernels import runtime
from qsearch.options import EngineName
from qsearch.query.query import Query
from qsearch.ranking.settings import Ranking
from qsearch.ranking.signal import texts_of

_PATHS = 8
"""Settings of the ranking for which postings are kept in memory."""


class NumpyEngine:
    """Answers with arrays over whole segments: every hit is scored.

    Arguments:
        setting: what it works with.
    """

    is_parallel = False

    def __init__(self, setting: Setting) -> None:
        analyzer = setting.analyzer
        self.documents = setting.snapshot
        self.vocabulary = SnapshotVocabulary(setting.snapshot)
        self.facets = Facets(setting.snapshot)
        self._limits = setting.limits
        # Not a method of its own: what refers to one another, only the garbage collector frees.
        self._terms = QueryTerms(analyzer.stop_words, partial(texts_of, analyzer))

    @property
    def subjects(self) -> Mapping[str, tuple[str, int]]:
        """By subject key: the commonest spelling, and how many articles have the subject."""
        return self.documents.subjects

    def hits(self, query: Query, scope: Scope, find: FindPhrase = lambda _: None) -> AllHits:
        """Return every hit of a query, filters aside; see ``AllHits``."""
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
        last: int | None,  # noqa: ARG002 - what is wanted is found when it is asked for
    ) -> Sequence[Answer]:
        """Return the answers to some queries."""
        return [self.answer(query, scope) for query in queries]

    def warm(self) -> None:
        """Make ready what every query needs."""
        self.facets.warm()


class KernelEngine:
    """Answers with compiled code that looks closely at few articles; they have to be loaded.

    What the kernels don't take (groups of several terms, signals whose evidence they don't gather,
    long pages) the NumPy engine answers.

    Arguments:
        setting: what it works with.
        plain: the NumPy engine of the same snapshot.
        home: the scope of a search without options.
    """

    is_parallel = True

    def __init__(self, setting: Setting, plain: NumpyEngine, home: Scope) -> None:
        self._setting = setting
        self._plain = plain
        self.documents = plain.documents
        self.vocabulary = plain.vocabulary
        self._budget = CacheBudget(setting.limits.postings_bytes)
        self._paths: dict[tuple[Ranking, tuple[bool, ...]], KernelPath] = {}
        self._home = self.path(home)

    @property
    def subjects(self) -> Mapping[str, tuple[str, int]]:
        """By subject key: the commonest spelling, and how many articles have the subject."""
        return self._plain.subjects

    def path(self, scope: Scope) -> KernelPath:
        """Return the way to the kernels for some settings; a few are kept."""
        key = (scope.ranking, scope.fields)
        path = self._paths.get(key)
        if path is None:
            if len(self._paths) >= _PATHS:
                # The first one is that of the index's own settings.
                self._paths.pop(list(self._paths)[1], None)
            path = self._paths[key] = KernelPath(self._setting, *key, budget=self._budget)
        return path

    def answer(self, query: Query, scope: Scope) -> Answer:
        """Return the answer to a query."""
        path = self.path(scope)
        return self._answer(query, scope, path)

    def _answer(
        self, query: Query, scope: Scope, path: KernelPath, **found: object
    ) -> KernelAnswer:
        return KernelAnswer(
            self.documents,
            self._plain.facets,
            query,
            scope,
            lambda: self._plain.hits(query, scope, path.phrase),
            path=path,
            **found,  # type: ignore[arg-type]
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
            self._answer(query, scope, path, found=found, last=last)
            for query, found in zip(queries, every or [None] * len(queries), strict=True)
        ]

    def warm(self) -> None:
        """Make ready what every query needs."""
        self._plain.warm()
        self._home.warm()


class AutoEngine:
    """Answers with the kernels once they are loaded, until then in NumPy: no query waits.

    Arguments:
        plain, kernels: the two engines of one snapshot.
    """

    def __init__(self, plain: NumpyEngine, kernels: KernelEngine) -> None:
        self._plain = plain
        self._kernels = kernels
        self.documents = plain.documents
        self.vocabulary = plain.vocabulary

    @property
    def subjects(self) -> Mapping[str, tuple[str, int]]:
        """By subject key: the commonest spelling, and how many articles have the subject."""
        return self._plain.subjects

    @property
    def is_parallel(self) -> bool:
        """Whether several threads answer faster than one."""
        return self._engine.is_parallel

    @property
    def _engine(self) -> Engine:
        return self._kernels if runtime.ready() else self._plain

    def answer(self, query: Query, scope: Scope) -> Answer:
        """Return the answer to a query."""
        runtime.query_asked()
        return self._engine.answer(query, scope)

    def answer_many(
        self, queries: Sequence[Query], scope: Scope, last: int | None
    ) -> Sequence[Answer]:
        """Return the answers to some queries."""
        for _ in queries:
            runtime.query_asked()
        return self._engine.answer_many(queries, scope, last)

    def warm(self) -> None:
        """Make ready what every query needs."""
        self._engine.warm()


def make_engine(name: EngineName, setting: Setting, home: Scope) -> Engine:
    """Return the engine of a name; see ``NumpyEngine`` and ``KernelEngine``.

    Raises:
        Error: ``kernels``, and they can't be had here.
    """
    plain = NumpyEngine(setting)
    if name == "numpy":
        return plain
    kernels = KernelEngine(setting, plain, home)
    if name == "auto":
        return AutoEngine(plain, kernels)
    if not runtime.wait():
        raise Error("the kernels can't be had here: the log says why; engine='auto' does without")
    return kernels
