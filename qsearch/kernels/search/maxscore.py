"""The best articles of an index for a bag of words, in compiled code.

MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995), a term at a
time: the terms that can add most are added up for all their articles, until those that are left
can't lift a new article among the best; they are then looked up for the articles that can still
make it. Up to there impacts are whole steps, rounded up, and their sums small whole numbers, so
that a query touches few bytes. The few articles that remain are scored in the order of the query,
so the numbers are those of the plain path to the last bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.runtime.array_views import prefetch
from qsearch.kernels.search.keyword_cover import mark, ones, runs_of
from qsearch.kernels.search.layout import (
    BASE,
    BLOCK,
    COUNT,
    DENSE,
    ENTRY,
    FEW,
    FORM_BONUS,
    HASH,
    IDF,
    KEYWORD_BONUS,
    LARGEST,
    MASS,
    PART,
    SHORT,
    START,
    STEPS,
    STOP,
    STOP_WORD,
)  # fmt: skip
from qsearch.kernels.search.rescore import SURELY, score
from qsearch.kernels.search.round_score import nine_digits
from qsearch.kernels.search.score_bounds import (
    bar_of_chosen,
    bar_of_sums,
    choose,
    gather,
    keep,
    lift,
    list_allowed,
    look_up,
    look_up_dense,
    peaks_of,
    scout,
    strike_out,
)  # fmt: skip
from qsearch.model.keyword_phrase import COVER_WORDS, MAX_PHRASE

_MOST = 65_535

ENOUGH = 0.7
"""Terms are added up for all their articles until those that are left can't lift a new article to
this share of what it must reach. A larger share adds up fewer lists, and leaves more articles that
almost reach it, for which terms are looked up.
"""


@njit(nogil=True, error_model="numpy")
def _terms(codes, boosts, facts, numbers, content_words, entries, weights, masses, words, content):
    """Read a query: the terms to score in order, the words that keywords can cover.

    Returns:
        how many terms and how many words there are, the sum of all masses, and whether there are
        only stop words.
    """
    count = 0
    only_stops = True
    cover = 0
    for place in range(codes.size):
        entry = np.int64(codes[place] >> 1)
        known = numbers[entry, IDF] != 0.0
        only_stops = only_stops and facts[entry, STOP_WORD] != 0
        if not codes[place] & 1 and cover < COVER_WORDS:
            words[cover] = facts[entry, HASH]
            content[cover] = 1 - facts[entry, STOP_WORD]
            content_words[0] += content[cover]
            if not known:
                content[cover] = -1
            cover += 1
        if known:
            at = 0
            while at < count and entries[at] != entry:
                at += 1
            if at == count:
                entries[at] = entry
                weights[at] = 0.0
                count += 1
            weights[at] += boosts[place]
    whole = 0.0
    for at in range(count):
        masses[at] = weights[at] * numbers[entries[at], MASS]
        weights[at] *= numbers[entries[at], IDF]
        whole += masses[at]
    return count, cover, whole, only_stops


@njit(nogil=True, error_model="numpy")
def _in_order(scores, places, groups, count, least):
    """Put what still may be among the best first, by its score, and round the scores; return how
    many these are.
    """
    kept = 0
    for index in range(count):
        score, segment, doc = scores[index], places[2 * index], places[2 * index + 1]
        group = groups[index]
        if score < least * SURELY:
            continue
        at = kept
        while at > 0 and scores[at - 1] < score:
            scores[at] = scores[at - 1]
            places[2 * at], places[2 * at + 1] = places[2 * at - 2], places[2 * at - 1]
            groups[at] = groups[at - 1]
            at -= 1
        scores[at] = score
        places[2 * at], places[2 * at + 1] = segment, doc
        groups[at] = group
        kept += 1
    for index in range(kept):
        scores[index] = nine_digits(scores[index])
    return kept


@njit(nogil=True, error_model="numpy")
def top(
    codes, boosts, facts, numbers, forms, segments,
    settings, norms, docs, details, dense, lengths, groups,
    phrase_keys, phrase_docs, phrase_filter, phrase_buckets, allowed, any_hits, wanted,
    sums, upper, shares, chosen, covered, marked,
    out_score, out_place, out_group,
):  # fmt: skip
    """Find every article that may be among the best; ties included.

    Arguments:
        codes, facts, numbers, segments, settings: see ``layout``; boosts: a factor a code; forms:
            the articles of forms that have no bit.
        norms: 3 x 256 factors; docs, details, dense: as ``fill_term`` leaves them; lengths: three
            bytes an article.
        groups: two numbers an article, of which the first stands for its copies (0: none).
        phrase_*: the keyword phrases of all segments (``fill_phrases``).
        allowed: a byte an article, 0 or 1, or empty for all.
        any_hits: 1 if any term makes an article a hit that is allowed; 0 if stop words do so only
            in a query that holds nothing else.
        wanted: how many groups.
        sums, upper, shares, chosen, covered, marked: working space for as many articles as the
            largest segment has, ``sums`` in whole blocks; sums and covered hold zeros, before and
            after.
        out_*: receive the scores (``nine_digits``), largest first, segment and number (two
            numbers) of each article, and its group.

    Returns:
        how many articles were put out, or -1 if they were more than there is room for (``sums``
        and ``covered`` have to be cleared then).
    """
    form_bonus, keyword_bonus = settings[FORM_BONUS], settings[KEYWORD_BONUS]
    short = settings[SHORT]
    entries = np.empty(codes.size, dtype=np.int64)
    weights = np.empty(codes.size)
    masses = np.empty(codes.size)
    words = np.empty(COVER_WORDS, dtype=np.int64)
    content = np.empty(COVER_WORDS, dtype=np.int64)
    content_words = np.zeros(1, dtype=np.int64)
    count, cover, whole, only_stops = _terms(
        codes, boosts, facts, numbers, content_words, entries, weights, masses, words, content
    )
    only_stops = only_stops or any_hits == 1
    total = content_words[0]
    runs = 0
    keys = np.empty(COVER_WORDS * MAX_PHRASE, dtype=np.uint64)
    bits = np.empty(COVER_WORDS * MAX_PHRASE, dtype=np.uint64)
    if keyword_bonus > 0.0:
        runs = runs_of(words, content, cover, keys, bits)
    share = keyword_bonus / max(total, 1)
    best_score, best_group = np.zeros(wanted), np.zeros(wanted, dtype=np.uint64)
    guess_score, guess_group = np.zeros(wanted), np.zeros(wanted, dtype=np.uint64)
    highest = np.empty(wanted, dtype=np.int64)
    scouts = np.empty(2 * wanted, dtype=np.int32)
    bounds = np.empty(count)
    order = np.empty(count, dtype=np.int64)
    size = 0
    put = 0
    for number in range(segments.shape[0]):
        segment = segments[number]
        base = segment[BASE]
        part = ENTRY + number * PART
        rest = 0.0
        for term in range(count):
            bounds[term] = weights[term] * numbers[entries[term], LARGEST + number]
            rest += bounds[term]
            row = facts[entries[term], part : part + PART]
            prefetch(docs, row[START])
            prefetch(details, row[START])
            at = term
            while at > 0 and bounds[order[at - 1]] < bounds[term]:
                order[at] = order[at - 1]
                at -= 1
            order[at] = term
        mask = allowed[base : base + segment[COUNT]] if allowed.size else allowed
        few = list_allowed(mask, settings[FEW], chosen) if any_hits else -1
        if few == 0 or (rest == 0.0 and few < 0):
            continue
        marks, all_bits = mark(
            segment, runs, keys, bits, phrase_keys, phrase_docs, phrase_filter, phrase_buckets,
            covered, marked,
        )  # fmt: skip
        most_share = 1.0 + share * ones(all_bits)
        cap = most_share + form_bonus
        unit = rest * most_share / (_MOST - 3 * count)
        peaks = np.empty((segment[COUNT] + BLOCK - 1) // BLOCK, dtype=np.uint16)
        bar = best_score[wanted - 1] if size == wanted else 0.0
        error = 0.0
        gathered = 0
        scouted = 0

        # Terms that make hits: short lists are added up for all their articles, long ones as long
        # as those that are left could lift a new article among the best.
        for turn in range(2 if few < 0 else 0):
            for position in range(gathered, count):
                term = order[position]
                entry = facts[entries[term]]
                start, stop, step = entry[part + START], entry[part + STOP], bounds[term] / STEPS
                if (
                    step == 0.0
                    or (entry[STOP_WORD] and not only_stops)
                    or (turn == 0 and stop - start > short)
                ):
                    continue
                if rest * cap < bar * ENOUGH:
                    break
                gather(docs, details, start, stop, step, unit, True, sums)
                order[position] = order[gathered]
                order[gathered] = term
                gathered += 1
                rest -= bounds[term]
                error += step + 2.0 * unit
                if turn == 1:
                    strike_out(scouts, scouted, sums)
                    peaks_of(sums, mask, peaks)
                    bar = bar_of_sums(
                        sums, peaks, unit, error, bar, groups, base, best_score, best_group, size,
                        guess_score, guess_group, highest,
                    )  # fmt: skip
            if gathered and scouted == 0 and size < wanted:
                if turn == 0:
                    peaks_of(sums, mask, peaks)
                scouted = scout(sums, peaks, highest, marked, marks, covered, share, scouts)
                put, size = score(
                    scouts, scouted, number, part, segment, count, entries, weights, masses, whole,
                    total, facts, settings, norms, docs, details, dense, forms, lengths,
                    groups, covered, best_score, best_group, size,
                    out_score, out_place, out_group, put,
                )  # fmt: skip
                if put < 0:
                    return -1
                strike_out(scouts, scouted, sums)
                if size == wanted:
                    bar = max(bar, best_score[wanted - 1])
                elif turn == 0:
                    peaks_of(sums, mask, peaks)
                    bar = bar_of_sums(
                        sums, peaks, unit, error, bar, groups, base, best_score, best_group, size,
                        guess_score, guess_group, highest,
                    )  # fmt: skip
        kept = 0
        if gathered:
            # The short lists of stop words, for the articles there are.
            for position in range(gathered, count):
                term = order[position]
                row = facts[entries[term], part : part + PART]
                step = bounds[term] / STEPS
                if step > 0.0 and row[DENSE] < 0 and row[STOP] - row[START] <= short:
                    gather(docs, details, row[START], row[STOP], step, unit, False, sums)
                    order[position] = order[gathered]
                    order[gathered] = term
                    gathered += 1
                    rest -= bounds[term]
                    error += step + 2.0 * unit
            rest = max(rest, 0.0)
            lift(marked, marks, covered, share, sums)
            peaks_of(sums, mask, peaks)
            if size < wanted:
                bar = bar_of_sums(
                    sums, peaks, unit, error * most_share + unit, bar, groups, base,
                    best_score, best_group, size, guess_score, guess_group, highest,
                )  # fmt: skip
            least = np.int64((bar * SURELY / (1.0 + form_bonus) - rest * most_share) / unit)
            kept = choose(sums, peaks, max(least, 1), unit, chosen, upper)
        for index in range(kept):
            shares[index] = 1.0 + share * ones(covered[chosen[index]])
            upper[index] /= shares[index]
        error += unit
        if few >= 0:
            kept, gathered = few, count + 1

        # The rest: looked up for the articles that can still make it.
        if few < 0:
            kept = keep(chosen, upper, shares, kept, rest, bar * SURELY, form_bonus)
        for position in range(gathered, count + 1):
            if position < count:
                term = order[position]
                row = facts[entries[term], part : part + PART]
                step = bounds[term] / STEPS
                if step == 0.0:
                    continue
                if row[DENSE] >= 0:
                    look_up_dense(dense, row[DENSE], step, chosen, upper, kept)
                else:
                    look_up(docs, details, row[START], row[STOP], step, chosen, upper, kept)
                rest = max(rest - bounds[term], 0.0)
                error += step
            else:
                rest = 0.0
            if position == count or kept > 4 * wanted:
                bar = bar_of_chosen(
                    chosen, upper, shares, kept, error, bar, groups, base,
                    best_score, best_group, size, guess_score, guess_group,
                )  # fmt: skip
            kept = keep(chosen, upper, shares, kept, rest, bar * SURELY, form_bonus)

        # Those that are left, exactly.
        put, size = score(
            chosen, kept, number, part, segment, count, entries, weights, masses, whole, total,
            facts, settings, norms, docs, details, dense, forms,
            lengths, groups, covered, best_score, best_group, size,
            out_score, out_place, out_group, put,
        )  # fmt: skip
        if put < 0:
            return -1
        for index in range(marks):
            covered[marked[index]] = 0
    return _in_order(
        out_score, out_place, out_group, put, best_score[wanted - 1] if size == wanted else 0.0
    )
