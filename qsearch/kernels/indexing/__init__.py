"""Kernels of indexing: texts, words, stems, segments."""
