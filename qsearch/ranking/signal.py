"""What a signal is: evidence beside BM25F that an article answers a query, as a share of 0 to 1.

A signal is one class and one number. The number, a field of ``Ranking``, is its largest bonus. The
class states the share twice: ``define`` computes it from the words of an article, which is its
definition and what the reference scorer runs; ``share`` computes it from evidence, which engines
gather from the index, for one candidate or over arrays. A signal whose evidence no engine gathers
is computed by its definition: slowly, and with the same result.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, NamedTuple

from qsearch.analysis.analyzer import Analyzer
from qsearch.article import Article
from qsearch.model.bit_layout import RANKED
from qsearch.model.fields import plain_texts_of
from qsearch.query.plan import Plan


class Needs(enum.Enum):
    """The kinds of evidence, and the arguments that each gives to ``Signal.share``."""

    FORMS = "the weight of the terms that stand in the typed form; the weight of all"
    KEYWORDS = "how many content words of the query whole keywords cover; how many it has"
    HEADINGS = (
        "how many terms of the query stand in the heading as typed, how many in another form; "
        "how many terms the heading has; how many the query has"
    )
    DEFINITION = "the words of the article: the signal is computed by its definition"


class Occurrence(NamedTuple):
    """One occurrence of a word in an article."""

    term: str
    form: str
    position: int
    overlay: bool


class Text(NamedTuple):
    """A text of an article: its ranked field and its part (``model.fields``), and its words."""

    field: int
    part: int
    words: Sequence[Occurrence]


def texts_of(analyzer: Analyzer, article: Article) -> list[Text]:
    """Return the texts of an article with their words."""
    return [
        Text(
            int(RANKED[part]),
            part,
            [Occurrence(*token[:3], token.overlay) for token in analyzer.tokens(text)],
        )
        for part, text in plain_texts_of(article)
    ]


class WeightedPlan(NamedTuple):
    """A plan and the idfs of its groups.

    Attributes:
        idfs: of each group of ``plan.groups``; 0 for one that stands nowhere.
        stop_words: the forms that are no content words.
    """

    plan: Plan
    idfs: Sequence[float]
    stop_words: frozenset[str]


class Signal(ABC):
    """One signal. A subclass says its number and defines the share; one whose evidence engines
    gather also says how the share follows from that.

    Attributes:
        number: the field of ``Ranking`` that holds its largest bonus.
        needs: the evidence of its share.
    """

    number: ClassVar[str]
    needs: ClassVar[Needs] = Needs.DEFINITION

    @abstractmethod
    def define(self, article: Sequence[Text], query: WeightedPlan) -> float:
        """Return the share of an article, 0 to 1.

        Arguments:
            article: its texts of the searched fields.
            query: what is searched for.
        """

    @staticmethod
    def share(*evidence: Any) -> Any:
        """Return the share from the evidence, numbers or arrays, in the order that ``needs`` names.

        Kernels compile this function, so it does nothing but arithmetic. The evidence of
        ``Needs.DEFINITION`` is the share itself.
        """
        return evidence[0]


def content_pairs(
    words: Iterable[tuple[str, str]], stop_words: frozenset[str]
) -> dict[str, set[str]]:
    """Return the forms of each term among some words, stop words left out unless there are no
    others.

    Arguments:
        words: (term, form) each.
    """
    kept: dict[str, set[str]] = {}
    every: dict[str, set[str]] = {}
    for term, form in words:
        every.setdefault(term, set()).add(form)
        if form not in stop_words:
            kept.setdefault(term, set()).add(form)
    return kept or every
