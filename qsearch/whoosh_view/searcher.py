"""Whoosh's searcher, without its shortcuts and its wrong answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.classify import Bo1Model
from whoosh.collectors import ScoredCollector
from whoosh.query import Or, Query, Term
from whoosh.searching import Searcher

from qsearch.whoosh_view.sound import sound


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

    def more_like(  # noqa: PLR0917 - Whoosh's signature
        self,
        docnum: int,
        fieldname: str,
        text: str | None = None,
        top: int | None = 10,
        numterms: int = 5,
        model: Any = Bo1Model,
        normalize: bool = False,
        filter: Any = None,  # noqa: A002 - Whoosh's name
    ) -> Any:
        """Return articles similar to one; Whoosh's ``Searcher.more_like`` says what the arguments
        are.

        As in ``Index.search`` copies are one result, the best of them; those of the article itself
        are none.
        """
        how = {"numterms": numterms, "model": model, "normalize": normalize}
        if text:
            terms = self.key_terms_from_text(fieldname, text, **how)
        else:
            terms = self.key_terms([docnum], fieldname, **how)
        like = Or([Term(fieldname, word, boost=weight) for word, weight in terms])
        groups = self._groups()
        own = {number for number, group in enumerate(groups) if group == groups[docnum]}
        results = self.search(like, limit=None, filter=filter, mask=own | {docnum})
        best: dict[object, tuple[float, int]] = {}
        for score, number in results.top_n:
            best.setdefault(groups[number], (score, number))
        results.docset = {number for _, number in best.values()}
        results._total = len(best)
        results.top_n = list(best.values())[:top]
        return results

    def _groups(self) -> list[object]:
        """For each article what it shares with its copies alone."""
        groups: list[object] = []
        for reader, first in self.reader().leaf_readers():
            shared = reader.segment().part.groups if reader.segment() else []
            groups += [group or first + at for at, group in enumerate(shared)]
        return groups

    def docs_for_query(self, q: Query, for_deletion: bool = False) -> Iterator[int]:
        """Return the numbers of the articles that match a query."""
        found: Iterator[int] = super().docs_for_query(sound(q), for_deletion)
        return found
