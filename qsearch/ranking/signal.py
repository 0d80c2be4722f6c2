"""What a signal is: a share between 0 and 1 of an article, which lifts its score.

A signal is one class and one number: the number, a field of ``Ranking``, is its largest bonus. The
class says what the share *is*, from the words of an article (``define``; the reference scorer and
explanations run it), and how it follows from evidence (``share``; the engines gather the evidence
and run this, compiled or over arrays). A signal whose ``needs`` no engine gathers is answered by
its definition, slowly and rightly.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, NamedTuple

from qsearch.analysis.analyzer import Analyzer
from qsearch.article import Article
from qsearch.model.bit_layout import RANKED
from qsearch.model.fields import plain_texts_of
from qsearch.query.plan import Plan


class Stage(enum.Enum):
    """When an engine knows the share of an article."""

    EARLY = "before pruning, from a look-up of its own"
    LATE = "for the candidates that pruning leaves"


class Needs(enum.Enum):
    """The evidence that a signal follows from."""

    FORMS = "the weight of the terms that stand in the typed form; the weight of all"
    KEYWORDS = "how many content words of the query whole keywords cover; how many it has"
    HEADINGS = (
        "how many terms of the query stand in the heading as typed, how many in another form; "
        "how many terms the heading has; how many the query has"
    )
    DEFINITION = "the words of the article: the signal is computed by its definition"


class Occurrence(NamedTuple):
    """A word of an article in its place."""

    term: str
    form: str
    position: int
    overlay: bool


class Text(NamedTuple):
    """A text of an article: its ranked field (``model.fields.FIELDS``), its part, its words."""

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
    """A plan with what the collection says of its terms.

    Attributes:
        idfs: of each group of ``plan.groups``; 0 for one that stands nowhere.
        stop_words: the forms that are none of the query's content.
    """

    plan: Plan
    idfs: Sequence[float]
    stop_words: frozenset[str]


class Signal:
    """One signal. Subclasses set what is declared here and define the two methods.

    Attributes:
        number: the field of ``Ranking`` that holds its largest bonus.
        stage: when its share is known.
        needs: the evidence of its share.
    """

    number: ClassVar[str]
    stage: ClassVar[Stage] = Stage.LATE
    needs: ClassVar[Needs] = Needs.DEFINITION

    def define(self, article: Sequence[Text], query: WeightedPlan) -> float:
        """Return the share of an article, 0 to 1.

        Arguments:
            article: its texts of the searched fields.
            query: what is searched for.
        """
        raise NotImplementedError

    @staticmethod
    def share(*evidence: Any) -> Any:
        """Return the share from the evidence, in the order in which ``needs`` names it; numbers or
        arrays of numbers.
        """
        raise NotImplementedError


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
