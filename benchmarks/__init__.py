"""Measures qsearch: speed, size and relevance; ``python -m benchmarks --help`` lists what there is.

README.md, beside this file, says what each command measures and how.
"""
