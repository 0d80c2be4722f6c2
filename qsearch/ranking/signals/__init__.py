"""The signals of the ranking, one module each; their order is that of the summation.

typed_form      a word stands in the article in the form in which it was typed
keyword_cover   whole keywords of the article stand in the query
title_cover     the title is what was asked
"""

from __future__ import annotations

from qsearch.ranking.signal import Signal
from qsearch.ranking.signals.keyword_cover import KeywordCover
from qsearch.ranking.signals.title_cover import TitleCover
from qsearch.ranking.signals.typed_form import TypedForm

SIGNALS: tuple[Signal, ...] = (TypedForm(), KeywordCover(), TitleCover())
