"""``qsearch export``: the articles of an index, in the format that ``qsearch index`` reads."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from qsearch.cli.failures import FOUND
from qsearch.cli.options import command
from qsearch.cli.output import json_line, tell

if TYPE_CHECKING:
    from qsearch.article import Article


@command("export", example="qsearch export > articles.jsonl")
def export_command(folder: str, as_json: bool) -> int:
    """Print every article as JSON Lines.

    'qsearch index' reads this format. What was read from files comes back as it is. An article
    made in Python may hold what the format can't say, such as a backslash and an n outside
    mathematics that are no line break; it is printed, and named on standard error.
    """
    import qsearch

    with qsearch.open(folder) as index:
        unlike = _print_all(index, as_json)
    for url in unlike:
        tell(f"note: reading this article back gives another text (line breaks, blanks): {url}")
    return FOUND


def _print_all(articles: Iterable[Article], as_json: bool) -> list[str]:
    """Print articles; return the urls of those that would not be read back as they are."""
    unlike = []
    out = sys.stdout
    before, between, after = ('{"articles": [\n', ",\n", "\n]}\n") if as_json else ("", "\n", "\n")
    out.write(before)
    number = -1
    for number, article in enumerate(articles):
        line = json_line(article.to_dict())
        out.write(between * (number > 0) + line)
        if not _comes_back(article, line):
            unlike.append(article.url)
    if number >= 0 or as_json:
        out.write(after)
    return unlike


def _comes_back(article: Article, line: str) -> bool:
    from qsearch.limits import Limits
    from qsearch.reading.jsonlines import read_json_lines

    stream = io.BufferedReader(io.BytesIO(line.encode()))
    return list(read_json_lines(stream, path="", limits=Limits())) == [article]
