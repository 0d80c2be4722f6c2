r"""Where mathematics stands in a text, and where a dollar sign is money."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qsearch.mathtext import MAX_DISPLAY, MAX_INLINE, N_COMMANDS, math_spans

TEXTS = st.text(st.sampled_from(list("$\\()[]{} \n1aé$\\"))) | st.text()
MARKS_AND_MORE = [
    "$",
    "$$",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "\\",
    "\\n",
    "\n",
    "\n \n",
    "a",
    "1",
    " ",
    "x",
]


def formulas(text: str) -> list[str]:
    return [text[start:end] for start, end in math_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$x$", ["$x$"]),
        ("let $x$ and $y$.", ["$x$", "$y$"]),
        ("$E = mc^2$", ["$E = mc^2$"]),
        ("$$E = mc^2$$", ["$$E = mc^2$$"]),
        ("$$\nE = mc^2\n$$", ["$$\nE = mc^2\n$$"]),
        (r"\(x\) and \[y\]", [r"\(x\)", r"\[y\]"]),
        (r"\( x \)", [r"\( x \)"]),
        ("$a$ $b$", ["$a$", "$b$"]),
        ("$x$-axis", ["$x$"]),
        ("($x$)", ["$x$"]),
        ("$a\nb$", ["$a\nb$"]),
        (r"$\alpha$", [r"$\alpha$"]),
        # a price inside a formula is part of it where it is escaped
        (r"$a = \$5$", [r"$a = \$5$"]),
        (r"$$a \$ b$$", [r"$$a \$ b$$"]),
        # whichever mark comes first opens
        (r"\(a $ b\) $", [r"\(a $ b\)"]),
        (r"$a \) b$", [r"$a \) b$"]),
    ],
)
def test_mathematics(text: str, expected: list[str]) -> None:
    assert formulas(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no mathematics",
        "$5",
        "$5 and $10",
        "from $5 to $10 or $20",
        "US$5, US$6",
        "it costs 5$ or 6$",
        "$ x $",
        "$x $",
        "$ x$",
        "$x$1",  # a digit behind it: money
        "$",
        "$$",
        "$$$",
        "$$x",
        r"\$5 and \$6",
        r"\$x\$",
        r"\(x",
        r"x\)",
        r"\)x\(",
        r"\[x\)",
        r"\\(x\\)",  # a line break of LaTeX and a parenthesis
        "$a\n\nb$",
        "$a\n \t\nb$",
        r"$a\n\nb$",  # a blank line that was written as four characters
        "\\",
    ],
)
def test_no_mathematics(text: str) -> None:
    assert formulas(text) == []


def test_money_before_mathematics() -> None:
    assert formulas("for $5 you get $x$") == ["$x$"]


def test_one_price_and_one_formula_after_another() -> None:
    assert formulas("$x$ costs $5 and $y$ too") == ["$x$", "$y$"]


@pytest.mark.parametrize(
    ("opening", "closing", "limit"),
    [("$", "$", MAX_INLINE), ("\\(", "\\)", MAX_INLINE), ("$$", "$$", MAX_DISPLAY)],
)
def test_what_is_too_long_is_text(opening: str, closing: str, limit: int) -> None:
    longest = opening + "x" * (limit - len(opening)) + closing
    assert formulas(longest) == [longest]
    assert formulas(opening + "x" * limit + closing) == []
    # and what follows is found all the same
    assert formulas(opening + "x" * limit + closing + r" \(y\)") == [r"\(y\)"]


def test_commands_that_start_with_n() -> None:
    assert {"nu", "neq", "nabla", "not", "newline"} <= N_COMMANDS
    assert all(name.isalpha() and name.startswith("n") for name in N_COMMANDS)


@given(TEXTS)
@example("$a$" * 20)
@example("\\(" * 20 + "\\)" * 20)
def test_spans_are_in_order_apart_and_between_their_marks(text: str) -> None:
    done = 0
    for start, end in math_spans(text):
        assert done <= start < end <= len(text)
        formula = text[start:end]
        assert (
            (formula.startswith("$$") and formula.endswith("$$") and len(formula) >= 4)
            or (formula[0] == formula[-1] == "$" and len(formula) >= 3)
            or (formula.startswith("\\(") and formula.endswith("\\)"))
            or (formula.startswith("\\[") and formula.endswith("\\]"))
        )
        assert len(formula) <= MAX_DISPLAY + 4
        done = end


@given(TEXTS, TEXTS)
def test_a_formula_is_found_by_itself(before: str, after: str) -> None:
    for formula in formulas(f"{before} {after}"):
        assert formulas(formula) == [formula]


_ALL_MARKS = re.compile(r"\\.|\$\$?|\n[ \t]*\n", re.DOTALL)


def defined_spans(text: str) -> list[tuple[int, int]]:
    """The rule as it is stated, over all marks of a text at once."""
    marks = [(match.group(), match.start()) for match in _ALL_MARKS.finditer(text)]
    spans: list[tuple[int, int]] = []
    done = 0
    for index, (mark, start) in enumerate(marks):
        if start < done:
            continue
        closer = {"\\(": "\\)", "\\[": "\\]", "$$": "$$", "$": "$"}.get(mark)
        for other, at in marks[index + 1 :] if closer else ():
            between = text[start + 1 : at]
            if mark == "$":
                if at - start > MAX_INLINE or between[:1].isspace() or other == "$$":
                    break
                if other[0] == "\n" or (text.startswith("\\n\\n", at) and other == "\\n"):
                    break
            if other == closer:
                limit = MAX_INLINE if mark in ("$", "\\(") else MAX_DISPLAY
                after = text[at + 1 : at + 2]
                if at - start <= limit and not (
                    mark == "$" and (between[-1:].isspace() or after.isdigit())
                ):
                    done = at + len(other)
                    spans.append((start, done))
                break
    return spans


@settings(max_examples=300)
@given(st.lists(st.sampled_from(MARKS_AND_MORE), max_size=14).map("".join))
@example("\\$$x$ \\($")
@example("$a\\\n\nb$ $c\n\nd$ $e\\n\\nf$")
@example("\\\\(a\\) \\\\\\(b\\)")
@example("$a\\$b$")
def test_marks_found_one_kind_after_the_other_are_those_of_the_rule(text: str) -> None:
    assert list(math_spans(text)) == defined_spans(text)


class _Text(str):
    """A text that counts how often one of its characters is looked at."""

    looked = 0

    def __getitem__(self, index: object) -> str:
        self.looked += 1
        return super().__getitem__(index)  # type: ignore[index]

    def startswith(self, *args: object) -> bool:
        self.looked += 1
        return super().startswith(*args)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "unit",
    ["$", "$x", "$x ", "$ x", r"$\a", r"\(", r"\[", r"\(\[", "$$", "$$x", "$5 ", r"$\n", r"\)\("],
)
def test_hostile_texts_cost_no_more_than_a_few_looks_at_each_character(unit: str) -> None:
    text = _Text(unit * 20_000)
    for _ in math_spans(text):
        pass
    assert text.looked <= 4 * len(text)
