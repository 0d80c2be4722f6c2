"""A text as running text: what mathematics means, in words between spaces.

It can be cut by the plain rule for separators alone, which compiled code knows.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from qsearch.analysis.latex import plain_math
from qsearch.mathtext import math_spans

_KEPT_FORMULAS = 20_000
_KEPT_LENGTH = 200


def running_text(text: str, math: Iterable[tuple[int, int]]) -> str:
    """Return a text without mathematics that has the words of ``text``.

    ``plain_pieces`` cuts it; its words have the same forms and positions, but stand elsewhere.

    Arguments:
        text: a text without markup.
        math: where its mathematics stands.
    """
    parts: list[str] = []
    done = 0
    for start, end in math:
        words_of = _kept_words_of_math if end - start <= _KEPT_LENGTH else _words_of_math
        parts += (text[done:start], words_of(text[start:end]))
        done = end
    return " ".join([*parts, text[done:]])


def _words_of_math(formula: str) -> str:
    """A formula as running text; mathematics that is still in it has no words."""
    plain = plain_math(formula)
    parts = []
    done = 0
    for start, end in math_spans(plain):
        parts.append(plain[done:start])
        done = end
    return " ".join([*parts, plain[done:]])


_kept_words_of_math = functools.lru_cache(_KEPT_FORMULAS)(_words_of_math)
