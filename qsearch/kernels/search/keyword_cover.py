"""Which words of a query whole keywords of a document cover."""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.runtime.array_views import prefetch
from qsearch.kernels.search.arguments import Cover, KeywordRuns
from qsearch.kernels.search.layout import BUCKETS, FILTER, FILTER_BITS, KEY_BITS, PHRASES_STOP
from qsearch.model.keyword_phrase import COVER_WORDS, MAX_PHRASE, PHRASE_FACTOR

_FACTOR = np.uint64(PHRASE_FACTOR)


@njit(nogil=True, error_model="numpy")
def keyword_runs(words, content, count):
    """Return all runs of the query's words that a keyword can be, each with the words it covers.

    Arguments:
        words: the hashes of the terms; content: 1 for each word that counts, 0 for a stop word, -1
            for one that stands nowhere; count: how many words there are.
    """
    keys = np.empty(COVER_WORDS * MAX_PHRASE, dtype=np.uint64)
    bits = np.empty(COVER_WORDS * MAX_PHRASE, dtype=np.uint64)
    found = 0
    for begin in range(count):
        key = np.uint64(0)
        covered = np.uint64(0)
        for end in range(begin, min(begin + MAX_PHRASE, count)):
            if content[end] < 0:
                break
            key = (key ^ np.uint64(words[end])) * _FACTOR
            covered |= np.uint64(content[end]) << np.uint64(end)
            if covered != np.uint64(0):
                keys[found] = key
                bits[found] = covered
                found += 1
    return KeywordRuns(keys[:found], bits[:found])


@njit(nogil=True, error_model="numpy")
def may_contain(word, key, place):
    """Return 1 if a word of the Bloom filter has both bits of a key, else 0.

    Arguments:
        place: the upper bits of the key, of which the lowest six say which bit is the first one.
    """
    return (word >> (place & np.uint64(63))) & (word >> (key & np.uint64(63))) & np.uint64(1)


@njit(nogil=True, error_model="numpy")
def find_cover(layout_row, runs, keywords, work, per_word):
    """Find which words of the query the keywords of each document of a segment cover.

    Arguments:
        layout_row: of the segment (``layout.COUNT`` and the following).
        work: its ``covered`` and ``marked`` receive what the cover holds.
        per_word: the bonus for each word.
    """
    covered, marked = work.covered, work.marked
    keys, docs, filters, buckets = keywords
    run_keys, run_bits = runs
    count = 0
    of_all = np.uint64(0)
    upper = np.uint64(64 - layout_row[KEY_BITS])
    finer = upper - np.uint64(FILTER_BITS)
    # Each step is done for all runs before the next one: so their waits for memory go on at once.
    likely = np.empty(run_keys.size, dtype=np.int64)
    left = 0
    for run in range(run_keys.size):
        key = run_keys[run]
        place = key >> finer
        word = filters[layout_row[FILTER] + np.int64(place >> np.uint64(6))]
        likely[left] = run
        left += np.int64(may_contain(word, key, place))
    for index in range(left):
        bucket = layout_row[BUCKETS] + np.int64(run_keys[likely[index]] >> upper)
        prefetch(buckets, bucket)
    for index in range(left):
        bucket = layout_row[BUCKETS] + np.int64(run_keys[likely[index]] >> upper)
        prefetch(keys, np.int64(buckets[bucket]))
    first, after = np.empty(left, dtype=np.int64), np.empty(left, dtype=np.int64)
    for index in range(left):
        key = run_keys[likely[index]]
        bucket = layout_row[BUCKETS] + np.int64(key >> upper)
        at, stop = np.int64(buckets[bucket]), np.int64(buckets[bucket + 1])
        while at < stop and keys[at] < key:
            middle = (at + stop) >> 1
            if keys[middle] < key:
                at = middle + 1
            else:
                stop = middle
        first[index] = at
        while at < layout_row[PHRASES_STOP] and keys[at] == key:
            prefetch(covered, np.int64(docs[at]))
            at += 1
        after[index] = at
    for index in range(left):
        for at in range(first[index], after[index]):
            doc = np.int64(docs[at])
            if covered[doc] == np.uint64(0):
                marked[count] = doc
                count += 1
            covered[doc] |= run_bits[likely[index]]
        if first[index] < after[index]:
            of_all |= run_bits[likely[index]]
    return Cover(covered, marked[:count], per_word, 1.0 + per_word * popcount(of_all))


@njit(nogil=True, error_model="numpy")
def clear_cover(cover):
    """Clear the bits of all documents."""
    bits = cover.bits
    for doc in cover.marked:
        bits[doc] = 0


@njit(nogil=True, error_model="numpy")
def early_bonus(per_word, bits):
    """Return the factor of the bonus that is known of a document before pruning.

    Arguments:
        per_word, bits: see ``Cover``; the bits of the document.
    """
    return 1.0 + per_word * popcount(bits)


@njit(nogil=True, error_model="numpy")
def popcount(bits):
    """Return how many bits are set."""
    count = 0
    while bits != np.uint64(0):
        bits &= bits - np.uint64(1)
        count += 1
    return count
