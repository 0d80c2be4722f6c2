r"""The commonest shape of front matter, read line by line without a YAML parser.

Lines of ``name: value`` at the left edge, one level of them indented below a ``name:``; values that
are plain or in quotes, on one line, or ``>-`` blocks of lines indented alike. That is the front
matter that programs write. Each rule below is YAML's, narrowed to where it is simple
(https://yaml.org/spec/1.1/, chapter 9); whatever else a text holds, faults above all, is left to
``frontmatter``.
"""

from __future__ import annotations

import re

from qsearch.markup.pattern import Pattern
from qsearch.reading.records import MISSING, NULLS, Fields

_LONG = max(map(len, NULLS)) + 1

LEVELS = 2
"""How deeply what is read here can be nested: a block of fields below a name."""

# One line with its value, and blank lines after it; or else any line, whose groups are empty.
_LINE = re.compile(
    r"( *)([A-Za-z_][A-Za-z0-9_]{0,99}):"
    r"(?: >-\n(\1 +)([^ \n].*(?:\n\3[^ \n].*)*)"  # a block whose lines are indented alike
    # Plain: it begins with nothing that YAML knows, and holds no end of a name and no comment.
    r"| +((?:[A-Za-z0-9/]|-[0-9])[^:#\n]*(?:(?::(?![ \n])|(?<! )#)[^:#\n]*)*)"
    r"""| +("[^"\\\n]+"|'[^'\n]+') *"""
    r"| *)\n+"
    r"|.*\n",
    re.MULTILINE,
)
# All but line feeds and what YAML calls printable, further its other breaks and byte order marks.
_ODD = Pattern(  # which takes milliseconds to compile
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_ODD_ONES = "\u2028\u2029\ufeff\ufffe\uffff"
# Bytes of UTF-8 but for those that are odd by themselves.
_EVEN = bytes([ord("\n"), *range(0x20, 0x7F), *range(0x80, 0x100)])


def regular_fields(text: str) -> Fields | None:
    """The fields of a front matter of the commonest shape; None for any other text.

    The fields are those of ``yamlfields.parse_with_cuts``, but for the places, which are None.
    """
    if not text.endswith("\n") or _is_odd(text):
        return None
    fields: Fields = {}
    block = fields  # where names go now
    blocks = [fields]
    inside = ""  # how they are indented there
    opened = ""  # the name at the left edge whose value may begin on this line
    lines = _LINE.findall(text)
    for indent, name, deeper, folded, plain, quoted in lines:
        if not indent:
            block, inside = fields, ""
        elif opened:
            block, inside = {}, indent
            fields[opened] = block, None
            blocks.append(block)
        elif indent != inside:
            return None
        opened = ""
        if plain:
            value = plain.rstrip(" ")
            block[name] = None if len(value) < _LONG and value in NULLS else value, None
        elif folded:
            block[name] = folded.replace("\n" + deeper, " ") if "\n" in folded else folded, None
        elif quoted:
            block[name] = quoted[1:-1], None
        elif name:
            block[name] = MISSING
            if not indent:
                opened = name
        else:
            return None
    # Fewer names than lines: one was given twice.
    return fields if sum(map(len, blocks)) == len(lines) else None


def _is_odd(text: str) -> bool:
    """Whether a character is a break, a mark or a control character to YAML."""
    raw = text.encode("utf-8", "surrogatepass")
    if raw.translate(None, _EVEN):
        return True
    if text.isascii():
        return False
    # Looked for one by one, for that takes less time than any pattern. The two bytes begin controls
    # and halves of surrogate pairs, but other characters, too.
    if b"\xc2" in raw or b"\xed" in raw:
        return _ODD.search(text) is not None
    return any(map(text.__contains__, _ODD_ONES))
