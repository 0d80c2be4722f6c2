"""From the arguments of a search to its results: scope, query, answer, page."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast, get_args

from qsearch import checks, values
from qsearch.analysis.analyzer import Analyzer
from qsearch.engine.engines import make_engine
from qsearch.engine.protocol import Answer, Scope
from qsearch.engine.scratch import AT_ONCE, ScratchPool
from qsearch.engine.setting import Setting
from qsearch.errors import ArgumentError, LimitExceeded
from qsearch.index.snapshot import Snapshot
from qsearch.index.vocabulary import SnapshotVocabulary
from qsearch.limits import Limits
from qsearch.machine import processors
from qsearch.model.fields import FIELDS
from qsearch.options import DEFAULTS, EngineName, FacetsOf, SearchOptions, Sort
from qsearch.query.edit_distance import near_words
from qsearch.query.expand import EXPANSIONS, Expansion
from qsearch.query.filters import NO_FILTERS, Filters
from qsearch.query.planner import Planner
from qsearch.query.query import Query
from qsearch.query.tree import Note
from qsearch.ranking.settings import Ranking
from qsearch.results.results import Results
from qsearch.results.search_context import SearchContext
from qsearch.values import subject_key

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from qsearch.values import DateLike

_SUBJECTS = 256
"""The most subjects whose filters are kept."""

SORTS: tuple[str, ...] = get_args(Sort)
FACETS: tuple[str, ...] = get_args(FacetsOf)


class Searcher:
    """Answers queries on one snapshot of an index; ``Index.search`` says what each argument is.

    Arguments:
        snapshot: the state of the index.
        analyzer, ranking: as the index records them (``index.recorded_settings``).
        limits: what a query may cost.
        scratch: lends scratch arrays; the searchers of all snapshots of an index share it.
        engine: the name of the engine that answers.
        expansions: what finds further terms for a word.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        analyzer: Analyzer,
        ranking: Ranking,
        limits: Limits,
        scratch: ScratchPool,
        *,
        engine: EngineName = "auto",
        expansions: Sequence[Expansion] = EXPANSIONS,
    ) -> None:
        self.snapshot = snapshot
        self.analyzer = analyzer
        self.ranking = ranking
        self.limits = limits
        vocabulary = SnapshotVocabulary(snapshot)
        self.planner = Planner(analyzer, vocabulary, limits, expansions)
        self._searched = searched_fields(None, ranking)
        self._filters_of_subject: dict[str, tuple[Filters, tuple[Note, ...]]] = {}
        self._default_scope = Scope(ranking, self._searched, NO_FILTERS)
        setting = Setting(snapshot, analyzer, vocabulary, self.planner, limits, scratch)
        self.engine = make_engine(engine, setting, self._default_scope)

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
    ) -> Results:
        """Return the results of a query."""
        started = time.perf_counter()
        _check(limit, offset, sort, facets)
        scope, notes = self._scope(fields, keyword_boost, sort, subject, since, until)
        asked = self._query(query, strict=strict)
        answer = self.engine.answer(asked, scope)
        return self._results(
            asked,
            answer,
            self._counted(asked, answer, scope, facets),
            notes=(*notes, *more_notes),
            limit=limit,
            offset=offset,
            strict=strict,
            started=started,
        )

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
        chosen: dict[str, Any] = {**DEFAULTS, **options}
        limit, offset, sort, facets, strict = (
            chosen.pop(name) for name in ("limit", "offset", "sort", "facets", "strict")
        )
        _check(limit, offset, sort, facets)
        scope, notes = self._scope(sort=sort, **chosen)
        asked = [self._query(query, strict=strict) for query in queries]
        last = None if limit is None else offset + limit

        def results(first: int) -> list[Results]:
            some = asked[first : first + AT_ONCE]
            answers = self.engine.answer_many(some, scope, last)
            return [
                self._results(
                    one,
                    answer,
                    self._counted(one, answer, scope, facets),
                    notes=(*notes, *more_notes),
                    limit=limit,
                    offset=offset,
                    strict=strict,
                    started=time.perf_counter(),
                )
                for one, answer in zip(some, answers, strict=True)
            ]

        portions = range(0, len(asked), AT_ONCE)
        threads = min(len(portions), processors())
        # Once the main thread has ended, Python starts no thread for a pool.
        alone = threads < 2 or not threading.main_thread().is_alive()
        if alone or not self.engine.is_parallel:
            return [each for first in portions for each in results(first)]
        with ThreadPoolExecutor(threads, thread_name_prefix="qsearch-search") as pool:
            return [each for found in pool.map(results, portions) for each in found]

    def _results(
        self,
        asked: Query,
        answer: Answer,
        counted: Answer,
        *,
        notes: tuple[Note, ...],
        limit: int | None,
        offset: int,
        strict: bool,
        started: float,
    ) -> Results:
        """The page of an answer; ``strict``: raise what would be a note."""
        if strict:
            asked.plan  # noqa: B018 - raises what would be a note
        context = SearchContext(
            self.engine,
            asked,
            self.planner.usable,
            answer=answer,
            counted=counted,
            notes=notes,
            analyzer=self.analyzer,
            edits=self.limits.edits,
        )
        made = Results(context, limit=limit, offset=offset, started=started)
        if strict and (shortfalls := answer.shortfalls) and not answer.complete:
            raise LimitExceeded(shortfalls[0])
        return made

    def _counted(self, asked: Query, answer: Answer, scope: Scope, facets: str) -> Answer:
        """The answer whose hits the facets count."""
        if facets == "filtered" or scope.filters.subjects is None:
            return answer
        every = dataclasses.replace(scope.filters, subjects=None)
        return self.engine.answer(asked, dataclasses.replace(scope, filters=every))

    def _query(self, query: object, *, strict: bool) -> Query:
        if not isinstance(query, str):
            raise ArgumentError(f"the query must be text, not {type(query).__name__}")
        return Query(query, lambda: self.planner.plan(query, strict=strict))

    def _scope(  # noqa: PLR0917 - the options of a search
        self,
        fields: str | Iterable[str] | None,
        keyword_boost: float | None,
        sort: str,
        subject: str | Iterable[str] | None,
        since: DateLike | None,
        until: DateLike | None,
    ) -> tuple[Scope, tuple[Note, ...]]:
        """The scope of a search, and notes on filters that no article can pass."""
        filters, notes = self._filters(subject, since, until)
        if keyword_boost is None and fields is None:
            if filters is NO_FILTERS and sort == "relevance":
                return self._default_scope, notes
            return Scope(self.ranking, self._searched, filters, cast("Sort", sort)), notes
        ranking = self.ranking.with_keywords(keyword_boost)
        searched = searched_fields(fields, ranking)
        return Scope(ranking, searched, filters, cast("Sort", sort)), notes

    def warm(self) -> None:
        """Load what every query needs, so that processes forked from now on share it."""
        self.analyzer.warm()
        self.engine.warm()

    def _filters(
        self,
        subject: str | Iterable[str] | None,
        since: DateLike | None,
        until: DateLike | None,
    ) -> tuple[Filters, tuple[Note, ...]]:
        """The filters of a search, and notes on those that no article can pass."""
        if subject is None and since is None and until is None:
            return NO_FILTERS, ()
        if isinstance(subject, str) and since is None and until is None:
            # The commonest filter: one subject, which pages of a site ask for again and again.
            found = self._filters_of_subject.get(subject)
            if found is None:
                if len(self._filters_of_subject) >= _SUBJECTS:
                    self._filters_of_subject.clear()
                found = self._filters_of_subject[subject] = self._new_filters(subject, None, None)
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
        known = self.engine.subjects
        unknown = [name for name in names if subject_key(name) not in known]
        return filters, tuple(Note(_unknown_subject(name, known)) for name in unknown)


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
