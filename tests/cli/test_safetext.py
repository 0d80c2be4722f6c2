"""No control character survives, and nothing else is lost."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsearch.cli.safetext import json_text, one_line, safe, safe_name

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

_texts = st.text(st.characters() | st.sampled_from("\x1b\x9b\x07\r\n\t\x7f\u2028\ud800" + BIDI))


def _steers(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in BIDI


@given(_texts)
def test_a_safe_text_has_no_control_character_but_breaks_and_tabs(text: str) -> None:
    assert not any(_steers(char) for char in safe(text) if char not in "\n\t")
    assert safe(safe(text)) == safe(text)


@given(_texts)
def test_a_line_and_a_name_have_none_at_all(text: str) -> None:
    assert not any(map(_steers, one_line(text)))
    assert not any(map(_steers, safe_name(text)))


@given(st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs"))))
def test_what_is_harmless_stays(text: str) -> None:
    assert safe(text) == text
    assert safe_name(text) == text


@given(st.lists(_texts) | st.dictionaries(_texts, _texts), st.booleans())
def test_json_means_the_same_and_holds_no_control_character(
    document: object, ascii_only: bool
) -> None:
    text = json_text(document, ascii_only=ascii_only)
    # Two halves of a surrogate pair side by side are a character to whoever reads JSON.
    assert json.loads(text) == json.loads(json.dumps(document))
    assert not any(map(_steers, text))
    assert text.isascii() or not ascii_only


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", r"\x1b[31m"),
        ("a\u202eb", r"a\u202eb"),
        ("\x7f\x9b", r"\x7f\x9b"),
        ("\U000e0041", r"\U000e0041"),
        ("a\r\nb\tc", "a\nb\tc"),
        ("a\rb", r"a\x0db"),
        ("👩\u200d🔬 می\u200cخواهم", "👩\u200d🔬 می\u200cخواهم"),
    ],
)
def test_it_is_shown_as_what_it_is(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_a_line_folds_breaks_and_a_name_shows_them() -> None:
    assert one_line(" a\r\n\nb\tc ") == "a b c"
    assert safe_name("a\nb  c") == r"a\x0ab  c"


def test_numbers_that_json_does_not_have_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_text(float("nan"))
