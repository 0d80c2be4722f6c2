"""Condition -> which articles fulfil it, over postings in memory and with a kernel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qsearch.arrays import Array
from qsearch.engine.condition_terms import NotForKernelsError, Terms
from qsearch.engine.postings_cache import Unpacked
from qsearch.index.snapshot import Snapshot
from qsearch.kernels.search.boolean_program import ALL, AND, BUT, NONE, OR, PHRASE, PUSH, ROW, TERM
from qsearch.query.plan import Anything, Combination, Condition, HasPhrase, HasTerm, Plan


class Hits:
    """Which articles fulfil conditions: what ``match`` says, from unpacked postings.

    Arguments:
        snapshot: the state of the index.
        unpacked: its postings, of the searched fields.
        positions: how many positions the phrases of a query may read (``Limits``).
    """

    def __init__(self, snapshot: Snapshot, unpacked: Unpacked, positions: int) -> None:
        from qsearch.kernels.search.boolean import evaluate

        self._evaluate = evaluate
        self._budget = positions
        self._terms = Terms(snapshot, unpacked)

    def of_plan(self, plan: Plan, allowed: Array, hit: Array) -> int:
        """Find which articles of all segments, one after another, are hits.

        Arguments:
            plan: the query.
            allowed: a byte an article, whether it may be a hit; empty for all.
            hit: receives a byte an article.

        Returns:
            how many are hits.

        Raises:
            NotForKernelsError: a term has numbers that the kernels can't work with, or phrases
                would read too many positions, and the plain path says what it leaves out.
        """
        condition = plan.condition
        if isinstance(condition, Combination):
            phrases = set(_phrases_in(condition))
            if len(phrases) > 1 and sum(map(self._price, phrases)) > self._budget:
                raise NotForKernelsError
        return self.of(condition, allowed, hit)

    def of(self, condition: Condition, allowed: Array, hit: Array) -> int:
        """The same for a condition, whatever it costs."""
        program = _Program(self._terms, condition)
        found: int = self._evaluate(
            np.array(program.steps, dtype=np.int64),
            np.array(program.words, dtype=np.int64),
            *self._terms.arrays(),
            allowed,
            hit,
        )
        return found

    def _price(self, phrase: HasPhrase) -> int:
        """At least what a phrase costs by the rules of ``phrases``."""
        terms = self._terms
        return sum(2 * terms.size_of_places(terms.row(term)) for term in phrase.terms)


class _Program:
    """A condition as the kernel takes it (``kernels.search.boolean_program``).

    Attributes:
        steps: its rows, end to end.
        words: those of the words of all phrases, end to end.
    """

    def __init__(self, terms: Terms, condition: Condition) -> None:
        self._terms = terms
        self.steps: list[int] = []
        self.words: list[int] = []
        self._push(condition)

    def _push(self, condition: Condition) -> None:
        """Put the articles of a condition on the stack."""
        if isinstance(condition, Anything):
            self.steps += PUSH, ALL, 0, 0
        elif not isinstance(condition, Combination):
            self.steps += PUSH, NONE, 0, 0
            self._do(OR, condition)
        elif condition.must:
            self.steps += PUSH, ALL, 0, 0
            # Phrases last: they are looked for only where all others leave something.
            for item in sorted(condition.must, key=_is_phrase):
                self._do(AND, item)
        else:
            self.steps += PUSH, NONE, 0, 0
            for item in condition.should:
                self._do(OR, item)
        if isinstance(condition, Combination):
            for item in condition.must_not:
                self._do(BUT, item)

    def _do(self, mode: int, condition: Condition) -> None:
        """Do something to the uppermost articles with those of a condition."""
        if isinstance(condition, HasTerm):
            self.steps += mode, TERM, self._terms.row(condition.term), 0
        elif isinstance(condition, HasPhrase):
            rows = list(map(self._terms.row, condition.terms))
            self._terms.place(rows)
            self.steps += mode, PHRASE, len(self.words) // 2, len(rows)
            for word in zip(rows, condition.offsets, strict=True):
                self.words += word
        else:
            self._push(condition)
            self.steps += mode, ROW, 0, 0


def _is_phrase(condition: Condition) -> bool:
    return isinstance(condition, HasPhrase)


def _phrases_in(condition: Condition) -> Iterator[HasPhrase]:
    if isinstance(condition, HasPhrase):
        yield condition
    elif isinstance(condition, Combination):
        for item in (*condition.must, *condition.should, *condition.must_not):
            yield from _phrases_in(item)
