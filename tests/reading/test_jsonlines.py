"""JSON Lines: each line is read, or reported, on its own."""

from __future__ import annotations

import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsearch.article import Article
from qsearch.errors import ArticleError
from qsearch.limits import Limits
from tests.reading.helpers import read_json_lines

GOOD = '{"url": "/good", "title": "Good"}'


def items(data: str | bytes, limits: Limits | None = None) -> list[Article | ArticleError]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(read_json_lines(stream, path="/a.jsonl", limits=limits or Limits()))


def the_error(data: str | bytes, limits: Limits | None = None) -> ArticleError:
    """The one error of some data that ends in a good line, which must have been read."""
    error, good = items(data, limits)
    assert isinstance(error, ArticleError)
    assert isinstance(good, Article)
    assert good.url == "/good"
    return error


def test_each_line_is_an_article_and_knows_its_line() -> None:
    lines = ['{"url": "/a", "title": "é\\nü"}', "", " \t", '\t{"id": 5, "answer": "x"} ']
    first, second = items("\n".join(lines))
    assert isinstance(first, Article)
    assert (first.url, first.title, first.path, first.line) == ("/a", "é\nü", "/a.jsonl", 1)
    assert isinstance(second, Article)
    assert (second.id, second.line) == ("5", 4)


@pytest.mark.parametrize(
    "data", [f"\ufeff{GOOD}\n", f"{GOOD}\r\n\r\n", f"\ufeff\r\n{GOOD}", f"{GOOD}\n\n\n"]
)
def test_a_byte_order_mark_and_blank_lines_are_forgiven(data: str) -> None:
    (article,) = items(data)
    assert isinstance(article, Article)
    assert article.url == "/good"


def test_an_empty_file_holds_no_articles() -> None:
    assert items(b"") == []


BAD = {
    "no JSON": ("«nothing", "not valid JSON: expecting value"),
    "single quotes": ("{«'url': 1}", "not valid JSON: (expecting|illegal)"),
    "an unterminated string": ('{"é": «"b}', "not valid JSON: unterminated string$"),
    "two objects": ('{"a": 1} «{"b": 2}', "not valid JSON: extra data"),
    "a tab in a string": ('{"a": "x«\ty"}', "not valid JSON: invalid control character$"),
    "a zero byte": ('{"a": "x«\0"}', "not valid JSON: invalid control character$"),
    "an unknown escape": (r'{"a": "x«\d"}', "not valid JSON: invalid"),
    "a list": ("«[1]", "must be an object"),
    "a text": ('«"x"', "must be an object"),
    "null": ("«null", "must be an object"),
    "a name given twice": ('{"a": 1, "b": {"a": 2}, «"a": 3}', "'a' is given twice"),
    "a name given twice inside": ('{"a": [{"b": 1, «"\\u0062": 3}]}', "'b' is given twice"),
    "NaN": ('{"a": "NaN", "score": «NaN}', "NaN is no number"),
    "infinity": ('{"a": "\\"", "score": «-Infinity}', "-Infinity is no number"),
    "a lone high surrogate": ('{"url": "\\ud83d\\ude00«\\ud83d"}', "half a surrogate pair"),
    "a lone low surrogate": ('{"url": "\\\\ud800 «\\uDE00"}', "half a surrogate pair"),
    "no text": ('«{"url": "x"}', "are all empty"),
}


@pytest.mark.parametrize(("marked", "reason"), BAD.values(), ids=BAD)
def test_a_bad_line_is_one_error_at_its_place_and_the_others_are_read(
    marked: str, reason: str
) -> None:
    column = marked.index("«") + 1
    error = the_error("\n" + marked.replace("«", "") + "\n" + GOOD)
    assert (error.path, error.line, error.column) == ("/a.jsonl", 2, column)
    with pytest.raises(ArticleError, match=reason):
        raise ArticleError(error.reason)
    assert error.reason.isprintable()


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_a_line_that_is_no_utf_8_is_reported_at_the_byte(encoding: str) -> None:
    error = the_error('{"id": "é"}\n'.encode(encoding) + GOOD.encode())
    assert str(error).startswith("/a.jsonl:1:9: the byte 0xE9 is no UTF-8 text")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_one_error(encoding: str) -> None:
    (error,) = items(f"{GOOD}\n{GOOD}\n".encode(encoding))
    assert isinstance(error, ArticleError)
    assert error.reason == "the file is UTF-16 text: save it as UTF-8"


def test_depth_is_checked_before_anything_is_parsed() -> None:
    deep = "[" * 200_000
    error = the_error(f'{{"a": {deep}\n{GOOD}')
    assert (error.reason, error.column) == ("nested deeper than 32 levels", 38)


def test_depth_up_to_the_limit_is_read_and_brackets_in_texts_are_no_depth() -> None:
    limits = Limits(nesting=3)
    text = '{"url": "/a", "title": "[[[[ \\" {{{{", "x": [[1], [2], [3]], "y": "]"}'
    assert isinstance(items(text, limits)[0], Article)
    error = the_error(text.replace("[2]", "[[2]]") + "\n" + GOOD, limits)
    assert (error.reason, error.column) == ("nested deeper than 3 levels", text.index("2") + 1)


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="knows CPython's recursion limit")
def test_depth_beyond_what_python_can_follow_is_an_error_too() -> None:
    deep = '{"a":' * 300_000
    error = the_error(f"{deep}\n{GOOD}", Limits(nesting=10**9))
    assert error.reason == "nested too deeply"


def test_a_line_over_the_limit_is_passed_over() -> None:
    limits = Limits(file_bytes=len(GOOD))
    long = GOOD.replace("Good", "Goods")
    assert len(items(f"{GOOD}\r\n{GOOD}\n{GOOD}", limits)) == 3
    error = the_error(f"{long}\n{GOOD}", limits)
    assert (error.line, error.column) == (1, 1)
    assert "longer than 33 bytes" in error.reason
    (only,) = items("x" * 200_000, limits)
    assert isinstance(only, ArticleError)


def test_a_long_line_is_never_held_in_memory() -> None:
    class Endless(io.RawIOBase):
        left = 3_000

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: object) -> int:
            view = memoryview(buffer)  # type: ignore[arg-type]
            assert len(view) < 1_000_000
            self.left -= 1
            view[:] = b"x" * len(view) if self.left > 0 else b"\n" * len(view)
            return len(view) if self.left >= 0 else 0

    stream = io.BufferedReader(Endless(), 4_096)
    found = list(read_json_lines(stream, path="/a.jsonl", limits=Limits(file_bytes=10_000)))
    assert len(found) == 1


NAMES = "url id title answer score date related related_article2 seo no_index keywords".split()
VALUES: list[object] = [None, True, 7, -1.5, float("nan"), float("inf")]
VALUES += ["", "x", "2020-02-30", "\ud800", "yes"]
VALUES += [[], ["x"], [[]], [None, 1], {}, {"id": 1}, {"id": []}, {"page_keywords": [None, {}]}]


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=4))
def test_every_object_is_an_article_or_an_error(objects: list[dict[str, object]]) -> None:
    found = items("\n".join(map(json.dumps, objects)))
    assert [item.line for item in found] == list(range(1, len(objects) + 1))


@given(st.binary(max_size=60))
def test_of_any_bytes_only_articles_and_errors_come_out(data: bytes) -> None:
    for item in items(data):
        assert isinstance(item, (Article, ArticleError))
