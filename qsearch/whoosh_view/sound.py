"""Queries that Whoosh 2.7.4 answers wrongly, made to answer rightly.

    AndNot          (``ANDNOT``, and ``-`` of its parsers) keeps the first match of a segment even
                    if it is excluded (``AndNotMatcher._find_first``)
    Require         finds what the required query does not match
    AndMaybe        within others, may leave the score of its second query out
    DisjunctionMax  may give an article the score of another one
    SpanNot         fails in a segment where the excluded word does not occur
    Prefix etc.     promise a constant score, but keep the word's where they expand to one or two

Nothing in Whoosh itself is changed: ``sound`` puts its own queries in the place of these.
"""

from __future__ import annotations

import copy
from typing import Any

from whoosh import query
from whoosh.matching import (
    AndMaybeMatcher,
    AndNotMatcher,
    DisjunctionMaxMatcher,
    NullMatcherClass,
    ReadTooFar,
    RequireMatcher,
)
from whoosh.query.spans import SpanQuery
from whoosh.query.terms import MultiTerm


def sound(asked: query.Query) -> query.Query:
    """Return a query that finds what ``asked`` means; ``asked`` itself if Whoosh finds that."""
    if isinstance(asked, MultiTerm) and asked.constantscore:
        return query.ConstantScoreQuery(asked, asked.boost)
    spans = isinstance(asked, (SpanQuery, query.Sequence))
    constant = isinstance(asked, query.ConstantScoreQuery) and isinstance(asked.child, MultiTerm)
    # What lies in a query for spans has to give spans, which a constant score has not.
    changed = {} if spans or constant else _changed_parts(asked)
    kind = _SOUND.get(type(asked))
    if not changed and kind is None:
        return asked
    made = copy.copy(asked)
    made.__dict__.update(changed)
    made.__class__ = kind or type(asked)
    return made


def _changed_parts(asked: query.Query) -> dict[str, Any]:
    """The attributes of a query that hold other queries, where ``sound`` changes one."""
    changed: dict[str, Any] = {}
    for name, value in vars(asked).items():
        if isinstance(value, query.Query):
            part: Any = sound(value)
            if part is not value:
                changed[name] = part
        elif isinstance(value, (list, tuple)) and value and isinstance(value[0], query.Query):
            parts = [sound(item) for item in value]
            if any(new is not old for new, old in zip(parts, value, strict=True)):
                changed[name] = parts
    return changed


class _AndNotMatcher(AndNotMatcher):  # type: ignore[misc]  # Whoosh is untyped
    def _find_first(self) -> None:
        if self.a.is_active():
            self._find_next()

    def skip_to(self, id: int) -> None:  # noqa: A002 - Whoosh's name
        if not self.a.is_active():
            raise ReadTooFar
        if id > self.a.id():
            self.a.skip_to(id)
            self._find_first()


class _AndNot(query.AndNot):  # type: ignore[misc]  # Whoosh is untyped
    def matcher(self, searcher: Any, context: Any = None) -> Any:
        excluded = self.b.matcher(searcher, searcher.boolean_context())
        return _AndNotMatcher(self.a.matcher(searcher, context), excluded)


class _Require(query.Require):  # type: ignore[misc]  # Whoosh is untyped
    def matcher(self, searcher: Any, context: Any = None) -> Any:
        required = self.b.matcher(searcher, searcher.boolean_context())
        return RequireMatcher(self.a.matcher(searcher, context), required)


class _AndMaybeMatcher(AndMaybeMatcher):  # type: ignore[misc]  # Whoosh is untyped
    def skip_to(self, id: int) -> None:  # noqa: A002 - Whoosh's name
        if not self.a.is_active():
            raise ReadTooFar
        self.a.skip_to(id)
        self._first_b()


class _AndMaybe(query.AndMaybe):  # type: ignore[misc]  # Whoosh is untyped
    matcherclass = _AndMaybeMatcher


class _DisjunctionMaxMatcher(DisjunctionMaxMatcher):  # type: ignore[misc]  # Whoosh is untyped
    def score(self) -> float:
        here = self.id()
        found = (self.a, self.b)
        score: float = max(m.score() for m in found if m.is_active() and m.id() == here)
        return score


class _DisjunctionMax(query.DisjunctionMax):  # type: ignore[misc]  # Whoosh is untyped
    def _matcher(self, subs: Any, searcher: Any, context: Any) -> Any:
        reader = searcher.reader()
        return self._tree_matcher(
            subs,
            _DisjunctionMaxMatcher,
            searcher,
            context,
            lambda part: part.estimate_size(reader),
            tiebreak=self.tiebreak,
        )


class _SpanNot(query.SpanNot):  # type: ignore[misc]  # Whoosh is untyped
    def matcher(self, searcher: Any, context: Any = None) -> Any:
        excluded = self.b.matcher(searcher, context)
        if isinstance(excluded, NullMatcherClass):
            return self.a.matcher(searcher, context)
        return super().matcher(searcher, context)


_SOUND = {
    query.AndNot: _AndNot,
    query.Require: _Require,
    query.AndMaybe: _AndMaybe,
    query.DisjunctionMax: _DisjunctionMax,
    query.SpanNot: _SpanNot,
}
