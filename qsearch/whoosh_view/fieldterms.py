"""The terms of one field in one segment: the base, and the fields whose value is one term."""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array
from qsearch.index.strings import Strings
from qsearch.lazy import lazy
from qsearch.values import subject_key
from qsearch.whoosh_view.part import Part, as_text

_KEPT_TERMS = 256

DAY = 86_400_000_000
"""A day in microseconds, the unit in which Whoosh counts time from the year 1 on."""

UNDATED = 2**64 - 1
"""Stands for the date of an undated article: the default of Whoosh's own date columns."""

_SIGN = 2**63
_TIER = struct.Struct(">BQ")
_TIERS = range(0, 64, 8)


class Places(NamedTuple):
    """Positions: those of the i-th article are ``values[starts[i]:starts[i + 1]]``."""

    starts: list[int]
    values: list[int]


class Entries:
    """The articles of a term in a field, at least one.

    Arguments:
        docs: their numbers, increasing.
        weights: how often the term stands in each; None: once.
        places: a function that gives the positions; None where a field has none.
    """

    def __init__(
        self,
        docs: Array,
        weights: Array | None = None,
        places: Callable[[], Places] | None = None,
    ) -> None:
        self.docs = docs
        self.weights = np.ones(docs.size, dtype=np.int64) if weights is None else weights
        self._places = places

    @lazy
    def doc_list(self) -> list[int]:
        """The numbers as a list, for matchers that walk."""
        numbers: list[int] = self.docs.tolist()
        return numbers

    @lazy
    def weight_list(self) -> list[float]:
        """The weights as a list."""
        weights: list[float] = self.weights.astype(np.float64).tolist()
        return weights

    @lazy
    def places(self) -> Places:
        """The positions in each article."""
        assert self._places is not None
        return self._places()


class FieldTerms(ABC):
    """The terms of a field that stand in live articles. Safe for use by several threads."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self._found: dict[bytes, Entries | None] = {}

    def find(self, text: bytes) -> Entries | None:
        """Return the articles of a term, or None if it stands in none."""
        try:
            return self._found[text]
        except KeyError:
            entries = self._look_up(text)
        if entries is not None and not entries.docs.size:
            entries = None
        if len(self._found) >= _KEPT_TERMS:
            self._found.clear()
        self._found[text] = entries
        return entries

    def texts_from(self, text: bytes) -> Iterator[bytes]:
        """Yield the terms that are not below ``text``, in order."""
        return iter(self.texts[bisect_left(self.texts, text) :])

    @lazy
    @abstractmethod
    def texts(self) -> list[bytes]:
        """Every term, in order."""

    @abstractmethod
    def _look_up(self, text: bytes) -> Entries | None:
        """The articles of a term, None or none at all if it stands nowhere."""


class ValueTerms(FieldTerms):
    """The terms of a field whose value is one term as it is: ``url`` and ``id``.

    Arguments:
        part: the articles.
        strings: the value of each article of the segment, "" for none.
        numbers: a function that gives the articles of the segment with a value.
    """

    def __init__(
        self, part: Part, strings: Strings, numbers: Callable[[str], Sequence[int]]
    ) -> None:
        super().__init__(part)
        self._strings = strings
        self._numbers = numbers

    @lazy
    def values(self) -> list[bytes]:
        """The term of each article, b"" for none."""
        return [value.encode() for value in self.part.pick(self._strings.all())]

    @lazy
    def texts(self) -> list[bytes]:
        """Every term, in order."""
        return sorted({value for value in self.values if value})

    def _look_up(self, text: bytes) -> Entries | None:
        value = as_text(text)
        if not value:
            return None
        (docs,) = self.part.select(np.array(sorted(self._numbers(value)), dtype=np.int64))
        return Entries(docs)


class SubjectTerms(FieldTerms):
    """The subjects: one term for all spellings; an article has one for each of its subjects."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        labels, of = part.segment.subjects.labels()
        self._keys = [subject_key(label).encode() for label in labels]
        self._of = part.column(of)
        self._more_docs, self._more_of = part.select(*part.segment.subjects.more)

    @lazy
    def values(self) -> list[bytes]:
        """The first term of each article, b"" for none."""
        return [self._keys[label] for label in self._of.tolist()]

    @lazy
    def texts(self) -> list[bytes]:
        """Every term, in order."""
        labels = {*np.unique(self._of).tolist(), *self._more_of.tolist()}
        return sorted({key for label in labels if (key := self._keys[label])})

    def _look_up(self, text: bytes) -> Entries | None:
        labels = [label for label, key in enumerate(self._keys) if key and key == text]
        there = np.isin(self._of, labels)
        there[self._more_docs[np.isin(self._more_of, labels)]] = True
        return Entries(np.flatnonzero(there))


class DateTerms(FieldTerms):
    """The days as Whoosh's DATETIME indexes them: each in eight grains, from fine to coarse.

    A term is a byte for the grain (bits that are shifted away) and the rest of a sortable 64-bit
    number of microseconds; ranges are put together of few terms that way.
    """

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        days = part.column(part.segment.dates).astype(np.int64)
        dated = np.flatnonzero(days)
        self._docs = dated[np.argsort(days[dated], kind="stable")]
        self._days = days
        self._keys = ((days[self._docs] - 1) * DAY).astype(np.uint64) + np.uint64(_SIGN)

    @lazy
    def values(self) -> list[int]:
        """The time of each article in microseconds, ``UNDATED`` for none."""
        return [(day - 1) * DAY if day else UNDATED for day in self._days.tolist()]

    @lazy
    def texts(self) -> list[bytes]:
        """Every term, in order."""
        return [
            _TIER.pack(shift, value)
            for shift in _TIERS
            for value in np.unique(self._keys >> np.uint64(shift)).tolist()
        ]

    def _look_up(self, text: bytes) -> Entries | None:
        if len(text) != _TIER.size:
            return None
        shift, value = _TIER.unpack(text)
        last = ((value + 1) << shift) - 1
        if shift not in _TIERS or last > UNDATED:
            return None
        start = np.searchsorted(self._keys, np.uint64(value << shift), side="left")
        stop = np.searchsorted(self._keys, np.uint64(last), side="right")
        return Entries(np.sort(self._docs[start:stop]))
