"""A text as running text: what mathematics and markup mean, in words between spaces.

It can be cut by the plain rule for separators alone, which compiled code knows.
"""

from __future__ import annotations

import functools
import re

from qsearch.analysis.latex import plain_math
from qsearch.analysis.pieces import MARKUP
from qsearch.mathtext import math_spans

_MARKUP = re.compile(MARKUP, re.IGNORECASE)
_SUB_SUP_TAG = re.compile(r"</?su[bp]>", re.IGNORECASE)
_KEPT_FORMULAS = 20_000
_KEPT_LENGTH = 200


def running_text(text: str) -> str | None:
    """Return a text without mathematics, entities and tags whose words are those of ``text``.

    ``plain_pieces`` cuts it; its words have the same forms and positions, but stand elsewhere. None
    if there is no such text, because tags stand within words (H<sub>2</sub>O).
    """
    parts: list[str] = []
    done = 0
    for start, end in math_spans(text):
        words_of = _kept_words_of_math if end - start <= _KEPT_LENGTH else _words_of_math
        parts += (_without_markup(text[done:start]), words_of(text[start:end]))
        done = end
    running = " ".join([*parts, _without_markup(text[done:])])
    return None if "<" in running and _SUB_SUP_TAG.search(running) else running


def _without_markup(text: str) -> str:
    return _MARKUP.sub(" ", text) if "<" in text or "&" in text else text


def _words_of_math(formula: str) -> str:
    """A formula as running text; mathematics that is still in it has no words."""
    plain = plain_math(formula)
    parts = []
    done = 0
    for start, end in math_spans(plain):
        parts.append(plain[done:start])
        done = end
    return _without_markup(" ".join([*parts, plain[done:]]))


_kept_words_of_math = functools.lru_cache(_KEPT_FORMULAS)(_words_of_math)
