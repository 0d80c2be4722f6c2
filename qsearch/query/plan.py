"""Query tree -> plan: which terms to score, and the condition by which articles are hits.

A word of the query becomes a *term group*: its own term, and those that expansions find for it in
the vocabulary of the index (``expand``). No engine knows why a term is there.

Three rules are applied here and nowhere else:

- Stop words score, but make no article a hit unless the query holds nothing else, or they stand in
  a phrase, behind ``+`` or beside ``AND``.
- A word that is several words to the analyser is found by any of them; as a must by all of its
  parts; excluded it excludes only articles where the parts stand together.
- Every term outside an exclusion scores wherever it stands in a hit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from qsearch.analysis.analyzer import Analyzer, Token
from qsearch.query.expand import EMPTY, EXPANSIONS, Expansion, Vocabulary
from qsearch.query.tree import Everything, Group, Node, Note, Phrase, Word


class Member(NamedTuple):
    """A term of a group, and the factor of its occurrences, above 0 and at most 1."""

    term: str
    factor: float


@dataclass(frozen=True, slots=True)
class TermGroup:
    """The terms that stand for a word of the query.

    Attributes:
        members: the terms, that of the typed word first, with factor 1.
        form: the form in which it was typed.
        boost: the factor of the group's score: the sum of the boosts of its occurrences.
    """

    members: tuple[Member, ...]
    form: str
    boost: float

    @property
    def term(self) -> str:
        """The term of the typed word."""
        return self.members[0].term


class QueryToken(NamedTuple):
    """One occurrence of a word in the query.

    ``overlay``: it is a compound that lies over its parts and takes no position of its own.
    """

    term: str
    form: str
    boost: float
    overlay: bool


@dataclass(frozen=True, slots=True)
class HasTerm:
    """Articles with the term in a searched field."""

    term: str


@dataclass(frozen=True, slots=True)
class HasPhrase:
    """Articles where the terms stand at these offsets from the first, in one field."""

    terms: tuple[str, ...]
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """Every article."""


@dataclass(frozen=True, slots=True)
class Combination:
    """As ``tree.Group``, over terms; with neither must nor should it matches nothing."""

    must: tuple[Condition, ...] = ()
    should: tuple[Condition, ...] = ()
    must_not: tuple[Condition, ...] = ()


Condition: TypeAlias = HasTerm | HasPhrase | Anything | Combination

NOTHING = Combination()


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is needed to answer a query.

    Attributes:
        condition: which articles are hits.
        groups: the words to score, in the order in which they stand in the query; each
            (term, form) once.
        tokens: each occurrence of the words to score, in order.
        words: the query's words in order, overlays left out, each as (term, whether it is a
            content word): what keywords of an article may cover.
        notes: what the reader of the results should know.
        clauses: how many words the query has, those above the limit among them.
    """

    condition: Condition
    groups: tuple[TermGroup, ...]
    tokens: tuple[QueryToken, ...]
    words: tuple[tuple[str, bool], ...]
    notes: tuple[Note, ...]
    clauses: int


def make_plan(
    tree: Group,
    analyzer: Analyzer,
    notes: list[Note],
    *,
    max_clauses: int,
    vocabulary: Vocabulary = EMPTY,
    expansions: Sequence[Expansion] = EXPANSIONS,
) -> Plan:
    """Return the plan of a query tree.

    Arguments:
        tree, notes: what ``parse`` gave.
        analyzer: the analyser of the index.
        max_clauses: the most terms that are scored, those of expansions among them; the rest is
            left out with a note.
        vocabulary: the words of the index.
        expansions: what finds further terms for a word.
    """
    planner = _PlanBuilder(analyzer, max_clauses, vocabulary, expansions)
    return planner.plan(tree, notes)


