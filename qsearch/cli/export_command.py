"""``qsearch export``: the articles of an index, in the format that ``qsearch index`` reads, or as
an index of Whoosh's own.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from qsearch import checks
from qsearch.cli.failures import FOUND
from qsearch.cli.options import command
from qsearch.cli.output import json_line, tell, write, write_json
from qsearch.cli.safetext import safe_name

if TYPE_CHECKING:
    from qsearch.article import Article


@command("export", example="qsearch export > articles.jsonl\nqsearch export --whoosh whoosh-index")
@click.option(
    "--whoosh", "target", metavar="DIR",
    help="Write an index of Whoosh 2.7 to this folder, new or empty, instead of printing.",
)  # fmt: skip
def export_command(target: str | None, folder: str, as_json: bool) -> int:
    """Print every article as JSON Lines.

    'qsearch index' reads this format. What was read from files comes back as it is. An article
    made in Python may hold what the format can't say, such as a backslash and an n outside
    mathematics that are no line break; it is printed, and named on standard error.

    With --whoosh the articles become an index that whoosh.index.open_dir opens, with the fields
    url, id, title, question, answer, keywords, subject and date and with the words as qsearch
    finds them. It needs no qsearch to be opened; without it, queries are cut by parts of Whoosh,
    which find plain words in all their forms, but not formulae, code and the like.
    """
    import qsearch

    if target is not None:
        return _export_whoosh(target, folder, as_json)
    with qsearch.open(folder) as index:
        unlike = _print_all(index, as_json)
    for url in unlike:
        tell(f"note: reading this article back gives another text (line breaks, blanks): {url}")
    return FOUND


def _export_whoosh(target: str, folder: str, as_json: bool) -> int:
    from qsearch.cli.progress import progress
    from qsearch.index.snapshot import Snapshot
    from qsearch.storage import FolderStorage
    from qsearch.whoosh_export.export import export_whoosh

    path = checks.folder("--whoosh", target)
    snapshot = Snapshot.newest(FolderStorage(checks.folder("--index", folder)))
    with progress("writing", "articles") as show:
        count = export_whoosh(snapshot, path, show)
    if as_json:
        write_json({"path": str(path), "articles": count})
    else:
        write(f"{count:,} articles are in {safe_name(str(path))}")
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
    from qsearch.reading.content import articles_in

    stream = io.BufferedReader(io.BytesIO(line.encode()))
    return list(articles_in(stream, path="/export.jsonl", limits=Limits())) == [article]
