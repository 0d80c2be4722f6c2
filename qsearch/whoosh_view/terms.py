"""The terms of one segment as a Whoosh codec gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from whoosh.codec import base
from whoosh.reading import TermInfo, TermNotFound

from qsearch.whoosh_view.fieldterms import Entries, FieldTerms
from qsearch.whoosh_view.matcher import PostingMatcher
from qsearch.whoosh_view.textterms import TextTerms

Term = tuple[str, bytes]


class TermsReader(base.TermsReader):  # type: ignore[misc]  # Whoosh is untyped
    """Terms in the order of their fields' names, then of their bytes.

    Arguments:
        fields: by name, the terms of each field.
    """

    def __init__(self, fields: Mapping[str, FieldTerms]) -> None:
        self._fields = fields

    def __contains__(self, term: Term) -> bool:
        return self._find(*term) is not None

    def indexed_field_names(self) -> list[str]:
        """Return the names of the fields."""
        return sorted(self._fields)

    def terms(self) -> Iterator[Term]:
        """Yield every (field, term)."""
        return self._terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """Yield every (field, term) from the first one of the field that is not below a prefix."""
        return self._terms_from(fieldname, prefix)

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        """Yield (term, statistics) for every term."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        """Yield (term, statistics) for the terms of ``terms_from``."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term; KeyError if there is no such term."""
        entries = self._entries(fieldname, text)
        weights, docs = entries.weights, entries.docs
        field = self._fields[fieldname]
        shortest = longest = 0
        if isinstance(field, TextTerms):
            lengths = field.lengths[docs]
            shortest, longest = int(lengths.min()), int(lengths.max())
        return TermInfo(
            weight=float(weights.sum()),
            df=int(docs.size),
            minlength=shortest,
            maxlength=longest,
            maxweight=float(weights.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return how often a term stands in the field; KeyError if there is no such term."""
        return float(self._entries(fieldname, text).weights.sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return in how many articles a term stands; KeyError if there is no such term."""
        return int(self._entries(fieldname, text).docs.size)

    def matcher(
        self, fieldname: str, text: bytes, format_: Any, scorer: Any = None
    ) -> PostingMatcher:
        """Return a matcher over the articles of a term; TermNotFound if there is no such term."""
        entries = self._find(fieldname, text)
        if entries is None:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return PostingMatcher(entries, term=(fieldname, text), format_=format_, scorer=scorer)

    def _find(self, fieldname: str, text: bytes) -> Entries | None:
        field = self._fields.get(fieldname)
        return None if field is None else field.find(text)

    def _entries(self, fieldname: str, text: bytes) -> Entries:
        entries = self._find(fieldname, text)
        if entries is None:
            raise KeyError((fieldname, text))
        return entries

    def _terms_from(self, fieldname: str, text: bytes) -> Iterator[Term]:
        for name in self.indexed_field_names():
            if name >= fieldname:
                for found in self._fields[name].texts_from(text if name == fieldname else b""):
                    yield name, found


class TermsCursor(base.FieldCursor):  # type: ignore[misc]  # Whoosh is untyped
    """A place among the terms of a field of a reader, on the first one to begin with.

    Arguments:
        terms_from: a function that gives the (field, term) pairs from a term on.
        term_info: a function that gives the statistics of a term.
        fieldname: the field.
        fieldobj: its Whoosh type.
    """

    def __init__(
        self,
        terms_from: Callable[[str, bytes], Iterator[Term]],
        term_info: Callable[[str, bytes], TermInfo],
        fieldname: str,
        fieldobj: Any,
    ) -> None:
        self._terms_from = terms_from
        self._term_info = term_info
        self._fieldname = fieldname
        self._field = fieldobj
        self.first()

    def first(self) -> Any:
        """Go to the first term and return it."""
        return self.find(b"")

    def find(self, string: Any) -> Any:
        """Go to the first term that is not below ``string`` and return it."""
        self._rest = self._terms_from(self._fieldname, self._field.to_bytes(string))
        return self.next()

    def next(self) -> Any:
        """Go to the next term and return it, None behind the last one."""
        name, text = next(self._rest, ("", b""))
        self._term = text if name == self._fieldname else None
        return self.text()

    def text(self) -> Any:
        """Return the current term as the field's values are, None behind the last one."""
        return None if self._term is None else self._field.from_bytes(self._term)

    def term(self) -> Term | None:
        """Return the current (field, term), None behind the last one."""
        return None if self._term is None else (self._fieldname, self._term)

    def term_info(self) -> TermInfo | None:
        """Return the statistics of the current term, None behind the last one."""
        return None if self._term is None else self._term_info(self._fieldname, self._term)

    def is_valid(self) -> bool:
        """Whether there is a current term."""
        return self._term is not None
