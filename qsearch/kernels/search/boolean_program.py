"""The condition of a query as the kernels take it: which column of a row says what.

A *program* is rows of four numbers, done one after another on a stack of rows of bits, a bit an
article: what to do with the uppermost row, and with what.
"""

from __future__ import annotations

MODE, OPERAND, ARGUMENT, ARITY, STEP = range(5)
"""Of a step: what to do (``PUSH`` and the following), with which kind of articles (``ALL`` and the
following), and which of these: the row of a term among the terms; where the words of a phrase
begin among all words, and how many there are.
"""

PUSH, AND, OR, BUT = range(4)
"""Put a row on the stack; keep what is also in the operand; add it; take it away."""

NONE, ALL, TERM, PHRASE, ROW = range(5)
"""No article; every one; those of a term; those of a phrase; the uppermost row, which goes: what
is done is done to the one below.
"""

WORD, OFFSET, PLACED_WORD = range(3)
"""Of a word of a phrase: the row of its term, and how far it stands from the first one."""

POSTINGS, POSTINGS_STOP, BITS, PLACED, PLACES, PLACES_STOP, PART = range(7)
"""Of a term in a segment: its postings in ``docs``; where its row in ``bits`` and ``ranks`` begins,
-1 for none; where what is said of its postings in ``sketches`` and ``starts`` begins; its bytes in
``places``. A row of terms has ``PART`` columns a segment.
"""
