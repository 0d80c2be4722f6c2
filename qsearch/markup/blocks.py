"""The lines of a text: headings, lists, quotes, tables, definitions, admonitions, imports."""

from __future__ import annotations

import re
from bisect import bisect_right

from qsearch.markup.ahead import Ahead
from qsearch.markup.edits import Edits
from qsearch.markup.inline import Inline, folded_label
from qsearch.markup.pattern import Match, Pattern
from qsearch.markup.regions import FENCE, MATH, Region, regions
from qsearch.markup.templates import ATTRIBUTES

# Of quotes, items of lists (a colon: of definitions) and of numbered lists.
_MARKER = Pattern(
    r"[ \t]*(?:(>)[ \t]?|([-+*](?=[ \t\n]|\Z)|:(?=[ \t]))[ \t]*"
    r"|(\d{1,9}[.)])(?:[ \t]+|(?=\n|\Z)))"
)
_TASK = Pattern(r"\[[ xX]\](?=[ \t])[ \t]*")
_RULE = Pattern(r"[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})(?=\n|\Z)")
_TABLE_RULE = Pattern(r"(?=[ \t|:]*-)[ \t|:\-]{3,}(?=\n|\Z)")
_UNDERLINE = Pattern(r"[ \t]{0,3}(?:=+|--+)[ \t]*(?=\n|\Z)")
_HEADING = Pattern(r"[ \t]*#{1,6}(?:[ \t]+|(?=\n|\Z))")
_PIPES = Pattern(r"[ \t]*\|[ \t]*")
_LAST_PIPE = Pattern(r"(?<!\\)[ \t]*\|[ \t]*\Z")

_COLONS = Pattern(
    r"[ \t]*:{3,}(?P<name>[ \t]*(?:\{[^{}\n]{0,300}\}|(?P<type>[A-Za-z][\w\-]{0,40})))?[ \t]*"
)
_COLON_TITLE = Pattern(r"\[([^\n]{0,500})\][ \t]*(?:\{[^{}\n]{0,300}\}[ \t]*)?(?=\n|\Z)")
_ADMONITION = Pattern(
    r"[ \t]*(?:!!!|\?\?\?\+?)[ \t]+(?P<type>[A-Za-z][\w\-]{0,40}(?:[ \t]+(?:inline|end))*)"
    r"(?:[ \t]+\"(?P<title>[^\"\n]{0,500})\")?[ \t]*"
)
_ADMONITIONS = frozenset(
    """note abstract summary tldr info todo tip hint important success check done question help faq
    warning caution attention failure fail missing danger error bug example quote cite details
    secondary""".split()
)
_TAB = Pattern(r"[ \t]*===[!+]?[ \t]+\"(?P<title>[^\"\n]{0,500})\"[ \t]*(?=\n|\Z)")
_CALLOUT = Pattern(r"\[![A-Za-z][\w\-]{0,40}\][+\-]?[ \t]*")

_DEFINITION = Pattern(
    r"[ \t]*\[(?P<label>(?!\^)[^\[\]\n]{1,300})\]:[ \t]*"
    r"(?P<address><[^<>\n]{0,2000}>|[^\s<]\S{0,2000})"
    r"(?:[ \t]*\n?[ \t]+(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'|\([^()\n]{0,500}\)))?[ \t]*(?=\n|\Z)"
)
_FOOTNOTE = Pattern(r"[ \t]*\[(?P<label>\^[^\s\[\]]{1,100})\]:[ \t]*")
_LABEL = Pattern(r"^[ \t>]*(?=\[[^\[\]\n]{1,300}\]:)", re.MULTILINE)
_COLONS_END = Pattern(r"^[ \t>]*:{3,}[ \t]*$", re.MULTILINE)

_FROM = r"(?:[\"'][^\"'\n]{1,300}[\"'])[ \t]*;?[ \t]*(?=\n|\Z)"
_IMPORT = Pattern(
    rf"import\s+(?:(?:[\w*$,]|\s|\{{[\w\s,$*]{{0,1000}}\}}){{1,200}}?\sfrom\s+{_FROM}"
    r"|[\"'][./@][^\"'\n]{1,300}[\"'][ \t]*;?[ \t]*(?=\n|\Z))"
)
_EXPORT = Pattern(r"export\s+(?:default|const|let|var|function|async|class)\b|export\s*[{*]")
_BLANK_LINE = Pattern(r"\n[ \t]*(?=\n|\Z)")

