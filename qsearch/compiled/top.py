"""The best articles of one segment for a bag of terms, in compiled code.

MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995), term at a time:
the rarest terms are added up for all their articles, until the terms that are left can't lift a new
article among the best; those are then looked up for the articles that can still make it. The few
that remain are scored anew in the order of the query, so the numbers are those of the plain path to
the last bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

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


@njit(
    _i8(
        _read(_u1), _read(_u1), _read(_u4), _read(_u8), _read(_u4), _i8, _i8,
        _read(_u1), _made(_f8), _f8, _f8, _f8, _f8,
        _made(_i4), _made(_f8), _made(_u2), _made(_f8), _i8,
    ),
    cache=True, nogil=True,
)  # fmt: skip
def fill_term(
    coded_docs, details, common, rare, rare_values, first, documents,
    lengths, norms, question, answer, keywords, k1,
    docs, impacts, masks, maxima, term,
):  # fmt: skip
    """Unpack the postings of one term and compute what each adds to a score.

    Arguments:
        coded_docs, details: the bytes of the term; a varint and a byte a posting.
        common, rare, rare_values: the columns ``details.*``; ``first`` is the number of the
            term's first posting among all.
        documents: the number of articles of the segment.
        lengths: the length bytes; norms: 3 x 256 factors; the weights of the fields; k1.
        docs, impacts, masks: receive the postings, from ``first`` on; maxima[term] the largest
            impact.

    Returns:
        0, or -1 if the bytes are no postings of this segment.
    """
    count = details.size
    at = 0
    doc = 0
    largest = 0.0
    rare_at = np.searchsorted(rare, np.uint64(first))
    for index in range(count):
        value = 0
        shift = 0
        while True:
            if at >= coded_docs.size or shift > 28:
                return -1
            byte = np.int64(coded_docs[at])
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
        if index and value == 0:
            return -1
        doc += value
        if doc >= documents:
            return -1
        code = details[index]
        if code == 255:
            if rare_at >= rare.size or np.int64(rare[rare_at]) != first + index:
                return -1
            word = np.int64(rare_values[rare_at])
            rare_at += 1
        elif code < common.size:
            word = np.int64(common[code])
        else:
            return -1
        frequency = word >> 8
        tf = 0.0
        tf += question * np.float64(frequency & 15) * norms[np.int64(lengths[3 * doc])]
        tf += (
            answer
            * np.float64((frequency >> 8) & 255)
            * norms[256 + np.int64(lengths[3 * doc + 1])]
        )
        tf += (
            keywords
            * np.float64((frequency >> 4) & 15)
            * norms[512 + np.int64(lengths[3 * doc + 2])]
        )
        impact = tf / (k1 + tf)
        docs[first + index] = doc
        impacts[first + index] = impact
        masks[first + index] = word & 255
        largest = max(largest, impact)
    if at != coded_docs.size:
        return -1
    maxima[term] = largest
    return 0


@njit(nogil=True, inline="always")
def _find(docs, start, stop, doc):
    """The posting of ``doc`` between start and stop, or -1."""
    low, high = start, stop
    while low < high:
        middle = (low + high) >> 1
        if docs[middle] < doc:
            low = middle + 1
        else:
            high = middle
    return low if low < stop and docs[low] == doc else -1


@njit(nogil=True)
def _offer(scores, groups, docs, size, score, group, doc):
    """Put a score among the best, at most one a group; return how many there are.

    ``scores`` is not sorted: there are few, and most offers fail at once (scores[size-1] holds
    the least when all places are taken).
    """
    places = scores.size
    if size == places and score <= scores[places - 1]:
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
            at = places - 1
    scores[at] = score
    groups[at] = group
    docs[at] = doc
    if size == places:
        # Keep the least at the end.
        least = 0
        for index in range(1, places):
            if scores[index] < scores[least]:
                least = index
        last = places - 1
        scores[least], scores[last] = scores[last], scores[least]
        groups[least], groups[last] = groups[last], groups[least]
        docs[least], docs[last] = docs[last], docs[least]
    return size


@njit(
    _i8(
        _made(_i4), _made(_f8), _made(_u2), _read(_u8), _read(_u8), _read(_u4),
        _made(_i8), _made(_i8), _made(_f8), _made(_f8), _made(_f8), _made(_u2), _made(_u1),
        _made(_u8), _made(_u1), _f8, _f8, _f8,
        _made(_u1),
        _made(_f8), _made(_i4),
        _made(_f8), _made(_u8), _made(_i4), _made(_i8),
        _made(_f8), _made(_u8), _made(_i4),
        _made(_i4), _made(_f8),
    ),
    cache=True, nogil=True,
)  # fmt: skip
def top(
    docs, impacts, masks, groups, phrase_keys, phrase_docs,
    starts, stops, weights, masses, bounds, bits, hits,
    hashes, content, whole, form_bonus, keyword_bonus,
    allowed,
    sums, touched,
    best_score, best_group, best_doc, best_size,
    guess_score, guess_group, guess_doc,
    out_doc, out_score,
):  # fmt: skip
    """Find every article of a segment that may be among the best; ties included.

    Arguments:
        docs, impacts, masks: the unpacked postings (``fill_term``); groups: two numbers an
            article; phrase_keys, phrase_docs: the keyword phrases.
        starts, stops: each term's postings, in the order of the query; weights: boost x idf;
            masses: its share in the form bonus; bounds: the most it can add; bits: the form bit
            of the typed form; hits: whether it makes an article a hit.
        hashes, content: the words that keywords may cover, and which are no stop words; whole: the
            sum of all masses.
        allowed: a byte an article, or empty for all.
        sums, touched: working space of one number an article; sums holds zeros, before and after.
        best_*: the best scores over all segments so far (at most one a group; the least last when
            all places are taken), best_size[0] of them; guess_*: working space of that size.
        out_doc, out_score: receive the articles and their exact scores.

    Returns:
        how many articles were put out, or -1 if they were more than there is room for.
    """
    terms = starts.size
    places = best_score.size
    cap = 1.0 + form_bonus + keyword_bonus
    order = np.argsort(-bounds)
    rest = 0.0
    for index in range(terms):
        rest += bounds[index]
    size = best_size[0]
    least = best_score[places - 1] if size == places else 0.0

    # Essential terms: all their articles are looked at.
    count = 0
    done = np.zeros(terms, dtype=np.uint8)
    for position in range(terms):
        term = order[position]
        if not hits[term]:
            continue
        if least > 0.0 and rest * cap < least * (1.0 - SLACK):
            break
        weight = weights[term]
        if allowed.size:
            for at in range(starts[term], stops[term]):
                doc = docs[at]
                if allowed[doc]:
                    if sums[doc] == 0.0:
                        touched[count] = doc
                        count += 1
                    sums[doc] += weight * impacts[at]
        else:
            for at in range(starts[term], stops[term]):
                doc = docs[at]
                if sums[doc] == 0.0:
                    touched[count] = doc
                    count += 1
                sums[doc] += weight * impacts[at]
        done[term] = 1
        rest -= bounds[term]
        # What the best are sure of by now: no bonus and no other term can lower it.
        guesses = size
        guess_score[:size] = best_score[:size]
        guess_group[:size] = best_group[:size]
        guess_doc[:size] = -1
        for index in range(count):
            doc = touched[index]
            if guesses < places or sums[doc] > guess_score[places - 1]:
                guesses = _offer(
                    guess_score, guess_group, guess_doc, guesses, sums[doc], groups[2 * doc], doc
                )
        if guesses == places:
            least = max(least, guess_score[places - 1])

    # The others: looked up for the articles that can still make it.
    all_touched = count
    left = np.empty(count, dtype=np.int32)
    kept = 0
    for index in range(count):
        doc = touched[index]
        if (sums[doc] + rest) * cap >= least * (1.0 - SLACK):
            left[kept] = doc
            kept += 1
    for position in range(terms):
        term = order[position]
        if done[term]:
            continue
        start, stop, weight = starts[term], stops[term], weights[term]
        if kept * 24 > stop - start:
            for at in range(start, stop):
                doc = docs[at]
                if sums[doc] != 0.0:
                    sums[doc] += weight * impacts[at]
        else:
            for index in range(kept):
                at = _find(docs, start, stop, left[index])
                if at >= 0:
                    sums[left[index]] += weight * impacts[at]
        rest -= bounds[term]
        bound = least * (1.0 - SLACK)
        still = 0
        for index in range(kept):
            doc = left[index]
            if (sums[doc] + rest) * cap >= bound:
                left[still] = doc
                still += 1
        kept = still

    # Where keywords of an article cover words of the query.
    words = hashes.size
    total = 0
    for index in range(words):
        total += content[index]
    found = 0
    cover_start = np.empty(words * _MAX_PHRASE, dtype=np.int64)
    cover_stop = np.empty(words * _MAX_PHRASE, dtype=np.int64)
    cover_bits = np.empty(words * _MAX_PHRASE, dtype=np.uint64)
    if total and kept and keyword_bonus > 0.0:
        for begin in range(words):
            key = np.uint64(0)
            covered = np.uint64(0)
            for end in range(begin, min(begin + _MAX_PHRASE, words)):
                key = (key ^ hashes[end]) * _PHRASE_FACTOR
                covered |= np.uint64(content[end]) << np.uint64(end)
                if covered == 0:
                    continue
                low = np.searchsorted(phrase_keys, key)
                if low < phrase_keys.size and phrase_keys[low] == key:
                    high = low + 1
                    while high < phrase_keys.size and phrase_keys[high] == key:
                        high += 1
                    cover_start[found] = low
                    cover_stop[found] = high
                    cover_bits[found] = covered
                    found += 1

    # The likely best first: they raise the bar for the others.
    guesses = 0
    for index in range(kept):
        doc = left[index]
        if guesses < places or sums[doc] > guess_score[places - 1]:
            guesses = _offer(
                guess_score, guess_group, guess_doc, guesses, sums[doc], groups[2 * doc], doc
            )
    put = 0
    for index in range(guesses + kept):
        if index < guesses:
            doc = guess_doc[index]
        else:
            doc = left[index - guesses]
            if sums[doc] < 0.0:
                continue
        bar = best_score[places - 1] * (1.0 - SLACK) if size == places else 0.0
        if sums[doc] * cap < bar:
            continue
        sums[doc] = -1.0
        base = 0.0
        typed = 0.0
        for term in range(terms):
            at = _find(docs, starts[term], stops[term], doc)
            if at >= 0:
                base += weights[term] * impacts[at]
                if masks[at] & bits[term]:
                    typed += masses[term]
        covered = np.uint64(0)
        for phrase in range(found):
            if _find(phrase_docs, cover_start[phrase], cover_stop[phrase], doc) >= 0:
                covered |= cover_bits[phrase]
        share = 0
        while covered:
            covered &= covered - np.uint64(1)
            share += 1
        bonus = 1.0 + form_bonus * (typed / whole)
        bonus += keyword_bonus * (share / max(total, 1))
        score = base * bonus
        if score >= bar:
            if put == out_doc.size:
                put = -1
                break
            out_doc[put] = doc
            out_score[put] = score
            put += 1
            size = _offer(best_score, best_group, best_doc, size, score, groups[2 * doc], doc)
    best_size[0] = size
    for index in range(all_touched):
        sums[touched[index]] = 0.0
    return put
