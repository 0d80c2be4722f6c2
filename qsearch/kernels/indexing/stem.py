"""Word forms -> terms: the English Snowball stemmer as NLTK computes it.

The rules are those of ``analysis.english``, which does the same in plain Python. A word stands in
the output and is changed at its end only.

``analysis.bulk_stems`` uses this only where the installed NLTK gives the same terms.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from qsearch.kernels.runtime.signature import i8, made, read, u1
from qsearch.model.english_rules import (
    DOUBLED,
    EXCEPTIONS,
    NOT_SHORT,
    OTHERS_END,
    R1,
    RULES,
    SHRINKS,
    SPECIAL,
    STEP_0,
    STEP_1A,
    STEP_1B,
    STEP_2,
    STEP_4,
    VOWELS,
    is_other,
)


def _padded(texts: list[bytes]) -> np.ndarray:
    width = max(map(len, texts))
    joined = b"".join(text.ljust(width, b"\0") for text in texts)
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, width)


def _letters(letters: bytes) -> int:
    """A bit for each letter."""
    return sum(1 << (letter - 97) for letter in letters)


_SUFFIX = _padded([rule.suffix for rule in RULES])
_SIZE = np.array([len(rule.suffix) for rule in RULES])
_PUT = _padded([rule.put for rule in RULES])
_PUT_SIZE = np.array([len(rule.put) for rule in RULES])
_REGION = np.array([rule.region for rule in RULES])
_BEFORE = np.array([_letters(rule.before) for rule in RULES])
_REST = np.array([rule.rest for rule in RULES])
# Where the rules begin that are of a step and end with a byte: 256 numbers a step, and one.
_FIRST = np.searchsorted(
    np.array([256 * rule.step + rule.suffix[-1] for rule in RULES]), np.arange(256 * 7 + 1)
)

# What a byte of a form is.
_VOWEL, _DIGIT, _JOINT, _DOUBLED, _NOT_SHORT = 1, 2, 4, 8, 16
_KINDS = np.zeros(256, dtype=np.uint8)
for _kind, _bytes in (
    (_VOWEL, VOWELS.encode()),
    (_DIGIT, b"0123456789"),
    (_JOINT, b"-._=+#"),
    (_DOUBLED, DOUBLED.encode()),
    (_NOT_SHORT, NOT_SHORT.encode()),
):
    _KINDS[np.frombuffer(_bytes, dtype=np.uint8)] |= np.uint8(_kind)

# A character that is not ASCII is one byte while its word is stemmed: a consonant to every rule.
_OTHER = 0x80
_OTHERS = np.array([char > "\x7f" and is_other(char) for char in map(chr, range(OTHERS_END))])

_LOWER_Y, _UPPER_Y, _A, _E, _I, _L, _APOSTROPHE = 121, 89, 97, 101, 105, 108, 39


@njit(nogil=True)
def _is(kind, byte):
    return _KINDS[byte] & kind != 0


@njit(nogil=True)
def _rule(step, word, begin, size):
    """The rule of a step with the longest suffix that the word ends with, or -1."""
    if size == 0:
        return -1
    last = 256 * step + np.int64(word[begin + size - 1])
    for rule in range(_FIRST[last], _FIRST[last + 1]):
        length = _SIZE[rule]
        if length <= size:
            at = begin + size - length
            same = True
            for index in range(length - 1):
                if word[at + index] != _SUFFIX[rule, index]:
                    same = False
                    break
            if same:
                return rule
    return -1


@njit(nogil=True)
def _without(size, r1, r2, count):
    """The lengths of word, R1 and R2 without the last letters."""
    return size - count, max(r1 - count, 0), max(r2 - count, 0)


@njit(nogil=True)
def _replace(word, begin, size, r1, r2, rule):
    """Apply a rule; return the lengths of word, R1 and R2."""
    length, new = _SIZE[rule], _PUT_SIZE[rule]
    at = begin + size - length
    for index in range(new):
        word[at + index] = _PUT[rule, index]
    rest = _REST[rule]
    if rest == SHRINKS or r2 >= length:
        rest = max(r2 + new - length, 0)
    return size + new - length, max(r1 + new - length, 0), rest


@njit(nogil=True)
def _has_vowel(word, begin, end):
    while begin < end and not _is(_VOWEL, word[begin]):
        begin += 1
    return begin < end


@njit(nogil=True)
def _region(word, begin, end):
    """Where the region begins behind the first consonant that follows a vowel."""
    for at in range(begin + 1, end):
        if not _is(_VOWEL, word[at]) and _is(_VOWEL, word[at - 1]):
            return at + 1
    return end


@njit(nogil=True)
def _begins(word, begin, size, prefix):
    at = 0
    while at < min(size, prefix.size) and word[begin + at] == prefix[at]:
        at += 1
    return at == prefix.size


_GENER, _ARSEN, _COMMUN = (
    np.frombuffer(prefix, dtype=np.uint8) for prefix in map(str.encode, EXCEPTIONS)
)


@njit(nogil=True)
def _r1(word, begin, size):
    """Where R1 begins; three prefixes would lose too much to the rule."""
    if _begins(word, begin, size, _GENER) or _begins(word, begin, size, _ARSEN):
        return begin + 5
    if _begins(word, begin, size, _COMMUN):
        return begin + 6
    return _region(word, begin, begin + size)


@njit(nogil=True)
def _step_1a(word, begin, size, r1, r2):
    rule = _rule(STEP_1A, word, begin, size)
    if rule < 0:
        return size, r1, r2
    if _SIZE[rule] == 1 and not _has_vowel(word, begin, begin + size - 2):
        return size, r1, r2
    if _SIZE[rule] == 3 and size <= 4:
        return _without(size, r1, r2, 1)  # ties -> tie
    return _replace(word, begin, size, r1, r2, rule)


@njit(nogil=True)
def _step_1b(word, begin, size, r1, r2):
    rule = _rule(STEP_1B, word, begin, size)
    if rule < 0:
        return size, r1, r2
    if _REGION[rule] == R1:
        if r1 < _SIZE[rule]:
            return size, r1, r2
        return _replace(word, begin, size, r1, r2, rule)
    if not _has_vowel(word, begin, begin + size - _SIZE[rule]):
        return size, r1, r2
    size, r1, r2 = _replace(word, begin, size, r1, r2, rule)
    # What is left may have lost an e, or doubled its last letter.
    end = begin + size
    last = np.int64(word[end - 1])
    second = np.int64(word[end - 2]) if size > 1 else 0
    at = second == _A and last == 116
    bl = second == 98 and last == _L
    iz = second == _I and last == 122
    if at or bl or iz:
        word[end] = _E
        size += 1
        r1 += 1
        if size > 5 or r1 >= 3:
            r2 += 1
    elif last == second and _is(_DOUBLED, last):
        size, r1, r2 = _without(size, r1, r2, 1)
    elif r1 == 0 and size >= 2 and _is(_VOWEL, second) and not _is(_VOWEL, last):
        short = size == 2
        if size > 2:
            short = not _is(_NOT_SHORT, last) and not _is(_VOWEL, word[end - 3])
        if short:
            word[end] = _E
            size += 1
    return size, r1, r2


@njit(nogil=True)
def _by_table(step, word, begin, size, r1, r2):
    """Steps 2, 3 and 4, which only need what the rules say."""
    rule = _rule(step, word, begin, size)
    if rule < 0:
        return size, r1, r2
    length = _SIZE[rule]
    if (r1 if _REGION[rule] == R1 else r2) < length:
        return size, r1, r2
    if _BEFORE[rule]:
        letter = np.int64(word[begin + size - length - 1]) - _A
        if letter < 0 or not _BEFORE[rule] >> letter & 1:
            return size, r1, r2
    return _replace(word, begin, size, r1, r2, rule)


@njit(nogil=True)
def _step_5(word, begin, size, r1, r2):
    """Take away a last e, or one l of two; return the size of the word."""
    if r1 == 0:
        return size
    end = begin + size
    last = word[end - 1]
    if last == _L:
        return size - 1 if r2 and word[end - 2] == _L else size
    if last != _E:
        return size
    if r2:
        return size - 1
    if size >= 4 and (
        _is(_VOWEL | _NOT_SHORT, word[end - 2])
        or not _is(_VOWEL, word[end - 3])
        or _is(_VOWEL, word[end - 4])
    ):
        return size - 1
    return size


@njit(nogil=True)
def _stem(word, begin, size):
    """Stem the word at ``word[begin:begin + size]`` where it stands; return its new size."""
    if size <= 2:
        return size
    rule = _rule(SPECIAL, word, begin, size)
    if rule >= 0 and _SIZE[rule] == size:
        return _replace(word, begin, size, 0, 0, rule)[0]
    if word[begin] == _APOSTROPHE:
        size -= 1
        for at in range(begin, begin + size):
            word[at] = word[at + 1]
    # A y that is no vowel is written Y until the end.
    for at in range(begin, begin + size):
        if word[at] == _LOWER_Y and (at == begin or _is(_VOWEL, word[at - 1])):
            word[at] = _UPPER_Y
    first = _r1(word, begin, size)
    r1 = begin + size - first
    r2 = begin + size - _region(word, first, begin + size)

    rule = _rule(STEP_0, word, begin, size)
    if rule >= 0:
        size, r1, r2 = _replace(word, begin, size, r1, r2, rule)
    size, r1, r2 = _step_1a(word, begin, size, r1, r2)
    size, r1, r2 = _step_1b(word, begin, size, r1, r2)
    if size > 2:
        last = word[begin + size - 1]
        if last in (_LOWER_Y, _UPPER_Y) and not _is(_VOWEL, word[begin + size - 2]):
            word[begin + size - 1] = _I
    for step in range(STEP_2, STEP_4 + 1):
        size, r1, r2 = _by_table(step, word, begin, size, r1, r2)
    size = _step_5(word, begin, size, r1, r2)
    for at in range(begin, begin + size):
        if word[at] == _UPPER_Y:
            word[at] = _LOWER_Y
    return size


@njit(nogil=True)
def _other(data, at):
    """How many bytes the character takes that begins at a byte >= 0x80; 0 if it is not known."""
    lead = np.int64(data[at])
    if lead >= 0xF0:
        return 0
    point = (lead & 0x1F) << 6 | (np.int64(data[at + 1]) & 0x3F)
    width = 2
    if lead >= 0xE0:
        point = (point & 0x3FF) << 6 | (np.int64(data[at + 2]) & 0x3F)
        width = 3
    if point < _OTHERS.size:
        return width if _OTHERS[point] else 0
    return width if 0x3041 <= point < 0xA000 or 0xAC00 <= point < 0xD7A4 else 0


@njit(nogil=True)
def _put_back(data, begin, end, out, part, put):
    """Put the characters of ``data[begin:end]`` back for which ``_OTHER`` stands in the word
    ``out[part:put]``; return where it ends now.
    """
    extra = 0
    for at in range(begin, end):
        extra += 0x80 <= data[at] < 0xC0
    to = put + extra
    for index in range(put - 1, part - 1, -1):
        to -= 1
        out[to] = out[index]
        if out[index] == _OTHER:
            end -= 1
            while data[end] < 0x80:
                end -= 1
            while data[end] < 0xC0:
                out[to] = data[end]
                to -= 1
                end -= 1
            out[to] = data[end]
    return put + extra


@njit(i8(read(u1), read(i8), made(u1), made(i8), made(u1)), cache=True, nogil=True)
def terms(data, starts, out, out_starts, left):
    """Write down the terms of folded forms (``analysis.stems.Stemmer.term``, for English).

    Arguments:
        data, starts: the forms as UTF-8, end to end; form f is ``data[starts[f]:starts[f + 1]]``.
        out: receives the terms; as long as ``data``, for no term is longer than its form.
        out_starts: receives where each term starts and the last one ends.
        left: a byte a form; receives 1 for a form with characters that are not known here, whose
            term is left empty.

    Returns:
        how many forms were left.
    """
    put = np.int64(0)
    many = 0
    out_starts[0] = 0
    for form in range(starts.size - 1):
        begin, end = starts[form], starts[form + 1]
        left[form] = 0
        while begin < end:
            # One part, and the sign behind it.
            part = put
            number = False
            at = begin
            others = 0
            while at < end and not _is(_JOINT, data[at]):
                byte = data[at]
                width = 1
                if byte >= 0x80:
                    width = _other(data, at)
                    if width == 0:
                        left[form] = 1
                        break
                    byte = np.uint8(_OTHER)
                    others += 1
                number = number or _is(_DIGIT, byte)
                out[put] = byte
                put += 1
                at += width
            if left[form]:
                break
            if not number:
                for index in range(part, put):
                    if 65 <= out[index] <= 90:
                        out[index] += 32
                put = part + _stem(out, part, put - part)
            if others:
                put = _put_back(data, begin, at, out, part, put)
            if at < end:
                out[put] = data[at]
                put += 1
            begin = at + 1
        if left[form]:
            put = out_starts[form]
            many += 1
        out_starts[form + 1] = put
    return many
