"""What a Whoosh codec gives of each article: stored fields, lengths, values to sort by."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from whoosh.codec import base

from qsearch.article import Article
from qsearch.whoosh_view.fieldterms import DateTerms, FieldTerms, SubjectTerms, ValueTerms
from qsearch.whoosh_view.part import Part
from qsearch.whoosh_view.sortcolumns import DateReader, TextReader
from qsearch.whoosh_view.textterms import Extent, TextTerms

KEYWORD_SEPARATOR = ", "


class DocumentReader(base.PerDocumentReader):  # type: ignore[misc]  # Whoosh is untyped
    """The live articles of a segment.

    Arguments:
        part: the articles.
        fields: by name, the terms of each field.
    """

    def __init__(self, part: Part, fields: Mapping[str, FieldTerms]) -> None:
        self._part = part
        self._fields = fields

    # -- which articles there are; ``Part`` has left out the deleted ones

    def doc_count(self) -> int:
        """Return the number of articles."""
        return self._part.count

    def doc_count_all(self) -> int:
        """Return the number of articles."""
        return self._part.count

    def has_deletions(self) -> bool:
        """Return False."""
        return False

    def is_deleted(self, docnum: int) -> bool:  # noqa: ARG002 - Whoosh's signature
        """Return False."""
        return False

    def deleted_docs(self) -> Sequence[int]:
        """Return nothing."""
        return ()

    def all_doc_ids(self) -> Iterator[int]:
        """Return the numbers of the articles."""
        return iter(range(self._part.count))

    # -- stored fields

    def stored_fields(self, docnum: int) -> dict[str, object]:
        """Return the fields of an article; IndexError for a number that isn't."""
        return stored_fields(self._part.article(docnum))

    # -- lengths

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a text field of an article, in words."""
        field = self._fields.get(fieldname)
        return int(field.lengths[docnum]) if isinstance(field, TextTerms) else default

    def field_length(self, fieldname: str) -> int:
        """Return the length of a text field over all articles, 0 for another field."""
        return self._extent(fieldname).total

    def min_field_length(self, fieldname: str) -> int:
        """Return the smallest length of a text field, 0 for another field."""
        return self._extent(fieldname).shortest

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length of a text field, 0 for another field."""
        return self._extent(fieldname).longest

    def _extent(self, fieldname: str) -> Extent:
        field = self._fields.get(fieldname)
        return field.extent if isinstance(field, TextTerms) else Extent(0, 0, 0)

    # -- columns to sort and group by

    def supports_columns(self) -> bool:
        """Return True."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Whether one can sort by a field."""
        return fieldname in self.list_columns()

    def list_columns(self) -> list[str]:
        """Return the fields that one can sort by."""
        return [name for name, field in self._fields.items() if not isinstance(field, TextTerms)]

    def column_reader(self, fieldname: str, column: Any) -> Any:  # noqa: ARG002 - Whoosh's
        """Return the values of a field to sort by."""
        field = self._fields[fieldname]
        if isinstance(field, DateTerms):
            return DateReader(field.values)
        assert isinstance(field, (ValueTerms, SubjectTerms))
        return TextReader(field.values)


def stored_fields(article: Article) -> dict[str, object]:
    """Return an article as Whoosh's stored fields; id and date only where it has them, several
    subjects as a list.
    """
    fields: dict[str, object] = {
        "url": article.url,
        "title": article.title,
        "question": article.question,
        "answer": article.answer,
        # One text, for that is what Whoosh highlights and takes key terms from.
        "keywords": KEYWORD_SEPARATOR.join(article.keywords),
        "subject": list(article.subjects) if len(article.subjects) > 1 else article.subject,
    }
    if article.id is not None:
        fields["id"] = article.id
    if article.date is not None:
        fields["date"] = datetime.datetime.combine(article.date, datetime.time())
    return fields
