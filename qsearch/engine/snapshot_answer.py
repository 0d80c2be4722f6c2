"""All hits of a query on a snapshot: their order, their number, their copies.

What an answer in this process is, whichever way its hits are found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from qsearch.arrays import Array
from qsearch.engine.all_hits import AllHits, Matches
from qsearch.engine.facets import Facets
from qsearch.engine.filter_masks import filter_mask
from qsearch.engine.protocol import Evidence, Ranked, Scope
from qsearch.index.snapshot import Place, Snapshot
from qsearch.lazy import lazy
from qsearch.query.query import Query
from qsearch.ranking.formula import SLACK, rounded

_FEW = 256
"""So many hits are put in order one by one; more of them as arrays."""

_PHRASE_MARKS = '"“„«'


class SnapshotAnswer:
    """The answer to a query, found in NumPy; each part of it when it is first asked for.

    Arguments:
        snapshot: the state of the index.
        facets: counts on the snapshot.
        query: what is searched for.
        scope: where, and how it is ranked.
        find: makes the hits of a query.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        facets: Facets,
        query: Query,
        scope: Scope,
        find: Callable[[], AllHits],
    ) -> None:
        self._snapshot = snapshot
        self._facets = facets
        self._query = query
        self._scope = scope
        self._find = find
        self._is_computed = False

    @lazy
    def _hits(self) -> AllHits:
        return self._find()

    @lazy
    def _matches(self) -> list[Matches]:
        self._is_computed = True
        return self._hits.matches

    @lazy
    def _passing(self) -> list[Array]:
        """For each segment which articles are hits that pass the filters."""
        return self._find_passing()

    def _find_passing(self) -> list[Array]:
        passing = []
        for found, part in zip(self._matches, self._snapshot.parts, strict=True):
            passes = filter_mask(self._scope.filters, part.segment)
            passing.append(found.hit if passes is None else found.hit & passes)
        return passing

    # -- limits

    @property
    def complete(self) -> bool:
        """Whether no limit has left out a hit."""
        _ = self._matches
        return self._hits.complete

    @property
    def shortfalls(self) -> list[str]:
        """What a limit left out, as far as is known.

        Looking for phrases is what may take too long, so they are looked for now; of another query
        nothing is computed that has not been asked for.
        """
        if not self._is_computed and not any(map(self._query.text.__contains__, _PHRASE_MARKS)):
            return []
        _ = self._matches
        return self._hits.shortfalls

    # -- one article

    def evidence(self, ref: Any) -> Evidence:
        """Return why an article has its score."""
        return self._hits.evidence(ref)

    def idfs(self) -> list[float]:
        """Return the idf of each group of the plan; 0 for one that stands nowhere."""
        return self._hits.idfs

    # -- counts

    @property
    def total(self) -> int:
        """How many groups of copies there are among the hits."""
        return self._facets.groups(self._passing)

    def subject_counts(self) -> Mapping[str, int]:
        """Return how many groups have a copy in each subject, most first."""
        return self._facets.subjects(self._passing)

    # -- order

    def best(self, first: int, last: int | None) -> list[Ranked]:
        """Return the best article of each group of copies, in their order.

        Arguments:
            first, last: which of them, as in a slice; few others are looked at closely.
        """
        keys, parts, numbers = self._sort_keys()
        order = np.argsort(-keys, kind="stable")
        ranked, scores = order[:0], keys[:0]
        at, portion = 0, order.size if last is None else 2 * last + 16
        while at < order.size and (last is None or ranked.size < last):
            stop = min(at + portion, order.size)
            # All that may tie with the last one go along: ties are settled by url.
            key = keys[order[stop - 1]]
            while stop < order.size and keys[order[stop]] >= key - abs(key) * SLACK:
                key = keys[order[stop]]
                stop += 1
            block = order[at:stop]
            settle = self._settled_one_by_one if block.size <= _FEW else self._settled
            settled, exact = settle(keys[block], parts[block], numbers[block])
            ranked = np.concatenate([ranked, block[settled]])
            scores = np.concatenate([scores, exact])
            alone = _first_of_copies(self._groups(parts[ranked], numbers[ranked]))
            ranked, scores = ranked[alone], scores[alone]
            at, portion = stop, 2 * portion
        shown = ranked[first:last]
        places = map(Place, parts[shown].tolist(), numbers[shown].tolist())
        return list(zip(scores[first:last].tolist(), places, strict=True))

    def _groups(self, parts: Array, numbers: Array) -> Array:
        """What copies of each of some articles share, shape (articles, 2)."""
        groups = np.empty((parts.size, 2), dtype=np.uint64)
        for index, part in enumerate(self._snapshot.parts):
            here = parts == index
            groups[here] = part.segment.groups[numbers[here]]
        return groups

    def _settled_one_by_one(self, _: Array, parts: Array, numbers: Array) -> tuple[Array, Array]:
        """As ``_settled``, without the order of all urls."""
        places = list(map(Place, parts.tolist(), numbers.tolist()))
        order = sorted(range(len(places)), key=lambda index: self._order(places[index]))
        scores = np.array([self._score(places[index]) for index in order])
        return np.array(order, dtype=np.int64), scores

    def _settled(self, keys: Array, parts: Array, numbers: Array) -> tuple[Array, Array]:
        """The order of many hits that may tie, without looking at the url of each, and their
        scores in that order.
        """
        scores, ranks = np.empty(keys.size), np.empty(keys.size, dtype=np.int64)
        for index, (found, url_ranks) in enumerate(
            zip(self._matches, self._snapshot.url_ranks, strict=True)
        ):
            here = parts == index
            scores[here] = found.score[numbers[here]]
            ranks[here] = url_ranks[numbers[here]]
        different, which = np.unique(scores, return_inverse=True)
        exact = np.array([rounded(score) for score in different.tolist()])[which]
        first = np.zeros(keys.size) if self._scope.sort == "relevance" else keys
        order = np.lexsort((ranks, -exact, -first))
        return order, exact[order]

    def _sort_keys(self) -> tuple[Array, Array, Array]:
        """For each hit a number to sort by (highest first), its segment and its number there."""
        keys, parts, numbers = [np.zeros(0)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for index, (found, passing) in enumerate(zip(self._matches, self._passing, strict=True)):
            here = np.flatnonzero(passing)
            numbers.append(here)
            parts.append(np.full(here.size, index))
            if self._scope.sort == "relevance":
                keys.append(found.score[here])
            else:
                days = self._snapshot.parts[index].segment.dates[here].astype(np.float64)
                signed = days if self._scope.sort == "newest" else -days
                keys.append(np.where(days == 0, -np.inf, signed))
        return np.concatenate(keys), np.concatenate(parts), np.concatenate(numbers)

    def _score(self, place: Place) -> float:
        """The score of an article; 0 for one that is no hit."""
        found = self._matches[place.segment]
        return rounded(float(found.score[place.number])) if found.hit[place.number] else 0.0

    def _order(self, place: Place) -> tuple[object, ...]:
        """What an article is sorted by."""
        score, url = self._score(place), self._snapshot.url(place)
        if self._scope.sort == "relevance":
            return -score, url
        day = int(self._snapshot.parts[place.segment].segment.dates[place.number])
        signed = -day if self._scope.sort == "newest" else day
        return day == 0, signed, -score, url

    def copies(self, ref: Any) -> list[Place]:
        """Return all copies of an article, best first; those that pass the filters lead."""
        copies = self._snapshot.copies(ref)
        if len(copies) > 1:
            copies.sort(
                key=lambda copy: (
                    not self._passing[copy.segment][copy.number],
                    self._order(copy),
                )
            )
        return copies


def _first_of_copies(groups: Array) -> Array:
    """Which articles have no copy before them, given what copies share (zeros: has no copies)."""
    order = np.lexsort(groups.T)
    ranked = groups[order]
    is_first = np.ones(len(groups), dtype=np.bool_)
    is_first[1:] = ~ranked[1:].any(axis=1) | (ranked[1:] != ranked[:-1]).any(axis=1)
    return np.sort(order[is_first])
