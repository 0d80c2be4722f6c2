"""The part of an article that answers best, as plain text, with the query's words marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from qsearch.analysis.analyzer import Analyzer
from qsearch.article import Article
from qsearch.errors import ArgumentError
from qsearch.plaintext import PlainText, plain_text

LENGTH = 280
"""Characters of a snippet, about; a window of whole sentences where they fit."""

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+|(?<=[。！？])|\n+")


class Snippet(str):
    """Plain text that also knows what to mark in it.

    Attributes:
        marks: (start, end) of each word that the query asked for, in characters, in order.
    """

    marks: tuple[tuple[int, int], ...]

    def __new__(cls, text: str, marks: tuple[tuple[int, int], ...] = ()) -> Snippet:
        """Return the text with its marks."""
        made = super().__new__(cls, text)
        made.marks = marks
        return made

    def html(self, tag: str = "mark") -> str:
        """Return the text as HTML, everything escaped, each mark in an element.

        Arguments:
            tag: the name of the element, with attributes or not (``mark class="hit"``).
        """
        from html import escape

        end_tag = f"</{tag.split(maxsplit=1)[0]}>" if tag.split() else ""
        if not end_tag:
            raise ArgumentError("tag must be the name of an HTML element, not empty")
        parts: list[str] = []
        done = 0
        for start, end in self.marks:
            marked = escape(self[start:end])
            parts += (escape(self[done:start]), f"<{tag}>", marked, end_tag)
            done = end
        return "".join([*parts, escape(self[done:])])


def make_snippet(article: Article, weights: Mapping[str, float], analyzer: Analyzer) -> Snippet:
    """Return the best window of an article.

    Arguments:
        article: a hit.
        weights: how much each word form is worth, for every form that matches the query.
        analyzer: the analyser of the index.
    """
    sources = filter(None, (article.answer, article.question, article.title))
    plains = (plain_text(source).folded() for source in sources)
    plain = next((plain for plain in plains if plain.text), PlainText("", ()))
    text = plain.text
    found = [
        (word.start, word.end, word.form) for word in analyzer.forms(plain) if word.form in weights
    ]
    start, end = _best_window(text, found, weights)
    lead, tail = ("… " if start else ""), (" …" if end < len(text) else "")
    inside = [(a, b) for a, b, _ in found if a >= start and b <= end]
    return Snippet(lead + text[start:end] + tail, _merged(inside, len(lead) - start))


def _best_window(
    text: str, found: list[tuple[int, int, str]], weights: Mapping[str, float]
) -> tuple[int, int]:
    """The window of sentences that holds the most of the query, the earliest of equals."""
    sentences = list(_sentences(text))
    best, best_worth = (0, 0), -1.0
    for first, (start, _) in enumerate(sentences):
        last = first
        while last + 1 < len(sentences) and sentences[last + 1][1] - start <= LENGTH:
            last += 1
        end = sentences[last][1]
        forms = [form for a, b, form in found if a >= start and b <= end]
        # Each word once, and a little for saying it again.
        worth = sum(weights[form] for form in set(forms)) + 0.01 * len(forms)
        if worth > best_worth + 1e-9:
            best, best_worth = (start, end), worth
    start, end = best
    return best if end - start <= LENGTH else _cut(text, start, end, found)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _cut(text: str, start: int, end: int, found: list[tuple[int, int, str]]) -> tuple[int, int]:
    """A part of one long sentence, from a little before its first match, at word ends."""
    first = next((a for a, _, _ in found if start <= a < end), start)
    begin = max(start, min(first - LENGTH // 4, end - LENGTH))
    stop = min(end, begin + LENGTH)
    if begin > start:
        begin = max(text.find(" ", begin, first) + 1, begin)
    if stop < end:
        stop = max(text.rfind(" ", begin, stop), begin + 1) if " " in text[begin:stop] else stop
    return begin, stop


def _merged(spans: list[tuple[int, int]], shift: int) -> tuple[tuple[int, int], ...]:
    """Spans in order, where some touch or overlap joined."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start + shift <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end + shift))
        else:
            merged.append((start + shift, end + shift))
    return tuple(merged)
