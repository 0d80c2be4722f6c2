"""Full-text search for question-and-answer collections.

Everything public is named in ``__all__``; other modules are private. Importing this package loads
nothing but itself: each name brings what it needs when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from qsearch._version import __version__

if TYPE_CHECKING:
    from qsearch.article import Article, RelatedArticle
    from qsearch.door import Index, create, open  # noqa: A004
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
    from qsearch.index.update import Report
    from qsearch.index.writer import Writer
    from qsearch.limits import Limits
    from qsearch.reading import SourceNote, articles_from, read_articles
    from qsearch.search import Hit, Note, Ranking, Results, Snippet

_HOMES = {
    "qsearch.article": ("Article", "RelatedArticle"),
    "qsearch.door": ("Index", "create", "open"),
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
    "qsearch.index.update": ("Report",),
    "qsearch.index.writer": ("Writer",),
    "qsearch.limits": ("Limits",),
    "qsearch.reading": ("SourceNote", "articles_from", "read_articles"),
    "qsearch.search": ("Hit", "Note", "Ranking", "Results", "Snippet"),
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
