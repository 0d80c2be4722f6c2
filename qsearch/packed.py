"""Many texts as two arrays: their UTF-8 bytes end to end, and where each one starts.

What is done with all of them is compiled once the kernels are ready, and the same without.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from qsearch.kernels import runtime

if TYPE_CHECKING:
    import numpy.typing as npt

Bytes: TypeAlias = "npt.NDArray[np.uint8]"
Starts: TypeAlias = "npt.NDArray[np.int64]"
"""One number a text, and where the last text ends."""


def pack(texts: Sequence[bytes]) -> tuple[Bytes, Starts]:
    """Return texts as arrays."""
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=starts[1:])
    return np.frombuffer(b"".join(texts), dtype=np.uint8), starts


def unpack(data: Bytes, starts: Starts) -> list[bytes]:
    """Return the texts of two arrays."""
    whole = data.tobytes()
    return [whole[start:stop] for start, stop in itertools.pairwise(starts.tolist())]


def order(data: Bytes, starts: Starts) -> Starts:
    """Return the numbers of the texts in the order of their bytes, equal ones as they come."""
    if not runtime.ready():
        texts = unpack(data, starts)
        return np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int64)
    from qsearch.kernels.indexing.string_arrays import prefixes, sort_ties

    keys = np.empty(starts.size - 1, np.uint64)
    prefixes(data, starts, keys)
    found = np.argsort(keys)
    sort_ties(data, starts, keys, found, np.empty_like(found))
    return found


def take(data: Bytes, starts: Starts, which: Starts) -> tuple[Bytes, Starts]:
    """Return some of the texts, by their numbers.

    Raises:
        IndexError: there is no text of such a number.
    """
    which = which.astype(np.int64)
    if which.size and not 0 <= which.min() <= which.max() < starts.size - 1:
        raise IndexError("there is no text of this number")
    if not runtime.ready():
        texts = unpack(data, starts)
        return pack([texts[number] for number in which.tolist()])
    from qsearch.kernels.indexing.string_arrays import gather

    new_starts = np.zeros(which.size + 1, np.int64)
    np.cumsum(starts[which + 1] - starts[which], out=new_starts[1:])
    made = np.empty(int(new_starts[-1]), np.uint8)
    gather(data, starts, which, made, new_starts)
    return made, new_starts


def distinct(data: Bytes, starts: Starts) -> tuple[Bytes, Starts, Starts]:
    """Return each text once, in the order of their bytes, and the place of each text among them."""
    if not runtime.ready():
        texts = unpack(data, starts)
        places = {text: place for place, text in enumerate(sorted(set(texts)))}
        return *pack(list(places)), np.array([places[text] for text in texts], dtype=np.int64)
    from qsearch.kernels.indexing.string_arrays import number_sorted

    places_of, firsts = (np.empty(starts.size - 1, np.int64) for _ in range(2))
    count = number_sorted(data, starts, order(data, starts), places_of, firsts)
    return *take(data, starts, firsts[:count]), places_of


def crc32(data: Bytes, starts: Starts) -> npt.NDArray[np.uint32]:
    """Return the CRC-32 of each text."""
    if not runtime.ready():
        return np.fromiter(map(zlib.crc32, unpack(data, starts)), np.uint32, starts.size - 1)
    from qsearch.kernels.indexing.string_arrays import checksums

    made = np.empty(starts.size - 1, np.uint32)
    checksums(data, starts, made)
    return made
