"""What kernels take together: arrays and numbers that belong to each other, under one name.

Numba types a NamedTuple by its fields and passes it like so many arguments. A field that changes
while a query is answered is an array of one number.
"""

from __future__ import annotations

from typing import NamedTuple

from qsearch.arrays import Array

# -- the index, in memory


class Formula(NamedTuple):
    """The numbers of the ranking formula.

    Attributes:
        settings: float64, see ``layout.K1`` and the following.
        norms: float64, 3 x 256: for each field a factor for each length byte.
    """

    settings: Array
    norms: Array


class Postings(NamedTuple):
    """The postings of all terms that were asked for, as ``unpack_term`` leaves them.

    Attributes:
        docs: int32, the document of each posting, ascending within a term and segment.
        details: uint32, its detail word above its quantised impact.
        dense: uint32, for frequent terms also a detail for each document of a segment, 0 for none.
        headed: int32, of each term the documents that have it in their title or question.
    """

    docs: Array
    details: Array
    dense: Array
    headed: Array


class Documents(NamedTuple):
    """What is known of each document, those of all segments one after another.

    Attributes:
        lengths: uint8, three length bytes a document.
        groups: uint64, two numbers a document, of which the first stands for its copies (0: none).
    """

    lengths: Array
    groups: Array


class KeywordIndex(NamedTuple):
    """The keyword phrases of all segments (``index_keywords``).

    Attributes:
        keys: uint64, ascending within a segment; docs: uint32, the document of each.
        filter: uint64, a Bloom filter of the keys.
        buckets: uint32, where the keys with the same upper bits begin.
    """

    keys: Array
    docs: Array
    filter: Array
    buckets: Array


class Headings(NamedTuple):
    """The words of titles and questions, those of all segments one after another.

    Attributes:
        words: uint32, see ``model.heading``.
        starts: uint32, where each run starts among the words of its segment, ``RUNS`` a document,
            and where the last one of the segment stops.
        sizes: uint8, the least number of terms of a run of each document that has any.
    """

    words: Array
    starts: Array
    sizes: Array


class Index(NamedTuple):
    """All that a query reads.

    Attributes:
        facts, numbers: a row an entry, see ``layout``.
        forms: int32, the documents of forms that have no bit.
        segments: a row a segment, see ``layout``.
    """

    facts: Array
    numbers: Array
    forms: Array
    segments: Array
    formula: Formula
    postings: Postings
    documents: Documents
    keywords: KeywordIndex
    headings: Headings


# -- a query under way


class Query(NamedTuple):
    """A query that was read.

    Attributes:
        entries: int64, the distinct terms: their rows in the tables of the index.
        weights: float64, boost times idf of each.
        form_weights: float64, what the typed form of each counts in the form bonus; and their sum.
        stop_words: int64, whether each is a stop word.
        content: int64, whether each is among the words that a heading is compared with.
        content_terms: how many different terms these are, those that stand nowhere among them.
        content_words: how many words keywords can cover.
        any_hits: 1 if any term makes a document a hit that is allowed.
        stop_words_hit: whether a document is a hit that holds only stop words of the query.
    """

    entries: Array
    weights: Array
    form_weights: Array
    stop_words: Array
    content: Array
    content_terms: int
    total_form_weight: float
    content_words: int
    any_hits: int
    stop_words_hit: bool


class KeywordRuns(NamedTuple):
    """The runs of a query's words that can be a keyword.

    Attributes:
        keys: uint64, the key of each; bits: uint64, the words of the query that it covers.
    """

    keys: Array
    bits: Array


class HeadingQuery(NamedTuple):
    """What is looked for in the headings of a segment.

    Attributes:
        first_start, first_word: where those of the segment begin in ``Headings``.
        words: int64, for each content word of the query that stands in the segment where the forms
            of its term start and stop, the place of the typed form, and where its documents in
            ``Postings.headed`` start and stop; shape (words, 5).
        terms: how many different terms the content words of the query are.
        bonus: the largest bonus of a heading.
    """

    first_start: int
    first_word: int
    words: Array
    terms: int
    bonus: float


class Segment(NamedTuple):
    """A segment as a query sees it.

    Attributes:
        segment_id: its number; base: how many documents stand in segments before it.
        size: how many documents it has.
        groups: uint64, as in ``Documents``, from its first document on.
        terms: int64, ``layout.PART`` columns for each term of the query.
        bounds: float64, the most that each term can add to a score.
        heading: where the words of its headings stand, and what of the query is looked for there.
        order: int64, the terms, those that were accumulated first, then by descending bounds.
        total_bound: the sum of the bounds.
    """

    segment_id: int
    base: int
    size: int
    groups: Array
    terms: Array
    bounds: Array
    order: Array
    total_bound: float
    heading: HeadingQuery


class Cover(NamedTuple):
    """Which words of the query the keywords of each document of a segment cover.

    It is known before pruning, so the accumulators can be multiplied by it.

    Attributes:
        bits: uint64, a bit a word for each document.
        marked: int32, the documents where a bit is set.
        per_word: the bonus for each word; most: the largest factor that any document can have.
    """

    bits: Array
    marked: Array
    per_word: float
    most: float


