"""qsearch's ranking formula as a Whoosh weighting, field by field."""

from __future__ import annotations

from typing import Any

from whoosh.scoring import BaseScorer, WeightingModel, WeightScorer

from qsearch.ranking.formula import (
    field_frequency,
    inverse_document_frequency,
    length_norm,
    saturated,
    term_score,
)
from qsearch.ranking.settings import Ranking
from qsearch.whoosh_view.textterms import RANKED_AS


class FieldBM25(WeightingModel):  # type: ignore[misc]  # Whoosh is untyped
    """BM25 with the idf, lengths and numbers of ``Ranking``.

    A query of words in one of question, answer and keywords gets the scores of
    ``index.search(..., fields=...)`` before bonuses. Over several fields it does not: Whoosh adds
    up the scores of fields, where BM25F adds up frequencies before it levels them off, and
    document frequencies are those of each field. ``title`` is scored like ``question``; a field of
    weight 0 as if it had weight 1, for Whoosh takes a score of 0 for no match; the other fields
    score 1.

    Arguments:
        ranking: the formula's numbers.
    """

    def __init__(self, ranking: Ranking) -> None:
        self._k1 = ranking.k1
        self._numbers = {
            name: (ranking.weights[ranked] or 1.0, ranking.bs[ranked])
            for name, ranked in RANKED_AS.items()
        }

    def idf(self, searcher: Any, fieldname: str, text: bytes) -> float:
        """Return the inverse document frequency of a term in a field, over all segments."""
        parent = searcher.get_parent()
        return inverse_document_frequency(parent.doc_count(), parent.doc_frequency(fieldname, text))

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> Any:  # noqa: ARG002
        """Return a scorer of a term's postings."""
        if fieldname not in self._numbers:
            return WeightScorer(1.0)
        average = searcher.field_length(fieldname) / searcher.get_parent().doc_count()
        weight, b = self._numbers[fieldname]
        return _Scorer(
            searcher,
            fieldname,
            factor=searcher.idf(fieldname, text),
            k1=self._k1,
            weight=weight,
            b=b,
            average=average,
        )


class _Scorer(BaseScorer):  # type: ignore[misc]  # Whoosh is untyped
    """Scores the postings of one term. It supports no quality, as the matchers don't."""

    def __init__(
        self,
        searcher: Any,
        fieldname: str,
        *,
        factor: float,
        k1: float,
        weight: float,
        b: float,
        average: float,
    ) -> None:
        self._length_of = searcher.doc_field_length
        self._fieldname = fieldname
        self._factor = factor
        self._k1 = k1
        self._weight = weight
        self._b = b
        self._average = average

    def score(self, matcher: Any) -> float:
        """Return the score of a matcher's current article."""
        length = self._length_of(matcher.id(), self._fieldname)
        # All lengths are 0 only in a forged index; ``all_hits.length_norms`` does the same there.
        norm = length_norm(length, self._average, self._b) if self._average else 1.0
        tf: float = field_frequency(self._weight, matcher.weight(), norm)
        return term_score(self._factor, saturated(tf, self._k1))
