"""The subjects of the articles of a segment: one for most, several for some, none for others.

``subject.of`` says which text comes first for each article, "" for none; ``subject.more_doc`` and
``subject.more_of`` which further ones those of several subjects have.
"""

from __future__ import annotations

from qsearch.arrays import Array
from qsearch.errors import IndexCorrupt
from qsearch.index.columns import ColumnFile
from qsearch.index.strings import Strings
from qsearch.lazy import lazy


class Subjects:
    """Reads these columns. Safe for use by several threads.

    Arguments:
        columns: of the segment.
        count: how many articles it has.
    """

    def __init__(self, columns: ColumnFile, count: int) -> None:
        self._columns = columns
        self._count = count
        self._texts = Strings(columns, "subject")

    def first(self, number: int) -> str:
        """Return the subject of an article, of several the first, "" for none."""
        return self._texts[int(self._columns.column("subject.of", number, number + 1)[0])]

    def of(self, number: int) -> tuple[str, ...]:
        """Return all subjects of an article."""
        first = self.first(number)
        docs, labels = self.more
        start, stop = docs.searchsorted([number, number + 1]).tolist()
        several = (first, *(self._texts[label] for label in labels[start:stop].tolist()))
        return several if first else several[1:]

    def labels(self) -> tuple[list[str], Array]:
        """Return the distinct subjects, and which one each article has, of several the first."""
        texts, of = self._texts.all(), self._columns.column("subject.of")
        if of.size and int(of.max()) >= len(texts):
            raise self._corrupt("an article has a subject that is not there")
        return texts, of

    @lazy
    def more(self) -> tuple[Array, Array]:
        """The subjects of articles behind their first ones: whose each is, articles in their order,
        and which of ``labels`` it is.
        """
        docs, labels = map(self._columns.column, ("subject.more_doc", "subject.more_of"))
        if docs.size and (
            int(docs[-1]) >= self._count
            or (docs[1:] < docs[:-1]).any()
            or int(labels.max()) >= len(self._texts)
        ):
            raise self._corrupt("a further subject is of no article, or is not there")
        return docs, labels

    def _corrupt(self, what: str) -> IndexCorrupt:
        path = self._columns.path
        return IndexCorrupt(f"{path}: {what}", path=path)
