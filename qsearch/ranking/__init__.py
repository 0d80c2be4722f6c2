"""What a ranking is, without an index and without kernels.

formula    the arithmetic, written once for all engines
settings   its numbers (``Ranking``), of which each index records its own
signal     what a signal is: evidence beside BM25F, as a share of 0 to 1
signals/   one module a signal; their order is that of the summation
reference  the definition of the ranking, computed from the articles themselves: read it first
"""
