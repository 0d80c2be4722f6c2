"""What a table holds now -> an index that holds just that, in one commit."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from qsearch.article import Article
from qsearch.errors import ArgumentError, ArticleError
from qsearch.index.documents import NO_DIGEST, PYTHON, Origin
from qsearch.index.encoded import encode
from qsearch.index.records import content_digest, group_of
from qsearch.index.report import Report
from qsearch.index.snapshot import Place, Snapshot
from qsearch.index.writer import IndexWriter


@dataclass(slots=True)
class _Held:
    """An article of the scope that the index holds."""

    place: Place
    digest: bytes
    given: bool = False


def sync(
    snapshot: Snapshot,
    writer: IndexWriter,
    articles: Iterable[Article],
    *,
    scope: str | None,
    remove_missing: bool,
) -> Report:
    """Bring the articles of a scope up to date with those that are given; the caller commits.

    What is the same is told by its digest and not unpacked, unless an earlier version of the
    library added it, without one.

    Arguments:
        snapshot: the state that ``writer`` starts from.
        writer: a new writer.
        articles: all that the scope is to hold.
        scope: its name; None for what was added from Python without one.
        remove_missing: whether the articles of the scope that are not given are deleted.

    Raises:
        ArgumentError: an item is no Article.
    """
    started = time.monotonic()
    origin = PYTHON if scope is None else writer.origin_of(scope)
    held = _held(snapshot, origin)
    new = set[str]()
    added = updated = unchanged = removed = 0
    skipped = []
    for article in articles:
        if not isinstance(article, Article):
            raise ArgumentError(
                f"expected an Article, not {type(article).__name__}: Article.from_mapping makes "
                "one of a row"
            )
        url = article.url
        known = held.get(url)
        if url in new or (known is not None and known.given):
            reason = f"the url {url} was given before: only the first article with it is taken"
            skipped.append(ArticleError(reason, path=article.path, line=article.line))
            continue
        digest = content_digest(article, group_of(article))
        if known is not None:
            known.given = True
            if known.digest == digest or _is_same(snapshot, known, article):
                unchanged += 1
                continue
            updated += 1
        else:
            new.add(url)
            # It may be of another scope, or from a file: it is this one's from now on.
            is_there = snapshot.find(url) is not None
            updated, added = updated + is_there, added + (not is_there)
        writer.add(encode(article), Origin(origin, digest))
    if remove_missing:
        for url, known in held.items():
            if not known.given:
                writer.delete(url)
                removed += 1
    return Report(
        added=added,
        updated=updated,
        unchanged=unchanged,
        removed=removed,
        skipped=tuple(skipped),
        seconds=time.monotonic() - started,
    )


def _held(snapshot: Snapshot, origin: int) -> dict[str, _Held]:
    """By url: the articles of an origin."""
    held = {}
    for index, part in enumerate(snapshot.parts):
        segment = part.segment
        ours = part.live_mask() & (segment.columns.column("origin") == origin)
        if not ours.any():
            continue
        digests = segment.columns.column("digest").tobytes()
        urls = segment.urls.all()
        for number in ours.nonzero()[0].tolist():
            digest = digests[16 * number : 16 * number + 16]
            held[urls[number]] = _Held(Place(index, number), digest)
    return held


def _is_same(snapshot: Snapshot, known: _Held, article: Article) -> bool:
    return known.digest == NO_DIGEST and snapshot.article(known.place) == article
