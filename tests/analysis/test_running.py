"""Running text has the words of the text that it was made from."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

import qsearch
from qsearch.analysis.pieces import Piece, pieces, plain_pieces
from qsearch.analysis.running import running_text
from qsearch.mathtext import math_spans
from qsearch.model.fields import plain_texts_of
from qsearch.plaintext import PlainText
from tests.helpers import ENGLISH

ARTICLES = Path(__file__).parent.parent.parent / "data" / "articles"

TEXTS = st.lists(
    st.sampled_from(
        ["$", "$$", "\\(", "\\)", "\\[", "\\]", "\\text{", "\\alpha ", "\\n", "\\", "}", "{", "^",
         "_", "<", ">", "<b>", "&", ";", "word", "E", "= ", " - ", "1", ",", "000", ".", "'", " ",
         "\n\n", "é", "⁻", "学", "－"]
    ),
    max_size=18,
).map("".join)  # fmt: skip


def words(cut: list[Piece]) -> list[tuple[str, int, bool]]:
    found = []
    place = 0
    for piece in cut:
        of_piece = ENGLISH.words(piece)
        found += [(word.form, place + word.position, word.overlay) for word in of_piece]
        place += of_piece[-1].position + 1 if of_piece else 0
    return found


def assert_same_words(text: str | PlainText) -> None:
    if isinstance(text, str):
        running = running_text(text, math_spans(text))
    else:
        running = running_text(text.text, text.math)
    cut = [Piece(piece, 0, False) for piece in plain_pieces(running)]
    assert words(cut) == words(list(pieces(text)))


@given(TEXTS)
@example("1,$000$ 2,000 $x$1,000")
@example("a < b > c & d, $a < b, x \\text{ $y$ z}$ and \\(E = mc^{2}\\)")
def test_any_text(text: str) -> None:
    assert_same_words(text)


def test_the_sample_collection() -> None:
    texts = [
        text for article in qsearch.read_articles(ARTICLES) for _, text in plain_texts_of(article)
    ]
    assert texts
    for text in texts:
        assert_same_words(text)


def test_formulas_become_words() -> None:
    text = "Energy: $E = mc^2$, not \\(\\alpha\\)"
    running = running_text(text, math_spans(text))
    assert plain_pieces(running) == ["Energy", "E=mc2", "not", "α"]
