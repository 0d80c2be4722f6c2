"""Keyword phrases as 64-bit keys: of the keywords of an article, and of runs of a query's words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

MAX_PHRASE = 8
"""Words of the longest keyword that can be covered as a whole."""

COVER_WORDS = 64
"""Words of a query that keywords can cover: a bit each in one 64-bit number."""

PHRASE_FACTOR = 0x9E3779B97F4A7C15
"""The odd number that mixes the hashes of a phrase: 2**64 over the golden ratio (Knuth, "The Art of
Computer Programming", volume 3, section 6.4).
"""

FNV_OFFSET = 0xCBF29CE484222325
FNV_PRIME = 0x100000001B3

_WORD = (1 << 64) - 1


@lru_cache(maxsize=65_536)
def term_hash(term: str) -> int:
    """Return a 64-bit number that stands for a term in the keys of phrases: FNV-1a
    (draft-eastlake-fnv) of its bytes, never 0.
    """
    value = FNV_OFFSET
    for byte in term.encode():
        value = ((value ^ byte) * FNV_PRIME) & _WORD
    return value or 1


def longer_phrase(key: int, term: int) -> int:
    """Return the key of a phrase (0: the empty one) with one more term, given by its hash.

    Among n phrases two share a key with a probability of about n**2 / 2**65; what would follow
    is a small bonus for a wrong article.
    """
    return ((key ^ term) * PHRASE_FACTOR) & _WORD


def phrase_key(terms: Iterable[str]) -> int:
    """Return the 64-bit key under which a keyword phrase of these terms is filed."""
    key = 0
    for term in terms:
        key = longer_phrase(key, term_hash(term))
    return key
