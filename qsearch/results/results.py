"""What a search gives back: the hits of a page, and what can be asked about all of them."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn, Protocol, overload

from qsearch.article import Article
from qsearch.checks import shown
from qsearch.engine.kernel_engine import Found
from qsearch.errors import ArgumentError
from qsearch.index.snapshot import Place, Snapshot
from qsearch.lazy import lazy
from qsearch.query.tree import Note
from qsearch.results.ordering import Outcome
from qsearch.results.snippets import Snippet
from qsearch.values import subject_key

_SHOWN = 5
"""Hits that a ``repr`` names."""


class Request(Protocol):
    """What results ask the search for, when they are asked themselves."""

    @property
    def query(self) -> str: ...  # noqa: D102
    @property
    def snapshot(self) -> Snapshot: ...  # noqa: D102
    @property
    def outcome(self) -> Outcome: ...  # noqa: D102
    @property
    def notes(self) -> tuple[Note, ...]: ...  # noqa: D102
    @property
    def complete(self) -> bool: ...  # noqa: D102
    def subject_counts(self) -> Mapping[str, int]: ...  # noqa: D102
    def suggestion(self) -> str | None: ...  # noqa: D102
    def snippet(self, article: Article) -> Snippet: ...  # noqa: D102


class Hit:
    """One result: a group of copies, shown by its best copy that passes the filters.

    Attributes:
        score: its score, rounded to 9 significant digits.
        rank: its place among all results, from 1.
    """

    __slots__ = ("_article", "_number", "_request", "_segment", "_snippet", "rank", "score")

    def __init__(
        self, request: Request, segment: int, number: int, score: float, rank: int
    ) -> None:
        # Not the results, which hold their hits: what refers to one another, only the garbage
        # collector frees.
        self._request = request
        self._segment = segment
        self._number = number
        self.score = score
        self.rank = rank
        self._article: Article | None = None
        self._snippet: Snippet | None = None

    def __repr__(self) -> str:
        return f"<Hit {self.rank}: {self.url} ({self.score:g})>"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        raise ArgumentError("a Hit can't be pickled: hand over hit.to_dict() or hit.article")

    @property
    def _place(self) -> Place:
        return Place(self._segment, self._number)

    @property
    def url(self) -> str:
        """The url of the article."""
        return self._request.snapshot.parts[self._segment].segment.urls[self._number]

    @property
    def id(self) -> str | None:
        """The id of the article, or None."""
        return self._request.snapshot.parts[self._segment].segment.ids[self._number] or None

    @property
    def title(self) -> str:
        """What stands above the article, as plain text: its title, else its question, else its
        file's name in words, else its url.
        """
        return self.article.heading

    @property
    def question(self) -> str:
        """The question of the article; empty if it has none of its own."""
        return self.article.question

    @property
    def subject(self) -> str:
        """The subject of the article as it was written, of several the first; ``subjects`` are
        those of all copies.
        """
        return self._request.snapshot.subject(self._place)

    @property
    def date(self) -> datetime.date | None:
        """The day of the article, or None."""
        return self._request.snapshot.date(self._place)

    @property
    def article(self) -> Article:
        """The best copy that passes the filters, whole."""
        if self._article is None:
            self._article = self._request.snapshot.article(self._place)
        return self._article

    @property
    def snippet(self) -> Snippet:
        """The part of the article that answers best, as plain text; ``.marks`` says where the
        query's words stand in it, ``.html()`` marks them.
        """
        if self._snippet is None:
            self._snippet = self._request.snippet(self.article)
        return self._snippet

    @property
    def urls(self) -> list[str]:
        """The urls of all copies, best first."""
        request = self._request
        return [request.snapshot.url(copy) for copy in request.outcome.copies(self._place)]

    @property
    def subjects(self) -> list[str]:
        """The subjects of all copies in their commonest spelling, best first, each once."""
        request = self._request
        spelling = request.snapshot.subjects
        names = dict.fromkeys(
            spelling[subject_key(subject)][0]
            for copy in request.outcome.copies(self._place)
            for subject in request.snapshot.subjects_of(copy)
        )
        return list(names)

    @property
    def path(self) -> str | None:
        """The file that the article was read from."""
        return self._request.snapshot.source(self._place)[0]

    @property
    def line(self) -> int | None:
        """The line of that file where the article starts, from 1."""
        return self._request.snapshot.source(self._place)[1]

    def to_dict(self) -> dict[str, Any]:
        """Return the hit as plain data: what ``search --json`` prints of it."""
        date, snippet = self.date, self.snippet
        return {
            "rank": self.rank,
            "score": self.score,
            "id": self.id,
            "title": self.title,
            "subjects": self.subjects,
            "urls": self.urls,
            "date": date.isoformat() if date else None,
            "snippet": str(snippet),
            "marks": [list(mark) for mark in snippet.marks],
            "path": self.path,
            "line": self.line,
        }


class Results(Sequence[Hit]):
    """The hits of one page, and the totals of all. Made by ``Index.search``."""

    def __init__(
        self,
        request: Request,
        *,
        found: Found | None,
        limit: int | None,
        offset: int,
        seconds: float = 0.0,
    ) -> None:
        self._request = request
        self._seconds = seconds
        self._snapshot = request.snapshot
        if limit == 0:
            self._hits: list[Hit] = []
            return
        wanted = None if limit is None else offset + limit
        if found is None:
            page = request.outcome.page(offset, wanted)
        else:
            page = self._best(found)[offset:wanted]
        self._hits = [
            Hit(request, segment, number, score, rank)
            for rank, (score, segment, number) in enumerate(page, start=offset + 1)
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
        head = f"<Results: {len(self)} of {self.total} for {shown(self.query)}"
        lines = [f"{hit.rank}. {hit.score:g} {hit.url}" for hit in self._hits[:_SHOWN]]
        if len(self) > _SHOWN:
            lines.append(f"and {len(self) - _SHOWN} more")
        return "\n  ".join([head, *lines]) + ">"

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        from qsearch.notebook import results_html

        return results_html(self)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        raise ArgumentError("Results can't be pickled: hand over results.to_dict()")

    @property
    def query(self) -> str:
        """The query as it was given."""
        return self._request.query

    # -- all hits

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was ignored in the query, or is worth knowing about what was asked for so far."""
        return self._request.notes

    @lazy
    def total(self) -> int:
        """How many results there are in all, copies counted once."""
        return self._request.outcome.total

    @lazy
    def total_exact(self) -> bool:
        """Whether ``total`` and ``facets`` count everything: a limit may have ended the search."""
        return self._request.complete

    @property
    def facets(self) -> dict[str, dict[str, int]]:
        """``{"subject": {name: count}}``: the results with a copy in each subject, most first.

        Each asking gives dicts of one's own.
        """
        return {"subject": dict(self._subject_counts)}

    @lazy
    def _subject_counts(self) -> Mapping[str, int]:
        return self._request.subject_counts()

    @lazy
    def suggestion(self) -> str | None:
        """The query with unknown words replaced by near ones of the index, if there are any."""
        return self._request.suggestion()

    def to_dict(self) -> dict[str, Any]:
        """Return the page as plain data: the document that ``search --json`` prints.

        ``took_ms`` are the milliseconds of the search and of making this.
        """
        started = time.perf_counter()
        document = {
            "query": self.query,
            "total": self.total,
            "total_exact": self.total_exact,
            "took_ms": 0.0,
            "notes": [note.to_dict() for note in self.notes],
            "suggestion": self.suggestion,
            "facets": self.facets,
            "hits": [hit.to_dict() for hit in self._hits],
        }
        seconds = self._seconds + time.perf_counter() - started
        document["took_ms"] = round(1000 * seconds, 3)
        return document

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
