"""The tables that a query hands to the kernels: which column of a row says what.

A query is an array of codes, one a word: twice the number of an *entry*, plus 1 for a word that
lies over others. An entry is a (term, form) that some query held: a row of ``facts`` (whole
numbers) and of ``numbers`` (float64).
"""

from __future__ import annotations

IMPACT_LEVELS = 255
"""A quantised impact takes one byte: whole steps, rounded up, of 1/255 of a term's largest."""

HASH, STOP_WORD, ENTRY = range(3)
"""In ``facts``: the 64-bit hash of the term as a signed number; whether it is a stop word; from
``ENTRY`` on ``PART`` columns a segment.
"""

START, STOP, DENSE, BIT, FORMS, FORMS_STOP, FORM_START, FORM_STOP, TYPED, PART = range(10)
"""Of a term in a segment: its postings in ``docs`` and ``details``; where its row in ``dense``
begins, -1 for none; the bit of the typed form in its detail words, 0 for none; the articles of
that form in ``forms`` if it has no bit; where the forms of the term start and stop among all forms
of the segment, term by term, and the place of the typed one there, -1 for none (``model.heading``).
"""

IMPACT_BITS = 8
"""A detail is a detail word above the quantised impact, which takes so many bits."""

IDF, FORM_WEIGHT, LARGEST = range(3)
"""In ``numbers``: the idf (0: the term stands nowhere); its weight in the form bonus; from
``LARGEST`` on the largest impact in each segment.
"""

(
    COUNT, BASE, PHRASES_STOP, FILTER, BUCKETS, KEY_BITS, HEADING_STARTS, HEADING_WORDS, SEGMENT,
) = range(9)  # fmt: skip
"""Of a segment: its articles; how many stand in segments before it; where its keyword phrases end;
where its words of ``phrase_filter`` and its ``phrase_buckets`` begin, and how many bits of a key
number a bucket; where its ``heading_starts`` and its ``heading_words`` begin.
"""

(
    K1, QUESTION, ANSWER, KEYWORDS, FORM_BONUS, KEYWORD_BONUS, TITLE_BONUS, SHORT, FEW,
) = range(9)  # fmt: skip
"""In ``settings``: the numbers of the ranking formula; how many postings are added up before it is
found out whether they matter; how many hits are scored one by one, without bounds.
"""

WORD, FIRST_CODE, LETTERS, WORD_CODES, NO_WORDS = 8, 5, 32, 6, 255
"""A word that queries held: a row of ``WORD`` uint64. The first one is 0 where there is none;
else its lowest byte says how many bytes the word has, the next one how many codes (``NO_WORDS``: it
is more than words), and what is above the word's own number, from 1. Then come its UTF-8 bytes, at
most ``LETTERS`` of them, and from ``FIRST_CODE`` on at most ``WORD_CODES`` codes, two in a number.
"""

FILTER_BITS = 5
"""The filter of phrases has 2 ** 5 bits where there is one bucket."""

ROUNDED_FROM, ROUNDED_BELOW = 1e-13, 1e9
"""The scores that the kernels can round: from the one to below the other."""

BLOCK = 64
"""Documents that share a block maximum; an array of accumulators holds whole blocks."""
