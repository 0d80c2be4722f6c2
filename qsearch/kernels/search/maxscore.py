"""The best documents of an index for a bag of words.

MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995), a term at a
time, segment by segment:

1. **Accumulate the rarer terms** for all their documents, until the terms that are left can't lift
   a new document among the best. Impacts are quantised, rounded up, and their sums small whole
   numbers, so that a query touches few bytes.
2. **Seed the threshold.** Once the short lists are accumulated, the 2k documents with the highest
   partial sums are scored exactly; the k-th of them is the pruning threshold. One taken from the
   accumulators must subtract all uncertainty and prunes less.
3. **Score the headed:** documents whose title or question shares words with the query, where that
   could lift them to the threshold. The title cover of all others is 0.
4. **Choose candidates:** the documents whose sums can still reach the threshold.
5. **Look up the rest** of the terms for the candidates, pruning after each.
6. **Rescore** the few that remain in the order of the query, so that their scores are those of the
   NumPy engine to the last bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.runtime.address_tables import NO_ROOM
from qsearch.kernels.runtime.array_views import borrowed, keep
from qsearch.kernels.search.accumulators import (
    accumulate,
    apply_early_bonus,
    clear_sums,
    select_seeds,
    take_candidates,
    threshold_of_accumulators,
    update_block_max,
)
from qsearch.kernels.search.arguments import (
    Accumulators,
    HeadingQuery,
    KeywordRuns,
    Progress,
    Pruning,
    Query,
    Segment,
    TopK,
)
from qsearch.kernels.search.candidates import (
    list_allowed,
    look_up,
    look_up_dense,
    prune,
    threshold_of_candidates,
)
from qsearch.kernels.search.heading_cover import (
    mark_headed,
    most_promising_first,
    reaching_first,
    select_headed,
    sums_needed,
)
from qsearch.kernels.search.keyword_cover import clear_cover, early_bonus, find_cover
from qsearch.kernels.search.layout import (
    BLOCK,
    DENSE,
    FEW,
    FORM_BONUS,
    IMPACT_LEVELS,
    KEYWORD_BONUS,
    SHORT,
    START,
    STOP,
)  # fmt: skip
from qsearch.kernels.search.open_segment import open_segment
from qsearch.kernels.search.progress import after_accumulating, with_late_bonus, with_threshold
from qsearch.kernels.search.read_query import read_query
from qsearch.kernels.search.rescore import SURELY, rescore
from qsearch.kernels.search.round_score import nine_digits
from qsearch.kernels.search.top_k import is_full, new_top_k, threshold_of
from qsearch.ranking.signals.title_cover import PARTIAL

_LARGEST_SUM = 65_535

COMMON = 3
"""Of so many words of a query a heading may share one without a closer look, of twice as many two:
what that earns is a bound for all documents. A smaller number looks at fewer headings, and prunes
less.
"""

ENOUGH = 0.7
"""Terms are accumulated until those that are left can't lift a new document to this share of the
threshold. A larger share accumulates fewer lists, and leaves more candidates that almost reach it,
for which terms are looked up.
"""


@njit(nogil=True, error_model="numpy")
def _title_bonus_left(heading, remaining_content):
    """Return the largest title bonus of a document that holds no content word of the query but
    those that are left: its cover is at most their share of the query's.
    """
    return heading.bonus * min(remaining_content / max(heading.terms, 1), 1.0)


@njit(nogil=True, error_model="numpy")
def _span(terms, bounds, term):
    """Return where the postings of a term start and stop, and the score of one step of them."""
    return terms[term, START], terms[term, STOP], bounds[term] / IMPACT_LEVELS


@njit(nogil=True, error_model="numpy")
def _accumulate_lists(
    query, segment, index, accumulators, most_bonus, progress, top_k, pruning, seeds, long_too
):
    """Accumulate lists as long as those that are left could lift a new document among the best.

    Arguments:
        most_bonus: the largest factor that a document can have, the title bonus left out.
        seeds: documents that are scored already.
        long_too: 0 for short lists only, which are accumulated before it is known whether they
            matter: to find it out would take longer. 1 for all, with a new threshold after each.

    Returns:
        the progress.
    """
    terms, bounds, order, unit = segment.terms, segment.bounds, segment.order, accumulators.unit
    stop_words, stop_words_hit = query.stop_words, query.stop_words_hit
    content, heading = query.content, segment.heading
    short = index.formula.settings[SHORT]
    for position in range(progress.accumulated, order.size):
        term = order[position]
        start, stop, step = _span(terms, bounds, term)
        makes_no_hit = stop_words[term] and not stop_words_hit
        is_long = stop - start > short
        if step == 0.0 or makes_no_hit or (is_long and not long_too):
            continue
        most = most_bonus + _title_bonus_left(heading, progress.remaining_content)
        if progress.remaining * most < progress.threshold * ENOUGH:
            break
        accumulate(index.postings, start, stop, step, False, accumulators)
        progress = after_accumulating(order, bounds[term], content[term], progress, position, unit)
        if long_too:
            clear_sums(accumulators, seeds)
            update_block_max(accumulators)
            threshold = threshold_of_accumulators(
                accumulators, progress.error, progress.threshold, segment.groups, top_k, pruning
            )
            progress = with_threshold(progress, threshold)
    return progress


@njit(nogil=True, error_model="numpy")
def _accumulate_stop_words(query, segment, index, accumulators, progress):
    """Accumulate the short lists that are left, those of stop words, for documents that have a
    sum. Return the progress.
    """
    terms, bounds, order, unit = segment.terms, segment.bounds, segment.order, accumulators.unit
    short, content = index.formula.settings[SHORT], query.content
    for position in range(progress.accumulated, order.size):
        term = order[position]
        start, stop, step = _span(terms, bounds, term)
        is_short = stop - start <= short
        if step > 0.0 and terms[term, DENSE] < 0 and is_short:
            accumulate(index.postings, start, stop, step, True, accumulators)
            progress = after_accumulating(
                order, bounds[term], content[term], progress, position, unit
            )
    remaining = max(progress.remaining, 0.0)
    return Progress(
        progress.accumulated,
        remaining,
        progress.remaining_content,
        progress.error,
        progress.threshold,
        progress.late_bonus,
    )


@njit(nogil=True, error_model="numpy")
def _accumulate_rarer(query, segment, index, accumulators, cover, top_k, pruning, output):
    """Accumulate the terms that can lift a new document among the best, and seed the threshold.

    Returns:
        the progress; ``accumulated`` is ``NO_ROOM`` if there was no room for the seeds.
    """
    late_bonus = index.formula.settings[FORM_BONUS]
    most_bonus = cover.most + late_bonus
    threshold = threshold_of(top_k.scores, top_k.size)
    progress = Progress(0, segment.total_bound, query.content.sum(), 0.0, threshold, late_bonus)
    seeds = pruning.seeds[:0]
    for long_too in range(2):
        progress = _accumulate_lists(
            query, segment, index, accumulators, most_bonus, progress, top_k, pruning, seeds,
            long_too,
        )  # fmt: skip
        if progress.accumulated == 0 or seeds.size or is_full(top_k.scores, top_k.size):
            continue
        if not long_too:
            update_block_max(accumulators)
        seeds = pruning.seeds[: select_seeds(accumulators, cover, pruning)]
        if not rescore(seeds, query, segment, index, cover.bits, top_k, output):
            return Progress(NO_ROOM, 0.0, 0, 0.0, 0.0, 0.0)
        clear_sums(accumulators, seeds)
        threshold = max(progress.threshold, threshold_of(top_k.scores, top_k.size))
        if not long_too and not is_full(top_k.scores, top_k.size):
            update_block_max(accumulators)
            threshold = threshold_of_accumulators(
                accumulators, progress.error, threshold, segment.groups, top_k, pruning
            )
        progress = with_threshold(progress, threshold)
    return progress


@njit(nogil=True, error_model="numpy")
def _score_headed(query, segment, index, accumulators, cover, progress, top_k, work, output):
    """Score the documents whose title cover can lift them among the best, and clear their sums.

    Returns:
        the progress, as of ``_accumulate_rarer``.
    """
    heading = segment.heading
    if progress.accumulated == 0 or heading.words.shape[0] == 0:
        return progress
    late_bonus = index.formula.settings[FORM_BONUS]
    # A few words in common earn little: taken for a bound, that spares a look at many documents.
    few = heading.terms // COMMON
    few_bonus = heading.bonus * PARTIAL * few / heading.terms
    progress = with_late_bonus(progress, late_bonus + few_bonus)
    if few >= heading.words.shape[0]:
        return progress
    needed = sums_needed(accumulators, cover, progress, heading, late_bonus)
    counts = work.counts[: segment.size]
    found = mark_headed(heading.words, index.postings.headed, few + 1, counts, work.headed)
    found = select_headed(found, accumulators, needed, progress, segment, index, cover, work)
    counts[:] = 0
    docs, potentials = work.headed, work.candidates.bounds
    first = 0
    # The threshold that the most promising ones set rules out most of the others.
    for batch in range(2):
        if batch == 0:
            stop = most_promising_first(docs, potentials, found, np.empty(top_k.scores.size))
        else:
            least = progress.threshold * SURELY
            stop = reaching_first(docs, potentials, first, found, least)
        some = docs[first:stop]
        if some.size == 0:
            break
        if not rescore(some, query, segment, index, cover.bits, top_k, output):
            return Progress(NO_ROOM, 0.0, 0, 0.0, 0.0, 0.0)
        clear_sums(accumulators, some)
        threshold = max(progress.threshold, threshold_of(top_k.scores, top_k.size))
        progress = with_threshold(progress, threshold)
        first = stop
    return progress


@njit(nogil=True, error_model="numpy")
def _choose_candidates(segment, accumulators, cover, progress, top_k, pruning, candidates):
    """Make the documents that can still reach the threshold the candidates.

    Returns:
        how many there are, and the progress.
    """
    late_bonus = progress.late_bonus
    unit = accumulators.unit
    kept = 0
    if progress.accumulated:
        apply_early_bonus(accumulators, cover)
        update_block_max(accumulators)
        if not is_full(top_k.scores, top_k.size):
            error = progress.error * cover.most + unit
            threshold = threshold_of_accumulators(
                accumulators, error, progress.threshold, segment.groups, top_k, pruning
            )
            progress = with_threshold(progress, threshold)
        needed = progress.threshold * SURELY / (1.0 + late_bonus)
        limit = np.int64((needed - progress.remaining * cover.most) / unit)
        kept = take_candidates(accumulators, max(limit, 1), candidates)
    docs, bounds, early = candidates
    bits, per_word = cover.bits, cover.per_word
    for place in range(kept):
        early[place] = early_bonus(per_word, bits[docs[place]])
        bounds[place] /= early[place]
    needed = progress.threshold * SURELY
    kept = prune(candidates, kept, progress.remaining, needed, late_bonus)
    return kept, Progress(
        progress.accumulated,
        progress.remaining,
        progress.remaining_content,
        progress.error + unit,
        progress.threshold,
        progress.late_bonus,
    )


@njit(nogil=True, error_model="numpy")
def _look_up_rest(segment, index, progress, candidates, kept, top_k, pruning):
    """Look up the terms that were not accumulated for the candidates; return how many are kept."""
    postings, late_bonus = index.postings, progress.late_bonus
    groups, estimate = segment.groups, pruning.estimate
    remaining = progress.remaining
    terms, bounds, order = segment.terms, segment.bounds, segment.order
    for position in range(progress.accumulated, order.size):
        term = order[position]
        start, stop, step = _span(terms, bounds, term)
        if step == 0.0:
            continue
        row = terms[term, DENSE]
        if row >= 0:
            look_up_dense(postings.dense, row, step, candidates, kept)
        else:
            look_up(postings, start, stop, step, candidates, kept)
        remaining = max(remaining - bounds[term], 0.0)
        progress = Progress(
            progress.accumulated,
            remaining,
            progress.remaining_content,
            progress.error + step,
            progress.threshold,
            progress.late_bonus,
        )
        if kept > 4 * top_k.scores.size:
            threshold = threshold_of_candidates(candidates, kept, progress, groups, top_k, estimate)
            progress = with_threshold(progress, threshold)
        kept = prune(candidates, kept, remaining, progress.threshold * SURELY, late_bonus)
    threshold = threshold_of_candidates(candidates, kept, progress, groups, top_k, estimate)
    return prune(candidates, kept, 0.0, threshold * SURELY, late_bonus)


@njit(nogil=True, error_model="numpy")
def _search_segment(query, runs, segment, index, allowed, work, top_k, pruning, output):
    """Put out the documents of a segment that may be among the best; return whether there was room
    for all.
    """
    settings = index.formula.settings
    end = segment.base + segment.size
    mask = allowed[segment.base : end] if allowed.size else allowed
    # Few hits are scored one by one, without bounds.
    kept = list_allowed(mask, settings[FEW], work.candidates.docs) if query.any_hits else -1
    if kept == 0 or (segment.total_bound == 0.0 and kept < 0):
        return True
    per_word = settings[KEYWORD_BONUS] / max(query.content_words, 1)
    row = index.segments[segment.segment_id]
    cover = find_cover(row, runs, index.keywords, work, per_word)
    candidates = work.candidates
    if kept < 0:
        unit = segment.total_bound * cover.most / (_LARGEST_SUM - 3 * query.weights.size)
        block_max = np.empty((segment.size + BLOCK - 1) // BLOCK, dtype=np.uint16)
        accumulators = Accumulators(work.sums, block_max, mask, unit)
        progress = _accumulate_rarer(
            query, segment, index, accumulators, cover, top_k, pruning, output
        )
        if progress.accumulated == NO_ROOM:
            return False
        if progress.accumulated:
            progress = _accumulate_stop_words(query, segment, index, accumulators, progress)
        progress = _score_headed(
            query, segment, index, accumulators, cover, progress, top_k, work, output
        )
        if progress.accumulated == NO_ROOM:
            return False
        kept, progress = _choose_candidates(
            segment, accumulators, cover, progress, top_k, pruning, candidates
        )
        kept = _look_up_rest(segment, index, progress, candidates, kept, top_k, pruning)
    docs = candidates.docs[:kept]
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


# Numba counts a reference to each array of a NamedTuple wherever it is passed on. For a query that
# takes microseconds this is much, so what ``top`` owns it lends.


@njit(nogil=True, error_model="numpy")
def _lend_query(query):
    return Query(
        borrowed(query.entries),
        borrowed(query.weights),
        borrowed(query.form_weights),
        borrowed(query.stop_words),
        borrowed(query.content),
        query.content_terms,
        query.total_form_weight,
        query.content_words,
        query.any_hits,
        query.stop_words_hit,
    )


@njit(nogil=True, error_model="numpy")
def _lend_segment(segment):
    first_start, first_word, words, terms, bonus = segment.heading
    return Segment(
        segment.segment_id,
        segment.base,
        segment.size,
        segment.groups,
        borrowed(segment.terms),
        borrowed(segment.bounds),
        borrowed(segment.order),
        segment.total_bound,
        HeadingQuery(first_start, first_word, borrowed(words), terms, bonus),
    )


@njit(nogil=True, error_model="numpy")
def _lend_top_k(top_k):
    return TopK(borrowed(top_k.scores), borrowed(top_k.groups), borrowed(top_k.size))


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
    own_query, own_runs = read_query(codes, boosts, any_hits, index)
    own_top_k, own_estimate = new_top_k(k), new_top_k(k)
    largest, seeds = np.empty(k, dtype=np.int64), np.empty(2 * k, dtype=np.int32)
    query = _lend_query(own_query)
    runs = KeywordRuns(borrowed(own_runs.keys), borrowed(own_runs.bits))
    top_k = _lend_top_k(own_top_k)
    pruning = Pruning(_lend_top_k(own_estimate), borrowed(largest), borrowed(seeds))
    found_all = True
    for segment_id in range(index.segments.shape[0]):
        own_segment = open_segment(segment_id, query, index)
        segment = _lend_segment(own_segment)
        found_all = _search_segment(
            query, runs, segment, index, allowed, work, top_k, pruning, output
        )
        keep(own_segment)
        if not found_all:
            break
    least = threshold_of(top_k.scores, top_k.size)
    keep((own_query, own_runs, own_top_k, own_estimate, largest, seeds))
    return _sort_output(output, least) if found_all else NO_ROOM
