"""The typed word form before other forms of its term."""

from __future__ import annotations

from collections.abc import Sequence

from qsearch.ranking.formula import Number, form_weight
from qsearch.ranking.signal import Needs, Signal, Text, WeightedPlan


class TypedForm(Signal):
    """The share of the query, by the weight of its terms, that stands in the article as typed.

    Of two articles that differ only in the form of a word, the one that has the typed form ranks
    first.
    """

    number = "form_bonus"
    needs = Needs.FORMS

    def define(self, article: Sequence[Text], query: WeightedPlan) -> float:
        """Return the share of an article; see ``Signal.define``."""
        forms = {word.form for text in article for word in text.words}
        matched = total = 0.0
        for group, idf in zip(query.plan.groups, query.idfs, strict=True):
            if idf:
                weight = form_weight(group.boost, idf)
                total += weight
                matched += weight * (group.form in forms)
        return float(self.share(matched, total))

    @staticmethod
    def share(matched: Number, total: float) -> Number:
        """Return the share from the weight of the terms in their typed form, and that of all."""
        return matched / max(total, 1e-300)
