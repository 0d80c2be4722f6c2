"""``qsearch show``: a KEY -> the whole article."""

from __future__ import annotations

import click

from qsearch.cli.documents import Document
from qsearch.cli.failures import FOUND, NOTHING_FOUND
from qsearch.cli.keys import Copies, copies_of
from qsearch.cli.options import command
from qsearch.cli.output import is_terminal, tell, write_json


@command(
    "show", example="qsearch show 22332\nqsearch show /learn/biology/questions/what-is-osmosis"
)
@click.argument("key", metavar="KEY")
def show_command(key: str, folder: str, as_json: bool) -> int:
    """Show the whole article with this KEY.

    A KEY is a url, an id or the path of a file. If several articles have the id or are in the file,
    each one is shown; copies of an article are shown once, with all their urls.
    """
    import qsearch

    with qsearch.open(folder) as index:
        found = copies_of(index, key)
    if as_json:
        write_json({"articles": [_document(copies) for copies in found]})
    else:
        _show(found)
    if not found:
        tell(no_article(key))
    return FOUND if found else NOTHING_FOUND


def no_article(key: str) -> str:
    """Return the line for a KEY that the index doesn't have."""
    return f"no article has the url, the id or the path {key}; find its url with 'qsearch search'"


def _document(copies: Copies) -> Document:
    article = copies[0]
    return {
        **article.to_dict(),
        "urls": [copy.url for copy in copies],
        "path": article.path,
        "line": article.line,
    }


def _show(found: list[Copies]) -> None:
    from qsearch.cli.show_view import show_in_pipe, show_on_terminal

    if is_terminal():
        show_on_terminal(found)
    else:
        show_in_pipe(found)
