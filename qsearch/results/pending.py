"""A search on its way: what only some questions about its results need comes when asked for.

``Results`` and their hits refer to a ``Pending``, that one to its answer and its engine, and none
of these back: so an old snapshot is let go of with the last result that shows it, and does not wait
for the garbage collector.
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


class Pending:
    """What results and hits ask the search for.

    Arguments:
        engine: what answers.
        query: what was typed.
        usable: returns as much of a query as is looked at.
        answer: of the engine.
        counted: the answer whose articles subjects are counted among.
        notes: on the arguments of the search.
        analyzer: of the index.
        edits: letters by which a suggested word may differ.
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

    @property
    def documents(self) -> Documents:
        """The articles."""
        return self._engine.documents

    def subject_counts(self) -> Mapping[str, int]:
        """Return how many groups of copies have each subject, most first."""
        return self._counted.subject_counts()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was ignored, or left out."""
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
        """How much each word form that the query matches is worth in a snippet."""
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
