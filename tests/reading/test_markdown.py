"""Where the front matter of a Markdown file is, and what keeps a file from being read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsearch.article import Article
from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.notes import SourceNotes
from tests.reading.helpers import read_markdown

Read = Callable[..., Article]

FIELDS = "url: /a\ntitle: >-\n    What is é?\nanswer: One\n"


def article_in(data: bytes | str, limits: Limits | None = None) -> Article:
    raw = data.encode() if isinstance(data, str) else data
    return read_markdown(raw, path="/dir/a.md", limits=limits or Limits())


def test_an_article_knows_where_it_was_read() -> None:
    article = article_in(f"---\n{FIELDS}---\n")
    assert (article.path, article.line) == ("/dir/a.md", 1)
    assert article_in(f"\n \n---\n{FIELDS}---\n").line == 3


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{FIELDS}---",
        f"---\n{FIELDS}---\n\n&nbsp;",
        f"---  \n{FIELDS}--- \t\n",
        f"\n---\n{FIELDS}---\n",
        f"  \n\t\n---\n{FIELDS}---\n",
        f"\ufeff---\n{FIELDS}---\n",
        f"\ufeff\n---\n{FIELDS}---\n",
        f"---\n\n# comment\n\n{FIELDS}...\n---\n",
        f"---\n{FIELDS}x: |\n  ---\n  y: -\n---\n",
    ],
)
def test_what_is_no_matter_is_forgiven(text: str) -> None:
    for written in (text, text.replace("\n", "\r\n")):
        article = article_in(written)
        assert (article.url, article.title, article.answer) == ("/a", "What is é?", "One")


def test_a_body_that_is_no_utf_8_costs_itself_where_there_is_a_text_above_it() -> None:
    notes = SourceNotes()
    data = f"---\n{FIELDS}---\n\n".encode() + b"caf\xe9"
    article = read_markdown(data, path="/a.md", limits=Limits(), notes=notes)
    assert (article.url, article.answer) == ("/a", "One")
    ((kind, _, line, column, message),) = notes.found
    assert (kind, line, column) == ("field left out", 8, 4)
    assert "0xE9 is no UTF-8 text" in message
    with pytest.raises(ArticleError, match="0xE9 is no UTF-8") as caught:
        article_in(b"---\nurl: /a\n---\ncaf\xe9")
    assert (caught.value.line, caught.value.column) == (4, 4)


def test_block_text_loses_its_space_at_the_end_only(read: Read) -> None:
    assert read("url: /a\nanswer: |+\n   one\n\n  \n\n").answer == "one"
    assert read("url: /a\nanswer: '  one  '\n").answer == "  one"


@pytest.mark.parametrize(
    ("data", "place", "reason"),
    [
        (b"", (1, 1), "the file is empty"),
        (b"\xef\xbb\xbf\r\n \n", (1, 1), "the file is empty"),
        (b"--- \xc3\xa9\na: b\n---\n", (1, 1), "no front matter"),
        (b"----\na: b\n----\n", (1, 1), "no front matter"),
        (b" ---\na: b\n---\n", (1, 1), "no front matter"),
        (b"+++\na = 1\n+++\n", (1, 1), "all empty"),
        (b"+++\na = 1\n", (1, 1), r"no closing line of just \+\+\+"),
        (b"+++\nb = 1\na = x\n+++\n", (3, 5), "not valid TOML: invalid value"),
        (b'{"title": "t"', (1, 1), "the { that opens here is never closed"),
        (b'\n{\n "title": t}\n', (3, 11), "not valid JSON: expecting value"),
        (b"\0\0\0", (1, 1), "all empty"),
        (b"---", (1, 1), "no closing line"),
        (b"\n---\nurl: /a\ntitle: b\n", (2, 1), "no closing line"),
        (b"---\nurl: /a\ntitle: b\n ---\n----\n--- x\n", (1, 1), "no closing line"),
        (b"\n---\n---\n", (2, 1), "all empty"),
        (b"---\r\n---", (1, 1), "all empty"),
        (b"---\nurl: /a\n---\n", (1, 1), "all empty"),
    ],
)
def test_a_file_without_a_readable_front_matter_is_an_error(
    data: bytes, place: tuple[int, int], reason: str
) -> None:
    with pytest.raises(ArticleError, match=reason) as caught:
        article_in(data)
    assert (caught.value.path, caught.value.line, caught.value.column) == ("/dir/a.md", *place)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_told_so(encoding: str) -> None:
    with pytest.raises(ArticleError, match="UTF-16 text: save it as UTF-8"):
        article_in(f"---\n{FIELDS}---\n".encode(encoding))


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_a_byte_that_is_no_utf_8_is_reported_at_its_place(encoding: str) -> None:
    with pytest.raises(ArticleError, match=r"the byte 0xE9 is no UTF-8 text") as caught:
        article_in(f"\n---\n{FIELDS}---\n".encode(encoding))
    assert (caught.value.line, caught.value.column) == (5, 13)


def test_columns_before_a_bad_byte_are_characters() -> None:
    with pytest.raises(ArticleError) as caught:
        article_in("---\nurl: äöü😀".encode() + b"\xed\xa0\x80\n---\n")
    assert (caught.value.line, caught.value.column) == (2, 10)


def test_a_front_matter_over_the_limit_is_refused_before_it_is_parsed() -> None:
    size = len(FIELDS.encode())
    text = f"\n---\n{FIELDS}---\nbody"
    assert article_in(text, Limits(front_matter_bytes=size)).url == "/a"
    with pytest.raises(ArticleError, match=f"longer than {size - 1} bytes") as caught:
        article_in(text, Limits(front_matter_bytes=size - 1))
    assert (caught.value.line, caught.value.column) == (2, 1)


def error_in(data: bytes) -> ArticleError | None:
    try:
        article_in(data)
    except ArticleError as error:
        return error
    return None


@given(st.binary(max_size=80))
def test_of_any_bytes_only_an_article_error_comes_out(data: bytes) -> None:
    for written in (data, b"---\n" + data + b"\n---\n", b"---\nurl: /a\ntitle: " + data + b"\n---"):
        if error := error_in(written):
            assert error.line is not None
            assert error.column is not None
            assert 1 <= error.line <= written.count(b"\n") + 1
            assert error.column >= 1
