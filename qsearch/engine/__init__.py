"""Plan -> answer: engines behind one protocol, and what they share.

protocol         what an engine, its answers and its documents are: all that ``results`` knows
engines          the engine of a name, and the one that uses whichever is ready
numpy_engine     scores every hit, in NumPy
kernel_engine    finds the best by kernels; hands the rest to NumPy
setting          what the engines of a snapshot share
snapshot_answer  the answer to a query: order, copies, counts
kernel_answer    the same, by kernels where they take the query

In NumPy:

all_hits         every hit of a plan and its score
phrases          the articles of a phrase, within a budget of positions
evidence         what the shares of signals follow from
filter_masks     which articles pass the filters
facets           counts of hits by group of copies and by subject

For the kernels:

kernel_path      the path of a query to the kernels and back, for one ranking
term_table       the words that queries held, as a hash table that kernels read
postings_cache   posting lists, unpacked into memory
cache_budget     how much memory these may take
condition_terms  terms of conditions as bitsets, and their positions
bitset_program   condition -> a program that a kernel runs over bitsets
scratch          a pool of scratch arrays
aligned          arrays in one block of huge pages
"""
