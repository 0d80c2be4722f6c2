"""The search that results belong to: notes, suggestion and snippets, computed when asked for.

References go one way: ``Results`` and ``Hit`` refer to a ``SearchContext``, and this to the answer
and the engine. Without cycles, an old snapshot is freed with the last result that shows it and does
not wait for the garbage collector.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qsearch.analysis.analyzer import Analyzer
from qsearch.article import Article
from qsearch.engine.protocol import Answer, Documents, Engine
from qsearch.lazy import lazy
from qsearch.query.query import Query
from qsearch.query.tree import Note
from qsearch.results.snippets import Snippet, make_snippet
from qsearch.results.suggest import suggestion


class SearchContext:
    """What results and hits need of the search that found them.

    Arguments:
        engine: what answered.
        query: what was typed.
        usable: returns as much of a query as its limit allows.
        answer: the answer of the engine.
        counted: the answer whose hits the facets count.
        notes: on the arguments of the search.
        analyzer: of the index.
        edits: the largest edit distance of a suggested word.
    """

    def __init__(
        self,
        engine: Engine,
        query: Query,
        usable: Callable[[str], str],
        *,
        answer: Answer,
        counted: Answer,
        notes: tuple[Note, ...],
        analyzer: Analyzer,
        edits: int,
    ) -> None:
        self._engine = engine
        self.documents: Documents = engine.documents
        self._query = query
        self._usable = usable
        self.answer = answer
        self._counted = counted
        self._notes = notes
        self._analyzer = analyzer
        self._edits = edits

    @property
    def query(self) -> str:
        """The query as it was given."""
        return self._query.text

    def subject_counts(self) -> Mapping[str, int]:
        """Return how many groups of copies have each subject, most first."""
        return self._counted.subject_counts()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was ignored, what a limit left out, and what is said of the arguments."""
        return (*self._query.plan.notes, *map(Note, self.answer.shortfalls), *self._notes)

    def suggestion(self) -> str | None:
        """Return the query with unknown words replaced, or None."""
        return suggestion(
            self.query,
            self._usable(self.query),
            self._query.plan,
            self._engine.vocabulary,
            self._analyzer,
            edits=self._edits,
        )

    @lazy
    def _weights(self) -> dict[str, float]:
        """The weight in a snippet of each word form that the query matches: idf times boost."""
        weights: dict[str, float] = {}
        is_stop_word = self._analyzer.is_stop_word
        groups = self._query.plan.groups
        only_stops = all(is_stop_word(group.form) for group in groups)
        for group, idf in zip(groups, self.answer.idfs(), strict=True):
            if is_stop_word(group.form) and not only_stops:
                continue
            for member in group.members:
                for form in self._engine.vocabulary.forms_of(member.term):
                    weights[form] = idf * group.boost * member.factor
        return weights

    def snippet(self, article: Article) -> Snippet:
        """Return the part of an article that answers best."""
        return make_snippet(article, self._weights, self._analyzer)
