"""The best articles through the compiled kernels; until they are ready, others answer.

A query that is nothing but words takes no detour over a tree and a plan: the words are looked up,
and the kernel finds the best. For any other the plan says which articles are hits, and the same
kernel finds the best of those.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qsearch import compiled
from qsearch.analysis.analyzer import Analyzer
from qsearch.analysis.pieces import Piece, plain_pieces
from qsearch.compiled import layout
from qsearch.forks import ForkSafeLock
from qsearch.index.columns import Array
from qsearch.index.records import term_hash
from qsearch.index.snapshot import Snapshot
from qsearch.limits import Limits
from qsearch.search.filters import NO_FILTERS, Filters
from qsearch.search.hits import Hits
from qsearch.search.match import idf
from qsearch.search.memory import Memory
from qsearch.search.outcome import rounded
from qsearch.search.plan import Plan, QueryToken
from qsearch.search.ranking import FORM_FLOOR, Ranking
from qsearch.search.syntax import is_plain
from qsearch.search.terms import NotForKernelsError
from qsearch.search.unpacked import Unpacked

MAX_WANTED = 128
"""The best are kept in an unsorted list, which suits a page or some; more take the other path."""

MAX_TERMS = 256

_ROOM = 4_096

_WORD_BYTES = 512
"""About what is kept of a word of a query apart from its letters."""


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


class _Known:
    """The words that queries held: what the kernels have to know of each, looked up once.

    Attributes:
        codes: for each run without spaces the codes of its words (``layout``); None for one that
            is more than words.
        facts, numbers, forms: the tables that the codes lead to.
    """

    def __init__(self, unpacked: Unpacked, analyzer: Analyzer, articles: int) -> None:
        self._unpacked = unpacked
        self._analyzer = analyzer
        self._articles = articles
        self._parts = len(unpacked.segments)
        self._entries: dict[tuple[str, str], int | None] = {}
        self._used = 0
        self._forms_used = 0
        self._learning = ForkSafeLock()
        self.codes: dict[str, tuple[int, ...] | None] = {}
        self.facts = np.zeros((256, layout.ENTRY + self._parts * layout.PART), dtype=np.int64)
        self.numbers = np.zeros((256, layout.LARGEST + self._parts))
        self.forms = np.zeros(256, dtype=np.int32)

    def learn(self, word: str) -> tuple[int, ...] | None:
        """Return the codes of a run without spaces, None if it takes the general path."""
        with self._learning:
            found: list[int] | None = [] if is_plain(word) else None
            for piece in plain_pieces(word):
                for token in self._analyzer.words(Piece(piece, 0, False)):
                    if found is None:
                        break
                    entry = self.entry(self._analyzer.term(token.form), token.form)
                    found = None if entry is None else [*found, 2 * entry + token.overlay]
            self.codes[word] = codes = None if found is None else tuple(found)
            self._unpacked.hold(_WORD_BYTES + 4 * len(word))
        return codes

    def codes_of(self, tokens: Sequence[QueryToken]) -> list[int] | None:
        """Return the codes of the words of a plan."""
        codes = []
        with self._learning:
            for term, form, _, overlay in tokens:
                entry = self.entry(term, form)
                if entry is None:
                    return None
                codes.append(2 * entry + overlay)
        return codes

    def entry(self, term: str, form: str) -> int | None:
        """Return the row of a term as typed; None if the kernels can't work with its numbers.

        One thread at a time may ask.
        """
        key = (term, form)
        if key not in self._entries:
            self._entries[key] = self._look_up(term, form)
            row = self.facts.shape[1] + self.numbers.shape[1]
            self._unpacked.hold(_WORD_BYTES + 4 * len(form) + 8 * row)
        return self._entries[key]

    def _look_up(self, term: str, form: str) -> int | None:
        hashed = term_hash(term)
        facts = [hashed - (1 << 64) if hashed >> 63 else hashed, self._analyzer.is_stop_word(form)]
        largest, frequency = [], 0
        for index in range(self._parts):
            number = self._unpacked.number_of(index, form, term)
            if number is None:
                facts += [0, 0, -1, 0, 0, 0]
                largest.append(0.0)
                continue
            filled = self._unpacked.term(index, number)
            if filled is None:
                return None
            row, most = filled
            bit, docs = self._unpacked.form(index, form)
            facts += [*row, bit, *self._keep_forms(docs)]
            largest.append(most)
            frequency += self._unpacked.frequency(row, index)
        weight = idf(self._articles, frequency) if frequency else 0.0
        mass = weight + FORM_FLOOR if frequency else 0.0
        entry = self._used
        if entry == len(self.facts):
            # Others may still read the tables there are.
            self.facts = np.concatenate([self.facts, np.zeros_like(self.facts)])
            self.numbers = np.concatenate([self.numbers, np.zeros_like(self.numbers)])
        self.facts[entry] = facts
        self.numbers[entry] = [weight, mass, *largest]
        self._used += 1
        return entry

    def _keep_forms(self, docs: Array) -> tuple[int, int]:
        start, stop = self._forms_used, self._forms_used + docs.size
        self._unpacked.hold(2 * docs.nbytes)
        if stop > self.forms.size:
            room = np.zeros(stop, dtype=np.int32)
            self.forms = np.concatenate([self.forms[:start], room])
        self.forms[start:stop] = docs
        self._forms_used = stop
        return start, stop


class _State(NamedTuple):
    """What is kept between queries."""

    known: _Known
    unpacked: Unpacked
    hits: Hits
    allowed: dict[Filters, Array]
    arrays: tuple[Array, ...]


class _Scratch(threading.local):
    """Working space of a thread; kept, since fresh memory costs more than a query."""

    def __init__(self, count: int, total: int) -> None:
        self.hit = np.empty(total, dtype=np.uint8)
        blocks = count // layout.BLOCK + 1
        self.ones = np.ones(MAX_TERMS)
        self.sums = np.zeros(blocks * layout.BLOCK, dtype=np.uint16)
        self.covered = np.zeros(count, dtype=np.uint64)
        self.arrays = (  # in the order of the kernel's arguments
            self.sums,
            np.empty(count),
            np.empty(count),
            np.empty(blocks * layout.BLOCK, dtype=np.int32),
            self.covered,
            np.empty(count, dtype=np.int32),
            np.empty(_ROOM),
            np.empty(2 * _ROOM, dtype=np.int64),
            np.empty(_ROOM, dtype=np.uint64),
        )


class FastPath:
    """Answers queries on one snapshot, over some fields. Safe for use by several threads.

    Arguments:
        snapshot: the state of the index.
        analyzer: its analyser.
        ranking: the numbers of the formula.
        fields: which of ``FIELDS`` are searched, one flag each.
        limits: ``clauses`` and ``positions`` apply.
        memory: counts what is kept between queries.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        analyzer: Analyzer,
        ranking: Ranking,
        fields: tuple[bool, ...],
        *,
        limits: Limits,
        memory: Memory,
    ) -> None:
        self._snapshot = snapshot
        self._most = min(MAX_TERMS, limits.clauses)
        self._positions = limits.positions
        self._analyzer = analyzer
        self._ranking = ranking
        self._fields = fields
        self._memory = memory
        self._state: _State | None = None
        counts = [part.segment.count for part in snapshot.parts]
        self._scratch = _Scratch(max(counts, default=0), sum(counts))
        self._building = ForkSafeLock()
        memory.join(self)

    @property
    def held(self) -> int:
        """About how much memory takes what is kept between queries, in bytes."""
        state = self._state
        return 0 if state is None else state.unpacked.held

    def forget(self) -> None:
        """Keep nothing of what was; queries that are under way have it still."""
        self._state = None

    def top(self, query: str, filters: Filters, wanted: int) -> Found | None:
        """Return every article that may be among the best ``wanted`` groups, ties included.

        None: the query is more than words, or not for the kernels.
        """
        if not compiled.ready() or not 0 < wanted <= MAX_WANTED:
            return None
        state = self._start()
        known = state.known
        codes: list[int] = []
        for word in query.split():
            try:
                found = known.codes[word]
            except KeyError:
                found = known.learn(word)
            if found is None:
                return None
            codes += found
        if not 0 < len(codes) <= self._most:
            return None
        boosts = self._scratch.ones[: len(codes)]
        mask = self._mask(state, filters)
        return self._run(state, codes, boosts, mask, any_hits=False, wanted=wanted)

    def best(self, plan: Plan, filters: Filters, wanted: int) -> Found | None:
        """Return the same for any plan; None if it is not for the kernels."""
        if not compiled.ready() or not 0 < wanted <= MAX_WANTED:
            return None
        if not 0 < len(plan.tokens) <= MAX_TERMS:
            return None
        state = self._start()
        codes = state.known.codes_of(plan.tokens)
        mask = self._scratch.hit
        count = self._hits_of(state, plan, filters, mask)
        if codes is None or count is None:
            return None
        boosts = np.array([token.boost for token in plan.tokens])
        found = self._run(state, codes, boosts, mask, any_hits=True, wanted=wanted)
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
        if not compiled.ready():
            return None
        ends = np.cumsum([part.segment.count for part in self._snapshot.parts])
        hit = np.empty(ends[-1] if ends.size else 0, dtype=np.uint8)
        if self._hits_of(self._start(), plan, filters, hit) is None:
            return None
        return np.split(hit.view(np.bool_), ends)[: ends.size]

    def _hits_of(self, state: _State, plan: Plan, filters: Filters, hit: Array) -> int | None:
        """The same for all segments, one after another, as bytes; returns how many are hits."""
        try:
            return state.hits.of_plan(plan, self._mask(state, filters), hit)
        except NotForKernelsError:
            return None

    def _start(self) -> _State:
        state = self._state
        if state is None or self._memory.exceeded:
            self._memory.clear()
            with self._building:
                state = self._state or self._new_state()
                self._state = state
        return state

    def _new_state(self) -> _State:
        from qsearch.compiled.top import top

        self._top = top
        snapshot = self._snapshot
        unpacked = Unpacked(snapshot, self._ranking, self._fields, self._memory.grown)
        return _State(
            known=_Known(unpacked, self._analyzer, len(snapshot)),
            unpacked=unpacked,
            hits=Hits(snapshot, unpacked, self._positions),
            allowed={},
            arrays=unpacked.arrays(),
        )

    def _run(
        self,
        state: _State,
        codes: list[int],
        boosts: Array,
        mask: Array,
        *,
        any_hits: bool,
        wanted: int,
    ) -> Found | None:
        scratch, known = self._scratch, state.known
        put = self._top(
            np.array(codes, dtype=np.int32),
            boosts,
            known.facts,
            known.numbers,
            known.forms,
            *state.arrays,
            mask,
            any_hits,
            wanted,
            *scratch.arrays,
        )
        if put < 0:
            scratch.sums.fill(0)
            scratch.covered.fill(0)
            return None
        *_, scores, places, groups = scratch.arrays
        flat = places[: 2 * put].tolist()
        found = scores[:put].tolist()
        if put and not (found[-1] >= layout.ROUNDED_FROM and found[0] < layout.ROUNDED_BELOW):
            found = [rounded(score) for score in found]
        return Found(found, flat[::2], flat[1::2], groups[:put].tolist())

    def _mask(self, state: _State, filters: Filters) -> Array:
        """A byte for each article that is live and passes the filters; empty for all."""
        unpacked = state.unpacked
        if filters is NO_FILTERS or filters.empty:
            return unpacked.live
        allowed = state.allowed.get(filters)
        if allowed is None:
            masks = [np.zeros(0, dtype=np.bool_)]
            for index in range(len(self._snapshot.parts)):
                passes = filters.mask(self._snapshot, index)
                assert passes is not None
                masks.append(passes)
            allowed = np.concatenate(masks).view(np.uint8)
            if unpacked.live.size:
                allowed = allowed & unpacked.live
            state.allowed[filters] = allowed
            unpacked.hold(allowed.nbytes)
        return allowed
