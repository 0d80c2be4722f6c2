"""Columns that Whoosh sorts and groups by, in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whoosh.columns import ColumnReader, VarBytesColumn

from qsearch.whoosh_view.fieldterms import UNDATED


class TextColumn(VarBytesColumn):  # type: ignore[misc]  # Whoosh is untyped
    """The type of a column of texts.

    Whoosh's own can't be reversed; instead it looks up each value in a list of all.
    """

    reversible = True


class _Descending(bytes):
    """Bytes that sort the other way round."""

    __slots__ = ()

    def __lt__(self, other: bytes) -> bool:
        return bytes.__gt__(self, other)

    def __gt__(self, other: bytes) -> bool:
        return bytes.__lt__(self, other)


class _Reader(ColumnReader):  # type: ignore[misc]  # Whoosh is untyped
    def __init__(self, values: Sequence[Any]) -> None:
        self._values = values
        self._reverse = False

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> Any:
        return self._values[docnum]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def set_reverse(self) -> None:
        """Let the sort keys run the other way round."""
        self._reverse = True


class TextReader(_Reader):
    """A column of texts; articles without one come first, reversed last."""

    def sort_key(self, docnum: int) -> bytes:
        """Return what an article is sorted by."""
        value: bytes = self._values[docnum]
        return _Descending(value) if self._reverse else value


class DateReader(_Reader):
    """A column of microseconds; undated articles come last, reversed too."""

    def sort_key(self, docnum: int) -> int:
        """Return what an article is sorted by."""
        value: int = self._values[docnum]
        return -value if self._reverse and value != UNDATED else value
