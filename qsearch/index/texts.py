"""Many texts as two arrays: their bytes end to end, and where each one starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qsearch.index.columns import Array
from qsearch.packed import pack, unpack


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts in their order.

    Attributes:
        data: their UTF-8 bytes end to end.
        starts: where each one starts in ``data``, and where the last one ends.
    """

    data: Array
    starts: Array

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
    """Return the texts with these numbers, in this order."""
    sizes = texts.sizes[chosen]
    starts = np.zeros(sizes.size + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    at = np.repeat(texts.starts[:-1][chosen].astype(np.int64) - starts[:-1], sizes)
    return Texts(texts.data[at + np.arange(at.size)], starts)


def join_texts(parts: Sequence[Texts]) -> Texts:
    """Return the texts of each part behind those of the part before it."""
    sizes = np.concatenate([np.zeros(0, np.int64), *(part.sizes for part in parts)])
    starts = np.zeros(sizes.size + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    return Texts(np.concatenate([np.zeros(0, np.uint8), *(part.data for part in parts)]), starts)
