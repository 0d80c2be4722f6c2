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
from qsearch.errors import IndexCorrupt
from qsearch.index.columns import Array
from qsearch.index.fields import FORM_BITS
from qsearch.index.records import term_hash
from qsearch.index.snapshot import LiveSegment, Place, Snapshot
from qsearch.search.filters import Filters
from qsearch.search.match import idf, length_norms
from qsearch.search.ranking import COVER_WORDS, FORM_FLOOR, Ranking

MAX_WANTED = 128
"""The best are kept in an unsorted list, which suits a page or some; more take the other path."""

MAX_TERMS = 256

_ROOM = 4_096
_BUCKETS = 65_536
"""Phrase keys are looked up by their upper 16 bits first."""

_FREQUENT = 16
"""A term in more than one of so many articles is also kept as a byte for each article."""

_KEPT = 100_000

# Anything that the syntax gives a meaning to, and markup and mathematics, which reach over spaces.
# Groups of words are words: parentheses mean nothing while there is no operator.
_SPECIAL = re.compile(
    r"""(?:^|[\s(])[+\-](?=\S)|["*^$\\<&“”„«»]|(?<![^\s()])(?:AND|OR|NOT)(?![^\s()])""",
)


class Found(NamedTuple):
    """An article that may be among the best: its exact score, and what its copies share (0: none).

    ``group`` is the first half of what ``Snapshot.group`` gives.
    """

    score: float
    place: Place
    group: int


class _Entry:
    """What is known about a (term, form) of queries: looked up once in the life of a snapshot.

    Attributes:
        stop: whether it is a stop word.
        hash: its 64-bit hash as a signed number.
        idf, mass: 0 for a term that stands nowhere.
        numbers, bits: for each segment the number of the term (-1: none) and the form's bit.
    """

    __slots__ = ("bits", "hash", "idf", "mass", "numbers", "stop")

    def __init__(self, *, stop: bool, term: str) -> None:
        self.stop = stop
        hashed = term_hash(term)
        self.hash = hashed - (1 << 64) if hashed >> 63 else hashed
        self.idf = 0.0
        self.mass = 0.0
        self.numbers: list[int] = []
        self.bits: list[int] = []


class _Pool:
    """The unpacked postings of one segment, filled term by term as queries ask for them."""

    def __init__(self, part: LiveSegment, ranking: Ranking, averages: Array) -> None:
        self.part = part
        segment = part.segment
        columns = segment.columns
        self._ranking = ranking
        self._norms = length_norms(ranking, averages).reshape(-1)
        self._lengths = segment.length_bytes.reshape(-1)
        self.starts = columns.column("term.postings").astype(np.int64)
        self._doc_starts = columns.column("term.docs")
        self._common = columns.column("details.common")
        self._rare = columns.column("details.rare")
        self._rare_values = columns.column("details.rare_value")
        postings = int(self.starts[-1])
        in_order = self.starts[0] == 0 and (self.starts[1:] >= self.starts[:-1]).all()
        if not in_order or postings != columns.count("details"):
            path = columns.path
            raise IndexCorrupt(f"{path}: the postings of terms are out of order", path=path)
        self.docs = np.empty(postings, dtype=np.int32)
        self.impacts = np.empty(postings, dtype=np.float64)
        self.masks = np.empty(postings, dtype=np.uint16)
        self._rare_forms: dict[int, list[str]] = {}
        self.maxima = np.full(self.starts.size - 1, -1.0)
        self.groups = columns.column("group")
        self.phrase_keys = columns.column("phrase.key")
        self.phrase_docs = columns.column("phrase.docs")
        firsts = np.arange(_BUCKETS, dtype=np.uint64) << np.uint64(48)
        self.buckets = np.append(self.phrase_keys.searchsorted(firsts), self.phrase_keys.size)
        frequent = np.diff(self.starts) * _FREQUENT > segment.count
        self.dense_rows = np.where(frequent, np.cumsum(frequent) - 1, -1).astype(np.int32)
        # Memory that is not written is not taken.
        self.dense = np.zeros(int(frequent.sum()) * segment.count, dtype=np.uint8)
        self.everything = np.zeros(0, dtype=np.uint8)
        self.live = self.everything if part.live is None else part.live.view(np.uint8)

    def term(self, number: int) -> tuple[int, int] | None:
        """Where a term's postings start and stop in the arrays, where they are from now on.

        None: its impacts are numbers that the kernels can't work with.
        """
        from qsearch.compiled.fill import fill_term

        start, stop = self.starts[number : number + 2].tolist()
        if self.maxima[number] < 0:
            columns, ranking = self.part.segment.columns, self._ranking
            at, end = self._doc_starts[number : number + 2].tolist()
            failed = fill_term(
                columns.column("docs", at, end),
                columns.column("details", start, stop),
                self._common,
                self._rare,
                self._rare_values,
                start,
                self.part.segment.count,
                self._lengths,
                self._norms,
                ranking.question,
                ranking.answer,
                ranking.keywords,
                ranking.k1,
                self.docs,
                self.impacts,
                self.masks,
                self.maxima,
                number,
                self._dense_row(number),
            )
            if failed > 0:
                return None
            if failed:
                path = columns.path
                raise IndexCorrupt(f"{path}: the postings of a term are damaged", path=path)
        return start, stop

    def _dense_row(self, number: int) -> Array:
        row, count = int(self.dense_rows[number]), self.part.segment.count
        return self.dense[row * count : (row + 1) * count] if row >= 0 else self.dense[:0]

    def form_bit(self, term: int, form: str) -> int | None:
        """The bit of a form in ``masks``; None if the term's bits are used up.

        On disk the rarer forms of a term share a bit; those that are asked for get one of their
        own here, in the upper half.
        """
        segment = self.part.segment
        bit = segment.form_bit(form)
        if bit >= 0:
            return bit
        asked = self._rare_forms.setdefault(term, [])
        if form not in asked:
            found = segment.form_postings(form)
            if len(asked) == FORM_BITS or found is None:
                return None
            asked.append(form)
            start, stop = self.starts[term : term + 2].tolist()
            at = start + np.searchsorted(self.docs[start:stop], found[0])
            self.masks[at] |= np.uint16(1 << (FORM_BITS + asked.index(form)))
        return 1 << (FORM_BITS + asked.index(form))


