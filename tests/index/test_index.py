"""An index as a collection of articles: making, opening, looking things up, closing."""

from __future__ import annotations

import contextlib
import gc
import threading
from pathlib import Path

import pytest

import qsearch
from qsearch import ArgumentError, Article, RelatedArticle
from tests.conftest import MakeIndex
from tests.helpers import article, open_files, ranked, urls

FULL = Article(
    url="/full",
    id="7",
    title="Title",
    question="Question?",
    answer="Answer with $Ca^{2+}$ and 東京.",
    keywords=("one", "two words"),
    subject="Physics",
    description="About it",
    date="2024-02-29",
    rating=4.5,
    related=(RelatedArticle(url="/b", id="1", title="B"),),
    no_index=True,
    path="/files/full.md",
    line=1,
)


# -- making and opening


def test_an_index_is_made_with_its_parents(tmp_path: Path) -> None:
    index = qsearch.create(tmp_path / "one" / "two" / "index")
    assert len(index) == 0
    assert list(index) == []
    assert index.search("anything").total == 0
    assert index.subjects == {}


def test_an_empty_folder_may_become_an_index(tmp_path: Path) -> None:
    assert len(qsearch.create(tmp_path)) == 0
    assert len(qsearch.open(tmp_path)) == 0


def test_an_index_is_never_made_over_another(tmp_path: Path) -> None:
    qsearch.create(tmp_path / "i")
    with pytest.raises(qsearch.IndexExists, match="open it") as caught:
        qsearch.create(tmp_path / "i")
    assert caught.value.path == str(tmp_path / "i")


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ArgumentError, match="other files"):
        qsearch.create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="file"):
        qsearch.create(tmp_path / "file")


def test_an_unknown_language_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="klingon"):
        qsearch.create(tmp_path / "i", language="klingon")  # type: ignore[arg-type]
    assert not (tmp_path / "i").exists()


def test_paths_may_be_text_relative_or_objects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    index = qsearch.create("here")
    assert index.path == tmp_path / "here"
    monkeypatch.chdir("/")  # the index stays where it is
    with index.writer() as writer:
        writer.add(FULL)
    assert len(qsearch.open(str(tmp_path / "here"))) == 1


@pytest.mark.parametrize("path", [None, 5, b"bytes", ["list"], "nul \0 inside"])
@pytest.mark.parametrize("call", [qsearch.create, qsearch.open])
def test_what_is_no_path(call: object, path: object) -> None:
    with pytest.raises(ArgumentError):
        call(path)  # type: ignore[operator]


