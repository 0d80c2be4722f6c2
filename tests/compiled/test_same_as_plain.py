"""The kernels give what the plain code gives, to the byte and to the last bit of a score.

``test_without_jit`` runs this module once more with the kernels as plain Python.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qsearch import Article
from qsearch.analysis.analyzer import Analyzer
from qsearch.engine import postings_cache
from qsearch.index import invert
from qsearch.index.blocks import unpack_block
from qsearch.index.collector import Collector, SegmentData
from qsearch.index.documents import Documents, document_columns
from qsearch.index.kernel_collector import BulkCollector
from qsearch.index.stored_record import STORED
from qsearch.kernels import runtime
from qsearch.model.fields import FIELDS
from qsearch.options import FieldName
from qsearch.query.filters import Filters
from qsearch.ranking.reference import Reference
from tests.helpers import kernel_path, temporary_index

EXAMPLES = 15 if os.environ.get("NUMBA_DISABLE_JIT") == "1" else 60
QUICK = settings(max_examples=EXAMPLES, deadline=None)

MARKS = st.sampled_from("abC1. ,-'+#_=^{}()[]*`~|!:$\\<>&;/\n\té²⁺₂学ひ́\u200b”’—　Ａ９0")
PIECES = st.sampled_from(
    [
        "word", "Word.", "U.S.", "1,000", "1,2,3", "Ca^{2+}", "$E = mc^2$", "C++", "C#", "don't",
        "voltage-gated", "H<sub>2</sub>O", "<b>", "&amp;", "\\(x\\)", "x" * 140, "naïve", "9,999,1",
        "1,000.", ",000", "a.b.c", "...", "e.g.,", "ﬁne", "\U0001f600", "\U00020000",
        "**a**b", "`<i>`", "[a](b)", "\n```js\n", "\n    ", "{{ x }}", "&eacute;", "\\_", "\n- ",
        "_x_", "<code>", "</code>", "<p>", "a*b", "\n\n", "![c](d)", "<!-- e -->", "\n:::note f\n",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(MARKS, max_size=25).map("".join),
    st.lists(PIECES, max_size=8).map(" ".join),
    st.lists(PIECES, max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)


@st.composite
def collections(draw: st.DrawFn) -> list[Article]:
    return [
        Article(
            url=f"/{number}",
            title=draw(TEXTS) + "t",
            question=draw(TEXTS),
            answer=draw(TEXTS) * draw(st.sampled_from([1, 1, 1, 40])),
            keywords=tuple(draw(st.lists(TEXTS, max_size=3))),
        )
        for number in range(draw(st.integers(0, 4)))
    ]


@pytest.fixture(autouse=True, scope="module")
def kernels() -> None:
    assert runtime.wait()


def words(data: SegmentData) -> list[tuple[bytes, bytes, int, int]]:
    found = data.occurrences
    forms, terms = found.forms.tolist(), found.terms.tolist()
    return [
        (forms[form], terms[form], doc, place)
        for form, doc, place in zip(
            found.form.tolist(), found.doc.tolist(), found.place.tolist(), strict=True
        )
    ]


def kept(documents: Documents) -> dict[str, object]:
    """What is kept of articles apart from their words; where blocks end does not matter."""
    columns: dict[str, object] = {
        name: column.tolist()
        for name, column in document_columns(documents)
        if not name.startswith("stored")
    }
    columns["stored"] = [
        record
        for block, count in zip(documents.stored.packed, documents.stored.counts, strict=True)
        for record in unpack_block(block, count, len(STORED))
    ]
    return columns


@QUICK
@given(collections())
@example([Article(url="/a", title="word. Word WORD.. 1,000 1,0000 a,b", keywords=("a b", "", "c"))])
def test_collecting(collection: list[Article]) -> None:
    plain, bulk = Collector(Analyzer()), BulkCollector(Analyzer())
    for article in collection:
        assert plain.add(article) == bulk.add(article)
    expected, found = plain.data(), bulk.data()
    assert words(found) == words(expected)
    assert kept(found.documents) == kept(expected.documents)
    assert found.phrase_key.tolist() == expected.phrase_key.tolist()
    assert found.phrase_doc.tolist() == expected.phrase_doc.tolist()


def test_collecting_tells_words_of_every_length_apart() -> None:
    """Eight bytes are looked at at once: what differs in the last one, or is longer by one."""
    alike = [
        "0aZ"[kind] * length + last
        for length in range(26)
        for kind in range(3)
        for last in ("a", "b", "B", "1", "é", "-a", ".", "é" * 3, "", ",1")
    ]
    text = " ".join([*alike, *reversed(alike)])
    collection = [Article(url="/a", title=text), Article(url="/b", title=text, question=text[1:])]
    plain, bulk = Collector(Analyzer()), BulkCollector(Analyzer())
    for article in collection:
        plain.add(article)
        bulk.add(article)
    assert words(bulk.data()) == words(plain.data())


def test_collecting_makes_room_as_the_vocabulary_grows() -> None:
    answer = " ".join(f"w{number}x" for number in range(40_000))
    plain, bulk = Collector(Analyzer()), BulkCollector(Analyzer())
    for collector in (plain, bulk):
        collector.add(Article(url="/a", answer=answer))
        collector.add(Article(url="/b", answer=answer.upper()))
    assert words(bulk.data()) == words(plain.data())


@QUICK
@given(collections())
def test_inverting(collection: list[Article]) -> None:
    collector = Collector(Analyzer())
    for article in collection:
        collector.add(article)
    data = collector.data()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(invert, "FEW", 1 << 60)
        expected = invert.segment_columns(data)
        patch.setattr(invert, "FEW", -1)
        found = invert.segment_columns(data)
    assert {name: column.tolist() for name, column in found.items()} == {
        name: column.tolist() for name, column in expected.items()
    }
    assert {name: column.dtype.itemsize for name, column in found.items()} == {
        name: column.dtype.itemsize for name, column in expected.items()
    }


VOCABULARY = (
    "run running runs the of action potential voltage-gated channel calcium Ca2+ C++".split()
)
QUERIES = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=9).map(" ".join)


@QUICK
@given(
    st.lists(st.tuples(QUERIES, QUERIES, st.integers(0, 3)), min_size=1, max_size=12),
    st.lists(QUERIES, min_size=1, max_size=4),
    st.integers(1, 4),
    st.sampled_from([(16, 4_096), (0, 4_096), (16, 0), (10**9, 0)]),
)
@example([("run", "run", 0)], ["run run"], 1, (16, 4_096))  # keywords mark every article there is
def test_the_best(
    texts: list[tuple[str, str, int]], queries: list[str], wanted: int, layout: tuple[int, int]
) -> None:
    collection = [
        Article(url=f"/{n}", id=str(group), question=q, answer=a, keywords=(a,))
        for n, (q, a, group) in enumerate(texts)
    ]
    reference = Reference(collection, Analyzer())
    half = len(collection) // 2
    with (
        temporary_index(collection[:half], collection[half:]) as index,
        pytest.MonkeyPatch.context() as patch,
    ):
        # Which terms are kept as a number for each article, and which lists are short.
        patch.setattr(postings_cache, "_FREQUENT", layout[0])
        patch.setattr(postings_cache, "_SHORT", layout[1])
        path = kernel_path(index)
        for query in queries:
            assert path._best_of_words(query, Filters(), wanted) is not None
            expected = [(ranked.url, ranked.score) for ranked in reference.rank(query)[:wanted]]
            assert [(h.url, h.score) for h in index.search(query, limit=wanted)] == expected


PHRASES = st.lists(st.sampled_from(VOCABULARY), min_size=2, max_size=3).map(" ".join)
OPERATORS = st.lists(
    st.one_of(
        st.sampled_from(VOCABULARY).map("+{}".format),
        st.sampled_from(VOCABULARY).map("running^2 -{}".format),
        PHRASES.map('"{}"'.format),
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


@QUICK
@given(
    st.lists(st.tuples(QUERIES, QUERIES, st.integers(1, 40)), min_size=1, max_size=8),
    st.lists(OPERATORS, min_size=1, max_size=3),
    st.sampled_from([FIELDS, ("answer",), ("question", "keywords")]),
    st.sampled_from([0, 1, 256]),
)
@example([("run the runs", "of the", 300)], ['"the runs"', '"of of"', '"of the of"'], FIELDS, 0)
@example([("action potential", "of the", 9_000)], ['"action potential"'], ("keywords",), 0)
def test_operators(
    texts: list[tuple[str, str, int]], queries: list[str], fields: tuple[FieldName, ...], few: int
) -> None:
    collection = [
        Article(url=f"/{n}", title=q, question=f"{q}.", answer=f"{a} " * times, keywords=(q, a))
        for n, (q, a, times) in enumerate(texts)
    ]
    reference = Reference(collection, Analyzer())
    half = len(collection) // 2
    with (
        temporary_index(collection[:half], collection[half:]) as index,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(postings_cache, "_FEW", few)
        for query in queries:
            ranked = reference.rank(query, fields=fields)[:3]
            found = index.search(query, limit=3, fields=fields)
            assert [(h.url, h.score) for h in found] == [(one.url, one.score) for one in ranked]
