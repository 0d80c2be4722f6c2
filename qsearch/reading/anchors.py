"""The anchors that GitHub gives to headings.

https://github.com/gjtorikian/html-pipeline, ``TableOfContentsFilter``: in small letters, without
what is no letter, mark, digit, ``_`` or ``-``; spaces become ``-``; what comes again is numbered.
"""

from __future__ import annotations

import re
import unicodedata

_KEPT = ("L", "M", "Nd", "Pc")
# A link or an image is its text; tags, emphasis and marks of code are not there once it is shown.
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:[ \t][^()]*)?\)|\[[^\[\]]*\])")
_CODE = re.compile(r"(`+)(.+?)\1")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_EMPHASIS = re.compile(r"(\*{1,3}|(?<!\w)_{1,3})(?=\S)(.+?)(?<=\S)(?:\1)(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LONGEST = 2_000


def shown_heading(text: str) -> str:
    """A heading as it is shown: without marks of links, emphasis and code."""
    pieces: list[str] = []
    done = 0
    for code in _CODE.finditer(text[:_LONGEST]):
        pieces += (_shown_prose(text[done : code.start()]), code[2].strip())
        done = code.end()
    pieces.append(_shown_prose(text[done:_LONGEST]))
    return "".join(pieces).strip()


def _shown_prose(text: str) -> str:
    if not text or text.isalnum():
        return text
    text = _TAG.sub("", _LINK.sub(r"\1", text))
    text = _EMPHASIS.sub(r"\2", text)
    if "&" in text:
        import html

        text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    return _ESCAPE.sub(r"\1", text)


class Anchors:
    """Gives out the anchors of one file, in the order of its headings."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def of(self, text: str) -> str:
        """The anchor of the next heading."""
        name = "".join(filter(_is_kept, shown_heading(text).lower())).replace(" ", "-")
        anchor = name
        while anchor in self._given:
            self._given[name] += 1
            anchor = f"{name}-{self._given[name]}"
        self._given[anchor] = 0
        return anchor


def _is_kept(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in "-_ "
    return unicodedata.category(char).startswith(_KEPT)
