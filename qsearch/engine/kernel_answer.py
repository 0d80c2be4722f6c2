"""The answer to a query by the kernels, and in NumPy where they don't take it."""

from __future__ import annotations

from collections.abc import Callable

from qsearch.arrays import Array
from qsearch.engine.all_hits import AllHits
from qsearch.engine.facets import Facets
from qsearch.engine.kernel_path import KernelPath, TopHits
from qsearch.engine.protocol import Ranked, Scope
from qsearch.engine.snapshot_answer import SnapshotAnswer
from qsearch.index.snapshot import Snapshot
from qsearch.query.query import Query


class KernelAnswer(SnapshotAnswer):
    """As ``SnapshotAnswer``, the best articles and the set of hits by kernels where they can.

    Arguments:
        path: the way to the kernels for the scope.
        found: the best ``last`` articles, if they have been found already.
        last: how many these are at least.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        facets: Facets,
        query: Query,
        scope: Scope,
        find: Callable[[], AllHits],
        *,
        path: KernelPath,
        found: TopHits | None = None,
        last: int | None = None,
    ) -> None:
        super().__init__(snapshot, facets, query, scope, find)
        self._path = path
        self._found = found
        self._last = last
        # The kernels never leave a hit out: what exceeds a limit they hand to NumPy.
        self._is_answered = found is not None

    def best(self, first: int, last: int | None) -> list[Ranked]:
        """Return the results of a page; see ``Answer.best``."""
        found = self._found if last == self._last else None
        if found is None and last and self._scope.sort == "relevance":
            found = self._path.best(self._query, self._scope.filters, last)
        if found is None:
            return super().best(first, last)
        self._is_answered = True
        return self._in_order(found)[first:last]

    def _in_order(self, found: TopHits) -> list[Ranked]:
        """The hits by score and then url, of each group of copies only the first."""
        scores, groups = found.scores, found.groups
        places = list(zip(found.segments, found.numbers, strict=True))
        ranked: list[Ranked] = list(zip(scores, places, strict=True))
        if len(set(scores)) < len(scores):
            url = self._snapshot.url
            order = sorted(range(len(ranked)), key=lambda i: (-scores[i], url(places[i])))
            ranked = [ranked[index] for index in order]
            groups = [groups[index] for index in order]
        if len(set(groups)) == len(groups):
            return ranked
        seen: set[int] = set()
        shown = []
        for item, group in zip(ranked, groups, strict=True):
            if group not in seen:
                shown.append(item)
                if group:
                    seen.add(group)
        return shown

    def _find_passing(self) -> list[Array]:
        if not self._is_computed:
            hits = self._path.hits(self._query.plan, self._scope.filters)
            if hits is not None:
                self._is_answered = True
                return hits
        return super()._find_passing()

    @property
    def complete(self) -> bool:
        """Whether no limit has left out a hit."""
        if not self._is_computed:
            if not self._is_answered:
                _ = self._passing  # sets _is_answered if the kernels take the condition
            if self._is_answered and not self._is_computed:
                return True
        return super().complete

    @property
    def shortfalls(self) -> list[str]:
        """What a limit left out, as far as is known."""
        if self._is_answered and not self._is_computed:
            return []
        return super().shortfalls
