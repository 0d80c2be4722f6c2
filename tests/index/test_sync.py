"""A table of rows and an index of it: after ``sync`` the one holds what the other does."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qsearch
from qsearch import ArgumentError, Article, ArticleError, Index, Report
from qsearch.api import create_in
from qsearch.index.segment import Segment
from qsearch.storage import MemoryStorage
from tests.helpers import article, articles

ROWS = [article(f"/{number}", f"row {number}", subject="Rows") for number in range(30)]


@pytest.fixture
def index() -> Iterator[Index]:
    with create_in(MemoryStorage()) as made:
        yield made


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


def generation(index: Index) -> int:
    return index.stats()["generation"]


def test_rows_come_change_stay_and_go(index: Index) -> None:
    assert counts(index.sync(ROWS)) == (30, 0, 0, 0)
    changed = [dataclasses.replace(ROWS[0], answer="new"), *ROWS[2:], article("/new")]
    assert counts(index.sync(changed)) == (1, 1, 28, 1)
    assert sorted(index.urls()) == sorted(one.url for one in changed)
    assert index.get("/0") == changed[0]
    assert generation(index) == 2


def test_nothing_is_committed_if_nothing_has_changed(index: Index) -> None:
    index.sync(ROWS)
    assert counts(index.sync(iter(ROWS))) == (0, 0, 30, 0)
    assert generation(index) == 1


def test_what_is_the_same_is_not_unpacked(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    index.sync(ROWS)

    def refuse(self: Segment, number: int) -> Article:
        raise AssertionError(f"article {number} was unpacked")

    monkeypatch.setattr(Segment, "article", refuse)
    assert counts(index.sync([*ROWS[:-1], article("/29", "changed")])) == (0, 1, 29, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "7"},
        {"title": "other"},
        {"question": "other"},
        {"answer": "other"},
        {"keywords": ("other",)},
        {"subject": "Other"},
        {"description": "other"},
        {"date": "2024-01-01"},
        {"rating": 1.0},
        {"related": ("8",)},
        {"no_index": True},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("article_id", [None, "5"])
def test_every_field_counts(
    index: Index, change: dict[str, object], article_id: str | None
) -> None:
    before = article("/a", "title", id=article_id, question="why", keywords=("a", "b"))
    index.sync([before])
    after = dataclasses.replace(before, **change)  # type: ignore[arg-type]
    assert counts(index.sync([after])) == (0, 1, 0, 0)
    assert list(index) == [after]


def test_texts_that_only_lie_in_other_fields_are_another_content(index: Index) -> None:
    index.sync([Article(url="/a", title="ab", question="c")])
    assert counts(index.sync([Article(url="/a", title="a", question="bc")])) == (0, 1, 0, 0)


def test_what_a_writer_added_belongs_to_the_table_without_a_scope(index: Index) -> None:
    with index.writer() as writer:
        writer.add_many(ROWS)
    assert counts(index.sync(ROWS[:20])) == (0, 0, 20, 10)


def test_scopes_keep_tables_apart(index: Index) -> None:
    faq, docs = ROWS[:10], ROWS[10:20]
    index.sync(faq, scope="faq")
    index.sync(docs, scope="docs")
    with index.writer() as writer:
        writer.add(ROWS[20])
    assert counts(index.sync(faq[:5], scope="faq")) == (0, 0, 5, 5)
    assert counts(index.sync([], scope="none")) == (0, 0, 0, 0)
    assert counts(index.sync([ROWS[20]])) == (0, 0, 1, 0)
    assert counts(index.sync([], scope="docs")) == (0, 0, 0, 10)
    assert sorted(index.urls()) == sorted(one.url for one in [*faq[:5], ROWS[20]])


def test_scopes_outlive_merges_and_more_of_them_than_a_byte_counts(index: Index) -> None:
    for number in range(260):
        index.sync([article(f"/{number}")], scope=f"scope {number}")
    assert len(index) == 260
    assert counts(index.sync([], scope="scope 259")) == (0, 0, 0, 1)
    assert counts(index.sync([article("/3")], scope="scope 3")) == (0, 0, 1, 0)


def test_an_article_goes_over_to_the_scope_that_gives_it(index: Index) -> None:
    index.sync(ROWS, scope="old")
    assert counts(index.sync(ROWS[:1], scope="new")) == (0, 1, 0, 0)
    assert counts(index.sync([], scope="old")) == (0, 0, 0, 29)
    assert index.urls() == [ROWS[0].url]


def test_what_is_missing_may_stay(index: Index) -> None:
    index.sync(ROWS)
    part = [dataclasses.replace(ROWS[3], answer="new")]
    assert counts(index.sync(part, remove_missing=False)) == (0, 1, 0, 0)
    assert len(index) == 30


def test_files_and_tables_leave_one_another_alone(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text("---\nurl: /file\ntitle: From a file\n---\n")
    with qsearch.create(tmp_path / "index") as index:
        index.update(folder)
        assert counts(index.sync(ROWS)) == (30, 0, 0, 0)
        assert counts(index.sync([])) == (0, 0, 0, 30)
        index.sync(ROWS)
        report = index.update(folder)
        assert (report.unchanged, report.removed) == (1, 0)
        assert len(index) == 31


def test_of_two_rows_with_one_url_the_first_is_taken_and_the_other_named(index: Index) -> None:
    report = index.sync([article("/a", "one"), article("/a", "two"), article("/b")])
    assert counts(report) == (2, 0, 0, 0)
    (skipped,) = report.skipped
    assert isinstance(skipped, ArticleError)
    assert "/a" in skipped.reason
    report = index.sync([article("/a", "one"), article("/a", "two"), article("/b")])
    assert counts(report) == (0, 0, 2, 0)
    assert len(report.skipped) == 1
    found = index.get("/a")
    assert found is not None
    assert found.title == "one"


def test_an_error_on_the_way_leaves_all_as_it_was(index: Index) -> None:
    index.sync(ROWS)

    def broken() -> Iterator[Article]:
        yield article("/new")
        raise KeyError("the database is gone")

    with pytest.raises(KeyError):
        index.sync(broken())
    with pytest.raises(ArgumentError, match="from_mapping"):
        index.sync([article("/new"), {"url": "/row", "title": "a row"}])  # type: ignore[list-item]
    assert index.urls() == [one.url for one in ROWS]


@pytest.mark.parametrize("wrong", ["text", 5, None])
def test_articles_are_several(index: Index, wrong: object) -> None:
    with pytest.raises(ArgumentError, match="articles"):
        index.sync(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", ["", " ", 5, b"x"])
def test_a_scope_has_a_name(index: Index, wrong: object) -> None:
    with pytest.raises(ArgumentError, match="scope"):
        index.sync(ROWS, scope=wrong)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.sampled_from([None, "a", "b"]), articles()), max_size=5))
def test_after_each_sync_a_scope_holds_what_was_given(
    steps: list[tuple[str | None, list[Article]]],
) -> None:
    held: dict[str, tuple[str | None, Article]] = {}
    with create_in(MemoryStorage()) as index:
        for scope, given_articles in steps:
            report = index.sync(given_articles, scope=scope)
            wanted: dict[str, Article] = {}
            for one in given_articles:
                wanted.setdefault(one.url, one)
            before = {url: one for url, (of, one) in held.items() if of == scope}
            assert report.removed == len(before.keys() - wanted.keys())
            assert report.added == len(wanted.keys() - held.keys())
            same = [url for url, one in wanted.items() if before.get(url) == one]
            assert report.unchanged == len(same)
            assert report.updated == len(wanted) - report.added - report.unchanged
            assert len(report.skipped) == len(given_articles) - len(wanted)
            held = {url: found for url, found in held.items() if found[0] != scope}
            held |= {url: (scope, one) for url, one in wanted.items()}
            assert {one.url: one for one in index} == {url: one for url, (_, one) in held.items()}
