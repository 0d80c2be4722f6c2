"""The writer as programs see it; ``index.writer`` does the work."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING

from qsearch import values
from qsearch.article import Article
from qsearch.errors import ArgumentError
from qsearch.index.documents import PYTHON, Origin
from qsearch.index.encoded import encode
from qsearch.index.stored_record import content_digest, encode_article

if TYPE_CHECKING:
    from qsearch.index.writer import IndexWriter
    from qsearch.values import IdLike


class Writer:
    """Adds, replaces and deletes articles; ``Index.writer`` makes one.

    Used as a context manager it commits when the block ends well and rolls back on an exception.
    Nothing is visible to any reader before the commit, and after a crash nothing has happened.
    """

    def __init__(self, inner: IndexWriter) -> None:
        self._inner = inner

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._inner.__exit__(kind, error, trace)

    def add(self, article: Article) -> None:
        """Add an article; it replaces the one of the same url.

        Raises:
            ArgumentError: this is no Article, or the writer has ended.
            OSError: there was no room for what has been collected; the writer has ended, and the
                index is as it was. Caught inside a ``with`` block, it is raised again at its end.
        """
        if not isinstance(article, Article):
            raise ArgumentError(
                f"expected an Article, not {type(article).__name__}: Article.from_mapping makes "
                "one of a row"
            )
        record = encode_article(article)
        encoded = encode(article, record)
        self._inner.add(encoded, Origin(PYTHON, content_digest(article, encoded.group, record)))

    def add_many(self, articles: Iterable[Article]) -> None:
        """Add every article of an iterable, in its order; see ``add``."""
        if not isinstance(articles, Iterable):
            raise ArgumentError(f"articles must be several, not {type(articles).__name__}")
        for article in articles:
            self.add(article)

    def delete(self, key: IdLike) -> bool:
        """Delete the article with this url; return whether there was one.

        Arguments:
            key: a url; or an id as a number or a UUID, for every article with this id.

        Raises:
            ArgumentError: ``key`` is none of these, or the writer has ended.
        """
        if isinstance(key, str):
            return self._inner.delete(key)
        return self._inner.delete_id(values.key_id(key))

    def commit(self) -> None:
        """Publish all changes, durably, and end the writer.

        Raises:
            ArgumentError: the writer has ended already.
            IndexNotFound: somebody has removed the folder; the writer has ended.
            OSError: the file system refused; the writer has ended. The index is as it was or, if
                only the last step failed, as it was to be.
        """
        self._inner.commit()

    def rollback(self) -> None:
        """Forget all changes and end the writer.

        Raises:
            ArgumentError: the writer has ended already.
        """
        self._inner.rollback()
