"""The one analyser: the same words for an article and for what is typed to find it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from qsearch.analysis.bulk_stems import terms_of
from qsearch.analysis.latex import plain_math
from qsearch.analysis.pieces import Piece, pieces
from qsearch.analysis.stems import LANGUAGES, make_stemmer
from qsearch.analysis.stopwords import stop_words
from qsearch.analysis.words import Word, words_of
from qsearch.errors import ArgumentError, IndexTooOld

if TYPE_CHECKING:
    from qsearch.analysis.formtable import FormTable
    from qsearch.packed import Bytes, Starts
    from qsearch.plaintext import PlainText

NAME = "qsearch"
VERSION = 2
"""Goes up whenever any text would give other terms than before."""

_KEPT_PIECES = 200_000
_KEPT_LENGTH = 48
_KEPT_TEXTS = 10_000


class Token(NamedTuple):
    """One word of a text.

    Attributes:
        term: what is indexed and looked up.
        form: the folded surface form, whose term it is.
        position: its place among the words of the text, from 0.
        start, end: where it stands in the text, in characters.
        overlay: it lies over other words (a compound over its parts) and takes no place.
    """

    term: str
    form: str
    position: int
    start: int
    end: int
    overlay: bool


class Analyzer:
    """Turns texts into terms. Safe for use by several threads: what it remembers
    is only ever added to or cleared.

    Arguments:
        language: one of ``LANGUAGES``; decides stems, stop words and whether an apostrophe parts
            words.
        known: a function that gives the term of a form known from elsewhere (an index), or None.
            With it most queries never load the stemmer.
        fingerprint: what the stemmer must be, from the index; None for a new index.
    """

    def __init__(
        self,
        language: str = "english",
        *,
        known: Callable[[str], str | None] | None = None,
        fingerprint: str | None = None,
    ) -> None:
        if language not in LANGUAGES:
            raise ArgumentError(
                f"no stemmer for the language {language!r}; there is: {', '.join(LANGUAGES)}"
            )
        self.language = language
        self.stop_words = stop_words(language)
        self._stemmer = make_stemmer(language)
        self._known = known
        self._fingerprint = fingerprint
        self._stemmer_fits = fingerprint is None
        self._apostrophes = language == "english"
        self._words: dict[str, tuple[Word, ...]] = {}
        self._terms: dict[str, str] = {}
        self._tokens: dict[str, tuple[Token, ...]] = {}

    def warm(self) -> None:
        """Load the stemmer now, and check that it is the one of the index.

        Raises:
            IndexTooOld: as ``term`` does.
        """
        self._stem("warm")

    def settings(self) -> dict[str, str | int]:
        """Return what an index records, so that it is never read with another analyser."""
        return {
            "name": NAME,
            "version": VERSION,
            "language": self.language,
            "stemmer": "nltk-snowball",
            "stemmer_fingerprint": self._fingerprint or self._stemmer.fingerprint(),
        }

    @classmethod
    def from_settings(
        cls, settings: Mapping[str, object], *, known: Callable[[str], str | None] | None = None
    ) -> Analyzer:
        """Return the analyser that an index was made with.

        Raises:
            IndexTooOld: this version would give other terms; the caller adds the path.
        """
        if (settings.get("name"), settings.get("version")) != (NAME, VERSION):
            raise IndexTooOld(
                f"the index was made with the analyser {settings.get('name')} "
                f"{settings.get('version')}, this is {NAME} {VERSION}: build it again",
                path="",
            )
        return cls(
            str(settings.get("language")),
            known=known,
            fingerprint=str(settings.get("stemmer_fingerprint")),
        )

    def words(self, piece: Piece) -> tuple[Word, ...]:
        """Return the words of a piece, their places counted from its start."""
        found = self._words.get(piece.text)
        if found is None:
            found = tuple(self._math(piece.text) if piece.is_math else self._plain(piece.text))
            if len(piece.text) <= _KEPT_LENGTH:
                if len(self._words) >= _KEPT_PIECES:
                    self._words.clear()
                self._words[piece.text] = found
        return found

    def plain_words(self, piece: str) -> tuple[Word, ...]:
        """Return the words of a piece that is no mathematics."""
        return self.words(Piece(piece, 0, False))

    def term(self, form: str) -> str:
        """Return the term of a folded form.

        Raises:
            IndexTooOld: the installed stemmer is not the one that the index was made with.
        """
        term = self._terms.get(form)
        if term is None:
            term = (self._known(form) if self._known else None) or self._stem(form)
            if len(self._terms) >= _KEPT_PIECES:
                self._terms.clear()
            self._terms[form] = term
        return term

    def terms(self, data: Bytes, starts: Starts) -> tuple[Bytes, Starts]:
        """Return the terms of many folded forms at once, both as ``qsearch.packed`` has them.

        Raises:
            IndexTooOld: as ``term`` does.
        """
        self._check_stemmer()
        return terms_of(self._stemmer, data, starts)

    def form_table(self) -> FormTable:
        """Return an empty table that finds the words of many pieces at once."""
        from qsearch.analysis.formtable import FormTable

        return FormTable(apostrophes=self._apostrophes)

    def forms(self, text: str | PlainText) -> Iterator[Word]:
        """Yield the words of a text with their places in it, without looking up their terms.

        Arguments:
            text: of an article, its plain text; else a text without markup (a query, a keyword).
        """
        place = 0
        for piece in pieces(text):
            words = self.words(piece)
            for form, position, start, end, overlay in words:
                yield Word(form, place + position, piece.start + start, piece.start + end, overlay)
            if words:
                place += words[-1].position + 1

    def tokens(self, text: str | PlainText) -> Iterator[Token]:
        """Yield the tokens of a text as ``forms`` takes it; a compound comes before its parts."""
        for word in self.forms(text):
            yield Token(self.term(word.form), *word)

    def tokens_of(self, text: str) -> tuple[Token, ...]:
        """Return the tokens of a part of a query; those of short texts are found once and kept."""
        found = self._tokens.get(text)
        if found is None:
            found = tuple(self.tokens(text))
            if len(text) <= _KEPT_LENGTH:
                if len(self._tokens) >= _KEPT_TEXTS:
                    self._tokens.clear()
                self._tokens[text] = found
        return found

    def is_stop_word(self, form: str) -> bool:
        """Whether a folded form makes no article a hit by itself."""
        return form in self.stop_words

    def _stem(self, form: str) -> str:
        self._check_stemmer()
        return self._stemmer.term(form)

    def _check_stemmer(self) -> None:
        # Several threads may compare at once: each finds the same, and only the flag changes.
        if self._stemmer_fits:
            return
        if self._stemmer.fingerprint() != self._fingerprint:
            raise IndexTooOld(
                "the installed NLTK gives other stems than the one the index was made with: "
                "build it again",
                path="",
            )
        self._stemmer_fits = True

    def _plain(self, text: str) -> list[Word]:
        return words_of(text, apostrophes=self._apostrophes)

    def _math(self, text: str) -> Iterator[Word]:
        """The words of mathematics, each standing at the whole of it."""
        place = 0
        for piece in pieces(plain_math(text)):
            if piece.is_math:
                continue
            words = self.words(piece)
            for word in words:
                yield word._replace(position=place + word.position, start=0, end=len(text))
            if words:
                place += words[-1].position + 1