# Of what is behind the opening of a fence, what names a language and its settings.
_LANGUAGE = Pattern(
    r"[ \t]*(?:[\w+#.\-/]{1,40}(?:,[ \t]*[\w+#.\-]{1,40})*(?=[ \t{]|\Z)[ \t]*)?"
    r"(?:\{[^{}\n]{0,500}\}[ \t]*"
    r"|[\w\-]{1,40}=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"']\S*)?(?![^ \t])[ \t]*"
    r"|(?:showLineNumbers|linenums|copy|live|noInline|nocopy)(?![^ \t])[ \t]*)*\Z"
)
_FENCE_MARKS = Pattern(r"`{3,}|~{3,}")
_QUOTE_MARKS = Pattern(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_TITLE = Pattern(r"\b(?:title|caption|filename)=(\"([^\"\n]*)\"|'([^'\n]*)')")


def find_edits(text: str) -> tuple[Edits, list[tuple[int, int]]]:
    """Return what to change in a text to make it plain, and where its mathematics stands.

    The edits are in no order; what lies in another edit doesn't count.
    """
    blocks = _Blocks(text, list(regions(text)))
    blocks.read()
    return blocks.edits, blocks.math()


def _labels(text: str) -> frozenset[str]:
    """The labels of links and footnotes that are defined somewhere in a text, folded."""
    found = []
    for line in _LABEL.finditer(text) if "]:" in text else ():
        definition = _DEFINITION.match(text, line.end()) or _FOOTNOTE.match(text, line.end())
        if definition and _is_address(definition.groupdict().get("address", "/")):
            found.append(folded_label(definition["label"]))
    return frozenset(found)


class _Blocks:
    def __init__(self, text: str, found: list[Region]) -> None:
        self._text, self._regions = text, found
        self.edits = Edits()
        self._inline = Inline(text, found, _labels(text), self.edits)
        self._colons_ends = Ahead(_COLONS_END, text)
        self._fences = [region for region in found if region.kind == FENCE]
        self._next_fence = 0
        # What holds line breaks that end no line.
        self._wide = [
            region
            for region in found
            if region.kind != FENCE and text.find("\n", region.start, region.end) >= 0
        ]
        self._next_wide = 0
        self._start: int | None = None  # of the paragraph under way
        self._end = 0
        self._code_starts: list[int] = []  # of indented lines of code
        self._code_ends: list[int] = []
        self._columns: list[int] = []  # where the contents of open list items begin
        self._blank = True
        self._in_code = False
        self._in_front = True

    def read(self) -> None:
        """Put down the edits of all lines."""
        text, fences = self._text, self._fences
        at, length = 0, len(text)
        while at < length:
            if text[at] == "\n":  # an empty line: no region begins here or reaches over it
                self._finish()
                self._blank = True
                at += 1
                continue
            while self._next_fence < len(fences) and fences[self._next_fence].start < at:
                self._next_fence += 1
            if self._next_fence < len(fences) and fences[self._next_fence].start == at:
                at = self._fence(fences[self._next_fence])
            else:
                end = self._line_end(at)
                at = max(self._line(at, end), end + 1)
        self._finish()

    def math(self) -> list[tuple[int, int]]:
        """Return where there is mathematics, once all lines have been read."""
        found = (region for region in self._regions if region.kind == MATH)
        return [(region.start, region.end) for region in found if not self._is_code(region.start)]

    def _is_code(self, at: int) -> bool:
        """Whether a place is in an indented line of code."""
        index = bisect_right(self._code_starts, at) - 1
        return index >= 0 and at < self._code_ends[index]

    def _line_end(self, at: int) -> int:
        """Where a line ends: at no line break within code or mathematics."""
        text, wide = self._text, self._wide
        end = text.find("\n", at)
        while end >= 0:
            while self._next_wide < len(wide) and wide[self._next_wide].end <= end:
                self._next_wide += 1
            if self._next_wide == len(wide) or wide[self._next_wide].start > end:
                return end
            end = text.find("\n", wide[self._next_wide].end)
        return len(text)

    def _finish(self) -> None:
        """Read the paragraph that has come to its end."""
        if self._start is not None:
            self._inline.read(self._start, self._end)
            self._start = None

    def _paragraph(self, start: int, end: int) -> None:
        if self._start is None:
            self._start = start
        self._end = end

    def _alone(self, start: int, end: int) -> None:
        """Read a line that is a paragraph of its own."""
        self._finish()
        self._inline.read(start, end)

    def _drop_line(self, at: int, end: int, *, foreign: bool = False) -> None:
        self.edits.drop(at, min(end + 1, len(self._text)), foreign=foreign)

    # -- one line

    def _line(self, at: int, end: int) -> int:
        """Read a line; return where the next one starts, if that is not behind this one."""
        text = self._text
        first = at
        while first < end and text[first] in " \t":
            first += 1
        if first == end:
            self._finish()
            self._blank = True
            return 0
        self._in_code = self._is_indented_code(self._column(at, first) if first > at else 0)
        self._blank = False
        if self._in_code:
            self._in_front = False
            self._code_starts.append(at)
            self._code_ends.append(end)
            return 0
        if self._start is None and first == at and (behind := self._module(at)):
            return behind
        begin = text[first]
        if begin.isalpha():  # no mark of a line, as most often
            self._in_front = False
            self._paragraph(at, end)
            return 0
        if not text.startswith(("<!--", "{/*"), first):
            self._in_front = False
        if self._start is not None and begin in "=-" and _UNDERLINE.match(text, first, end):
            self._drop_line(at, end)
            self._finish()
        elif begin in "-*_" and _RULE.match(text, at, end):
            self._finish()
            self._drop_line(at, end)
        else:
            self._contents(at, self._containers(at, end), end)
        return 0

    def _is_indented_code(self, indent: int) -> bool:
        """Whether a line that is indented so far is code; it ends list items that it isn't in."""
        if self._blank:
            while self._columns and indent < self._columns[-1]:
                self._columns.pop()
        elif not self._in_code:
            return False
        inner = self._columns[-1] if self._columns else 0
        return indent - inner >= 4 and self._start is None and not self._inline.in_html

    def _module(self, at: int) -> int:
        """Take out what MDX imports, or exports before any text; return where it ends, else 0."""
        text = self._text
        if not text.startswith(("import", "export"), at):
            return 0
        if found := _IMPORT.match(text, at):
            last = found.end()
        elif self._in_front and _EXPORT.match(text, at):
            ending = _BLANK_LINE.search(text, at)
            last = ending.start() if ending else len(text)
        else:
            return 0
        self._drop_line(at, last, foreign=True)
        return last + 1

    def _containers(self, at: int, end: int) -> int:
        """Put down the marks of quotes and list items; return where the contents start."""
        text = self._text
        column = 0
        while marker := _MARKER.match(text, at, end):
            start = marker.start(marker.lastindex or 0)
            column += self._column(at, start)
            width = min(marker.end() - start, 4 + len(marker[marker.lastindex or 0]))
            if marker[1] is None:
                self._finish()
                while self._columns and column < self._columns[-1]:
                    self._columns.pop()
                self._columns.append(column + width)
            if marker[3] is None:
                self.edits.drop(start, marker.end())
            column += width
            at = marker.end()
            if marker[2] not in (None, ":") and (task := _TASK.match(text, at, end)):
                self.edits.drop(at, task.end())
                at = task.end()
        return at

    def _contents(self, line: int, at: int, end: int) -> None:
        text = self._text
        mark = text[at : at + 40].lstrip(" \t")[:1]
        if mark == "#" and (heading := _HEADING.match(text, at, end)):
            self._heading(heading, end)
        elif mark == "|" or (mark and mark in "-:" and _TABLE_RULE.match(text, at, end)):
            self._row(line, at, end)
        elif mark == ":" and (colons := _COLONS.match(text, at, end)):
            self._colons(line, colons, end)
        elif not (
            (mark and mark in "!?=" and self._admonition(line, at, end))
            or (mark == "[" and self._definition(line, at, end))
        ):
            self._paragraph(at, end)

    def _heading(self, heading: Match, end: int) -> None:
        text, start = self._text, heading.end()
        self.edits.drop(heading.start(), start)
        contents = text[start:end].rstrip()
        brace = contents.rfind("{")
        if brace >= 0 and ATTRIBUTES.fullmatch(contents, brace):
            contents = contents[:brace].rstrip()
        before_marks = contents.rstrip("#")
        if not before_marks or before_marks[-1] in " \t":
            contents = before_marks.rstrip()
        stop = start + len(contents)
        self.edits.drop(stop, end, foreign=brace >= 0)
        self._alone(start, stop)

    def _row(self, line: int, at: int, end: int) -> None:
        text = self._text
        if _TABLE_RULE.match(text, at, end):
            self._finish()
            self._drop_line(line, end)
            return
        first = _PIPES.match(text, at, end)
        start = first.end() if first else at
        self.edits.drop(at, start)
        last = _LAST_PIPE.search(text[max(start, end - 80) : end])
        stop = max(start, end - 80) + last.start() if last else end
        self.edits.drop(stop, end)
        self._alone(start, stop)

    def _colons(self, line: int, colons: Match, end: int) -> None:
        """An admonition of Docusaurus, VuePress or pandoc: its title is text."""
        start = colons.end()
        self._finish()
        if colons["type"] and colons["type"].lower() not in _ADMONITIONS:
            # A word that is no kind we know, over nothing that is closed, is text.
            start = start if self._colons_ends.after(end) else colons.start("type")
        if start >= end:
            self._drop_line(line, end, foreign=True)
            self._blank = True
            return
        self.edits.drop(colons.start(), start, foreign=True)
        if title := _COLON_TITLE.match(self._text, start, end):
            self.edits.drop(start, start + 1, foreign=True)
            self.edits.drop(title.end(1), end, foreign=True)
            start, end = start + 1, title.end(1)
        self._alone(start, end)
        self._blank = True

    def _admonition(self, line: int, at: int, end: int) -> bool:
        """Whether a line opens an admonition or a tab of MkDocs: its title is text."""
        text = self._text
        opening = _TAB.match(text, at, end)
        if opening is None:
            opening = _ADMONITION.match(text, at, end)
            if opening is None:
                return False
            if opening["type"].split()[0] not in _ADMONITIONS and not self._is_indented(end):
                return False
        self._finish()
        self._columns.append(self._column(line, at) + 4)
        self._blank = True
        if opening["title"]:
            start, stop = opening.span("title")
            self.edits.drop(at, start, foreign=True)
            self.edits.drop(stop, stop + 1, foreign=True)
            self._inline.read(start, stop)
            stop += 1
        else:
            stop = opening.end()
            self.edits.drop(at, stop, foreign=True)
        self._inline.read(stop, end)
        return True

    def _is_indented(self, end: int) -> bool:
        return self._text.startswith(("\n    ", "\n\t"), end)

    def _definition(self, line: int, at: int, end: int) -> bool:
        """Whether a line defines the address of a link (it is no text) or a footnote (it is)."""
        text = self._text
        if footnote := _FOOTNOTE.match(text, at, end):
            self._finish()
            self.edits.drop(footnote.start(), footnote.end())
            self._columns.append(self._column(line, at) + 4)
            self._paragraph(footnote.end(), end)
            return True
        if callout := _CALLOUT.match(text, at, end) if ">" in text[line:at] else None:
            self._finish()
            self.edits.drop(at, callout.end(), foreign=True)
            if callout.end() < end:
                self._alone(callout.end(), end)
            return True
        found = _DEFINITION.match(text, at) if self._start is None else None
        if found is None or not _is_address(found["address"]):
            return False
        self._drop_line(line, found.end())
        if found.end() > end:  # the title stood in the next line
            self._finish()
            self._paragraph(found.end(), found.end())
        return True

    # -- code

    def _fence(self, fence: Region) -> int:
        """Put down the lines around a fenced block of code; return where the next line starts."""
        self._finish()
        text = self._text
        self._blank, self._in_code, self._in_front = True, False, False
        stop = fence.first - 1 if text[fence.first - 1 : fence.first] == "\n" else fence.first
        opening = text[fence.start : stop]
        mark = _FENCE_MARKS.search(opening)
        assert mark
        if opening[: mark.start()].strip(" \t>"):  # a list item
            self._containers(fence.start, fence.start + mark.start())
        info = fence.start + mark.end()
        title = _TITLE.search(text, info, stop)
        if title:
            first, last = title.span(2 if title[2] is not None else 3)
            self.edits.drop(fence.start, first)
            self.edits.drop(last, stop)
        elif _LANGUAGE.match(text, info, stop):
            self.edits.drop(fence.start, fence.first)
        else:
            while text[info : info + 1] in (" ", "\t"):
                info += 1
            self.edits.drop(fence.start, info)
        if ">" in opening[: mark.start()]:
            for quoted in _QUOTE_MARKS.finditer(text, fence.first, fence.last):
                self.edits.drop(*quoted.span())
        end = min(fence.end + 1, len(text))
        self.edits.drop(fence.last, end)
        return end

    def _column(self, line: int, at: int) -> int:
        return len(self._text[line:at].expandtabs(4))


def _is_address(text: str) -> bool:
    return text[0] == "<" or any(mark in text for mark in "/.#:")
