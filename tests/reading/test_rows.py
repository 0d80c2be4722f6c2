"""Records of a program become articles, with the names that files may have."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qsearch


def one(row: dict[str, object], **fields: str) -> qsearch.Article:
    (article,) = qsearch.articles_from([row], fields=fields)
    return article


def test_what_rows_hold_is_taken() -> None:
    article = one(
        {
            "id": 7.0,  # a column of ids that misses some
            "question": "Is it free?",
            "answer": None,
            "text": "Yes.",
            "tags": np.array(["a", "b"]),
            "score": Decimal("4.5"),
            "date": datetime.datetime(2024, 1, 5, 23, 59),
            "category": math.nan,
            "section": np.str_("Shop"),
            "no_index": np.True_,
        }
    )
    assert (article.url, article.id, article.answer) == ("id:7", "7", "Yes.")
    assert (article.keywords, article.subject, article.no_index) == (("a", "b"), "Shop", True)
    assert (article.rating, article.date) == (4.5, datetime.date(2024, 1, 5))
    assert (article.path, article.line) == (None, None)


@pytest.mark.parametrize(
    "nothing", [None, math.nan, np.nan, np.datetime64("NaT", "s"), Decimal("NaN"), ""]
)
def test_nothing_is_nothing(nothing: object) -> None:
    assert one({"id": 1, "title": "t", "date": nothing, "answer": nothing}) == one(
        {"id": 1, "title": "t"}
    )


def test_a_users_names_come_first() -> None:
    row = {"nr": 1, "prompt": "Q", "reply": {"text": "A"}, "answer": "no"}
    article = one(row, id="nr", answer="reply.text")
    assert (article.url, article.question, article.answer) == ("id:1", "Q", "A")


def test_a_record_without_key_has_one_of_its_texts() -> None:
    rows = [{"question": "Q", "answer": "A"}, {"question": "Q", "answer": "B"}]
    first, second = qsearch.articles_from(rows)
    assert first.url.startswith("record:")
    assert first.url != second.url
    assert [article.url for article in qsearch.articles_from(rows[1:])] == [second.url]


def test_errors_and_notes_are_told() -> None:
    rows: list[dict[str, object]] = [
        {"id": 1},
        {"id": 2, "title": "t", "date": "05/06/2024", "author": "x"},
    ]
    with pytest.raises(qsearch.ArticleError, match=r"record 1: .* all empty"):
        list(qsearch.articles_from(rows))
    errors: list[qsearch.ArticleError] = []
    notes: list[qsearch.SourceNote] = []
    made = qsearch.articles_from(rows, on_error=errors.append, on_note=notes.append)
    assert [article.id for article in made] == ["2"]
    assert len(errors) == 1
    assert [note.kind for note in notes] == ["field left out", "unread field"]


@pytest.mark.parametrize("wrong", [5, "abc", {"a": 1}, b"x"])
def test_records_are_several_mappings(wrong: object) -> None:
    with pytest.raises(qsearch.ArgumentError, match="records must be several mappings"):
        qsearch.articles_from(wrong)  # type: ignore[arg-type]
    with pytest.raises(qsearch.ArgumentError, match="record 1 must be a mapping"):
        list(qsearch.articles_from([5]))  # type: ignore[list-item]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
NAMES = st.sampled_from(
    "url id title question answer tags date score related seo slug no_index".split()
)


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_of_any_row_only_an_article_or_an_article_error_comes(row: dict[str, object]) -> None:
    errors: list[qsearch.ArticleError] = []
    made = list(qsearch.articles_from([row], on_error=errors.append))
    assert len(made) + len(errors) == 1
