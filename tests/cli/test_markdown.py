"""Answers as a terminal shows them."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from qsearch.cli.markdown import AnswerMarkdown


def _drawn(text: str) -> str:
    console = Console(file=io.StringIO(), width=60, color_system=None)
    console.print(AnswerMarkdown(text))
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()).strip()


@pytest.mark.parametrize(
    "formula", ["$a_1 * b_2 * c_3$", r"\(x\_y\)", r"$$\int_0^1 \\ x \, dx$$", r"\[a < b\]"]
)
def test_mathematics_stays_as_it_was_written(formula: str) -> None:
    assert _drawn(f"so {formula} *holds*") == f"so {formula} holds"


def test_money_is_no_mathematics() -> None:
    assert _drawn("costs $5 or **$6** and `$HOME_x`") == "costs $5 or $6 and $HOME_x"


def test_mathematics_in_the_text_of_a_link() -> None:
    assert _drawn("[see $a_1 [b] c_1$](http://x)") == "see $a_1 [b] c_1$ (http://x)"


def test_what_is_no_markdown_is_taken_out() -> None:
    assert _drawn("a <b>bold</b> word<!-- c -->") == "a bold word"
    assert _drawn("import A from './a'\n\n{% include x %}*y*\n{: .z}") == "y"
    assert _drawn("a < b, List<String> and `<b>` &lt;i&gt;") == "a < b, List<String> and <b> <i>"
    assert _drawn(":::note My *title*\ntext\n:::") == "My title text"


def test_lists_tables_and_code_are_laid_out() -> None:
    drawn = _drawn("1. one\n2. two\n\n| a | b |\n|---|---|\n| $x_1$ | y |\n\n```\ncode_x_\n```")
    for part in ("1 one", "2 two", "$x_1$", "code_x_"):
        assert part in drawn


def test_the_address_of_a_link_is_shown() -> None:
    assert _drawn("[bank](http://evil.example)") == "bank (http://evil.example)"


@given(st.text(st.sampled_from("a1 \n\t$\\()[]{}*_`~#>|-+=<&;!:\"'/\x1b\u202e")))
def test_nothing_fails(text: str) -> None:
    _drawn(text)