class _Best:
    """Room for the best scores of a query and for guesses about them."""

    def __init__(self, wanted: int) -> None:
        self.scores, self.guesses = np.zeros(wanted), np.zeros(wanted)
        self.groups, self.guess_groups = np.zeros(wanted, np.uint64), np.zeros(wanted, np.uint64)
        self.size = np.zeros(1, dtype=np.int64)


class _Sums:
    """Working space of one number an article of a segment."""

    def __init__(self, count: int) -> None:
        self.sums = np.zeros(count)
        self.touched = np.empty(count, dtype=np.int32)
        self.chosen = np.empty(count, dtype=np.int32)
        self.bitmap = np.zeros(count // 64 + 1, dtype=np.uint64)


class _Scratch(threading.local):
    """Working space of a thread; kept, since fresh memory costs more than a query."""

    def __init__(self) -> None:
        self.docs = np.empty(_ROOM, dtype=np.int32)
        self.scores = np.empty(_ROOM)
        self.groups = np.empty(_ROOM, dtype=np.uint64)
        self._best: dict[int, _Best] = {}
        self._sums: dict[int, _Sums] = {}

    def best(self, wanted: int) -> _Best:
        """Room for ``wanted`` scores."""
        found = self._best.get(wanted)
        if found is None:
            found = self._best[wanted] = _Best(wanted)
        return found

    def sums(self, count: int) -> _Sums:
        """Room for a segment of ``count`` articles."""
        found = self._sums.get(count)
        if found is None:
            found = self._sums[count] = _Sums(count)
        return found


class FastPath:
    """Answers plain queries on one snapshot. Safe for use by several threads."""

    def __init__(
        self, snapshot: Snapshot, analyzer: Analyzer, ranking: Ranking, *, max_clauses: int
    ) -> None:
        self._snapshot = snapshot
        self._clauses = max_clauses
        self._analyzer = analyzer
        self._ranking = ranking
        self._pools: list[_Pool] | None = None
        self._words: dict[str, list[tuple[str, str, bool]]] = {}
        self._entries: dict[tuple[str, str], _Entry | None] = {}
        self._allowed: dict[tuple[int, Filters], Array] = {}
        self._scratch = _Scratch()
        self._building = threading.Lock()

    def top(self, query: str, filters: Filters, wanted: int) -> list[Found] | None:
        """Return every article that may be among the best ``wanted`` groups, ties included.

        None: the query is not for this path.
        """
        if not compiled.ready() or not 0 < wanted <= MAX_WANTED or _SPECIAL.search(query):
            return None
        boosts: dict[tuple[str, str], float] = {}
        words: list[tuple[str, str]] = []
        seen = 0
        for piece in plain_pieces(query):
            for term, form, overlay in self._tokens(piece):
                key = (term, form)
                boosts[key] = boosts.get(key, 0.0) + 1.0
                seen += 1
                if not overlay:
                    words.append(key)
        if not 0 < seen <= min(MAX_TERMS, self._clauses):
            return None
        entries = {}
        for key in boosts:
            entry = self._entry(key)
            if entry is None:
                return None
            entries[key] = entry
        scored = [(entries[key], boost) for key, boost in boosts.items()]
        cover = [entries[key] for key in words[:COVER_WORDS]]
        return self._run(scored, cover, filters, wanted)

    def _tokens(self, piece: str) -> list[tuple[str, str, bool]]:
        tokens = self._words.get(piece)
        if tokens is None:
            if len(self._words) > _KEPT:
                self._words.clear()
            tokens = self._words[piece] = [
                (self._analyzer.term(word.form), word.form, word.overlay)
                for word in self._analyzer.words(Piece(piece, 0, False))
            ]
        return tokens

    def _ensure_pools(self) -> list[_Pool]:
        if self._pools is None:
            with self._building:
                if self._pools is None:
                    averages = self._snapshot.average_lengths
                    self._pools = [
                        _Pool(part, self._ranking, averages) for part in self._snapshot.parts
                    ]
        return self._pools

    def _entry(self, key: tuple[str, str]) -> _Entry | None:
        """What is known about a term as typed; None if it needs the general path."""
        if key in self._entries:
            return self._entries[key]
        if len(self._entries) > _KEPT:
            self._entries.clear()
        entry = self._entries[key] = self._look_up(*key)
        return entry

    def _look_up(self, term: str, form: str) -> _Entry | None:
        entry = _Entry(stop=self._analyzer.is_stop_word(form), term=term)
        frequency = 0
        for pool in self._ensure_pools():
            number = pool.part.segment.number_of(form, term)
            bit = start = stop = 0
            if number is not None:
                # One thread at a time fills a term and gives its forms bits.
                with self._building:
                    filled = pool.term(number)
                    found = pool.form_bit(number, form) if filled else None
                if filled is None or found is None:
                    return None
                (start, stop), bit = filled, found
            entry.numbers.append(-1 if number is None else number)
            entry.bits.append(bit)
            live = pool.part.live
            frequency += stop - start if live is None else int(live[pool.docs[start:stop]].sum())
        if frequency:
            entry.idf = idf(len(self._snapshot), frequency)
            entry.mass = entry.idf + FORM_FLOOR
        return entry

    def _run(
        self,
        used: list[tuple[_Entry, float]],
        cover: list[_Entry],
        filters: Filters,
        wanted: int,
    ) -> list[Found] | None:
        from qsearch.compiled.top import top

        scored = [(entry, boost) for entry, boost in used if entry.idf]
        if not scored:
            return []
        only_stops = all(entry.stop for entry, _ in used)
        whole = 0.0
        for entry, boost in scored:
            whole += boost * entry.mass
        query_words = np.array(
            [(entry.hash, not entry.stop) for entry in cover], dtype=np.int64
        ).reshape(-1, 2)
        scratch = self._scratch
        best = scratch.best(wanted)
        best.size[0] = 0
        found: list[Found] = []
        for index, pool in enumerate(self._ensure_pools()):
            space = scratch.sums(pool.part.segment.count)
            put = top(
                pool.docs,
                pool.impacts,
                pool.masks,
                pool.groups,
                pool.phrase_keys,
                pool.phrase_docs,
                pool.buckets,
                pool.starts,
                pool.maxima,
                pool.dense_rows,
                pool.dense,
                np.array(
                    [
                        (
                            entry.numbers[index],
                            boost * entry.idf,
                            boost * entry.mass,
                            entry.bits[index],
                            only_stops or not entry.stop,
                        )
                        for entry, boost in scored
                    ],
                    dtype=np.float64,
                ),
                query_words,
                whole,
                self._ranking.form_bonus,
                self._ranking.keyword_bonus,
                self._mask(index, pool, filters),
                space.sums,
                space.touched,
                space.chosen,
                space.bitmap,
                best.scores,
                best.groups,
                best.size,
                best.guesses,
                best.guess_groups,
                scratch.docs,
                scratch.scores,
                scratch.groups,
            )
            if put < 0:
                return None
            found += [
                Found(score, Place(index, doc), group)
                for doc, score, group in zip(
                    scratch.docs[:put].tolist(),
                    scratch.scores[:put].tolist(),
                    scratch.groups[:put].tolist(),
                    strict=True,
                )
            ]
        return found

    def _mask(self, index: int, pool: _Pool, filters: Filters) -> Array:
        """A byte for each article that is live and passes the filters; empty for all."""
        if filters.empty:
            return pool.live
        key = (index, filters)
        allowed = self._allowed.get(key)
        if allowed is None:
            passes = filters.mask(self._snapshot, index)
            assert passes is not None
            if pool.part.live is not None:
                passes = passes & pool.part.live
            if len(self._allowed) >= 256:
                self._allowed.clear()
            allowed = self._allowed[key] = passes.view(np.uint8)
        return allowed
