"""One file, many questions: a record -> a record for each question in it, and one for the rest.

A Markdown body is divided at the headings of one level: at those that a user names, else where most
of them are questions. A list of questions and answers in the front matter is divided in any case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from qsearch.reading.anchors import Anchors, shown_heading
from qsearch.reading.headings import Heading, headings
from qsearch.reading.mapping import ADDED_KEYWORDS, NAMES, PAIRS, SHARED_FIELDS, SLUG
from qsearch.reading.records import Fields, Node, Record, holds_something

AUTO = "auto"
SPLITS = ("h1", "h2", "h3", "h4", "h5", "h6", "none", AUTO)
"""What a user may say: a level of headings, never, or where headings are questions."""

_LEAST = 2
_MARKS = "?？؟;՞፧⁇⁈⁉‽﹖꘏᥅⳺⸮"
_BEHIND = re.compile(rf"[^\w{_MARKS}]+$")  # signs and pictures that follow the question mark
_WH = r"(?:what|why|how|when|where|who|whom|whose|which)"
_BE = r"""(?:is|are|was|were|am|do|does|did|can|could|should|shall|will|would|may|might|must|has|
    have|had|isn't|aren't|don't|doesn't|didn't|can't|won't|shouldn't)"""
_PERSON = r"(?:i|you|we|they|he|she|it|there|this|that|these|those|my|your|our|the|a|an|any|some)"
_QUESTION = re.compile(
    rf"¿|{_WH}(?:'s|'re)\b|{_WH}(?:\s+\w+){{0,2}}\s+{_BE}\b|{_BE}\s+{_PERSON}\b",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERING = re.compile(r"\A(?:[0-9]+(?:\.[0-9]+)*[.):]?|Q[0-9]*[.:)]|[^\w¿]+)\s*")
_SHARED = frozenset(name.partition(".")[0] for field in SHARED_FIELDS for name in NAMES[field]) | {
    *ADDED_KEYWORDS,
    SLUG,
    "draft",
}


def is_question(heading: str) -> bool:
    """Whether a heading asks something: by its last sign, or in English by its first words."""
    shown = shown_heading(heading)
    if _BEHIND.sub("", shown).endswith(tuple(_MARKS)):
        return True
    return _QUESTION.match(_NUMBERING.sub("", shown, count=1) or shown) is not None


def question_level(found: Iterable[Heading]) -> int | None:
    """The outermost level of headings of which most, and at least two, are questions."""
    asked: dict[int, list[bool]] = {}
    for heading in found:
        asked.setdefault(heading.level, []).append(is_question(heading.text))
    for level, answers in sorted(asked.items()):
        if sum(answers) >= _LEAST and 2 * sum(answers) > len(answers):
            return level
    return None


def parts_of(record: Record, split: str | None, own: frozenset[str]) -> Iterator[Record]:
    """The records that a file's record becomes, the rest of the file first; itself if only one.

    Arguments:
        record: the record of a whole file.
        split: what the user says: one of ``SPLITS``, or None.
        own: further names whose values all parts share: those that a user maps to such fields.
    """
    pairs = _pairs(record)
    found = headings(record.body) if record.page and record.body and split != "none" else []
    level = question_level(found) if split is None else _level(split)
    chosen = [heading for heading in found if heading.level == level]
    if not pairs and not chosen:
        yield record
        return
    anchors = Anchors()
    names = [anchors.of(heading.text) for heading in found]
    parts: list[Record] = []
    kept = record.body
    if chosen:
        parts, kept = _divided(record, found, names, level or 0, own)
    rest = {name: node for name, node in record.fields.items() if name.lower() not in PAIRS}
    yield replace(record, fields=rest, body=kept, heading="", rest=True)
    yield from (_pair(record, fields, at, anchors, own) for fields, at in pairs)
    yield from parts


def _level(split: str | None) -> int | None:
    return int(split[1]) if split in SPLITS[:6] and split else None


def _divided(
    record: Record, found: list[Heading], names: list[str], level: int, own: frozenset[str]
) -> tuple[list[Record], str]:
    """The parts of a body at the headings of a level, and what is in none of them."""
    body = record.body
    shared = _shared(record.fields, own)
    parts: list[Record] = []
    kept: list[str] = []
    done = 0
    for index, heading in enumerate(found):
        if heading.level != level:
            continue
        end = next((h.start for h in found[index + 1 :] if h.level <= level), len(body))
        kept.append(body[done : heading.start])
        done = end
        parts.append(
            replace(
                record,
                fields=shared,
                line=record.body_line + body.count("\n", 0, heading.start),
                body=body[heading.end : end].strip("\n").rstrip(),
                heading=heading.text,
                anchor=names[index],
            )
        )
    kept.append(body[done:])
    return parts, "".join(kept).strip("\n").rstrip()


def _shared(fields: Fields, own: frozenset[str]) -> Fields:
    return {
        name: node
        for name, node in fields.items()
        if (lower := name.lower()) in _SHARED or lower in own
    }


def _pairs(record: Record) -> list[tuple[Fields, int | None]]:
    """The questions and answers that a list in the front matter holds."""
    for name, (value, _) in record.fields.items():
        if name.lower() in PAIRS and isinstance(value, list):
            found = [
                (item, at)
                for item, at in value
                if isinstance(item, dict) and holds_something(_question(item)[0])
            ]
            if found:
                return found
    return []


_ASKED = ("question", "q", "title", "name")
_ANSWERED = ("answer", "a", "text", "content", "body")


def _question(item: Fields) -> Node:
    return _first(item, _ASKED)


def _first(item: Fields, names: tuple[str, ...]) -> Node:
    lower = {name.lower(): node for name, node in item.items()}
    return next(
        (lower[name] for name in names if name in lower and holds_something(lower[name][0])),
        (None, None),
    )


def _pair(
    record: Record, item: Fields, at: int | None, anchors: Anchors, own: frozenset[str]
) -> Record:
    question, answer = _question(item), _first(item, _ANSWERED)
    fields = _shared(record.fields, own)
    named = {name for name in item if name.lower() not in (*_ASKED, *_ANSWERED)}
    fields |= {name: item[name] for name in named}
    fields |= {"question": question, "answer": answer}
    name = next((name for name in record.fields if name.lower() in PAIRS), None)
    text = question[0] if isinstance(question[0], str) else ""
    return replace(
        record,
        fields=fields,
        line=record.locate(name, at if question[1] is None else question[1])[0],
        body="",
        heading=text,
        anchor=anchors.of(unicodedata.normalize("NFC", text)),
    )
