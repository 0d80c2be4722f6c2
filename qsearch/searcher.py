"""From a call to its results: checks the arguments, then parse, plan, match and rank in turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, get_args

from qsearch import checks, values
from qsearch.analysis.analyzer import Analyzer
from qsearch.engine.cache_budget import Memory
from qsearch.engine.kernel_engine import FastPath, Found
from qsearch.engine.scratch import AT_ONCE, ScratchPool
from qsearch.errors import ArgumentError, LimitExceeded, QueryError
from qsearch.index.snapshot import Snapshot
from qsearch.kernels import runtime
from qsearch.limits import Limits
from qsearch.machine import processors
from qsearch.model.fields import FIELDS
from qsearch.options import DEFAULTS, FacetsOf, SearchOptions, Sort
from qsearch.query.edit_distance import near_words
from qsearch.query.filters import NO_FILTERS, Filters
from qsearch.query.plan import Plan, make_plan
from qsearch.query.syntax import parse
from qsearch.query.tree import Note
from qsearch.ranking.settings import Ranking
from qsearch.results.facets import Tally
from qsearch.results.pending import Matching, Pending
from qsearch.results.results import Results
from qsearch.values import subject_key

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from qsearch.values import DateLike

_PATHS = 8
"""Settings of the ranking for which postings are kept in memory."""

_SUBJECTS = 256
"""Subjects whose filters are kept."""

SORTS: tuple[str, ...] = get_args(Sort)
FACETS: tuple[str, ...] = get_args(FacetsOf)


class Searcher:
    """Answers queries on one snapshot of an index; ``Index.search`` says what each argument is.

    Arguments:
        snapshot: the state of the index.
        analyzer, ranking: as the index records them.
        limits: what a query may cost.
        scratch: lends working space; the searchers of all snapshots of an index share it.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        analyzer: Analyzer,
        ranking: Ranking,
        limits: Limits,
        scratch: ScratchPool,
    ) -> None:
        self.snapshot = snapshot
        self.analyzer = analyzer
        self.ranking = ranking
        self.limits = limits
        self._searched = searched_fields(None, ranking)
        self.tally = Tally(snapshot)
        self._of_subject: dict[str, tuple[Filters, tuple[Note, ...]]] = {}
        self._memory = Memory(limits.postings_bytes)
        self._scratch = scratch
        self._paths: dict[tuple[Ranking, tuple[bool, ...]], FastPath] = {}
        self._fast = self.path(ranking, self._searched)

    def search(
        self,
        query: str,
        *,
        limit: int | None = 10,
        offset: int = 0,
        subject: str | Iterable[str] | None = None,
        since: DateLike | None = None,
        until: DateLike | None = None,
        fields: str | Iterable[str] | None = None,
        keyword_boost: float | None = None,
        sort: str = "relevance",
        facets: str = "filtered",
        strict: bool = False,
        more_notes: tuple[Note, ...] = (),
        found: Found | None = None,
    ) -> Results:
        """Return the results of a query, given what the kernels have ``found`` for it, if they
        have been asked already.
        """
        started = time.perf_counter()
        if not isinstance(query, str):
            raise ArgumentError(f"the query must be text, not {type(query).__name__}")
        _check(limit, offset, sort, facets)
        ranking, searched = self._settings(fields, keyword_boost)
        filters, notes = self._filters(subject, since, until)
        matching = Matching(
            self, query, ranking=ranking, fields=searched, filters=filters, strict=strict
        )
        pending = Pending(
            self,
            query,
            matching,
            sort=sort,
            notes=(*notes, *more_notes),
            counted=None if facets == "filtered" else matching.without_subjects(),
        )
        if strict:
            matching.plan  # noqa: B018 - raises now what would be a note
        if found is None and sort == "relevance" and limit:
            runtime.query_asked()
            path = self._fast if searched is self._searched else self.path(ranking, searched)
            if len(query) <= self.limits.query_bytes // 4:
                found = path.top(query, filters, offset + limit)
            if found is None:
                found = path.best(matching.plan, filters, offset + limit)
        if found is not None:
            matching.is_answered = True
        elif strict and (shortfalls := matching.shortfalls()) and not matching.complete:
            raise LimitExceeded(shortfalls[0])
        seconds = time.perf_counter() - started
        return Results(pending, found=found, limit=limit, offset=offset, seconds=seconds)

    def search_many(
        self,
        queries: Iterable[str],
        *,
        more_notes: tuple[Note, ...] = (),
        **options: Unpack[SearchOptions],
    ) -> list[Results]:
        """Return the results of several queries, in their order."""
        if isinstance(queries, str) or not isinstance(queries, Iterable):
            raise ArgumentError(f"queries must be several texts, not {type(queries).__name__}")
        if unknown := sorted(options.keys() - DEFAULTS.keys()):
            raise TypeError(f"search_many() got an unexpected keyword argument {unknown[0]!r}")
        asked = list(queries)
        chosen: dict[str, Any] = {**DEFAULTS, **options}
        # What can be gone through only once must serve all queries.
        for name in ("subject", "fields"):
            chosen[name] = texts(name, chosen[name])

        def answer(first: int) -> list[Results]:
            some = asked[first : first + AT_ONCE]
            found = self._found_at_once(some, **chosen)
            return [
                self.search(query, found=one, more_notes=more_notes, **chosen)
                for query, one in zip(some, found, strict=True)
            ]

        portions = range(0, len(asked), AT_ONCE)
        threads = min(len(portions), processors())
        # Once the main thread has ended, Python gives no pool a thread any more.
        alone = threads < 2 or not threading.main_thread().is_alive()
        if alone or not runtime.ready():
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
        facets: str,
        fields: str | Iterable[str] | None,
        keyword_boost: float | None,
        strict: bool,  # noqa: ARG002 - for ``search`` to look at
        **filtered: Any,
    ) -> list[Found | None]:
        """What the kernels find for each of some queries; None where they have to be asked singly.

        One call for all, so that threads need not hand the interpreter to one another for each
        query. ``filtered`` are the options of ``_filters``.
        """
        _check(limit, offset, sort, facets)
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
            return self.ranking, self._searched
        ranking = self.ranking.with_keywords(keyword_boost)
        return ranking, searched_fields(fields, ranking)

    def warm(self) -> None:
        """Load what every query needs, so that processes forked from now on share it."""
        self.analyzer.warm()
        self.tally.warm()
        if runtime.ready():
            self._fast.warm()

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
                scratch=self._scratch,
            )
            self._paths[key] = path
        return path

    def _filters(
        self,
        subject: str | Iterable[str] | None,
        since: DateLike | None,
        until: DateLike | None,
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
        since: DateLike | None,
        until: DateLike | None,
    ) -> tuple[Filters, tuple[Note, ...]]:
        first, last = values.day("since", since), values.day("until", until)
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


def _check(limit: object, offset: object, sort: object, facets: object) -> None:
    checks.whole_number("offset", offset)
    if limit is not None:
        checks.whole_number("limit", limit)
    if sort not in SORTS:
        raise ArgumentError(f"sort must be one of {', '.join(SORTS)}, not {sort!r}")
    if facets not in FACETS:
        raise ArgumentError(f"facets must be one of {', '.join(FACETS)}, not {facets!r}")


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
