"""What a front matter may not hold, and the mistakes that writers make.

In the texts below ``«`` marks the place that is to be reported; it is no part of the text.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qsearch.article import Article
from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.faults import Fault
from tests.reading.helpers import parse_front_matter, read_markdown

Read = Callable[..., Article]

REFUSED = {
    "an alias": ("url: /a\ntitle: «*bold\n", "begins with \\* must be in quotes"),
    "an alias to an anchor": ("title: «&x one\nanswer: *x\n", "begins with & must be in quotes"),
    "an anchor of a list": ("title: «&x [one]\n", "begins with & must be in quotes"),
    "a tag": ("title: «!!python/object:os.system x\n", "begins with ! must be in quotes"),
    "a tag without a name": ("title: «! x\n", "begins with ! must be in quotes"),
    "an alias as a name": ("a: b\n«*a : c\n", "a name must be plain text"),
    "a tag on a name": ("a: b\n«!x a: c\n", "a name must be plain text"),
    "a list as a name": ("a: b\n? «[a, b]\n: c\n", "a name must be plain text"),
    "a template that was left in": ("a: b\ntitle: {«{ title }}\n", "so, in quotes"),
    "a merge": ("a: b\n«<<: {c: d}\n", "<< merges nothing"),
    "a name given twice": ("title: a\nurl: b\n«title: c\n", "'title' is given twice"),
    "a name given twice in a block": ("seo:\n  a: b\n  «a: c\n", "'a' is given twice"),
    "a long name given twice": (f"{'x' * 99}: 1\n«{'x' * 99}: 2\n", "'x{39}…' is given twice"),
    "a text instead of fields": ("\n«just a text\n", "no `name: value`"),
    "a list instead of fields": ("«- a\n- b\n", "no `name: value`"),
    "a second document": ("a: b\n«--- c: d\n", "doesn't belong to the front matter"),
    "something after three dots": ("a: b\n...\n«c: d\n", "doesn't belong to the front matter"),
    "less indented than the first line": ("  a: b\n«c: d\n", "check the indentation"),
    "a directive": ("# directive\n\n«%YAML 1.1\n", "can't begin with %"),
}

MISTAKES = {
    "no colon before a block": (
        "id: 5\nquestion« >-\n  How?\nanswer: x\n",
        "colon after 'question'",
    ),
    "no colon in a block": ("a:\n  b: 1\n  c« |2+\n      x\n  d: e\n", "colon after 'c'"),
    "no colon on the last line": ("id: 5\nurl« /learn/x\n", "the colon after 'url' is missing"),
    "no colon on the first line": ("question« >-\n  How?\na: b\n", "the colon after 'question'"),
    "no colon after a comment": ("# note\nanswer« x\na: b\n", "the colon after 'answer'"),
    "no space after the colon": ("id: 5\ntitle:«foo\nb: c\n", "space is missing after 'title:'"),
    "a line that isn't indented": ("title: >-\n«How now\nb: c\n", "line above is indented"),
    "a stray line": ("a: b\n«— — —\nb: c\n", "no `name: value`"),
    "a second colon": ("title: states of matter«: solid\n", "can't hold a colon"),
    "a second colon on the next line": ("title: states\n  of matter«: x\n", "can't hold a colon"),
    "a second colon after a quote": ('title: the "best"«: x\n', "can't hold a colon"),
    "a colon at the end": ("title: this«:\n", "can't hold a colon"),
    "a colon after quotes": ('title: "foo"«: bar\n', "after the closing quote"),
    "a question mark after quotes": ('title: "gas"«?\nb: c\n', "after the closing quote"),
    "text after quotes": ('title: "foo" «bar\nb: c\n', "after the closing quote"),
    "an apostrophe in quotes": ("title: 'it'«s me'\nb: c\n", "after the closing quote"),
    "a question mark at the start": ("title: «? b\n", "can't begin with a question mark"),
    "an open double quote": ('title: «"foo\nb: c\n', 'the quote " that opens here is never'),
    "an open single quote": ("title: «'foo\nb: c\n", "the quote ' that opens here is never"),
    "a backslash in quotes": ('title: "a «\\d b"\n', "a backslash starts an escape"),
    "a broken escape": ('title: "a «\\xZZ"\n', "a backslash starts an escape"),
    "an at sign": ("title: «@home\n", "can't begin with '@'"),
    "a backtick": ("title: «`ls` lists\n", "can't begin with '`'"),
    "a percent sign": ("title: «%d\n", "can't begin with '%'"),
    "bold text": ("title: «**Bold** text\n", "can't begin with '\\*'"),
    "italic text": ("title: «*Italic* text\n", "can't begin with '\\*'"),
    "an ampersand": ("title: «& more\n", "can't begin with '&'"),
    "a broken tag": ("title: «!<x y\n", "can't begin with '!'"),
    "a closing bracket": ("title: «]x\n", "can't begin with ']'"),
    "a comma in a list": ("k: [a,«,b]\n", "can't begin with ','"),
    "text after brackets": ("title: [Guide] «how\nb: c\n", "after the closing bracket"),
    "an open bracket": ("title: «[Guide\nb: c\n", "the \\[ that opens here is not closed"),
    "an open brace": ("title: «{a\nb: c\n", "the { that opens here is not closed"),
    "a bracket open to the end": ("title: [a,\n«", "a bracket that opened above"),
    "a tab as indentation": ("seo:\n«\ttitle: x\n", "a tab can't stand here"),
    "a tab in a block": ("title: >-\n«\tHow?\nb: c\n", "a tab can't stand here"),
    "text behind the block's sign": ("title: > «How?\nb: c\n", "must start on the next line"),
    "a block that loses a space": ("a: >-\n  foo\n «bar\nb: c\n", "not indented like"),
    "a block of fields that does": ("a:\n    b: c\n  «d: e\n", "not indented like"),
    "a list item that does": ("a:\n  - b\n «- c\nb: d\n", "not indented like"),
    "a field in a list": ("- a\n«b: c\n", "not indented like"),
    "a dash": ("title: «- foo\nb: c\n", "a list starts on a line of its own"),
    "text behind quotes in a name": ('"a" «b: c\n', "after the closing quote"),
    "a colon without a name": ("x:\n    - «: y\n", "this can't stand here"),
    "a control character": ("a: b\nc: é «\x0cx\n", "control character U\\+000C"),
    "a zero byte": ("a: «\0\n", "control character U\\+0000"),
    "a C1 control character": ("a: «\x92\n", "control character U\\+0092"),
    "a character that is none": ("a: «\ufffe\n", "control character U\\+FFFE"),
}


def place(marked: str) -> tuple[str, int, int]:
    """The text without its mark, and the line and the column of the mark in the file."""
    before, _, after = marked.partition("«")
    lines = before.split("\n")
    return before + after, len(lines) + 1, len(lines[-1]) + 1


@pytest.mark.usefixtures("yaml_parser")
@pytest.mark.parametrize(("marked", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_yaml_can_do_beyond_fields_is_refused(read: Read, marked: str, reason: str) -> None:
    text, line, column = place(marked)
    with pytest.raises(ArticleError, match=reason) as caught:
        read(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.usefixtures("yaml_parser")
@pytest.mark.parametrize(("marked", "reason"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_explained_at_its_place(read: Read, marked: str, reason: str) -> None:
    text, line, column = place(marked)
    with pytest.raises(ArticleError, match=reason) as caught:
        read(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.usefixtures("yaml_parser")
@pytest.mark.parametrize("marked", [text for text, _ in (*REFUSED.values(), *MISTAKES.values())])
def test_a_reason_is_one_line_without_the_words_of_a_parser(read: Read, marked: str) -> None:
    with pytest.raises(ArticleError) as caught:
        read(place(marked)[0])
    reason = caught.value.reason
    assert reason.isprintable()
    for jargon in ("mapping", "scalar", "token", "flow", "sequence", "anchor", "simple key"):
        assert jargon not in reason


@pytest.mark.usefixtures("yaml_parser")
@pytest.mark.parametrize("escape", [r"\ud800", r"\uDFFF", r"\U00110000", r"\UFFFFFFFF"])
def test_an_escape_that_stands_for_no_character_is_refused(read: Read, escape: str) -> None:
    with pytest.raises(ArticleError, match=r"escape") as caught:
        read(f'url: /a\ntitle: "é {escape}"\n')
    assert (caught.value.line, caught.value.column) == (3, 11)


@pytest.mark.usefixtures("yaml_parser")
def test_the_place_counts_characters_and_lines_that_end_in_a_line_feed(read: Read) -> None:
    # YAML would also end a line at U+0085 and U+2028; an editor counts neither.
    with pytest.raises(ArticleError) as caught:
        read('title: "😀\x85 \u2028 ä"\r\nanswer: 😀 ä: b\r\n')
    assert (caught.value.line, caught.value.column) == (3, 12)


@pytest.mark.usefixtures("yaml_parser")
@pytest.mark.parametrize("opening", ["[", "- ", "a: ["], ids=["brackets", "dashes", "a list"])
def test_nesting_is_refused_before_anything_is_built(read: Read, opening: str) -> None:
    with pytest.raises(ArticleError, match="deeper than 32 levels"):
        read(opening * (200_000 // len(opening)) + "\n")


@pytest.mark.usefixtures("yaml_parser")
def test_brackets_beyond_a_parser_s_own_depth_are_refused_at_the_limit(read: Read) -> None:
    # From PyYAML 6.0.4 on libyaml gives up at 1,000, before it tells of the first one.
    with pytest.raises(ArticleError, match="nested deeper than 32 levels") as caught:
        read("url: /a\ntitle: b\nx: " + "[" * 5_000 + "\n")
    assert (caught.value.line, caught.value.column) == (4, 35)


@pytest.mark.usefixtures("yaml_parser")
def test_brackets_that_only_the_parser_has_a_limit_for_are_too_deep(read: Read) -> None:
    with pytest.raises(ArticleError, match="nested"):
        read("x: " + "[" * 20_000 + "\n", Limits(nesting=100_000))


@pytest.mark.usefixtures("yaml_parser")
def test_nesting_up_to_the_limit_is_read(read: Read) -> None:
    limits = Limits(nesting=4)
    three = "url: /a\ntitle: b\nx: [[[c]]]\n"
    assert read(three, limits).title == "b"
    with pytest.raises(ArticleError, match="deeper than 4 levels") as caught:
        read(three.replace("[[[c]]]", "[[[[c]]]]"), limits)
    assert (caught.value.line, caught.value.column) == (4, 7)


@pytest.mark.usefixtures("yaml_parser")
def test_nesting_beyond_what_python_can_follow_is_an_error_too(read: Read) -> None:
    depth = sys.getrecursionlimit() * 2
    high = Limits(nesting=10**9, front_matter_bytes=10**9)
    with pytest.raises(ArticleError, match="nested too deeply"):
        read("".join(" " * level + "- \n" for level in range(depth)), high)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
@pytest.mark.usefixtures("yaml_parser")
def test_a_front_matter_of_nothing_has_no_fields(text: str) -> None:
    assert parse_front_matter(text, nesting=32) == {}


@pytest.mark.usefixtures("yaml_parser")
def test_a_value_is_the_text_that_was_written() -> None:
    text = "a: no\nb: 0123\nc: 12:30:45\nd: 1_000\ne: 2020-02-30\nf: '~'\ng: \"null\"\n"
    values = {name: value for name, (value, _) in parse_front_matter(text, nesting=32).items()}
    assert values == {
        "a": "no",
        "b": "0123",
        "c": "12:30:45",
        "d": "1_000",
        "e": "2020-02-30",
        "f": "~",
        "g": "null",
    }


@pytest.mark.usefixtures("yaml_parser")
def test_nothing_written_is_no_value() -> None:
    fields = parse_front_matter("a:\nb: ~\nc: null\nd: NULL\ne: # comment\n", nesting=32)
    assert [value for value, _ in fields.values()] == [None] * 5


def fault_of(text: str) -> Fault | None:
    try:
        parse_front_matter(text, nesting=32)
    except Fault as fault:
        return fault
    return None


@pytest.mark.usefixtures("yaml_parser")
def test_exactly_the_control_characters_are_refused() -> None:
    for code in (*range(0x2FF), *range(0x2020, 0x2030), 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F600):
        char = chr(code)
        is_control = unicodedata.category(char) in ("Cc", "Cn") and char not in "\t\n\r\x85"
        fault = fault_of(f"a: 'b{char * 2} c'\n")  # twice: two quotes are one
        assert (fault is not None) == is_control, f"U+{code:04X}"
        assert fault is None or fault.at == 5


def error_of(text: str) -> ArticleError | None:
    try:
        read_markdown(text.encode(), path="/a.md", limits=Limits())
    except ArticleError as error:
        return error
    return None


@given(st.text(alphabet="ab:\n -'\"[]{}>|#&*!?%@`\\,\t~<.\x0cé", max_size=40))
def test_whatever_is_written_only_an_article_error_comes_out(text: str) -> None:
    written = f"---\nurl: /a\ntitle: b\n{text}\n---\n"
    lines = written.split("\n")
    refused = set()
    for with_libyaml in {yaml.__with_libyaml__, False}:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml, "__with_libyaml__", with_libyaml)
            error = error_of(written)
        refused.add(error is not None)
        if error:
            assert error.line is not None
            assert error.column is not None
            assert 1 <= error.column <= len(lines[error.line - 1]) + 1
            assert error.reason.isprintable()
    # The two parsers differ about tabs between tokens.
    assert len(refused) == 1 or "\t" in text
