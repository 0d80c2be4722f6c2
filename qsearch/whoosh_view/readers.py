"""Whoosh's readers over our segments, with one notion of nearness for any number of segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whoosh.fields import DATETIME, Schema
from whoosh.reading import EmptyReader, IndexReader, MultiReader, SegmentReader

from qsearch.whoosh_view.codec import ViewSegment
from qsearch.whoosh_view.spelling import FieldCorrector, WordCorrector, near
from qsearch.whoosh_view.terms import TermsCursor
from qsearch.whoosh_view.textterms import TEXT_FIELDS


class _Nearness:
    """What Whoosh's readers do differently with one segment and with several, done alike.

    With one, Whoosh finds near terms by Levenshtein distance, with several by that of Damerau; a
    cursor over several never moves.
    """

    schema: Any

    def near_terms(
        self, fieldname: str, text: Any, maxdist: int, prefix: int = 0
    ) -> list[tuple[int, str]]:
        """Return (edits, term) for the terms of a field near ``text``, nearest first.

        Arguments:
            fieldname: the field; no date is near another.
            text: the word.
            maxdist: how many edits at most (``spelling.near``).
            prefix: how many first letters must be the same.
        """
        field = self.schema[fieldname]
        if isinstance(field, DATETIME):
            return []
        text = field.from_bytes(field.to_bytes(text))
        expanded = IndexReader.expand_prefix(self, fieldname, text[:prefix])
        words = [field.from_bytes(found) for found in expanded]
        return [(edits, words[place]) for edits, place in near(words, text, maxdist)]

    def terms_within(
        self, fieldname: str, text: Any, maxdist: int, prefix: int = 0
    ) -> Iterator[str]:
        """Yield the terms of a field near ``text``; see ``near_terms``."""
        return (word for _, word in self.near_terms(fieldname, text, maxdist, prefix))

    def corrector(self, fieldname: str) -> Any:
        """Return what suggests words of a field: whole words, for a text field, not terms."""
        if fieldname in TEXT_FIELDS:
            return WordCorrector(self, fieldname)
        return FieldCorrector(self, fieldname)

    def cursor(self, fieldname: str) -> TermsCursor:
        """Return a cursor over the terms of a field."""
        reader: Any = self
        return TermsCursor(reader.terms_from, reader.term_info, fieldname, self.schema[fieldname])


class ViewReader(_Nearness, SegmentReader):  # type: ignore[misc]  # Whoosh is untyped
    """Reads one segment."""


class ViewMultiReader(_Nearness, MultiReader):  # type: ignore[misc]  # Whoosh is untyped
    """Reads several segments."""


class ViewEmptyReader(_Nearness, EmptyReader):  # type: ignore[misc]  # Whoosh is untyped
    """Reads an index without articles.

    Arguments:
        schema: the fields.
        generation: that of the index.
    """

    def __init__(self, schema: Schema, generation: int) -> None:
        super().__init__(schema)
        self._gen = generation

    def generation(self) -> int:
        """Return the generation of the index."""
        return self._gen


def make_reader(segments: Sequence[ViewSegment], schema: Schema, generation: int) -> Any:
    """Return a reader of segments that hold articles."""
    readers = [ViewReader(None, schema, segment, generation) for segment in segments]
    if not readers:
        return ViewEmptyReader(schema, generation)
    return readers[0] if len(readers) == 1 else ViewMultiReader(readers, generation)
