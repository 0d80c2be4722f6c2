"""Plan and snapshot -> every hit and its score, in NumPy.

Scores are float64 and are summed in the order of the query's words. An engine that keeps this order
computes the same scores to the last bit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array
from qsearch.article import Article
from qsearch.engine.evidence import GATHERED, QueryTerms, defined_shares
from qsearch.engine.phrases import Phrases
from qsearch.engine.protocol import Evidence, Scope, SignalEvidence, TermEvidence
from qsearch.index.snapshot import Place, Snapshot
from qsearch.lazy import lazy
from qsearch.limits import Limits
from qsearch.model.bit_layout import Postings, unpack_frequency
from qsearch.model.fields import FIELDS
from qsearch.model.lengths import LENGTHS
from qsearch.query.plan import (
    Anything,
    Combination,
    Condition,
    HasPhrase,
    HasTerm,
    Plan,
    TermGroup,
)
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
from qsearch.ranking.signal import Signal, Text, WeightedPlan

FindPhrase = Callable[[HasPhrase], "list[Array] | None"]
"""Returns for each segment which articles have a phrase; None if it does not take the phrase."""


@dataclass(frozen=True, slots=True)
class Matches:
    """For each article of a segment whether it is a hit, and its score."""

    hit: Array
    score: Array


class GroupPostings(NamedTuple):
    """The articles of a segment that hold a term of a group, and the tf of the group in each."""

    docs: Array
    tf: Array


class AllHits:
    """Every hit of a plan, filters not applied.

    Arguments:
        snapshot: the state of the index.
        plan: the query.
        scope: its ranking and its fields are used.
        terms: what signals need of the analyser.
        limits: ``positions`` and ``deadline`` apply.
        find: a faster way to find the articles of a phrase, if there is one.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        plan: Plan,
        scope: Scope,
        *,
        terms: QueryTerms,
        limits: Limits,
        find: FindPhrase = lambda _: None,
    ) -> None:
        self._snapshot = snapshot
        self._plan = plan
        self._ranking = scope.ranking
        self._fields = scope.fields
        self._searched = [field for field, searched in enumerate(scope.fields) if searched]
        self._terms = terms
        self._deadline = limits.deadline
        self._postings: dict[tuple[int, str], Postings] = {}
        self.phrases = Phrases(snapshot, self._searched, limits.positions, find)
        self._started = time.monotonic()
        self._deadline_passed = False

    @lazy
    def matches(self) -> list[Matches]:
        """The hits of every segment; deleted articles are none."""
        return [self._segment(index) for index in range(len(self._snapshot.parts))]

    @property
    def complete(self) -> bool:
        """Whether no limit has left out a hit."""
        _ = self.matches
        return not self.phrases.refused and not self._deadline_passed

    @property
    def shortfalls(self) -> list[str]:
        """What was left out because of a limit, one sentence each."""
        _ = self.matches
        told = []
        if self.phrases.refused:
            told.append(
                f"{self.phrases.refused} phrases of common words would take too long and found "
                "nothing"
            )
        if self.phrases.unread:
            told.append(
                f"{self.phrases.unread} common words would take too long to tell from their other "
                "forms"
            )
        if self._deadline_passed:
            told.append(f"the search ended after {self._deadline:g} s")
        return told

    def _is_over_deadline(self) -> bool:
        """Whether the deadline has passed; terms and phrases not yet read are then left out."""
        if not self._deadline_passed:
            self._deadline_passed = time.monotonic() - self._started > self._deadline
        return self._deadline_passed

    # -- statistics

    @lazy
    def idfs(self) -> list[float]:
        """The idf of each group of the plan; 0 for one that stands nowhere."""
        count = len(self._snapshot)
        frequencies = map(self._document_frequency, self._plan.groups)
        return [
            inverse_document_frequency(count, frequency) if frequency else 0.0
            for frequency in frequencies
        ]

    def _document_frequency(self, group: TermGroup) -> int:
        """In how many live articles any term of a group stands in a searched field."""
        total = 0
        for index, part in enumerate(self._snapshot.parts):
            docs = self._docs(index, [member.term for member in group.members])
            total += docs.size if part.live is None else int(part.live[docs].sum())
        return total

    @lazy
    def weighted(self) -> WeightedPlan:
        """The plan with the idf of each group."""
        return WeightedPlan(self._plan, self.idfs, self._terms.stop_words)

    # -- postings

    def postings(self, index: int, term: str) -> Postings:
        """Return the articles of a segment where a term stands in a searched field."""
        key = (index, term)
        found = self._postings.get(key)
        if found is None:
            found = self._snapshot.parts[index].segment.postings(term) or Postings(
                np.zeros(0, np.int64), np.zeros(0, np.uint16), np.zeros(0, np.uint8)
            )
            if not all(self._fields):
                inside = np.zeros(found.docs.size, dtype=np.bool_)
                for field in self._searched:
                    inside |= unpack_frequency(found.frequencies, field) > 0
                found = Postings(*(column[inside] for column in found))
            self._postings[key] = found
        return found

    def _docs(self, index: int, terms: Sequence[str]) -> Array:
        """The articles of a segment that hold any of some terms, in order."""
        if len(terms) == 1:
            return self.postings(index, terms[0]).docs
        held = np.zeros(self._snapshot.parts[index].segment.count, dtype=np.bool_)
        for term in terms:
            held[self.postings(index, term).docs] = True
        return np.flatnonzero(held)

    def _group(self, index: int, group: TermGroup) -> GroupPostings:
        """The articles of a group in a segment, and its tf in each."""
        docs = self._docs(index, [member.term for member in group.members])
        tf = np.zeros(docs.size)
        for member in group.members:
            found = self.postings(index, member.term)
            of_member = self._tf(index, found)
            if len(group.members) == 1:
                tf += member.factor * of_member
            else:
                tf[docs.searchsorted(found.docs)] += member.factor * of_member
        return GroupPostings(docs, tf)

    def _tf(self, index: int, found: Postings) -> Array:
        """The tf of a term in each of its articles."""
        lengths = self._snapshot.parts[index].segment.length_bytes
        tf = np.zeros(found.docs.size)
        for field in self._searched:
            tf += field_frequency(
                self._ranking.weights[field],
                unpack_frequency(found.frequencies, field),
                self._norms[field][lengths[found.docs, field]],
            )
        return tf

    @lazy
    def _norms(self) -> Array:
        return length_norms(self._ranking, self._snapshot.average_lengths)

    # -- scores

    def _segment(self, index: int) -> Matches:
        part = self._snapshot.parts[index]
        hit = self._condition(index, self._plan.condition)
        if part.live is not None:
            hit &= part.live
        if not hit.any():
            return Matches(hit, np.zeros(part.segment.count))
        return Matches(hit, self._score(index, hit))

    def _score(self, index: int, hit: Array) -> Array:
        base = np.zeros(hit.size)
        for group, idf in zip(self._plan.groups, self.idfs, strict=True):
            if not idf or self._is_over_deadline():
                continue
            found = self._group(index, group)
            impacts = saturated(found.tf, self._ranking.k1)
            base[found.docs] += term_score(group.boost * idf, impacts)
        factor = np.ones(hit.size)
        for signal in self._ranking.signals:
            if maximum := self._ranking.bonus_of(signal):
                factor += bonus(maximum, self._shares(index, signal, hit))
        return base * factor

    def _shares(self, index: int, signal: Signal, hit: Array) -> Array:
        """The share of each article of a segment; correct for hits only."""
        gather = GATHERED.get(signal.needs)
        if gather is None:
            segment = self._snapshot.parts[index].segment
            return defined_shares(signal, segment, hit, self.weighted, self._texts_of)
        shares = np.zeros(hit.size)
        for evidence in gather(self, index):
            np.maximum(shares, signal.share(*evidence), out=shares)
        return shares

    def _texts_of(self, article: Article) -> list[Text]:
        """The texts of the searched fields of an article."""
        return [text for text in self._terms.texts_of(article) if text.field in self._searched]

    def evidence(self, place: Place) -> Evidence:
        """Return why an article has its score."""
        index, number = place
        found = self.matches[index]
        terms = []
        for group, idf in zip(self._plan.groups, self.idfs, strict=True):
            of_group = self._group(index, group)
            at = of_group.docs == number
            tf = float(of_group.tf[at].sum())
            score = term_score(group.boost * idf, saturated(tf, self._ranking.k1))
            frequencies = tuple(
                self._frequencies(self.postings(index, member.term), number)
                for member in group.members
            )
            terms.append(TermEvidence(group, idf, frequencies, tf, score))
        only = np.zeros(found.hit.size, dtype=np.bool_)
        only[number] = True
        signals = [
            SignalEvidence(
                signal,
                float(self._shares(index, signal, only)[number]),
                self._ranking.bonus_of(signal),
            )
            for signal in self._ranking.signals
        ]
        score = rounded(float(found.score[number])) if found.hit[number] else 0.0
        return Evidence(score, tuple(terms), tuple(signals))

    def _frequencies(self, found: Postings, number: int) -> tuple[int, ...]:
        here = found.frequencies[found.docs == number]
        return tuple(
            int(unpack_frequency(here, field).sum()) if self._fields[field] else 0
            for field in range(len(FIELDS))
        )

    # -- what ``engine.evidence`` gathers from

    @property
    def snapshot(self) -> Snapshot:
        """The state of the index."""
        return self._snapshot

    @property
    def plan(self) -> Plan:
        """The query."""
        return self._plan

    @property
    def searched(self) -> list[int]:
        """The numbers of the searched fields."""
        return self._searched

    @property
    def terms(self) -> QueryTerms:
        """What signals need of the analyser."""
        return self._terms

    # -- which articles are hits

    def _condition(self, index: int, condition: Condition, *, excluded: bool = False) -> Array:
        """The articles of a segment that meet a condition.

        A phrase beyond a limit is not looked for. It then matches nothing; where it is
        ``excluded``, it matches every article with all its words. Either way an article that is no
        hit never becomes one.
        """
        count = self._snapshot.parts[index].segment.count
        if isinstance(condition, Anything):
            return np.ones(count, dtype=np.bool_)
        if isinstance(condition, HasTerm):
            hit = np.zeros(count, dtype=np.bool_)
            hit[self.postings(index, condition.term).docs] = True
            return hit
        if isinstance(condition, HasPhrase):
            found = None if self._is_over_deadline() else self.phrases.hits(index, condition)
            if found is not None:
                return found.copy()
            if not excluded:
                return np.zeros(count, dtype=np.bool_)
            words = Combination(must=tuple(map(HasTerm, condition.terms)))
            return self._condition(index, words, excluded=True)
        if condition.must:
            hit = self._condition(index, condition.must[0], excluded=excluded)
            for item in condition.must[1:]:
                hit &= self._condition(index, item, excluded=excluded)
        else:
            hit = np.zeros(count, dtype=np.bool_)
            for item in condition.should:
                hit |= self._condition(index, item, excluded=excluded)
        for item in condition.must_not:
            hit &= ~self._condition(index, item, excluded=not excluded)
        return hit


def length_norms(ranking: Ranking, averages: Array) -> Array:
    """Return what a frequency is multiplied by, for each field and length byte."""
    norms = np.ones((len(FIELDS), LENGTHS.size))
    for field, (b, average) in enumerate(zip(ranking.bs, averages.tolist(), strict=True)):
        if average:
            norms[field] = length_norm(np.maximum(LENGTHS, 1), average, b)
    return norms
