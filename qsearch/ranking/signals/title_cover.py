"""A title that is what was asked."""

from __future__ import annotations

from collections.abc import Sequence

from qsearch.model.fields import QUESTION, TITLE
from qsearch.model.heading import MAX_HEADING
from qsearch.ranking.formula import Number
from qsearch.ranking.signal import Needs, Signal, Stage, Text, WeightedPlan, content_pairs

OTHER_FORM = 0.7
"""What a term counts that stands in the heading in another form than in the query."""

PARTIAL = 0.8
"""The share of a heading that is almost the query; the rest is for the one that is."""


class TitleCover(Signal):
    """How far the content words of the query and those of the title are the same.

    The share of the title's terms that the query has, times the share of the query's terms that the
    title has, times ``PARTIAL``; 1 where the title is the query. A term in another form counts
    ``OTHER_FORM``. Where title and question differ, the better of the two counts. Stop words count
    only in a title or a query that holds nothing else; a heading of more than ``MAX_HEADING``
    different words is none.
    """

    number = "title_bonus"
    stage = Stage.LATE
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
