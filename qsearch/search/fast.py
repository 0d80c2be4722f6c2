"""Plain queries without a detour: from words to the best articles through the compiled kernels.

Only for queries that are nothing but words, ranked by relevance over all fields with the index's
own settings; ``Searcher`` takes the general path for all others, and until the kernels are ready.
"""

from __future__ import annotations

import re
import threading
from typing import NamedTuple

import numpy as np

from qsearch import compiled
from qsearch.analysis import Analyzer
from qsearch.analysis.pieces import Piece, plain_pieces
from qsearch.compiled import layout
from qsearch.index.columns import Array
from qsearch.index.records import term_hash
from qsearch.index.snapshot import Snapshot
from qsearch.search.filters import NO_FILTERS, Filters
from qsearch.search.match import idf
from qsearch.search.ranking import FORM_FLOOR, Ranking
from qsearch.search.unpacked import Unpacked

MAX_WANTED = 128
"""The best are kept in an unsorted list, which suits a page or some; more take the other path."""

MAX_TERMS = 256

_ROOM = 4_096
_KEPT = 100_000

# Anything that the syntax gives a meaning to, and markup and mathematics, which reach over spaces.
# Groups of words are words: parentheses mean nothing while there is no operator.
_SPECIAL = re.compile(
    r"""(?:^|\()[+\-](?=\S)|["*^$\\<&“”„«»]|(?<![^(])(?:AND|OR|NOT)(?![^()])""",
)


class Found(NamedTuple):
    """The articles that may be among the best, by their exact scores, highest first.

    Attributes:
        scores: the score of each.
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
        self._learning = threading.Lock()
        self.codes: dict[str, tuple[int, ...] | None] = {}
        self.facts = np.zeros((256, layout.ENTRY + self._parts * layout.PART), dtype=np.int64)
        self.numbers = np.zeros((256, layout.LARGEST + self._parts))
        self.forms = np.zeros(256, dtype=np.int32)

    @property
    def full(self) -> bool:
        """Whether it is time to start anew."""
        return len(self.codes) > _KEPT

    def learn(self, word: str) -> tuple[int, ...] | None:
        """Return the codes of a run without spaces, None if it takes the general path."""
        with self._learning:
            found: list[int] | None = None if _SPECIAL.search(word) else []
            for piece in plain_pieces(word):
                for token in self._analyzer.words(Piece(piece, 0, False)):
                    if found is None:
                        break
                    entry = self._entry(self._analyzer.term(token.form), token.form)
                    found = None if entry is None else [*found, 2 * entry + token.overlay]
            self.codes[word] = codes = None if found is None else tuple(found)
        return codes

    def _entry(self, term: str, form: str) -> int | None:
        """The row of a term as typed; None if the kernels can't work with its numbers."""
        key = (term, form)
        if key not in self._entries:
            self._entries[key] = self._look_up(term, form)
        return self._entries[key]

    def _look_up(self, term: str, form: str) -> int | None:
        hashed = term_hash(term)
        facts = [hashed - (1 << 64) if hashed >> 63 else hashed, self._analyzer.is_stop_word(form)]
        largest, frequency = [], 0
        for index in range(self._parts):
            number = self._unpacked.number_of(index, form, term)
            if number is None:
                facts += [0, 0, -1, 0, 0, 0, 0, 0, 0]
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
        if stop > self.forms.size:
            room = np.zeros(stop, dtype=np.int32)
            self.forms = np.concatenate([self.forms[:start], room])
        self.forms[start:stop] = docs
        self._forms_used = stop
        return start, stop


class _Scratch(threading.local):
    """Working space of a thread; kept, since fresh memory costs more than a query."""

    def __init__(self, count: int) -> None:
        blocks = count // layout.BLOCK + 1
        self.sums = np.zeros(blocks * layout.BLOCK, dtype=np.uint16)
        self.upper, self.shares = np.empty(count), np.empty(count)
        self.chosen = np.empty(count, dtype=np.int32)
        self.covered = np.zeros(count, dtype=np.uint64)
        self.marked = np.empty(count, dtype=np.int32)
        self.scores = np.empty(_ROOM)
        self.places = np.empty(2 * _ROOM, dtype=np.int64)
        self.groups = np.empty(_ROOM, dtype=np.uint64)


class FastPath:
    """Answers plain queries on one snapshot. Safe for use by several threads."""

    def __init__(
        self, snapshot: Snapshot, analyzer: Analyzer, ranking: Ranking, *, max_clauses: int
    ) -> None:
        self._snapshot = snapshot
        self._most = min(MAX_TERMS, max_clauses)
        self._analyzer = analyzer
        self._ranking = ranking
        self._known: _Known | None = None
        self._unpacked: Unpacked | None = None
        self._allowed: dict[Filters, Array] = {}
        self._scratch = _Scratch(max((part.segment.count for part in snapshot.parts), default=0))
        self._building = threading.Lock()

    def top(self, query: str, filters: Filters, wanted: int) -> Found | None:
        """Return every article that may be among the best ``wanted`` groups, ties included.

        None: the query is not for this path.
        """
        if not compiled.ready() or not 0 < wanted <= MAX_WANTED:
            return None
        known = self._known
        if known is None or known.full:
            known = self._start()
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
        return self._run(known, np.array(codes, dtype=np.int32), filters, wanted)

    def _start(self) -> _Known:
        with self._building:
            if self._unpacked is None:
                self._unpacked = Unpacked(self._snapshot, self._ranking)
            if self._known is None or self._known.full:
                self._known = _Known(self._unpacked, self._analyzer, len(self._snapshot))
            return self._known

    def _run(self, known: _Known, codes: Array, filters: Filters, wanted: int) -> Found | None:
        from qsearch.compiled.top import top

        unpacked, scratch = self._unpacked, self._scratch
        assert unpacked is not None
        put = top(
            codes,
            known.facts,
            known.numbers,
            known.forms,
            unpacked.segments,
            unpacked.settings,
            unpacked.norms,
            unpacked.docs,
            unpacked.details,
            unpacked.dense,
            unpacked.common,
            unpacked.rare_docs,
            unpacked.rare_words,
            unpacked.lengths,
            unpacked.groups,
            unpacked.phrase_keys,
            unpacked.phrase_docs,
            unpacked.phrase_filter,
            unpacked.phrase_buckets,
            unpacked.live if filters is NO_FILTERS else self._mask(unpacked, filters),
            wanted,
            scratch.sums,
            scratch.upper,
            scratch.shares,
            scratch.chosen,
            scratch.covered,
            scratch.marked,
            scratch.scores,
            scratch.places,
            scratch.groups,
        )
        if put < 0:
            scratch.covered.fill(0)
            return None
        places = scratch.places[: 2 * put].tolist()
        return Found(
            scratch.scores[:put].tolist(),
            places[::2],
            places[1::2],
            scratch.groups[:put].tolist(),
        )

    def _mask(self, unpacked: Unpacked, filters: Filters) -> Array:
        """A byte for each article that is live and passes the filters; empty for all."""
        if filters.empty:
            return unpacked.live
        allowed = self._allowed.get(filters)
        if allowed is None:
            masks = [np.zeros(0, dtype=np.bool_)]
            for index in range(len(self._snapshot.parts)):
                passes = filters.mask(self._snapshot, index)
                assert passes is not None
                masks.append(passes)
            allowed = np.concatenate(masks).view(np.uint8)
            if unpacked.live.size:
                allowed = allowed & unpacked.live
            if len(self._allowed) >= 256:
                self._allowed.clear()
            self._allowed[filters] = allowed
        return allowed
