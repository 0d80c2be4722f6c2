"""What an engine is: it answers plans on one state of a collection.

Results, hits and explanations stand on these protocols alone. Whatever answers them, arrays in this
process or a cluster, gives the same articles in the same order with the same scores.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeAlias

from qsearch.article import Article
from qsearch.options import Sort
from qsearch.query.expand import Vocabulary
from qsearch.query.filters import Filters
from qsearch.query.plan import TermGroup
from qsearch.query.query import Query
from qsearch.ranking.settings import Ranking
from qsearch.ranking.signal import Signal

ArticleRef: TypeAlias = Any
"""Which article, as its engine names it; nobody else looks into it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search looks at, and by which numbers it ranks.

    Attributes:
        ranking: the numbers of the formula.
        fields: which of ``model.fields.FIELDS`` are searched, one flag each.
        filters: which hits are wanted.
        sort: what comes first.
    """

    ranking: Ranking
    fields: tuple[bool, ...]
    filters: Filters
    sort: Sort = "relevance"


Ranked: TypeAlias = tuple[float, ArticleRef]
"""The score (``formula.rounded``) and the best article of a group of copies."""


class TermEvidence(NamedTuple):
    """What one word of a query adds to the score of an article.

    Attributes:
        group: the word.
        idf: of the group; 0 if it stands nowhere.
        frequencies: for each member how often it stands in each ranked field.
        tf: of the group, lengths and weights of fields counted in.
        score: what it adds to BM25F.
    """

    group: TermGroup
    idf: float
    frequencies: tuple[tuple[int, ...], ...]
    tf: float
    score: float


class SignalEvidence(NamedTuple):
    """What one signal adds to the factor of an article: its share times its maximum."""

    signal: Signal
    share: float
    maximum: float


class Evidence(NamedTuple):
    """Why an article has its score: the sum of its terms, times 1 and the bonuses of its signals.

    Attributes:
        score: as ``Ranked`` has it; 0 for an article that is no hit.
    """

    score: float
    terms: tuple[TermEvidence, ...]
    signals: tuple[SignalEvidence, ...]


class Documents(Protocol):
    """The articles of a collection, and what stands of them in columns."""

    def article(self, ref: ArticleRef, /) -> Article:
        """Return an article, whole."""

    def url(self, ref: ArticleRef, /) -> str:
        """Return its url."""

    def id(self, ref: ArticleRef, /) -> str | None:
        """Return its id."""

    def subject(self, ref: ArticleRef, /) -> str:
        """Return its subject as it was written, of several the first."""

    def shown_subjects(self, ref: ArticleRef, /) -> Sequence[str]:
        """Return all its subjects in their commonest spelling."""

    def date(self, ref: ArticleRef, /) -> datetime.date | None:
        """Return its day."""

    def source(self, ref: ArticleRef, /) -> tuple[str | None, int | None]:
        """Return the path and the line that it came from."""


class Answer(Protocol):
    """The outcome of one query; each part is found when it is first asked for."""

    def best(self, first: int, last: int | None) -> list[Ranked]:
        """Return the results from the place ``first`` to that before ``last``; None: to the end."""

    @property
    def total(self) -> int:
        """How many results there are, copies counted once."""

    def subject_counts(self) -> Mapping[str, int]:
        """Return how many results have a copy in each subject, most first."""

    def copies(self, ref: ArticleRef) -> Sequence[ArticleRef]:
        """Return all copies of an article, best first; those that pass the filters lead."""

    def evidence(self, ref: ArticleRef) -> Evidence:
        """Return why an article has its score."""

    def idfs(self) -> Sequence[float]:
        """Return the idf of each group of the plan; 0 for one that stands nowhere."""

    @property
    def complete(self) -> bool:
        """Whether no limit has left out a hit."""

    @property
    def shortfalls(self) -> list[str]:
        """What a limit left out, one sentence each, as far as is known by now."""


class Engine(Protocol):
    """Answers queries on one state of a collection. Safe for use by several threads."""

    @property
    def is_parallel(self) -> bool:
        """Whether several threads answer faster than one."""

    @property
    def documents(self) -> Documents:
        """The articles."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words."""

    @property
    def subjects(self) -> Mapping[str, tuple[str, int]]:
        """By subject key: the commonest spelling, and how many articles have the subject."""

    def answer(self, query: Query, scope: Scope) -> Answer:
        """Return the answer to a query."""

    def answer_many(
        self, queries: Sequence[Query], scope: Scope, last: int | None
    ) -> Sequence[Answer]:
        """Return the answers to some queries; the first ``last`` results of each will be wanted."""

    def warm(self) -> None:
        """Make ready what every query needs."""
