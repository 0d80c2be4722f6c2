"""What is kept of articles apart from their words, as one array a property."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from qsearch.arrays import Array
from qsearch.index.blocks import (
    Blocks,
    block_columns,
    join_blocks,
    pack_records,
    select_blocks,
)
from qsearch.index.encoded import Encoded
from qsearch.index.stored_record import STORED
from qsearch.index.strings import string_columns
from qsearch.index.texts import Texts, join_texts, order_of, select_texts, texts_from
from qsearch.model.fields import FIELDS

PYTHON = 0
"""The origin of an article that was added from Python: no indexing run removes it."""

FROM_SOURCE = 1
"""The origin of an article that an indexing run took from a file and looks after."""

FIRST_SCOPE = 2
"""The origin of an article that ``Index.sync`` added with the first scope that the manifest names;
those of the others follow.
"""

NO_DIGEST = bytes(16)
"""The digest of a source that has to be read again at the next run."""


class Origin(NamedTuple):
    """Where an article came from.

    Attributes:
        kind: ``PYTHON``, ``FROM_SOURCE`` or, from ``FIRST_SCOPE`` on, that of a scope.
        digest: 16 bytes of the content of its source; from Python, of the article
            (``stored_record.content_digest``).
        siblings: how many articles that source gave.
    """

    kind: int = PYTHON
    digest: bytes = NO_DIGEST
    siblings: int = 1


FROM_PYTHON = Origin()


def _none() -> Array:
    return np.zeros(0, dtype="<u4")


@dataclass(frozen=True, slots=True)
class Labels:
    """Texts that many articles may share, one or several an article.

    Attributes:
        texts: the distinct ones.
        of: which of them each article has; of several, which one comes first.
        more_doc, more_of: an article and one of its further texts, for each of these; articles in
            their order, and the texts of one in theirs.
    """

    texts: tuple[str, ...]
    of: Array
    more_doc: Array = field(default_factory=_none)
    more_of: Array = field(default_factory=_none)


@dataclass(slots=True)
class Documents:
    """Articles apart from their words; every array has one value, or one row, an article.

    Attributes:
        date: the day's ordinal, 0 for none.
        group: 2 numbers, what copies share (``stored_record.group_of``).
        origin, siblings, digest: see ``Origin``; the digest takes 16 bytes.
        lengths: the length byte of each ranked field.
        stored: the records of ``stored_record.encode_article``.
    """

    url: Texts
    id: Texts
    subject: Labels
    path: Labels
    date: Array
    line: Array
    group: Array
    origin: Array
    siblings: Array
    digest: Array
    lengths: Array
    stored: Blocks

    def __len__(self) -> int:
        return len(self.url)


_ARRAYS = ("date", "line", "group", "origin", "siblings", "digest", "lengths")


def documents_of(articles: Sequence[Encoded], origins: Sequence[Origin]) -> Documents:
    """Return articles as arrays, without lengths and stored records."""
    digests = b"".join([origin.digest for origin in origins])
    return Documents(
        url=texts_from([article.url.encode() for article in articles]),
        id=texts_from([article.id for article in articles]),
        subject=_several_labels([article.subjects for article in articles]),
        path=_labels([article.path for article in articles]),
        date=np.array([article.date for article in articles], dtype="<i4"),
        line=np.array([article.line for article in articles], dtype="<u4"),
        group=np.frombuffer(b"".join([a.group for a in articles]), dtype="<u8").reshape(-1, 2),
        origin=np.array([origin.kind for origin in origins], dtype="<u4"),
        siblings=np.array([origin.siblings for origin in origins], dtype="<u4"),
        digest=np.frombuffer(digests, dtype=np.uint8).reshape(-1, 16),
        lengths=np.zeros((len(articles), len(FIELDS)), dtype=np.uint8),
        stored=Blocks((), ()),
    )


def stored_texts(articles: Sequence[Encoded]) -> tuple[Array, bytes]:
    """Return the sizes and the texts of stored records, as ``blocks.pack_blocks`` takes them."""
    sizes = np.frombuffer(b"".join([article.sizes for article in articles]), dtype="<u4")
    return sizes.reshape(-1, len(STORED)), b"".join([article.data for article in articles])


def _labels(values: Sequence[str]) -> Labels:
    distinct: dict[str, int] = {}
    of = [distinct.setdefault(value, len(distinct)) for value in values]
    return Labels(tuple(distinct), np.array(of, dtype="<u4"))


def _several_labels(values: Sequence[tuple[str, ...]]) -> Labels:
    first = [several[0] if several else "" for several in values]
    more = [(number, text) for number, several in enumerate(values) for text in several[1:]]
    labels = _labels(first + [text for _, text in more])
    of, more_of = np.split(labels.of, [len(first)])
    return Labels(labels.texts, of, np.array([doc for doc, _ in more], dtype="<u4"), more_of)


def join_documents(parts: Sequence[Documents]) -> Documents:
    """Return the articles of each part behind those of the part before it."""
    return Documents(
        url=join_texts([part.url for part in parts]),
        id=join_texts([part.id for part in parts]),
        subject=_join_labels([part.subject for part in parts]),
        path=_join_labels([part.path for part in parts]),
        stored=join_blocks([part.stored for part in parts], len(STORED)),
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS},
    )


def _join_labels(parts: Sequence[Labels]) -> Labels:
    distinct: dict[str, int] = {}
    of, more_doc, more_of = [], [], []
    before = 0
    for part in parts:
        numbers = [distinct.setdefault(text, len(distinct)) for text in part.texts]
        renumbered = np.array(numbers, dtype="<u4")
        of.append(renumbered[part.of])
        more_doc.append(part.more_doc + np.uint32(before))
        more_of.append(renumbered[part.more_of])
        before += part.of.size
    return Labels(tuple(distinct), *map(np.concatenate, (of, more_doc, more_of)))


def select_documents(documents: Documents, keep: Array) -> Documents:
    """Return the articles where ``keep`` is true, in their order."""
    chosen = np.flatnonzero(keep)
    return Documents(
        url=select_texts(documents.url, chosen),
        id=select_texts(documents.id, chosen),
        subject=_select_labels(documents.subject, keep),
        path=_select_labels(documents.path, keep),
        stored=select_blocks(documents.stored, keep, len(STORED)),
        **{name: getattr(documents, name)[chosen] for name in _ARRAYS},
    )


def _select_labels(labels: Labels, keep: Array) -> Labels:
    of, stays = labels.of[keep], keep[labels.more_doc]
    used, numbers = np.unique(np.concatenate([of, labels.more_of[stays]]), return_inverse=True)
    renumbered = np.cumsum(keep, dtype=np.uint32) - np.uint32(1)
    return Labels(
        tuple(labels.texts[text] for text in used.tolist()),
        numbers[: of.size].astype("<u4"),
        renumbered[labels.more_doc[stays]],
        numbers[of.size :].astype("<u4"),
    )


def document_columns(documents: Documents) -> Iterator[tuple[str, Array]]:
    """Yield the columns of articles; ``Segment`` says what each one holds."""
    for name in _ARRAYS:
        yield name, getattr(documents, name).reshape(-1)
    for name, texts in (("url", documents.url), ("id", documents.id)):
        yield from string_columns(name, texts).items()
        yield f"{name}.order", order_of(texts).astype("<u4")
    yield "subject.of", documents.subject.of
    yield "subject.more_doc", documents.subject.more_doc
    yield "subject.more_of", documents.subject.more_of
    subjects = texts_from([text.encode() for text in documents.subject.texts])
    yield from string_columns("subject", subjects).items()
    yield "path.of", documents.path.of
    paths = pack_records([(text.encode(),) for text in documents.path.texts], 1)
    yield from block_columns("path", paths)
    yield from block_columns("stored", documents.stored)
