"""A program as a user types it: everything that is accepted passes strict type checking."""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import qsearch
from qsearch import Article, Hit, Index, Report, Results, Snippet


def articles() -> Iterator[Article]:
    yield Article(url="/a", title="A", keywords="one, two", date="2025-01-31", related=["1", 2])
    yield Article(id=7, title="B", keywords=["one"], date=datetime.date(2025, 1, 31))
    yield Article(id=UUID(int=7), answer="C", date=datetime.datetime(2025, 1, 31, 10), rating=4)
    yield Article(id=Decimal(8), title="D", rating=Decimal("4.5"), related=[{"url": "/a"}])
    yield Article(url=None, id="9", title="E", question=None, keywords=None, subject=None)
    yield Article.from_mapping({"id": 1, "name": "F"}, columns={"name": "title"})
    yield Article.from_dict({"url": "/g", "title": "G", "score": 1.0})


def read(article: Article) -> str:
    url: str = article.url
    day: datetime.date | None = article.date
    keywords: tuple[str, ...] = article.keywords
    links: list[str | None] = [link.url for link in article.related]
    return json.dumps([url, str(day), keywords, links, article.to_dict()])


def change(index: Index) -> Report:
    with index.writer(timeout=1) as writer:
        writer.add_many(articles())
        deleted: bool = writer.delete("/nothing") or writer.delete(12)
    report: Report = index.sync(articles(), scope="table", remove_missing=not deleted)
    found: list[Article] = index.by_id(7) + index.by_id(UUID(int=7))
    assert all(map(read, found))
    assert 7 in index
    assert "/a" in index
    return report


def search(index: Index) -> dict[str, object]:
    results: Results = index.search(
        "a query",
        limit=None,
        subject=["Physics", "Biology"],
        since="2024-01-01",
        until=datetime.date(2026, 1, 1),
        fields=["question", "answer"],
        sort="newest",
        facets="unfiltered",
        keyword_boost=2,
    )
    for hit in results:
        show(hit)
    many: list[Results] = index.search_many(["a", "b"], limit=3, fields="keywords", sort="oldest")
    counts: dict[str, int] = many[0].facets["subject"]
    assert results.total == len(results) >= sum(counts.values()) - len(index)
    return results.to_dict()


def show(hit: Hit) -> str:
    snippet: Snippet = hit.snippet
    title: str = hit.title
    day: datetime.date | None = hit.date
    return f"{hit.rank} {hit.score:.2f} {title} {day} {snippet.html('b')} {', '.join(hit.urls)}"


def main(folder: Path) -> None:
    index = qsearch.open(
        folder, create=True, language="english", refresh_every=0.5, limits=qsearch.Limits(edits=1)
    )
    with index:
        change(index)
        search(index)
        stats = index.stats()
        generation: int = stats["generation"]
        path: str = stats["path"]
        assert generation
        assert path
    try:
        qsearch.open(folder / "nothing")
    except qsearch.IndexNotFound as error:
        print(error.path)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(Path(temporary) / "index")
