"""The fields of an article: which of its texts are searched, and which are ranked together.

Ranking knows three fields. ``question`` is title and question together, where a title equal to the
question counts once. Positions keep title and question apart. No NumPy here: processes that read
import this module and start without it.
"""

from __future__ import annotations

from collections.abc import Iterator

from qsearch.article import Article
from qsearch.plaintext import PlainText, plain_text

FIELDS = ("question", "answer", "keywords")
"""The ranked fields, in the order of every array that has one column a field."""

TITLE, QUESTION, ANSWER, KEYWORDS = range(4)
"""The parts of an article, which positions tell apart: the first texts of a stored record."""

PARTS = 4

KEYWORD_GAP = 16
"""Positions between two keywords, so that no phrase reaches from one into the next."""


def texts_of(article: Article) -> Iterator[tuple[int, str]]:
    """Yield (part, text) for each searched text of an article, in the order of their positions."""
    if article.title:
        yield TITLE, article.title
    if article.question and not same_text(article.title, article.question):
        yield QUESTION, article.question
    if article.answer:
        yield ANSWER, article.answer
    for keyword in article.keywords:
        yield KEYWORDS, keyword


def plain_texts_of(article: Article) -> Iterator[tuple[int, str | PlainText]]:
    """Yield what ``texts_of`` does as plain text: its words are what is indexed."""
    for part, text in texts_of(article):
        yield part, text if part == KEYWORDS else plain_text(text)


def same_text(title: str, question: str) -> bool:
    """Whether a title says the same as the question, white space apart."""
    return title == question or title.split() == question.split()
