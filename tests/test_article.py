"""What an article is, and which values it refuses."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import decimal
import json
import pickle
import sqlite3
import uuid
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsearch import ArgumentError, Article, ArticleError, Limits, RelatedArticle, values
from qsearch.article import article_of
from qsearch.index.stored_record import decode_article, encode_article
from qsearch.model.copies import NO_GROUP, group_of
from qsearch.model.keyword_phrase import phrase_key


def made(**values: object) -> Article:
    return Article(**{"url": "/a", "title": "t", **values})  # type: ignore[arg-type]


def test_an_article_with_everything() -> None:
    article = Article(
        url=" /a ",
        id=7,
        title="title",
        question="question",
        answer="answer",
        keywords="b c, d,, b  c ,",
        subject="Physics",
        description="description",
        date="2024-02-29",
        rating=-1,
        related=[1, "2", {"url": "/b", "title": "B", "other": 5}, RelatedArticle(id="3")],
        no_index=True,
    )
    assert (article.url, article.url, article.id) == ("/a", "/a", "7")
    assert article.keywords == ("b c", "d")
    assert article.date == datetime.date(2024, 2, 29)
    assert article.rating == -1.0
    assert isinstance(article.rating, float)
    assert article.related == (
        RelatedArticle(id="1"),
        RelatedArticle(id="2"),
        RelatedArticle(url="/b", title="B"),
        RelatedArticle(id="3"),
    )
    assert article.no_index


def test_an_article_is_frozen_and_can_be_compared() -> None:
    article = made()
    with pytest.raises(dataclasses.FrozenInstanceError):
        article.title = "x"  # type: ignore[misc]
    assert article == made()
    assert hash(article) == hash(made())
    assert article != made(title="u")


def test_where_an_article_was_read_makes_no_difference() -> None:
    assert made(path="/x/a.md", line=3) == made()


def test_nothing_is_changed_in_the_texts() -> None:
    text = "  two  spaces \\n and\ttabs\n"
    article = made(title=text, question=text, answer=text, subject=text, description=text)
    assert {article.title, article.question, article.answer, article.subject} == {text}
    assert article.description == text


# -- the key


@pytest.mark.parametrize(
    ("url", "article_id", "key"),
    [
        ("/a", None, "/a"),
        ("/a", "1", "/a"),
        (None, "1", "id:1"),
        ("", "1", "id:1"),
        ("  ", " 1 ", "id:1"),
        (None, 1, "id:1"),
        (None, 0, "id:0"),
    ],
)
def test_the_key_is_the_url_or_made_of_the_id(
    url: str | None, article_id: str | None, key: str
) -> None:
    article = made(url=url, id=article_id)
    assert article.url == key
    assert article.url == key


@pytest.mark.parametrize(("url", "article_id"), [(None, None), ("", ""), (" ", None), (None, " ")])
def test_an_article_needs_a_url_or_an_id(url: str | None, article_id: str | None) -> None:
    with pytest.raises(ArticleError, match="url or an id"):
        made(url=url, id=article_id)


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_an_article_needs_a_text(text: str) -> None:
    with pytest.raises(ArticleError, match="all empty") as caught:
        made(title=text, question=text, answer=text, keywords="k", path="a.md", line=3)
    assert (caught.value.path, caught.value.line) == ("a.md", 3)


@pytest.mark.parametrize("name", ["title", "question", "answer"])
def test_one_text_is_enough(name: str) -> None:
    made(**{"title": "", name: "x"})


# -- subjects


@pytest.mark.parametrize(
    ("given", "subjects"),
    [
        ({}, ()),
        ({"subject": None}, ()),
        ({"subject": " \t"}, ()),
        ({"subject": "Physics"}, ("Physics",)),
        ({"subject": " as written "}, (" as written ",)),
        ({"subject": ["Physics", "Chemistry"]}, ("Physics", "Chemistry")),
        ({"subject": (name for name in "ba")}, ("b", "a")),
        ({"subject": ["", "Physics", " ", "PHYSICS", "physics  ", "Art"]}, ("Physics", "Art")),
        ({"subject": []}, ()),
        ({"subjects": ("Physics", "Art")}, ("Physics", "Art")),
        ({"subjects": "Physics"}, ("Physics",)),
        ({"subject": "Physics", "subjects": ["Physics", "Art"]}, ("Physics", "Art")),
        ({"subject": ["Physics", "Art"], "subjects": ["Physics", "Art"]}, ("Physics", "Art")),
    ],
)
def test_one_subject_or_several(given: dict[str, object], subjects: tuple[str, ...]) -> None:
    article = made(**given)
    assert article.subjects == subjects
    assert article.subject == (subjects[0] if subjects else "")


@pytest.mark.parametrize(
    "given",
    [
        {"subject": "Art", "subjects": ["Physics", "Art"]},
        {"subject": ["Physics"], "subjects": ["Physics", "Art"]},
    ],
)
def test_subjects_that_disagree_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(ArgumentError, match="is not the first of subjects"):
        made(**given)


def test_all_subjects_count_when_articles_are_compared() -> None:
    assert made(subject=["a", "b"]) == made(subject=("a", "b"))
    assert made(subject=["a", "b"]) != made(subject=["a"])
    assert made(subject=["a", "b"]) != made(subject=["b", "a"])


def test_replacing_a_field_keeps_the_subjects_and_replacing_the_subject_replaces_all() -> None:
    article = made(subject=["a", "b"])
    copied = pickle.loads(pickle.dumps(article))
    for one in (article, copied, article_of(getattr(article, f.name) for f in fields(article))):
        assert replace(one, title="x").subjects == ("a", "b")
        assert made(subjects=one.subjects).subjects == ("a", "b")
        assert replace(one, subject="c").subjects == ("c",)
        assert replace(one, subject=["c", "d"]).subjects == ("c", "d")
        assert replace(one, subject="").subjects == ()
        assert replace(one, subject="c", subjects=("c", "d")).subjects == ("c", "d")
        with pytest.raises(ArgumentError, match="give only one"):
            replace(one, subjects=("c", "d"))


def test_several_subjects_are_a_list_in_json_and_one_is_a_text() -> None:
    for subject, shown in (("", ""), (["a"], "a"), (["a", "b"], ["a", "b"])):
        document = made(subject=subject).to_dict()
        assert document["subject"] == shown
        assert Article.from_dict(json.loads(json.dumps(document))) == made(subject=subject)


# -- values that are refused


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[
            (name, value)
            for name in ("title", "question", "answer", "description")
            for value in (1, b"x", ["x"], "half \ud800")
        ],
        *[
            (name, value)
            for name in ("subject", "subjects")
            for value in (1, b"x", {"x": 1}, ["x", 2], "half \ud800")
        ],
        ("url", 1),
        ("url", b"/a"),
        ("url", "\udfff"),
        ("id", 1.5),
        ("id", True),
        ("id", b"1"),
        ("id", "\ud800"),
        ("keywords", 5),
        ("keywords", b"a"),
        ("keywords", {"a": 1}),
        ("keywords", ["a", 1]),
        ("keywords", ["\ud800"]),
        ("date", 20240101),
        ("date", "01/02/2024"),
        ("date", "2024-02-30"),
        ("date", "20240101"),
        ("date", "2024-01-01 around noon"),
        ("rating", "5"),
        ("rating", True),
        ("rating", float("nan")),
        ("rating", float("inf")),
        ("rating", 10**400),
        ("related", "1"),
        ("related", {"id": 1}),
        ("related", 5),
        ("related", [{}]),
        ("related", [{"title": "no id"}]),
        ("related", [{"id": 1, "title": 5}]),
        ("related", [True]),
        ("related", [None]),
        ("no_index", 2),
        ("no_index", "true"),
        ("path", Path("a.md")),
        ("path", "\ud800"),
        ("line", -1),
        ("line", "1"),
        ("line", 1.5),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_wrong_value_is_refused_at_once(name: str, value: object) -> None:
    with pytest.raises(ArgumentError):
        made(**{name: value})


@pytest.mark.parametrize("name", ["id", "rating", "date", "title"])
def test_a_number_too_long_to_be_written_is_refused_like_any_other(name: str) -> None:
    with pytest.raises(ArgumentError):
        made(**{name: 10**5_000})


def test_an_argument_error_names_the_argument_and_the_value() -> None:
    with pytest.raises(ArgumentError, match=r"date.*2025-01-31.*not 'soon'"):
        made(date="soon")
    with pytest.raises(ArgumentError, match=r"rating.*'high'"):
        made(rating="high")
    with pytest.raises(ArgumentError, match="title must be text, not int"):
        made(title=5)


# -- dates and keywords


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (None, None),
        ("2024-01-31", datetime.date(2024, 1, 31)),
        (" 2024-01-31 ", datetime.date(2024, 1, 31)),
        (datetime.date(2024, 1, 31), datetime.date(2024, 1, 31)),
        (datetime.datetime(2024, 1, 31, 23, 59), datetime.date(2024, 1, 31)),
        ("2024-01-31 10:00:00", datetime.date(2024, 1, 31)),
        ("2024-01-31T10:00:00.123456+02:00", datetime.date(2024, 1, 31)),
    ],
)
def test_dates(value: object, date: datetime.date | None) -> None:
    assert values.day("since", value) == date
    assert made(date=value).date == date
    assert type(made(date=value).date) in (datetime.date, type(None))


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("", ()),
        (",, ,", ()),
        ("a", ("a",)),
        ("a,b", ("a", "b")),
        ("a, b ,c", ("a", "b", "c")),
        ("two  words,\nother\twords", ("two words", "other words")),
        ("a,A,a", ("a", "A")),
    ],
)
def test_keywords(text: str, keywords: tuple[str, ...]) -> None:
    assert made(question="q", keywords=text).keywords == keywords


def test_a_keyword_of_a_list_may_hold_a_comma() -> None:
    assert made(keywords=["1,000 words", "b"]).keywords == ("1,000 words", "b")


# -- as it is stored

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    st.builds(
        Article,
        url=st.none() | TEXT,
        id=TEXT.filter(str.strip),
        title=TEXT,
        question=TEXT,
        answer=TEXT.filter(str.strip),
        keywords=st.lists(TEXT),
        subject=TEXT | st.lists(TEXT),
        description=TEXT,
        date=st.none() | st.dates(),
        rating=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        related=st.lists(
            st.builds(
                RelatedArticle,
                url=st.none() | TEXT,
                id=TEXT.filter(str.strip),
                title=TEXT,
                subject=TEXT,
            )
        ),
        no_index=st.booleans(),
    )
)
def test_an_article_comes_back_as_it_was_stored(article: Article) -> None:
    columns = {name: getattr(article, name) for name in ("url", "id", "subjects", "date")}
    again = decode_article(encode_article(article), **columns, path="/a.md", line=3)
    assert again == article
    assert (again.path, again.line) == ("/a.md", 3)


def test_copies_share_id_question_and_answer() -> None:
    one = made(id="1", question="q", answer="a")
    assert group_of(one) == group_of(made(url="/b", id="1", question="q", answer="a", keywords="k"))
    for other in (
        made(id="2", question="q", answer="a"),
        made(id="1", question="Q", answer="a"),
        made(id="1", question="q", answer="b"),
        made(id="1", question="qa"),
    ):
        assert group_of(other) != group_of(one)


def test_an_article_without_an_id_is_a_copy_of_none() -> None:
    assert group_of(made(question="q")) == NO_GROUP
    assert group_of(made(id="1", question="q")) != NO_GROUP


def test_phrases_of_other_words_have_other_keys() -> None:
    phrases = [("a",), ("a", "b"), ("b", "a"), ("ab",), ("a", "b", "c")]
    assert len({phrase_key(phrase) for phrase in phrases}) == len(phrases)


# -- limits


def test_limits_are_numbers_from_zero() -> None:
    assert Limits(query_bytes=0).query_bytes == 0
    names = [item.name for item in fields(Limits)]
    for name in names:
        for value in (-1, "1", None, True, float("nan")):
            with pytest.raises(ArgumentError, match=name):
                Limits(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["query_bytes", "clauses", "edits", "nesting", "file_bytes"])
def test_limits_that_count_are_whole(name: str) -> None:
    with pytest.raises(ArgumentError, match=name):
        Limits(**{name: 1.5})  # type: ignore[arg-type]


# -- as rows of a database hold it


def test_none_stands_for_nothing_in_every_field() -> None:
    names = [part.name for part in dataclasses.fields(Article) if part.name != "id"]
    nothing: dict[str, Any] = dict.fromkeys(names)
    found = Article(**{**nothing, "id": "1", "title": "t"})
    assert found == Article(id="1", title="t")


@pytest.mark.parametrize(
    ("given_id", "held"),
    [
        (7, "7"),
        (decimal.Decimal(7), "7"),
        (decimal.Decimal("7.0"), "7"),
        (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (np.int64(7), "7"),
        (" 7 ", "7"),
    ],
)
def test_ids_as_databases_have_them(given_id: Any, held: str) -> None:
    assert Article(id=given_id, title="t").id == held
    assert Article(id=given_id, title="t").url == f"id:{held}"
    assert Article(id="1", title="t", related=[given_id]).related[0].id == held


@pytest.mark.parametrize("wrong", [7.5, True, decimal.Decimal("7.5"), decimal.Decimal("NaN"), b"7"])
def test_what_is_no_id_is_refused(wrong: Any) -> None:
    with pytest.raises(ArgumentError, match="id"):
        Article(id=wrong, title="t")


def test_numbers_and_flags_as_databases_have_them() -> None:
    found = Article(id=1, title="t", rating=decimal.Decimal("4.5"), no_index=1)
    assert (found.rating, found.no_index) == (4.5, True)


def test_a_row_of_sqlite() -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.row_factory = sqlite3.Row
        database.execute("CREATE TABLE faq (id, title, answer_html, tags, changed, score, owner)")
        row = (7, "Why?", "<p>So.</p>", "a, b", "2025-01-31 10:00:00", None, "nobody")
        database.execute("INSERT INTO faq VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        (found,) = database.execute("SELECT * FROM faq")
    columns = {"answer_html": "answer", "tags": "keywords", "changed": "date"}
    assert Article.from_mapping(found, columns) == Article(
        id="7", title="Why?", answer="<p>So.</p>", keywords=("a", "b"), date="2025-01-31"
    )


def test_a_named_column_comes_before_one_of_the_field_s_own_name() -> None:
    row = {"url": "/a", "title": "plain", "headline": "better", "score": 3}
    found = Article.from_mapping(row, columns={"headline": "title"})
    assert (found.title, found.rating) == ("better", 3.0)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"tile": "title"}, "no column 'tile'; there is: url, title"),
        ({"title": "headline"}, "no field 'headline'; there is: url, id, title"),
        ({"title": "answer", "url": "answer"}, "answer twice"),
    ],
)
def test_columns_that_lead_nowhere_are_refused(columns: dict[str, str], told: str) -> None:
    with pytest.raises(ArgumentError, match=told):
        Article.from_mapping({"url": "/a", "title": "t"}, columns)


def test_a_row_without_a_text_is_no_article() -> None:
    with pytest.raises(ArticleError, match="empty"):
        Article.from_mapping({"id": 5, "title": None})


# -- as JSON


@given(st.data())
def test_what_is_written_as_json_is_read_again(data: st.DataObject) -> None:
    one = data.draw(
        st.builds(
            Article,
            url=st.none() | TEXT,
            id=TEXT.filter(str.strip),
            title=TEXT,
            answer=TEXT.filter(str.strip),
            keywords=st.lists(TEXT),
            date=st.none() | st.dates(),
            rating=st.none() | st.floats(allow_nan=False, allow_infinity=False),
            related=st.lists(st.builds(RelatedArticle, id=TEXT.filter(str.strip), title=TEXT)),
            no_index=st.booleans(),
        )
    )
    document = json.loads(json.dumps(one.to_dict()))
    assert Article.from_dict(document) == one
    assert Article.from_mapping(document) == one


def test_a_name_that_no_article_has_is_refused_in_json() -> None:
    with pytest.raises(ArgumentError, match=r"no 'titel'; there is: url, id, title"):
        Article.from_dict({"url": "/a", "titel": "t"})


def test_a_notebook_shows_an_article_escaped() -> None:
    shown = Article(url="/<a>", title="<b>", answer="x < y & z", keywords="k")._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "x &lt; y &amp; z" in shown
    assert "/&lt;a&gt;" in shown
    assert "<b>&lt;" in shown
