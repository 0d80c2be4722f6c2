r"""Where the two characters ``\n`` are a line break."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from qsearch.mathtext import N_COMMANDS, math_spans
from qsearch.reading.linebreaks import decode_line_breaks


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no break at all", "no break at all"),
        (r"one\n\ntwo", "one\n\ntwo"),
        (r"\n1. Arrival\n2. Opening", "\n1. Arrival\n2. Opening"),
        (r"end\n", "end\n"),
        (r"\nNext", "\nNext"),
        (r"\nnot", "\nnot"),
        ("a real\nbreak stays\\n.", "a real\nbreak stays\n."),
    ],
)
def test_the_two_characters_are_a_line_break(written: str, meant: str) -> None:
    assert decode_line_breaks(written) == meant


@pytest.mark.parametrize(
    "command",
    [r"a \neq b", r"\nabla f", r"\nu", r"\neg{P}", r"\ne1", r"x \notin A.\(y\)", r"\nVdash_x"],
)
def test_a_latex_command_that_ends_at_a_non_letter_stays(command: str) -> None:
    assert decode_line_breaks(command) == command


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\neqs", "\neqs"),
        (r"\nuclear", "\nuclear"),
        (r"\nnumber", "\nnumber"),
        (r"\number", "\number"),
        (r"\NEQ\nEQ", "\\NEQ\nEQ"),
        (r"\nuβ", r"\nuβ"),
    ],
)
def test_only_all_of_the_ascii_letters_make_a_command(written: str, meant: str) -> None:
    assert decode_line_breaks(written) == meant


@pytest.mark.parametrize(
    "math", [r"$a \ndef b$", r"$$\n x \n$$", r"\(a\nb\)", r"\[\n\\nx\\\nendy\]", r"$\\n$"]
)
def test_nothing_is_decoded_inside_mathematics(math: str) -> None:
    assert decode_line_breaks(rf"before\n{math}\nafter") == f"before\n{math}\nafter"


def test_money_is_no_mathematics() -> None:
    assert decode_line_breaks(r"It costs $5.\n\nThat is $3 more.") == (
        "It costs $5.\n\nThat is $3 more."
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\\nb", "a\nb"),
        (r"a\\n\\nb", "a\n\nb"),
        (r"a\\neq b", "a\neq b"),
        (r"a\\\nb", "a\\\\\nb"),
        (r"a\\\\nb", "a\\\\\nb"),
        (r"a\\ b\\", r"a\\ b\\"),
    ],
)
def test_two_backslashes_and_n_are_one_line_break_and_pairs_before_stay(
    written: str, meant: str
) -> None:
    assert decode_line_breaks(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"Use `'\\n'`.\\nNext", "Use `'\\\\n'`.\nNext"),
        (r"```c\nputs(\"a\\n\");\n```\nend\\n", '```c\nputs(\\"a\\\\n\\");\n```\nend\n'),
        (r"``a ` \\n``\\n", "``a ` \\\\n``\n"),
        (r"a fence that stays open ```\\n", "a fence that stays open ```\\\\n"),
    ],
)
def test_two_backslashes_and_n_stay_in_code_where_they_are_an_escape(
    written: str, meant: str
) -> None:
    assert decode_line_breaks(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a lone ` here\\n", "a lone ` here\n"),
        (r"a lone ` here\n\nand ` there: \\n ` too", "a lone ` here\n\nand ` there: \\\\n ` too"),
        (r"` and ``\\n", "` and ``\n"),
    ],
)
def test_a_backtick_that_closes_in_no_paragraph_starts_no_code(written: str, meant: str) -> None:
    assert decode_line_breaks(written) == meant


WORDS = r"\n \\n \neq \n\n \ $ $$ \( \) \[ \] ` ``` a n N 5 é word".split()
PIECES = st.sampled_from([*WORDS, "\n", " ", "\\nu "])
TEXTS = st.lists(PIECES, max_size=30).map("".join)


def math_in(text: str) -> list[str]:
    return [text[start:end] for start, end in math_spans(text)]


@given(TEXTS)
@example(r"$5 and\n$10 or $x$\n")
def test_decoding_leaves_the_mathematics_as_it_is(text: str) -> None:
    # The one exception known: a blank line whose second half is a command, which is none then.
    assume(r"\n\nu" not in text and r"\n\neq" not in text)
    assert math_in(decode_line_breaks(text)) == math_in(text)


@given(TEXTS)
def test_decoding_changes_nothing_but_backslashes_and_n(text: str) -> None:
    decoded = decode_line_breaks(text)
    assert len(decoded) <= len(text)
    assert decoded.replace("\\", "").replace("n", "").replace("\n", "") == (
        text.replace("\\", "").replace("n", "").replace("\n", "")
    )


@given(TEXTS)
def test_what_is_left_outside_mathematics_and_code_is_a_command(text: str) -> None:
    assume("`" not in text)
    decoded = decode_line_breaks(text)
    for start, end in reversed(list(math_spans(decoded))):
        decoded = f"{decoded[:start]}${decoded[end:]}"
    for left in decoded.replace("\\\\", " ").split("\\")[1:]:
        if left.startswith("n"):
            letters = len(left) - len(left.lstrip("abcdefghijklmnopqrstuvwxyzN"))
            assert left[:letters] in N_COMMANDS


@given(st.text(alphabet="abc \n.,é$"))
def test_a_text_without_backslashes_is_left_alone(text: str) -> None:
    assert decode_line_breaks(text) == text


@given(TEXTS)
def test_a_text_of_mere_line_breaks_takes_a_shorter_way_to_the_same(text: str) -> None:
    # Two backslashes before a space stay, and need the longer way.
    assert decode_line_breaks(text + r" \\ ") == decode_line_breaks(text) + r" \\ "
