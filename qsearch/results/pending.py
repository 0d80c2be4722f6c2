"""A query on its way: what only some questions about its results need comes when asked for.

``Results`` and their hits refer to a ``Pending``, that one to its ``Outcome`` and its ``Matching``,
and none of these back: so an old snapshot is let go of with the last result that shows it, and
does not wait for the garbage collector.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qsearch.arrays import Array
from qsearch.article import Article
from qsearch.engine.numpy_engine import Matches, Request, Search
from qsearch.index.snapshot import Snapshot
from qsearch.lazy import lazy
from qsearch.query.filters import Filters
from qsearch.query.plan import Plan
from qsearch.query.tree import Note
from qsearch.ranking.settings import Ranking
from qsearch.results.ordering import Outcome
from qsearch.results.snippets import Snippet, make_snippet
from qsearch.results.suggest import suggestion

if TYPE_CHECKING:
    from qsearch.searcher import Searcher


class Matching:
    """Which articles a query finds: the kernels say it where they can, else NumPy does.

    Arguments:
        searcher: of the snapshot.
        query: as typed.
        ranking: the numbers of the formula.
        fields: which of ``FIELDS`` are searched, one flag each.
        filters: which hits are wanted.
        strict: what can't be used is an error and no note.

    Attributes:
        is_answered: whether the kernels have found what was asked for, with nothing left out.
    """

    def __init__(
        self,
        searcher: Searcher,
        query: str,
        *,
        ranking: Ranking,
        fields: tuple[bool, ...],
        filters: Filters,
        strict: bool,
    ) -> None:
        self._searcher = searcher
        self._query = query
        self._ranking = ranking
        self._fields = fields
        self.filters = filters
        self._strict = strict
        self._is_computed = False
        self.is_answered = False

    def without_subjects(self) -> Matching:
        """Return what the query finds in all subjects; itself if none is filtered."""
        if self.filters.subjects is None:
            return self
        return Matching(
            self._searcher,
            self._query,
            ranking=self._ranking,
            fields=self._fields,
            filters=dataclasses.replace(self.filters, subjects=None),
            strict=self._strict,
        )

    @lazy
    def plan(self) -> Plan:
        """The plan of the query."""
        return self._searcher.plan(self._query, strict=self._strict)

    def hits(self) -> list[Array] | None:
        """Return for each segment which articles are hits that pass the filters, if the kernels
        can say it.
        """
        if self._is_computed:
            return None
        hits = self._searcher.path(self._ranking, self._fields).hits(self.plan, self.filters)
        self.is_answered = self.is_answered or hits is not None
        return hits

    @lazy
    def search(self) -> Search:
        """The way over NumPy."""
        searcher = self._searcher
        find = searcher.path(self._ranking, self._fields).phrase
        request = Request(self.plan, self._ranking, self._fields, searcher.limits, find)
        return Search(searcher.snapshot, request)

    def matches(self) -> list[Matches]:
        """Return the hits of every segment with their scores, filters aside."""
        self._is_computed = True
        return self.search.outcome

    @property
    def complete(self) -> bool:
        """Whether no limit has left out a hit."""
        if not self._is_computed and (self.is_answered or self.hits() is not None):
            return True
        return self.search.complete

    def shortfalls(self) -> list[str]:
        """What a limit left out of the outcome, as far as is known.

        Looking for phrases is what may take too long, so they are looked for now; of another query
        nothing is computed that has not been asked for.
        """
        has_phrases = not self.is_answered and any(map(self._query.__contains__, '"“„«'))
        return self.search.shortfalls if has_phrases or self._is_computed else []


class Pending:
    """What results and hits ask the search for.

    Arguments:
        searcher: of the snapshot.
        query: as typed.
        matching: which articles it finds.
        sort: ``relevance``, ``newest`` or ``oldest``.
        notes: on the arguments of the search.
        counted: which articles subjects are counted among; None for those that it finds.
    """

    def __init__(
        self,
        searcher: Searcher,
        query: str,
        matching: Matching,
        *,
        sort: str,
        notes: tuple[Note, ...],
        counted: Matching | None,
    ) -> None:
        self._searcher = searcher
        self.query = query
        self._matching = matching
        self._sort = sort
        self._notes = notes
        self._counted = counted

    @property
    def snapshot(self) -> Snapshot:
        """The state of the index that answers."""
        return self._searcher.snapshot

    @lazy
    def outcome(self) -> Outcome:
        """All hits in their order, and counts of them."""
        return self._outcome_of(self._matching)

    def _outcome_of(self, matching: Matching) -> Outcome:
        return Outcome(
            self.snapshot, tally=self._searcher.tally, matching=matching, sort=self._sort
        )

    def subject_counts(self) -> Mapping[str, int]:
        """Return how many groups of copies have each subject, most first."""
        counted = self._counted
        outcome = self.outcome if counted is None else self._outcome_of(counted)
        return outcome.subject_counts()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was ignored, or left out."""
        matching = self._matching
        return (*matching.plan.notes, *map(Note, matching.shortfalls()), *self._notes)

    @property
    def complete(self) -> bool:
        """Whether no limit has left out a hit."""
        return self._matching.complete

    def suggestion(self) -> str | None:
        """Return the query with unknown words replaced, or None."""
        searcher = self._searcher
        return suggestion(
            self.query,
            searcher.usable(self.query),
            self._matching.plan,
            searcher.snapshot,
            searcher.analyzer,
            edits=searcher.limits.edits,
        )

    @lazy
    def _weights(self) -> dict[str, float]:
        """How much each word form that the query matches is worth in a snippet."""
        weights: dict[str, float] = {}
        is_stop_word = self._searcher.analyzer.is_stop_word
        plan = self._matching.plan
        only_stops = all(is_stop_word(scored.form) for scored in plan.scored)
        for scored, idf in zip(plan.scored, self._matching.search.idfs, strict=True):
            if is_stop_word(scored.form) and not only_stops:
                continue
            for form in self.snapshot.forms_of(scored.term):
                weights[form] = idf * scored.boost
        return weights

    def snippet(self, article: Article) -> Snippet:
        """Return the part of an article that answers best."""
        return make_snippet(article, self._weights, self._searcher.analyzer)
