r"""From a piece of text without spaces to its words, technical ones included.

The grammar runs over a *class string*: one ASCII letter for the class of each character, so that
it stays readable and knows every script. ``a`` letter or mark, ``d`` digit, ``c`` a character of a
script without spaces, ``m`` raised minus, ``- ' . , _ = + #`` themselves, a space for the rest.

    atom      an abbreviation (U.S.), a number (1,000 or 3.14) or a word (H2O, don't, Ca2+, C++)
    compound  atoms with a connector between them (voltage-gated, E=mc2, foo_bar)

A compound is itself a word, laid over the words of its atoms.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from qsearch.analysis.fold import SUPERSCRIPT_MINUS, fold
from qsearch.analysis.latex import plain_word

MAX_FORM = 128
"""Characters of a word form; a longer word is known by its first ones."""

MAX_COMPOUND_ATOMS = 6
"""A longer chain (a path, a heading with dashes) is known by its atoms only."""


class Word(NamedTuple):
    """One word of a piece.

    Attributes:
        form: the folded surface form.
        position: its place among the words of the piece, from 0.
        start, end: where it stands in the piece, in characters.
        overlay: it covers other words (a compound) and takes no place of its own.
    """

    form: str
    position: int
    start: int
    end: int
    overlay: bool


_ABBREVIATION = r"a(?:\.a)+(?![ad])"
_NUMBER = r"d{1,3}(?:,d{3})+(?![ad])(?:\.d+)?(?![ad])|d+(?:\.d+)+(?![ad])"
_SIGN = r"(?:\+\+(?=d)|\+{1,2}(?![ad+])|\#(?![ad])|m(?![ad])|(?<=d)-(?![ad\-]))"
_WORD = rf"(?=d*a)[ad]+(?:'a+)*{_SIGN}?|d+"
_ATOM = re.compile(rf"(?P<dotted>{_ABBREVIATION})|(?P<number>{_NUMBER})|(?P<word>{_WORD})")
_RUN = re.compile(r"[ad](?:[ad\-'.,_=+\#m]*[ad+\#m\-])?|c+")
_CONNECTORS = "-._=+m"


def words_of(piece: str, *, apostrophes: bool) -> list[Word]:
    """Return the words of ``piece``, in order; a compound stands before its atoms.

    Arguments:
        piece: text without white space.
        apostrophes: whether an apostrophe may stand in a word (English) or parts two (French).
    """
    if piece.isascii() and piece.isalnum():
        return [Word(piece.lower()[:MAX_FORM], 0, 0, len(piece), False)]
    plain = plain_word(piece)
    text = fold(plain)
    # Where folding turned every character into one, the words know where they stand; elsewhere
    # each one claims the whole piece, which is what a reader would mark anyway.
    exact = plain == piece and (piece.isascii() or all(len(fold(char)) == 1 for char in piece))
    classes = text.translate(_ASCII) if text.isascii() else "".join(map(character_class, text))
    if not apostrophes:
        classes = classes.replace("'", " ")
    words: list[Word] = []
    for run in _RUN.finditer(classes):
        place = words[-1].position + 1 if words else 0
        if run.group()[0] == "c":
            words += _bigrams(text, run.start(), run.end(), place)
        else:
            words += _compound(text, classes, run.start(), run.end(), place)
    if exact:
        return words
    return [word._replace(start=0, end=len(piece)) for word in words]


def character_class(char: str) -> str:
    """Return the class letter of a folded character."""
    if char in "-'.,_=+#":
        found = char
    elif char == SUPERSCRIPT_MINUS:
        found = "m"
    elif _unspaced(char):
        found = "c"
    elif char.isalpha() or unicodedata.category(char)[0] == "M":
        found = "a"
    else:
        found = "d" if char.isnumeric() else " "
    return found


def _unspaced(char: str) -> bool:
    """Whether the script of ``char`` writes no spaces between words (Han, kana, Thai, Khmer...)."""
    return (
        "\u3005" <= char <= "\u3007"
        or "\u3041" <= char <= "\u30ff"
        or "\u3400" <= char <= "\u4dbf"
        or "\u4e00" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\U00020000" <= char <= "\U0003ffff"
        or "\u0e01" <= char <= "\u0eff"
        or "\u1000" <= char <= "\u109f"
        or "\u1780" <= char <= "\u17ff"
    )


# The class letters of ASCII characters, as str.translate takes them.
_ASCII = "".join(map(character_class, map(chr, range(128))))


def _bigrams(text: str, start: int, end: int, place: int) -> list[Word]:
    """Overlapping pairs, as Lucene's CJKAnalyzer makes them, and each character on top."""
    if end - start == 1:
        return [Word(text[start:end], place, start, end, False)]
    words = []
    for at in range(start, end):
        last = at + 1 == end
        position = place + at - start - last
        words.append(Word(text[at], position, at, at + 1, True))
        if not last:
            words.append(Word(text[at : at + 2], position, at, at + 2, False))
    return words


def _compound(text: str, classes: str, start: int, end: int, place: int) -> list[Word]:
    """Every chain of atoms in ``text[start:end]``."""
    words: list[Word] = []
    chain: list[Word] = []
    glue: list[str] = []
    last_end = start
    for match in _ATOM.finditer(classes, start, end):
        between = classes[last_end : match.start()]
        if chain and not (len(between) == 1 and between in _CONNECTORS) and between:
            words += _finish(chain, glue)
            chain, glue = [], []
        if chain:
            glue.append(text[last_end : match.start()].replace(SUPERSCRIPT_MINUS, "-"))
        chain.append(_atom(text, classes, match, place))
        place += 1
        last_end = chain[-1].end
    words += _finish(chain, glue)
    return words


def _atom(text: str, classes: str, match: re.Match[str], place: int) -> Word:
    start, end = match.span()
    form = text[start:end].replace(SUPERSCRIPT_MINUS, "-")
    if match.lastgroup == "number":
        form = form.replace(",", "")
    elif match.lastgroup == "dotted" and classes[end : end + 1] == ".":
        end += 1
    return Word(form[:MAX_FORM], place, start, end, False)


def _finish(chain: list[Word], glue: list[str]) -> list[Word]:
    """The atoms of one chain, behind the compound that they make."""
    if not 1 < len(chain) <= MAX_COMPOUND_ATOMS:
        return chain
    form = chain[0].form + "".join(g + atom.form for g, atom in zip(glue, chain[1:], strict=True))
    if len(form) > MAX_FORM:
        return chain
    first, last = chain[0], chain[-1]
    return [Word(form, first.position, first.start, last.end, True), *chain]
