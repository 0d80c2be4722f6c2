"""Letters that count as the same letter: width, case, ligatures, diacritics."""

from __future__ import annotations

import unicodedata

SUPERSCRIPT_MINUS = "\ue000"
"""Stands for a raised minus until the words are cut: it is a charge, never a hyphen.

A private-use character, so no text holds it by accident (one that does loses it here).
"""

# Stroked and joined letters that Unicode does not decompose (the choice is that of Lucene's
# ASCIIFoldingFilter for these letters).
_STROKED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "ð": "d"}
)
_UNIFIED = str.maketrans(
    {
        "’": "'",
        "ʼ": "'",
        "‘": "'",
        "‐": "-",
        "‑": "-",
        "−": "-",
        # Marks that steer the layout and are no part of a word.
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", None),
        **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", None),
    }
)


def fold(text: str) -> str:
    """Return ``text`` in NFKC, case folded, without diacritics.

    The length may change (ß becomes ss). Folding what is folded changes nothing.
    """
    if text.isascii():
        return text.lower()
    text = text.replace(SUPERSCRIPT_MINUS, "").replace("⁻", SUPERSCRIPT_MINUS)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    folded = folded.translate(_UNIFIED)
    if folded.isascii():
        return folded
    bare = "".join(
        char if char == "й" else _without_marks(unicodedata.normalize("NFD", char))
        for char in folded
    )
    return unicodedata.normalize("NFKC", bare.translate(_STROKED))


def _without_marks(decomposed: str) -> str:
    return "".join(char for char in decomposed if not _is_diacritic(char))


def _is_diacritic(char: str) -> bool:
    """Accents of Latin, Greek and Cyrillic, Hebrew points, Arabic vowel signs.

    Not every combining mark: the vowel signs of Devanagari and the voicing marks of kana make
    other words, as does the breve of й, which is a letter of its own.
    """
    return (
        "\u0300" <= char <= "\u036f"
        or "\u0591" <= char <= "\u05c7"
        or "\u064b" <= char <= "\u065f"
        or char == "\u0670"
    ) and unicodedata.combining(char) != 0
