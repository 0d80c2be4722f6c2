"""From a call to its results: checks the arguments, then parse, plan, match and rank in turn."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

from qsearch import checks, compiled
from qsearch.analysis.analyzer import Analyzer
from qsearch.article import Article, parse_date
from qsearch.errors import ArgumentError, LimitExceeded, QueryError
from qsearch.index.columns import Array
from qsearch.index.fields import FIELDS
from qsearch.index.snapshot import Snapshot, subject_key
from qsearch.limits import Limits
from qsearch.machine import processors
from qsearch.search.fast import AT_ONCE, FastPath, Found
from qsearch.search.filters import NO_FILTERS, Filters
from qsearch.search.match import Matches, Request, Search
from qsearch.search.memory import Memory
from qsearch.search.outcome import Outcome
from qsearch.search.plan import Plan, make_plan
from qsearch.search.ranking import Ranking
from qsearch.search.results import Results
from qsearch.search.snippets import Snippet, make_snippet
from qsearch.search.suggest import near_words, suggestion
from qsearch.search.syntax import parse
from qsearch.search.tally import Tally
from qsearch.search.tree import Note

_PATHS = 8
"""Settings of the ranking for which postings are kept in memory."""

_SUBJECTS = 256
"""Subjects whose filters are kept."""

SORTS = ("relevance", "newest", "oldest")


class Searcher:
    """Answers queries on one snapshot of an index; ``Index.search`` says what each argument is."""

    def __init__(
        self, snapshot: Snapshot, analyzer: Analyzer, ranking: Ranking, limits: Limits
    ) -> None:
        self.snapshot = snapshot
        self.analyzer = analyzer
        self._ranking = ranking
        self.limits = limits
        self._searched = searched_fields(None, ranking)
        self.tally = Tally(snapshot)
        self._of_subject: dict[str, tuple[Filters, tuple[Note, ...]]] = {}
        self._memory = Memory(limits.postings_bytes)
        self._paths: dict[tuple[Ranking, tuple[bool, ...]], FastPath] = {}
        self._fast = self.path(ranking, self._searched)

    def search(
        self,
        query: str,
        *,
        limit: int | None = 10,
        offset: int = 0,
        subject: str | Iterable[str] | None = None,
        since: datetime.date | str | None = None,
        until: datetime.date | str | None = None,
        fields: str | Iterable[str] | None = None,
        keyword_boost: float | None = None,
        sort: str = "relevance",
        strict: bool = False,
        found: Found | None = None,
    ) -> Results:
        """Return the results of a query, given what the kernels have ``found`` for it, if they
        have been asked already.
        """
        if not isinstance(query, str):
            raise ArgumentError(f"the query must be text, not {type(query).__name__}")
        _check(limit, offset, sort)
        ranking, searched = self._settings(fields, keyword_boost)
        filters, notes = self._filters(subject, since, until)
        request = _Request(
            self,
            query,
            ranking=ranking,
            fields=searched,
            filters=filters,
            sort=sort,
            notes=notes,
            strict=strict,
        )
        if strict:
            request.plan  # noqa: B018 - raises now what would be a note
        if found is None and sort == "relevance" and limit:
            compiled.query_asked()
            path = self._fast if searched is self._searched else self.path(ranking, searched)
            if len(query) <= self.limits.query_bytes // 4:
                found = path.top(query, filters, offset + limit)
            if found is None:
                found = path.best(request.plan, filters, offset + limit)
        if found is not None:
            request.is_answered = True
        elif strict and (shortfalls := request.shortfalls()) and not request.complete:
            raise LimitExceeded(shortfalls[0])
        return Results(request, found=found, limit=limit, offset=offset)

    def search_many(
        self,
        queries: Iterable[str],
        *,
        subject: str | Iterable[str] | None,
        fields: str | Iterable[str] | None,
        strict: bool,
        **options: Any,
    ) -> list[Results]:
        """Return the results of several queries, in their order."""
        if isinstance(queries, str) or not isinstance(queries, Iterable):
            raise ArgumentError(f"queries must be several texts, not {type(queries).__name__}")
        asked = list(queries)
        # What can be gone through only once must serve all queries.
        options.update(subject=texts("subject", subject), fields=texts("fields", fields))

        def answer(first: int) -> list[Results]:
            some = asked[first : first + AT_ONCE]
            found = self._found_at_once(some, **options)
            return [
                self.search(query, found=one, strict=strict, **options)
                for query, one in zip(some, found, strict=True)
            ]

        portions = range(0, len(asked), AT_ONCE)
        threads = min(len(portions), processors())
        # Once the main thread has ended, Python gives no pool a thread any more.
        alone = threads < 2 or not threading.main_thread().is_alive()
        if alone or not compiled.ready():
            return [results for first in portions for results in answer(first)]
        # The kernels let other threads run.
        with ThreadPoolExecutor(threads, thread_name_prefix="qsearch-search") as pool:
            return [results for found in pool.map(answer, portions) for results in found]

    def _found_at_once(
        self,
        queries: Sequence[str],
        *,
        limit: int | None,
        offset: int,
        sort: str,
        fields: str | Iterable[str] | None,
        keyword_boost: float | None,
        **filtered: Any,
    ) -> list[Found | None]:
        """What the kernels find for each of some queries; None where they have to be asked singly.

        One call for all, so that threads need not hand the interpreter to one another for each
        query. ``filtered`` are the options of ``_filters``.
        """
        _check(limit, offset, sort)
        longest = self.limits.query_bytes // 4
        usable = all(isinstance(query, str) and len(query) <= longest for query in queries)
        found = None
        if usable and sort == "relevance" and limit:
            path = self.path(*self._settings(fields, keyword_boost))
            filters, _ = self._filters(**filtered)
            found = path.top_many(queries, filters, offset + limit)
        return [None] * len(queries) if found is None else found

    def _settings(
        self, fields: str | Iterable[str] | None, keyword_boost: float | None
    ) -> tuple[Ranking, tuple[bool, ...]]:
        """The ranking, and which fields are searched."""
        if keyword_boost is None and fields is None:
            return self._ranking, self._searched
        ranking = self._ranking.with_keywords(keyword_boost)
        return ranking, searched_fields(fields, ranking)

    def path(self, ranking: Ranking, fields: tuple[bool, ...]) -> FastPath:
        """Return the way to the kernels for some settings; a few are kept."""
        key = (ranking, fields)
        path = self._paths.get(key)
        if path is None:
            if len(self._paths) >= _PATHS:
                # The first one is that of the index's own settings.
                self._paths.pop(list(self._paths)[1], None)
            path = FastPath(
                self.snapshot,
                self.analyzer,
                ranking,
                fields,
                limits=self.limits,
                memory=self._memory,
            )
            self._paths[key] = path
        return path

    def _filters(
        self,
        subject: str | Iterable[str] | None,
        since: datetime.date | str | None,
        until: datetime.date | str | None,
    ) -> tuple[Filters, tuple[Note, ...]]:
        """The filters of a search, and notes on what in them no article can pass."""
        if subject is None and since is None and until is None:
            return NO_FILTERS, ()
        if isinstance(subject, str) and since is None and until is None:
            # The commonest filter, asked for again and again.
            found = self._of_subject.get(subject)
            if found is None:
                if len(self._of_subject) >= _SUBJECTS:
                    self._of_subject.clear()
                found = self._of_subject[subject] = self._new_filters(subject, None, None)
            return found
        return self._new_filters(subject, since, until)

    def _new_filters(
        self,
        subject: str | Iterable[str] | None,
        since: datetime.date | str | None,
        until: datetime.date | str | None,
    ) -> tuple[Filters, tuple[Note, ...]]:
        first, last = parse_date("since", since), parse_date("until", until)
        names = texts("subject", subject)
        keys = None if names is None else frozenset(map(subject_key, names))
        filters = Filters(subjects=keys, since=first, until=last)
        if first and last and first > last:
            return filters, (Note(f"no day is both from {first} on and up to {last}"),)
        if names is None:
            return filters, ()
        if not names:
            return filters, (Note("no subject is given, so none is searched"),)
        known = self.snapshot.subjects
        unknown = [name for name in names if subject_key(name) not in known]
        return filters, tuple(Note(_unknown_subject(name, known)) for name in unknown)

    def plan(self, query: str, *, strict: bool = False) -> Plan:
        """Return the plan of a query.

        Raises:
            QueryError, LimitExceeded: ``strict``, and something would be ignored.
        """
        text = self.usable(query)
        notes: list[Note] = []
        if len(text) < len(query):
            message = f"the query is longer than {self.limits.query_bytes} bytes"
            if strict:
                raise LimitExceeded(message)
            notes.append(Note(f"{message}; the rest is ignored", len(text)))
        tree, ignored = parse(text)
        if strict and ignored:
            raise QueryError(
                ignored[0].message.removesuffix(", ignored"),
                query=query,
                position=ignored[0].position or 0,
            )
        plan = make_plan(tree, self.analyzer, notes + ignored, max_clauses=self.limits.clauses)
        if strict and plan.clauses > self.limits.clauses:
            raise LimitExceeded(
                f"the query has {plan.clauses} words, the limit is {self.limits.clauses}"
            )
        return plan

    def usable(self, query: str) -> str:
        """Return as much of a query as its limit allows, ``?`` for halves of surrogate pairs."""
        room = self.limits.query_bytes
        # A character takes a byte at least: what is cut off first need not even be encoded.
        return query[:room].encode("utf-8", "replace")[:room].decode("utf-8", "ignore")


class _Request:
    """A query on its way; what only some questions about its results need comes when asked for."""

    def __init__(
        self,
        searcher: Searcher,
        query: str,
        *,
        ranking: Ranking,
        fields: tuple[bool, ...],
        filters: Filters,
        sort: str,
        notes: tuple[Note, ...],
        strict: bool,
    ) -> None:
        self._searcher = searcher
        self._query = query
        self._ranking = ranking
        self._fields = fields
        self._filters = filters
        self._sort = sort
        self._notes = notes
        self._strict = strict
        self._plan: Plan | None = None
        self._is_computed = False
        self.is_answered = False
        """Whether the kernels have found what was asked for, with nothing left out."""

    @property
    def snapshot(self) -> Snapshot:
        return self._searcher.snapshot

    @cached_property
    def outcome(self) -> Outcome:
        return Outcome(
            self.snapshot,
            tally=self._searcher.tally,
            hits=self._fast_hits,
            matches=self.matches,
            filters=self._filters,
            sort=self._sort,
        )

    def _fast_hits(self) -> list[Array] | None:
        """Which articles of each segment are hits that pass, if the kernels can say it."""
        if self._is_computed:
            return None
        hits = self._searcher.path(self._ranking, self._fields).hits(self.plan, self._filters)
        self.is_answered = self.is_answered or hits is not None
        return hits

    @property
    def notes(self) -> tuple[Note, ...]:
        return (*self.plan.notes, *map(Note, self.shortfalls()), *self._notes)

    @property
    def complete(self) -> bool:
        """Whether no limit has left out a hit."""
        if not self._is_computed and (self.is_answered or self._fast_hits() is not None):
            return True
        return self.search.complete

    def shortfalls(self) -> list[str]:
        """What a limit left out of the outcome, as far as is known.

        Looking for phrases is what may take too long, so they are looked for now; of another query
        nothing is computed that has not been asked for.
        """
        has_phrases = not self.is_answered and any(map(self._query.__contains__, '"“„«'))
        return self.search.shortfalls if has_phrases or self._is_computed else []

    def suggestion(self) -> str | None:
        searcher = self._searcher
        return suggestion(
            self._query,
            searcher.usable(self._query),
            self.plan,
            searcher.snapshot,
            searcher.analyzer,
            edits=searcher.limits.edits,
        )

    @property
    def plan(self) -> Plan:
        if self._plan is None:
            self._plan = self._searcher.plan(self._query, strict=self._strict)
        return self._plan

    @cached_property
    def search(self) -> Search:
        searcher = self._searcher
        find = searcher.path(self._ranking, self._fields).phrase
        request = Request(self.plan, self._ranking, self._fields, searcher.limits, find)
        return Search(searcher.snapshot, request)

    def matches(self) -> list[Matches]:
        self._is_computed = True
        return self.search.outcome

    @cached_property
    def _weights(self) -> dict[str, float]:
        """How much each word form that the query matches is worth in a snippet."""
        weights: dict[str, float] = {}
        is_stop_word = self._searcher.analyzer.is_stop_word
        only_stops = all(is_stop_word(scored.form) for scored in self.plan.scored)
        for scored, idf in zip(self.plan.scored, self.search.idfs, strict=True):
            if is_stop_word(scored.form) and not only_stops:
                continue
            for form in self._searcher.snapshot.forms_of(scored.term):
                weights[form] = idf * scored.boost
        return weights

    def snippet(self, article: Article) -> Snippet:
        return make_snippet(article, self._weights, self._searcher.analyzer)


def _check(limit: object, offset: object, sort: object) -> None:
    checks.whole_number("offset", offset)
    if limit is not None:
        checks.whole_number("limit", limit)
    if sort not in SORTS:
        raise ArgumentError(f"sort must be one of {', '.join(SORTS)}, not {sort!r}")


def _unknown_subject(name: str, subjects: Mapping[str, tuple[str, int]]) -> str:
    key = subject_key(name)
    if not key:
        return "every article has a subject"
    known = {known: shown for known, (shown, _) in subjects.items() if known}
    near = [known[found] for found in near_words(key, known, limit=3)]
    inside = [known[found] for found in known if key in found]
    names = list(dict.fromkeys(near + inside))[:3]
    message = f"no article has the subject {name!r}"
    return f"{message}; near ones: {', '.join(names)}" if names else message


def searched_fields(fields: str | Iterable[str] | None, ranking: Ranking) -> tuple[bool, ...]:
    """Return which of ``FIELDS`` are searched; one without weight is not."""
    names = texts("fields", fields)
    if names is None:
        names = FIELDS
    for name in names:
        if name not in FIELDS:
            raise ArgumentError(f"fields must be among {', '.join(FIELDS)}, not {name!r}")
    if not names:
        raise ArgumentError(f"fields must name at least one of {', '.join(FIELDS)}")
    return tuple(
        name in names and weight > 0 for name, weight in zip(FIELDS, ranking.weights, strict=True)
    )


def texts(name: str, value: str | Iterable[str] | None) -> tuple[str, ...] | None:
    """Return one text or several as a tuple; ArgumentError names the argument."""
    if value is None:
        return None
    found = (value,) if isinstance(value, str) else value
    if not isinstance(found, Iterable):
        raise ArgumentError(f"{name} must be text or several, not {type(value).__name__}")
    found = tuple(found)
    for item in found:
        if not isinstance(item, str):
            raise ArgumentError(f"{name} must be text or several, not {type(item).__name__}")
    return found
