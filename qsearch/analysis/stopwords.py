"""The words that make no article a hit by themselves: Whoosh's lists, folded."""

from __future__ import annotations

import warnings

from qsearch.analysis.fold import fold

_CODES = {
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "finnish": "fi",
    "french": "fr",
    "german": "de",
    "hungarian": "hu",
    "italian": "it",
    "norwegian": "no",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
}


def stop_words(language: str) -> frozenset[str]:
    """Return the folded stop words of a language; none where Whoosh has no list (Arabic,
    Romanian).
    """
    code = _CODES.get(language)
    if code is None:
        return frozenset()
    with warnings.catch_warnings():
        # Whoosh 2.7.4 has invalid escape sequences that Python 3.12 warns of when it compiles.
        warnings.simplefilter("ignore")
        from whoosh.lang.stopwords import stoplists

    return frozenset(map(fold, stoplists[code]))
