"""Word forms -> terms, in compiled code: the English Snowball stemmer as NLTK computes it.

The algorithm is the one of https://snowballstem.org/algorithms/english/stemmer.html (M. F. Porter),
with what NLTK does otherwise. A word stands in the output and is changed at its end only, so the
regions R1 and R2 are kept as their lengths. The rules are a table: at each step the longest suffix
that matches decides, whether or not its condition holds.

``analysis.vocabulary`` uses this only where the installed NLTK gives the same terms.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from qsearch.compiled.signature import i8, made, read, u1

_WORD, _R1, _R2 = 0, 1, 2
_SHRINKS, _GONE, _ONE = -1, 0, 1


class _Rule(NamedTuple):
    """One suffix of one step.

    Attributes:
        step: where it belongs.
        suffix, put: what is taken away and what comes in its place.
        region: the part of the word that has to hold the suffix.
        before: the letters of which one has to stand before it; empty for any.
        rest: the length that R2 has afterwards if it did not hold the whole suffix. Taking letters
            away shrinks it; where NLTK writes another ending it forgets R2, or keeps an e.
    """

    step: int
    suffix: bytes
    put: bytes
    region: int
    before: bytes = b""
    rest: int = _SHRINKS


_SPECIAL, _STEP_0, _STEP_1A, _STEP_1B, _STEP_2, _STEP_3, _STEP_4 = range(7)

# Whole words with their stems. The published algorithm looks for inning to succeed after step 1a;
# NLTK looks for them and their inflections before everything else.
_SPECIAL_WORDS = """skis:ski skies:sky dying:die lying:lie tying:tie idly:idl gently:gentl
ugly:ugli early:earli only:onli singly:singl sky:sky news:news howe:howe atlas:atlas cosmos:cosmos
bias:bias andes:andes inning:inning innings:inning outing:outing outings:outing canning:canning
cannings:canning herring:herring herrings:herring earring:earring earrings:earring proceed:proceed
proceeds:proceed proceeded:proceed proceeding:proceed exceed:exceed exceeds:exceed exceeded:exceed
exceeding:exceed succeed:succeed succeeds:succeed succeeded:succeed succeeding:succeed"""


def _rules(
    step: int, pairs: str, region: int, before: str = "", rest: int = _SHRINKS
) -> list[_Rule]:
    made = []
    for pair in pairs.split():
        suffix, put = pair.encode().split(b":")
        made.append(_Rule(step, suffix, put, region, before.encode(), rest))
    return made


_RULES = sorted(
    [
        *_rules(_SPECIAL, _SPECIAL_WORDS, _WORD),
        *_rules(_STEP_0, "'s': 's: ':", _WORD),
        *_rules(_STEP_1A, "sses:ss ied:i ies:i us:us ss:ss s:", _WORD),
        *_rules(_STEP_1B, "eed:ee eedly:ee", _R1, rest=_GONE),
        *_rules(_STEP_1B, "ed: edly: ing: ingly:", _WORD),
        *_rules(_STEP_2, "tional:tion enci:ence anci:ance abli:able entli:ent", _R1),
        *_rules(_STEP_2, "fulness:ful fulli:ful lessli:less", _R1),
        *_rules(_STEP_2, "ogi:og", _R1, before="l"),
        *_rules(_STEP_2, "li:", _R1, before="cdeghkmnrt"),
        *_rules(_STEP_2, "izer:ize ization:ize alism:al aliti:al alli:al", _R1, rest=_GONE),
        *_rules(_STEP_2, "ousli:ous ousness:ous biliti:ble bli:ble", _R1, rest=_GONE),
        *_rules(_STEP_2, "ational:ate ation:ate ator:ate iveness:ive iviti:ive", _R1, rest=_ONE),
        *_rules(_STEP_3, "tional:tion alize:al ful: ness:", _R1),
        *_rules(_STEP_3, "ational:ate icate:ic iciti:ic ical:ic", _R1, rest=_GONE),
        *_rules(_STEP_3, "ative:", _R2),
        *_rules(_STEP_4, "al: ance: ence: er: ic: able: ible: ant: ement: ment: ent:", _R2),
        *_rules(_STEP_4, "ism: ate: iti: ous: ive: ize:", _R2),
        *_rules(_STEP_4, "ion:", _R2, before="st"),
    ],
    key=lambda rule: (rule.step, rule.suffix[-1], -len(rule.suffix)),
)


def _padded(texts: list[bytes]) -> np.ndarray:
    width = max(map(len, texts))
    joined = b"".join(text.ljust(width, b"\0") for text in texts)
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, width)


def _letters(letters: bytes) -> int:
    """A bit for each letter."""
    return sum(1 << (letter - 97) for letter in letters)


_SUFFIX = _padded([rule.suffix for rule in _RULES])
_SIZE = np.array([len(rule.suffix) for rule in _RULES])
_PUT = _padded([rule.put for rule in _RULES])
_PUT_SIZE = np.array([len(rule.put) for rule in _RULES])
_REGION = np.array([rule.region for rule in _RULES])
_BEFORE = np.array([_letters(rule.before) for rule in _RULES])
_REST = np.array([rule.rest for rule in _RULES])
# Where the rules begin that are of a step and end with a byte: 256 numbers a step, and one.
_FIRST = np.searchsorted(
    np.array([256 * rule.step + rule.suffix[-1] for rule in _RULES]), np.arange(256 * 7 + 1)
)

# What a byte of a form is.
_VOWEL, _DIGIT, _JOINT, _DOUBLED, _NOT_SHORT = 1, 2, 4, 8, 16
_KINDS = np.zeros(256, dtype=np.uint8)
for _kind, _bytes in (
    (_VOWEL, b"aeiouy"),
    (_DIGIT, b"0123456789"),
    (_JOINT, b"-._=+#"),
    (_DOUBLED, b"bdfgmnprt"),
    (_NOT_SHORT, b"wxY"),
):
    _KINDS[np.frombuffer(_bytes, dtype=np.uint8)] |= np.uint8(_kind)

# A character that is not ASCII is one byte while its word is stemmed: a consonant to every rule.
_OTHER = 0x80
# Those that are nothing else to NLTK (no digit, no capital, no apostrophe), by code point; above,
# kana, Han and Hangul are none of these.
_OTHERS = np.array(
    [
        char > "\x7f" and char.lower() == char and not char.isdigit() and char not in "‘’‛"
        for char in map(chr, range(0x2400))
    ]
)

_LOWER_Y, _UPPER_Y, _A, _E, _I, _L, _APOSTROPHE = 121, 89, 97, 101, 105, 108, 39


def probes() -> list[str]:
    """Return words that meet every rule, on stems of many shapes.

    A stemmer that gives the same terms for these follows the same rules.
    """
    stems = (
        "",
        "t",
        "ab",
        "yet",
        "hop",
        "fall",
        "abl",
        "relat",
        "gener",
        "commun",
        "valet",
        "banalit",
    )
    suffixes = [rule.suffix.decode() for rule in _RULES if rule.step != _SPECIAL]
    words = [rule.suffix.decode() for rule in _RULES if rule.step == _SPECIAL]
    words += [stem + suffix for suffix in suffixes for stem in stems]
    return [*words, "say", "cry", "by", "rate", "cease", "control", "arsenal", "'twas", "a.b2-c'd"]


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
    if rest == _SHRINKS or r2 >= length:
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
    np.frombuffer(prefix, dtype=np.uint8) for prefix in (b"gener", b"arsen", b"commun")
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
    rule = _rule(_STEP_1A, word, begin, size)
    if rule < 0:
        return size, r1, r2
    if _SIZE[rule] == 1 and not _has_vowel(word, begin, begin + size - 2):
        return size, r1, r2
    if _SIZE[rule] == 3 and size <= 4:
        return _without(size, r1, r2, 1)  # ties -> tie
    return _replace(word, begin, size, r1, r2, rule)


@njit(nogil=True)
def _step_1b(word, begin, size, r1, r2):
    rule = _rule(_STEP_1B, word, begin, size)
    if rule < 0:
        return size, r1, r2
    if _REGION[rule] == _R1:
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
    if (r1 if _REGION[rule] == _R1 else r2) < length:
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
    rule = _rule(_SPECIAL, word, begin, size)
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

    rule = _rule(_STEP_0, word, begin, size)
    if rule >= 0:
        size, r1, r2 = _replace(word, begin, size, r1, r2, rule)
    size, r1, r2 = _step_1a(word, begin, size, r1, r2)
    size, r1, r2 = _step_1b(word, begin, size, r1, r2)
    if size > 2:
        last = word[begin + size - 1]
        if last in (_LOWER_Y, _UPPER_Y) and not _is(_VOWEL, word[begin + size - 2]):
            word[begin + size - 1] = _I
    for step in range(_STEP_2, _STEP_4 + 1):
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
