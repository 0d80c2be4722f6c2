"""The quick way through regular front matter finds what YAML's events find, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading import yamlfields
from qsearch.reading.articles import ArticleMaker
from qsearch.reading.faults import Fault
from qsearch.reading.keys import Layout
from qsearch.reading.mapping import field_map
from qsearch.reading.notes import SourceNotes
from qsearch.reading.records import Fields, Record, Value
from qsearch.reading.regular import regular_fields
from tests.reading.helpers import parse_front_matter, read_markdown

SAMPLE = Path(__file__).parents[2] / "data" / "articles"

REGULAR = r"""_schema: default
id: 22332
date: 2024-11-22

title: >-
    How are neurotransmitters released: a "short" #1 answer?
empty:
seo:
  title: QuickTakes | Psychology
  page_description: >-
    This content explains
    it over two lines,   the first of them
    with spaces in it

  nothing: null
  page_keywords: 'a, b: c'
question: "it's: so #2"
score: -1.0
url: /learn/x#y:z
related_article1:
    id: 22328
    title: >-
      Wer fürchtet $\alpha$ — «niemand» 😀?
"""


def without_places(fields: Fields) -> dict[str, object]:
    return {name: _without_places(value) for name, (value, _) in fields.items()}


def _without_places(value: Value) -> object:
    if isinstance(value, dict):
        return without_places(value)
    return [_without_places(item) for item, _ in value] if isinstance(value, list) else value


def test_regular_front_matter_is_read_without_yaml() -> None:
    fields = regular_fields(REGULAR)
    assert fields is not None
    found = without_places(fields)
    assert found == without_places(parse_front_matter(REGULAR, nesting=2))
    assert found["seo"] == {
        "title": "QuickTakes | Psychology",
        "page_description": "This content explains it over two lines,   the first of them with "
        "spaces in it",
        "nothing": None,
        "page_keywords": "a, b: c",
    }
    assert found["empty"] is None


def test_the_sample_collection_is_regular() -> None:
    fronts = [path.read_text("utf-8").split("---\n")[1] for path in sorted(SAMPLE.rglob("*.md"))]
    assert fronts
    for front in fronts:
        fields = regular_fields(front)
        assert fields is not None
        assert without_places(fields) == without_places(parse_front_matter(front, nesting=2))


def test_characters_that_are_more_than_text_to_yaml_are_left_to_it() -> None:
    """Controls, breaks, marks of byte order and halves of pairs, beside any other character."""
    odd = [
        *(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) != "\n"),
        *"\u2028\u2029\ufeff\ufffe\uffff\ud800\udfff",
    ]
    for beside in ("a", "é", "’", "한", "😀"):
        for one in odd:
            assert regular_fields(f"a: b{beside}{one}\n") is None, hex(ord(one))
        for one in "\xa0\xad\u2027\u202a\ud7ff\ue000\ufefd\uff00\ufffd\U0010ffff":
            assert regular_fields(f"a: b{beside}{one}\n") == {"a": (f"b{beside}{one}", None)}


REGULAR_VALUES = st.sampled_from(
    [" text", " >-\n      more", " >-\n    one\n    two", "", " 'a: b'", ' "a # b"', " a#b  "]
)
REGULAR_LINES = st.tuples(
    st.sampled_from(["", "", "  "]), st.sampled_from("abcdefghijkl"), st.just(":"), REGULAR_VALUES
).map("".join)
NAMES = st.sampled_from([*"abcdefgh", "a_1", "y", "a b", "ü", '"a"', "? a", "<<", "x" * 101])
VALUES = st.sampled_from(
    (
        """ a: b¦ a #b¦ a:¦ a:b¦text¦ "a\\b"¦ 'a''b'¦ "a" # b¦ ""¦ 'a' b¦ |¦ >¦ |-¦ >- ¦ -1¦ -¦"""
        " - a¦ ~¦ null¦ Null¦ nullify¦ [a]¦ {a: b}¦ *a¦ &a b¦ !a b¦ @a¦ %a¦ ,a¦ 0x1F¦ 1:30¦ a\tb¦"
        " \x07¦ a\u2028b¦ \ufeffa¦ a\xa0b¦ \x85¦ ü¦ aü¦ /a?b=c&d¦ a\r¦ a, b¦ ? a¦ \\n$x$¦ (a)¦"
        " 😀¦ a\x7f¦ a\uffff¦ >-\n   é\n\n   b¦ >-\n\n    a¦ >-\n  a ¦ >-\n    a\n      b¦ >2-\n  a"
    ).split("¦")
)
LINES = st.tuples(st.sampled_from(["", "", "  ", " ", "    ", "\t"]), NAMES, st.just(":"), VALUES)
OTHERS = st.sampled_from(["", "  ", "text", "    text", "- a", "# a", "...", "--- a", "%YAML 1"])
TEXTS = st.tuples(
    st.lists(REGULAR_LINES, max_size=4),
    st.lists(LINES.map("".join) | OTHERS, max_size=1),
    st.lists(REGULAR_LINES, max_size=3),
).map(lambda parts: "".join(line + "\n" for part in parts for line in part))


