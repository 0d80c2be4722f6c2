"""Many articles, collected and inverted in compiled code, give the columns that few give."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import qsearch
from qsearch import Article
from qsearch.index import invert
from qsearch.index.collector import Collector
from qsearch.index.invert import segment_columns
from qsearch.index.kernel_collector import BulkCollector
from qsearch.index.piecetable import BEHIND, PieceTable
from qsearch.index.stored_record import KEYWORD_END
from qsearch.kernels import runtime
from tests.conftest import MakeIndex
from tests.helpers import (
    ENGLISH,
    WORDS,
    article,
    articles,
)

pytestmark = pytest.mark.usefixtures("kernels")

SLOW_BUT_FINE = settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.fixture(scope="module")
def kernels() -> None:
    assert runtime.wait(), "Numba is a dependency, so the kernels can be had"


def assert_collected_alike(collection: list[Article]) -> None:
    plain, bulk = Collector(ENGLISH), BulkCollector(ENGLISH)
    for one in collection:
        assert plain.add(one) == bulk.add(one)
    expected, found = segment_columns(plain.data()), segment_columns(bulk.data())
    assert list(found) == list(expected)
    for name, column in expected.items():
        assert found[name].dtype == column.dtype, name
        np.testing.assert_array_equal(found[name], column, err_msg=name)


ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(
        "aAéß1, .-'$\\()[]<>&;^_{}+\n\u00a0\u3000\u2028\u0085、。…“東カ²⁻\u00ad🎉", max_size=40
    ),
    st.lists(st.sampled_from([*WORDS, "<b>x</b>", "&amp;", "1,000", "a,000", "$5", "\\n"])).map(
        " ".join
    ),
)


@SLOW_BUT_FINE
@given(
    st.lists(
        st.builds(
            Article,
            url=st.integers(0, 99).map("/{}".format),
            id=st.none() | st.just("1"),
            title=ANY_TEXT.map(lambda text: f"t {text}"),
            question=ANY_TEXT,
            answer=ANY_TEXT,
            keywords=st.lists(ANY_TEXT, max_size=3),
        ),
        max_size=5,
    )
)
def test_many_at_a_time_are_collected_like_one_by_one(collection: list[Article]) -> None:
    assert_collected_alike(collection)


@SLOW_BUT_FINE
@given(articles())
def test_small_collections_are_collected_alike(collection: list[Article]) -> None:
    assert_collected_alike(collection)


def test_every_character_is_cut_alike() -> None:
    printable = (chr(code) for code in range(0x3100))
    text = " ".join(f"a{char}b" for char in printable)
    assert_collected_alike([article("/a", "x", answer=text, keywords=["k", text[:4_000]])])


def test_several_batches_are_collected_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qsearch.index.kernel_collector._BATCH", 200)
    assert_collected_alike(
        [
            article(
                f"/{n}",
                f"word{n} Word{n % 7}",
                answer="text $x^2$ <b>y</b> " * (n % 5),
                keywords=["key one", f"k{n}"],
            )
            for n in range(60)
        ]
    )


def test_keywords_of_one_letter_are_collected_alike() -> None:
    assert_collected_alike([article("/a", "x", answer="\x1f" * 20, keywords=[*"abcdefgh" * 40])])


def test_there_is_room_for_a_piece_of_each_byte() -> None:
    """Regression: more ends of keywords than half the bytes were written past the end."""
    ends = np.frombuffer(KEYWORD_END.encode() * 40 + bytes(BEHIND), dtype=np.uint8)
    found, found_ends = PieceTable(ENGLISH).scan(ends, np.array([0]), np.array([40]))
    assert found.tolist() == [-1] * 40
    assert found_ends.tolist() == [40]


def test_more_words_than_the_table_had_room_for() -> None:
    answer = " ".join(f"{number:x<25}" for number in range(34_000))
    assert_collected_alike([article("/a", answer=answer), article("/b", answer=answer[::-1])])


def test_a_writer_goes_over_to_the_compiled_collector_unnoticed(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = [
        article(
            f"/{n % 40}", f"word{n % 9} version{n}", answer="ion $x^2$ " * (n % 4), keywords="k"
        )
        for n in range(60)
    ]

    def written(kind: type) -> qsearch.Index:
        index = make_index()
        with index.writer() as writer:
            writer.add_many(collection[:30])
            assert writer.delete("/5")
            assert writer.delete("/25")
            writer.add_many(collection[30:])
            assert isinstance(writer._inner._collector, kind)
            assert writer.delete("/5")
            writer.add(collection[45])
        return index

    plain = written(Collector)
    monkeypatch.setattr("qsearch.index.writer.MANY", 10)
    bulk = written(BulkCollector)
    assert {one.url: one for one in bulk} == {one.url: one for one in plain}
    for query in ("word3", "ion version50", '"word1 version1"', "* -ion"):
        found, expected = (
            [(hit.url, hit.score) for hit in index.search(query, limit=30)]
            for index in (bulk, plain)
        )
        assert found == expected
    with bulk.writer() as writer:  # a rollback of the compiled collector
        writer.add_many(collection[:20])
        writer.rollback()
    assert len(bulk) == 39


def test_a_share_without_terms_ends_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: it took the place of the share that begins with the same term."""
    collector = Collector(ENGLISH)
    collector.add(article("/a", "neuron " * 60 + "release"))
    data = collector.data()
    expected = segment_columns(data)
    inverted = invert._inverted

    def late_if_empty(*arguments: Any) -> Any:
        made = inverted(*arguments)
        if arguments[3].size == 1:
            time.sleep(0.05)
        return made

    monkeypatch.setattr(invert, "_inverted", late_if_empty)
    monkeypatch.setattr(invert, "FEW", 0)
    monkeypatch.setattr(invert, "_SHARE", 8)
    found = segment_columns(data)
    for name, column in expected.items():
        np.testing.assert_array_equal(found[name], column, err_msg=name)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(articles(max_size=6))
@example([])
@example([article("/a", "?")])
@example([article("/a", "neuron " * 20, answer="ion " * 300, keywords=["k " * 20])])
def test_the_compiled_inversion_writes_the_same_columns(collection: list[Article]) -> None:
    collector = Collector(ENGLISH)
    for one in collection:
        collector.add(one)
    data = collector.data()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("qsearch.index.invert.FEW", 0)
        found = segment_columns(data)
        patched.setattr("qsearch.index.invert._SHARE", 40)  # in many shares of the terms
        in_shares = segment_columns(data)
        patched.setattr("qsearch.index.invert.FEW", 10**9)
        expected = segment_columns(data)
    assert sorted(found) == sorted(in_shares) == sorted(expected)
    for name, column in expected.items():
        assert found[name].dtype == in_shares[name].dtype == column.dtype, name
        np.testing.assert_array_equal(found[name], column, err_msg=name)
        np.testing.assert_array_equal(in_shares[name], column, err_msg=name)
