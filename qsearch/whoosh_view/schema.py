"""The fields of an index as a Whoosh schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from whoosh.analysis import Filter, IDTokenizer, Token
from whoosh.fields import DATETIME, ID, TEXT, Schema

from qsearch.analysis.whoosh_analyzer import WhooshAnalyzer
from qsearch.index.snapshot import Snapshot
from qsearch.values import subject_key
from qsearch.whoosh_view.fieldterms import UNDATED
from qsearch.whoosh_view.sortcolumns import TextColumn
from qsearch.whoosh_view.spelling import Suggested
from qsearch.whoosh_view.textterms import TEXT_FIELDS


class TextField(TEXT):  # type: ignore[misc]  # Whoosh is untyped
    """A text with phrases; several words in what the parser takes for one form a phrase.

    Arguments:
        analyzer: the index's.
    """

    def __init__(self, analyzer: WhooshAnalyzer) -> None:
        super().__init__(analyzer=analyzer, stored=True, multitoken_query="phrase")

    def to_bytes(self, value: Any) -> bytes:
        """Return the bytes of a term; of a suggested word, those of its term."""
        encoded: bytes = super().to_bytes(value.term if isinstance(value, Suggested) else value)
        return encoded


class _SubjectFilter(Filter):  # type: ignore[misc]  # Whoosh is untyped
    def __call__(self, tokens: Iterator[Token]) -> Iterator[Token]:
        for token in tokens:
            token.text = subject_key(token.text)
            yield token


class SubjectField(ID):  # type: ignore[misc]  # Whoosh is untyped
    """A subject: its spellings are one value, shown in the commonest one.

    Arguments:
        names: a function that gives by key the commonest spelling, and how often it occurs.
    """

    def __init__(self, names: Callable[[], Mapping[str, tuple[str, int]]]) -> None:
        super().__init__(
            stored=True, sortable=TextColumn(), analyzer=IDTokenizer() | _SubjectFilter()
        )
        self._names = names

    def to_bytes(self, value: Any) -> bytes:
        """Return the term of a subject in any spelling."""
        encoded: bytes = super().to_bytes(value)
        return encoded if isinstance(value, bytes) else subject_key(encoded.decode()).encode()

    def from_column_value(self, value: bytes) -> str:
        """Return the subject to show for a value of the sort column, "" for none."""
        key = value.decode()
        name, _ = self._names().get(key, (key, 0))
        return name

    def __getstate__(self) -> dict[str, object]:
        """Go into the schema of an index of Whoosh's own, where a subject is shown as its key."""
        return {**self.__dict__, "_names": dict}


class DateField(DATETIME):  # type: ignore[misc]  # Whoosh is untyped
    """A day, as the ``datetime`` of its midnight."""

    def __init__(self) -> None:
        super().__init__(stored=True, sortable=True)

    def from_column_value(self, x: int) -> Any:
        """Return the day for a value of the sort column, or for its reversal; None for none."""
        return None if x == UNDATED else super().from_column_value(abs(x))


def make_schema(snapshot: Snapshot) -> Schema:
    """Return the schema of a snapshot; its analyser knows the snapshot's terms."""
    settings, known = snapshot.manifest.analyzer, snapshot.term_of
    analyzer = WhooshAnalyzer(settings, known)
    of_keywords = WhooshAnalyzer(settings, known, markup=False)
    return Schema(
        url=ID(stored=True, unique=True, sortable=TextColumn()),
        id=ID(stored=True, sortable=TextColumn()),
        subject=SubjectField(lambda: snapshot.subjects),
        date=DateField(),
        **{
            name: TextField(of_keywords if name == "keywords" else analyzer) for name in TEXT_FIELDS
        },
    )
