"""What a search gives back: the hits of a page, and what can be asked about all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import overload

from qsearch.article import Article
from qsearch.index.snapshot import Place, Snapshot, subject_key
from qsearch.search.fast import Found
from qsearch.search.outcome import Candidate, Outcome, rounded
from qsearch.search.snippets import Snippet
from qsearch.search.tree import Note


class Hit:
    """One result: a group of copies, shown by its best copy that passes the filters.

    Attributes:
        score: its score, rounded to 9 significant digits.
        rank: its place among all results, from 1.
    """

    __slots__ = ("_article", "_place", "_results", "_snippet", "rank", "score")

    def __init__(self, results: Results, place: Place, score: float, rank: int) -> None:
        self._results = results
        self._place = place
        self.score = score
        self.rank = rank
        self._article: Article | None = None
        self._snippet: Snippet | None = None

    def __repr__(self) -> str:
        return f"<Hit {self.rank}: {self.url} ({self.score:g})>"

    @property
    def url(self) -> str:
        """The url of the article; cheaper than ``article.url``, which unpacks all of it."""
        return self._results._snapshot.url(self._place)

    @property
    def article(self) -> Article:
        """The best copy that passes the filters."""
        if self._article is None:
            self._article = self._results._snapshot.article(self._place)
        return self._article

    @property
    def snippet(self) -> Snippet:
        """The part of the article that answers best, as plain text; ``.marks`` says where the
        query's words stand in it.
        """
        if self._snippet is None:
            self._snippet = self._results._snippet_of(self.article)
        return self._snippet

    @property
    def urls(self) -> list[str]:
        """The urls of all copies, best first."""
        results = self._results
        return [results._snapshot.url(copy) for copy in results._outcome.copies(self._place)]

    @property
    def subjects(self) -> list[str]:
        """The subjects of all copies in their commonest spelling, best first, each once."""
        results = self._results
        spelling = results._snapshot.subjects
        names = dict.fromkeys(
            spelling[subject_key(results._snapshot.subject(copy))][0]
            for copy in results._outcome.copies(self._place)
        )
        return [name for name in names if name]

    @property
    def path(self) -> str | None:
        """The file that the article was read from."""
        return self._results._snapshot.source(self._place)[0]

    @property
    def line(self) -> int | None:
        """The line of that file where the article starts, from 1."""
        return self._results._snapshot.source(self._place)[1]


class Results(Sequence[Hit]):
    """The hits of one page, and the totals of all. Made by ``Index.search``.

    Attributes:
        total_exact: whether ``total`` and ``facets`` count everything.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        outcome: Outcome,
        *,
        found: list[Found] | None,
        limit: int | None,
        offset: int,
        notes: Callable[[], tuple[Note, ...]],
        suggest: Callable[[], str | None],
        snippet_of: Callable[[Article], Snippet],
    ) -> None:
        self._snapshot = snapshot
        self._outcome = outcome
        self._notes = notes
        self._suggest = suggest
        self._snippet_of = snippet_of
        self.total_exact = True
        if limit == 0:
            self._hits: list[Hit] = []
            return
        wanted = None if limit is None else offset + limit
        if found is None:
            shown = self._without_copies(outcome.in_order(wanted), wanted)[offset:]
        else:
            shown = self._best(found)[offset:wanted]
        self._hits = [
            Hit(self, candidate.place, candidate.score, rank)
            for rank, candidate in enumerate(shown, start=offset + 1)
        ]

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
    def notes(self) -> tuple[Note, ...]:
        """What was ignored in the query, or is worth knowing about the outcome."""
        return self._notes()

    @cached_property
    def total(self) -> int:
        """How many results there are in all, copies counted once."""
        return self._outcome.total

    @cached_property
    def facets(self) -> Mapping[str, Mapping[str, int]]:
        """``{"subject": {name: count}}``: the results with a copy in each subject, most first."""
        return {"subject": self._outcome.subject_counts()}

    @cached_property
    def suggestion(self) -> str | None:
        """The query with unknown words replaced by near ones of the index, if there are any."""
        return self._suggest()

    # -- the page

    def _best(self, found: list[Found]) -> list[Candidate]:
        """What the fast path found, by rounded score and then url, the first of each group."""
        ranked = [(-rounded(score), place, group) for score, place, group in found]
        ranked.sort(key=itemgetter(0))
        if len({score for score, _, _ in ranked}) < len(ranked):
            url = self._snapshot.url
            ranked.sort(key=lambda item: (item[0], url(item[1])))
        shown = []
        seen: set[int] = set()
        for score, place, group in ranked:
            if group not in seen:
                shown.append(Candidate((), -score, place))
                if group:
                    seen.add(group)
        return shown

    def _without_copies(
        self, candidates: Iterable[Candidate], wanted: int | None
    ) -> list[Candidate]:
        """The first of each group, ``wanted`` of them at most."""
        shown: list[Candidate] = []
        seen: set[bytes] = set()
        for candidate in candidates:
            group = self._snapshot.group(candidate.place)
            if group is not None:
                if group in seen:
                    continue
                seen.add(group)
            shown.append(candidate)
            if len(shown) == wanted:
                break
        return shown
