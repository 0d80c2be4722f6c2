"""Plain arrays -> the columns of a segment: words by document become documents by word."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from queue import SimpleQueue
from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array
from qsearch.index.background import SecondThread
from qsearch.index.collector import Occurrences, SegmentData
from qsearch.index.documents import document_columns
from qsearch.index.headings import NumberedForms, heading_columns
from qsearch.index.strings import compact, hash_columns, string_columns
from qsearch.index.texts import distinct_texts, order_of, select_texts
from qsearch.index.varint import DENSE, encode
from qsearch.kernels import runtime
from qsearch.kernels.indexing import arguments as kernel_arguments
from qsearch.kernels.indexing.arguments import (
    CappedPostings,
    FormTerms,
    PostingColumns,
    SortedOccurrences,
    TermStarts,
)
from qsearch.model.bit_layout import (
    DETAIL_BITS,
    FORM_BITS,
    MAX_FREQUENCIES,
    ONLY_FORM,
    PART_SHIFT,
    PLACE_MASK,
    RANKED,
    RARE_DETAIL,
    SEVERAL,
    pack_details,
)
from qsearch.model.fields import FIELDS

FEW = 2_000
"""Occurrences that are not worth a compiled inversion's tables."""

_SHARE = 1 << 21
"""About so many occurrences are put in order at a time, if that makes no more than ..."""

_MAX_SHARES = 16
"""... so many times: all occurrences are looked through each time."""


def segment_columns(
    data: SegmentData, stop_words: Collection[str] = frozenset()
) -> dict[str, Array]:
    """Return the columns of a segment, by name; ``Segment`` says what each one holds.

    Arguments:
        data: what it is made from.
        stop_words: the forms that are no content of a heading.
    """
    if runtime.ready() and data.occurrences.form.size > FEW:
        with SecondThread("qsearch-invert") as second:
            documents = second.submit(lambda: dict(document_columns(data.documents)))
            phrases = second.submit(lambda: dict(_phrase_columns(data)))
            postings = dict(_posting_columns(data, stop_words, second))
        return documents.result() | postings | phrases.result()
    return dict(document_columns(data.documents)) | dict(
        itertools.chain(_posting_columns(data, stop_words, None), _phrase_columns(data))
    )


def _posting_columns(
    data: SegmentData, stop_words: Collection[str], second: SecondThread | None
) -> Iterator[tuple[str, Array]]:
    """The columns of words, in compiled code if there is a ``second`` thread for it."""
    found, documents = data.occurrences, len(data.documents)
    form_order = order_of(found.forms)
    terms, form_term = distinct_texts(found.terms)
    counts = _form_counts(found)
    # Equally common forms rank in the order of their bytes, wherever they were first met.
    by_bytes = np.empty(len(found.forms), dtype=np.int64)
    by_bytes[form_order] = np.arange(len(found.forms))
    by_term, first_form, rank = _ranked_forms(form_term, counts, by_bytes, len(terms))

    sorted_forms = select_texts(found.forms, form_order)
    yield from string_columns("form", sorted_forms).items()
    yield from hash_columns("form", sorted_forms).items()
    yield "form.term", form_term[form_order].astype("<u4")
    yield "form.rank", rank[form_order].astype("<u2")
    yield from string_columns("term", terms).items()
    yield "term.forms", by_bytes[by_term].astype("<u4")
    yield "term.first_form", compact(first_form)
    place = np.empty(by_term.size, dtype=np.int64)
    place[by_term] = np.arange(by_term.size)
    is_stop = np.zeros(by_term.size, dtype=np.bool_)
    known = {word.encode() for word in stop_words}
    is_stop[[at for at, form in enumerate(found.forms.tolist()) if form in known]] = True
    yield from heading_columns(
        found.form, found.doc, found.place, NumberedForms(place, form_term, is_stop), documents
    )
    if second:
        vocabulary = _Vocabulary(form_term.astype(np.uint32), rank.astype(np.uint16), counts)
        yield from _compiled_term_columns(found, vocabulary, documents, len(terms), second)
    else:
        yield from _term_columns(
            found, form_term[found.form], rank[found.form], documents, len(terms)
        )


