"""Kernels of the query: words, candidates, scores, conditions."""
