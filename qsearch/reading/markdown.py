"""From the bytes of a Markdown file to the article in its front matter.

What follows the front matter is no part of the article and is not even decoded.
"""

from __future__ import annotations

import re
from contextlib import suppress

from qsearch.article import Article
from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.faults import Fault, line_and_column
from qsearch.reading.fields import article_from
from qsearch.reading.regular import LEVELS, regular_fields

_BOM = b"\xef\xbb\xbf"
_OPENING = re.compile(rb"---[ \t]*(?:\r?\n|\Z)")
_CLOSING = re.compile(rb"\n---[ \t]*\r?(?=\n|\Z)")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"-\0", b"\0-")


def read_markdown(data: bytes, *, path: str, limits: Limits) -> Article:
    """The article that a Markdown file holds.

    Arguments:
        data: the bytes of the file.
        path: its absolute path, for the article and for errors.
        limits: ``front_matter_bytes`` and ``nesting`` apply.

    Raises:
        ArticleError: it holds none that can be read; line and column are those of the cause.
    """

    def refusal(reason: str, line: int, column: int = 1) -> ArticleError:
        return ArticleError(reason, path=path, line=line, column=column)

    if data.startswith(_UTF_16):
        raise refusal("the file is UTF-16 text: save it as UTF-8", 1)
    data = data.removeprefix(_BOM)
    content = data.lstrip()
    if not content:
        raise refusal("the file is empty", 1)
    start = data.rfind(b"\n", 0, len(data) - len(content)) + 1
    first_line = data.count(b"\n", 0, start) + 1
    opening = _OPENING.match(data, start)
    if not opening:
        raise refusal("there is no front matter: the first line must be just ---", first_line)
    # The line break that ends the opening line can begin the closing one: an empty front matter.
    end = _closing(data, opening.end() - 1)
    if end is None:
        raise refusal(
            "the front matter that opens here has no closing line of just ---", first_line
        )
    front = data[opening.end() : end + 1]
    if len(front) > limits.front_matter_bytes:
        allowed = limits.front_matter_bytes
        raise refusal(f"the front matter is longer than {allowed:,} bytes", first_line)
    try:
        text = front.decode("utf-8")
    except UnicodeDecodeError as error:
        readable = front[: error.start].decode("utf-8")
        line, column = line_and_column(readable, len(readable))
        reason = f"the byte 0x{front[error.start]:02X} is no UTF-8 text: save the file as UTF-8"
        raise refusal(reason, first_line + line, column) from None
    try:
        return _article(text, path, first_line, limits.nesting)
    except Fault as fault:
        line, column = line_and_column(text, fault.at or 0)
        raise refusal(fault.reason, first_line + line, column) from None


def _closing(data: bytes, start: int) -> int | None:
    """Where the line break before the closing line is; looked for from ``start`` on."""
    while (at := data.find(b"\n---", start)) >= 0:
        if _CLOSING.match(data, at):
            return at
        start = at + 1
    return None


def _article(text: str, path: str, line: int, nesting: float) -> Article:
    """The article of a front matter. Only YAML's events know places, so they find every fault."""
    fields = regular_fields(text) if nesting >= LEVELS else None
    if fields is not None:
        with suppress(Fault):
            return article_from(fields, path=path, line=line, decoded=True)
    from qsearch.reading.frontmatter import parse_front_matter  # what few files need

    return article_from(parse_front_matter(text, nesting=nesting), path=path, line=line)
