r"""Texts of articles, which nobody vouches for, made safe to show.

A title may hold escape sequences that move the cursor, rename the window, make one link look like
another (OSC 8), or characters that reverse the direction of what follows. They are shown as what
they are, ``\x1b`` or ``\u202e``, and never reach the terminal.
"""

from __future__ import annotations

import json
import re

# All control characters (C0, DEL, C1), what turns the direction of writing, line separators that
# only some programs know, invisible annotations and tags, and halves of surrogate pairs (from
# file names that are no UTF-8). Joiners stay: scripts and emoji need them.
_STEERING = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff"
    r"\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
)
_UNSAFE = re.compile(f"[{_STEERING}]")
_UNSAFE_IN_NAME = re.compile(rf"[\n\t{_STEERING}]")
_BREAKS = re.compile(r"[\n\t]+")


def safe(text: str) -> str:
    """Return a text whose only control characters are line breaks and tabs."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(_escape, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return a text as one line without any control character; line breaks become spaces."""
    return _BREAKS.sub(" ", safe(text)).strip(" ")


def safe_name(name: str) -> str:
    """Return the name of a file as one line; of it nothing is left out, not even a line break."""
    return _UNSAFE_IN_NAME.sub(_escape, name)


def json_text(document: object, *, ascii_only: bool = False, indent: int | None = None) -> str:
    """Return a document as JSON in which everything that ``safe`` escapes is escaped too."""
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent, allow_nan=False)
    return text if text.isascii() and "\x7f" not in text else _UNSAFE.sub(_json_escape, text)


def _escape(match: re.Match[str]) -> str:
    number = ord(match.group())
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _json_escape(match: re.Match[str]) -> str:
    # A character of a JSON text that is unsafe can only stand within a string.
    return r"\u007f" if match.group() == "\x7f" else json.dumps(match.group())[1:-1]
