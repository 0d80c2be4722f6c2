r"""The ``\n`` rule: where the two characters ``\n`` of a text in a file are a line break.

The articles hold their line breaks as a backslash and an ``n``, beside LaTeX that begins with the
same two characters (``\neq``, ``\nabla``). The rule, for the two file formats only:

1. Inside mathematics (``qsearch.mathtext``, looked for in the text as it was written) nothing is
   decoded.
2. Outside, ``\n`` is a line break, unless the backslash and all the ASCII letters after it are a
   LaTeX command: ``\neq 0`` stays, ``\nNext`` is a line break and ``Next``.
3. ``\\n`` is one line break too, and both backslashes go. In code (between backticks) it stays as
   it is: there it is the escape of a programming language.
4. Of a longer run of backslashes only the last one (of an odd run) or two (of an even run) belong
   to the ``n``; the others come in pairs, each of which ends a row in LaTeX, and stay.

Real line breaks, which JSON can hold, stay.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from qsearch.mathtext import N_COMMANDS, math_spans

# The second group is optional so that a run of backslashes is looked at once, n or not.
_BACKSLASHES = re.compile(r"(\\+)(n[A-Za-z]*)?")
_COMMANDS = "|".join(name[1:] for name in sorted(N_COMMANDS))
_INITIALS = "".join(sorted({name[1] for name in N_COMMANDS}))
_BREAK = re.compile(r"\\n")  # which replaces sooner than ``str.replace``
# A backslash that is not that of a line break in its commonest form. The letters that commands go
# on with are looked at first: that says no to nearly every line break, and sooner.
_OTHER = re.compile(rf"\\(?:[^n]|\Z|n(?=[{_INITIALS}])(?:{_COMMANDS})(?![A-Za-z]))", re.DOTALL)

_BACKTICKS = re.compile(r"`+")
_FENCE_LENGTH = 3
_PARAGRAPH = re.compile(r"\n[ \t]*\n|(?<!\\)\\n[ \t]*\\n")


def decode_line_breaks(text: str) -> str:
    r"""The text with the two characters ``\n`` replaced by a line break where they are one.

    The time is linear in the length of the text, but for a logarithm of the spans of code.
    """
    if "\\" not in text:
        return text
    if "$" not in text and _OTHER.search(text) is None:
        return _BREAK.sub("\n", text)
    # Code matters to ``\\n`` only, which one article in a hundred holds.
    code = list(_code_spans(text)) if "\\\\n" in text and "`" in text else []
    parts = []
    done = 0
    for start, end in math_spans(text):
        parts.append(_decode_outside_math(text, done, start, code))
        parts.append(text[start:end])
        done = end
    parts.append(_decode_outside_math(text, done, len(text), code))
    return "".join(parts)


def _decode_outside_math(text: str, start: int, end: int, code: list[tuple[int, int]]) -> str:
    piece = text[start:end]
    if "\\" not in piece:
        return piece
    if _OTHER.search(piece) is None:
        return _BREAK.sub("\n", piece)

    def replacement(match: re.Match[str]) -> str:
        backslashes, word = match.groups()
        odd = len(backslashes) % 2
        if not word or (odd and word in N_COMMANDS):
            return match.group()
        if not odd and _is_inside(code, start + match.start()):
            return match.group()
        return backslashes[: -1 if odd else -2] + "\n" + word[1:]

    return _BACKSLASHES.sub(replacement, piece)


def _is_inside(spans: list[tuple[int, int]], at: int) -> bool:
    before = bisect_left(spans, (at + 1, 0)) - 1
    return before >= 0 and at < spans[before][1]


def _code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of each piece of code: from a run of backticks to the next as long.

    A fence (three or more) that is never closed lasts to the end of the text; a shorter run is
    code only if it is closed in the same paragraph.
    """
    runs = [match.span() for match in _BACKTICKS.finditer(text)]
    by_length: dict[int, list[int]] = {}
    for index, (start, end) in enumerate(runs):
        by_length.setdefault(end - start, []).append(index)
    index = 0
    while index < len(runs):
        start, end = runs[index]
        alike = by_length[end - start]
        later = bisect_right(alike, index)
        closing = alike[later] if later < len(alike) else None
        is_fence = end - start >= _FENCE_LENGTH
        if closing is None and is_fence:
            yield start, len(text)
            return
        if closing is None or (not is_fence and _PARAGRAPH.search(text, end, runs[closing][0])):
            index += 1
            continue
        yield start, runs[closing][1]
        index = closing + 1
