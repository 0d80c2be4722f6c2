"""``qsearch related``: a KEY -> the articles that this one links to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qsearch.cli.documents import Document
from qsearch.cli.failures import FOUND, NOTHING_FOUND
from qsearch.cli.keys import ambiguous, copies_of
from qsearch.cli.options import command
from qsearch.cli.output import is_terminal, tell, write, write_json
from qsearch.cli.safetext import one_line
from qsearch.cli.show_command import no_article
from qsearch.values import subject_key

if TYPE_CHECKING:
    from qsearch.article import Article, RelatedArticle
    from qsearch.opened import Index


@command("related", example="qsearch related /learn/biology/questions/what-is-osmosis")
@click.argument("key", metavar="KEY")
def related_command(key: str, folder: str, as_json: bool) -> int:
    """List what the article with this KEY links to.

    A KEY is a url, an id or a path. Each link is followed by its url, else by its id, and comes
    with whether that article is in the index. Copies of an article are taken together.
    """
    import qsearch

    with qsearch.open(folder) as index:
        found = copies_of(index, key)
        if len(found) > 1:
            firsts = [copies[0] for copies in found]
            raise ambiguous(key, firsts, "give the url of one of them")
        copies = found[0] if found else []
        related = _related(index, copies)
    if as_json:
        write_json({"url": copies[0].url if copies else None, "related": related})
    else:
        _show(related)
    if not copies:
        tell(no_article(key))
    elif not related:
        tell(f"the article {key} has no links")
    return FOUND if related else NOTHING_FOUND


def _related(index: Index, copies: list[Article]) -> list[Document]:
    links: dict[tuple[object, object], Document] = {}
    for article in copies:
        for link in article.related:
            target = _target(index, link)
            document = {
                "url": target.url if target else link.url,
                "id": target.id if target else link.id,
                "title": link.title or (target.title if target else ""),
                "subject": link.subject or (target.subject if target else ""),
                "found": target is not None,
            }
            links.setdefault((document["url"], document["id"]), document)
    return list(links.values())


def _target(index: Index, link: RelatedArticle) -> Article | None:
    """The article that a link leads to; of several with its id, the one of its subject."""
    if link.url and (article := index.get(link.url)):
        return article
    alike = index.by_id(link.id) if link.id else []
    subject = subject_key(link.subject)
    return min(
        alike,
        key=lambda article: subject not in map(subject_key, article.subjects),
        default=None,
    )


def _show(related: list[Document]) -> None:
    if not is_terminal():
        for link in related:
            write("\t".join(_cells(link)))
        return
    from qsearch.cli.terminal import Screen

    screen = Screen()
    for link in related:
        _, key, title, subject = _cells(link)
        screen.paragraph((title or key, "title"))
        missing = () if link["found"] else (("  missing in the index", "match"),)
        screen.line((key, "url" if link["found"] else "faint"), *missing, indent=2)
        if subject:
            screen.line((subject, "faint"), indent=2)


def _cells(link: Document) -> list[str]:
    state = "found" if link["found"] else "missing"
    key = link["url"] or f"id {link['id']}"
    return [state, *(one_line(text) for text in (key, link["title"], link["subject"]))]
