"""What a search gives back: the hits of a page, and what can be asked about all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol, overload

from qsearch.article import Article
from qsearch.index.snapshot import Place, Snapshot, subject_key
from qsearch.names import title_of
from qsearch.search.fast import Found
from qsearch.search.outcome import Outcome
from qsearch.search.snippets import Snippet
from qsearch.search.tree import Note


class Request(Protocol):
    """What results ask the search for, when they are asked themselves."""

    @property
    def snapshot(self) -> Snapshot: ...  # noqa: D102
    @property
    def outcome(self) -> Outcome: ...  # noqa: D102
    @property
    def notes(self) -> tuple[Note, ...]: ...  # noqa: D102
    @property
    def complete(self) -> bool: ...  # noqa: D102
    def suggestion(self) -> str | None: ...  # noqa: D102
    def snippet(self, article: Article) -> Snippet: ...  # noqa: D102


class Hit:
    """One result: a group of copies, shown by its best copy that passes the filters.

    Attributes:
        score: its score, rounded to 9 significant digits.
        rank: its place among all results, from 1.
    """

    __slots__ = ("_article", "_number", "_results", "_segment", "_snippet", "rank", "score")

    def __init__(
        self, results: Results, segment: int, number: int, score: float, rank: int
    ) -> None:
        self._results = results
        self._segment = segment
        self._number = number
        self.score = score
        self.rank = rank
        self._article: Article | None = None
        self._snippet: Snippet | None = None

    def __repr__(self) -> str:
        return f"<Hit {self.rank}: {self.url} ({self.score:g})>"

    @property
    def _place(self) -> Place:
        return Place(self._segment, self._number)

    @property
    def url(self) -> str:
        """The url of the article; cheaper than ``article.url``, which unpacks all of it."""
        return self._results._snapshot.parts[self._segment].segment.urls[self._number]

    @property
    def title(self) -> str:
        """What the article is called: its title, else its question, else its file's name in words,
        else its url.
        """
        return title_of(self.article)

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
            self._snippet = self._results._request.snippet(self.article)
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
    """The hits of one page, and the totals of all. Made by ``Index.search``."""

    def __init__(
        self, request: Request, *, found: Found | None, limit: int | None, offset: int
    ) -> None:
        self._request = request
        self._snapshot = request.snapshot
        if limit == 0:
            self._hits: list[Hit] = []
            return
        wanted = None if limit is None else offset + limit
        if found is None:
            shown = request.outcome.page(offset, wanted)
        else:
            shown = self._best(found)[offset:wanted]
        self._hits = [
            Hit(self, segment, number, score, rank)
            for rank, (score, segment, number) in enumerate(shown, start=offset + 1)
        ]

    @property
    def _outcome(self) -> Outcome:
        return self._request.outcome

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

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was ignored in the query, or is worth knowing about what was asked for so far."""
        return self._request.notes

    @cached_property
    def total(self) -> int:
        """How many results there are in all, copies counted once."""
        return self._outcome.total

    @cached_property
    def total_exact(self) -> bool:
        """Whether ``total`` and ``facets`` count everything: a limit may have ended the search."""
        return self._request.complete

    @cached_property
    def facets(self) -> Mapping[str, Mapping[str, int]]:
        """``{"subject": {name: count}}``: the results with a copy in each subject, most first."""
        return {"subject": self._outcome.subject_counts()}

    @cached_property
    def suggestion(self) -> str | None:
        """The query with unknown words replaced by near ones of the index, if there are any."""
        return self._request.suggestion()

    # -- the page

    def _best(self, found: Found) -> list[tuple[float, int, int]]:
        """What the fast path found, by rounded score and then url, the first of each group.

        Each as score, segment and number there.
        """
        scores, groups = found.scores, found.groups
        ranked = list(zip(scores, found.segments, found.numbers, strict=True))
        if len(set(scores)) < len(scores):
            url = self._snapshot.url
            order = sorted(
                range(len(ranked)), key=lambda i: (-scores[i], url(Place(*ranked[i][1:])))
            )
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
