"""Compiled code (Numba). Each kernel has a plain counterpart, which defines its outcome.

runtime/   whether the kernels can be used now; loading and compiling them
indexing/  texts -> words -> stems -> columns of a segment
search/    query -> the best documents; condition -> the documents that fulfil it
"""
