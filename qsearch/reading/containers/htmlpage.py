"""HTML: title and main text of a page, and the questions of a schema.org FAQPage in it.

lxml's parser follows what browsers forgive and stops at a depth of its own; the main text becomes
plain paragraphs with the few marks of Markdown that a reader would miss: headings, lists, code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.anchors import Anchors
from qsearch.reading.faults import Fault
from qsearch.reading.lines import UTF_16
from qsearch.reading.pages import page_of
from qsearch.reading.records import Fields, Node, Record, Value

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHARSET = re.compile(rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_HEAD_BYTES = 2_048
_ONE_BYTE = re.compile(r"(?:iso-?8859|windows-?125|cp125|latin|koi8)", re.IGNORECASE)
_TAG = re.compile(rb"<[A-Za-z][^<>]{4000,}")
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_BETWEEN_ATTRIBUTES = re.compile(rb"[\s/]+")
_MOST_ATTRIBUTES = 1_000

_SILENT = frozenset(
    """script style head template noscript nav header footer aside form button select option svg
    iframe object embed canvas audio video dialog""".split()
)
_BLOCKS = frozenset(
    """address article blockquote body center dd details div dl dt fieldset figcaption figure
    hr li main ol p section summary table tbody tfoot thead tr ul""".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_QUESTION, _PAGE = "Question", "FAQPage"
_NESTING = 32


def records(data: bytes, path: str, limits: Limits) -> Iterator[Record | ArticleError]:
    """Yield the record of an HTML file, and one for each question of a FAQPage in it.

    Arguments:
        data: the bytes of the file.
        path: its absolute path, for errors.
        limits: ``tags`` applies, and what applies to a front matter, if it has one.
    """
    try:
        page = page_of(_in_utf8(data), path, limits)
        if page.unreadable is not None:
            line, column, reason = page.unreadable
            raise ArticleError(reason, path=path, line=line, column=column)
        yield from _page(page, limits, path)
    except ArticleError as error:
        yield error


def _in_utf8(data: bytes) -> bytes:
    """The bytes in UTF-8, if they say that they are in an encoding of one byte a character."""
    if data.startswith(UTF_16) or data.isascii():
        return data
    said = _CHARSET.search(data[:_HEAD_BYTES])
    if said is None or not _ONE_BYTE.match(said[1].decode("ascii", "replace")):
        return data
    try:
        return data.decode(said[1].decode("ascii"), "strict").encode()
    except (LookupError, UnicodeDecodeError):
        return data


def _page(page: Record, limits: Limits, path: str) -> Iterator[Record]:
    from lxml import etree

    text = page.body
    first = page.body_line
    raw = text.encode()
    _check_cost(raw, limits, page, path)
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    root = etree.fromstring(b"<!DOCTYPE html>" + raw, parser) if raw.strip() else None
    for entry in parser.error_log:
        if entry.level >= etree.ErrorLevels.FATAL:
            line = first - 1 + max(entry.line, 1)
            what = "the tags are nested too deeply" if "depth" in entry.message else entry.message
            column = max(entry.column, 1)
            raise ArticleError(f"not valid HTML: {what}", path=path, line=line, column=column)
    if root is None:
        yield replace(page, body="")
        return
    title = _title(root)
    pairs = _linked_pairs(root) or _marked_pairs(root)
    writer = _Writer()
    body = writer.text(_main(root))
    if pairs:
        body = _without(body, pairs)
    fields: Fields = dict(page.fields)
    lower = {field.lower() for field in fields}
    if title and not lower & {"title", "article_title", "name"}:
        fields["title"] = (title, None)
    for field, value in _meta(root):
        if field not in lower:
            fields[field] = (value, None)
    whole = replace(page, fields=fields, body=body, page=False, rest=bool(pairs))
    yield whole
    anchors = Anchors()
    shared = {k: v for k, v in page.fields.items() if k.lower() not in ("title", "id", "answer")}
    for question, answer in pairs:
        own: dict[str, Node] = {"question": (question, None), "answer": (answer, None)}
        yield replace(
            page,
            fields={**shared, **own},
            line=first + _line_of(text, question),
            body="",
            anchor=anchors.of(question),
        )


def _check_cost(raw: bytes, limits: Limits, page: Record, path: str) -> None:
    if raw.count(b"<") > limits.tags:
        reason = f"the page has more than {limits.tags:,} tags"
        raise ArticleError(reason, path=path, line=page.body_line, column=1)
    for tag in _TAG.finditer(raw):
        inside = _QUOTED.sub(b"", tag.group())
        if len(_BETWEEN_ATTRIBUTES.findall(inside)) > _MOST_ATTRIBUTES:
            line = page.body_line + raw.count(b"\n", 0, tag.start())
            reason = f"a tag has more than {_MOST_ATTRIBUTES:,} attributes"
            raise ArticleError(reason, path=path, line=line, column=1)


def _line_of(text: str, words: str) -> int:
    """In which line of a page, from 0, some words stand; the first one if they aren't found."""
    import html

    for written in (words, html.escape(words, quote=False), words.split("\n", maxsplit=1)[0]):
        at = text.find(written)
        if at >= 0:
            return text.count("\n", 0, at)
    return 0


