"""Headings as numbers: the words of titles and of questions, as a segment keeps them.

A heading is the title, and the question where that differs; each is a run of numbers, a number for
each different word form of its content, in order. A number is the place of the form among all forms
of the segment, term by term (the column ``term.forms``), so the forms of one term have neighbouring
numbers and a term is a range of them.
"""

from __future__ import annotations

import numpy as np

MAX_HEADING = 64
"""Different word forms of a title or a question; one with more has no numbers."""

RUNS = 2
"""Runs of an article: title and question."""

SAME_TERM = np.uint32(1 << 31)
"""Set in a number whose term is that of the number before it in its run."""
