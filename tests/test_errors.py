from __future__ import annotations

import pickle

import pytest

import qsearch
from qsearch import errors


@pytest.mark.parametrize(
    "name",
    [
        "ArticleError",
        "ArgumentError",
        "QueryError",
        "LimitExceeded",
        "IndexNotFound",
        "IndexExists",
        "IndexLocked",
        "IndexCorrupt",
        "IndexTooNew",
        "IndexTooOld",
    ],
)
def test_every_error_is_a_qsearch_error(name: str) -> None:
    error = getattr(qsearch, name)
    assert issubclass(error, qsearch.Error)
    assert not issubclass(error, OSError)
    assert issubclass(error, ValueError) == (name == "ArgumentError")


def test_the_tree_of_errors_is_complete() -> None:
    public = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, Exception) and not name.startswith("_")
    }
    assert public == {n for n in qsearch.__all__ if n[0].isupper()} & set(vars(errors))
    assert public <= set(qsearch.__all__)


@pytest.mark.parametrize(
    ("path", "line", "column", "text"),
    [
        ("a.md", 3, 7, "a.md:3:7: no colon"),
        ("a.md", 3, None, "a.md:3: no colon"),
        ("a.md", None, None, "a.md: no colon"),
        (None, None, None, "no colon"),
    ],
)
def test_an_article_error_says_where(
    path: str | None, line: int | None, column: int | None, text: str
) -> None:
    error = qsearch.ArticleError("no colon", path=path, line=line, column=column)
    assert str(error) == text
    assert (error.path, error.line, error.column) == (path, line, column)
    assert error.reason == "no colon"


@pytest.mark.parametrize(
    "error",
    [
        qsearch.ArticleError("no colon", path="a.md", line=3, column=7),
        qsearch.ArgumentError("limit must be a whole number"),
        qsearch.QueryError("a ')' too many", query="a)", position=1),
        qsearch.LimitExceeded("too long"),
        qsearch.IndexCorrupt("damaged", path="/i/x.qs"),
        qsearch.IndexLocked("busy", path="/i", holder="process 1 on here"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_crosses_processes_whole(error: qsearch.Error) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))


def test_a_query_error_counts_from_0_and_says_from_1() -> None:
    error = qsearch.QueryError("a ')' too many", query="a)", position=1)
    assert (error.query, error.position) == ("a)", 1)
    assert "at character 2" in str(error)


def test_errors_about_an_index_name_its_path() -> None:
    locked = qsearch.IndexLocked("busy", path="/i", holder="process 1 on here")
    assert (locked.path, locked.holder) == ("/i", "process 1 on here")
    assert qsearch.IndexCorrupt("damaged", path="/i/x.qs").path == "/i/x.qs"
