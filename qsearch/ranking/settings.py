"""The numbers of the ranking formula; an index records its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import ClassVar

from qsearch import checks
from qsearch.errors import ArgumentError
from qsearch.ranking.signal import Signal
from qsearch.ranking.signals import SIGNALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How articles are ranked: the numbers of ``ranking.formula`` and of its signals.

    A score is BM25F times 1 plus, for each of ``signals``, its bonus here times its share of the
    article (``ranking.signals``).

    Attributes:
        question, answer, keywords: the weights of the fields; title counts as question.
        question_b, answer_b, keywords_b: how far a field's length counts, 0 to 1.
        k1: how soon more occurrences stop to matter, > 0.
        form_bonus, keyword_bonus, title_bonus: the largest value of each bonus, >= 0; bounds on a
            score rest on them.
    """

    signals: ClassVar[tuple[Signal, ...]] = SIGNALS
    """What lifts a score, in the order of the summation."""

    question: float = 3.0
    answer: float = 1.0
    keywords: float = 1.5
    question_b: float = 0.5
    answer_b: float = 0.75
    keywords_b: float = 0.5
    k1: float = 2.5
    form_bonus: float = 0.03
    keyword_bonus: float = 0.1
    title_bonus: float = 1.25

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            value = checks.number(f"ranking {item.name}", value)
            if item.name.endswith("_b") and value > 1:
                raise ArgumentError(f"ranking {item.name} must lie between 0 and 1, not {value!r}")
            object.__setattr__(self, item.name, value)
        if self.k1 <= 0:
            raise ArgumentError("ranking k1 must be above 0")

    @property
    def weights(self) -> tuple[float, float, float]:
        """The weights in the order of ``model.fields.FIELDS``."""
        return (self.question, self.answer, self.keywords)

    @property
    def bs(self) -> tuple[float, float, float]:
        """The b of each field, in the same order."""
        return (self.question_b, self.answer_b, self.keywords_b)

    def bonus_of(self, signal: Signal) -> float:
        """Return the largest bonus of a signal."""
        value: float = getattr(self, signal.number)
        return value

    def settings(self) -> dict[str, float]:
        """Return what an index records."""
        return asdict(self)

    @classmethod
    def from_settings(cls, settings: Mapping[str, float]) -> Ranking:
        """Return the ranking that an index records."""
        return cls(**settings)

    def with_keywords(self, weight: float | None) -> Ranking:
        """Return this ranking with another weight of the keyword field; None keeps it.

        The bonus for whole keywords grows and shrinks with the weight.
        """
        if weight is None:
            return self
        weight = checks.number("keyword_boost", weight)
        scale = weight / self.keywords if self.keywords else 1.0
        return replace(self, keywords=weight, keyword_bonus=self.keyword_bonus * scale)
