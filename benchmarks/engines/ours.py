"""qsearch, through its public door, with its defaults."""

from __future__ import annotations

from collections.abc import Sequence

import qsearch
from benchmarks.collection import Collection
from benchmarks.engines.engine import Engine, Found
from benchmarks.queries import Query
from qsearch.kernels import runtime


class Ours(Engine):
    """qsearch as ``import qsearch`` gives it.

    Its kernels load in the background while NumPy answers; here they are waited for, so that what
    is checked and timed is what a running process does.
    """

    name = "qsearch"
    _index: qsearch.Index | None = None

    def settings(self) -> dict[str, object]:
        """Return the analyser and the ranking, as the index records them."""
        stats = self._opened.stats()
        told = {name: stats[name] for name in ("analyzer", "ranking", "segments")}
        return {**told, "kernels": "ready" if runtime.ready() else "absent: NumPy answered"}

    def build(self, collection: Collection) -> None:
        """Add all articles in one commit."""
        runtime.wait()
        self._index = qsearch.create(self.folder)
        with self._index.writer() as writer:
            writer.add_many(collection.articles)

    def open(self) -> None:
        """Open the index anew, as another process would, with the kernels loaded."""
        runtime.wait()
        self.close()
        self._index = qsearch.open(self.folder)

    def search(self, query: Query) -> Found:
        """Search; neither total nor facets nor snippets are read."""
        results = self._opened.search(query.text, subject=query.subject)
        return [(hit.url, hit.score) for hit in results]

    def search_many(self, queries: Sequence[Query]) -> list[Found]:
        """Search for several without a filter, with all processors."""
        found = self._opened.search_many([query.text for query in queries])
        return [[(hit.url, hit.score) for hit in results] for results in found]

    def top(self, query: Query, limit: int) -> Found:
        """Search for more or fewer than ten."""
        results = self._opened.search(query.text, subject=query.subject, limit=limit)
        return [(hit.url, hit.score) for hit in results]

    def close(self) -> None:
        """Close the index."""
        if self._index is not None:
            self._index.close()
            self._index = None

    @property
    def _opened(self) -> qsearch.Index:
        assert self._index is not None, "build or open comes first"
        return self._index
