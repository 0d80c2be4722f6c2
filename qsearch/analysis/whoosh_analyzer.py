"""The analyser as Whoosh's parser and highlighter call one; the first module that needs Whoosh.

Whoosh 2.7.4 has invalid escape sequences (and an ``is 0``) that Python warns of when it compiles
the files, which is an error for who runs with ``-W error``. So everything of it that may run later
is imported here once, in silence; whoever needs Whoosh imports this module first.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping

from qsearch.analysis.analyzer import Analyzer
from qsearch.analysis.analyzer import Token as OurToken
from qsearch.analysis.fold import fold
from qsearch.plaintext import plain_text

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import whoosh.analysis
    import whoosh.classify
    import whoosh.codec
    import whoosh.codec.whoosh3
    import whoosh.collectors
    import whoosh.index
    import whoosh.qparser
    import whoosh.qparser.dateparse
    import whoosh.searching
    import whoosh.sorting
    import whoosh.spelling
    import whoosh.writing


class WhooshAnalyzer(whoosh.analysis.Analyzer):  # type: ignore[misc]  # Whoosh is untyped
    """qsearch's terms as Whoosh tokens. Safe for use by several threads.

    As in the index, a compound (``voltage-gated``) and its parts are all tokens, the compound at
    the position of its first part. In the mode "query" compounds are left out, for the tokens of a
    query form a phrase. Stop words are terms like any other. Other texts than queries are taken as
    they were written: markup gives no tokens, and tokens stand at their places in the source.

    Arguments:
        settings: what ``Analyzer.settings`` gave.
        known: a function that gives the term of a form known from elsewhere (an index), or None.
        markup: whether texts hold markup; keywords don't.

    Raises:
        IndexTooOld: this version would give other terms.
    """

    is_morph = True

    def __init__(
        self,
        settings: Mapping[str, object],
        known: Callable[[str], str | None] | None = None,
        *,
        markup: bool = True,
    ) -> None:
        self._settings = dict(settings)
        self._markup = markup
        self._own = Analyzer.from_settings(settings, known=known)

    def __reduce__(self) -> tuple[object, ...]:
        """Go into the schema of an index of Whoosh's own, which is pickled; by the settings."""
        return _again, (self._settings, self._markup)

    def __call__(
        self,
        value: str,
        *,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = False,
        start_pos: int = 0,
        start_char: int = 0,
        tokenize: bool = True,
        mode: str = "",
        no_morph: bool = False,
        **kwargs: object,
    ) -> Iterator[whoosh.analysis.Token]:
        """Yield the tokens of ``value``, each one an object of its own: some of Whoosh keeps them.

        Arguments:
            value: the text.
            positions, chars, keeporiginal: whether tokens get ``pos``, ``startchar`` and
                ``endchar``, ``original``.
            removestops: yield nothing for a text of nothing but stop words. Whoosh's parser asks
                for that with every single word, so those of a typed question require nothing.
            start_pos, start_char: what to add to positions and places.
            tokenize: False: the whole text is one token, folded but not stemmed (a prefix, a
                wildcard, the end of a range).
            mode: "index" or "query".
            no_morph: give word forms instead of terms.
            kwargs: more attributes of the tokens.
        """
        for word in self._words(value, tokenize=tokenize, mode=mode, removestops=removestops):
            token = whoosh.analysis.Token(
                positions, chars, removestops=removestops, mode=mode, **kwargs
            )
            token.text = word.form if no_morph else word.term
            if keeporiginal:
                token.original = value[word.start : word.end]
            if positions:
                token.pos = start_pos + word.position
            if chars:
                token.startchar = start_char + word.start
                token.endchar = start_char + word.end
            yield token

    def _words(
        self, value: str, *, tokenize: bool, mode: str, removestops: bool
    ) -> Iterator[OurToken]:
        if not tokenize:
            whole = fold(value)
            return iter((OurToken(whole, whole, 0, 0, len(value), False),))
        analyzer = self._own
        if mode != "query":
            return _at_source(value, analyzer) if self._markup else analyzer.tokens(value)
        words = [word for word in analyzer.tokens(value) if not word.overlay]
        if removestops and all(analyzer.is_stop_word(word.form) for word in words):
            words = []
        return iter(words)


def _at_source(value: str, analyzer: Analyzer) -> Iterator[OurToken]:
    """The tokens of a text as it was written, at their places in it."""
    plain = plain_text(value)
    for token in analyzer.tokens(plain):
        start, end = plain.source_span(token.start, token.end)
        yield token._replace(start=start, end=end)


def _again(settings: Mapping[str, object], markup: bool) -> WhooshAnalyzer:
    """The analyser that was pickled."""
    return WhooshAnalyzer(settings, markup=markup)
