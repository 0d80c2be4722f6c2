"""An index as a read-only ``whoosh.index.Index``."""

from __future__ import annotations

from typing import Any, NoReturn
from weakref import WeakKeyDictionary

from whoosh.fields import Schema
from whoosh.index import Index

from qsearch.errors import ArgumentError
from qsearch.index.manifest import generations, manifest_name
from qsearch.index.snapshot import Snapshot
from qsearch.lazy import lazy
from qsearch.ranking.settings import Ranking
from qsearch.whoosh_view.codec import ViewSegment
from qsearch.whoosh_view.part import Part
from qsearch.whoosh_view.readers import make_reader
from qsearch.whoosh_view.schema import make_schema
from qsearch.whoosh_view.searcher import ViewSearcher
from qsearch.whoosh_view.weighting import FieldBM25

_OPENED: WeakKeyDictionary[Snapshot, list[ViewSegment]] = WeakKeyDictionary()
"""By snapshot in use, its segments that hold articles: ``index.whoosh`` makes a view every time,
and what one of them has read serves all.
"""


class WhooshView(Index):  # type: ignore[misc]  # Whoosh is untyped
    """A snapshot for Whoosh's own query tree, parser, highlighter, sorting, facets, ``more_like``.

    The fields: ``url`` (unique), ``id``, ``subject`` (all spellings are one value), ``date``;
    ``title``, ``answer``, ``keywords``, and ``question``, in which title and question are found, as
    in ranking. All are stored. An article of several subjects is found under each (and grouped by
    each with ``FieldFacet("subject", allow_overlap=True)``), sorted by the first; stored they are a
    list. Deleted articles are not there, not even in ``doc_count_all``.

    Words are found by their terms (stems): a prefix, a wildcard, a range, an approximate term is
    compared with those. Scores are those of ``FieldBM25``. Some queries that Whoosh answers
    wrongly are answered rightly (``sound``). Safe for use by several threads; a searcher of it
    belongs to one.

    Arguments:
        snapshot: what to show.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @lazy
    def schema(self) -> Schema:
        """The fields as Whoosh knows them."""
        return make_schema(self._snapshot)

    def _segments(self) -> list[ViewSegment]:
        opened = _OPENED.get(self._snapshot)
        if opened is None:
            parts = [Part(live) for live in self._snapshot.parts]
            opened = [ViewSegment(part) for part in parts if part.count]
            opened = _OPENED.setdefault(self._snapshot, opened)
        return opened

    # -- reading

    def reader(self, reuse: Any = None) -> Any:
        """Return a reader of the snapshot.

        Arguments:
            reuse: a reader that the new one takes the place of, as a searcher's ``refresh`` gives
                it: then it reads the newest generation.
        """
        if reuse is not None:
            newest = self.refresh()
            if newest is not self:
                return newest.reader()
        return make_reader(self._segments(), self.schema, self._snapshot.manifest.generation)

    def searcher(self, *, weighting: Any = None, **kwargs: Any) -> ViewSearcher:
        """Return a searcher of the snapshot.

        Arguments:
            weighting: a Whoosh weighting instead of ``FieldBM25``.
            kwargs: more for ``whoosh.searching.Searcher``.
        """
        if weighting is None:
            weighting = FieldBM25(Ranking.from_settings(self._snapshot.manifest.ranking))
        return ViewSearcher(self.reader(), weighting=weighting, fromindex=self, **kwargs)

    def is_empty(self) -> bool:
        """Whether there is no article."""
        return not len(self._snapshot)

    # -- generations

    def latest_generation(self) -> int:
        """Return the newest generation on disk, -1 if the index is gone."""
        return next(iter(generations(self._snapshot.storage)), -1)

    def up_to_date(self) -> bool:
        """Whether the snapshot is the newest generation."""
        return self.latest_generation() == self._snapshot.manifest.generation

    def refresh(self) -> WhooshView:
        """Return a view of the newest generation: itself if that is what it shows."""
        newest = Snapshot.newest(self._snapshot.storage, self._snapshot)
        return self if newest is self._snapshot else WhooshView(newest)

    def last_modified(self) -> float:
        """Return when the newest generation was written (seconds since 1970); -1: it is gone."""
        path = self._snapshot.folder / manifest_name(self.latest_generation())
        try:
            return path.stat().st_mtime
        except FileNotFoundError:
            return -1

    # -- writing

    def writer(self, **kwargs: Any) -> NoReturn:  # noqa: ARG002 - Whoosh's signature
        """Raise ArgumentError, as do ``add_field``, ``delete_by_term`` and all that write."""
        raise ArgumentError("index.whoosh is read-only: use index.writer()")
