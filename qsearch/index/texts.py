"""Many texts as two arrays: their bytes end to end, and where each one starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qsearch.arrays import Array
from qsearch.packed import crc32, distinct, order, pack, take, unpack


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts in their order.

    Attributes:
        data: their UTF-8 bytes end to end.
        starts: where each one starts in ``data``, and where the last one ends.

    Raises:
        ValueError: the texts don't lie one behind the other in the bytes. Compiled code follows
            these numbers, and files may hold any.
    """

    data: Array
    starts: Array

    def __post_init__(self) -> None:
        starts = self.starts
        if not (starts.size and starts[0] >= 0 and starts[-1] <= self.data.size):
            raise ValueError("texts begin or end outside of their bytes")
        if (starts[1:] < starts[:-1]).any():
            raise ValueError("texts end before they begin")

    def __len__(self) -> int:
        return self.starts.size - 1

    @property
    def sizes(self) -> Array:
        """The bytes of each text."""
        sizes: Array = self.starts[1:] - self.starts[:-1]
        return sizes

    def tolist(self) -> list[bytes]:
        """Return each text by itself."""
        return unpack(self.data, self.starts)


def texts_from(parts: Sequence[bytes]) -> Texts:
    """Return texts that are given one by one."""
    return Texts(*pack(parts))


def select_texts(texts: Texts, chosen: Array) -> Texts:
    """Return the texts with these numbers, in this order.

    Raises:
        IndexError: there is no text of such a number.
    """
    return Texts(*take(texts.data, texts.starts, chosen))


def order_of(texts: Texts) -> Array:
    """Return the numbers of the texts in the order of their bytes."""
    return order(texts.data, texts.starts)


def distinct_texts(texts: Texts) -> tuple[Texts, Array]:
    """Return each text once, in the order of their bytes, and the place of each text among them."""
    data, starts, places = distinct(texts.data, texts.starts)
    return Texts(data, starts), places


def checksums_of(texts: Texts) -> Array:
    """Return the CRC-32 of each text."""
    return crc32(texts.data, texts.starts)


def join_texts(parts: Sequence[Texts]) -> Texts:
    """Return the texts of each part behind those of the part before it."""
    sizes = np.concatenate([np.zeros(0, np.int64), *(part.sizes for part in parts)])
    starts = np.zeros(sizes.size + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    return Texts(np.concatenate([np.zeros(0, np.uint8), *(part.data for part in parts)]), starts)
