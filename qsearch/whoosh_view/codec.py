"""The read side of a Whoosh codec over our segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whoosh.codec import base

from qsearch.whoosh_view.documents import DocumentReader
from qsearch.whoosh_view.fieldterms import DateTerms, FieldTerms, SubjectTerms, ValueTerms
from qsearch.whoosh_view.part import Part
from qsearch.whoosh_view.terms import TermsReader
from qsearch.whoosh_view.textterms import PartText, TextTerms, TitleTerms


class ViewSegment(base.Segment):  # type: ignore[misc]  # Whoosh is untyped
    """One of our segments, as Whoosh's readers know a segment. What is read once is kept here.

    Arguments:
        part: its live articles.
    """

    def __init__(self, part: Part) -> None:
        segment = part.segment
        self.name = segment.name
        self.compound = False
        self.part = part
        text = PartText(part)
        self.fields: dict[str, FieldTerms] = {
            "url": ValueTerms(part, segment.urls, lambda url: _listed(segment.by_url(url))),
            "id": ValueTerms(part, segment.ids, segment.by_id),
            "subject": SubjectTerms(part),
            "date": DateTerms(part),
            "title": TitleTerms(text),
            "question": TextTerms(text, "question"),
            "answer": TextTerms(text, "answer"),
            "keywords": TextTerms(text, "keywords"),
        }

    def codec(self) -> ViewCodec:
        """Return the codec that reads the segment."""
        return ViewCodec()

    def doc_count_all(self) -> int:
        """Return the number of articles."""
        return self.part.count

    def deleted_count(self) -> int:
        """Return 0: deleted articles are not in a part."""
        return 0


class ViewCodec(base.Codec):  # type: ignore[misc]  # Whoosh is untyped
    """Reads; writing goes through ``index.writer()``."""

    def terms_reader(self, storage: Any, segment: ViewSegment) -> TermsReader:  # noqa: ARG002
        """Return the terms of a segment."""
        return TermsReader(segment.fields)

    def per_document_reader(
        self,
        storage: Any,  # noqa: ARG002 - Whoosh's signature
        segment: ViewSegment,
    ) -> DocumentReader:
        """Return the articles of a segment."""
        return DocumentReader(segment.part, segment.fields)


def _listed(number: int | None) -> Sequence[int]:
    return () if number is None else (number,)
