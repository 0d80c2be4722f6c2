"""What each field means; both file formats have the same fields."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Callable

import pytest

from qsearch.article import Article, RelatedArticle
from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.notes import SourceNotes
from tests.reading.helpers import read, read_json_lines, read_markdown

Build = Callable[..., Article]
Noted = Callable[..., tuple[Article, SourceNotes]]


@pytest.fixture(params=["Markdown", "JSON Lines"])
def noted(request: pytest.FixtureRequest) -> Noted:
    """Read an article with the given fields from each of the formats, with its notes."""

    def read_it(**fields: object) -> tuple[Article, SourceNotes]:
        # JSON is YAML: the flow style of one is the notation of the other.
        text = json.dumps({"url": "/a", "title": "t"} | fields, ensure_ascii=False)
        is_page = request.param == "Markdown"
        name, data = ("a.md", f"---\n{text}\n---\n") if is_page else ("a.jsonl", text)
        articles, errors, notes = read(name, data)
        for error in errors:
            raise error
        (article,) = articles
        return article, notes

    return read_it


@pytest.fixture
def build(noted: Noted) -> Build:
    """Read an article with the given fields from each of the formats."""
    return lambda **fields: noted(**fields)[0]


def test_the_searched_texts_are_read(build: Build) -> None:
    article = build(url="/u", title="Ti", question="Qu", answer="An", subject=" Psychology ")
    assert (article.url, article.title, article.question) == ("/u", "Ti", "Qu")
    assert (article.answer, article.subject) == ("An", "Psychology")


def test_unknown_fields_are_ignored(build: Build) -> None:
    assert build(author="x", seo={"title": ["y"]}, nested={"a": [{"b": None}]}) == build()


@pytest.mark.parametrize("number", ["22332", "007", "1e5", "12345678901234567890", "-1.50"])
def test_an_id_is_the_text_that_was_written(number: str) -> None:
    markdown = f"---\nid: {number}\ntitle: t\n---\n".encode()
    assert read_markdown(markdown, path="/a.md", limits=Limits()).id == number
    if number != "007":  # no JSON number
        line = io.BytesIO(f'{{"id": {number}, "title": "t"}}'.encode())
        (article,) = read_json_lines(line, path="/a.jsonl", limits=Limits())
        assert isinstance(article, Article)
        assert article.id == number


def test_a_record_without_url_has_its_id_as_key_and_a_file_its_path() -> None:
    (record,), _, _ = read("a.jsonl", '{"id": " 5 ", "title": "t"}')
    (page,), _, _ = read("x/a.md", "---\nid: 5\ntitle: t\n---\n")
    assert (record.url, record.id) == ("id:5", "5")
    assert (page.url, page.id) == ("x/a.md", "5")


@pytest.mark.parametrize(
    "fields", [{"title": ""}, {"title": None, "answer": " \n "}], ids=["empty", "blank"]
)
def test_an_article_needs_a_text(build: Build, fields: dict[str, object]) -> None:
    with pytest.raises(ArticleError, match="all empty") as caught:
        build(**fields)
    assert (caught.value.line, caught.value.column) == (1, 1)


def test_article_title_stands_in_for_a_missing_title(build: Build) -> None:
    assert build(title=None, article_title="other").title == "other"
    assert build(title="", article_title="other").title == "other"
    assert build(title="one", article_title="other").title == "one"


def test_the_two_characters_are_decoded_in_prose_of_yaml_only() -> None:
    text = r"a\nb \neq \\n$\\n$\n"
    prose = "a\nb \\neq \n$\\\\n$"
    fields = dict.fromkeys(("title", "question", "answer", "description", "subject"), text)
    more = {"keywords": [text], "related": [{"id": "1", "title": text}]}
    written = json.dumps({"url": "/a", **fields, **more})
    (article,), _, _ = read("a.md", f"---\n{written}\n---\n{text}\n")
    assert article.answer == f"{prose}\n\n{text}"
    (article,), _, _ = read("a.md", f"---\n{written}\n---\n")
    assert (article.title, article.question) == (prose, prose)
    assert (article.answer, article.description) == (prose, prose)
    assert (article.subject, article.keywords) == (text, (text,))
    assert article.related[0].title == text
    (article,), _, _ = read("a.jsonl", written)
    assert (article.title, article.answer, article.description) == (text, text, text)


@pytest.mark.parametrize(
    "front",
    [
        '+++\nanswer = "one\\\\ntwo"\n+++\n',
        '{"answer": "one\\\\ntwo"}\n',
        "---\nanswer: |\n  one\\ntwo\n  x\n---",
    ],
    ids=["TOML", "JSON", "YAML with a line break"],
)
def test_the_two_characters_stay_where_line_breaks_can_be_written(front: str) -> None:
    (article,), _, _ = read("a.md", front)
    assert article.answer.startswith("one\\ntwo")


def test_real_line_breaks_stay(build: Build) -> None:
    assert build(answer="one\n\ntwo\n").answer == "one\n\ntwo"


@pytest.mark.parametrize(
    ("written", "keywords"),
    [
        ("a b,c, d ,,a b", ("a b", "c", "d")),
        (["a, b", "c", None, " "], ("a, b", "c")),
        ([1, "C++"], ("1", "C++")),
        (None, ()),
    ],
)
def test_keywords_are_a_list_or_a_text_with_commas(
    build: Build, written: object, keywords: tuple[str, ...]
) -> None:
    assert build(keywords=written).keywords == keywords


def test_keywords_and_description_are_taken_from_seo_if_need_be(build: Build) -> None:
    seo = {"page_keywords": "x, y", "page_description": "about x"}
    article = build(seo=seo)
    assert (article.keywords, article.description) == (("x", "y"), "about x")
    article = build(seo=seo, keywords="z", description="own")
    assert (article.keywords, article.description) == (("z",), "own")
    assert build(seo={"page_keywords": ["x", "y"]}).keywords == ("x", "y")
    assert build(seo=seo, keywords=[]).keywords == ("x", "y")


@pytest.mark.parametrize(
    "written",
    [
        "2024-11-22",
        " 2024-11-22 ",
        "2024-11-22 10:00:00",
        "2024-11-22T10:00:00Z",
        "2024-11-22t1:00:00.25+01:00",
        "2024-11-22  10:00 -5",
    ],
)
def test_the_day_of_a_date_counts(build: Build, written: str) -> None:
    assert build(date=written).date == datetime.date(2024, 11, 22)


def test_nothing_written_is_absent(build: Build) -> None:
    names = ("id", "date", "score", "keywords", "description", "related", "no_index", "seo")
    assert build(**dict.fromkeys(names), subject="", question=None) == build()
    assert build(date="", score=" ") == build()


@pytest.mark.parametrize(
    ("written", "rating"), [(-1.0, -1.0), (3, 3.0), ("4.5", 4.5), (".5", 0.5), ("+1e2", 100.0)]
)
def test_the_score_is_the_rating(build: Build, written: object, rating: float) -> None:
    assert build(score=written).rating == rating


@pytest.mark.parametrize(
    ("written", "flag"),
    [(True, True), (False, False), ("Yes", True), ("off", False), ("ON", True), (" no ", False)],
)
def test_no_index_is_kept(build: Build, written: object, flag: bool) -> None:
    assert build(no_index=written).no_index is flag


def test_related_is_a_list_of_ids_and_blocks(build: Build) -> None:
    block = {"id": 7, "title": "Seven", "subject": "Numbers", "url": "/seven", "other": []}
    assert build(
        related=[5, block, None, {"url": "/x"}, {"id": None, "title": ""}, ""]
    ).related == (
        RelatedArticle(id="5"),
        RelatedArticle(id="7", title="Seven", subject="Numbers", url="/seven"),
        RelatedArticle(url="/x"),
    )


def test_numbered_related_articles_come_in_the_order_of_their_numbers(build: Build) -> None:
    huge = "9" * 900
    names = ["related_article10", "related_article2", f"related_article{huge}", "related_article01"]
    article = build(
        **{name: {"id": name} for name in names}, related_article="x", related_articles=""
    )
    assert [link.id for link in article.related] == [names[3], names[1], names[0], names[2]]


def test_a_number_may_be_longer_than_python_converts() -> None:
    line = json.dumps({"url": "/a", "title": "t", f"related_article{'9' * 5_000}": {"id": 1}})
    (article,) = read_json_lines(io.BytesIO(line.encode()), path="/a.jsonl", limits=Limits())
    assert isinstance(article, Article)
    assert article.related == (RelatedArticle(id="1"),)


def test_related_replaces_the_numbered_ones(build: Build) -> None:
    assert build(related=[1], related_article1={"id": 2}).related == (RelatedArticle(id="1"),)


WRONG = {
    "title": (["x", "y"], "title must be text, not a list"),
    "answer": ({"x": 1}, "answer must be text, not a block of fields"),
    "url": (["/a", "/b"], "url must be text"),
    "id": ({"x": 1}, "id must be text"),
    "keywords": ({"a": 1}, "keywords must be text, not a block"),
    "keywords ": ([["a", "b"]], "keywords must be text, not a list"),
    "tags": ({"a": 1}, "tags must be text, not a block"),
    "subject": ([{"a": 1}], "subject must be text, not a block"),
    "seo": ("x", "seo must be a block of fields, not 'x'"),
    "seo ": ({"page_keywords": {"a": 1}}, "seo.page_keywords must be text"),
    "seo  ": ({"page_description": ["a", "b"]}, "seo.page_description must be text, not a list"),
    "date": ("2020-02-30", "date '2020-02-30' is no day of the calendar"),
    "date ": ("last week", "date must be written like 2025-01-31, not 'last week'"),
    "date  ": ("20240101", "date must be written like"),
    "date   ": ("٢٠٢٤-٠١-٠١", "date must be written like"),
    "date    ": ("2024-01-01 soon", "date must be written like"),
    "score": ("good", "score must be a number, not 'good'"),
    "score ": ("1_0", "score must be a number"),
    "score  ": ("nan", "score must be a number"),
    "score   ": ("1e999", "score must be a number"),
    "score    ": ("9" * 5_000, "score must be a number"),
    "no_index": ("maybe", "no_index must be true or false, not 'maybe'"),
    "no_index ": (["x", "y"], "no_index must be true or false, not a list"),
    "related": ("5", "related must be a list, not '5'"),
    "related ": ([[5]], "related must be an id or a block of fields, not a list"),
    "related  ": ([{"title": "x"}], "related needs a url or an id"),
    "related   ": ([{"id": []}], "related.id must be text"),
    "related_article3": ({"id": 1, "url": {}}, "related_article3.url must be text"),
    "related_article4": ({"subject": "x"}, "related_article4 needs a url or an id"),
}


@pytest.mark.parametrize(("name", "value", "reason"), [(n, *wrong) for n, wrong in WRONG.items()])
def test_a_value_of_the_wrong_kind_costs_its_field_and_is_noted_at_its_place(
    noted: Noted, name: str, value: object, reason: str
) -> None:
    field = name.strip()
    article, notes = noted(**{"question": "q", field: value})
    without, _ = noted(question="q", **({} if field not in ("url", "title") else {field: None}))
    assert article == without
    assert notes.found
    for kind, _, line, column, message in notes.found:
        assert kind == "field left out"
        assert message.startswith(reason)
        assert line == (2 if article.path == "/root/a.md" else 1)
        assert column > 1


def test_true_is_no_text_in_json() -> None:
    (article,), _, notes = read("a.jsonl", '{"url": "/a", "title": true, "answer": "x"}')
    assert (article.title, article.answer) == ("", "x")
    assert notes.found == [("field left out", "title", 1, 15, "title must be text, not true")]


@pytest.mark.parametrize(
    ("given", "subjects"),
    [
        ('[" Physics ", "", "physics", "Art"]', ("Physics", "Art")),
        ('["Physics"]', ("Physics",)),
        ("[]", ()),
        ('"Physics, Art"', ("Physics, Art",)),
    ],
)
def test_a_subject_may_be_several(given: str, subjects: tuple[str, ...]) -> None:
    text = f'{{"url": "/a", "title": "t", "subject": {given}}}'
    (article,), _, _ = read("a.jsonl", text)
    assert article.subjects == subjects
    assert article.subject == "".join(subjects[:1])
