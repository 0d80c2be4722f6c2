"""Kernels that answer queries.

From a query to the best documents:

run_queries      entry: queries, and the addresses of all arrays -> the best of each
lookup_words     the words of a query -> codes, by the table of words
read_query       codes -> distinct terms, and the words that keywords can cover
maxscore         the best documents of each segment, in six steps
progress         how far a segment is searched
open_segment     a segment as the query sees it: terms, bounds, headings
accumulators     partial sums of quantised impacts; seeds and threshold
candidates       bounds of few documents: look up a term, prune
keyword_cover    an early signal: which words whole keywords cover
heading_cover    documents whose title or question shares words with the query
rescore          exact scores of the documents that are left
formula, signals the arithmetic of ``ranking``, compiled as it stands there; evidence
top_k            the k best scores, one for each group of copies
round_score      scores with nine significant digits

From a condition to the documents that fulfil it:

boolean          entry: evaluates a program over bitsets
boolean_program  what the program is made of
positions        terms side by side, by sketches and positions

What they share:

unpack           the bytes of a term -> postings with bounds
posting_search   where a document stands in a posting list
arguments        what kernels take together
layout           which column of a table says what
"""
