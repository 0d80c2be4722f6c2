r"""The commonest shape of front matter, read line by line without a YAML parser.

Lines of ``name: value`` at the left edge, one level of them indented below a ``name:``; values that
are plain or in quotes, on one line, or ``>-`` blocks of lines indented alike. That is the front
matter that programs write. Each rule below is YAML's, narrowed to where it is simple
(https://yaml.org/spec/1.1/, chapter 9); whatever else a text holds, faults above all, is left to
``frontmatter``.
"""

from __future__ import annotations

import re

from qsearch.reading.records import NULLS, Fields

LEVELS = 2
"""How deeply what is read here can be nested: a block of fields below a name."""

# One line with its value, and blank lines after it; or else the rest of any line.
_LINE = re.compile(
    r"( *)([A-Za-z_][A-Za-z0-9_]{0,99}):"
    r"(?: >-\n(\1 +)([^ \n].*(?:\n\3[^ \n].*)*)"  # a block whose lines are indented alike
    # Plain: it begins with nothing that YAML knows, and holds no end of a name and no comment.
    r"| +((?:[A-Za-z0-9/]|-[0-9])[^:#\n]*(?:(?::(?![ \n])|(?<! )#)[^:#\n]*)*)"
    r"""| +"([^"\\\n]+)" *"""
    r"| +'([^'\n]+)' *"
    r"| *)\n+"
    r"|(.*\n)",
    re.MULTILINE,
)
# All but line feeds and what YAML calls printable, further its other breaks and byte order marks.
_ODD = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_ASCII = bytes([ord("\n"), *range(0x20, 0x7F)])


def regular_fields(text: str) -> Fields | None:
    """The fields of a front matter of the commonest shape; None for any other text.

    The fields are those of ``yamlfields.parse_with_cuts``, but for the places, which are None.
    """
    if not text.endswith("\n") or _is_odd(text):
        return None
    fields: Fields = {}
    block = fields  # where names go now
    inside = ""  # how they are indented there
    opened = ""  # the name at the left edge whose value may begin on this line
    for indent, name, deeper, folded, plain, double, single, other in _LINE.findall(text):
        if other:
            return None
        if not indent:
            block, inside = fields, ""
        elif opened:
            block, inside = {}, indent
            fields[opened] = block, None
        elif indent != inside:
            return None
        if name in block:
            return None
        marked = (
            folded.replace("\n" + deeper, " ") if "\n" in folded else folded or double or single
        )
        value = marked or plain.rstrip(" ")
        block[name] = value if marked or value not in NULLS else None, None
        opened = "" if indent or value else name
    return fields


def _is_odd(text: str) -> bool:
    """Whether a character is a break, a mark or a control character to YAML."""
    if text.isascii():
        return bool(text.encode().translate(None, _ASCII))
    return _ODD.search(text) is not None