# -- what a page says about itself


def _title(root: _Element) -> str:
    """The title of a page; its first heading, if it has none."""
    for tag in ("title", "h1"):
        for element in root.iter(tag):
            if words := _words(element):
                return words
    return ""


_META = {
    "description": "description",
    "keywords": "keywords",
    "article:published_time": "date",
    "date": "date",
}


def _meta(root: _Element) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().lower()
        field, value = _META.get(name, ""), (element.get("content") or "").strip()
        if field and value and field not in seen:
            seen.add(field)
            yield field, value


def _words(element: _Element) -> str:
    return _SPACES.sub(" ", "".join(map(str, element.itertext()))).strip()


# -- the main text


def _main(root: _Element) -> _Element:
    """The part of a page that is its text."""
    for path in (".//main", ".//*[@role='main']", ".//article", ".//body"):
        found = root.findall(path)
        if len(found) == 1 and _words(found[0]):
            return found[0]
    return root


class _Writer:
    """Writes an element as plain paragraphs."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._line: list[str] = []
        self._prefix = ""

    def text(self, root: _Element) -> str:
        # Not recursive: how deeply tags nest is not for the interpreter's stack.
        work: list[tuple[str, Any]] = [("open", root)]
        while work:
            step, item = work.pop()
            if step == "text":
                self._line.append(item)
            elif step == "end":
                self._end()
                self._prefix = ""
            else:
                work += self._open(item)
        self._end()
        return "\n\n".join(self._blocks)

    def _open(self, element: _Element) -> list[tuple[str, Any]]:
        tag = element.tag if isinstance(element.tag, str) else ""
        tail = [("text", _escaped(element.tail))] if element.tail else []
        if not tag or tag in _SILENT or element.get("hidden") is not None:
            return tail
        if tag == "pre":
            self._end()
            self._blocks.append(f"```\n{''.join(map(str, element.itertext())).strip()}\n```")
            return tail
        if tag in ("code", "kbd", "samp"):
            self._line.append(f"`{_words(element)}`")
            return tail
        if tag == "br":
            self._line.append(_BREAK)
            return tail
        steps: list[tuple[str, Any]] = list(tail)
        if tag in ("td", "th"):
            steps.append(("text", " "))
        if tag in _BLOCKS or tag in _HEADINGS:
            self._end()
            self._prefix = "#" * _HEADINGS[tag] + " " if tag in _HEADINGS else self._prefix
            if tag == "li":
                self._prefix = "- "
            steps.append(("end", tag))
        steps += [("open", child) for child in reversed(element)]
        if element.text:
            steps.append(("text", _escaped(element.text)))
        return steps

    def _end(self) -> None:
        """End a paragraph."""
        lines = "".join(self._line).split(_BREAK)
        self._line = []
        words = "\n".join(_SPACES.sub(" ", line).strip() for line in lines).strip()
        if words:
            self._blocks.append(self._prefix + words)
            self._prefix = ""


_BREAK = "\x00"  # which the parser gives out for nothing


def _escaped(text: str | None) -> str:
    """Text as it may stand outside of code, where a < would begin a tag."""
    return (text or "").replace("&", "&amp;").replace("<", "&lt;")


def _without(body: str, pairs: list[tuple[str, str]]) -> str:
    """The paragraphs of a page that are in none of its questions and answers."""
    said = _bare(" ".join(f"{question} {answer}" for question, answer in pairs))
    return "\n\n".join(block for block in body.split("\n\n") if _bare(block) not in said)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, re.sub(r"<[^<>]*>|&\w+;", "", text))).casefold()


# -- questions


def _linked_pairs(root: _Element) -> list[tuple[str, str]]:
    """The questions and answers of FAQPages in JSON-LD."""
    from qsearch.reading.jsontext import value_of_json

    pairs: list[tuple[str, str]] = []
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            value = value_of_json("".join(map(str, script.itertext())).strip(), _NESTING)
        except Fault:
            continue  # of no use to anybody, and the page itself is read
        pairs += _pairs_in(value, is_faq=False)
    return pairs


def _pairs_in(value: Value, *, is_faq: bool) -> list[tuple[str, str]]:
    if isinstance(value, list):
        return [pair for item, _ in value for pair in _pairs_in(item, is_faq=is_faq)]
    if not isinstance(value, dict):
        return []
    kinds = _kinds(value)
    if _QUESTION in kinds and is_faq:
        question = _text(value.get("name")) or _text(value.get("text"))
        question = _SPACES.sub(" ", _plain(question))
        answer = _answer(value.get("acceptedAnswer") or value.get("suggestedAnswer"))
        return [(question, answer)] if question else []
    faq = _PAGE in kinds
    inside = ("mainEntity",) if faq else ("@graph", "mainEntity", "hasPart")
    return [
        pair for name in inside if name in value for pair in _pairs_in(value[name][0], is_faq=faq)
    ]


def _kinds(value: Fields) -> set[str]:
    kind = value.get("@type", (None, None))[0]
    several = [item for item, _ in kind] if isinstance(kind, list) else [kind]
    return {one.rpartition("/")[2] for one in several if isinstance(one, str)}


def _text(node: Node | None) -> str:
    import html

    value = node[0] if node else None
    return html.unescape(value).strip() if isinstance(value, str) else ""


def _answer(node: Node | None) -> str:
    value = node[0] if node else None
    if isinstance(value, list):
        return "\n\n".join(filter(None, (_answer(item) for item in value)))
    text = value.get("text", (None, None))[0] if isinstance(value, dict) else value
    return _plain(text) if isinstance(text, str) else ""


def _plain(text: str) -> str:
    """The text of an answer that may be HTML."""
    if "<" not in text and "&" not in text:
        return text.strip()
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    root = etree.fromstring(f"<div>{text}</div>".encode(), parser)
    return text.strip() if root is None else _Writer().text(root)


def _marked_pairs(root: _Element) -> list[tuple[str, str]]:
    """The questions and answers that a page marks as such (microdata)."""
    pairs: list[tuple[str, str]] = []
    for page in root.iterfind(".//*[@itemtype]"):
        if not (page.get("itemtype") or "").rstrip("/").endswith(f"schema.org/{_PAGE}"):
            continue
        for entity in page.iterfind(".//*[@itemtype]"):
            if not (entity.get("itemtype") or "").rstrip("/").endswith(f"schema.org/{_QUESTION}"):
                continue
            name = entity.find(".//*[@itemprop='name']")
            answers = [
                _Writer().text(found)
                for part in entity.iterfind(".//*[@itemprop='acceptedAnswer']")
                for found in part.iterfind(".//*[@itemprop='text']")
            ]
            question = "" if name is None else _words(name)
            if question:
                pairs.append((question, "\n\n".join(filter(None, answers))))
    return pairs
