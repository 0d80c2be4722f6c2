"""Which words of a query whole keywords of an article cover, in compiled code."""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.runtime.array_views import prefetch
from qsearch.kernels.search.layout import BUCKETS, FILTER, FILTER_BITS, KEY_BITS, PHRASES_STOP
from qsearch.model.keyword_phrase import MAX_PHRASE, PHRASE_FACTOR

_FACTOR = np.uint64(PHRASE_FACTOR)


@njit(nogil=True, error_model="numpy")
def runs_of(words, content, count, keys, bits):
    """The keys of all runs of the query's words that a keyword can be, and a bit for each word
    that one would cover. Returns how many there are.
    """
    found = 0
    for begin in range(count):
        key = np.uint64(0)
        covered = np.uint64(0)
        for end in range(begin, min(begin + MAX_PHRASE, count)):
            if content[end] < 0:  # a word that stands nowhere
                break
            key = (key ^ np.uint64(words[end])) * _FACTOR
            covered |= np.uint64(content[end]) << np.uint64(end)
            if covered != np.uint64(0):
                keys[found] = key
                bits[found] = covered
                found += 1
    return found


@njit(nogil=True, error_model="numpy")
def both(word, key, place):
    """1 if a word of the filter has both bits of a key, else 0.

    Arguments:
        place: the upper bits of the key, of which the lowest six say which bit is the first one.
    """
    return (word >> (place & np.uint64(63))) & (word >> (key & np.uint64(63))) & np.uint64(1)


@njit(nogil=True, error_model="numpy")
def mark(
    segment, runs, keys, bits, phrase_keys, phrase_docs, phrase_filter, phrase_buckets,
    covered, marked,
):  # fmt: skip
    """Note in ``covered`` which words of the query the keywords of each article cover, and in
    ``marked`` which articles these are.

    Returns:
        how many articles are marked, and the bits of all words that are covered.
    """
    count = 0
    whole = np.uint64(0)
    upper = np.uint64(64 - segment[KEY_BITS])
    finer = upper - np.uint64(FILTER_BITS)
    # Each step is done for all runs before the next one: so their waits for memory go on at once.
    likely = np.empty(runs, dtype=np.int64)
    left = 0
    for run in range(runs):
        key = keys[run]
        place = key >> finer
        word = phrase_filter[segment[FILTER] + np.int64(place >> np.uint64(6))]
        likely[left] = run
        left += np.int64(both(word, key, place))
    for index in range(left):
        prefetch(phrase_buckets, segment[BUCKETS] + np.int64(keys[likely[index]] >> upper))
    for index in range(left):
        bucket = segment[BUCKETS] + np.int64(keys[likely[index]] >> upper)
        prefetch(phrase_keys, np.int64(phrase_buckets[bucket]))
    first, after = np.empty(left, dtype=np.int64), np.empty(left, dtype=np.int64)
    for index in range(left):
        key = keys[likely[index]]
        bucket = segment[BUCKETS] + np.int64(key >> upper)
        at, stop = np.int64(phrase_buckets[bucket]), np.int64(phrase_buckets[bucket + 1])
        while at < stop and phrase_keys[at] < key:
            middle = (at + stop) >> 1
            if phrase_keys[middle] < key:
                at = middle + 1
            else:
                stop = middle
        first[index] = at
        while at < segment[PHRASES_STOP] and phrase_keys[at] == key:
            prefetch(covered, np.int64(phrase_docs[at]))
            at += 1
        after[index] = at
    for index in range(left):
        for at in range(first[index], after[index]):
            doc = np.int64(phrase_docs[at])
            if covered[doc] == np.uint64(0):
                marked[count] = doc
                count += 1
            covered[doc] |= bits[likely[index]]
        if first[index] < after[index]:
            whole |= bits[likely[index]]
    return count, whole


@njit(nogil=True, error_model="numpy")
def ones(bits):
    """How many bits are set."""
    count = 0
    while bits != np.uint64(0):
        bits &= bits - np.uint64(1)
        count += 1
    return count
