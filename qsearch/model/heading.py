"""The layout of headings: the content words of titles and of questions, as a segment keeps them.

An article has two headings: its title, and its question where that differs. Each is a run of
numbers in ascending order, one for each different word form of its content. The number of a form is
its place in the column ``term.forms``, which lists the forms of the segment term by term. So the
forms of a term have consecutive numbers, and a term is a range of numbers.
"""

from __future__ import annotations

import numpy as np

MAX_HEADING = 64
"""The most word forms of a heading; one with more is kept as an empty run."""

RUNS = 2
"""Runs of each article: title and question."""

SAME_TERM = np.uint32(1 << 31)
"""A bit set in a number of the same term as the number before it in its run."""
