"""A text as it was written -> its plain text, which is analysed and shown.

The rule, for questions, answers and titles (keywords are no Markdown): Markdown's marks, HTML tags,
comments, the addresses of links and images, MDX imports, Liquid, Hugo's shortcodes and attributes
of kramdown are not text; entities stand for their characters. In code everything is text (in HTML's
``pre`` and ``code`` tags and entities still are markup). Mathematics stays as it was written.
What is not surely markup is text: nothing that is meant to be read is lost.

A plain text remembers where its characters come from, so a place in it has a line in the source.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from qsearch.markup.edits import APART
from qsearch.markup.pattern import Pattern
from qsearch.mathtext import math_spans

# What has to be there for markup to make a difference to the words. Rough and on the safe side.
_TAG = Pattern(r"<[A-Za-z/!?>]")
_ENTITY = Pattern(r"&#?\w{1,32};")
_BRACKETS = Pattern(r"\]\(|\[\[|\[\^|\[!|\]:|\]\[|[-+*][ \t]+\[")
_BRACES = Pattern(r"\{[ \t]*[.#%{:/]|\{[\w\-]+=")
_LINE = r"[ \t>\-*+0-9.):]*(?::::|!!!|\?\?\?|import\s|export[\s{*])"
_LINES, _FIRST_LINE = Pattern(rf"\n(?={_LINE})"), Pattern(_LINE)
_APART = r"\s!\"()*:;<>?@\[\]`|~\\$%&/“”„«»‹›…—–、。，！？：；（）「」『』《》・·"
_JOINED = rf"(?!\.*(?:[{_APART}]|,(?![0-9])|\Z))"
# Marks of emphasis that, taken out, join what stands on both sides of them; the same with code.
_JOINING = Pattern(rf"\*(?<=[^{_APART}]\*)\**{_JOINED}")
_JOINING_CODE = Pattern(rf"[*`](?<=[^{_APART}][*`])[*`]*{_JOINED}|```[ \t]*[^\s`]")
# Escapes of characters that stand in words.
_ESCAPE = Pattern(r"\\[_\-.'#+=^{},]")
_INDENTED = Pattern(r"\n[ \t]*\n(?: {4}| {0,3}\t)")
# White space other than one space or line break between other characters.
_SPACE = Pattern(r"\s\s+|[^\S \n]|\A\s|\s\Z")
# What a word follows, and what follows a word, without a space.
_OPENING = "([{/“‘«"
_CLOSING = ".,;:!?)]}\"'’”»"


class _Change(NamedTuple):
    """A part of a text that is other than in the text it was made from, in characters of both."""

    start: int
    end: int
    made_start: int
    made_end: int


_made_start = attrgetter("made_start")


@dataclass(frozen=True, slots=True)
class PlainText:
    """A plain text that knows where its mathematics and its characters stood.

    Attributes:
        text: the plain text.
        math: (start, end) of each piece of mathematics in it, in order.
        changes: from the source to it, in order; between two of them it is the source.
        source: the plain text that this one was made from, if it wasn't the source itself.
    """

    text: str
    math: tuple[tuple[int, int], ...]
    changes: tuple[_Change, ...] = ()
    source: PlainText | None = None

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the source that gave a part of the plain text, in characters.

        Marks at its edges are not in it. Where something stands for other characters (an entity),
        all of these are.

        Arguments:
            start, end: the part, in characters; 0 <= start <= end <= len(text).
        """
        first = self._source_of(start, last=False)
        last = max(self._source_of(end - 1, last=True) + 1, first) if end > start else first
        return (first, last) if self.source is None else self.source.source_span(first, last)

    def _source_of(self, at: int, *, last: bool) -> int:
        index = bisect_right(self.changes, at, key=_made_start) - 1
        if index < 0:
            return at
        change = self.changes[index]
        if at < change.made_end:
            return change.end - 1 if last else change.start
        return change.end + at - change.made_end

    def folded(self) -> PlainText:
        """Return this text with single spaces, line breaks only where lines end, no empty lines."""
        text = self.text
        edits = []
        for run in _SPACE.finditer(text):
            start, end = run.span()
            edge = start == 0 or end == len(text)
            space = "" if edge else "\n" if "\n" in run.group() else " "
            if run.group() != space:
                edits.append((start, end, space))
        made, changes = _apply(text, edits)
        if not changes:
            return self
        return PlainText(made, tuple(_moved(self.math, changes)), changes, self)


def line_in(source: str, at: int) -> int:
    """Return the line of a place in a source text, from 1."""
    return source.count("\n", 0, at) + 1


def plain_text(source: str) -> PlainText:
    """Return the plain text of a text as it was written.

    The time is linear in its length but for a logarithm, whatever it holds.
    """
    from qsearch.markup.blocks import find_edits

    edits, math = find_edits(source)
    made, changes = _apply(source, _tidied(source, _in_order(edits)))
    return PlainText(made, tuple(_moved(math, changes)), changes)


def without_foreign_markup(source: str) -> str:
    """Return a text as Markdown alone: HTML, comments, templates and MDX's modules taken out."""
    from qsearch.markup.blocks import find_edits

    edits, _ = find_edits(source)
    foreign = [edit for edit in edits if edit.foreign]
    return _apply(source, _tidied(source, _in_order(foreign)))[0]


