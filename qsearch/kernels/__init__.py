"""Numba kernels: how it is fast. Nothing here defines an outcome."""
