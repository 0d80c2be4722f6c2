"""Whether the postings of a segment say one thing wherever they say it.

Articles, frequencies and form bits are stored apart from the positions that they follow from.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qsearch.arrays import Array
from qsearch.index.segment import Segment
from qsearch.index.varint import DENSE, LEB128, Code, decode
from qsearch.model.bit_layout import (
    FORM_BITS,
    MAX_FREQUENCIES,
    ONLY_FORM,
    RANKED,
    SEVERAL,
    unpack_frequency,
)
from qsearch.model.fields import FIELDS

_PORTION = 500_000
"""About so many postings are looked at together, which bounds the memory."""


def posting_problems(segment: Segment) -> Iterator[str]:
    """Yield what is wrong with the postings; all offsets are in order."""
    columns = segment.columns
    starts = columns.column("term.postings").astype(np.int64)
    if not (np.diff(starts) > 0).all():
        yield "a term has no postings"
        return
    codes = columns.column("details")
    rare = columns.column("details.rare")
    apart = np.flatnonzero(codes == 255)
    if rare.size != apart.size or not (rare == apart).all():
        yield "the rare details do not fit the postings"
        return
    if ((codes >= columns.count("details.common")) & (codes != 255)).any():
        yield "a posting has details that are not there"
        return
    capped = columns.column("capped.posting")
    if not (capped[1:] > capped[:-1]).all() or (capped.size and int(capped[-1]) >= codes.size):
        yield "the large frequencies are not in order"
        return
    first = 0
    while first < starts.size - 1:
        last = int(np.searchsorted(starts, starts[first] + _PORTION, side="right")) - 1
        last = min(max(last, first + 1), starts.size - 1)
        problem = _Portion(segment, first, last).problem()
        if problem:
            yield problem
            return
        first = last


class _Portion:
    """The postings of the terms ``first`` to ``last``."""

    def __init__(self, segment: Segment, first: int, last: int) -> None:
        self._segment = segment
        self._columns = segment.columns
        self._first, self._last = first, last
        self._starts = self._offsets("term.postings")

    def _offsets(self, name: str) -> Array:
        return self._columns.column(name, self._first, self._last + 1).astype(np.int64)

    def problem(self) -> str | None:
        docs = self._numbers("docs", "term.docs", np.diff(self._starts))
        if docs is None:
            return "the articles of a term do not fit its postings"
        heads = self._starts[:-1] - self._starts[0]
        if (np.delete(docs, heads) < 1).any():
            return "the articles of a term are not in order"
        docs = _running(docs, heads)
        if (docs >= self._segment.count).any():
            return "a term has an article that is not there"
        return self._against_places(docs)

    def _numbers(self, name: str, offsets: str, counts: Array, code: Code = LEB128) -> Array | None:
        """The numbers of a column of bytes; None if terms do not have so many of them."""
        starts = self._offsets(offsets)
        data = self._columns.column(name, int(starts[0]), int(starts[-1]))
        ends = np.concatenate([[0], np.cumsum(data < code.stop)])[starts - starts[0]]
        whole = not data.size or data[-1] < code.stop
        if not whole or not (np.diff(ends) == counts).all():
            return None
        # None of them reaches from one term into the next.
        last = starts[1:][np.diff(starts) > 0] - 1 - starts[0]
        return decode(data, code) if (data[last] < code.stop).all() else None

    def _against_places(self, docs: Array) -> str | None:
        start, stop = int(self._starts[0]), int(self._starts[-1])
        words = self._segment.details(start, stop)
        frequencies = (words >> np.uint32(FORM_BITS)).astype(np.uint16)
        counts = self._segment.counts(frequencies, start)
        heads = self._starts[:-1] - start
        occurrences = np.add.reduceat(counts, heads)
        distances = self._numbers("places", "term.places", occurrences, DENSE)
        if distances is None:
            return "the positions do not fit the postings"
        of_posting = np.cumsum(counts) - counts
        masks = words.astype(np.uint8)
        rank = np.repeat(ONLY_FORM[masks], counts).astype(np.int64)
        several = rank == SEVERAL
        told = np.add.reduceat(several.astype(np.int64), of_posting[heads])
        ranks = self._numbers("ranks", "term.ranks", told)
        if ranks is None:
            return "the forms of positions do not fit them"
        rank[several] = ranks
        forms = np.diff(self._columns.column("term.first_form", self._first, self._last + 1))
        terms = np.repeat(np.arange(forms.size), occurrences)
        if (rank >= np.minimum(forms[terms], 0x10000)).any():
            return "a position has a form that is not there"
        bits = np.uint8(1) << np.minimum(rank, FORM_BITS - 1).astype(np.uint8)
        if not (np.bitwise_or.reduceat(bits, of_posting) == masks).all():
            return "the forms of postings do not fit the positions"
        flat = _running(distances, of_posting)
        parts = self._columns.column("parts").reshape(-1, 3)[np.repeat(docs, counts)]
        field = RANKED[(flat[:, None] >= parts).sum(axis=1)]
        capped = self._columns.column("capped.posting")
        is_capped = np.isin(np.arange(start, stop), capped, assume_unique=True)
        for number in range(len(FIELDS)):
            there = np.add.reduceat((field == number).astype(np.int64), of_posting)
            said = unpack_frequency(frequencies, number)
            most = MAX_FREQUENCIES[number]
            if not (said == np.minimum(there, most)).all() or (there > most)[~is_capped].any():
                return "the frequencies do not fit the positions"
        return None


def _running(steps: Array, heads: Array) -> Array:
    """The sums of steps, begun anew at each head."""
    sums = np.cumsum(steps)
    sizes = np.diff(heads, append=steps.size)
    running: Array = sums - np.repeat(sums[heads] - steps[heads], sizes)
    return running
