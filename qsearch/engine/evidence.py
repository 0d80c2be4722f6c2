"""What signals follow from, gathered for all articles of a segment in NumPy.

``GATHERED`` says how each kind of evidence is found. A new kind stands here, and in
``kernels.search.signals`` for the candidates of a kernel; until then a signal is answered by its
definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from qsearch.arrays import Array
from qsearch.article import Article
from qsearch.index.segment import Segment
from qsearch.model.fields import FIELDS
from qsearch.model.heading import SAME_TERM
from qsearch.model.keyword_phrase import COVER_WORDS, MAX_PHRASE, longer_phrase, term_hash
from qsearch.query.plan import TermGroup
from qsearch.ranking.formula import form_weight
from qsearch.ranking.signal import Needs, Signal, Text, WeightedPlan, content_pairs

if TYPE_CHECKING:
    from qsearch.engine.all_hits import AllHits

EvidenceArrays: TypeAlias = tuple[Any, ...]
"""One way to the share of a signal: numbers, or an array of numbers, one an article."""


class QueryTerms(NamedTuple):
    """What evidence takes from the analyser of the index.

    Attributes:
        stop_words: the forms that are none of a query's content.
        texts_of: returns the texts of an article with their words.
    """

    stop_words: frozenset[str]
    texts_of: Callable[[Article], Sequence[Text]]


def _forms(hits: AllHits, index: int) -> Iterator[EvidenceArrays]:
    matched, total = np.zeros(hits.snapshot.parts[index].segment.count), 0.0
    for group, idf in zip(hits.plan.groups, hits.idfs, strict=True):
        if idf:
            weight = form_weight(group.boost, idf)
            total += weight
            matched[_typed(hits, index, group)] += weight
    yield matched, total


def _typed(hits: AllHits, index: int, group: TermGroup) -> Array:
    """The articles where a word stands as it was typed, in a searched field."""
    segment = hits.snapshot.parts[index].segment
    bit = segment.form_bit(group.form)
    if bit >= 0 and len(hits.searched) == len(FIELDS):
        docs, _, masks = hits.postings(index, group.term)
        same: Array = docs[(masks & np.uint8(bit)) != 0]
        return same
    if not bit:
        return np.zeros(0, dtype=np.int64)
    found = None
    if hits.phrases.may_read(group.term):
        found = segment.form_postings(group.form)
    if found is None:
        return np.zeros(0, dtype=np.int64)
    docs, fields = found
    wanted = np.uint8(sum(1 << field for field in hits.searched))
    searched: Array = docs[(fields & wanted) != 0]
    return searched


def _keywords(hits: AllHits, index: int) -> Iterator[EvidenceArrays]:
    segment = hits.snapshot.parts[index].segment
    words = hits.plan.words[:COVER_WORDS]
    total = sum(content for _, content in words)
    covered = np.zeros(segment.count, dtype=np.uint64)
    if total and FIELDS.index("keywords") in hits.searched:
        keys, bits = phrases_of(words)
        for place, docs in segment.phrase_docs(keys):
            covered[docs] |= bits[place]
    yield np.bitwise_count(covered), total


def phrases_of(words: tuple[tuple[str, bool], ...]) -> tuple[Array, Array]:
    """Return the key of each run of words, and the bits of the words in it that are no stop words.

    Arguments:
        words: (term, whether it is more than a stop word), at most ``COVER_WORDS`` of them.
    """
    keys, bits = [], []
    hashes = [term_hash(term) for term, _ in words]
    for start in range(len(words)):
        key = covered = 0
        for stop in range(start, min(start + MAX_PHRASE, len(words))):
            key = longer_phrase(key, hashes[stop])
            covered |= words[stop][1] << stop
            if covered:
                keys.append(key)
                bits.append(covered)
    return np.array(keys, dtype=np.uint64), np.array(bits, dtype=np.uint64)


def _headings(hits: AllHits, index: int) -> Iterator[EvidenceArrays]:
    tokens = hits.plan.tokens
    asked = content_pairs(((token.term, token.form) for token in tokens), hits.terms.stop_words)
    if not asked or FIELDS.index("question") not in hits.searched:
        return
    segment = hits.snapshot.parts[index].segment
    numbers, starts = segment.headings
    value = np.zeros(numbers.size, dtype=np.uint8)  # of each word: 1 other form, 2 as typed
    places = numbers & ~SAME_TERM
    for term, forms in asked.items():
        start, stop, as_typed = segment.form_places(term, forms)
        value[(places >= start) & (places < stop)] = 1
        value[np.isin(places, as_typed)] = 2
    # Of the forms of one term in a heading the best one counts.
    heads = np.flatnonzero((numbers & SAME_TERM) == 0)
    best = np.maximum.reduceat(value, heads) if heads.size else value
    runs = heads.searchsorted(starts)
    sizes, typed, other = (
        np.concatenate([[0], np.cumsum(each, dtype=np.int64)])[runs]
        for each in (np.ones_like(best), best == 2, best == 1)
    )
    for run in range(2):
        first, last = slice(run, -1, 2), slice(run + 1, None, 2)
        heading = np.maximum(sizes[last] - sizes[first], 1)
        yield typed[last] - typed[first], other[last] - other[first], heading, len(asked)


GATHERED: dict[Needs, Callable[[AllHits, int], Iterator[EvidenceArrays]]] = {
    Needs.FORMS: _forms,
    Needs.KEYWORDS: _keywords,
    Needs.HEADINGS: _headings,
}
"""For each kind of evidence what finds it in a segment: one or several ways to the share of a
signal, of which the best counts.
"""


def defined_shares(
    signal: Signal,
    segment: Segment,
    hit: Array,
    query: WeightedPlan,
    texts_of: Callable[[Article], Sequence[Text]],
) -> Array:
    """Return the shares of a signal by its definition, for the articles that are hits."""
    shares = np.zeros(hit.size)
    for number in np.flatnonzero(hit).tolist():
        shares[number] = signal.define(texts_of(segment.article(number)), query)
    return shares