class _PlanBuilder:
    def __init__(
        self,
        analyzer: Analyzer,
        max_clauses: int,
        vocabulary: Vocabulary,
        expansions: Sequence[Expansion],
    ) -> None:
        self._analyzer = analyzer
        self._max_clauses = max_clauses
        self._vocabulary = vocabulary
        self._expansions = expansions
        self._members: dict[tuple[str, str], tuple[Member, ...]] = {}
        self._expanded: set[tuple[str, str]] = set()
        self._boosts: dict[tuple[str, str], float] = {}
        self._scored: list[QueryToken] = []
        self._words: list[tuple[str, bool]] = []
        self._stop_words_match = False
        self._tokens: dict[str, tuple[Token, ...]] = {}
        self._seen = 0

    def plan(self, tree: Group, notes: list[Note]) -> Plan:
        self._stop_words_match = not self._has_content(tree)
        condition = self._group(tree)
        notes = list(notes)
        if self._seen > self._max_clauses:
            notes.append(Note(f"only the first {self._max_clauses} of {self._seen} words count"))
        if not self._boosts and condition == NOTHING:
            notes.append(
                Note("the query only excludes: put '*' before it to search everything else")
                if tree.must_not
                else Note("the query holds no word to search for")
            )
        return Plan(
            condition=condition,
            groups=tuple(
                TermGroup(self._members[key], key[1], boost) for key, boost in self._boosts.items()
            ),
            tokens=tuple(self._scored),
            words=tuple(self._words),
            notes=tuple(notes),
            clauses=self._seen,
        )

    def _has_content(self, node: Node) -> bool:
        """Whether a node holds, outside exclusions, anything but stop words: the first rule."""
        if isinstance(node, Group):
            return any(map(self._has_content, (*node.must, *node.should)))
        if isinstance(node, Word):
            return not all(self._is_stop_word(token) for token in self._analyse(node))
        return isinstance(node, Everything) or bool(self._analyse(node))

    def _group(self, group: Group, *, is_required: bool = False) -> Condition:
        must = [item for node in group.must if (item := self._required(node)) != NOTHING]
        should = [self._optional(node, is_required=is_required) for node in group.should]
        must_not = [self._excluded(node) for node in group.must_not]
        return _combine(must, should, must_not)

    def _optional(self, node: Node, *, is_required: bool) -> Condition:
        if isinstance(node, Group):
            return self._group(node, is_required=is_required)
        if isinstance(node, Everything):
            return Anything()
        tokens = self._score(node)
        if isinstance(node, Phrase):
            return _phrase(tokens)
        every = is_required or self._stop_words_match
        return self._any(token for token in tokens if every or not self._is_stop_word(token))

    def _required(self, node: Node) -> Condition:
        if isinstance(node, Group):
            return self._group(node, is_required=True)
        if isinstance(node, Everything):
            return Anything()
        tokens = self._score(node)
        if isinstance(node, Phrase):
            return _phrase(tokens)
        return _combine([self._has(token) for token in tokens if not token.overlay], [], [])

    def _excluded(self, node: Node) -> Condition:
        if isinstance(node, Group):
            return _combine(
                [self._excluded(child) for child in node.must],
                [self._excluded(child) for child in node.should],
                [self._excluded(child) for child in node.must_not],
            )
        if isinstance(node, Everything):
            return Anything()
        return _phrase(self._analyse(node))

    def _score(self, node: Word | Phrase) -> list[Token]:
        """Add the terms of a node to those that are scored; return its tokens."""
        kept = []
        for token in self._analyse(node):
            self._seen += 1
            if self._seen > self._max_clauses:
                break
            kept.append(token)
            key = (token.term, token.form)
            if isinstance(node, Word) and not token.overlay and key not in self._expanded:
                self._expanded.add(key)
                self._members[key] = self._group_of(token)
            self._members.setdefault(key, (Member(token.term, 1.0),))
            self._boosts[key] = self._boosts.get(key, 0.0) + node.boost
            self._scored.append(QueryToken(*key, node.boost, token.overlay))
            if not token.overlay:
                self._words.append((token.term, not self._is_stop_word(token)))
        return kept

    def _group_of(self, token: Token) -> tuple[Member, ...]:
        """The members of a word's group; each term of an expansion counts as a clause."""
        members = {token.term: 1.0}
        for expansion in self._expansions:
            for term in expansion.terms(token, self._vocabulary):
                if term not in members:
                    self._seen += 1
                    if self._seen > self._max_clauses:
                        break
                    members[term] = expansion.factor
        return tuple(Member(*item) for item in members.items())

    def _any(self, tokens: Iterable[Token]) -> Condition:
        """The condition that any of some words stands in an article."""
        keys = dict.fromkeys((token.term, token.form) for token in tokens)
        terms = dict.fromkeys(member.term for key in keys for member in self._members[key])
        return _combine([], [HasTerm(term) for term in terms], [])

    def _has(self, token: Token) -> Condition:
        return self._any([token])

    def _analyse(self, node: Word | Phrase) -> tuple[Token, ...]:
        tokens = self._tokens.get(node.text)
        if tokens is None:
            tokens = self._tokens[node.text] = self._analyzer.tokens_of(node.text)
        return tokens

    def _is_stop_word(self, token: Token) -> bool:
        return self._analyzer.is_stop_word(token.form)


def _phrase(tokens: Sequence[Token]) -> Condition:
    words = [token for token in tokens if not token.overlay]
    if not words:
        return NOTHING
    if len(words) == 1:
        return HasTerm(words[0].term)
    first = words[0].position
    return HasPhrase(
        tuple(token.term for token in words), tuple(token.position - first for token in words)
    )


def _combine(
    must: Sequence[Condition], should: Sequence[Condition], must_not: Sequence[Condition]
) -> Condition:
    """The simplest condition for these clauses."""
    should = [item for item in should if item != NOTHING]
    must_not = [item for item in must_not if item != NOTHING]
    if not must_not and len(must) + len(should) == 1:
        return (*must, *should)[0]
    if not must and not should:
        return NOTHING
    return Combination(tuple(must), tuple(should), tuple(must_not))
