"""Plan x segment -> which articles are hits, and their scores, in NumPy.

The order of every sum is the order of the query's terms, in float64: any path that adds up in that
order gets the same numbers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qsearch.arrays import Array
from qsearch.engine.phrases import Phrases
from qsearch.index.segment import Postings, Segment
from qsearch.index.snapshot import LiveSegment, Snapshot
from qsearch.lazy import lazy
from qsearch.limits import Limits
from qsearch.model.bit_layout import unpack_frequency
from qsearch.model.fields import FIELDS
from qsearch.model.keyword_phrase import COVER_WORDS, MAX_PHRASE, longer_phrase, term_hash
from qsearch.model.lengths import LENGTHS
from qsearch.query.plan import (
    Anything,
    Combination,
    Condition,
    HasPhrase,
    HasTerm,
    Plan,
    ScoredTerm,
)
from qsearch.ranking.settings import FORM_FLOOR, Ranking


@dataclass(frozen=True, slots=True)
class Request:
    """What to search and how to score it.

    Attributes:
        plan: the query.
        ranking: the formula's numbers.
        fields: which of ``FIELDS`` are searched, one flag each.
        limits: ``positions`` and ``deadline`` apply.
        find: returns for each segment which articles have a phrase; None to look here.
    """

    plan: Plan
    ranking: Ranking
    fields: tuple[bool, ...]
    limits: Limits
    find: Callable[[HasPhrase], list[Array] | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Matches:
    """The outcome in one segment: for each article whether it is a hit, and its score."""

    hit: Array
    score: Array


class Search:
    """Answers one request on one snapshot."""

    def __init__(self, snapshot: Snapshot, request: Request) -> None:
        self._snapshot = snapshot
        self._request = request
        self._postings: dict[tuple[int, str], Postings] = {}
        self._phrases = Phrases(snapshot, self._searched, request.limits.positions, request.find)
        self._started = time.monotonic()
        self._cut = False

    @lazy
    def outcome(self) -> list[Matches]:
        """The outcome of every segment; deleted articles are no hits."""
        return [self._segment(index) for index in range(len(self._snapshot.parts))]

    @property
    def complete(self) -> bool:
        """Whether no limit has left out a hit."""
        _ = self.outcome
        return not self._phrases.refused and not self._cut

    @property
    def shortfalls(self) -> list[str]:
        """What was left out of the outcome because of a limit, one sentence each."""
        _ = self.outcome
        told = []
        if self._phrases.refused:
            told.append(
                f"{self._phrases.refused} phrases of common words would take too long and found "
                "nothing"
            )
        if self._phrases.unread:
            told.append(
                f"{self._phrases.unread} common words would take too long to tell from their other "
                "forms"
            )
        if self._cut:
            told.append(f"the search ended after {self._request.limits.deadline:g} s")
        return told

    def _late(self) -> bool:
        """Whether the deadline has passed; what then remains is left out."""
        if not self._cut:
            self._cut = time.monotonic() - self._started > self._request.limits.deadline
        return self._cut

    # -- statistics

    def document_frequency(self, term: str) -> int:
        """Return in how many live articles a term stands in a searched field."""
        total = 0
        for index, part in enumerate(self._snapshot.parts):
            docs = self._term(index, term).docs
            total += docs.size if part.live is None else int(part.live[docs].sum())
        return total

    @lazy
    def idfs(self) -> list[float]:
        """The idf of each scored term; 0 for one that stands nowhere."""
        count = len(self._snapshot)
        frequencies = [self.document_frequency(t.term) for t in self._request.plan.scored]
        return [idf(count, frequency) if frequency else 0.0 for frequency in frequencies]

    # -- one segment

    def _term(self, index: int, term: str) -> Postings:
        """The articles of a term where it stands in a searched field."""
        key = (index, term)
        found = self._postings.get(key)
        if found is None:
            found = self._snapshot.parts[index].segment.postings(term) or Postings(
                np.zeros(0, np.int64), np.zeros(0, np.uint16), np.zeros(0, np.uint8)
            )
            if not all(self._request.fields):
                inside = np.zeros(found.docs.size, dtype=np.bool_)
                for field in self._searched:
                    inside |= unpack_frequency(found.frequencies, field) > 0
                found = Postings(*(column[inside] for column in found))
            self._postings[key] = found
        return found

    @property
    def _searched(self) -> list[int]:
        return [field for field, searched in enumerate(self._request.fields) if searched]

    def _segment(self, index: int) -> Matches:
        part = self._snapshot.parts[index]
        hit = self._condition(index, self._request.plan.condition)
        if part.live is not None:
            hit &= part.live
        if not hit.any():
            return Matches(hit, np.zeros(part.segment.count))
        return Matches(hit, self._score(index, part))

    def _score(self, index: int, part: LiveSegment) -> Array:
        plan, ranking = self._request.plan, self._request.ranking
        count = part.segment.count
        norms = length_norms(ranking, self._snapshot.average_lengths)
        lengths = part.segment.length_bytes
        base, typed = np.zeros(count), np.zeros(count)
        whole = 0.0
        for scored, weight in zip(plan.scored, self.idfs, strict=True):
            if not weight or self._late():
                continue
            docs, words, _ = self._term(index, scored.term)
            tf = np.zeros(docs.size)
            for field in self._searched:
                tf += (
                    ranking.weights[field]
                    * unpack_frequency(words, field)
                    * norms[field][lengths[docs, field]]
                )
            base[docs] += scored.boost * weight * (tf / (ranking.k1 + tf))
            mass = scored.boost * (weight + FORM_FLOOR)
            whole += mass
            typed[self._typed(index, scored)] += mass
        bonus = 1.0 + ranking.form_bonus * (typed / whole if whole else typed)
        bonus += ranking.keyword_bonus * self._cover(part.segment)
        return base * bonus

    def _typed(self, index: int, scored: ScoredTerm) -> Array:
        """The articles where a term stands as it was typed, in a searched field."""
        segment = self._snapshot.parts[index].segment
        bit = segment.form_bit(scored.form)
        if bit >= 0 and all(self._request.fields):
            docs, _, masks = self._term(index, scored.term)
            same: Array = docs[(masks & np.uint8(bit)) != 0]
            return same
        if not bit:
            return np.zeros(0, dtype=np.int64)
        found = None
        if self._phrases.may_read(scored.term):
            found = segment.form_postings(scored.form)
        if found is None:
            return np.zeros(0, dtype=np.int64)
        docs, fields = found
        wanted = np.uint8(sum(1 << field for field in self._searched))
        searched: Array = docs[(fields & wanted) != 0]
        return searched

    def _cover(self, segment: Segment) -> Array:
        """The share of the query's words that each article's keywords cover."""
        words = self._request.plan.words[:COVER_WORDS]
        total = sum(content for _, content in words)
        covered = np.zeros(segment.count, dtype=np.uint64)
        if total and self._request.fields[FIELDS.index("keywords")]:
            keys, bits = phrases_of(words)
            for place, docs in segment.phrase_docs(keys):
                covered[docs] |= bits[place]
        return np.bitwise_count(covered) / max(total, 1)

    # -- which articles are hits

    def _condition(self, index: int, condition: Condition, *, excluded: bool = False) -> Array:
        """The articles of a segment that meet a condition.

        Where it is cut short there are too few of them; if they are ``excluded``, too many: either
        way an article that is no hit never becomes one.
        """
        count = self._snapshot.parts[index].segment.count
        if isinstance(condition, Anything):
            return np.ones(count, dtype=np.bool_)
        if isinstance(condition, HasTerm):
            hit = np.zeros(count, dtype=np.bool_)
            hit[self._term(index, condition.term).docs] = True
            return hit
        if isinstance(condition, HasPhrase):
            found = None if self._late() else self._phrases.hits(index, condition)
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


def idf(count: int, frequency: int) -> float:
    """Return the inverse document frequency of a term, > 0.

    Arguments:
        count: the number of live articles.
        frequency: in how many of them the term stands.
    """
    return float(np.log(1.0 + (count - frequency + 0.5) / (frequency + 0.5)))


def length_norms(ranking: Ranking, averages: Array) -> Array:
    """Return what a frequency is multiplied by, for each field and length byte."""
    norms = np.ones((len(FIELDS), LENGTHS.size))
    for field, (b, average) in enumerate(zip(ranking.bs, averages.tolist(), strict=True)):
        if average:
            norms[field] = 1.0 / (1.0 - b + b * np.maximum(LENGTHS, 1) / average)
    return norms


def phrases_of(words: tuple[tuple[str, bool], ...]) -> tuple[Array, Array]:
    """Return the key of each run of words, and the bits of the words in it that are no stop words.

    Arguments:
        words: (term, whether it is more than a stop word), at most ``COVER_WORDS`` of them.
    """
    keys, bits = [], []
    hashes = [term_hash(term) for term, _ in words]
    for start in range(len(words)):
        key = covered = 0
        for stop in range(start, min(start + MAX_PHRASE, len(words))):
            key = longer_phrase(key, hashes[stop])
            covered |= words[stop][1] << stop
            if covered:
                keys.append(key)
                bits.append(covered)
    return np.array(keys, dtype=np.uint64), np.array(bits, dtype=np.uint64)
