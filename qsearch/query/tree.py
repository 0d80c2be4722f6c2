"""The query tree: plain data between what was typed and what is looked up.

It says which articles are hits; how high they rank is a matter of the terms alone (``plan``).
Each node has a counterpart among Whoosh's query classes (``whoosh_tree``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Word:
    """Something typed between spaces; may be several words to the analyser (``voltage-gated``).

    Attributes:
        text: what was typed, without operators.
        position: where it starts in the query, in characters from 0.
        boost: the factor of its terms.
    """

    text: str
    position: int
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand together, in this order, in one field."""

    text: str
    position: int
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article: ``*``."""

    position: int


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses together: all of ``must``, none of ``must_not``, and where nothing is a must, at
    least one of ``should``.
    """

    must: tuple[Node, ...] = ()
    should: tuple[Node, ...] = ()
    must_not: tuple[Node, ...] = ()

    @property
    def only_excludes(self) -> bool:
        """Whether there is nothing here but exclusions."""
        return bool(self.must_not) and not self.must and not self.should


Node: TypeAlias = Word | Phrase | Everything | Group


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the reader of the results should know.

    Attributes:
        message: one sentence.
        position: the place in the query that it is about, in characters from 0; None for none.
    """

    message: str
    position: int | None = None

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the note as plain data."""
        return {"message": self.message, "position": self.position}
