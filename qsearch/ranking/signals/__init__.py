"""The signals of the ranking, one module each. Their order is that of the summation."""

from __future__ import annotations

from qsearch.ranking.signal import Signal
from qsearch.ranking.signals.keyword_cover import KeywordCover
from qsearch.ranking.signals.title_cover import TitleCover
from qsearch.ranking.signals.typed_form import TypedForm

SIGNALS: tuple[Signal, ...] = (TypedForm(), KeywordCover(), TitleCover())
