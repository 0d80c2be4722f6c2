"""Correctness before speed: a ranking is compared with the definition of the ranking.

Nothing is timed unless this passes. Other engines have other formulas, so of them only the share
of common results is told.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.engines.engine import LIMIT, Found
from benchmarks.queries import Query
from qsearch import Article
from qsearch.analysis.analyzer import Analyzer
from qsearch.ranking.reference import Reference
from qsearch.values import subject_key

Search = Callable[[Query], Found]


@dataclass(frozen=True, slots=True)
class Difference:
    """A query that was answered otherwise than it should be."""

    query: Query
    expected: Found
    found: Found

    def __str__(self) -> str:
        where = "" if self.query.subject is None else f" in {self.query.subject!r}"
        for rank in range(max(len(self.expected), len(self.found))):
            wanted = self.expected[rank : rank + 1] or "nothing"
            got = self.found[rank : rank + 1] or "nothing"
            if not same(self.expected[: rank + 1], self.found[: rank + 1]):
                return (
                    f"{self.query.text!r}{where}, rank {rank + 1}: {wanted} expected, {got} found"
                )
        return f"{self.query.text!r}{where}: no difference"


def against_reference(
    search: Search, articles: Sequence[Article], queries: Sequence[Query]
) -> list[Difference]:
    """Return the queries whose ten best differ from the reference scorer's.

    Arguments:
        search: answers from an index of just these articles.
        articles: the collection.
        queries: what to ask.
    """
    reference = Reference(articles, Analyzer("english"))
    differences = []
    for query in queries:
        passes = None
        if query.subject is not None:
            wanted = subject_key(query.subject)
            passes = [subject_key(article.subject) == wanted for article in reference.articles]
        ranked = reference.rank(query.text, passes=passes)[:LIMIT]
        expected = [(result.url, result.score) for result in ranked]
        found = search(query)
        if not same(expected, found):
            differences.append(Difference(query, expected, found))
    return differences


def of_prefixes(
    top: Callable[[Query, int], Found], queries: Sequence[Query], *, longer: int = 1_000
) -> list[Difference]:
    """Return the queries whose ten best are not the first ten of a longer list.

    The reference scorer is too slow for a whole large collection; whatever leaves articles out
    early to find ten shows here, since a long list can't be had that way.
    """
    differences = []
    for query in queries:
        expected, found = top(query, longer)[:LIMIT], top(query, LIMIT)
        if not same(expected, found):
            differences.append(Difference(query, expected, found))
    return differences


def same(one: Found, other: Found) -> bool:
    """Whether two rankings are the same: urls in order, scores to their nine digits."""
    return [url for url, _ in one] == [url for url, _ in other] and all(
        math.isclose(a, b, rel_tol=2e-9) for (_, a), (_, b) in zip(one, other, strict=True)
    )


def groups_of(articles: Sequence[Article]) -> dict[str, object]:
    """Return for each url what its copies share: they are one result in qsearch, not elsewhere."""
    return {
        article.url: (article.id, article.question, article.answer) if article.id else article.url
        for article in articles
    }


def overlap(
    one: Search, other: Search, queries: Sequence[Query], groups: Mapping[str, object]
) -> float:
    """Return the mean share of results that two engines have in common among their ten best."""
    shares = []
    for query in queries:
        mine = {groups[url] for url, _ in one(query)}
        theirs = {groups[url] for url, _ in other(query)}
        if mine or theirs:
            shares.append(len(mine & theirs) / max(len(mine), len(theirs)))
    return sum(shares) / len(shares) if shares else 1.0
