"""Plain arrays -> the columns of a segment: words by document become documents by word."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

import numpy as np

from qsearch.index.collect import Document, Occurrences, SegmentData
from qsearch.index.columns import Array
from qsearch.index.fields import FIELDS, FIRST, PART_SHIFT, RANKED, pack_frequencies
from qsearch.index.lengths import length_bytes
from qsearch.index.strings import string_columns

BLOCK = 8
"""Stored articles that are compressed together."""


def segment_columns(data: SegmentData) -> dict[str, Array]:
    """Return the columns of a segment, by name; ``Segment`` says what each one holds."""
    columns: dict[str, Array] = {}
    columns.update(_document_columns(data.documents))
    columns.update(_stored_columns(data.documents))
    columns.update(_posting_columns(data.occurrences))
    columns.update(_phrase_columns(data.phrase_key, data.phrase_doc))
    return columns


def _document_columns(documents: list[Document]) -> Iterator[tuple[str, Array]]:
    urls = [document.url.encode() for document in documents]
    ids = [document.id.encode() for document in documents]
    lengths = np.array([document.lengths for document in documents], dtype=np.int64)
    yield "lengths", length_bytes(lengths).reshape(-1)
    yield "date", np.array([document.date for document in documents], dtype="<i4")
    yield "group", np.frombuffer(b"".join(d.group for d in documents), dtype="<u8")
    yield "line", np.array([document.line for document in documents], dtype="<u4")
    yield "origin", np.array([document.origin for document in documents], dtype="u1")
    yield "digest", np.frombuffer(b"".join(d.digest for d in documents), dtype="u1")
    for name, texts in (("url", urls), ("id", ids)):
        yield from string_columns(name, texts).items()
        order = sorted(range(len(texts)), key=texts.__getitem__)
        yield f"{name}.order", np.array(order, dtype="<u4")
    for name, values in (
        ("subject", [document.subject for document in documents]),
        ("path", [document.path for document in documents]),
    ):
        distinct = {text: number for number, text in enumerate(dict.fromkeys(values))}
        yield from string_columns(name, [text.encode() for text in distinct]).items()
        yield f"{name}.of", np.array([distinct[text] for text in values], dtype="<u4")


def _stored_columns(documents: list[Document]) -> Mapping[str, Array]:
    """The articles in compressed blocks: each record behind its length in 4 bytes."""
    blocks = []
    for at in range(0, len(documents), BLOCK):
        records = [document.stored for document in documents[at : at + BLOCK]]
        raw = b"".join(len(record).to_bytes(4, "little") + record for record in records)
        blocks.append(zlib.compress(raw, 6))
    return string_columns("stored", blocks)


def _posting_columns(found: Occurrences) -> Iterator[tuple[str, Array]]:
    encoded = [form.encode() for form in found.forms]
    form_order = sorted(range(len(encoded)), key=encoded.__getitem__)
    terms = sorted({term.encode() for term in found.terms})
    term_number = {term: number for number, term in enumerate(terms)}
    form_term = np.array(
        [term_number[found.terms[form].encode()] for form in form_order], dtype=np.uint32
    )
    yield from string_columns("form", [encoded[form] for form in form_order]).items()
    yield from string_columns("term", terms).items()
    yield "form.term", form_term

    renamed = np.empty(len(encoded), dtype=np.uint32)
    renamed[form_order] = np.arange(len(encoded), dtype=np.uint32)
    form = renamed[found.form]
    order = np.argsort(form, kind="stable")
    form, doc, place = form[order], found.doc[order], found.place[order]
    begins = np.ones(form.size, dtype=np.bool_)
    begins[1:] = (form[1:] != form[:-1]) | (doc[1:] != doc[:-1])
    heads = np.flatnonzero(begins)
    posting_form, posting_doc = form[heads], doc[heads]

    part = place >> np.uint32(PART_SHIFT)
    ranked = RANKED[part]
    frequencies = np.stack([_sums(ranked == field, heads) for field in range(len(FIELDS))], axis=1)
    yield "form.postings", _starts(posting_form, len(encoded))
    yield "form.docs", posting_doc
    yield "form.fields", ((frequencies > 0) << np.arange(len(FIELDS))).sum(axis=1).astype("u1")
    yield "form.places", _starts(form, len(encoded))
    yield "places", np.where(begins, place | FIRST, place).astype("<u4")

    term = form_term[posting_form]
    order = np.lexsort((posting_doc, term))
    term, doc, frequencies = term[order], posting_doc[order], frequencies[order]
    begins = np.ones(term.size, dtype=np.bool_)
    begins[1:] = (term[1:] != term[:-1]) | (doc[1:] != doc[:-1])
    heads = np.flatnonzero(begins)
    if heads.size:
        frequencies = np.add.reduceat(frequencies, heads, axis=0)
    yield "term.postings", _starts(term[heads], len(terms))
    yield "term.docs", doc[heads]
    yield "term.frequencies", pack_frequencies(frequencies)


def _sums(counted: Array, heads: Array) -> Array:
    """How often ``counted`` is true in each run that starts at a head."""
    if not heads.size:
        return np.zeros(0, dtype=np.int64)
    sums: Array = np.add.reduceat(counted.astype(np.int64), heads)
    return sums


def _starts(owner: Array, count: int) -> Array:
    """Where the values of each owner start in a column that is ordered by owner."""
    return np.searchsorted(owner, np.arange(count + 1)).astype("<u8")


def _phrase_columns(keys: Array, docs: Array) -> Iterator[tuple[str, Array]]:
    order = np.lexsort((docs, keys))
    yield "phrase.key", keys[order]
    yield "phrase.docs", docs[order]
