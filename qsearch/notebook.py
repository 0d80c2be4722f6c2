"""What a notebook shows of an article and of results: HTML in which everything is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qsearch.article import Article
    from qsearch.results.results import Results

_FACETS = 8
"""Subjects that are listed below results."""


def article_html(article: Article) -> str:
    """Return an article as a table of its fields."""
    rows = [
        ("url", article.url),
        ("id", article.id or ""),
        ("question", article.question),
        ("answer", article.answer),
        ("keywords", ", ".join(article.keywords)),
        ("subject", ", ".join(article.subjects)),
        ("date", article.date.isoformat() if article.date else ""),
    ]
    body = "".join(
        f"<tr><th style='text-align:left;vertical-align:top'>{name}</th>"
        f"<td style='text-align:left;white-space:pre-wrap'>{escape(value)}</td></tr>"
        for name, value in rows
        if value
    )
    return f"<div><b>{escape(article.heading)}</b><table>{body}</table></div>"


def results_html(results: Results) -> str:
    """Return a page of results: rank, title, snippet with its marks, subjects, url, score."""
    items = []
    for hit in results:
        about = " &middot; ".join(_escaped([*hit.subjects, str(hit.date or ""), hit.url]))
        items.append(
            f"<li value='{hit.rank}'><b>{escape(hit.title)}</b> <small>{hit.score:g}</small>"
            f"<div style='white-space:pre-wrap'>{hit.snippet.html()}</div>"
            f"<small>{about}</small></li>"
        )
    counts = results.facets["subject"].items()
    subjects = _escaped(f"{name} {count:,}" for name, count in list(counts)[:_FACETS])
    notes = "".join(f"<div>{escape(note.message)}</div>" for note in results.notes)
    least = "" if results.total_exact else "at least "
    head = f"{len(results)} of {least}{results.total:,} for {escape(results.query)}"
    return f"<div><b>{head}</b>{notes}<ol>{''.join(items)}</ol>{', '.join(subjects)}</div>"


def _escaped(texts: Iterable[str]) -> list[str]:
    return [escape(text) for text in texts if text]