class _Vocabulary(NamedTuple):
    """For each form its term, its rank among the forms of that term, and how often it occurs."""

    term: Array
    rank: Array
    counts: Array


def _form_counts(found: Occurrences) -> Array:
    """How often each form occurs."""
    if not runtime.ready():
        return np.bincount(found.form, minlength=len(found.forms))
    from qsearch.kernels.indexing.invert import count_forms

    counts = np.zeros(len(found.forms), dtype=np.int64)
    count_forms(found.form, counts)
    return counts


def _flat_places(found: Occurrences, documents: int) -> tuple[Array, Array]:
    """Where the parts of each article start when they are laid end to end, shape (articles, 3)
    without the first, and each occurrence's place in that line. A gap keeps parts apart.
    """
    part = found.place >> np.uint32(PART_SHIFT)
    extents = np.zeros((documents, 4), dtype=np.int64)
    np.maximum.at(extents, (found.doc, part), (found.place & PLACE_MASK).astype(np.int64) + 1)
    starts = _part_starts(extents)
    return starts[:, 1:], starts[found.doc, part] + (found.place & PLACE_MASK)


def _ranked_forms(
    form_term: Array, counts: Array, by_bytes: Array, terms: int
) -> tuple[Array, Array, Array]:
    """The forms of each term, commonest first: forms by term, where each term's start, and the
    rank of each form among those of its term.
    """
    by_term = np.lexsort((by_bytes, -counts, form_term))
    starts = np.searchsorted(form_term[by_term], np.arange(terms + 1))
    rank = np.empty(form_term.size, dtype=np.int64)
    rank[by_term] = np.arange(form_term.size) - starts[form_term[by_term]]
    return by_term, starts, np.minimum(rank, 0xFFFF)


