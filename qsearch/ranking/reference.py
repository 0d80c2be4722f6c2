"""The reference scorer: what a ranking *is*, computed from the articles themselves.

No index, no postings, no shortcut: every article is analysed, every condition is looked up in its
words, the formula of ``Ranking`` is applied to a dense array. It is slow and meant to be read; any
other path has to give the same order and the same scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from qsearch.analysis.analyzer import Analyzer
from qsearch.arrays import Array
from qsearch.article import Article
from qsearch.model.bit_layout import MAX_FREQUENCIES
from qsearch.model.copies import NO_GROUP, group_of
from qsearch.model.fields import FIELDS
from qsearch.model.lengths import LENGTHS, length_bytes
from qsearch.query.expand import EMPTY, EXPANSIONS, Expansion, Vocabulary
from qsearch.query.plan import Anything, Condition, HasPhrase, HasTerm, Plan, make_plan
from qsearch.query.syntax import parse
from qsearch.ranking.formula import (
    bonus,
    field_frequency,
    inverse_document_frequency,
    length_norm,
    rounded,
    saturated,
    term_score,
)
from qsearch.ranking.settings import Ranking
from qsearch.ranking.signal import Text, WeightedPlan, texts_of


@dataclass(frozen=True, slots=True)
class Ranked:
    """One result: the url of its best copy, its score, and the urls of all hits it stands for."""

    url: str
    score: float
    urls: tuple[str, ...]


class Reference:
    """Ranks a collection by the definition.

    Arguments:
        articles: the collection; of several with one url the last one counts.
        analyzer: the analyser.
        ranking: the numbers of the formula.
        vocabulary, expansions: as for ``make_plan``.
    """

    def __init__(
        self,
        articles: Iterable[Article],
        analyzer: Analyzer,
        ranking: Ranking | None = None,
        *,
        vocabulary: Vocabulary = EMPTY,
        expansions: Sequence[Expansion] = EXPANSIONS,
    ) -> None:
        self._vocabulary, self._expansions = vocabulary, expansions
        self._articles = list({article.url: article for article in articles}.values())
        self._analyzer = analyzer
        self._ranking = ranking or Ranking()
        self._texts = [texts_of(analyzer, article) for article in self._articles]
        lengths = np.zeros((len(self._articles), len(FIELDS)), dtype=np.int64)
        for row, texts in zip(lengths, self._texts, strict=True):
            for text in texts:
                row[text.field] += sum(not overlay for *_, overlay in text.words)
        self._lengths = LENGTHS[length_bytes(lengths)]

    def rank(
        self,
        query: str,
        *,
        fields: Sequence[str] = FIELDS,
        keyword_boost: float | None = None,
        passes: Sequence[bool] | None = None,
    ) -> list[Ranked]:
        """Return every result of a query, best first.

        Arguments:
            query: as for ``Index.search``.
            fields: the searched fields.
            keyword_boost: the weight of the keyword field; None for the ranking's.
            passes: for each article of ``urls`` whether the filters let it through.
        """
        tree, notes = parse(query)
        plan = make_plan(
            tree,
            self._analyzer,
            notes,
            max_clauses=1_024,
            vocabulary=self._vocabulary,
            expansions=self._expansions,
        )
        ranking = self._ranking.with_keywords(keyword_boost)
        searched = [
            number
            for number, name in enumerate(FIELDS)
            if name in fields and ranking.weights[number] > 0
        ]
        scores = self._scores(plan, ranking, searched)
        groups: dict[object, list[tuple[float, str]]] = {}
        for row, article in enumerate(self._articles):
            if passes is not None and not passes[row]:
                continue
            if self._holds(row, plan.condition, searched):
                group = group_of(article)
                key: object = article.url if group == NO_GROUP else group
                score = rounded(scores[row])
                groups.setdefault(key, []).append((-score, article.url))
        best_first = sorted(sorted(copies) for copies in groups.values())
        return [
            Ranked(copies[0][1], -copies[0][0], tuple(url for _, url in copies))
            for copies in best_first
        ]

    @property
    def articles(self) -> list[Article]:
        """The articles, in the order in which ``passes`` speaks of them."""
        return self._articles

    # -- which articles

    def _holds(self, row: int, condition: Condition, searched: list[int]) -> bool:
        if isinstance(condition, Anything):
            return True
        if isinstance(condition, HasTerm):
            return any(
                condition.term == term
                for text in self._texts[row]
                if text.field in searched
                for term, *_ in text.words
            )
        if isinstance(condition, HasPhrase):
            return any(
                _stands_together(text, condition)
                for text in self._texts[row]
                if text.field in searched
            )
        found = (
            all(self._holds(row, item, searched) for item in condition.must)
            if condition.must
            else any(self._holds(row, item, searched) for item in condition.should)
        )
        return found and not any(self._holds(row, item, searched) for item in condition.must_not)

    # -- how high

    def _scores(self, plan: Plan, ranking: Ranking, searched: list[int]) -> Array:
        count = len(self._articles)
        averages = self._lengths.sum(axis=0) / max(count, 1)
        base, idfs = np.zeros(count), []
        for group in plan.groups:
            found = [self._frequencies(member.term)[:, searched] for member in group.members]
            df = int(np.any([each.any(axis=1) for each in found], axis=0).sum())
            idfs.append(inverse_document_frequency(count, df) if df else 0.0)
            if not df:
                continue
            tf = np.zeros(count)
            for member, frequencies in zip(group.members, found, strict=True):
                of_member = np.zeros(count)
                for field, frequency in zip(searched, frequencies.T, strict=True):
                    lengths = np.maximum(self._lengths[:, field], 1)
                    average = averages[field]
                    norm = length_norm(lengths, average, ranking.bs[field]) if average else 1.0
                    of_member += field_frequency(ranking.weights[field], frequency, norm)
                tf += member.factor * of_member
            base += term_score(group.boost * idfs[-1], saturated(tf, ranking.k1))
        query = WeightedPlan(plan, idfs, self._analyzer.stop_words)
        factor = np.ones(count)
        for signal in ranking.signals:
            shares = [
                signal.define([text for text in texts if text.field in searched], query)
                for texts in self._texts
            ]
            factor += bonus(ranking.bonus_of(signal), np.array(shares))
        return base * factor

    def _frequencies(self, term: str) -> Array:
        found = np.zeros((len(self._articles), len(FIELDS)), dtype=np.int64)
        for row, texts in zip(found, self._texts, strict=True):
            for text in texts:
                row[text.field] += sum(term == word.term for word in text.words)
        capped: Array = np.minimum(found, MAX_FREQUENCIES)
        return capped


def _stands_together(text: Text, phrase: HasPhrase) -> bool:
    at: dict[int, set[str]] = {}
    for term, _, position, _ in text.words:
        at.setdefault(position, set()).add(term)
    return any(
        all(
            term in at.get(start + offset, ())
            for term, offset in zip(phrase.terms, phrase.offsets, strict=True)
        )
        for start in at
    )
