"""The path of a query to the kernels and back; ``KernelEngine`` (``engines``) has one a scope.

A query of words alone needs no tree and no plan: the kernel looks its words up in a ``TermTable``
and finds the best articles. For any other query the plan's condition is evaluated first, and the
same kernel finds the best of its hits. What the kernels don't take comes back as None.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array
from qsearch.engine.bitset_program import ConditionEvaluator
from qsearch.engine.cache_budget import CacheBudget
from qsearch.engine.condition_terms import NotForKernelsError
from qsearch.engine.filter_masks import filter_mask
from qsearch.engine.postings_cache import PostingsCache
from qsearch.engine.scratch import MAX_TERMS, Loan, Scratch
from qsearch.engine.setting import Setting
from qsearch.engine.term_table import TermTable
from qsearch.forks import ForkSafeLock
from qsearch.kernels.runtime.address_tables import BETWEEN, NO_ROOM, UNKNOWN
from qsearch.kernels.search import layout
from qsearch.lazy import lazy
from qsearch.query.filters import NO_FILTERS, Filters
from qsearch.query.plan import HasPhrase, Plan
from qsearch.query.query import Query
from qsearch.ranking.formula import rounded
from qsearch.ranking.settings import Ranking

MAX_WANTED = 128
"""The largest k of a top-k: the kernel keeps the k best in a list without an order, whose smallest
element is looked for at each insertion. Longer pages are answered in NumPy.
"""

_BETWEEN = bytes([BETWEEN])


class TopHits(NamedTuple):
    """The articles that may be among the best k groups of copies, highest score first.

    Attributes:
        scores: the score of each (``rounded``).
        segments, numbers: where each is (``Place``).
        groups: the first half of the group key (``model.copies``) of each; 0: it has no copies.
    """

    scores: list[float]
    segments: list[int]
    numbers: list[int]
    groups: list[int]


class _State(NamedTuple):
    """What is kept between queries; ``masks`` holds a byte an article for each filter."""

    terms: TermTable
    cache: PostingsCache
    conditions: ConditionEvaluator
    masks: dict[Filters, Array]


class KernelPath:
    """Finds the best articles of one snapshot by one ranking, over some fields.

    Safe for use by several threads.

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
        """About how many bytes are kept between queries."""
        state = self._state
        return 0 if state is None else state.cache.held

    def forget(self) -> None:
        """Drop what is kept between queries; running queries go on with what they hold."""
        self._state = None

    def warm(self) -> None:
        """Make ready what every query needs; the kernels have to be loaded."""
        self._start()

    def best(self, query: Query, filters: Filters, wanted: int) -> TopHits | None:
        """Return every article that may be among the best ``wanted`` groups, ties included.

        None: the kernels don't take the query, or not so many articles.
        """
        if not self._takes(wanted):
            return None
        found = self._best_of_words(query.text, filters, wanted)
        return self._best_of_plan(query.plan, filters, wanted) if found is None else found

    def best_of_each(
        self, texts: Sequence[str], filters: Filters, wanted: int
    ) -> list[TopHits | None]:
        """As ``best`` for up to ``AT_ONCE`` queries of words alone, in one kernel call; all None
        if one of them is empty or can't be encoded, None for one that is more than words.
        """
        words = list(map(self._words, texts))
        if not self._takes(wanted) or not all(words):
            return [None] * len(texts)
        state = self._start()
        mask = self._mask(state, filters)
        found: list[TopHits | None] = []
        with self._lent() as scratch:
            scratch.counts.fill(NO_ROOM)
            joined = _BETWEEN.join(words)
            if self._run(scratch, state.terms, joined, mask, wanted=wanted) == NO_ROOM:
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
        """Whether the kernels find so many articles, and know the signals of the ranking."""
        return 0 < wanted <= MAX_WANTED and self._knows_signals

    @lazy
    def _knows_signals(self) -> bool:
        """Whether the signals of the ranking are those that the kernels gather evidence for."""
        from qsearch.kernels.search.signals import COMPILED

        return tuple(map(type, self._ranking.signals)) == COMPILED

    def _best_of_words(self, query: str, filters: Filters, wanted: int) -> TopHits | None:
        """As ``best`` for a query of words alone; the kernel joins the plans of its words."""
        text = self._words(query)
        if not text:
            return None
        state = self._start()
        mask = self._mask(state, filters)
        with self._lent() as scratch:
            count = self._run(scratch, state.terms, text, mask, wanted=wanted)
            if count != UNKNOWN:
                return self._found(scratch, count)
        # Without scratch arrays, which other threads may use while words are looked up.
        state.terms.add_words_of(query)
        with self._lent() as scratch:
            count = self._run(scratch, state.terms, text, mask, wanted=wanted)
            return self._found(scratch, count)

    def _words(self, query: str) -> bytes:
        return _words(query) if len(query) <= self._longest else b""

    def _best_of_plan(self, plan: Plan, filters: Filters, wanted: int) -> TopHits | None:
        """As ``best`` for any plan whose groups have one term each."""
        if not 0 < len(plan.tokens) <= MAX_TERMS:
            return None
        if any(len(group.members) > 1 for group in plan.groups):
            return None
        state = self._start()
        codes = state.terms.codes_of(plan.tokens)
        with self._lent() as scratch:
            mask = scratch.hit[: self._count]
            hits = self._hits_of(state, plan, filters, mask)
            if codes is None or hits is None:
                return None
            given = len(codes)
            scratch.codes[:given] = codes
            scratch.boosts[:given] = [token.boost for token in plan.tokens]
            count = self._run(scratch, state.terms, b"", mask, given, any_hits=True, wanted=wanted)
            found = self._found(scratch, count)
        if found is None:
            return None
        # The kernel returns all hits where they are few, else only those with a term of the query.
        scored = [
            group for group, score in zip(found.groups, found.scores, strict=True) if score > 0.0
        ]
        groups = scored.count(0) + len({*scored} - {0})
        if groups < wanted and len(found.groups) < hits:
            return None  # the page also shows hits without any term, which score 0
        return found

    def hits(self, plan: Plan, filters: Filters) -> list[Array] | None:
        """Return for each segment which articles are hits that pass the filters; None if the
        kernels don't take the condition.
        """
        hit = np.empty(self._count, dtype=np.uint8)
        if self._hits_of(self._start(), plan, filters, hit) is None:
            return None
        return self._by_segment(hit)

    def phrase(self, phrase: HasPhrase) -> list[Array] | None:
        """Return for each segment which articles have a phrase, deleted ones too; None if the
        kernels don't take it.
        """
        hit = np.empty(self._count, dtype=np.uint8)
        try:
            self._start().conditions.of(phrase, np.zeros(0, dtype=np.uint8), hit)
        except NotForKernelsError:
            return None
        return self._by_segment(hit)

    def _by_segment(self, hit: Array) -> list[Array]:
        ends = np.cumsum([part.segment.count for part in self._snapshot.parts])
        return np.split(hit.view(np.bool_), ends)[: ends.size]

    def _hits_of(self, state: _State, plan: Plan, filters: Filters, hit: Array) -> int | None:
        """Write for each article of all segments a byte, whether it is a hit; return how many."""
        try:
            return state.conditions.of_plan(plan, self._mask(state, filters), hit)
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
        cache = PostingsCache(snapshot, self._ranking, self._fields, self._budget.grown)
        return _State(
            terms=TermTable(
                cache,
                self._analyzer,
                len(snapshot),
                plan_of=self._planner.plan,
                most=self._most,
            ),
            cache=cache,
            conditions=ConditionEvaluator(snapshot, cache, self._positions),
            masks={},
        )

    def _lent(self) -> Loan:
        return self._pool.lend(self._largest, self._count)

    def _run(
        self,
        scratch: Scratch,
        terms: TermTable,
        text: bytes,
        mask: Array,
        given: int = 0,
        *,
        any_hits: bool = False,
        wanted: int,
    ) -> int:
        """Call the kernel; return how many articles it found, or one of its codes below 0."""
        table = terms.table  # which keeps its arrays alive during the call
        work = scratch.table
        count: int = self._kernel(table.numbers, work.numbers, text, mask, given, any_hits, wanted)
        return count

    def _found(self, scratch: Scratch, count: int, before: int = 0) -> TopHits | None:
        """The ``count`` articles that the kernel put after ``before`` others; None for a code."""
        if count < 0:
            if count == NO_ROOM:
                scratch.accumulators.fill(0)
                scratch.covered.fill(0)
            return None
        end = before + count
        flat = scratch.places[2 * before : 2 * end].tolist()
        found = scratch.scores[before:end].tolist()
        if count and not (found[-1] >= layout.ROUNDED_FROM and found[0] < layout.ROUNDED_BELOW):
            found = [rounded(score) for score in found]
        return TopHits(found, flat[::2], flat[1::2], scratch.groups[before:end].tolist())

    def _mask(self, state: _State, filters: Filters) -> Array:
        """A byte for each article that is live and passes the filters; empty for all."""
        cache = state.cache
        if filters is NO_FILTERS or filters.empty:
            return cache.live
        allowed = state.masks.get(filters)
        if allowed is None:
            masks = [np.zeros(0, dtype=np.bool_)]
            for part in self._snapshot.parts:
                passes = filter_mask(filters, part.segment)
                assert passes is not None
                masks.append(passes)
            allowed = np.concatenate(masks).view(np.uint8)
            if cache.live.size:
                allowed = allowed & cache.live
            state.masks[filters] = allowed
            cache.hold(allowed.nbytes)
        return allowed


def _words(query: str) -> bytes:
    """A query in UTF-8, ASCII spaces between its words; empty if it can't be encoded."""
    try:
        return (query if query.isascii() else " ".join(query.split())).encode()
    except UnicodeEncodeError:
        return b""
