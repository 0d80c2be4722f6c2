"""Random Whoosh queries over the articles of ``stock``.

Those that Whoosh itself answers wrongly are not among them, or only where the
score is of no interest (``test_sound``).
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Sequence
from typing import Any

from whoosh import query
from whoosh.query import spans

from qsearch import Article
from qsearch.analysis.analyzer import Analyzer
from tests.whoosh.stock import SUBJECTS, WORDS

TEXTS = ["title", "question", "answer", "keywords"]


class RandomQueries:
    """Random queries.

    Arguments:
        rng: decides.
        articles: where phrases are taken from.
        analyzer: theirs.
        plain: none whose scores Whoosh makes depend on the cut into segments: queries that it
            expands to terms, DisjunctionMax, AndMaybe.
    """

    def __init__(
        self,
        rng: random.Random,
        articles: Sequence[Article],
        analyzer: Analyzer,
        *,
        plain: bool = False,
    ) -> None:
        self._rng = rng
        self._plain = plain
        self._articles = articles
        self._analyzer = analyzer
        self._terms = [token.term for word in WORDS for token in analyzer.tokens(word)] + ["none"]

    def make(self, depth: int = 3) -> Any:
        """A query of queries, ``depth`` times nested at most."""
        rng = self._rng
        if depth == 0 or rng.random() < 0.25:
            return self._leaf()
        several = [self.make(depth - 1) for _ in range(rng.randint(1, 4))]
        one, two = self.make(depth - 1), self.make(depth - 1)
        kinds: list[Callable[[], Any]] = [
            lambda: query.Or(several),
            lambda: query.Or(several),
            lambda: query.And(several),
            lambda: query.And([one, query.Not(two)]),
            lambda: query.And([one, two]) if self._plain else query.AndMaybe(one, two),
            lambda: query.Or(several) if self._plain else query.DisjunctionMax(several),
            lambda: query.Not(one),
            lambda: query.ConstantScoreQuery(one, 2.0),
            lambda: query.Or(several, boost=2.0),
        ]
        return rng.choice(kinds)()

    def _leaf(self) -> Any:
        rng = self._rng
        exact: list[Callable[[], Any]] = [
            self._term,
            self._term,
            self._phrase,
            lambda: query.Term("subject", rng.choice([*SUBJECTS, "None"])),
            lambda: query.Term("id", rng.choice(["1", "22", "7", ""])),
            query.Every,
            lambda: query.Every(rng.choice(["title", "keywords", "id", "subject", "date"])),
        ]
        if self._plain:
            return rng.choice(exact)()
        return rng.choice(
            [
                *exact,
                lambda: query.Prefix(
                    rng.choice(TEXTS), rng.choice(self._terms)[: rng.randint(1, 3)]
                ),
                lambda: query.Prefix("url", f"/{rng.choice('abcx')}"),
                lambda: query.Wildcard(rng.choice(TEXTS), f"*{rng.choice(self._terms)[1:3]}*"),
                lambda: query.TermRange(rng.choice(TEXTS), *self._ends(self._terms)),
                lambda: query.TermRange("id", *self._ends(["1", "10", "2", "3", "5"])),
                self._days,
            ]
        )()

    def _term(self) -> Any:
        boost = self._rng.choice([1.0, 1.0, 2.5])
        return query.Term(self._rng.choice(TEXTS), self._rng.choice(self._terms), boost=boost)

    def _run(self) -> tuple[str, list[str]]:
        """A field and words that stand in it one behind the other (or across its parts)."""
        rng = self._rng
        article, name = rng.choice(self._articles), rng.choice(TEXTS)
        text = {
            "title": article.title,
            "question": f"{article.title} {article.question}",
            "answer": article.answer,
            "keywords": " ".join(article.keywords),
        }[name]
        words = [token.term for token in self._analyzer.tokens(text) if not token.overlay]
        start = rng.randrange(len(words) + 1)
        return name, words[start : start + rng.randint(1, 3)]

    def _phrase(self) -> Any:
        name, words = self._run()
        if self._rng.random() < 0.3:
            words = [*words[::2], self._rng.choice(self._terms)]
        words = words or ["none"]
        return query.Phrase(name, words, slop=self._rng.choice([1, 1, 2, 4])).normalize()

    def span(self) -> Any:
        """A span query; Whoosh can't put one into a query of others."""
        name, words = self._run()
        terms = [query.Term(name, word) for word in (*words, self._rng.choice(self._terms))]
        kinds: list[Callable[[], Any]] = [
            lambda: spans.SpanFirst(terms[0], limit=self._rng.randint(0, 4)),
            lambda: spans.SpanNear(terms[0], terms[-1], slop=3, ordered=False),
            lambda: spans.SpanOr([terms[0], terms[-1]]),
            lambda: spans.SpanBefore(terms[0], terms[-1]),
            lambda: query.Sequence(terms, slop=2),
        ]
        return self._rng.choice(kinds)()

    def _ends(self, values: Sequence[str]) -> tuple[Any, Any, bool, bool]:
        low, high = sorted(self._rng.choices(values, k=2))
        return (
            self._rng.choice([low, low, None]),
            self._rng.choice([high, high, None]),
            self._rng.random() < 0.3,
            self._rng.random() < 0.3,
        )

    def _days(self) -> Any:
        years = sorted(self._rng.choices(range(2009, 2026), k=2))
        start, end = (datetime.datetime(year, self._rng.randint(1, 9), 11) for year in years)
        return query.DateRange(
            "date",
            self._rng.choice([start, start, None]),
            self._rng.choice([end, end, None]),
            self._rng.random() < 0.3,
            self._rng.random() < 0.3,
        )
