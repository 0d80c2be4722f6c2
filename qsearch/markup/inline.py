"""What stands within a paragraph: emphasis, links, tags, entities, escapes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qsearch.markup.edits import APART, Edits
from qsearch.markup.pattern import Match, Pattern
from qsearch.markup.regions import GONE, HTML, MATH, TICKS, Region
from qsearch.markup.tags import TAG, Tags
from qsearch.markup.templates import Templates

# Each alternative starts with a character: so the others are passed over quickly.
_SPECIAL = Pattern(r"\\|<|&(?=[#\w])|!\[|\[|\]|\{|\*\**|__*|~~~*|===*|https?://")
_HTML_SPECIAL = Pattern(r"<|&(?=[#\w])")
_ENTITY = Pattern(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")
_AUTOLINK = Pattern(
    r"<(?:[A-Za-z][A-Za-z0-9+.\-]{1,31}:[^\s<>]{0,2000}|[\w.!#$%&'*+/=?^`{|}~\-]{1,100}@[\w.\-]{1,200})>"
)
_DECLARATION = Pattern(
    r"<!DOCTYPE\b[^<>]{0,1000}>|<\?xml\b[^<>]{0,1000}\?>|<!\[CDATA\[", re.IGNORECASE
)
_FRAGMENT = Pattern(r"</?>")
_URL = Pattern(r"https?://[^\s<>`\[\]\\]*[^\s<>`\[\]\\?!.,:;*_~'\")}]")
_WIKI_LINK = Pattern(
    r"!?\[\[(?P<page>[^\s\[\]|\"'][^\[\]|\n]{0,300})(?:\|(?P<shown>[^\[\]\n]{0,300}))?\]\](?!\()"
)
_WORDS = Pattern(r"(?!\d+x\d+\b)\b\d*[^\W\d]")
_TEMPLATE = r"\{\{[^{}\n]{0,500}\}\}|\{%[^%\n]{0,500}%\}"
# There is one way to read each character: what is no destination is known at once.
_DESTINATION = Pattern(
    rf"\(\s{{0,50}}(?:<[^<>\n]{{0,4000}}>|(?:{_TEMPLATE}|(?!{_TEMPLATE})[^\s()<>\\]|\\."
    r"|\([^\s()<>]{0,1000}\)){0,4000})"
    r"(?:\s{1,50}(?:\"(?:[^\"\\]|\\.){0,2000}\"|'(?:[^'\\]|\\.){0,2000}'"
    r"|\((?:[^()\\]|\\.){0,2000}\)))?(?:\s{1,50}=\d{0,5}x\d{0,5})?\s{0,50}\)",
    re.DOTALL,
)
_REFERENCE = Pattern(r"\[([^\[\]]{0,300})\]")
_FOOTNOTE = Pattern(r"\^[^\s\[\]]{1,100}")
# What stands in no word: see ``analysis.pieces``.
_APART = Pattern(r"[\s!\"()*,:;<>?@\[\]`|~$%&/“”„«»‹›…—–、。，！？：；（）「」『』《》・·]")
_APART_AFTER = Pattern(rf"\.{{0,3}}(?:{_APART.source}|\Z)|\\")
_LONGEST_WORD = 60
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


@dataclass(slots=True)
class _Run:
    """A run of marks of emphasis.

    Attributes:
        mark: the character.
        first, last: where those stand that are still without a partner.
        opens, closes: what it may do.
        inner: a single mark within a word.
    """

    mark: str
    first: int
    last: int
    opens: bool
    closes: bool
    inner: bool


class Inline:
    """Reads the paragraphs of one text, from left to right.

    Arguments:
        text: the text as it was written.
        regions: its code, comments and mathematics.
        labels: the labels of links that are defined somewhere in it, folded; of footnotes with
            their ``^``.
        edits: receives what is to be changed.
    """

    def __init__(
        self,
        text: str,
        regions: Sequence[Region],
        labels: frozenset[str],
        edits: Edits,
    ) -> None:
        self._text, self._labels, self._edits = text, labels, edits
        self._regions = regions
        self._next = 0
        self._tags = Tags(text)
        self._templates = Templates(text, edits)
        self._brackets: list[tuple[int, int]] = []
        self._readers: dict[str, Callable[[int, int], int]] = {
            "\\": self._escape,
            "&": lambda place, _: self._entity(place),
            "{": self._templates.at,
            "]": self._close_bracket,
        }

    @property
    def in_html(self) -> bool:
        """Whether blocks of HTML or components are open."""
        return self._tags.depth > 0

    def read(self, start: int, end: int) -> None:
        """Put down the edits of a paragraph."""
        text = self._text
        runs: list[_Run] = []
        self._brackets = []
        at = start
        match = _SPECIAL.search(text, at, end)
        while at < end:
            if match is not None and match.start() < at:
                match = _SPECIAL.search(text, at, end)
            place = match.start() if match else end
            if (region := self._region_at(at, place)) is not None:
                self._over(region, start, end)
                at = region.end
            elif match is None:
                break
            elif text[place] in "*_~=":
                self._run(match, start, end, runs)
                at = match.end()
            else:
                at = self._mark(match, start, end)
        if runs:
            self._join(runs)

    def html(self, start: int, end: int) -> None:
        """Put down the edits of code in HTML: tags and entities are its only markup."""
        paired = self._tags.paired(start, end)
        at = start
        while match := _HTML_SPECIAL.search(self._text, at, end):
            at = match.start()
            if match.group() == "&":
                at = self._entity(at)
            elif (tag := TAG.match(self._text, at)) and tag["name"].lower() not in paired:
                at = tag.end()
            else:
                at = self._tag(at, start, end)

    def _region_at(self, at: int, place: int) -> Region | None:
        """The code or mathematics that comes before what was found at ``place``."""
        regions = self._regions
        while self._next < len(regions) and regions[self._next].start < at:
            self._next += 1
        if self._next < len(regions) and regions[self._next].start <= place:
            return regions[self._next]
        return None

    def _over(self, region: Region, start: int, end: int) -> None:
        """Put down the edits of a region in a paragraph."""
        if region.start >= end:
            return
        if region.kind == MATH:
            at = region.start
            while (at := self._text.find("&", at, region.end)) >= 0:
                at = self._entity(at)
        elif region.kind == GONE:
            is_comment = self._text[region.start + 1] in "!/"
            self._edits.drop(region.start, region.end, "" if is_comment else APART, foreign=True)
        elif region.kind == TICKS:
            first, last = region.first, region.last
            inner = self._text[first:last]
            padded = inner[0] in " \n" and inner[-1] in " \n" and bool(inner.strip())
            self._edits.drop(region.start, first + padded)
            self._edits.drop(last - padded, region.end)
        elif region.kind == HTML:
            self._tag(region.start, start, end)
            self.html(region.first, region.last)
            self._tag(region.last, start, region.end)
        else:
            self._edits.drop(region.start, region.first, "\n", foreign=True)
            self._edits.drop(region.last, region.end, "\n", foreign=True)

    def _mark(self, match: Match, start: int, end: int) -> int:
        """Read what starts with a mark other than one of emphasis; return where to go on."""
        place, mark = match.start(), match.group()
        if mark == "<":
            return self._tag(place, start, end)
        if mark[-1] == "[":
            return self._open_bracket(match, end)
        read = self._readers.get(mark)
        if read is not None:
            return read(place, end)
        url = _URL.match(self._text, place, end)
        return url.end() if url else match.end()

    # -- characters

    def _escape(self, place: int, end: int) -> int:
        following = self._text[place + 1 : place + 2]
        if place + 1 < end and following in _PUNCTUATION:
            self._edits.drop(place, place + 1)
            return place + 2
        if following == "\n":
            self._edits.drop(place, place + 1)
        return place + 1

    def _entity(self, place: int) -> int:
        entity = _ENTITY.match(self._text, place)
        if entity is None:
            return place + 1
        from html import unescape
        from html.entities import html5

        if entity[1] and entity[1] + ";" not in html5:
            return place + 1
        self._edits.drop(place, entity.end(), unescape(entity.group()).replace("\xa0", " "))
        return entity.end()

    def _tag(self, place: int, start: int, end: int) -> int:
        text = self._text
        if link := _AUTOLINK.match(text, place, end):
            self._edits.drop(place, place + 1)
            self._edits.drop(link.end() - 1, link.end())
            return link.end()
        other = _DECLARATION.match(text, place, end) or (
            _FRAGMENT.match(text, place, end) if self._tags.has_fragments else None
        )
        if other:
            self._edits.drop(place, other.end(), APART, foreign=True)
            return other.end()
        tag = self._tags.at(place, start, end)
        if tag is None:
            return place + 1
        alternative = self._tags.alternative(tag)
        if alternative:
            self._edits.drop(place, alternative[0], foreign=True)
            self.html(*alternative)
            self._edits.drop(alternative[1], tag.end(), foreign=True)
        else:
            self._edits.drop(place, tag.end(), self._tags.separator(tag), foreign=True)
        return tag.end()

    # -- links

    def _open_bracket(self, match: Match, end: int) -> int:
        text, place = self._text, match.start()
        wiki = (
            _WIKI_LINK.match(text, place, end)
            if text[match.end() : match.end() + 1] == "["
            else None
        )
        if wiki is None or (text[place] == "[" and text[place - 1 : place].isalnum() and place):
            self._brackets.append((place, match.end()))
            return match.end()
        self._wiki_link(wiki)
        return wiki.end()

    def _wiki_link(self, link: Match) -> None:
        shown = "shown" if link["shown"] is not None else "page"
        first, last = link.span(shown)
        if link.group()[0] == "!":
            # What is embedded stands elsewhere; behind its name there may be its size.
            if shown == "page" or not _WORDS.search(link["shown"]):
                first = last = link.end()
        elif shown == "page":
            anchor = link["page"].find("#^")
            last = first + anchor if anchor >= 0 else last
            first += link["page"].startswith("#")
        self._edits.drop(link.start(), first, foreign=True)
        self._edits.drop(last, link.end(), foreign=True)

    def _close_bracket(self, place: int, end: int) -> int:
        if not self._brackets:
            return place + 1
        opening, first = self._brackets.pop()
        text = self._text
        inner = text[first : min(place, first + 1_000)]
        behind = place + 1
        if target := _DESTINATION.match(text, behind, end):
            behind = target.end()
        elif _FOOTNOTE.fullmatch(inner):
            if inner[1:].isdigit() or folded_label(inner) in self._labels:
                self._edits.drop(opening, behind)
            return behind
        elif reference := _REFERENCE.match(text, behind, end):
            if self._is_label(reference[1] or inner):
                behind = reference.end()
            elif not self._is_label(inner):
                return behind
        elif not self._is_label(inner):
            return behind
        self._edits.drop(opening, first)
        self._edits.drop(place, behind)
        return behind

    def _is_label(self, text: str) -> bool:
        return bool(self._labels) and text[:1] != "^" and folded_label(text) in self._labels

    # -- emphasis

    def _run(self, match: Match, start: int, end: int, runs: list[_Run]) -> None:
        text = self._text
        first, last = match.span()
        mark = text[first]
        before = text[first - 1] if first > start else ""
        after = text[last] if last < end else ""
        opens = bool(after) and not after.isspace()
        closes = bool(before) and not before.isspace()
        if mark in "_=":
            # A word may hold them: they are marks at its edges only.
            opens = opens and (not before or bool(_APART.match(before)))
            closes = closes and bool(_APART_AFTER.match(text, last, end))
        inner = before.isalnum() and after.isalnum()
        if inner and (before.isdigit() or after.isdigit()):  # a product, a power
            return
        if mark == "=" and last - first != 2:
            return
        if opens or closes:
            runs.append(_Run(mark, first, last, opens, closes, inner and last - first == 1))

    def _join(self, runs: list[_Run]) -> None:
        """Put down the runs that belong together: of one length, or the parts of one of three."""
        waiting: dict[tuple[str, int], list[_Run]] = {}
        for run in runs:
            if run.closes and self._close(run, waiting):
                continue
            if run.opens:
                waiting.setdefault((run.mark, run.last - run.first), []).append(run)

    def _close(self, run: _Run, waiting: dict[tuple[str, int], list[_Run]]) -> bool:
        """Whether all of a run closes what waits."""
        mark, length = run.mark, run.last - run.first
        alike = waiting.get((mark, length))
        if alike and self._is_pair(alike[-1], run):
            opening = alike.pop()
            self._edits.drop(opening.first, opening.last)
        elif length == 3 and waiting.get((mark, 1)) and waiting.get((mark, 2)):
            for part in (1, 2):
                opening = waiting[mark, part].pop()
                self._edits.drop(opening.first, opening.last)
        elif length in (1, 2) and (three := waiting.get((mark, 3))):
            opening = three.pop()
            opening.last -= length
            self._edits.drop(opening.last, opening.last + length)
            waiting.setdefault((mark, 3 - length), []).append(opening)
        else:
            return False
        self._edits.drop(run.first, run.last)
        return True

    def _is_pair(self, opening: _Run, closing: _Run) -> bool:
        """Whether two runs are marks of emphasis and not of products: ``*noun*s``, ``a*b*c``."""
        if not (opening.inner or closing.inner):
            return True
        if opening.inner and closing.inner:
            return False
        between = self._text[opening.last : min(closing.first, opening.last + _LONGEST_WORD)]
        return len(between) < _LONGEST_WORD and not any(map(str.isspace, between))


def folded_label(label: str) -> str:
    """Return a label as others of the same link are compared with it."""
    return " ".join(label.split()).casefold()
