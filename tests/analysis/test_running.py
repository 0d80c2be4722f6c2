"""Running text has the words of the text that it was made from."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import qsearch
from qsearch.analysis.pieces import Piece, pieces, plain_pieces
from qsearch.analysis.running import running_text
from qsearch.index.fields import texts_of
from tests.helpers import ENGLISH

ARTICLES = Path(__file__).parent.parent.parent / "data" / "articles"

TEXTS = st.lists(
    st.sampled_from(
        ["$", "$$", "\\(", "\\)", "\\[", "\\]", "\\text{", "\\alpha ", "\\n", "\\", "}", "{", "^",
         "_", "<", ">", "<b>", "</b >", '<a href="x">', "<br/>", "&amp;", "&#8722;", "&", ";",
         "word", "E", "= ", " - ", "1", ",", "000", ".", "'", " ", "\n\n", "é", "⁻", "学", "－"]
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


def assert_same_words(text: str) -> None:
    running = running_text(text)
    assert running is not None
    cut = [Piece(piece, 0, False) for piece in plain_pieces(running)]
    assert words(cut) == words(list(pieces(text)))


@given(TEXTS)
@example("1,$000$ 2,&nbsp;000 $x$1,000")
@example("a < b > c &amp d, <b attr=1>bold</b>, <unknown>, &unknown;")
@example("$a < b, <i>x</i> \\text{ $y$ z}$ and \\(E = mc^{2}\\)")
def test_any_text(text: str) -> None:
    assert_same_words(text)


def test_the_sample_collection() -> None:
    texts = [text for article in qsearch.read_articles(ARTICLES) for _, text in texts_of(article)]
    running = [text for text in texts if running_text(text) is not None]
    assert len(texts) > len(running) > 0.99 * len(texts), "few have tags within words"
    for text in running:
        assert_same_words(text)


@pytest.mark.parametrize("text", ["H<sub>2</sub>O", "x<SUP>2</SUP>", "$H<sub>2</sub>$", "<sub>"])
def test_tags_that_stand_within_words_leave_no_running_text(text: str) -> None:
    assert running_text(text) is None


def test_formulas_become_words() -> None:
    text = "Energy &mdash; $E = mc^2$, <em>not</em> \\(\\alpha\\)"
    running = running_text(text)
    assert running is not None
    assert plain_pieces(running) == ["Energy", "E=mc2", "not", "α"]
