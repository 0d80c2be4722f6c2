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
from qsearch.model.fields import FIELDS, KEYWORDS, RANKED, plain_texts_of
from qsearch.model.keyword_phrase import COVER_WORDS, MAX_PHRASE
from qsearch.model.lengths import LENGTHS, length_bytes
from qsearch.query.plan import Anything, Condition, HasPhrase, HasTerm, Plan, make_plan
from qsearch.query.syntax import parse
from qsearch.ranking.settings import FORM_FLOOR, Ranking


@dataclass(frozen=True, slots=True)
class Ranked:
    """One result: the url of its best copy, its score, and the urls of all hits it stands for."""

    url: str
    score: float
    urls: tuple[str, ...]


@dataclass(slots=True)
class _Text:
    """One text of an article: its ranked field and (term, form, position, overlay) by word."""

    field: int
    part: int
    words: list[tuple[str, str, int, bool]]


class Reference:
    """Ranks a collection by the definition.

    Arguments:
        articles: the collection; of several with one url the last one counts.
        analyzer: the analyser.
        ranking: the numbers of the formula.
    """

    def __init__(
        self, articles: Iterable[Article], analyzer: Analyzer, ranking: Ranking | None = None
    ) -> None:
        self._articles = list({article.url: article for article in articles}.values())
        self._analyzer = analyzer
        self._ranking = ranking or Ranking()
        self._texts = [self._analyse(article) for article in self._articles]
        lengths = np.zeros((len(self._articles), len(FIELDS)), dtype=np.int64)
        for row, texts in zip(lengths, self._texts, strict=True):
            for text in texts:
                row[text.field] += sum(not overlay for *_, overlay in text.words)
        self._lengths = LENGTHS[length_bytes(lengths)]

    def _analyse(self, article: Article) -> list[_Text]:
        return [
            _Text(
                int(RANKED[part]),
                part,
                [(t.term, t.form, t.position, t.overlay) for t in self._analyzer.tokens(text)],
            )
            for part, text in plain_texts_of(article)
        ]

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
        plan = make_plan(tree, self._analyzer, notes, max_clauses=1_024)
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
                score = float(f"{scores[row]:.9g}")
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
        base, typed, whole = np.zeros(count), np.zeros(count), 0.0
        for scored in plan.scored:
            frequencies = self._frequencies(scored.term)
            df = int((frequencies[:, searched].sum(axis=1) > 0).sum())
            if not df:
                continue
            idf = float(np.log(1.0 + (count - df + 0.5) / (df + 0.5)))
            tf = np.zeros(count)
            for field in searched:
                b, average = ranking.bs[field], averages[field]
                lengths = np.maximum(self._lengths[:, field], 1)
                norm = 1.0 / (1.0 - b + b * lengths / average) if average else 1.0
                tf += ranking.weights[field] * frequencies[:, field] * norm
            base += scored.boost * idf * (tf / (ranking.k1 + tf))
            mass = scored.boost * (idf + FORM_FLOOR)
            whole += mass
            typed += mass * self._has_form(scored.form, searched)
        bonus = 1.0 + ranking.form_bonus * (typed / whole if whole else typed)
        if FIELDS.index("keywords") in searched:
            bonus += ranking.keyword_bonus * self._cover(plan)
        return base * bonus

    def _frequencies(self, term: str) -> Array:
        found = np.zeros((len(self._articles), len(FIELDS)), dtype=np.int64)
        for row, texts in zip(found, self._texts, strict=True):
            for text in texts:
                row[text.field] += sum(term == word for word, *_ in text.words)
        capped: Array = np.minimum(found, MAX_FREQUENCIES)
        return capped

    def _has_form(self, form: str, searched: list[int]) -> Array:
        return np.array(
            [
                any(
                    form == word[1]
                    for text in texts
                    if text.field in searched
                    for word in text.words
                )
                for texts in self._texts
            ],
            dtype=np.float64,
        )

    def _cover(self, plan: Plan) -> Array:
        """The share of the query's content words that whole keywords of each article cover."""
        words = plan.words[:COVER_WORDS]
        content = {place for place, (_, counts) in enumerate(words) if counts}
        shares = np.zeros(len(self._articles))
        for row, texts in enumerate(self._texts):
            covered: set[int] = set()
            for text in texts:
                phrase = [word[0] for word in text.words if not word[3]]
                if text.part != KEYWORDS or not 0 < len(phrase) <= MAX_PHRASE:
                    continue
                for start in range(len(words) - len(phrase) + 1):
                    stop = start + len(phrase)
                    if [term for term, _ in words[start:stop]] == phrase:
                        covered |= content & set(range(start, stop))
            shares[row] = len(covered) / max(len(content), 1)
        return shares


def _stands_together(text: _Text, phrase: HasPhrase) -> bool:
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