def check(text: str) -> None:
    fields = regular_fields(text)
    if fields is not None:
        assert without_places(fields) == without_places(parse_front_matter(text, nesting=2))


@given(TEXTS)
@example("title: >-\n  a\n  b: c\n")
@example("title: >-\n  a\n b: c\n")
@example("seo:\n  a: >-\n  b: c\n")
@example("seo:\n  a: b\n c: d\n")
@example("seo:\n\n  a:\n    b: c\n")
def test_it_finds_what_events_find_or_nothing(text: str) -> None:
    check(text)


@given(st.data())
def test_it_finds_the_same_after_any_slip_of_the_pen(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(REGULAR)))
    gone = data.draw(st.integers(0, 5))
    come = data.draw(
        st.text(st.sampled_from(" \n:#-'\">|\\a0&*!%@`,[]{}?~\t\r\x85\u2028\ufeff\0é"), max_size=3)
        | st.text(max_size=3)
    )
    check(REGULAR[:at] + come + REGULAR[at + gone :])


FIELD_TEXTS = st.sampled_from(
    ["", " ", "a", " a ", "a,b, a ,,c  d", "2025-01-31", "-1.0", "x\\ny", "true"]
)
BLOCKS = st.dictionaries(
    st.sampled_from(["url", "id", "title", "subject", "page_keywords", "page_description"]),
    st.tuples(st.none() | FIELD_TEXTS, st.none()),
)
ARTICLE_FIELDS = st.dictionaries(
    st.sampled_from(
        "url id title article_title question answer subject date score keywords description seo "
        "related no_index related_article1 related_article10 related_article2 related_x".split()
    ),
    st.tuples(st.none() | FIELD_TEXTS | BLOCKS, st.none()),
)


def outcome_of(fields: Fields, *, decoded: bool) -> object:
    maker = ArticleMaker("/a.md", Layout(), field_map(()), SourceNotes())
    record = Record(fields, line=3, clean=decoded, again=lambda: Record({}))
    try:
        article = maker.article(record)
    except (ArticleError, Fault) as error:
        return str(error)
    assert article
    assert isinstance(article.keywords, tuple)
    assert isinstance(article.related, tuple)
    return article, article.path, article.line


@given(ARTICLE_FIELDS)
@example({"url": (" /a ", None), "title": ("t", None), "keywords": (" a , b", None)})
@example(
    {"id": ("7", None), "answer": ("t", None), "related_article2": ({"id": ("1", None)}, None)}
)
def test_an_article_that_is_not_checked_again_is_the_same(fields: Fields) -> None:
    assert outcome_of(fields, decoded=True) == outcome_of(fields, decoded=False)


@pytest.mark.parametrize("text", ["", "\n", "title: a", "title: a\n\x00", "title: a\n\ufeff\n"])
def test_what_is_not_regular_is_left_to_yaml(text: str) -> None:
    assert regular_fields(text) is None


def test_a_fault_in_regular_front_matter_is_reported_at_its_place() -> None:
    data = b"---\nurl: /a\ntitle: a\nscore: high\n---\n"
    notes = SourceNotes()
    read_markdown(data, path="/a.md", limits=Limits(), notes=notes)
    ((_, _, *place, message),) = notes.found
    assert (place, message) == ([4, 8], "score must be a number, not 'high'")


def test_a_limit_on_nesting_holds_for_regular_front_matter_too() -> None:
    data = b"---\nurl: /a\ntitle: a\nseo:\n  a: b\n---\n"
    with pytest.raises(ArticleError, match="nested deeper than 1 levels") as caught:
        read_markdown(data, path="/a.md", limits=Limits(nesting=1))
    assert caught.value.line == 5


def test_yaml_is_not_asked_about_a_regular_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamlfields, "parse_with_cuts", None)
    data = f"---\n{REGULAR}---\n".encode()
    assert read_markdown(data, path="/a.md", limits=Limits()).id == "22332"
