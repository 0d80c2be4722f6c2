"""The title is what was asked."""

from __future__ import annotations

from collections.abc import Sequence

from qsearch.model.fields import QUESTION, TITLE
from qsearch.model.heading import MAX_HEADING
from qsearch.ranking.formula import Number
from qsearch.ranking.signal import Needs, Signal, Text, WeightedPlan, content_pairs

OTHER_FORM = 0.7
"""What a term counts that stands in the heading only in another form than in the query."""

PARTIAL = 0.8
"""The factor of the cover; the rest is for a heading that is the query."""


class TitleCover(Signal):
    """How far title and query hold the same content words: 1 where the title is the query.

    The cover is a product: of the title's terms the share that stands in the query, and of the
    query's terms the share that stands in the title. A term that both have, but in different forms,
    counts ``OTHER_FORM`` in both. The share is the cover times ``PARTIAL``, and 1 where the cover
    is 1. A question that differs from the title is a second heading, and the better one counts.
    Stop words count only in a heading or a query of nothing else. A heading of more than
    ``MAX_HEADING`` different words is ignored.
    """

    number = "title_bonus"
    needs = Needs.HEADINGS

    def define(self, article: Sequence[Text], query: WeightedPlan) -> float:
        """Return the share of an article; see ``Signal.define``."""
        tokens = query.plan.tokens
        asked = content_pairs(((token.term, token.form) for token in tokens), query.stop_words)
        best = 0.0
        for text in article:
            if text.part not in (TITLE, QUESTION):
                continue
            words = ((word.term, word.form) for word in text.words)
            heading = content_pairs(words, query.stop_words)
            if not 0 < sum(map(len, heading.values())) <= MAX_HEADING:
                continue
            common = asked.keys() & heading.keys()
            typed = sum(not asked[term].isdisjoint(heading[term]) for term in common)
            share = self.share(typed, len(common) - typed, len(heading), len(asked))
            best = max(best, float(share))
        return best

    @staticmethod
    def share(typed: Number, other: Number, heading: Number, query: int) -> Number:
        """Return the share from how many terms of the query stand in the heading as typed, how many
        in another form, how many terms the heading has, and how many the query has.
        """
        matched = typed + OTHER_FORM * other
        cover = matched * matched / (heading * max(query, 1))
        share: Number = PARTIAL * cover + (1.0 - PARTIAL) * (cover == 1.0)
        return share
