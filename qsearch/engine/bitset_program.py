"""Condition -> a program of bitset operations, which a kernel runs over cached postings."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qsearch.arrays import Array
from qsearch.engine.condition_terms import ConditionTerms, NotForKernelsError
from qsearch.engine.postings_cache import PostingsCache
from qsearch.index.snapshot import Snapshot
from qsearch.kernels.search.boolean_program import ALL, AND, BUT, NONE, OR, PHRASE, PUSH, ROW, TERM
from qsearch.query.plan import Anything, Combination, Condition, HasPhrase, HasTerm, Plan


class ConditionEvaluator:
    """Finds which articles fulfil a condition: as ``AllHits`` finds them, over cached postings.

    Arguments:
        snapshot: the state of the index.
        cache: its postings, of the searched fields.
        positions: how many positions the phrases of a query may read (``Limits``).
    """

    def __init__(self, snapshot: Snapshot, cache: PostingsCache, positions: int) -> None:
        from qsearch.kernels.search.boolean import evaluate

        self._evaluate = evaluate
        self._budget = positions
        self._terms = ConditionTerms(snapshot, cache)

    def of_plan(self, plan: Plan, allowed: Array, hit: Array) -> int:
        """Find which articles of all segments, one after another, are hits.

        Arguments:
            plan: the query.
            allowed: a byte an article, whether it may be a hit; empty for all.
            hit: receives a byte an article.

        Returns:
            how many are hits.

        Raises:
            NotForKernelsError: a term has impacts that the kernels can't work with, or the phrases
                would read more positions than the budget allows: NumPy says what it leaves out.
        """
        condition = plan.condition
        if isinstance(condition, Combination):
            phrases = set(_phrases_in(condition))
            if len(phrases) > 1 and sum(map(self._price, phrases)) > self._budget:
                raise NotForKernelsError
        return self.of(condition, allowed, hit)

    def of(self, condition: Condition, allowed: Array, hit: Array) -> int:
        """As ``of_plan`` for a condition, without a limit on the positions of its phrases."""
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
        """A lower bound of what a phrase costs by the rules of ``phrases``."""
        terms = self._terms
        return sum(2 * terms.size_of_places(terms.row(term)) for term in phrase.terms)


class _Program:
    """A condition as a stack program for the kernel (``kernels.search.boolean_program``).

    Attributes:
        steps: its instructions, four numbers each.
        words: the words of all phrases, two numbers each: the row of the term, and its offset.
    """

    def __init__(self, terms: ConditionTerms, condition: Condition) -> None:
        self._terms = terms
        self.steps: list[int] = []
        self.words: list[int] = []
        self._push(condition)

    def _push(self, condition: Condition) -> None:
        """Push the bitset of a condition."""
        if isinstance(condition, Anything):
            self.steps += PUSH, ALL, 0, 0
        elif not isinstance(condition, Combination):
            self.steps += PUSH, NONE, 0, 0
            self._do(OR, condition)
        elif condition.must:
            self.steps += PUSH, ALL, 0, 0
            # Phrases last: their positions are read only in articles that the other clauses leave.
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
        """Combine the bitset on top of the stack with that of a condition."""
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
