"""A list of texts as two columns: their UTF-8 bytes end to end, and where each one starts."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Mapping

import numpy as np

from qsearch.arrays import Array
from qsearch.errors import IndexCorrupt
from qsearch.index.columns import ColumnFile
from qsearch.index.texts import Texts, checksums_of


def string_columns(name: str, texts: Texts) -> Mapping[str, Array]:
    """Return the columns ``name.bytes`` and ``name.starts`` for ``texts``."""
    return {f"{name}.starts": compact(texts.starts), f"{name}.bytes": texts.data}


def compact(offsets: Array) -> Array:
    """Return increasing offsets in 4 bytes each if they fit, else in 8."""
    return offsets.astype("<u4" if int(offsets[-1]) <= 0xFFFF_FFFF else "<u8")


def hash_columns(name: str, texts: Texts) -> Mapping[str, Array]:
    """Return the columns ``name.hash`` and ``name.by_hash``: the CRC-32 of each text, sorted, and
    whose it is.
    """
    hashes = checksums_of(texts)
    order = np.argsort(hashes, kind="stable")
    return {f"{name}.hash": hashes[order], f"{name}.by_hash": order.astype("<u4")}


def _bytes(text: str) -> bytes:
    """The bytes to look for; half a surrogate pair, which no stored text holds, gives bytes too."""
    return text.encode("utf-8", "surrogatepass")


class Strings:
    """The texts of two columns.

    Arguments:
        file: the columns.
        name: their name, before the dot.
    """

    def __init__(self, file: ColumnFile, name: str) -> None:
        self._file = file
        self._name = name
        self._count = max(file.count(f"{name}.starts") - 1, 0)
        self._whole: tuple[memoryview, memoryview] | None = None

    def __len__(self) -> int:
        return self._count

    def raw(self, index: int) -> bytes:
        """Return the bytes of the text at ``index``."""
        if not 0 <= index < self._count:
            raise self._corrupt(f"there is no text {index}")
        if self._whole is None:
            offsets = self._file.column(f"{self._name}.starts")
            whole = self._file.column(f"{self._name}.bytes")
            if (offsets[1:] < offsets[:-1]).any() or offsets[-1] > whole.size:
                raise self._corrupt("offsets out of order")
            # Single numbers come out of a memoryview sooner than out of an array.
            self._whole = offsets.data, whole.data
        starts, texts = self._whole
        return texts[starts[index] : starts[index + 1]].tobytes()

    def __getitem__(self, index: int) -> str:
        if self._whole is None or not 0 <= index < self._count:
            return self._decode(self.raw(index))
        starts, texts = self._whole
        try:
            return str(texts[starts[index] : starts[index + 1]], "utf-8")
        except UnicodeDecodeError:
            raise self._corrupt("not UTF-8") from None

    def all(self) -> list[str]:
        """Return every text."""
        starts = self._file.column(f"{self._name}.starts").tolist()
        whole = self._file.column(f"{self._name}.bytes").tobytes()
        if any(a > b for a, b in itertools.pairwise(starts)) or starts[-1] > len(whole):
            raise self._corrupt("offsets out of order")
        return [self._decode(whole[a:b]) for a, b in itertools.pairwise(starts)]

    def find_hashed(self, text: str) -> int | None:
        """Return the place of ``text`` in a list that has ``hash_columns``, or None."""
        wanted = _bytes(text)
        wanted_hash = zlib.crc32(wanted)
        hashes = self._file.column(f"{self._name}.hash")
        by_hash = self._file.column(f"{self._name}.by_hash")
        at = int(hashes.searchsorted(np.uint32(wanted_hash)))
        while at < hashes.size and hashes[at] == wanted_hash:
            index = int(by_hash[at])
            if self.raw(index) == wanted:
                return index
            at += 1
        return None

    def find(self, text: str, order: Array | None = None) -> int | None:
        """Return the place of ``text`` in a sorted list (by bytes), or None.

        With ``order``, the list is sorted by way of it: text ``order[i]`` is the i-th in order.
        """
        place = self.first_at_least(text, order)
        if place == self._count:
            return None
        index = place if order is None else int(order[place])
        return index if self.raw(index) == _bytes(text) else None

    def first_at_least(self, text: str, order: Array | None = None) -> int:
        """Return the first place of the sorted list whose text is not below ``text``."""
        wanted = _bytes(text)
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            index = middle if order is None else int(order[middle])
            if self.raw(index) < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise self._corrupt("not UTF-8") from None

    def _corrupt(self, what: str) -> IndexCorrupt:
        path = self._file.path
        return IndexCorrupt(f"{path}: the texts {self._name}: {what}", path=path)
