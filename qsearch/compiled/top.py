"""The best articles of one segment for a bag of terms, in compiled code.

MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995), a term at a
time: the terms that can add most are added up for all their articles, until those that are left
can't lift a new article among the best; they are then looked up for the articles that can still
make it. The few that remain are scored anew in the order of the query, so the numbers are those of
the plain path to the last bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

from qsearch.compiled.fill import STEPS

_u1, _u2, _u4, _u8 = types.uint8, types.uint16, types.uint32, types.uint64
_i4, _i8, _f8 = types.int32, types.int64, types.float64


def _read(kind: types.Type) -> types.Array:
    return types.Array(kind, 1, "C", readonly=True)


def _made(kind: types.Type) -> types.Array:
    return types.Array(kind, 1, "C")


SLACK = 2e-8
"""What two scores that look the same in 9 digits can differ by, relatively, and more."""

_PHRASE_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MAX_PHRASE = 8

NUMBER, WEIGHT, MASS, BIT, MAKES_HIT = range(5)
"""The columns of the array of terms: the term's number in the segment (-1: not there), boost x idf,
its share in the form bonus, the bit of the typed form, whether it makes an article a hit.
"""


@njit(nogil=True)
def _seek(docs, at, stop, doc):
    """The first posting from ``at`` on whose article is not before ``doc``, by doubling steps."""
    step = 1
    low = at
    high = at
    while high < stop and docs[high] < doc:
        low = high + 1
        high += step
        step <<= 1
    high = min(high, stop)
    while low < high:
        middle = (low + high) >> 1
        if docs[middle] < doc:
            low = middle + 1
        else:
            high = middle
    return low


@njit(nogil=True)
def _offer(scores, groups, size, score, group):
    """Put a score among the best, at most one a group; return how many there are.

    The scores are in no order, but once all places are taken the least stands last.
    """
    places = scores.size
    last = places - 1
    if size == places and score <= scores[last]:
        return size
    at = -1
    if group != 0:
        for index in range(size):
            if groups[index] == group:
                if scores[index] >= score:
                    return size
                at = index
                break
    if at < 0:
        if size < places:
            at = size
            size += 1
        else:
            at = last
    scores[at] = score
    groups[at] = group
    if size == places:
        least = 0
        for index in range(1, places):
            if scores[index] < scores[least]:
                least = index
        scores[least], scores[last] = scores[last], scores[least]
        groups[least], groups[last] = groups[last], groups[least]
    return size


@njit(nogil=True)
def _bar(sums, chosen, count, groups, scores, score_groups, size, guess_score, guess_group):
    """What an article must reach: the least of the best so far and of what ``chosen`` are sure of.

    Sums only grow, and no bonus lowers them.
    """
    places = scores.size
    for index in range(size):
        guess_score[index] = scores[index]
        guess_group[index] = score_groups[index]
    for index in range(count):
        doc = chosen[index]
        if size < places or sums[doc] > guess_score[places - 1]:
            size = _offer(guess_score, guess_group, size, sums[doc], groups[2 * np.int64(doc)])
    return guess_score[places - 1] if size == places else 0.0


@njit(nogil=True)
def _covers(words, phrase_keys, buckets, starts, stops, bits):
    """The keywords that runs of the query's words make: where their articles stand, and a bit for
    each word they cover. Returns how many there are.
    """
    found = 0
    for begin in range(words.shape[0]):
        key = np.uint64(0)
        covered = np.uint64(0)
        for end in range(begin, min(begin + _MAX_PHRASE, words.shape[0])):
            key = (key ^ np.uint64(words[end, 0])) * _PHRASE_FACTOR
            covered |= np.uint64(words[end, 1]) << np.uint64(end)
            if covered == np.uint64(0):
                continue
            bucket = np.int64(key >> np.uint64(48))
            low, high = buckets[bucket], buckets[bucket + 1]
            while low < high:
                middle = (low + high) >> 1
                if phrase_keys[middle] < key:
                    low = middle + 1
                else:
                    high = middle
            if low < phrase_keys.size and phrase_keys[low] == key:
                high = low + 1
                while high < phrase_keys.size and phrase_keys[high] == key:
                    high += 1
                starts[found] = low
                stops[found] = high
                bits[found] = covered
                found += 1
    return found


@njit(nogil=True)
def _gather(docs, impacts, start, stop, weight, allowed, sums, touched, count):
    """Add a term up for all its articles; return how many articles have been touched by now."""
    if allowed.size:
        for at in range(start, stop):
            doc = docs[at]
            if allowed[doc]:
                if sums[doc] == 0.0:
                    touched[count] = doc
                    count += 1
                sums[doc] += weight * impacts[at]
    else:
        for at in range(start, stop):
            doc = docs[at]
            if sums[doc] == 0.0:
                touched[count] = doc
                count += 1
            sums[doc] += weight * impacts[at]
    return count


@njit(nogil=True)
def _look_up(docs, impacts, start, stop, weight, sums, chosen, count):
    """Add a term up for some articles, which are in order of their numbers."""
    at = start
    for index in range(count):
        doc = chosen[index]
        at = _seek(docs, at, stop, doc)
        if at == stop:
            break
        if docs[at] == doc:
            sums[doc] += weight * impacts[at]


@njit(nogil=True)
def _look_up_dense(dense, row, step, sums, chosen, count):
    """Add the least that a term adds for some articles: whole steps, rounded down."""
    base = row * sums.size
    for index in range(count):
        doc = chosen[index]
        steps = np.int64(dense[base + doc])
        if steps:
            sums[doc] += step * (steps - 1)


@njit(nogil=True)
def _choose(sums, touched, seen, least, bitmap, chosen):
    """Put the touched articles with at least this sum into ``chosen``, in order of their numbers;
    return how many. ``bitmap`` holds zeros, before and after.
    """
    one = np.uint64(1)
    for index in range(seen):
        doc = np.int64(touched[index])
        if sums[doc] >= least:
            bitmap[doc >> 6] |= one << np.uint64(doc & 63)
    kept = 0
    for word in range(bitmap.size):
        bits = bitmap[word]
        if bits != np.uint64(0):
            bitmap[word] = np.uint64(0)
            while bits != np.uint64(0):
                lowest = bits & (~bits + one)
                # The place of a single bit: how many lie below it.
                below = lowest - one
                place = 0
                if below > np.uint64(0xFFFFFFFF):
                    place += 32
                    below >>= np.uint64(32)
                if below > np.uint64(0xFFFF):
                    place += 16
                    below >>= np.uint64(16)
                if below > np.uint64(0xFF):
                    place += 8
                    below >>= np.uint64(8)
                while below:
                    place += 1
                    below >>= one
                chosen[kept] = word * 64 + place
                kept += 1
                bits &= bits - one
    return kept


@njit(nogil=True)
def _keep(sums, chosen, count, rest, bar):
    """Keep the articles that reach the bar with ``rest`` more; return how many."""
    kept = 0
    for index in range(count):
        doc = chosen[index]
        if sums[doc] + rest >= bar:
            chosen[kept] = doc
            kept += 1
    return kept


@njit(
    _i8(
        _made(_i4), _made(_f8), _made(_u2), _read(_u8), _read(_u8), _read(_u4),
        _made(_i8), _made(_i8), _made(_f8), _made(_i4), _made(_u1),
        types.Array(_f8, 2, "C"), types.Array(_i8, 2, "C"),
        _f8, _f8, _f8, _made(_u1),
        _made(_f8), _made(_i4), _made(_i4), _made(_u8),
        _made(_f8), _made(_u8), _made(_i8), _made(_f8), _made(_u8),
        _made(_i4), _made(_f8), _made(_u8),
    ),
    cache=True, nogil=True,
)  # fmt: skip
def top(
    docs, impacts, masks, groups, phrase_keys, phrase_docs,
    buckets, starts, maxima, dense_rows, dense, terms, words,
    whole, form_bonus, keyword_bonus, allowed,
    sums, touched, chosen, bitmap,
    best_score, best_group, best_size, guess_score, guess_group,
    out_doc, out_score, out_group,
):  # fmt: skip
    """Find every article of a segment that may be among the best; ties included.

    Arguments:
        docs, impacts, masks: the unpacked postings (``fill_term``); starts, maxima: where each
            term's begin, and its largest impact; groups: two numbers an article; phrase_keys,
            phrase_docs: the keyword phrases; buckets: where the keys begin that begin with each 16
            bits; dense_rows, dense: for frequent terms the row of ``dense`` (``fill_term``), or
            -1.
        terms: the terms in the order of the query (see ``NUMBER``); words: for each word that
            keywords may cover its hash, and whether it is more than a stop word.
        whole: the sum of all masses; form_bonus, keyword_bonus: the largest bonuses.
        allowed: a byte an article, or empty for all.
        sums, touched, chosen: working space of one number an article, bitmap of a bit an article;
            sums and bitmap hold zeros, before and after.
        best_*: the best scores over all segments so far, at most one a group, the least last when
            all places are taken; best_size[0] of them. guess_*: working space of that size.
        out_*: receive the articles, their exact scores and their groups.

    Returns:
        how many articles were put out, or -1 if they were more than there is room for.
    """
    count = terms.shape[0]
    cap = 1.0 + form_bonus + keyword_bonus
    bounds = np.zeros(count)
    begin = np.zeros(count, dtype=np.int64)
    end = np.zeros(count, dtype=np.int64)
    rest = 0.0
    for term in range(count):
        number = np.int64(terms[term, NUMBER])
        if number >= 0:
            begin[term], end[term] = starts[number], starts[number + 1]
            bounds[term] = terms[term, WEIGHT] * maxima[number]
            rest += bounds[term]
    order = np.argsort(-bounds)
    bar = best_score[best_score.size - 1] if best_size[0] == best_score.size else 0.0
    slack = (1.0 - SLACK) / cap

    # Essential terms: all their articles are looked at.
    seen = 0
    done = np.zeros(count, dtype=np.uint8)
    for position in range(count):
        term = order[position]
        if terms[term, MAKES_HIT] == 0.0 or begin[term] == end[term]:
            continue
        if rest < bar * slack:
            break
        seen = _gather(
            docs, impacts, begin[term], end[term], terms[term, WEIGHT], allowed, sums, touched, seen
        )
        done[term] = 1
        rest -= bounds[term]
        bar = max(
            bar,
            _bar(
                sums, touched, seen, groups,
                best_score, best_group, best_size[0], guess_score, guess_group,
            ),
        )  # fmt: skip

    # The others: looked up for the articles that can still make it.
    kept = _choose(sums, touched, seen, bar * slack - rest, bitmap, chosen)
    for position in range(count):
        term = order[position]
        if done[term] or begin[term] == end[term]:
            continue
        row = dense_rows[np.int64(terms[term, NUMBER])]
        if row >= 0:
            _look_up_dense(dense, np.int64(row), bounds[term] / STEPS, sums, chosen, kept)
            # What was rounded down may still be missing.
            rest -= bounds[term] * (STEPS - 1) / STEPS
        else:
            _look_up(docs, impacts, begin[term], end[term], terms[term, WEIGHT], sums, chosen, kept)
            rest -= bounds[term]
        kept = _keep(sums, chosen, kept, rest, bar * slack)
    bar = max(
        bar,
        _bar(
            sums, chosen, kept, groups,
            best_score, best_group, best_size[0], guess_score, guess_group,
        ),
    )  # fmt: skip
    kept = _keep(sums, chosen, kept, max(rest, 0.0), bar * slack)
    for index in range(seen):
        sums[touched[index]] = 0.0

    # Those that are left, exactly.
    base = np.zeros(kept)
    typed = np.zeros(kept)
    for term in range(count):
        at, stop = begin[term], end[term]
        weight, mass, bit = terms[term, WEIGHT], terms[term, MASS], np.int64(terms[term, BIT])
        for index in range(kept):
            at = _seek(docs, at, stop, chosen[index])
            if at == stop:
                break
            if docs[at] == chosen[index]:
                base[index] += weight * impacts[at]
                if np.int64(masks[at]) & bit:
                    typed[index] += mass
    covered = np.zeros(kept, dtype=np.uint64)
    total = 0
    for word in range(words.shape[0]):
        total += words[word, 1]
    if total and kept and keyword_bonus > 0.0:
        room = words.shape[0] * _MAX_PHRASE
        phrase_start = np.empty(room, dtype=np.int64)
        phrase_stop = np.empty(room, dtype=np.int64)
        phrase_bits = np.empty(room, dtype=np.uint64)
        found = _covers(words, phrase_keys, buckets, phrase_start, phrase_stop, phrase_bits)
        for phrase in range(found):
            at, stop = phrase_start[phrase], phrase_stop[phrase]
            for index in range(kept):
                at = _seek(phrase_docs, at, stop, chosen[index])
                if at == stop:
                    break
                if phrase_docs[at] == chosen[index]:
                    covered[index] |= phrase_bits[phrase]
    put = 0
    size = best_size[0]
    for index in range(kept):
        share = 0
        rest_bits = covered[index]
        while rest_bits != np.uint64(0):
            rest_bits &= rest_bits - np.uint64(1)
            share += 1
        bonus = 1.0 + form_bonus * (typed[index] / whole)
        bonus += keyword_bonus * (share / max(total, 1))
        score = base[index] * bonus
        full = size == best_score.size
        if full and score < best_score[size - 1] * (1.0 - SLACK):
            continue
        if put == out_doc.size:
            return -1
        group = groups[2 * np.int64(chosen[index])]
        out_doc[put] = chosen[index]
        out_score[put] = score
        out_group[put] = group
        put += 1
        size = _offer(best_score, best_group, size, score, group)
    best_size[0] = size
    if size < best_score.size:
        return put
    least = best_score[size - 1] * (1.0 - SLACK)
    still = 0
    for index in range(put):
        if out_score[index] >= least:
            out_doc[still] = out_doc[index]
            out_score[still] = out_score[index]
            out_group[still] = out_group[index]
            still += 1
    return still
