"""Full-text search for question-and-answer collections.

    index = qsearch.open(path, create=True)          an Index; qsearch.create makes a new one
    index.sync(articles)                             what a table holds now, in one commit
    index.update(paths)                              what files and folders hold now
    with index.writer() as writer:                   single changes: writer.add, writer.delete
        writer.add(qsearch.Article(url="/a", title="Why?", answer="So."))
    results = index.search("why", subject="Physics") best first; results.to_dict() is its JSON
    for hit in results:                              hit.title, hit.url, hit.score, hit.snippet
        ...

- Data: ``Article``, ``RelatedArticle``; ``read_articles`` reads files.
- An index: ``Index``, ``Writer``; what a run did: ``Report``; figures: ``Stats``; settings:
  ``Ranking``, ``Limits``.
- Answers: ``Results``, ``Hit``, ``Snippet``, ``Note``.
- Errors: ``Error`` is the base of ``ArticleError``, ``ArgumentError``, ``QueryError``,
  ``LimitExceeded``, ``IndexNotFound``, ``IndexExists``, ``IndexLocked``, ``IndexCorrupt``,
  ``IndexTooNew`` and ``IndexTooOld``.

``help(qsearch.Index)`` says more of one of them. Everything public is named in ``__all__``; other
modules are private. Importing this package loads nothing but itself: each name brings what it needs
when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from qsearch._version import __version__

if TYPE_CHECKING:
    from qsearch.api import create, open  # noqa: A004
    from qsearch.article import Article, RelatedArticle
    from qsearch.errors import (
        ArgumentError,
        ArticleError,
        Error,
        IndexCorrupt,
        IndexExists,
        IndexLocked,
        IndexNotFound,
        IndexTooNew,
        IndexTooOld,
        LimitExceeded,
        QueryError,
    )
    from qsearch.index.report import Report
    from qsearch.limits import Limits
    from qsearch.opened import Index, Stats
    from qsearch.query.tree import Note
    from qsearch.ranking.settings import Ranking
    from qsearch.reading import SourceNote, articles_from, read_articles
    from qsearch.results.results import Hit, Results
    from qsearch.results.snippets import Snippet
    from qsearch.writer import Writer

_HOMES = {
    "qsearch.article": ("Article", "RelatedArticle"),
    "qsearch.api": ("create", "open"),
    "qsearch.errors": (
        "ArgumentError",
        "ArticleError",
        "Error",
        "IndexCorrupt",
        "IndexExists",
        "IndexLocked",
        "IndexNotFound",
        "IndexTooNew",
        "IndexTooOld",
        "LimitExceeded",
        "QueryError",
    ),
    "qsearch.index.report": ("Report",),
    "qsearch.limits": ("Limits",),
    "qsearch.opened": ("Index", "Stats"),
    "qsearch.reading": ("SourceNote", "articles_from", "read_articles"),
    "qsearch.query.tree": ("Note",),
    "qsearch.ranking.settings": ("Ranking",),
    "qsearch.results.results": ("Hit", "Results"),
    "qsearch.results.snippets": ("Snippet",),
    "qsearch.writer": ("Writer",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [  # noqa: RUF022 - the order of use
    "create",
    "open",
    "read_articles",
    "articles_from",
    "Article",
    "RelatedArticle",
    "Index",
    "Writer",
    "Report",
    "SourceNote",
    "Stats",
    "Results",
    "Hit",
    "Snippet",
    "Note",
    "Ranking",
    "Limits",
    "Error",
    "ArticleError",
    "ArgumentError",
    "QueryError",
    "LimitExceeded",
    "IndexNotFound",
    "IndexExists",
    "IndexLocked",
    "IndexCorrupt",
    "IndexTooNew",
    "IndexTooOld",
    "__version__",
]


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'qsearch' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
