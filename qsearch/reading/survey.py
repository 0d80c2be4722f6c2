"""What would be read, and as what: a look at sources without an index."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial

from qsearch.article import Article
from qsearch.errors import ArticleError
from qsearch.limits import Limits
from qsearch.reading.containers import ending_of
from qsearch.reading.content import place_of_name, stream_source
from qsearch.reading.keys import FieldNames, LayoutOf, layouts
from qsearch.reading.mapping import field_map
from qsearch.reading.notes import UNKNOWN_NAME, NoteBook, SourceNote, SourceNotes
from qsearch.reading.records import Record, Value, holds_something
from qsearch.reading.sources import SourceList

_SHOWN = 3
_EXAMPLE = 60


@dataclass(frozen=True, slots=True)
class Name:
    """A name that records have.

    Attributes:
        name: as it was first written; ``body`` is the text below a front matter.
        count: how many records hold something under it.
        example: the beginning of the first value.
        field: the field of an article that it feeds; empty: none.
    """

    name: str
    count: int
    example: str
    field: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What would be read.

    Attributes:
        files: how many files of each kind there are, those that are not read among them.
        names: the names of all records, the commonest first.
        articles: how many there would be.
        shown: a few of them, from different files where there are several.
        skipped: what could not be read.
        notes: what there is to say.
    """

    files: dict[str, int]
    names: tuple[Name, ...]
    articles: int
    shown: tuple[Article, ...]
    skipped: tuple[ArticleError, ...]
    notes: tuple[SourceNote, ...]


def survey(sources: SourceList, *, fields: FieldNames, split: str | None, limits: Limits) -> Survey:
    """Read sources and tell what is in them.

    Arguments:
        sources: what was found.
        fields: the names that a user gives for fields.
        split: how files are divided.
        limits: what a source may cost.
    """
    layout_of = LayoutOf(layouts(sources.given, (), fields=fields, split=split, resplit=True))
    files: Counter[str] = Counter(map(ending_of, sources.files))
    files.update({ending: count for ending, count, _ in sources.others})
    counts: Counter[str] = Counter()
    examples: dict[str, tuple[str, str]] = {}

    def seen(record: Record) -> None:
        values = {name: value for name, (value, _) in record.fields.items()}
        if record.body:
            values["body"] = record.body
        for name, value in values.items():
            if holds_something(value):
                counts[name.lower()] += 1
                if name.lower() not in examples:
                    examples[name.lower()] = name, _example(value)

    book = NoteBook()
    book.take_sources(sources.others, sources.passed_over)
    articles = 0
    shown: list[Article] = []
    more: list[Article] = []
    skipped = list(sources.problems)
    for path in sources.files:
        notes = SourceNotes()
        is_first = True
        for item in stream_source(path, limits, layout_of(path), notes, seen):
            if isinstance(item, ArticleError):
                skipped.append(item)
                continue
            articles += 1
            (shown if is_first and len(shown) < _SHOWN else more).append(item)
            is_first = False
            del more[_SHOWN:]
        book.take(path, notes)
    for name in book.missing([name for _, names in fields for name in names]):
        book.add(UNKNOWN_NAME, name, 1, None, f"no source has the name {name!r} that --map gives")
    mapping = field_map(fields)
    names = tuple(
        Name(examples[key][0], count, examples[key][1], _field(mapping.field_of(key), key))
        for key, count in counts.most_common()
    )
    first = (*shown, *more)[:_SHOWN]
    return Survey(
        dict(files),
        names,
        articles,
        first,
        tuple(skipped),
        book.notes(partial(place_of_name, limits=limits)),
    )


def _field(field: str, name: str) -> str:
    return "answer" if name == "body" else field


def _example(value: Value) -> str:
    if isinstance(value, list):
        text = ", ".join(_example(item) for item, _ in value[:5])
    elif isinstance(value, dict):
        text = ", ".join(f"{name}: {_example(item)}" for name, (item, _) in [*value.items()][:5])
    else:
        text = "" if value is None else str(value)
    text = " ".join(text[: 4 * _EXAMPLE].split())
    return text if len(text) <= _EXAMPLE else text[: _EXAMPLE - 1] + "…"
