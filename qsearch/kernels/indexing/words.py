"""Pieces -> the numbers of their word forms: ``analysis.words`` for characters
that fold one by one.

The grammar is that of ``analysis.words`` over the same class letters, its regular expressions
written out as what they come to: an expression that would go back gives up its last group.
"""

from __future__ import annotations

import string

import numpy as np
from numba import njit

from qsearch.kernels.indexing.arguments import Folding, FoundWords, PieceSpace, WordLimits
from qsearch.kernels.indexing.string_table import STRING_TABLE, has_room, intern_form
from qsearch.kernels.runtime.signature import i4, i8, made, named, read, u1, u4

BY_PYTHON = ord("?")
"""The class of a character that this code leaves to Python."""

MAX_FOLDED = 4
"""The most characters that one folds to here."""

_LETTER, _DIGIT, _RAISED_MINUS, _END = ord("a"), ord("d"), ord("m"), 0
_HASH, _PLUS, _COMMA, _MINUS, _DOT, _APOSTROPHE = (ord(sign) for sign in "#+,-.'")
_CARET, _UNDERSCORE, _OPEN, _CLOSE, _TAG = (ord(sign) for sign in "^_{}<")
_MINUS_SIGN, _SUPERSCRIPT_MINUS = ord("−"), ord("⁻")

_NO_ATOM, _WORD, _NUMBER, _DOTTED = range(4)


def _table(**roles: str) -> np.ndarray:
    """For each class letter a bit for each of the roles it has."""
    table = np.zeros(256, dtype=np.uint8)
    for bit, letters in enumerate(roles.values()):
        table[np.frombuffer(letters.encode(), dtype=np.uint8)] |= np.uint8(1 << bit)
    return table


_ROLES = _table(alphanumeric="ad", inside="ad-'.,_=+#m", last="ad+#m-", connects="-._=+m")
_ALPHANUMERIC, _INSIDE, _LAST, _CONNECTS = 1, 2, 4, 8


_PLAIN = np.zeros(256, dtype=np.uint8)  # ASCII letters, in lower case, and digits
for _char in string.ascii_letters + string.digits:
    _PLAIN[ord(_char)] = ord(_char.lower())


# -- from bytes to characters and their classes


@njit(nogil=True)
def _decode(data, at, end, raw):
    """Write down the code points of UTF-8; return how many."""
    size = 0
    while at < end:
        lead = np.int64(data[at])
        width = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
        point = lead if width == 1 else lead & (0x7F >> width)
        for index in range(at + 1, at + width):
            point = point << 6 | (np.int64(data[index]) & 0x3F)
        raw[size] = point
        size += 1
        at += width
    return size


@njit(nogil=True)
def _braced(raw, at, size):
    """Where the brace closes that opens at ``at``, with no other between; -1 if none does."""
    if at >= size or raw[at] != _OPEN:
        return -1
    at += 1
    while at < size and raw[at] != _OPEN and raw[at] != _CLOSE:
        at += 1
    return at if at < size and raw[at] == _CLOSE else -1


@njit(nogil=True)
def _without_marks(raw, size, mark):
    """Resolve what is raised (^) or lowered (_) as ``latex.plain_word`` does; return the size."""
    put = 0
    at = 0
    while at < size:
        begin, end = at, at + 1
        close = -1
        if raw[at] == mark:
            close = _braced(raw, at + 1, size)
            if close >= 0:
                begin, end = at + 2, close
            elif at + 1 < size and (mark == _CARET or 48 <= raw[at + 1] <= 57):
                begin, end = at + 1, at + 2
        for index in range(begin, end):
            point = raw[index]
            if mark == _CARET and begin > at:
                if point == 32:
                    continue
                if point in (_MINUS, _MINUS_SIGN):
                    point = _SUPERSCRIPT_MINUS
            raw[put] = point
            put += 1
        at = close + 1 if close >= 0 else end
    return put


@njit(nogil=True)
def _fold(space, size, folding):
    """Write down the folded characters and their classes; return how many, -1 if that is left to
    Python.
    """
    raw, text, classes = space.raw, space.text, space.classes
    put = 0
    for index in range(size):
        point = np.int64(raw[index])
        if point >= folding.starts.size - 1:
            return -1
        for at in range(folding.starts[point], folding.starts[point + 1]):
            if folding.classes[at] == BY_PYTHON:
                return -1
            text[put] = folding.points[at]
            classes[put] = folding.classes[at]
            put += 1
    return put


# -- the grammar


@njit(nogil=True)
def _is(role, letter):
    return _ROLES[letter] & role != 0


@njit(nogil=True)
def _at(classes, at, end):
    """The class at a place, or ``_END`` behind the run."""
    return np.int64(classes[at]) if at < end else _END


@njit(nogil=True)
def _behind(classes, at, end, letter):
    """Where a row of one class ends."""
    while at < end and classes[at] == letter:
        at += 1
    return at