@pytest.mark.parametrize(
    "settings", [{"ranking": "x"}, {"ranking": {}}, {"limits": "x"}, {"limits": 5}, {"language": 5}]
)
def test_wrong_settings(settings: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(ArgumentError):
        qsearch.create(tmp_path / "i", **settings)  # type: ignore[arg-type]
    assert not (tmp_path / "i").exists()


def test_wrong_limits_of_open(make_folder: MakeIndex) -> None:
    with pytest.raises(ArgumentError):
        qsearch.open(make_folder().path, limits="x")  # type: ignore[arg-type]


def test_the_language_is_that_of_the_index(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a", "die Katzen"), article("/b", "the cats")], language="german")
    again = qsearch.open(index.path)
    assert urls(again, "katze") == ["/a"]
    assert urls(again, "die") == ["/a"]  # alone a stop word does
    assert urls(again, "die cats") == ["/b"]
    assert again.stats()["analyzer"]["language"] == "german"


def test_the_ranking_is_that_of_the_index(make_folder: MakeIndex) -> None:
    collection = [article("/a", "neuron"), article("/b", "x", answer="neuron neuron neuron neuron")]
    usual = make_folder(collection)
    turned = make_folder(collection, ranking=qsearch.Ranking(question=0.1, answer=9.0, answer_b=0))
    assert urls(usual, "neuron") == ["/a", "/b"]
    assert urls(qsearch.open(turned.path), "neuron") == ["/b", "/a"]
    with turned.writer() as writer:
        writer.add(article("/c", "other"))
    assert urls(qsearch.open(turned.path), "neuron") == ["/b", "/a"]


# -- looking things up


def test_an_article_comes_back_whole(make_folder: MakeIndex) -> None:
    index = make_folder([FULL, article("/other")])
    found = index.get("/full")
    assert found == FULL
    assert found
    assert (found.path, found.line) == ("/files/full.md", 1)
    (hit,) = index.search("question")
    assert hit.article == FULL
    assert (hit.path, hit.line) == ("/files/full.md", 1)


def test_what_is_in_an_index(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a"), Article(id="5", title="five")])
    assert "/a" in index
    assert "id:5" in index
    assert "/b" not in index
    assert "" not in index
    assert 5 in index
    assert 6 not in index
    assert 5.5 not in index
    assert None not in index
    assert "half \ud800" not in index
    assert index.get("/b") is None
    assert index.get("/A") is None


def test_a_key_that_can_be_none_is_not_there_or_refused(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a", id="1")])
    for call in (index.get, index.by_id):
        with contextlib.suppress(ArgumentError):
            assert not call("half \ud800")
        with pytest.raises(ArgumentError):
            call(5.5)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="by_id"):
        index.get(1)  # type: ignore[arg-type]


def test_articles_come_in_the_order_in_which_they_were_added(make_folder: MakeIndex) -> None:
    index = make_folder([article("/c"), article("/a")], [article("/b")])
    assert [found.url for found in index] == ["/c", "/a", "/b"]


def test_many_articles_are_found_one_by_one(make_folder: MakeIndex) -> None:
    collection = [
        article(f"/{number:03}", f"title {number}", answer="text " * number, id=str(number % 7))
        for number in range(200)
    ]
    index = make_folder(collection)
    assert [index.get(one.url) for one in collection] == collection
    assert list(index) == collection
    assert index.by_id("3") == [one for one in collection if one.id == "3"]
    assert index.by_id("7") == []


def test_articles_by_id_come_in_order_of_url_and_only_live_ones(make_folder: MakeIndex) -> None:
    index = make_folder(
        [article("/c", id="1"), article("/d", id="1"), article("/x", id="11")],
        [article("/b", id="1"), article("/a", id="2")],
    )
    with index.writer() as writer:
        writer.delete("/d")
    assert [found.url for found in index.by_id("1")] == ["/b", "/c"]
    assert index.by_id("") == []


def test_subjects_in_their_commonest_spelling_most_first(make_folder: MakeIndex) -> None:
    subjects = ["Computer science", "Computer Science", "computer  science", "Computer Science"]
    collection = [article(f"/{n}", subject=subject) for n, subject in enumerate(subjects)]
    collection += [article("/p", subject="Physics"), article("/n"), article("/s", subject=" ")]
    index = make_folder(collection[:3], collection[3:])
    assert dict(index.subjects) == {"Computer Science": 4, "Physics": 1}
    assert list(index.subjects) == ["Computer Science", "Physics"]
    with index.writer() as writer:
        writer.delete("/1")
        writer.delete("/3")
        writer.delete("/p")
    # of equally common ones the first by code point
    assert dict(index.subjects) == {"Computer science": 2}


def test_stats(make_folder: MakeIndex) -> None:
    index = make_folder(
        [article("/a", "one two", subject="S"), article("/b", "two")], [article("/c", "two three")]
    )
    with index.writer() as writer:
        writer.delete("/b")
    stats = index.stats()
    assert stats["path"] == str(index.path)
    assert (stats["articles"], stats["deleted"], stats["segments"]) == (2, 1, 2)
    assert (stats["terms"], stats["subjects"], stats["generation"]) == (3, 1, 3)
    assert stats["bytes"] == sum(path.stat().st_size for path in index.path.glob("*.qs"))
    assert stats["ranking"] == qsearch.Ranking().settings()


# -- closing, and many at once


def test_a_closed_index_says_so(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a")])
    with index as same:
        assert same is index
    index.close()
    assert "closed" in repr(index)
    for use in (
        index.__len__,
        lambda: list(index),
        lambda: index.search("x"),
        lambda: index.get("/a"),
        lambda: "/a" in index,
        lambda: index.by_id("1"),
        lambda: index.subjects,
        index.stats,
        index.writer,
        index.refresh,
        lambda: index.update(index.path),
        lambda: index.whoosh,
        index.__enter__,
    ):
        with pytest.raises(ArgumentError, match="closed"):
            use()


def test_an_index_says_what_it_is(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a")])
    assert "1 articles" in repr(index)
    assert str(index.path) in repr(index)


def test_closing_lets_go_of_the_files(make_folder: MakeIndex) -> None:
    index = make_folder([article("/a")], [article("/b")])
    assert ranked(index, "title")
    assert open_files(index.path) > 0
    path = index.path
    index.close()
    gc.collect()
    assert open_files(path) == 0


def test_threads_may_share_an_index(make_folder: MakeIndex) -> None:
    index = make_folder(
        [article(f"/{n}", f"neuron {n}", answer="releases ions " * n) for n in range(60)]
    )
    queries = ["neuron", '"releases ions"', "released 7", "ions -neuron", "* 12", "unknwn neuron"]
    expected = [ranked(index, query) for query in queries]
    again = qsearch.open(index.path)
    wrong: list[object] = []

    def work() -> None:
        try:
            for query, right in zip(queries, expected, strict=True):
                results = again.search(query, limit=None)
                if [(hit.article.url, hit.score) for hit in results] != right:
                    wrong.append(query)
                assert all(hit.snippet is not None for hit in results)
                again.refresh()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    with index.writer() as writer:  # meanwhile somebody writes what changes none of the answers
        writer.delete("/absent")
    for thread in threads:
        thread.join()
    assert wrong == []
