"""``qsearch delete``: a KEY -> one article less."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qsearch.cli.failures import FOUND, NOTHING_FOUND
from qsearch.cli.keys import ambiguous, articles_of
from qsearch.cli.options import command
from qsearch.cli.output import tell, write, write_json
from qsearch.cli.safetext import one_line, safe_name
from qsearch.cli.show_command import no_article

if TYPE_CHECKING:
    from qsearch.article import Article


@command("delete", example="qsearch delete /learn/biology/questions/what-is-osmosis")
@click.argument("key", metavar="KEY")
@click.option("--all", "all_of_them", is_flag=True, help="Delete every article that has this id.")
def delete_command(key: str, all_of_them: bool, folder: str, as_json: bool) -> int:
    """Delete the article with this KEY (a url, an id or a path).

    It is deleted from the index. The file that it was read from stays, so a later 'qsearch index'
    of that file may bring it back.
    """
    import qsearch

    with qsearch.open(folder) as index, index.writer() as writer:
        index.refresh()  # now that nobody else writes
        found = articles_of(index, key)
        if len(found) > 1 and not all_of_them:
            raise ambiguous(key, found, "give the url of one, or --all")
        for article in found:
            writer.delete(article.url)
    if as_json:
        write_json({"deleted": [article.url for article in found]})
    else:
        for article in found:
            write(f"deleted {one_line(article.url)}")
    for article in found:
        if file := _file_that_stays(article):
            tell(f"note: {file} still holds it: a later 'qsearch index' of it may bring it back")
    if not found:
        tell(no_article(key))
    return FOUND if found else NOTHING_FOUND


def _file_that_stays(article: Article) -> str | None:
    path = article.path
    return safe_name(path) if path is not None and Path(path).exists() else None
