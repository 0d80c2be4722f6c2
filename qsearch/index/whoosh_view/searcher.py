"""Whoosh's searcher, without its shortcuts and its wrong answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.collectors import ScoredCollector
from whoosh.query import Query
from whoosh.searching import Searcher

from qsearch.index.whoosh_view.sound import sound


class ViewSearcher(Searcher):  # type: ignore[misc]  # Whoosh is untyped
    """A searcher that looks at every match of a query that means what it says (``sound``).

    Whoosh's shortcuts by score (skipping blocks, dropping what can't reach the first ones) rest on
    bounds that some of its matchers get wrong.
    """

    def collector(self, *args: Any, **kwargs: Any) -> Any:
        """Return a collector as Whoosh does, without shortcuts; ``optimize`` has no effect."""
        made = super().collector(*args, **kwargs)
        inner = made
        while hasattr(inner, "child"):
            inner = inner.child
        if isinstance(inner, ScoredCollector):
            inner.usequality = False
            inner.replace = 0
        return made

    def search(self, q: Query, **kwargs: Any) -> Any:
        """Return the results of a query; Whoosh's ``Searcher.search`` says what can be asked."""
        results = super().search(q, **kwargs)
        results.q = q
        return results

    def search_with_collector(self, q: Query, collector: Any, context: Any = None) -> None:
        """Let a Whoosh collector have the matches of a query."""
        super().search_with_collector(sound(q), collector, context)

    def docs_for_query(self, q: Query, for_deletion: bool = False) -> Iterator[int]:
        """Return the numbers of the articles that match a query."""
        found: Iterator[int] = super().docs_for_query(sound(q), for_deletion)
        return found
