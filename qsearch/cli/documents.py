"""Articles and hits as JSON, under the names that the input has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qsearch.cli.safetext import safe_name
from qsearch.plaintext import plain_text

if TYPE_CHECKING:
    from qsearch.article import Article
    from qsearch.search import Hit

Document = dict[str, Any]


def article_document(article: Article) -> Document:
    """Return every field of an article, its source apart, in the format of a JSON line."""
    return {
        "url": article.url,
        "id": article.id,
        "title": article.title,
        "question": article.question,
        "answer": article.answer,
        "keywords": list(article.keywords),
        "subject": article.subject,
        "description": article.description,
        "date": article.date.isoformat() if article.date else None,
        "score": article.rating,
        "related": [
            {"url": link.url, "id": link.id, "title": link.title, "subject": link.subject}
            for link in article.related
        ],
        "no_index": article.no_index,
    }


def hit_document(hit: Hit) -> Document:
    """Return a hit as ``search --json`` shows it."""
    article = hit.article
    return {
        "rank": hit.rank,
        "score": hit.score,
        "id": article.id,
        "title": article.title,
        "subjects": hit.subjects,
        "urls": hit.urls,
        "date": article.date.isoformat() if article.date else None,
        "snippet": str(hit.snippet),
        "marks": [list(mark) for mark in hit.snippet.marks],
        "path": hit.path,
        "line": hit.line,
    }


def heading(article: Article) -> str:
    """Return what stands above an article, as plain text: its title, else its question, else its
    url.
    """
    source = article.title.strip() or article.question.strip()
    return plain_text(source).folded().text or source or article.key


def source_text(article: Article) -> str | None:
    """Return ``path:line`` of an article, short where it lies under the current folder."""
    if article.path is None:
        return None
    here = Path.cwd()
    path = Path(article.path)
    shown = str(path.relative_to(here) if path.is_relative_to(here) else path)
    return safe_name(f"{shown}:{article.line}" if article.line else shown)
