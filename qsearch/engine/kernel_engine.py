"""The best articles through the compiled kernels; until they are ready, others answer.

A query that is nothing but words takes no detour over a tree and a plan: the words are looked up,
and the kernel finds the best. For any other the plan says which articles are hits, and the same
kernel finds the best of those.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array
from qsearch.engine.bitset_program import Hits
from qsearch.engine.cache_budget import CacheBudget
from qsearch.engine.condition_terms import NotForKernelsError
from qsearch.engine.filter_masks import filter_mask
from qsearch.engine.postings_cache import Unpacked
from qsearch.engine.scratch import MAX_TERMS, Loan, Scratch
from qsearch.engine.setting import Setting
from qsearch.engine.term_table import Known
from qsearch.forks import ForkSafeLock
from qsearch.kernels.runtime.address_tables import BETWEEN, NO_ROOM, UNKNOWN
from qsearch.kernels.search import layout
from qsearch.query.filters import NO_FILTERS, Filters
from qsearch.query.plan import HasPhrase, Plan
from qsearch.query.query import Query
from qsearch.ranking.formula import rounded
from qsearch.ranking.settings import Ranking
from qsearch.ranking.signals import SIGNALS

MAX_WANTED = 128
"""The best are kept in an unsorted list, which suits a page or some; more take the other path."""

_BETWEEN = bytes([BETWEEN])


class Found(NamedTuple):
    """The articles that may be among the best, by their scores, highest first.

    Attributes:
        scores: the score of each (``rounded``).
        segments, numbers: where each is (``Place``).
        groups: what copies of each share (0: none): the first half of ``Snapshot.group``.
    """

    scores: list[float]
    segments: list[int]
    numbers: list[int]
    groups: list[int]


class _State(NamedTuple):
    """What is kept between queries."""

    known: Known
    unpacked: Unpacked
    hits: Hits
    allowed: dict[Filters, Array]


class KernelPath:
    """Answers queries on one snapshot, over some fields. Safe for use by several threads.

    Arguments:
        setting: what it works with.
        ranking: the numbers of the formula.
        fields: which of ``FIELDS`` are searched, one flag each.
        budget: counts what is kept between queries.
    """

    def __init__(
        self, setting: Setting, ranking: Ranking, fields: tuple[bool, ...], *, budget: CacheBudget
    ) -> None:
        snapshot, limits = setting.snapshot, setting.limits
        self._snapshot = snapshot
        self._planner = setting.planner
        self._most = min(MAX_TERMS, limits.clauses)
        self._longest = limits.query_bytes // 4  # characters that surely fit
        self._positions = limits.positions
        self._analyzer = setting.analyzer
        self._ranking = ranking
        self._fields = fields
        self._budget = budget
        self._state: _State | None = None
        counts = [part.segment.count for part in snapshot.parts]
        self._count = sum(counts)
        self._largest = max(counts, default=0)
        self._pool = setting.scratch
        self._building = ForkSafeLock()
        budget.join(self)

    @property
    def held(self) -> int:
        """About how much memory takes what is kept between queries, in bytes."""
        state = self._state
        return 0 if state is None else state.unpacked.held

    def forget(self) -> None:
        """Keep nothing of what was; queries that are under way have it still."""
        self._state = None

    def warm(self) -> None:
        """Make ready what every query needs; the kernels have to be there."""
        self._start()

    def best(self, query: Query, filters: Filters, wanted: int) -> Found | None:
        """Return every article that may be among the best ``wanted`` groups, ties included.

        None: the query, or so many articles, are not for the kernels.
        """
        if not self._takes(wanted):
            return None
        found = self._best_of_words(query.text, filters, wanted)
        return self._best_of_plan(query.plan, filters, wanted) if found is None else found

    def best_of_each(
        self, texts: Sequence[str], filters: Filters, wanted: int
    ) -> list[Found | None]:
        """Return what there is of ``best`` for each of up to ``AT_ONCE`` queries that are nothing
        but words, found in one call of the kernel; None for any other.
        """
        words = list(map(self._words, texts))
        if not self._takes(wanted) or not all(words):
            return [None] * len(texts)
        state = self._start()
        mask = self._mask(state, filters)
        found: list[Found | None] = []
        with self._lent() as scratch:
            scratch.counts.fill(NO_ROOM)
            joined = _BETWEEN.join(words)
            if self._ask(scratch, state.known, joined, mask, wanted=wanted) == NO_ROOM:
                self._found(scratch, NO_ROOM)
            counts = scratch.counts[: len(words)].tolist()
            before = 0
            for count in counts:
                found.append(self._found(scratch, count, before) if count >= 0 else None)
                before += max(count, 0)
        for place, count in enumerate(counts):
            if count in (UNKNOWN, NO_ROOM):
                found[place] = self._best_of_words(texts[place], filters, wanted)
        return found

    def _takes(self, wanted: int) -> bool:
        """Whether the kernels can find so many articles, by these signals."""
        return 0 < wanted <= MAX_WANTED and self._ranking.signals == SIGNALS

    def _best_of_words(self, query: str, filters: Filters, wanted: int) -> Found | None:
        """The same for a query that is nothing but words, whose plans the kernel joins."""
        text = self._words(query)
        if not text:
            return None
        state = self._start()
        mask = self._mask(state, filters)
        with self._lent() as scratch:
            put = self._ask(scratch, state.known, text, mask, wanted=wanted)
            if put != UNKNOWN:
                return self._found(scratch, put)
        # Others may have the working space while a word is looked up.
        state.known.learn(query)
        with self._lent() as scratch:
            put = self._ask(scratch, state.known, text, mask, wanted=wanted)
            return self._found(scratch, put)

    def _words(self, query: str) -> bytes:
        return _words(query) if len(query) <= self._longest else b""

    def _best_of_plan(self, plan: Plan, filters: Filters, wanted: int) -> Found | None:
        """The same for any plan whose words stand each for one term."""
        if not 0 < len(plan.tokens) <= MAX_TERMS:
            return None
        if any(len(group.members) > 1 for group in plan.groups):
            return None
        state = self._start()
        codes = state.known.codes_of(plan.tokens)
        with self._lent() as scratch:
            mask = scratch.hit[: self._count]
            count = self._hits_of(state, plan, filters, mask)
            if codes is None or count is None:
                return None
            given = len(codes)
            scratch.codes[:given] = codes
            scratch.boosts[:given] = [token.boost for token in plan.tokens]
            put = self._ask(scratch, state.known, b"", mask, given, any_hits=True, wanted=wanted)
            found = self._found(scratch, put)
        if found is None:
            return None
        # Where hits are few all are found, those that score nothing among them; elsewhere not.
        scored = [
            group for group, score in zip(found.groups, found.scores, strict=True) if score > 0.0
        ]
        groups = scored.count(0) + len({*scored} - {0})
        if groups < wanted and len(found.groups) < count:
            return None  # hits that hold none of the terms, and score nothing
        return found

    def hits(self, plan: Plan, filters: Filters) -> list[Array] | None:
        """Return for each segment which articles are hits that pass the filters; None if the
        kernels can't say.
        """
        hit = np.empty(self._count, dtype=np.uint8)
        if self._hits_of(self._start(), plan, filters, hit) is None:
            return None
        return self._by_segment(hit)

    def phrase(self, phrase: HasPhrase) -> list[Array] | None:
        """Return for each segment which articles have a phrase, deleted ones too; None if the
        kernels can't say.
        """
        hit = np.empty(self._count, dtype=np.uint8)
        try:
            self._start().hits.of(phrase, np.zeros(0, dtype=np.uint8), hit)
        except NotForKernelsError:
            return None
        return self._by_segment(hit)

    def _by_segment(self, hit: Array) -> list[Array]:
        ends = np.cumsum([part.segment.count for part in self._snapshot.parts])
        return np.split(hit.view(np.bool_), ends)[: ends.size]

    def _hits_of(self, state: _State, plan: Plan, filters: Filters, hit: Array) -> int | None:
        """The same for all segments, one after another, as bytes; returns how many are hits."""
        try:
            return state.hits.of_plan(plan, self._mask(state, filters), hit)
        except NotForKernelsError:
            return None

    def _start(self) -> _State:
        state = self._state
        if state is None or self._budget.exceeded:
            self._budget.clear()
            with self._building:
                state = self._state or self._new_state()
                self._state = state
        return state

    def _new_state(self) -> _State:
        from qsearch.kernels.search.run_queries import run_queries

        self._kernel = run_queries
        snapshot = self._snapshot
        unpacked = Unpacked(snapshot, self._ranking, self._fields, self._budget.grown)
        return _State(
            known=Known(
                unpacked,
                self._analyzer,
                len(snapshot),
                plan_of=self._planner.plan,
                most=self._most,
            ),
            unpacked=unpacked,
            hits=Hits(snapshot, unpacked, self._positions),
            allowed={},
        )

    def _lent(self) -> Loan:
        return self._pool.lend(self._largest, self._count)

    def _ask(
        self,
        scratch: Scratch,
        known: Known,
        text: bytes,
        mask: Array,
        given: int = 0,
        *,
        any_hits: bool = False,
        wanted: int,
    ) -> int:
        """Let the kernel answer; what it says is its own."""
        table = known.table  # whose arrays stay there as long as this does
        work = scratch.table
        put: int = self._kernel(table.numbers, work.numbers, text, mask, given, any_hits, wanted)
        return put

    def _found(self, scratch: Scratch, put: int, before: int = 0) -> Found | None:
        """What the kernel has put out behind ``before`` other articles; None if it has not."""
        if put < 0:
            if put == NO_ROOM:
                scratch.sums.fill(0)
                scratch.covered.fill(0)
            return None
        end = before + put
        flat = scratch.places[2 * before : 2 * end].tolist()
        found = scratch.scores[before:end].tolist()
        if put and not (found[-1] >= layout.ROUNDED_FROM and found[0] < layout.ROUNDED_BELOW):
            found = [rounded(score) for score in found]
        return Found(found, flat[::2], flat[1::2], scratch.groups[before:end].tolist())

    def _mask(self, state: _State, filters: Filters) -> Array:
        """A byte for each article that is live and passes the filters; empty for all."""
        unpacked = state.unpacked
        if filters is NO_FILTERS or filters.empty:
            return unpacked.live
        allowed = state.allowed.get(filters)
        if allowed is None:
            masks = [np.zeros(0, dtype=np.bool_)]
            for part in self._snapshot.parts:
                passes = filter_mask(filters, part.segment)
                assert passes is not None
                masks.append(passes)
            allowed = np.concatenate(masks).view(np.uint8)
            if unpacked.live.size:
                allowed = allowed & unpacked.live
            state.allowed[filters] = allowed
            unpacked.hold(allowed.nbytes)
        return allowed


def _words(query: str) -> bytes:
    """A query with ASCII spaces between its words; nothing if there is none that can be written."""
    try:
        return (query if query.isascii() else " ".join(query.split())).encode()
    except UnicodeEncodeError:
        return b""
