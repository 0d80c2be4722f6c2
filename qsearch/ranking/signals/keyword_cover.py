"""Whole keywords of an article in the query."""

from __future__ import annotations

from collections.abc import Sequence

from qsearch.model.fields import KEYWORDS
from qsearch.model.keyword_phrase import COVER_WORDS, MAX_PHRASE
from qsearch.ranking.formula import Number
from qsearch.ranking.signal import Needs, Signal, Text, WeightedPlan


class KeywordCover(Signal):
    """The share of the query's content words that whole keywords of the article cover.

    A keyword of up to ``MAX_PHRASE`` words covers a run of the query's words that is equal to it,
    term by term. Only the first ``COVER_WORDS`` words of the query count.
    """

    number = "keyword_bonus"
    needs = Needs.KEYWORDS

    def define(self, article: Sequence[Text], query: WeightedPlan) -> float:
        """Return the share of an article; see ``Signal.define``."""
        words = query.plan.words[:COVER_WORDS]
        content = {place for place, (_, counts) in enumerate(words) if counts}
        covered: set[int] = set()
        for text in article:
            phrase = [word.term for word in text.words if not word.overlay]
            if text.part != KEYWORDS or not 0 < len(phrase) <= MAX_PHRASE:
                continue
            for start in range(len(words) - len(phrase) + 1):
                stop = start + len(phrase)
                if [term for term, _ in words[start:stop]] == phrase:
                    covered |= content & set(range(start, stop))
        return float(self.share(len(covered), len(content)))

    @staticmethod
    def share(covered: Number, total: int) -> Number:
        """Return the share from how many words are covered, and how many there are."""
        return covered / max(total, 1)
