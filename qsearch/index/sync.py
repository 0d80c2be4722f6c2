"""What a table holds now -> an index that holds just that, in one commit."""

from __future__ import annotations

import time
from collections.abc import Iterable

from qsearch.article import Article
from qsearch.errors import ArgumentError, ArticleError
from qsearch.index.documents import NO_DIGEST, PYTHON, Origin
from qsearch.index.encoded import encode
from qsearch.index.report import Report
from qsearch.index.snapshot import Place, Snapshot
from qsearch.index.stored_record import content_digest, encode_article
from qsearch.index.writer import IndexWriter
from qsearch.model.copies import group_of

_DIGEST = len(NO_DIGEST)


class _Held:
    """The articles of an origin that an index holds, by url.

    A dict of numbers and bytes: an object for each article would keep the garbage collector busy.
    """

    def __init__(self, snapshot: Snapshot, origin: int) -> None:
        self._snapshot = snapshot
        self._places: list[tuple[int, int]] = []  # of each part: its first number here, the part
        self._numbers: list[int] = []
        self._digests = b""
        urls: list[str] = []
        for index, part in enumerate(snapshot.parts):
            segment = part.segment
            ours = part.live_mask() & (segment.columns.column("origin") == origin)
            numbers = ours.nonzero()[0]
            if not numbers.size:
                continue
            self._places.append((len(urls), index))
            digests = segment.columns.column("digest").reshape(-1, _DIGEST)
            self._digests += digests[numbers].tobytes()
            texts = segment.urls.all()
            self._numbers += numbers.tolist()
            urls += [texts[number] for number in self._numbers[len(urls) :]]
        self._by_url = {url: at for at, url in enumerate(urls)}
        self._given = bytearray(len(urls))

    def find(self, url: str) -> int | None:
        """Return the place of an article here."""
        return self._by_url.get(url)

    def give(self, at: int) -> bool:
        """Note that an article is given; return whether it was before."""
        before, self._given[at] = self._given[at], 1
        return bool(before)

    def is_same(self, at: int, digest: bytes, article: Article) -> bool:
        """Whether an article is held as it is given."""
        held = self._digests[_DIGEST * at : _DIGEST * (at + 1)]
        if held != NO_DIGEST:
            return held == digest
        part = next(part for first, part in reversed(self._places) if first <= at)
        return self._snapshot.article(Place(part, self._numbers[at])) == article

    def missing(self) -> list[str]:
        """Return the urls of those that were not given."""
        return [url for url, at in self._by_url.items() if not self._given[at]]


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
    held = _Held(snapshot, origin)
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
        at = held.find(url)
        if url in new if at is None else held.give(at):
            reason = f"the url {url} was given before: only the first article with it is taken"
            skipped.append(ArticleError(reason, path=article.path, line=article.line))
            continue
        record = encode_article(article)
        digest = content_digest(article, group_of(article), record)
        if at is not None and held.is_same(at, digest, article):
            unchanged += 1
            continue
        if at is None:
            new.add(url)
        # One that is not held may be of another scope, or from a file: it is this one's now.
        is_there = at is not None or snapshot.find(url) is not None
        updated, added = updated + is_there, added + (not is_there)
        writer.add(encode(article, record), Origin(origin, digest))
    if remove_missing:
        missing = held.missing()
        removed = sum(map(writer.delete, missing))
    return Report(
        added=added,
        updated=updated,
        unchanged=unchanged,
        removed=removed,
        skipped=tuple(skipped),
        seconds=time.monotonic() - started,
    )
