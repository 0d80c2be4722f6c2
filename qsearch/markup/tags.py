"""Which ``<...>`` is a tag, and which is text: ``a < b``, ``List<String>``, ``<your-name>``.

A tag is what browsers or MDX would take for one *and* what can't be meant as text. Elements of HTML
are known by their names; of others (components, custom elements, SVG) attributes, a closing tag or
``/>`` are asked for. What is only mentioned ("the <div> element", nowhere closed) is text, so no
reading loses a word that its author meant to be read.
"""

from __future__ import annotations

from qsearch.markup.edits import APART
from qsearch.markup.pattern import Match, Pattern

_VALUE = (
    r"""(?:"[^"]{0,4000}"|'[^']{0,4000}'"""
    r"""|\{[^{}]{0,1000}(?:\{[^{}]{0,1000}\}[^{}]{0,1000}){0,8}\}|[^\s"'=<>`{}]{1,2000})"""
)
_ATTRIBUTE_NAME = r"[A-Za-z_:@#*(\[][\w.:@#*()\[\]\-]{0,100}"
TAG = Pattern(
    r"<(?P<close>/?)(?P<name>[A-Za-z][\w.:\-]{0,60})"
    rf"(?P<attributes>(?:\s+(?:{_ATTRIBUTE_NAME}(?:\s*=\s*{_VALUE})?|\{{\s*\.\.\.[^{{}}]{{1,100}}\}}))*)"
    r"\s*(?P<empty>/?)>"
)
"""What has the form of a tag."""

_ATTRIBUTE = Pattern(rf"({_ATTRIBUTE_NAME})(\s*=\s*({_VALUE}))?|\{{\s*\.\.\.[^{{}}]*\}}")
_NAME = Pattern(r"<(/?)([A-Za-z][\w.:\-]{0,60})")