@njit(nogil=True)
def _run_end(classes, at, size):
    """Where the run ends that begins with a letter or digit at ``at``."""
    end = at + 1
    at += 1
    while at < size and _is(_INSIDE, classes[at]):
        at += 1
        if _is(_LAST, classes[at - 1]):
            end = at
    return end


@njit(nogil=True)
def _dotted_end(classes, at, end):
    """Where an abbreviation (u.s) ends, or -1."""
    last = at + 1
    while _at(classes, last, end) == _DOT and _at(classes, last + 1, end) == _LETTER:
        last += 2
    if _is(_ALPHANUMERIC, _at(classes, last, end)):
        last -= 2
    return last if last > at + 1 else -1


@njit(nogil=True)
def _grouped_end(classes, at, end):
    """Where a number with its digits in groups (1,000.5) ends, or -1."""
    first = _behind(classes, at, end, _DIGIT)
    if first - at > 3:
        return -1
    last = first
    while (
        _at(classes, last, end) == _COMMA
        and _at(classes, last + 1, end) == _DIGIT
        and _at(classes, last + 2, end) == _DIGIT
        and _at(classes, last + 3, end) == _DIGIT
    ):
        last += 4
    if last > first and _is(_ALPHANUMERIC, _at(classes, last, end)):
        last -= 4
    if last == first:
        return -1
    if _at(classes, last, end) == _DOT and _at(classes, last + 1, end) == _DIGIT:
        fraction = _behind(classes, last + 1, end, _DIGIT)
        if _at(classes, fraction, end) != _LETTER:
            return fraction
    return last


@njit(nogil=True)
def _decimal_end(classes, at, end):
    """Where a number with dots (3.14, 1.2.3) ends, or -1."""
    last = before = _behind(classes, at, end, _DIGIT)
    groups = 0
    while _at(classes, last, end) == _DOT and _at(classes, last + 1, end) == _DIGIT:
        before, last = last, _behind(classes, last + 1, end, _DIGIT)
        groups += 1
    if _at(classes, last, end) == _LETTER:
        last = before
        groups -= 1
    return last if groups > 0 else -1


@njit(nogil=True)
def _word_end(classes, at, end):
    """Where a word ends, a sign behind it included (ca2+, c++, c#)."""
    last = _behind(classes, at, end, _DIGIT)
    if _at(classes, last, end) != _LETTER:
        return last
    while last < end and _is(_ALPHANUMERIC, classes[last]):
        last += 1
    while _at(classes, last, end) == _APOSTROPHE and _at(classes, last + 1, end) == _LETTER:
        last = _behind(classes, last + 1, end, _LETTER)
    sign, then = _at(classes, last, end), _at(classes, last + 1, end)
    if sign == _PLUS and then == _PLUS:
        then = _at(classes, last + 2, end)
        if then not in (_LETTER, _PLUS):
            last += 2
    elif (
        sign in (_PLUS, _HASH, _RAISED_MINUS)
        or (sign == _MINUS and then != _MINUS and classes[last - 1] == _DIGIT)
    ) and not _is(_ALPHANUMERIC, then):
        last += 1
    return last


@njit(nogil=True)
def _atom(classes, at, end):
    """What begins at ``at``, and where it ends."""
    if classes[at] == _LETTER:
        last = _dotted_end(classes, at, end)
        if last >= 0:
            return _DOTTED, last
    elif classes[at] == _DIGIT:
        last = _grouped_end(classes, at, end)
        if last < 0:
            last = _decimal_end(classes, at, end)
        if last >= 0:
            return _NUMBER, last
    else:
        return _NO_ATOM, at + 1
    return _WORD, _word_end(classes, at, end)


# -- forms


@njit(nogil=True)
def _encode(point, out, at):
    """Write a code point as UTF-8; return where the next one goes."""
    if point < 0x80:
        out[at] = point
        return at + 1
    if point < 0x800:
        out[at] = 0xC0 | point >> 6
    else:
        out[at] = 0xE0 | point >> 12
        at += 1
        out[at] = 0x80 | (point >> 6 & 0x3F)
    out[at + 1] = 0x80 | (point & 0x3F)
    return at + 2


@njit(nogil=True)
def _plain_end(data, at, end, longest, out, put):
    """Write down a piece that is one word of ASCII letters and digits; return where it ends.

    -1 for any other piece.
    """
    if at == end:
        return -1
    stop = at + longest
    while at < end:
        lowered = _PLAIN[data[at]]
        if lowered == 0:
            return -1
        if at < stop:
            out[put] = lowered
            put += 1
        at += 1
    return put


@njit(nogil=True)
def _number_of(text, begin, end, table):
    """The number of the form ``text[begin:end]``."""
    at = table.starts[table.size[0]]
    for index in range(begin, end):
        at = _encode(np.int64(text[index]), table.exemplars, at)
    return intern_form(table, at)


