"""The postings of a snapshot as the kernels read them: in memory from a term's first query on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from qsearch.arrays import Array, joined, read_only
from qsearch.engine.all_hits import length_norms
from qsearch.engine.cache_budget import PAGE
from qsearch.errors import IndexCorrupt
from qsearch.forks import ForkSafeLock
from qsearch.index.column_checks import divides
from qsearch.index.columns import ColumnFile
from qsearch.index.snapshot import LiveSegment, Snapshot
from qsearch.kernels.search import layout
from qsearch.kernels.search.arguments import DetailTable, EncodedTerm, Formula, UnpackedTerm
from qsearch.model.fields import FIELDS
from qsearch.ranking.settings import Ranking

_FREQUENT = 16
"""A term in more than one of so many articles is also kept as a number for each article."""

_ALL = (1 << len(FIELDS)) - 1

_SHORT = 4_096
"""Postings that the kernel adds up before it looks for what is left to do (``layout.SHORT``)."""

_FEW = 256
"""Hits that the kernel scores one by one (``layout.FEW``)."""

_OFTEN = 1 << 18
"""Bytes after which what all tables hold is counted together again."""

_BUCKET = 4
"""About how many keyword phrases a bucket holds."""


class Unpacked:
    """Arrays over all segments of a snapshot; what each holds say the kernels' arguments.

    Arguments:
        snapshot: the state of the index.
        ranking: the numbers of the formula.
        fields: which of ``FIELDS`` are searched, one flag each.
        grown: is called now and then when ``held`` has grown.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        ranking: Ranking,
        fields: tuple[bool, ...],
        grown: Callable[[], None] = lambda: None,
    ) -> None:
        self._grown = grown
        self._written = self._beside = self._told = 0
        self.searched = sum(searched << field for field, searched in enumerate(fields))
        parts = snapshot.parts
        self._parts = parts
        self._filling = ForkSafeLock()
        self._starts = [_starts(part) for part in parts]
        postings = [starts[-1] for starts in self._starts]
        self._first = np.cumsum([0, *postings]).tolist()
        self.bases = np.cumsum([0, *(part.segment.count for part in parts)]).tolist()
        # Memory that is not written is not taken.
        self.docs = np.empty(self._first[-1], dtype=np.int32)
        self.details = np.empty(self._first[-1], dtype=np.uint32)
        self._dense_rows: list[Array] = []
        room = 0
        for part, starts in zip(parts, self._starts, strict=True):
            frequent = np.diff(starts) * _FREQUENT > part.segment.count
            rows = room + (np.cumsum(frequent) - 1) * part.segment.count
            self._dense_rows.append(np.where(frequent, rows, -1))
            room += int(frequent.sum()) * part.segment.count
        self.dense = np.zeros(room, dtype=np.uint32)
        self._room = sum(array.nbytes for array in (self.docs, self.details, self.dense))
        self._filled: dict[tuple[int, int], tuple[list[int], float] | None] = {}
        weights = np.where(fields, ranking.weights, 0.0)
        keyword_bonus = ranking.keyword_bonus if fields[FIELDS.index("keywords")] else 0.0
        title_bonus = ranking.title_bonus if fields[FIELDS.index("question")] else 0.0
        bonuses = ranking.form_bonus, keyword_bonus, title_bonus
        self.settings = np.array([ranking.k1, *weights, *bonuses, _SHORT, _FEW])
        self.norms = length_norms(ranking, snapshot.average_lengths).reshape(-1)
        self.lengths = joined([part.segment.length_bytes.reshape(-1) for part in parts], np.uint8)
        self.groups = joined([part.segment.columns.column("group") for part in parts], np.uint64)
        self.segments = np.zeros((len(parts), layout.SEGMENT), dtype=np.int64)
        self._phrases(parts)
        headings = [part.segment.headings for part in parts]
        self.heading_words = joined([words for words, _ in headings], np.uint32)
        self.heading_starts = joined([starts for _, starts in headings], np.uint32)
        for column, place in ((layout.HEADING_WORDS, 0), (layout.HEADING_STARTS, 1)):
            sizes = [found[place].size for found in headings]
            self.segments[:, column] = np.cumsum([0, *sizes])[:-1]
        some_gone = any(part.live is not None for part in parts)
        self.live = (
            np.concatenate([part.live_mask() for part in parts]).view(np.uint8)
            if some_gone
            else np.zeros(0, dtype=np.uint8)
        )

    def _phrases(self, parts: Sequence[LiveSegment]) -> None:
        from qsearch.kernels.search.unpack import index_keywords

        keys, docs, filters, buckets = [], [], [], []
        at = filter_at = buckets_at = 0
        for index, part in enumerate(parts):
            columns, count = part.segment.columns, part.segment.count
            phrases = part.segment.phrases()
            keys.append(phrases[0])
            docs.append(phrases[1])
            size = keys[-1].size
            bits = max((size // _BUCKET).bit_length(), 2)
            present = np.zeros((1 << (bits + layout.FILTER_BITS)) // 64, dtype=np.uint64)
            begins = np.empty((1 << bits) + 1, dtype=np.uint32)
            in_order = index_keywords(keys[-1], bits, at, present, begins) == 0
            if not in_order:
                path = columns.path
                raise IndexCorrupt(f"{path}: the keywords are damaged", path=path)
            base = self.bases[index]
            self.segments[index, : layout.HEADING_STARTS] = (
                count, base, at + size, filter_at, buckets_at, bits,
            )  # fmt: skip
            filters.append(present)
            buckets.append(begins)
            at, filter_at = at + size, filter_at + present.size
            buckets_at += begins.size
        self.phrase_keys = joined(keys, np.uint64)
        self.phrase_docs = joined(docs, np.uint32)
        self.phrase_filter = np.concatenate([np.zeros(0, np.uint64), *filters])
        self.phrase_buckets = np.concatenate([np.zeros(0, np.uint32), *buckets])

    def arrays(self) -> tuple[Array, ...]:
        """Return what the kernel reads, in the order of its arguments."""
        return (
            self.segments,
            self.settings,
            self.norms,
            self.docs,
            self.details,
            self.dense,
            self.lengths,
            self.groups,
            self.phrase_keys,
            self.phrase_docs,
            self.phrase_filter,
            self.phrase_buckets,
            self.heading_words,
            self.heading_starts,
        )

    def number_of(self, index: int, form: str, term: str) -> int | None:
        """Return the number of a form's term in a segment; None if the term stands nowhere."""
        return self._parts[index].segment.number_of(form, term)

    def term(self, index: int, number: int) -> tuple[list[int], float] | None:
        """Unpack a term; one thread at a time does.

        Arguments:
            index: of the segment.
            number: of the term there.

        Returns:
            the columns ``START`` to ``DENSE`` (see ``layout``), and the largest impact; None
            if an impact is a number that the kernels can't work with.
        """
        key = (index, number)
        with self._filling:
            if key not in self._filled:
                found = self._filled[key] = self._fill(index, number)
                if found is not None:
                    start, stop, row, *_ = found[0]
                    self._wrote(self.docs[start:stop], self.details[start:stop])
                    if row >= 0:
                        self._wrote(self.dense[row : row + self._parts[index].segment.count])
            return self._filled[key]

    @property
    def held(self) -> int:
        """About how much memory takes what was unpacked, and what was kept with it, in bytes."""
        return min(self._written, self._room) + self._beside

    def hold(self, size: int) -> None:
        """Count so many bytes that others keep as long as this."""
        self._beside += size
        self._tell()

    def _wrote(self, *parts: Array) -> None:
        # Memory is taken in pages.
        self._written += sum(part.nbytes + PAGE for part in parts)
        self._tell()

    def _tell(self) -> None:
        held = self.held
        if held > self._told + _OFTEN:
            self._told = held
            self._grown()

    def _fill(self, index: int, number: int) -> tuple[list[int], float] | None:
        from qsearch.kernels.search.unpack import unpack_term

        segment = self._parts[index].segment
        columns = segment.columns
        start, stop = self.span(index, number)
        at, end = columns.column("term.docs", number, number + 2).tolist()
        first = self._first[index] + start
        row = int(self._dense_rows[index][number])
        most = np.zeros(1)
        base, end_of_term = self.bases[index], first + stop - start
        count = unpack_term(
            EncodedTerm(
                read_only(columns.column("docs", at, end)),
                read_only(columns.column("details", start, stop)),
                start,
            ),
            detail_table(columns),
            self.lengths[3 * base : 3 * (base + segment.count)],
            Formula(self.settings, self.norms),
            self.searched,
            UnpackedTerm(
                self.docs[first:end_of_term],
                self.details[first:end_of_term],
                self.dense[row : row + segment.count] if row >= 0 else self.dense[:0],
                most,
            ),
        )
        if count == -1:
            path = columns.path
            raise IndexCorrupt(f"{path}: the postings of a term are damaged", path=path)
        if count < 0:
            return None
        return [first, first + count, row], float(most[0])

    def form(self, index: int, form: str) -> tuple[int, Array]:
        """Return the bit of a form in the detail words of a segment, or the articles it stands in.

        On disk the rarer forms of a term share a bit; for those it is 0, and the articles count.
        """
        segment = self._parts[index].segment
        bit = segment.form_bit(form)
        if bit == 0 or (bit > 0 and self.searched == _ALL):
            return bit, np.zeros(0, dtype=np.int32)
        found = segment.form_postings(form)
        assert found is not None, "a form with a bit stands somewhere"
        docs, fields = found
        return 0, docs[(fields & self.searched) != 0].astype(np.int32)

    def form_place(self, index: int, number: int, form: str) -> tuple[int, int, int]:
        """Return where the forms of a term of a segment start and stop among all its forms, term by
        term, and the place of one of them, -1 if it does not occur there.
        """
        return self._parts[index].segment.form_place(number, form)

    def span(self, index: int, number: int) -> tuple[int, int]:
        """Return where the postings of a term start and stop among those of its segment on disk."""
        start, stop = self._starts[index][number : number + 2].tolist()
        return start, stop

    def frequency(self, row: list[int], index: int) -> int:
        """Return in how many live articles the term of a row of ``term`` stands."""
        live = self._parts[index].live
        docs = self.docs[row[0] : row[1]]
        return docs.size if live is None else int(live[docs].sum())


def detail_table(columns: ColumnFile) -> DetailTable:
    """Return what the bytes of the column ``details`` stand for, as the kernels take it."""
    names = "details.common", "details.rare", "details.rare_value"
    return DetailTable(*(read_only(columns.column(name)) for name in names))


def _starts(part: LiveSegment) -> Array:
    columns = part.segment.columns
    starts: Array = columns.column("term.postings").astype(np.int64)
    rare = columns.column("details.rare")
    in_order = divides(starts, columns.count("details")) and (rare[1:] > rare[:-1]).all()
    if not in_order:
        path = columns.path
        raise IndexCorrupt(f"{path}: the postings of terms are out of order", path=path)
    return starts
