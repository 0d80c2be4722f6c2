"""What a search gives back: the hits of a page, and what can be asked about all of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np

from qsearch.article import Article
from qsearch.index.columns import Array
from qsearch.index.snapshot import Place, Snapshot, subject_key
from qsearch.search.match import Matches
from qsearch.search.snippets import Snippet
from qsearch.search.tree import Note

_SLACK = 1e-8  # more than rounding to 9 digits can move a score


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which hits are wanted; None means all.

    Attributes:
        subjects: subject keys.
        since, until: days, both inclusive; an undated article passes neither.
    """

    subjects: frozenset[str] | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None

    def mask(self, snapshot: Snapshot, part: int) -> Array | None:
        """Return which articles of a segment pass, None for all."""
        segment = snapshot.parts[part].segment
        passes: Array | None = None
        if self.subjects is not None:
            texts, of = segment.labels("subject")
            passes = np.array([subject_key(text) in self.subjects for text in texts], np.bool_)[of]
        if self.since or self.until:
            dates = segment.dates
            first = max(self.since.toordinal() if self.since else 1, 1)
            inside = dates >= first
            if self.until:
                inside &= dates <= self.until.toordinal()
            passes = inside if passes is None else passes & inside
        return passes


class Hit:
    """One result: a group of copies, shown by its best copy that passes the filters.

    Attributes:
        article: that copy.
        score: its score, rounded to 9 significant digits.
        rank: its place among all results, from 1.
    """

    __slots__ = ("_copies", "_snippet", "_snippet_of", "article", "rank", "score")

    def __init__(
        self,
        *,
        article: Article,
        score: float,
        rank: int,
        copies: Callable[[], tuple[list[str], list[str]]],
        snippet_of: Callable[[Article], Snippet],
    ) -> None:
        self.article = article
        self.score = score
        self.rank = rank
        self._copies = copies
        self._snippet_of = snippet_of
        self._snippet: Snippet | None = None

    def __repr__(self) -> str:
        return f"<Hit {self.rank}: {self.article.key} ({self.score:g})>"

    @property
    def snippet(self) -> Snippet:
        """The part of the article that answers best, as plain text; ``.marks`` says where the
        query's words stand in it.
        """
        if self._snippet is None:
            self._snippet = self._snippet_of(self.article)
        return self._snippet

    @property
    def urls(self) -> list[str]:
        """The urls of all copies, best first."""
        return self._copies()[0]

    @property
    def subjects(self) -> list[str]:
        """The subjects of all copies in their commonest spelling, best first, each once."""
        return self._copies()[1]

    @property
    def path(self) -> str | None:
        """The file that the article was read from."""
        return self.article.path

    @property
    def line(self) -> int | None:
        """The line of that file where the article starts, from 1."""
        return self.article.line


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A hit before it is grouped: ``order`` is what it is sorted by."""

    order: tuple[object, ...]
    score: float
    place: Place


class Results(Sequence[Hit]):
    """The hits of one page, and the totals of all. Made by ``Index.search``.

    Attributes:
        notes: what was ignored in the query, or is worth knowing about the outcome.
        total_exact: whether ``total`` and ``facets`` count everything.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        matches: list[Matches],
        filters: Filters,
        *,
        sort: str = "relevance",
        limit: int | None = 10,
        offset: int = 0,
        notes: Iterable[Note] = (),
        suggest: Callable[[], str | None] = lambda: None,
        snippet_of: Callable[[Article], Snippet],
    ) -> None:
        self._snapshot = snapshot
        self._matches = matches
        self._sort = sort
        self._suggest = suggest
        self._snippet_of = snippet_of
        self.notes = tuple(notes)
        self.total_exact = True
        self._passing = []
        for index, found in enumerate(matches):
            passes = filters.mask(snapshot, index)
            self._passing.append(found.hit if passes is None else found.hit & passes)
        self._hits = self._page(limit, offset)

    # -- a sequence of hits

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> list[Hit]: ...
    def __getitem__(self, index: int | slice) -> Hit | list[Hit]:
        return self._hits[index]

    def __len__(self) -> int:
        return len(self._hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self._hits)

    def __repr__(self) -> str:
        return f"<Results: {len(self)} of {self.total}>"

    # -- all hits

    @cached_property
    def total(self) -> int:
        """How many results there are in all, copies counted once."""
        return int(self._group_numbers.max()) + 1 if self._group_numbers.size else 0

    @cached_property
    def facets(self) -> Mapping[str, Mapping[str, int]]:
        """``{"subject": {name: count}}``: the results with a copy in each subject, most first."""
        keys = sorted(self._snapshot.subjects)
        numbers = []
        for part, passing in zip(self._snapshot.parts, self._passing, strict=True):
            texts, of = part.segment.labels("subject")
            known = {key: number for number, key in enumerate(keys)}
            local = np.array([known.get(subject_key(text), -1) for text in texts], dtype=np.int64)
            numbers.append(local[of[passing]])
        subject = np.concatenate(numbers) if numbers else np.zeros(0, dtype=np.int64)
        pairs = np.unique(np.stack([self._group_numbers, subject]), axis=1)
        counts = np.bincount(pairs[1][pairs[1] >= 0], minlength=len(keys)).tolist()
        named = {
            self._snapshot.subjects[key][0]: count
            for key, count in zip(keys, counts, strict=True)
            if count and key
        }
        ordered = sorted(named.items(), key=lambda item: (-item[1], item[0]))
        return {"subject": dict(ordered)}

    @cached_property
    def suggestion(self) -> str | None:
        """The query with unknown words replaced by near ones of the index, if there are any."""
        return self._suggest()

    @cached_property
    def _group_numbers(self) -> Array:
        """A number for each hit that its copies share, counted from 0."""
        parts = [
            part.segment.groups[passing]
            for part, passing in zip(self._snapshot.parts, self._passing, strict=True)
        ]
        groups = np.concatenate(parts) if parts else np.zeros((0, 2), dtype=np.uint64)
        single = ~groups.any(axis=1)
        numbers = np.zeros(len(groups), dtype=np.int64)
        grouped, inverse = np.unique(groups[~single], axis=0, return_inverse=True)
        numbers[~single] = inverse.reshape(-1)
        numbers[single] = len(grouped) + np.arange(int(single.sum()))
        return numbers

    # -- the page

    def _page(self, limit: int | None, offset: int) -> list[Hit]:
        if limit == 0:
            return []
        wanted = None if limit is None else offset + limit
        shown: list[_Candidate] = []
        seen: set[bytes] = set()
        for candidate in self._in_order(wanted):
            group = self._group(candidate.place)
            if group is not None:
                if group in seen:
                    continue
                seen.add(group)
            shown.append(candidate)
            if wanted is not None and len(shown) == wanted:
                break
        return [
            self._hit(candidate, rank)
            for rank, candidate in enumerate(shown[offset:], start=offset + 1)
        ]

    def _group(self, place: Place) -> bytes | None:
        group: Array = self._snapshot.parts[place.segment].segment.groups[place.number]
        return group.tobytes() if group.any() else None

    def _in_order(self, wanted: int | None) -> Iterator[_Candidate]:
        """Hits in their order; in growing portions, since few of them are ever looked at."""
        keys, parts, numbers = self._sort_keys()
        order = np.argsort(-keys, kind="stable")
        at, portion = 0, order.size if wanted is None else 2 * wanted + 16
        while at < order.size:
            stop = min(at + portion, order.size)
            # All that may tie with the last one go along: ties are settled by url.
            last = keys[order[stop - 1]]
            while stop < order.size and keys[order[stop]] >= last - abs(last) * _SLACK:
                last = keys[order[stop]]
                stop += 1
            yield from sorted(
                (
                    self._candidate(Place(int(parts[item]), int(numbers[item])))
                    for item in order[at:stop].tolist()
                ),
                key=lambda candidate: candidate.order,
            )
            at, portion = stop, 2 * portion

    def _sort_keys(self) -> tuple[Array, Array, Array]:
        """For each hit a number to sort by (highest first), its segment and its number there."""
        keys, parts, numbers = [np.zeros(0)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for index, (found, passing) in enumerate(zip(self._matches, self._passing, strict=True)):
            here = np.flatnonzero(passing)
            numbers.append(here)
            parts.append(np.full(here.size, index))
            if self._sort == "relevance":
                keys.append(found.score[here])
            else:
                days = self._snapshot.parts[index].segment.dates[here].astype(np.float64)
                signed = days if self._sort == "newest" else -days
                keys.append(np.where(days == 0, -np.inf, signed))
        return np.concatenate(keys), np.concatenate(parts), np.concatenate(numbers)

    def _candidate(self, place: Place) -> _Candidate:
        score = rounded(float(self._matches[place.segment].score[place.number]))
        url = self._snapshot.url(place)
        if self._sort == "relevance":
            return _Candidate((-score, url), score, place)
        day = int(self._snapshot.parts[place.segment].segment.dates[place.number])
        signed = -day if self._sort == "newest" else day
        return _Candidate((day == 0, signed, -score, url), score, place)

    def _hit(self, candidate: _Candidate, rank: int) -> Hit:
        return Hit(
            article=self._snapshot.article(candidate.place),
            score=candidate.score,
            rank=rank,
            copies=lambda: self._copies(candidate.place),
            snippet_of=self._snippet_of,
        )

    def _copies(self, place: Place) -> tuple[list[str], list[str]]:
        """The urls and the subjects of all copies; those that pass the filters come first."""
        places = sorted(
            self._snapshot.copies(place),
            key=lambda copy: (
                not self._passing[copy.segment][copy.number],
                self._candidate(copy).order,
            ),
        )
        subjects = dict.fromkeys(
            self._snapshot.subjects[subject_key(self._snapshot.article(copy).subject)][0]
            for copy in places
        )
        return [self._snapshot.url(copy) for copy in places], [name for name in subjects if name]


def rounded(score: float) -> float:
    """Return a score with 9 significant digits: what ranks are compared by."""
    return float(f"{score:.9g}")
