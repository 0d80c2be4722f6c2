"""From a word form to its term: NLTK's Snowball stemmer, loaded when a form needs it.

M. F. Porter, "Snowball: A language for stemming algorithms" (2001), https://snowballstem.org.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Literal, get_args

from qsearch.analysis import english
from qsearch.analysis.stemmer_source import FINGERPRINT, english_is_known
from qsearch.forks import ForkSafeLock

Language = Literal[
    "arabic",
    "danish",
    "dutch",
    "english",
    "finnish",
    "french",
    "german",
    "hungarian",
    "italian",
    "norwegian",
    "portuguese",
    "romanian",
    "russian",
    "spanish",
    "swedish",
]

LANGUAGES: tuple[str, ...] = get_args(Language)

_PARTS = re.compile(r"([-._=+#])")
# Forms whose stems tell one stemmer from another: each step of the English algorithm, and words
# of other languages. Any change in them would split one term into two.
_PROBES = """generously relational conditional valenci digitizer conformably radically happily
operator feudalism decisiveness hopefulness callousness formality sensitivity sensibility triplicate
formative formalize electricity electrical goodness revival allowance inference airliner gyroscopic
adjustable defensible irritant replacement adjustment dependent adoption homologous communism
activate angularity effective bowdlerize probate cease controlling rolling skis dying news
nationalen hauser cheval continuellement madrugada ciudades beautiful johnson's voltage gated
организация столами katten husene""".split()


class Stemmer:
    """The stems of one language; NLTK, which takes long to import, is loaded with the first.

    Safe for use by several threads.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._stem: Callable[[str], str] | None = None
        # Some of NLTK's stemmers keep what they know of a word in themselves while they work.
        self._working = ForkSafeLock()

    def term(self, form: str) -> str:
        """Return the term of a folded form.

        Each part of a compound is stemmed; a part with a digit is a name and stays as it is.
        """
        return "".join(
            part if any(map(str.isdigit, part)) else self.stem(part) for part in _PARTS.split(form)
        )

    def stem(self, word: str) -> str:
        """Return the stem of a word, as NLTK gives it."""
        stem = self._stem
        if stem is None:
            stem = self._stem = _snowball(self.language)
        with self._working:
            return stem(word)

    def fingerprint(self) -> str:
        """Return a text that differs when the stemmer gives other stems.

        It loads NLTK, unless the stemmer is known by its source.
        """
        if self.language == "english" and english_is_known():
            return FINGERPRINT
        return self.measured_fingerprint()

    def measured_fingerprint(self) -> str:
        """Return ``fingerprint`` from the stems of some words; it loads NLTK."""
        stems = " ".join(Stemmer.term(self, probe) for probe in _PROBES)
        return hashlib.blake2b(stems.encode(), digest_size=8).hexdigest()


class _EnglishStemmer(Stemmer):
    """The stems of an NLTK that is known by its source, without loading it."""

    def stem(self, word: str) -> str:
        found = english.stem(word) if word == word.lower() else None
        return super().stem(word) if found is None else found


def make_stemmer(language: str) -> Stemmer:
    """Return the quickest stemmer that gives the stems of the installed NLTK."""
    is_known = language == "english" and english_is_known()
    return _EnglishStemmer(language) if is_known else Stemmer(language)


def _snowball(language: str) -> Callable[[str], str]:
    from nltk.stem.snowball import SnowballStemmer

    stem: Callable[[str], str] = SnowballStemmer(language).stem
    return stem
