"""How far behind others' commits an answer may be."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

import qsearch
from qsearch import ArgumentError, Article, IndexCorrupt
from qsearch.freshness import Freshness
from tests.conftest import MakeIndex
from tests.helpers import article


class Clock:
    """Time that passes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr("qsearch.freshness.time.monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_it_looks_again_after_half_of_the_time(clock: Clock) -> None:
    looks: list[float] = []
    freshness = Freshness(10.0, lambda: looks.append(clock.now))
    for clock.now in (1_000.0, 1_004.9, 1_005.0, 1_005.1, 1_009.9, 1_010.0, 1_100.0):
        freshness.keep()
    assert looks == [1_005.0, 1_010.0, 1_100.0]


def test_every_time_if_nothing_may_be_behind(clock: Clock) -> None:
    looks: list[float] = []
    freshness = Freshness(0.0, lambda: looks.append(clock.now))
    freshness.keep()
    freshness.keep()
    assert len(looks) == 2


@pytest.mark.parametrize(("passed", "waits"), [(6.0, False), (11.0, True)])
def test_others_wait_for_a_look_only_if_they_would_be_too_far_behind(
    clock: Clock, passed: float, waits: bool
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    looks = []

    def look() -> None:
        looks.append(clock.now)
        begun.set()
        go_on.wait()

    freshness = Freshness(10.0, look)
    clock.now += passed
    first = threading.Thread(target=freshness.keep)
    first.start()
    begun.wait()
    second = threading.Thread(target=freshness.keep)
    second.start()
    second.join(timeout=0.2 if waits else None)
    assert second.is_alive() is waits
    go_on.set()
    first.join()
    second.join()
    assert len(looks) == 1


def test_an_error_is_told_and_not_raised(clock: Clock) -> None:
    def fail() -> None:
        raise IndexCorrupt("x: damaged", path="x")

    freshness = Freshness(10.0, fail)
    clock.now += 20
    freshness.keep()
    assert freshness.trouble == "x: damaged"
    freshness._look = lambda: None
    clock.now += 20
    freshness.keep()
    assert freshness.trouble is None


# -- an index that is kept fresh


def test_a_search_shows_what_others_have_committed(make_folder: MakeIndex, clock: Clock) -> None:
    others = make_folder([article("/a", "neuron")])
    with qsearch.open(others.path, refresh_every=1.0) as index:
        with others.writer() as writer:
            writer.add(article("/b", "neuron"))
        assert index.search("neuron").total == 1
        clock.now += 1
        assert index.search("neuron").total == 2
        with others.writer() as writer:
            writer.delete("/a")
        clock.now += 1
        assert "/a" not in index
        assert len(index) == 1
        assert [found.url for found in index] == index.urls() == ["/b"]


def test_what_can_t_be_refreshed_answers_and_says_so(
    make_folder: MakeIndex, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    others = make_folder([article("/a", "neuron")])
    with qsearch.open(others.path, refresh_every=1.0) as index:
        for file in sorted(others.path.glob("manifest-*")):
            file.rename(file.with_suffix(".away"))
        for _ in range(3):
            clock.now += 1
            results = index.search("neuron")
            assert results.total == 1
            (note,) = results.notes
            assert "may not be the newest state" in note.message
            (many,) = index.search_many(["neuron"])
            assert many.notes == results.notes
        assert caplog.text.count("not refreshed") == 1


def test_a_closed_index_is_closed(make_folder: MakeIndex) -> None:
    index = qsearch.open(make_folder([article("/a")]).path, refresh_every=0.0)
    index.close()
    with pytest.raises(ArgumentError, match="closed"):
        index.search("a")


def test_writing_does_not_wait_for_a_look(make_folder: MakeIndex) -> None:
    with qsearch.open(make_folder([article("/a")]).path, refresh_every=0.0) as index:
        with index.writer() as writer:
            writer.add(article("/b"))
        assert index.refresh() is False
        assert len(index) == 2


@pytest.mark.parametrize("wrong", [-1, "1", float("nan"), float("inf"), True])
def test_a_time_that_is_none_is_refused(make_folder: MakeIndex, wrong: float) -> None:
    path = make_folder().path
    with pytest.raises(ArgumentError, match="refresh_every"):
        qsearch.open(path, refresh_every=wrong)


# -- opening what may not be there


def test_open_makes_an_index_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "index"
    with qsearch.open(path, create=True, language="german") as index:
        assert index.stats()["analyzer"]["language"] == "german"
        with index.writer() as writer:
            writer.add(article("/a"))
    with qsearch.open(path, create=True, language="german") as index:
        assert len(index) == 1
    with qsearch.open(path, create=True) as index:
        assert len(index) == 1


def test_another_language_or_ranking_is_refused(tmp_path: Path) -> None:
    qsearch.open(tmp_path / "i", create=True, language="german").close()
    for create in (True, False):
        with pytest.raises(ArgumentError, match="is german, not english"):
            qsearch.open(tmp_path / "i", create=create, language="english")
        with pytest.raises(ArgumentError, match="ranking"):
            qsearch.open(tmp_path / "i", create=create, ranking=qsearch.Ranking(k1=0.5))
    assert qsearch.open(tmp_path / "i", ranking=qsearch.Ranking()).search("x").total == 0


def test_a_damaged_index_is_not_made_anew(tmp_path: Path) -> None:
    with qsearch.open(tmp_path / "i", create=True) as index, index.writer() as writer:
        writer.add(article("/a"))
    for file in (tmp_path / "i").glob("manifest-*"):
        file.write_text("{}")
    with pytest.raises(IndexCorrupt):
        qsearch.open(tmp_path / "i", create=True)


def test_an_older_state_can_t_be_made_or_kept_fresh(make_folder: MakeIndex) -> None:
    path = make_folder([article("/a")]).path
    for options in ({"create": True}, {"refresh_every": 1.0}):
        with pytest.raises(ArgumentError, match="generation"):
            qsearch.open(path, generation=0, **options)


def test_warming_loads_what_queries_need(make_folder: MakeIndex) -> None:
    index = make_folder([Article(url="/a", title="neurons")])
    assert index.warm()
    assert index.search("neuron").total == 1
    assert index.warm(timeout=0) in (True, False)
