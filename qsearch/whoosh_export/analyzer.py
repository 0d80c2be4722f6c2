"""The analyser as an index of Whoosh's own carries it: it opens with and without qsearch.

Whoosh pickles the analyser of a text field into the index. A pickle that names a class of ours can
be read only where qsearch is installed, and then nobody could leave with what they have. One that
names only parts of Whoosh can be read everywhere, but they can't make our terms of formulae, code
and compounds. So this one names nothing but functions of Python's own, which look for qsearch and
take parts of Whoosh where it is not.
"""

from __future__ import annotations

import operator
import pydoc
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from qsearch.analysis.stopwords import stop_words
from qsearch.analysis.whoosh_analyzer import WhooshAnalyzer
from qsearch.errors import IndexTooOld
from qsearch.log import log
from qsearch.model.fields import KEYWORD_GAP

# Behind the imports of ours: that of WhooshAnalyzer imports Whoosh in silence.
from whoosh import analysis  # isort: skip
from whoosh.support.charset import accent_map  # isort: skip

_NUMBER = r"\d+(?:[.,]\d+)+(?!\w)"
_WORD = r"[^\W_]+{}(?:\+\+(?!\w)|\#(?!\w))?"
_APOSTROPHES = r"(?:['’][^\W_]+)*"


class Texts(str):
    """Texts of an article that one field holds, such as its keywords: no phrase goes from one into
    another.

    Arguments:
        parts: the texts.
    """

    parts: tuple[str, ...]

    def __new__(cls, parts: Iterable[str]) -> Texts:
        """Make the text that they are together."""
        several = tuple(parts)
        made = super().__new__(cls, "\n".join(several))
        made.parts = several
        return made


class PortableAnalyzer(WhooshAnalyzer):
    """A ``WhooshAnalyzer`` whose pickle can be read without qsearch; takes ``Texts`` as well.

    What it then becomes is ``stock_analyzer``.
    """

    def __reduce__(self) -> tuple[object, ...]:
        """Go into a schema as a call that looks for this class, and does without it."""
        here = f"{__name__}.{type(self).__name__}"
        without = operator.itemgetter(1)
        make = _Call(getattr, _Call(pydoc.locate, here), "made_of", without)
        return make, ((self._settings, stock_analyzer(str(self._settings["language"]))),)

    @classmethod
    def made_of(cls, given: tuple[Mapping[str, object], object]) -> object:
        """Return the analyser with these settings; where this version of qsearch gives other terms,
        what is given beside them.
        """
        settings, stock = given
        try:
            return cls(settings)
        except IndexTooOld as error:
            log.warning("%s; until then it is analysed by parts of Whoosh", error)
            return stock

    def __call__(self, value: str, *, start_pos: int = 0, **kwargs: Any) -> Iterator[Any]:
        """Yield the tokens of a text, or of ``Texts``; see ``WhooshAnalyzer``."""
        analyse = super().__call__
        for text in value.parts if isinstance(value, Texts) else (value,):
            last = start_pos - 1
            for token in analyse(text, start_pos=start_pos, **kwargs):
                last = getattr(token, "pos", last)
                yield token
            start_pos = last + 1 + KEYWORD_GAP


class _Call:
    """What becomes, by the way through a pickle, the result of a call."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self._function = function
        self._arguments = arguments

    def __call__(self) -> object:
        """Make the call now; a pickle asks for what can be called."""
        return self._function(*self._arguments)

    def __reduce__(self) -> tuple[object, ...]:
        return self._function, self._arguments


def stock_analyzer(language: str) -> Any:
    """Return an analyser made of parts of Whoosh that gives our terms of plain words and numbers.

    It folds, stems and stops as ours does. It knows no mathematics, no chemistry, no abbreviations
    with dots and no scripts without spaces, and takes a compound for its words.
    """
    word = _WORD.format(_APOSTROPHES if language == "english" else "")
    # Whoosh's parser asks for stop words to be removed where a word stands alone, not in phrases:
    # those are in the index with them.
    cut = partial(analysis.RegexTokenizer(f"{_NUMBER}|{word}"), removestops=False)
    cut.is_morph = False  # type: ignore[attr-defined]  # which Whoosh asks each part for
    return analysis.CompositeAnalyzer(
        cut,
        analysis.LowercaseFilter(),
        analysis.SubstitutionFilter("’", "'"),
        analysis.SubstitutionFilter(",", ""),  # which only numbers hold
        analysis.CharsetFilter(accent_map),
        analysis.StopFilter(stoplist=sorted(stop_words(language)), minsize=1, renumber=False),
        analysis.StemFilter(lang=language),
    )
