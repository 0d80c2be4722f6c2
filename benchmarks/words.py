"""Made-up English: pronounceable words, and the real ones that hold them together."""

from __future__ import annotations

from itertools import product

import numpy as np

STOP_WORDS = tuple(
    "the of and to in a is that for it as was with be by on not he this are or his from at which "
    "but have an had they you were their one all we can her has there been if more when will "
    "would who so no she other its may these what them than some him into only do my then could "
    "now such about our any your how did me between most where those after also before under "
    "both each does while same because very through during here against again until why few own "
    "once further nor above below too being having itself themselves am doing just up out".split()
)
"""In the order of their frequency in running English, roughly."""

_ONSETS = "b c d f g h j k l m n p r s t v w z br ch cl cr dr fl gl gr pl pr sh sl st th tr".split()
_VOWELS = "a e i o u ea io ou ai".split()
_CODAS = "n r l t m s d k p x nd nt st rk lm".split()
_SYLLABLES = [onset + vowel for onset, vowel in product(_ONSETS, _VOWELS)]
_SUFFIXES = ("s", "ed", "ing", "er", "al", "ly", "ness")
_INFLECTED = 0.4


def vocabulary(count: int, rng: np.random.Generator) -> list[str]:
    """Return ``count`` distinct made-up words, the frequent ones first.

    Two in five are forms of another word that is more frequent, so that a stemmer has something
    to do.
    """
    lemmas = _lemmas(max(1, round(count * (1 - _INFLECTED))), rng)
    ranks: dict[str, float] = {lemma: float(rank) for rank, lemma in enumerate(lemmas)}
    while len(ranks) < count:
        wanted = count - len(ranks)
        chosen = rng.integers(len(lemmas), size=wanted).tolist()
        suffixes = rng.integers(len(_SUFFIXES), size=wanted).tolist()
        behind = (1 + rng.exponential(1.0, size=wanted)).tolist()
        for lemma, suffix, factor in zip(chosen, suffixes, behind, strict=True):
            ranks.setdefault(lemmas[lemma] + _SUFFIXES[suffix], (lemma + 1) * factor)
    return sorted(ranks, key=lambda word: (ranks[word], word))


def _lemmas(count: int, rng: np.random.Generator) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        wanted = count - len(found) + 16
        # The later a word comes, the longer it is.
        share = (len(found) + np.arange(wanted)) / count
        syllables = 1 + (rng.random(wanted) < 0.3 + 0.5 * share) + (rng.random(wanted) < share / 2)
        parts = rng.integers(len(_SYLLABLES), size=(wanted, 3)).tolist()
        codas = rng.integers(len(_CODAS), size=wanted).tolist()
        for length, row, coda in zip(syllables.tolist(), parts, codas, strict=True):
            word = "".join(_SYLLABLES[part] for part in row[:length]) + _CODAS[coda]
            if word not in STOP_WORDS:
                found[word] = None
    return list(found)[:count]
