"""Many texts as two arrays: their UTF-8 bytes end to end, and where each one starts."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

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
