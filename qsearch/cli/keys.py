"""The articles that a KEY means: the one with this url, else those with this id, else those of the
file with this path.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qsearch.errors import ArgumentError

if TYPE_CHECKING:
    from qsearch.article import Article
    from qsearch.opened import Index

Copies = list["Article"]
"""Articles with one id, question and answer, ordered by url; never empty."""


def articles_of(index: Index, key: str) -> list[Article]:
    """Return the article with this url, else those with this id, ordered by url, else those of the
    file with this path, which may end in ``#`` and an anchor.
    """
    # A command line may hold bytes that are no UTF-8; no key does.
    key = key.encode("utf-8", "replace").decode()
    article = index.get(key)
    if article is not None:
        return [article]
    if not key or "\0" in key:
        return []
    if found := index.by_id(key) or index.by_path(key):
        return found
    path, sharp, anchor = key.rpartition("#")
    parts = index.by_path(path) if sharp and path else []
    return [part for part in parts if part.url.endswith(f"#{anchor}")]


def copies_of(index: Index, key: str) -> list[Copies]:
    """Return what a KEY means with copies put together.

    By url: the article, and behind it its copies. By id and path: each distinct article.
    """
    found = articles_of(index, key)
    if len(found) == 1 and found[0].id is not None:
        (article,) = found
        others = [copy for copy in index.by_id(article.id or "") if copy != article]
        found = [article, *(copy for copy in others if _texts(copy) == _texts(article))]
    groups: dict[tuple[str, str], Copies] = {}
    for article in found:
        groups.setdefault(_texts(article), []).append(article)
    return list(groups.values())


def ambiguous(key: str, articles: Sequence[Article], advice: str) -> ArgumentError:
    """Return the error for a KEY that means several articles where one is wanted."""
    urls = ", ".join(article.url for article in articles)
    what = "have the id" if all(one.id == key for one in articles) else "are in"
    return ArgumentError(f"{len(articles)} articles {what} {key}: {advice}: {urls}")


def _texts(article: Article) -> tuple[str, str]:
    return article.question, article.answer
