"""The best documents of an index for a bag of words.

MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995), a term at a
time, segment by segment:

1. **Accumulate the rarer terms** for all their documents, until the terms that are left can't lift
   a new document among the best. Impacts are quantised, rounded up, and their sums small whole
   numbers, so that a query touches few bytes.
2. **Seed the threshold.** Once the short lists are accumulated, the 2k documents with the highest
   partial sums are scored exactly; the k-th of them is the pruning threshold. One taken from the
   accumulators must subtract all uncertainty and prunes less.
3. **Choose candidates:** the documents whose sums can still reach the threshold.
4. **Look up the rest** of the terms for the candidates, pruning after each.
5. **Rescore** the few that remain in the order of the query, so that their scores are those of the
   NumPy engine to the last bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.runtime.address_tables import NO_ROOM
from qsearch.kernels.runtime.array_views import prefetch
from qsearch.kernels.search.accumulators import (
    accumulate,
    apply_early_bonus,
    clear_sums,
    select_seeds,
    take_candidates,
    threshold_of_accumulators,
    update_block_max,
)
from qsearch.kernels.search.arguments import Accumulators, HeadingQuery, Progress, Pruning, Segment
from qsearch.kernels.search.candidates import (
    list_allowed,
    look_up,
    look_up_dense,
    prune,
    threshold_of_candidates,
)
from qsearch.kernels.search.keyword_cover import clear_cover, early_bonus, find_cover
from qsearch.kernels.search.layout import (
    BASE,
    BLOCK,
    COUNT,
    DENSE,
    ENTRY,
    FEW,
    FORM_BONUS,
    FORM_START,
    FORM_STOP,
    HEADING_STARTS,
    HEADING_WORDS,
    IMPACT_LEVELS,
    KEYWORD_BONUS,
    LARGEST,
    PART,
    SHORT,
    START,
    STOP,
    TITLE_BONUS,
    TYPED,
)  # fmt: skip
from qsearch.kernels.search.read_query import read_query
from qsearch.kernels.search.rescore import SURELY, rescore
from qsearch.kernels.search.round_score import nine_digits
from qsearch.kernels.search.signals import title_cover_share
from qsearch.kernels.search.top_k import is_full, new_top_k, threshold_of

_LARGEST_SUM = 65_535

ENOUGH = 0.7
"""Terms are accumulated until those that are left can't lift a new document to this share of the
threshold. A larger share accumulates fewer lists, and leaves more candidates that almost reach it,
for which terms are looked up.
"""


@njit(nogil=True, error_model="numpy")
def _open_segment(segment_id, query, index):
    """Return a segment as a query sees it, its terms by descending bounds."""
    row = index.segments[segment_id]
    postings = index.postings
    at_part = ENTRY + segment_id * PART
    count = query.weights.size
    terms = np.empty((count, PART), dtype=np.int64)
    bounds, order = np.empty(count), np.empty(count, dtype=np.int64)
    total_bound = 0.0
    for term in range(count):
        entry = query.entries[term]
        bounds[term] = query.weights[term] * index.numbers[entry, LARGEST + segment_id]
        total_bound += bounds[term]
        for column in range(PART):
            terms[term, column] = index.facts[entry, at_part + column]
        prefetch(postings.docs, terms[term, START])
        prefetch(postings.details, terms[term, START])
        at = term
        while at > 0 and bounds[order[at - 1]] < bounds[term]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = term
    base = row[BASE]
    groups = index.documents.groups[2 * base :]
    heading = _heading_query(row, query, terms, index.formula.settings[TITLE_BONUS])
    return Segment(segment_id, base, row[COUNT], groups, terms, bounds, order, total_bound, heading)


@njit(nogil=True, error_model="numpy")
def _heading_query(row, query, terms, bonus):
    """Return what is looked for in the headings of a segment, given its row and its terms."""
    count = 0
    words = np.empty((terms.shape[0], 3), dtype=np.int64)
    if bonus > 0.0:
        for term in range(terms.shape[0]):
            if query.content[term] and terms[term, FORM_START] < terms[term, FORM_STOP]:
                words[count, 0] = terms[term, FORM_START]
                words[count, 1] = terms[term, FORM_STOP]
                words[count, 2] = terms[term, TYPED]
                count += 1
    first_start, first_word = row[HEADING_STARTS], row[HEADING_WORDS]
    return HeadingQuery(first_start, first_word, words[:count], query.content_terms, bonus)


@njit(nogil=True, error_model="numpy")
def _most_bonus(segment, index, cover, progress):
    """Return the largest factor of a document that holds none but the terms that are left.

    Its title cover is at most their share of the query's terms.
    """
    heading = segment.heading
    share = min(progress.remaining_content / max(heading.terms, 1), 1.0)
    return cover.most + index.formula.settings[FORM_BONUS] + heading.bonus * share


@njit(nogil=True, error_model="numpy")
def _span(segment, term):
    """Return where the postings of a term start and stop, and the score of one step of them."""
    row = segment.terms[term]
    return row[START], row[STOP], segment.bounds[term] / IMPACT_LEVELS


@njit(nogil=True, error_model="numpy")
def _accumulated(query, segment, progress, term, position, unit):
    """Return the progress once the term at a position of the order is accumulated too."""
    done = progress.accumulated
    segment.order[position] = segment.order[done]
    segment.order[done] = term
    bound = segment.bounds[term]
    return Progress(
        done + 1,
        progress.remaining - bound,
        progress.remaining_content - query.content[term],
        progress.error + (bound / IMPACT_LEVELS + 2.0 * unit),
        progress.threshold,
    )


@njit(nogil=True, error_model="numpy")
def _with_threshold(progress, threshold):
    return Progress(
        progress.accumulated,
        progress.remaining,
        progress.remaining_content,
        progress.error,
        threshold,
    )


@njit(nogil=True, error_model="numpy")
def _accumulate_short(query, segment, index, accumulators, cover, progress):
    """Accumulate short lists, for all their documents: it takes less than to find out whether they
    matter. Return the progress.
    """
    for position in range(progress.accumulated, query.weights.size):
        term = segment.order[position]
        start, stop, step = _span(segment, term)
        is_left = query.stop_words[term] and not query.stop_words_hit
        if step == 0.0 or is_left or stop - start > index.formula.settings[SHORT]:
            continue
        most_bonus = _most_bonus(segment, index, cover, progress)
        if progress.remaining * most_bonus < progress.threshold * ENOUGH:
            break
        accumulate(index.postings, start, stop, step, False, accumulators)
        progress = _accumulated(query, segment, progress, term, position, accumulators.unit)
    return progress


@njit(nogil=True, error_model="numpy")
def _accumulate_long(query, segment, index, accumulators, cover, progress, top_k, pruning, seeds):
    """Accumulate long lists as long as those that are left could lift a new document among the
    best. Return the progress.

    Arguments:
        seeds: documents that are scored already.
    """
    for position in range(progress.accumulated, query.weights.size):
        term = segment.order[position]
        start, stop, step = _span(segment, term)
        if step == 0.0 or (query.stop_words[term] and not query.stop_words_hit):
            continue
        most_bonus = _most_bonus(segment, index, cover, progress)
        if progress.remaining * most_bonus < progress.threshold * ENOUGH:
            break
        accumulate(index.postings, start, stop, step, False, accumulators)
        progress = _accumulated(query, segment, progress, term, position, accumulators.unit)
        clear_sums(accumulators, seeds)
        update_block_max(accumulators)
        threshold = threshold_of_accumulators(
            accumulators, progress.error, progress.threshold, segment.groups, top_k, pruning
        )
        progress = _with_threshold(progress, threshold)
    return progress


@njit(nogil=True, error_model="numpy")
def _accumulate_stop_words(query, segment, index, accumulators, progress):
    """Accumulate the short lists that are left, those of stop words, for documents that have a
    sum. Return the progress.
    """
    for position in range(progress.accumulated, segment.order.size):
        term = segment.order[position]
        start, stop, step = _span(segment, term)
        is_short = stop - start <= index.formula.settings[SHORT]
        if step > 0.0 and segment.terms[term, DENSE] < 0 and is_short:
            accumulate(index.postings, start, stop, step, True, accumulators)
            progress = _accumulated(query, segment, progress, term, position, accumulators.unit)
    remaining = max(progress.remaining, 0.0)
    return Progress(
        progress.accumulated,
        remaining,
        progress.remaining_content,
        progress.error,
        progress.threshold,
    )


@njit(nogil=True, error_model="numpy")
def _score_seeds(query, segment, index, accumulators, cover, top_k, pruning, output):
    """Score the documents that are likely to be among the best; return how many, or ``NO_ROOM``."""
    count = select_seeds(accumulators, cover, pruning)
    seeds = pruning.seeds[:count]
    if not rescore(seeds, query, segment, index, cover.bits, top_k, output):
        return NO_ROOM
    clear_sums(accumulators, seeds)
    return count


@njit(nogil=True, error_model="numpy")
def _accumulate_rarer(query, segment, index, accumulators, cover, top_k, pruning, output):
    """Accumulate the terms that can lift a new document among the best, and seed the threshold.

    Returns:
        the progress; ``accumulated`` is ``NO_ROOM`` if there was no room for the seeds.
    """
    progress = Progress(0, segment.total_bound, query.content.sum(), 0.0, threshold_of(top_k))
    seeded = 0
    progress = _accumulate_short(query, segment, index, accumulators, cover, progress)
    if progress.accumulated and not is_full(top_k):
        update_block_max(accumulators)
        seeded = _score_seeds(query, segment, index, accumulators, cover, top_k, pruning, output)
        if seeded == NO_ROOM:
            return Progress(NO_ROOM, 0.0, 0, 0.0, 0.0)
        threshold = max(progress.threshold, threshold_of(top_k))
        if not is_full(top_k):
            update_block_max(accumulators)
            threshold = threshold_of_accumulators(
                accumulators, progress.error, threshold, segment.groups, top_k, pruning
            )
        progress = _with_threshold(progress, threshold)
    seeds = pruning.seeds[:seeded]
    progress = _accumulate_long(
        query, segment, index, accumulators, cover, progress, top_k, pruning, seeds
    )
    if progress.accumulated and seeded == 0 and not is_full(top_k):
        seeded = _score_seeds(query, segment, index, accumulators, cover, top_k, pruning, output)
        if seeded == NO_ROOM:
            return Progress(NO_ROOM, 0.0, 0, 0.0, 0.0)
        progress = _with_threshold(progress, max(progress.threshold, threshold_of(top_k)))
    return progress


@njit(nogil=True, error_model="numpy")
def _choose_candidates(
    query, segment, index, accumulators, cover, progress, top_k, pruning, candidates
):
    """Make the documents that can still reach the threshold the candidates.

    Returns:
        how many there are, and the progress.
    """
    late_bonus = index.formula.settings[FORM_BONUS]
    unit = accumulators.unit
    kept = 0
    if progress.accumulated:
        progress = _accumulate_stop_words(query, segment, index, accumulators, progress)
        apply_early_bonus(accumulators, cover)
        update_block_max(accumulators)
        if not is_full(top_k):
            error = progress.error * cover.most + unit
            threshold = threshold_of_accumulators(
                accumulators, error, progress.threshold, segment.groups, top_k, pruning
            )
            progress = _with_threshold(progress, threshold)
        # The title cover is looked up for candidates only.
        most_late = late_bonus + segment.heading.bonus
        needed = progress.threshold * SURELY / (1.0 + most_late)
        limit = np.int64((needed - progress.remaining * cover.most) / unit)
        kept = take_candidates(accumulators, max(limit, 1), candidates)
    for place in range(kept):
        doc = np.int64(candidates.docs[place])
        candidates.early[place] = early_bonus(cover, doc)
        candidates.bounds[place] /= candidates.early[place]
        title_share = title_cover_share(doc, index.headings, segment.heading)
        candidates.early[place] += segment.heading.bonus * title_share
    needed = progress.threshold * SURELY
    kept = prune(candidates, kept, progress.remaining, needed, late_bonus)
    return kept, Progress(
        progress.accumulated,
        progress.remaining,
        progress.remaining_content,
        progress.error + unit,
        progress.threshold,
    )


@njit(nogil=True, error_model="numpy")
def _look_up_rest(segment, index, progress, candidates, kept, top_k, pruning):
    """Look up the terms that were not accumulated for the candidates; return how many are kept."""
    postings, late_bonus = index.postings, index.formula.settings[FORM_BONUS]
    groups, estimate = segment.groups, pruning.estimate
    remaining = progress.remaining
    for position in range(progress.accumulated, segment.order.size):
        term = segment.order[position]
        start, stop, step = _span(segment, term)
        if step == 0.0:
            continue
        row = segment.terms[term, DENSE]
        if row >= 0:
            look_up_dense(postings.dense, row, step, candidates, kept)
        else:
            look_up(postings, start, stop, step, candidates, kept)
        remaining = max(remaining - segment.bounds[term], 0.0)
        progress = Progress(
            progress.accumulated,
            remaining,
            progress.remaining_content,
            progress.error + step,
            progress.threshold,
        )
        if kept > 4 * top_k.scores.size:
            threshold = threshold_of_candidates(candidates, kept, progress, groups, top_k, estimate)
            progress = _with_threshold(progress, threshold)
        kept = prune(candidates, kept, remaining, progress.threshold * SURELY, late_bonus)
    threshold = threshold_of_candidates(candidates, kept, progress, groups, top_k, estimate)
    return prune(candidates, kept, 0.0, threshold * SURELY, late_bonus)


@njit(nogil=True, error_model="numpy")
def _find_candidates(query, segment, index, allowed, cover, work, top_k, pruning, output):
    """Find the documents of a segment that may be among the best; return how many there are, or
    ``NO_ROOM``.
    """
    unit = segment.total_bound * cover.most / (_LARGEST_SUM - 3 * query.weights.size)
    block_max = np.empty((segment.count + BLOCK - 1) // BLOCK, dtype=np.uint16)
    accumulators = Accumulators(work.sums, block_max, allowed, unit)
    progress = _accumulate_rarer(query, segment, index, accumulators, cover, top_k, pruning, output)
    if progress.accumulated == NO_ROOM:
        return NO_ROOM
    candidates = work.candidates
    kept, progress = _choose_candidates(
        query, segment, index, accumulators, cover, progress, top_k, pruning, candidates
    )
    return _look_up_rest(segment, index, progress, candidates, kept, top_k, pruning)


@njit(nogil=True, error_model="numpy")
def _search_segment(query, runs, segment, index, allowed, work, top_k, pruning, output):
    """Put out the documents of a segment that may be among the best; return whether there was room
    for all.
    """
    settings = index.formula.settings
    end = segment.base + segment.count
    mask = allowed[segment.base : end] if allowed.size else allowed
    # Few hits are scored one by one, without bounds.
    kept = list_allowed(mask, settings[FEW], work.candidates.docs) if query.any_hits else -1
    if kept == 0 or (segment.total_bound == 0.0 and kept < 0):
        return True
    per_word = settings[KEYWORD_BONUS] / max(query.content_words, 1)
    row = index.segments[segment.segment_id]
    cover = find_cover(row, runs, index.keywords, work, per_word)
    if kept < 0:
        kept = _find_candidates(query, segment, index, mask, cover, work, top_k, pruning, output)
        if kept == NO_ROOM:
            return False
    docs = work.candidates.docs[:kept]
    if not rescore(docs, query, segment, index, cover.bits, top_k, output):
        return False
    clear_cover(cover)
    return True


@njit(nogil=True, error_model="numpy")
def _sort_output(output, least):
    """Put what still may be among the best first, by its score, and round the scores; return how
    many these are.

    Arguments:
        least: the k-th best score.
    """
    scores, places, groups = output.scores, output.places, output.groups
    kept = 0
    for index in range(output.size[0]):
        score, segment_id, doc = scores[index], places[2 * index], places[2 * index + 1]
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
        places[2 * at], places[2 * at + 1] = segment_id, doc
        groups[at] = group
        kept += 1
    for index in range(kept):
        scores[index] = nine_digits(scores[index])
    return kept


@njit(nogil=True, error_model="numpy")
def top(codes, boosts, index, allowed, any_hits, k, work, output):
    """Find every document that may be among the best; ties included.

    Arguments:
        codes: int32, the query, see ``layout``; boosts: float64, a factor a code.
        index, work, output: see ``arguments``.
        allowed: uint8, 0 or 1 a document, or empty for all.
        any_hits: 1 if any term makes a document a hit that is allowed; 0 if stop words do so only
            in a query that holds nothing else.
        k: how many groups.

    Returns:
        how many documents ``output`` has received, with their scores (``nine_digits``), largest
        first; or ``NO_ROOM`` if they were more than there is room for. Sums and cover of the
        working space have to be cleared then.
    """
    query, runs = read_query(codes, boosts, any_hits, index)
    top_k = new_top_k(k)
    pruning = Pruning(new_top_k(k), np.empty(k, dtype=np.int64), np.empty(2 * k, dtype=np.int32))
    for segment_id in range(index.segments.shape[0]):
        segment = _open_segment(segment_id, query, index)
        if not _search_segment(query, runs, segment, index, allowed, work, top_k, pruning, output):
            return NO_ROOM
    return _sort_output(output, threshold_of(top_k))
