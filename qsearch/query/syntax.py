"""What was typed -> query tree. Never raises: what can't be used is ignored with a note.

The language, over words joined by OR::

    "..."          a phrase
    +x  -x         x must, must not stand in an article (before a word, after a space)
    AND OR NOT     in capitals; AND binds closer
    ( ... )        a group
    x^2            boosts x (a word of three letters or more, a phrase, a group: mc^2 is a square)
    *              every article
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from qsearch.mathtext import math_spans
from qsearch.query.tree import Everything, Group, Node, Note, Phrase, Word

MAX_DEPTH = 32
"""Groups within groups; what is deeper is read as if its parentheses were not there."""

MAX_BOOST = 1_000.0

_OPERATORS = ("AND", "OR", "NOT")
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»"}
_BOOST = re.compile(r"\^(\d+(?:\.\d+)?)")
_BOOST_OF_WORD = re.compile(r"\d+(?:\.\d+)?")
_THREE_LETTERS = re.compile(r"[^\W\d_]{3}")
_WILDCARD = re.compile(r"\w[*?]|[*?]\w")
_LETTERS = re.compile(r"[^\W\d_]+(?=\s|\Z)")
_FUZZY = re.compile(r"\w~\d?$")

# Whatever has a meaning above, and markup and mathematics, which reach over spaces. Groups of words
# are words: parentheses mean nothing while there is no operator.
_SPECIAL = re.compile(r"""(?:^|\()[+\-](?=\S)|["*^$\\<&“”„«»]|(?<![^(])(?:AND|OR|NOT)(?![^()])""")


class _Lexeme(NamedTuple):
    """``kind`` is word, phrase, all, operator, sign, open, close or boost."""

    kind: str
    text: str
    position: int
    boost: float = 1.0


def is_plain(word: str) -> bool:
    """Whether a run without spaces is only words, whatever stands beside it.

    A query of such runs means: any of their words.
    """
    return _SPECIAL.search(word) is None


def parse(query: str) -> tuple[Group, list[Note]]:
    """Return the tree of a query, and what was ignored in it."""
    notes: list[Note] = []
    root = _Frame(position=0)
    stack = [root]
    skipped = 0
    for lexeme in _lexemes(query, notes):
        frame = stack[-1]
        if lexeme.kind == "open":
            if len(stack) > MAX_DEPTH:
                skipped += 1
                notes.append(Note("parentheses too deep, ignored", lexeme.position))
            else:
                stack.append(_Frame(position=lexeme.position))
        elif lexeme.kind == "close":
            if skipped:
                skipped -= 1
            elif len(stack) > 1:
                stack.pop()
                stack[-1].add(_boosted(frame.group(notes), lexeme.boost))
            else:
                notes.append(Note("a ')' without its '(', ignored", lexeme.position))
        elif lexeme.kind == "operator":
            frame.operator(lexeme, notes)
        elif lexeme.kind == "sign":
            frame.sign = lexeme.text
        else:
            frame.add(_leaf(lexeme))
    while len(stack) > 1:
        frame = stack.pop()
        notes.append(Note("a '(' without its ')', closed at the end", frame.position))
        stack[-1].add(frame.group(notes))
    return root.group(notes), notes


def _leaf(lexeme: _Lexeme) -> Node:
    if lexeme.kind == "all":
        return Everything(lexeme.position)
    kind = Phrase if lexeme.kind == "phrase" else Word
    return kind(lexeme.text, lexeme.position, lexeme.boost)


def _boosted(node: Node, boost: float) -> Node:
    if boost == 1.0 or isinstance(node, Everything):
        return node
    if isinstance(node, Group):
        return Group(
            must=tuple(_boosted(child, boost) for child in node.must),
            should=tuple(_boosted(child, boost) for child in node.should),
            must_not=node.must_not,
        )
    return replace(node, boost=node.boost * boost)


@dataclass(slots=True)
class _Clause:
    node: Node
    excluded: bool
    required: bool
    joined: bool  # by AND to the clause before it


@dataclass(slots=True)
class _Frame:
    """The clauses between two parentheses as they come."""

    position: int
    clauses: list[_Clause] = field(default_factory=list)
    sign: str = ""
    pending: list[_Lexeme] = field(default_factory=list)

    def operator(self, lexeme: _Lexeme, notes: list[Note]) -> None:
        before = self.pending[-1].text if self.pending else ""
        binary = lexeme.text != "NOT"
        if binary and (before or not self.clauses):
            notes.append(_ignored(lexeme))
            return
        self.pending.append(lexeme)

    def add(self, node: Node) -> None:
        words = [lexeme.text for lexeme in self.pending]
        excluded = (words.count("NOT") + (self.sign == "-")) % 2 == 1
        self.clauses.append(
            _Clause(node, excluded, self.sign == "+" and not excluded, "AND" in words)
        )
        self.pending.clear()
        self.sign = ""

    def group(self, notes: list[Note]) -> Group:
        notes += map(_ignored, self.pending)
        self.pending.clear()
        must: list[Node] = []
        should: list[Node] = []
        must_not: list[Node] = []
        for chain in self._chains():
            wanted = [clause for clause in chain if not clause.excluded]
            unwanted = [clause.node for clause in chain if clause.excluded]
            # Exclusions alone in parentheses exclude around them: there is nothing else they can.
            for clause in list(wanted):
                if isinstance(clause.node, Group) and clause.node.only_excludes:
                    wanted.remove(clause)
                    unwanted += clause.node.must_not
            if not wanted:
                must_not += unwanted
                continue
            required = any(clause.required for clause in wanted)
            node = wanted[0].node
            if len(chain) > 1:
                node = Group(must=tuple(clause.node for clause in wanted), must_not=tuple(unwanted))
            (must if required else should).append(node)
        return Group(tuple(must), tuple(should), tuple(must_not))

    def _chains(self) -> Iterator[list[_Clause]]:
        chain: list[_Clause] = []
        for clause in self.clauses:
            if chain and not clause.joined:
                yield chain
                chain = []
            chain.append(clause)
        if chain:
            yield chain


def _ignored(lexeme: _Lexeme) -> Note:
    return Note(f"{lexeme.text} has nothing to join here, ignored", lexeme.position)


def _lexemes(query: str, notes: list[Note]) -> Iterator[_Lexeme]:
    formulas = dict(math_spans(query))
    at, depth = 0, 0
    while at < len(query):
        char = query[at]
        if char.isspace():
            at += 1
        elif letters := _LETTERS.match(query, at):
            # What most words are, whatever stands around them.
            kind = "operator" if letters.group() in _OPERATORS else "word"
            yield _Lexeme(kind, letters.group(), at)
            at = letters.end()
        elif char in "+-" and _is_sign(query, at):
            yield _Lexeme("sign", char, at)
            at += 1
        elif char in _QUOTES and (end := query.find(_QUOTES[char], at + 1)) > 0:
            boost, after = _boost_at(query, end + 1, notes)
            yield _Lexeme("phrase", query[at + 1 : end], at, boost)
            at = after
        elif char in _QUOTES or char in "”»":
            notes.append(Note("a quotation mark without its partner, ignored", at))
            at += 1
        elif char == "(":
            yield _Lexeme("open", char, at)
            depth += 1
            at += 1
        elif char == ")":
            boost, after = _boost_at(query, at + 1, notes)
            yield _Lexeme("close", char, at, boost)
            depth -= depth > 0
            at = after
        else:
            end = formulas.get(at) or _word_end(query, at, depth, formulas)
            yield from _word(query[at:end], at, notes)
            at = end


def _is_sign(query: str, at: int) -> bool:
    """Whether a + or - asks for what follows: after a space, before a word, a phrase, a group.

    Before a digit it is the sign of a number.
    """
    if at and not (query[at - 1].isspace() or query[at - 1] == "("):
        return False
    after = query[at + 1 : at + 2]
    return after.isalpha() or (after in _QUOTES) or (after != "" and after in "($\\.")


def _word_end(query: str, start: int, depth: int, formulas: dict[int, int]) -> int:
    """Where the word ends that starts at ``start``: at a space, a quote, a group's end.

    Parentheses inside a word belong to it: Ca(OH)2, f(x).
    """
    inner, at = 0, start
    while at < len(query):
        char = query[at]
        if char.isspace() or (char in _QUOTES and at > start) or (at in formulas and at > start):
            break
        if char == "(":
            inner += 1
        elif char == ")":
            if not inner and depth:
                break
            inner -= inner > 0
        at += 1
    return at


def _boost_at(query: str, at: int, notes: list[Note]) -> tuple[float, int]:
    match = _BOOST.match(query, at)
    if not match:
        return 1.0, at
    return _boost(match.group(1), at, notes), match.end()


def _boost(text: str, position: int, notes: list[Note]) -> float:
    value = float(text)
    if value > MAX_BOOST:
        notes.append(Note(f"a boost is at most {MAX_BOOST:g}", position))
        return MAX_BOOST
    return value


def _word(text: str, position: int, notes: list[Note]) -> Iterator[_Lexeme]:
    if text == "*":
        yield _Lexeme("all", text, position)
    elif text in _OPERATORS:
        yield _Lexeme("operator", text, position)
    else:
        boost = 1.0
        word, mark, factor = text.rpartition("^")
        letters = word.rstrip("+#")[-3:]
        if mark and _BOOST_OF_WORD.fullmatch(factor) and _THREE_LETTERS.fullmatch(letters):
            text = word
            boost = _boost(factor, position + len(text), notes)
        if _WILDCARD.search(text.rstrip("?")) or text.startswith("*"):
            notes.append(Note(f"'*' and '?' in {text!r} stand for nothing here, ignored", position))
        elif _FUZZY.search(text):
            notes.append(Note(f"'~' in {text!r} stands for nothing here, ignored", position))
        yield _Lexeme("word", text, position, boost)