def _compiled_term_columns(
    found: Occurrences,
    vocabulary: _Vocabulary,
    documents: int,
    terms: int,
    second: SecondThread,
) -> Iterator[tuple[str, Array]]:
    """As ``_term_columns``, in compiled code and in two threads."""
    from qsearch.kernels.indexing.invert import stretch_ends

    ends = np.zeros(4 * documents, dtype=np.int64)
    stretch_ends(found.doc, found.place, ends)
    starts = _part_starts(ends.reshape(-1, 4))
    yield "parts", starts[:, 1:].astype("<u4").reshape(-1)
    per_term = np.bincount(vocabulary.term, vocabulary.counts, terms).astype(np.int64)
    before = np.concatenate([[0], np.cumsum(per_term)])

    # Some terms after others: their working space and what they put out is small, and used again.
    shares = min(_MAX_SHARES, 2 * -(-found.form.size // (2 * _SHARE)))
    wanted = found.form.size * np.arange(1, shares) // shares
    cuts = [0, *np.searchsorted(before, wanted).tolist(), terms]
    flat = starts.reshape(-1)
    ranges = list(itertools.pairwise(cuts))
    parts: dict[int, _TermColumns] = {}
    waiting: SimpleQueue[int | None] = SimpleQueue()
    for share in (*range(len(ranges)), None, None):  # an end for each thread
        waiting.put(share)

    def work() -> None:
        # Each thread takes the next share: the second one may have other things to end first.
        for share in iter(waiting.get, None):
            first, last = ranges[share]
            parts[share] = _inverted(found, flat, vocabulary, before[first : last + 1], first)

    other = second.submit(work)
    work()
    other.result()
    made = _joined([parts[share] for share in range(len(ranges))])
    yield "term.postings", compact(made.term_postings)
    yield "docs", made.docs
    yield "term.docs", compact(made.term_docs)
    yield from _compiled_details(made.details)
    yield "capped.posting", made.capped_posting.astype("<u8")
    yield "capped.count", made.capped_count.astype("<u4")
    yield "places", made.places
    yield "term.places", compact(made.term_places)
    yield "ranks", made.ranks
    yield "term.ranks", compact(made.term_ranks)


class _TermColumns(NamedTuple):
    """The columns of some terms, as ``kernels.indexing.invert.invert`` puts them out."""

    docs: Array
    details: Array
    places: Array
    ranks: Array
    term_postings: Array
    term_docs: Array
    term_places: Array
    term_ranks: Array
    capped_posting: Array
    capped_count: Array


def _inverted(
    found: Occurrences, starts: Array, vocabulary: _Vocabulary, before: Array, first: int
) -> _TermColumns:
    """The columns of the terms from ``first`` on.

    Arguments:
        before: how many occurrences all terms before each of these have, and the last one too.
    """
    from qsearch.kernels.indexing.invert import invert

    terms, count = before.size - 1, int(before[-1] - before[0])
    # The longest that numbers can be; what is not written takes no memory.
    docs, places, ranks = (np.empty(size * count, dtype=np.uint8) for size in (5, 7, 3))
    columns = PostingColumns(docs, np.empty(count, dtype=np.uint32), places, ranks)
    term_starts = TermStarts(*(np.empty(terms + 1, dtype=np.int64) for _ in range(4)))
    capped = CappedPostings(*(np.empty(count // 16 + 1, dtype=np.int64) for _ in range(2)))
    postings, doc_bytes, place_bytes, rank_bytes, overflows = invert(
        kernel_arguments.Occurrences(found.form, found.doc, found.place),
        starts,
        FormTerms(vocabulary.term, vocabulary.rank),
        before[:-1] - before[0],
        first,
        SortedOccurrences(np.empty(count, dtype=np.uint64), np.empty(count, dtype=np.uint32)),
        columns,
        term_starts,
        capped,
    )
    return _TermColumns(
        # Copies, since the whole working space would stay with a part of it.
        columns.docs[:doc_bytes].copy(),
        columns.details[:postings].copy(),
        columns.places[:place_bytes].copy(),
        columns.ranks[:rank_bytes].copy(),
        *term_starts,
        capped.postings[:overflows],
        capped.counts[:overflows],
    )


def _joined(parts: list[_TermColumns]) -> _TermColumns:
    """The columns of some terms, and of those that come next, and so on."""

    def offsets(some: Sequence[Array]) -> Array:
        base = itertools.accumulate([int(part[-1]) for part in some], initial=0)
        moved = [part[:-1] + before for part, before in zip(some, base, strict=False)]
        return np.concatenate([*moved, [sum(int(part[-1]) for part in some)]])

    names = zip(_TermColumns._fields, zip(*parts, strict=True), strict=True)
    base = itertools.accumulate([part.details.size for part in parts], initial=0)
    capped = [part.capped_posting + before for part, before in zip(parts, base, strict=False)]
    made = {
        name: offsets(some) if name.startswith("term_") else np.concatenate(some)
        for name, some in names
    }
    return _TermColumns(**made)._replace(capped_posting=np.concatenate(capped))


def _part_starts(ends: Array) -> Array:
    """Where the four parts of each article start when they are laid end to end, a gap between."""
    starts = np.zeros(ends.shape, dtype=np.int64)
    np.cumsum(ends[:, :-1] + 1, axis=1, out=starts[:, 1:])
    return starts


def _term_columns(
    found: Occurrences, term: Array, rank: Array, documents: int, terms: int
) -> Iterator[tuple[str, Array]]:
    starts, flat = _flat_places(found, documents)
    yield "parts", starts.astype("<u4").reshape(-1)
    order = np.argsort(term, kind="stable")
    term, doc, flat, rank = term[order], found.doc[order], flat[order], rank[order]
    begins = np.ones(term.size, dtype=np.bool_)
    begins[1:] = (term[1:] != term[:-1]) | (doc[1:] != doc[:-1])
    heads = np.flatnonzero(begins)
    owner, docs = term[heads], doc[heads].astype(np.int64)
    yield "term.postings", _starts(owner, terms)
    new_term = np.ones(heads.size, dtype=np.bool_)
    new_term[1:] = owner[1:] != owner[:-1]
    distance = docs.copy()
    distance[1:] -= np.where(new_term[1:], 0, docs[:-1])
    coded, sizes = encode(distance)
    yield "docs", coded
    yield "term.docs", _byte_starts(owner, sizes, terms)

    field = RANKED[found.place[order] >> np.uint32(PART_SHIFT)]
    frequencies = np.stack([_sums(field == one, heads) for one in range(len(FIELDS))], axis=1)
    masks = np.uint8(1) << np.minimum(rank, FORM_BITS - 1).astype(np.uint8)
    masks = np.bitwise_or.reduceat(masks, heads) if heads.size else masks
    yield from _details(pack_details(frequencies, masks))
    capped = np.flatnonzero((frequencies > MAX_FREQUENCIES).any(axis=1))
    yield "capped.posting", capped.astype("<u8")
    yield "capped.count", frequencies[capped].sum(axis=1).astype("<u4")

    before = np.zeros(flat.size, dtype=np.int64)
    before[1:] = flat[:-1]
    before[heads] = 0
    coded, sizes = encode(flat - before, DENSE)
    yield "places", coded
    yield "term.places", _byte_starts(term, sizes, terms)
    several = np.repeat(ONLY_FORM[masks] == SEVERAL, np.diff(heads, append=flat.size))
    coded, sizes = encode(rank[several])
    yield "ranks", coded
    yield "term.ranks", _byte_starts(term[several], sizes, terms)


def _details(words: Array) -> Iterator[tuple[str, Array]]:
    """Posting details in a byte each: the commonest ones by number, the others apart."""
    values, counts = np.unique(words, return_counts=True)
    common = _commonest(values, counts)
    code = np.full(values.size, RARE_DETAIL, dtype=np.uint8)
    code[common] = np.arange(common.size)
    coded = code[np.searchsorted(values, words)]
    yield from _detail_columns(words, coded, values[common], np.flatnonzero(coded == RARE_DETAIL))


def _compiled_details(words: Array) -> Iterator[tuple[str, Array]]:
    """As ``_details``, in compiled code."""
    from qsearch.kernels.indexing.invert import encode_words, tally

    # Memory that is not written is not taken.
    table = np.zeros(1 << DETAIL_BITS, dtype=np.uint32)
    blocks = np.full(table.size >> 8, -1, dtype=np.int32)
    distinct = np.empty(min(words.size, table.size), dtype=np.uint32)
    values = np.sort(distinct[: tally(words, blocks, table, distinct)])
    cells = blocks[values >> 8].astype(np.int64) << 8 | values & 0xFF
    numbers = _commonest(values, table[cells])
    table[cells] = RARE_DETAIL
    table[cells[numbers]] = np.arange(numbers.size)
    coded = np.empty(words.size, dtype=np.uint8)
    rare = np.empty(words.size, dtype=np.int64)
    found = encode_words(words, blocks, table, coded, rare)
    yield from _detail_columns(words, coded, values[numbers], rare[:found])


def _commonest(values: Array, counts: Array) -> Array:
    """The numbers of the commonest of some values, which are in order; of equals the smallest."""
    common: Array = np.lexsort((values, -counts.astype(np.int64)))[:RARE_DETAIL]
    return common


def _detail_columns(
    words: Array, coded: Array, common: Array, rare: Array
) -> Iterator[tuple[str, Array]]:
    yield "details", coded
    yield "details.common", common.astype("<u4")
    yield "details.rare", rare.astype("<u4")
    yield "details.rare_value", words[rare].astype("<u4")


def _sums(counted: Array, heads: Array) -> Array:
    """How often ``counted`` is true in each run that starts at a head."""
    if not heads.size:
        return np.zeros(0, dtype=np.int64)
    sums: Array = np.add.reduceat(counted.astype(np.int64), heads)
    return sums


def _starts(owner: Array, count: int) -> Array:
    """Where the values of each owner start in a column that is ordered by owner."""
    return compact(np.searchsorted(owner, np.arange(count + 1)))


def _byte_starts(owner: Array, sizes: Array, count: int) -> Array:
    """Where the bytes of each owner start, of values that take ``sizes`` bytes."""
    ends = np.concatenate([[0], np.cumsum(sizes)])
    return compact(ends[np.searchsorted(owner, np.arange(count + 1))])


def _phrase_columns(data: SegmentData) -> Iterator[tuple[str, Array]]:
    # The articles of each key come in their order.
    by_key = np.argsort(data.phrase_key, kind="stable")
    distinct, first = np.unique(data.phrase_key[by_key], return_index=True)
    yield "phrase.key", distinct
    yield "phrase.starts", compact(np.append(first, data.phrase_key.size))
    yield "phrase.docs", data.phrase_doc[by_key]