_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rb rp rt
    rtc ruby s samp small span strike strong sub sup time tt u var wbr nobr blink output picture
    slot img object map meter progress""".split()
)
_VOID = frozenset(
    "area base br col embed frame hr img input link meta param source track wbr".split()
)
_BREAKS = frozenset(["br", "hr", "wbr"])
# Their closing tags may be left out.
_OPEN_ENDED = frozenset(
    """p li dt dd tr td th thead tbody tfoot option optgroup colgroup html head body rp rt rb
    rtc""".split()
)
_BLOCKS = frozenset(
    """address applet article aside audio blockquote body button canvas caption center colgroup
    datalist dd details dialog dir div dl dt fieldset figcaption figure footer form frameset h1 h2
    h3 h4 h5 h6 head header hgroup html iframe legend li main marquee math menu nav noframes
    noscript ol optgroup option p picture plaintext pre script search section select style summary
    svg table tbody td template textarea tfoot th thead title tr ul video""".split()
)
ELEMENTS = _INLINE | _VOID | _BLOCKS
"""The elements of HTML, old ones included."""

_CELLS = frozenset(["td", "th"])
_BOOLEAN = frozenset(
    """allowfullscreen alt async autofocus autoplay checked compact controls crossorigin
    default defer disabled download formnovalidate hidden inert ismap itemscope loop multiple
    muted nomodule noshade novalidate nowrap open playsinline readonly required reversed
    selected""".split()
)


class Tags:
    """The tags of one text, asked for from left to right.

    Arguments:
        text: the text as it was written.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._last_closing: dict[str, int] | None = None
        self._opened: dict[str, int] = {}
        self.depth = 0
        """How many blocks are open."""
        self.has_fragments = "</>" in text
        """Whether ``<>`` and ``</>`` are tags (of JSX)."""

    def at(self, start: int, floor: int, end: int) -> Match | None:
        """Return the match of ``TAG`` if there is a tag.

        Arguments:
            start: where ``<`` stands.
            floor, end: the paragraph around it.
        """
        tag = TAG.match(self._text, start)
        if tag is None:
            return None
        name, attributes = tag["name"], tag["attributes"]
        lower = name.lower()
        is_html = lower in ELEMENTS and (name.islower() or name.isupper() or lower in _VOID)
        if tag["close"]:
            is_tag = not attributes and not tag["empty"] and self._closes(tag, is_html, floor, end)
        elif is_html:
            is_tag = self._are_attributes(attributes) and self._opens(tag, floor, end)
        else:
            is_tag = self._is_component(tag)
        if not is_tag:
            return None
        self._count(tag, lower)
        return tag

    def paired(self, start: int, end: int) -> frozenset[str]:
        """Return the names, in small letters, of elements that are opened and closed in a part of
        the text, or hold nothing. In code others are what it is about: ``<code><div></code>``.
        """
        opened: set[str] = set()
        closed: set[str] = set()
        for match in _NAME.finditer(self._text, start, end):
            (closed if match[1] else opened).add(match[2].lower())
        return _VOID | (opened & closed)

    def separator(self, tag: Match) -> str:
        """Return what stands between the words on both sides of a tag: a line break for blocks,
        ``APART`` for what may be one, nothing within a line.
        """
        name = tag["name"].lower()
        if name in _CELLS:
            return APART
        if name in ("br", "hr"):
            return "\n"
        if name in _INLINE or name in _VOID:
            return ""
        return "\n" if name in _BLOCKS else APART

    def alternative(self, tag: Match) -> tuple[int, int] | None:
        """Return where the alternative text of an image stands, in an element or a component."""
        if "alt" not in tag["attributes"]:
            return None
        start = tag.start("attributes")
        for attribute in _ATTRIBUTE.finditer(self._text, start, tag.end("attributes")):
            if attribute[1] == "alt" and attribute[3] and attribute[3][0] != "{":
                first, last = attribute.span(3)
                quoted = self._text[first] in "\"'"
                return first + quoted, last - quoted
        return None

    def _is_component(self, tag: Match) -> bool:
        name = tag["name"]
        if not (name[0].isupper() or "-" in name or "." in name or name.lower() in _SVG):
            return False
        if tag["empty"]:
            return True
        if tag["attributes"].strip() and self._are_attributes(tag["attributes"]):
            return True
        before = self._text[tag.start() - 1 : tag.start()]
        return not before.isalnum() and self._is_closed(tag)

    def _opens(self, tag: Match, floor: int, end: int) -> bool:
        name = tag["name"].lower()
        if name in _BREAKS or tag["attributes"].strip() or tag["empty"]:
            return True
        if name in _VOID:
            return False  # nothing without attributes
        if self._is_closed(tag) or (name in _OPEN_ENDED and self.depth):
            return True
        # It is never closed: one that stands before what it is about, or is only spoken of?
        before, after = self._around(tag, floor, end)
        is_glued = before.isalnum() and name not in _OPEN_ENDED
        return not is_glued and not (before.isspace() and _is_edge(after))

    def _closes(self, tag: Match, is_html: bool, floor: int, end: int) -> bool:
        if self._opened.get(tag["name"].lower(), 0) > 0:
            return True
        if not is_html:
            return False
        before, after = self._around(tag, floor, end)
        return not (before.isspace() and _is_edge(after))

    def _around(self, tag: Match, floor: int, end: int) -> tuple[str, str]:
        """The characters on both sides of a tag; nothing for the beginning and end of a line."""
        text = self._text
        first = tag.start()
        while first > floor and text[first - 1] in " \t" and tag.start() - first < 80:
            first -= 1
        alone = first <= floor or text[first - 1] in "\n>"
        after = text[tag.end()] if tag.end() < end else ""
        return "" if alone else text[tag.start() - 1], after

    def _is_closed(self, tag: Match) -> bool:
        if self._last_closing is None:
            self._last_closing = {
                match[2].lower(): match.start() for match in _NAME.finditer(self._text) if match[1]
            }
        return self._last_closing.get(tag["name"].lower(), -1) > tag.start()

    def _are_attributes(self, attributes: str) -> bool:
        if not attributes.strip():
            return True
        return all(
            match[2] or not match[1] or match[1].lower() in _BOOLEAN or not match[1].isalpha()
            for match in _ATTRIBUTE.finditer(attributes)
        )

    def _count(self, tag: Match, lower: str) -> None:
        if lower in _VOID or tag["empty"]:
            return
        change = -1 if tag["close"] else 1
        self._opened[lower] = self._opened.get(lower, 0) + change
        if lower not in _INLINE and lower not in _OPEN_ENDED:
            self.depth = max(self.depth + change, 0)


_SVG = frozenset(
    """circle clippath defs ellipse filter g line lineargradient mask path pattern polygon polyline
    radialgradient rect stop symbol text tspan use""".split()
)


def _is_edge(after: str) -> bool:
    """Whether what follows is no word: a mention ends there."""
    return not after or after.isspace() or after in ".,;:!?)'\""