def text_for_words(source: str) -> tuple[str, Sequence[tuple[int, int]]]:
    """Return a text that has the words of the plain text, and where its mathematics stands.

    That is the source itself where no markup makes a difference to the words, which is quick to
    see: marks of headings, lists, quotes, tables, emphasis and code stand in no word.
    """
    if not _has_markup(source):
        if "$" not in source and "\\" not in source:
            return source, ()
        if "`" not in source and not _may_have_indented_code(source):
            math = list(math_spans(source))
            if not _has_escapes(source, math):
                return source, math
    from qsearch.markup.blocks import find_edits

    edits, math = find_edits(source)
    tidied = _tidied(source, _in_order(edits))
    if not math:
        return _edited(source, tidied), ()
    made, changes = _apply(source, tidied)
    return made, tuple(_moved(math, changes))


def _has_markup(source: str) -> bool:
    """Whether there may be markup, apart from escapes, that makes a difference to the words."""
    return bool(
        ("<" in source and _TAG.search(source))
        or ("&" in source and _ENTITY.search(source))
        or ("[" in source and _BRACKETS.search(source))
        or ("{" in source and _BRACES.search(source))
        or ("~" in source and "~~" in source)
        or ("\n" in source and _LINES.search(source))
        or _FIRST_LINE.match(source)
        or ("`" in source and _JOINING_CODE.search(source))
        or ("*" in source and _JOINING.search(source))
    )


def _may_have_indented_code(source: str) -> bool:
    """Whether there may be code whose only marks are spaces, in which nothing is mathematics."""
    return source.startswith(("    ", "\t")) or _INDENTED.search(source) is not None


def _has_escapes(source: str, math: Sequence[tuple[int, int]]) -> bool:
    """Whether a backslash stands before a character of a word, outside of mathematics."""
    if "\\" not in source:
        return False
    done = 0
    for start, end in math:
        if _ESCAPE.search(source, done, start):
            return True
        done = end
    return _ESCAPE.search(source, done) is not None


def _in_order(edits: Sequence[tuple[int, int, str, bool]]) -> Iterator[tuple[int, int, str]]:
    """The edits from left to right, without those in others and those that change nothing."""
    done = 0
    for start, end, text, _ in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if end > done and (start < end or text):
            yield max(start, done), end, text
            done = end


def _edited(source: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """A text with edits made, as ``_apply`` takes them."""
    parts: list[str] = []
    done = 0
    for start, end, text in edits:
        parts += (source[done:start], text)
        done = end
    parts.append(source[done:])
    return "".join(parts)


def _apply(source: str, edits: Iterable[tuple[int, int, str]]) -> tuple[str, tuple[_Change, ...]]:
    """A text with edits made, and the changes that they are.

    Arguments:
        edits: (start, end, text), in order and apart.
    """
    parts: list[str] = []
    changes: list[_Change] = []
    done = size = 0
    for start, end, text in edits:
        kept = source[done:start]
        size += len(kept)
        parts += (kept, text)
        changes.append(_Change(start, end, size, size + len(text)))
        size += len(text)
        done = end
    parts.append(source[done:])
    return "".join(parts), tuple(changes)


def _tidied(source: str, edits: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """The same edits without needless white space: no line is left empty by an edit, no space
    stands beside another one or before a comma.
    """
    done = 0
    last = "\n"  # the last character that stays
    is_empty = True  # whether the line under way holds nothing but blanks
    waiting: tuple[int, int] | None = None  # an edit that may have to keep words apart
    for edit_start, edit_end, edit_text in edits:
        if edit_end <= done:
            continue
        start, end, text = max(edit_start, done), edit_end, edit_text
        if start > done:
            if waiting:
                yield *waiting, _between(last, source[done])
                waiting = None
            last, is_empty = source[start - 1], _ends_empty(source, done, start, is_empty)
        if waiting:
            yield *waiting, ""
            text, waiting = text or APART, None
        following = source[end : end + 1]
        if not text.strip() and is_empty and following == "\n" != source[end - 1]:
            text, end = "", end + 1  # nothing else stands in the line
        elif text == "\n" and (is_empty or following in ("\n", "")):
            text = ""
        if text == APART:
            waiting = start, end
        else:
            if text:
                last, is_empty = text[-1], _ends_empty(text, 0, len(text), is_empty)
            yield start, end, text
        done = end
    if waiting:
        yield *waiting, _between(last, source[done : done + 1])


def _ends_empty(text: str, start: int, end: int, was_empty: bool) -> bool:
    """Whether the last line of a part of a text is empty; the first one goes on with another."""
    line = text.rfind("\n", start, end) + 1
    if not line and not was_empty:
        return False
    last = text[line or start : end]
    return not last or last.isspace()


def _between(before: str, after: str) -> str:
    """What keeps apart what stands on both sides of markup that is no part of a word."""
    joined = before.isspace() or before in _OPENING or after.isspace() or after in _CLOSING
    return "" if joined else " "


def _moved(
    spans: Sequence[tuple[int, int]], changes: Sequence[_Change]
) -> Iterator[tuple[int, int]]:
    """Where spans of a text stand after its changes; those that are gone are left out."""
    index = shift = 0
    for start, end in spans:
        while index < len(changes) and changes[index].end <= start:
            shift = changes[index].made_end - changes[index].end
            index += 1
        if index < len(changes) and changes[index].start <= start < changes[index].end:
            continue
        first = start + shift
        while index < len(changes) and changes[index].end <= end:
            shift = changes[index].made_end - changes[index].end
            index += 1
        inside = index < len(changes) and changes[index].start < end
        last = (changes[index].start if inside else end) + shift
        if last > first:
            yield first, last
