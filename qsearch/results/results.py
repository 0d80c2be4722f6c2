"""What a search gives back: the hits of a page, and what can be asked about all of them."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn, overload

from qsearch.article import Article
from qsearch.checks import shown
from qsearch.engine.protocol import ArticleRef, Ranked
from qsearch.errors import ArgumentError
from qsearch.lazy import lazy
from qsearch.query.tree import Note
from qsearch.results.pending import Pending
from qsearch.results.snippets import Snippet

_SHOWN = 5
"""Hits that a ``repr`` names."""


class Hit:
    """One result: a group of copies, shown by its best copy that passes the filters.

    Attributes:
        score: its score, rounded to 9 significant digits.
        rank: its place among all results, from 1.
    """

    __slots__ = ("_article", "_ref", "_search", "_snippet", "rank", "score")

    def __init__(self, search: Pending, ref: ArticleRef, score: float, rank: int) -> None:
        # Not the results, which hold their hits: what refers to one another, only the garbage
        # collector frees.
        self._search = search
        self._ref = ref
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
    def url(self) -> str:
        """The url of the article."""
        return self._search.documents.url(self._ref)

    @property
    def id(self) -> str | None:
        """The id of the article, or None."""
        return self._search.documents.id(self._ref)

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
        return self._search.documents.subject(self._ref)

    @property
    def date(self) -> datetime.date | None:
        """The day of the article, or None."""
        return self._search.documents.date(self._ref)

    @property
    def article(self) -> Article:
        """The best copy that passes the filters, whole."""
        if self._article is None:
            self._article = self._search.documents.article(self._ref)
        return self._article

    @property
    def snippet(self) -> Snippet:
        """The part of the article that answers best, as plain text; ``.marks`` says where the
        query's words stand in it, ``.html()`` marks them.
        """
        if self._snippet is None:
            self._snippet = self._search.snippet(self.article)
        return self._snippet

    @property
    def urls(self) -> list[str]:
        """The urls of all copies, best first."""
        url = self._search.documents.url
        return [url(copy) for copy in self._search.answer.copies(self._ref)]

    @property
    def subjects(self) -> list[str]:
        """The subjects of all copies in their commonest spelling, best first, each once."""
        search = self._search
        names = dict.fromkeys(
            subject
            for copy in search.answer.copies(self._ref)
            for subject in search.documents.shown_subjects(copy)
        )
        return list(names)

    @property
    def path(self) -> str | None:
        """The file that the article was read from."""
        return self._search.documents.source(self._ref)[0]

    @property
    def line(self) -> int | None:
        """The line of that file where the article starts, from 1."""
        return self._search.documents.source(self._ref)[1]

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

    def __init__(self, search: Pending, *, limit: int | None, offset: int, started: float) -> None:
        self._search = search
        page: list[Ranked] = []
        if limit != 0:
            page = search.answer.best(offset, None if limit is None else offset + limit)
        self._hits = [
            Hit(search, ref, score, rank)
            for rank, (score, ref) in enumerate(page, start=offset + 1)
        ]
        self._seconds = time.perf_counter() - started

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
        return self._search.query

    # -- all hits

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was ignored in the query, or is worth knowing about what was asked for so far."""
        return self._search.notes

    @lazy
    def total(self) -> int:
        """How many results there are in all, copies counted once."""
        return self._search.answer.total

    @lazy
    def total_exact(self) -> bool:
        """Whether ``total`` and ``facets`` count everything: a limit may have ended the search."""
        return self._search.answer.complete

    @property
    def facets(self) -> dict[str, dict[str, int]]:
        """``{"subject": {name: count}}``: the results with a copy in each subject, most first.

        Each asking gives dicts of one's own.
        """
        return {"subject": dict(self._subject_counts)}

    @lazy
    def _subject_counts(self) -> Mapping[str, int]:
        return self._search.subject_counts()

    @lazy
    def suggestion(self) -> str | None:
        """The query with unknown words replaced by near ones of the index, if there are any."""
        return self._search.suggestion()

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