class Accumulators(NamedTuple):
    """Partial sums of quantised impacts, for all documents of a segment.

    Attributes:
        sums: uint16, a document each, in whole blocks.
        block_max: uint16, the largest sum of each block of documents.
        allowed: uint8, 0 or 1 a document; empty: all are allowed.
        unit: the score that stands for 1 in the sums.
    """

    sums: Array
    block_max: Array
    allowed: Array
    unit: float


class Candidates(NamedTuple):
    """Documents that may be among the best.

    Attributes:
        docs: int32, ascending.
        bounds: float64, the most that the terms read so far add to each, without bonuses.
        early: float64, the factor of the bonus that is known of each.
    """

    docs: Array
    bounds: Array
    early: Array


class TopK(NamedTuple):
    """The k best scores, at most one a group, in no order; once all k are taken, the least is last.

    Attributes:
        scores: float64; groups: uint64; size: int64, one number: how many are taken.
    """

    scores: Array
    groups: Array
    size: Array


class Pruning(NamedTuple):
    """Working space that depends on k.

    Attributes:
        estimate: a second list of k scores, of what documents reach at least.
        largest: int64, the k largest block maxima.
        seeds: int32, 2k documents that are scored early.
    """

    estimate: TopK
    largest: Array
    seeds: Array


class Progress(NamedTuple):
    """How far a segment is searched.

    Attributes:
        accumulated: how many terms of ``Segment.order`` are in the accumulators.
        remaining: the most that the terms left can add to a score, without bonuses.
        remaining_content: how many of them are content words of the query.
        error: how far a sum of bounds can lie above the sum of impacts.
        threshold: a score that at least k groups reach.
        late_bonus: the most that bonuses which are not known yet can add to the factor of a
            document.
    """

    accumulated: int
    remaining: float
    remaining_content: int
    error: float
    threshold: float
    late_bonus: float


class Workspace(NamedTuple):
    """Working space of a thread, for as many documents as the largest segment has.

    Attributes:
        sums: see ``Accumulators``; zeros before and after a query.
        candidates: room for them, in whole blocks.
        covered, marked: see ``Cover``; zeros in ``covered`` before and after a query.
        counts: uint8, how many words of the query a heading may share; zeros before and after.
        headed: int32, the documents that have a count.
    """

    sums: Array
    candidates: Candidates
    covered: Array
    marked: Array
    counts: Array
    headed: Array


class Output(NamedTuple):
    """What a query finds.

    Attributes:
        scores: float64; places: int64, segment and document of each; groups: uint64.
        size: int64, one number: how many were put out.
    """

    scores: Array
    places: Array
    groups: Array
    size: Array


# -- bytes on disk


class EncodedTerm(NamedTuple):
    """A term's postings in a segment, as they stand on disk; all arrays are read only.

    Attributes:
        docs: uint8, a varint a posting; details: uint8, one a posting.
        first: the number of the first posting among all of the segment.
    """

    docs: Array
    details: Array
    first: int


class DetailTable(NamedTuple):
    """What the bytes of ``EncodedTerm.details`` stand for in a segment; all arrays are read only.

    Attributes:
        common: uint32, the commonest detail words, by their byte.
        rare, rare_values: uint32, the postings with any other, and their detail words.
    """

    common: Array
    rare: Array
    rare_values: Array


class Capped(NamedTuple):
    """The postings of a segment whose frequencies do not fit their detail word, read only.

    Attributes:
        postings: uint64, their numbers; counts: uint32, how often the term occurs in each.
    """

    postings: Array
    counts: Array


class UnpackedTerm(NamedTuple):
    """Where the postings of a term go: its share of ``Postings``.

    Attributes:
        docs, details: one a posting.
        dense: one a document, or empty.
        headed: one a document of the term, as far as there are any.
        summary: float64, two numbers: receives the largest impact, and how many documents were put
            into ``headed``.
    """

    docs: Array
    details: Array
    dense: Array
    headed: Array
    summary: Array


# -- conditions


class Bitsets(NamedTuple):
    """The documents of frequent terms as bits (``fill_bits``).

    Attributes:
        bits: uint64, 64 documents each; ranks: uint32, how many postings are before each.
    """

    bits: Array
    ranks: Array


class Positions(NamedTuple):
    """Where terms stand (``unpack_positions``).

    Attributes:
        sketches: uint64, for each posting a bit for each place modulo 64.
        starts: uint32, where the bytes of each posting begin among those of its term.
        places: uint8, the bytes.
    """

    sketches: Array
    starts: Array
    places: Array


class FieldStarts(NamedTuple):
    """The stretches that an article's places are divided into: title, question, answer, keywords.

    Attributes:
        starts: uint32, read only, three a document: where question, answer and keywords start.
        searched: a bit for each of the four stretches.
    """

    starts: Array
    searched: int


class Phrase(NamedTuple):
    """The words of a phrase in a segment, that of the fewest postings first.

    Attributes:
        rows: of the term of each word (``boolean_program.POSTINGS`` and the following).
        offsets: int64, how far each stands from the first word of the phrase.
    """

    rows: Array
    offsets: Array