@njit(nogil=True)
def _finish(chain, put, built, length, limits, table, words):
    """Put the compound of a chain of atoms before them; return where the next word goes."""
    forms, positions, overlays = words.forms, words.positions, words.overlays
    if not 1 < put - chain <= limits.atoms or length > limits.form:
        return put
    for word in range(put, chain, -1):
        forms[word] = forms[word - 1]
        positions[word] = positions[word - 1]
        overlays[word] = 0
    forms[chain] = _number_of(built, 0, length, table)
    overlays[chain] = 1
    return put + 1


@njit(nogil=True)
def _run(space, at, end, size, place, put, limits, table, words):
    """Write down the words of the run ``text[at:end]``; return the places and words there are."""
    text, classes, built = space.text, space.classes, space.built
    forms, positions, overlays = words.forms, words.positions, words.overlays
    last_end = at
    chain = put  # where the atoms begin that are connected
    length = 0  # characters of the compound that they make; built holds them while it may be one
    while at < end:
        kind, stop = _atom(classes, at, end)
        if kind == _NO_ATOM:
            at = stop
            continue
        joint = at - last_end
        if put > chain and joint:
            if joint > 1 or not _is(_CONNECTS, classes[last_end]):
                put = _finish(chain, put, built, length, limits, table, words)
                chain = put
                length = 0
            else:
                if length < built.size:
                    built[length] = text[last_end]
                length += 1
        begin = length if length <= limits.form + 1 else 0
        form_end = begin
        for index in range(at, stop):
            grouping = kind == _NUMBER and classes[index] == _COMMA
            if form_end - begin < limits.form and not grouping:
                built[form_end] = text[index]
                form_end += 1
        length += form_end - begin
        forms[put] = _number_of(built, begin, form_end, table)
        positions[put] = place
        overlays[put] = 0
        put += 1
        place += 1
        at = stop
        last_end = stop + 1 if kind == _DOTTED and _at(classes, stop, size) == _DOT else stop
    return place, _finish(chain, put, built, length, limits, table, words)


@njit(
    i8(
        read(u1), read(i8), i8, named(WordLimits, i8, i8, i8),
        named(Folding, read(i4), read(i4), read(u1)),
        named(PieceSpace, made(i4), made(i4), made(u1), made(i4)),
        STRING_TABLE,
        named(FoundWords, made(i8), made(u4), made(u4), made(u1), made(u4), made(u1)),
    ),
    cache=True, nogil=True,
)  # fmt: skip
def find_words(data, starts, first, limits, folding, space, table, words):
    """Find the words of pieces (``analysis.words.words_of``).

    Arguments:
        data, starts: the pieces (``qsearch.packed``).
        first: the piece to begin with.
        folding: its classes are ``BY_PYTHON`` for what is left to Python.
        space: for the longest piece, ``MAX_FOLDED`` times as large after folding.
        table: receives the forms.
        words: receive the words.

    Returns:
        the piece to go on with after making room among the forms or words; ``starts.size - 1``
        when done.
    """
    raw, classes = space.raw, space.classes
    forms, word_starts = words.forms, words.starts
    put = word_starts[first]
    for piece in range(first, starts.size - 1):
        begin, end = starts[piece], starts[piece + 1]
        if end - begin > limits.piece:
            words.left[piece] = 1
            end = begin
        else:
            words.left[piece] = 0
        # Every character may be in an atom and in a compound, and take three bytes.
        most = 2 * MAX_FOLDED * (end - begin)
        room = 3 * (most + space.built.size)
        if put + most > forms.size or not has_room(table, most, room):
            return piece
        behind = table.starts[table.size[0]]
        stop = _plain_end(data, begin, end, limits.form, table.exemplars, behind)
        if stop >= 0:
            forms[put] = intern_form(table, stop)
            words.positions[put] = 0
            words.overlays[put] = 0
            put += 1
            word_starts[piece + 1] = put
            words.widths[piece] = 1
            continue
        size = _decode(data, begin, end, raw)
        tagged = raised = lowered = False
        for index in range(size):
            tagged = tagged or raw[index] == _TAG
            raised = raised or raw[index] == _CARET
            lowered = lowered or raw[index] == _UNDERSCORE
        if raised:
            size = _without_marks(raw, size, _CARET)
        if lowered:
            size = _without_marks(raw, size, _UNDERSCORE)
        size = _fold(space, size, folding)
        if tagged or size < 0:
            words.left[piece] = 1
            size = 0
        place = 0
        at = 0
        while at < size:
            if _is(_ALPHANUMERIC, classes[at]):
                end = _run_end(classes, at, size)
                place, put = _run(space, at, end, size, place, put, limits, table, words)
                at = end
            else:
                at += 1
        word_starts[piece + 1] = put
        words.widths[piece] = place
    return starts.size - 1
