"""Records of a program -> articles: rows of a database, a DataFrame or a data set."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from qsearch.article import Article
from qsearch.errors import ArgumentError, ArticleError
from qsearch.reading.articles import ArticleMaker
from qsearch.reading.keys import Layout
from qsearch.reading.mapping import field_map, field_names
from qsearch.reading.notes import NoteBook, SourceNote, SourceNotes
from qsearch.reading.records import Fields, Record, Value

_DEEPEST = 32
_WHOLE = 2.0**53


def articles_from(
    records: Iterable[Mapping[str, Any]],
    *,
    fields: Mapping[str, str | Sequence[str]] | None = None,
    on_error: Literal["raise"] | Callable[[ArticleError], object] = "raise",
    on_note: Callable[[SourceNote], object] | None = None,
) -> Iterator[Article]:
    """Make an article of each mapping, with the names that files may have, too.

    None, NaN and NaT are nothing. A record without url and id gets a key from its texts, so that
    the same record has the same key every time.

    Arguments:
        records: dicts: rows of a database, ``DataFrame.to_dict("records")``, rows of a data set.
        fields: for some fields of an article the name that feeds them, or several; see
            ``read_articles``.
        on_error: "raise" to raise the first ArticleError, or a function that is called with each
            one while the rest is read.
        on_note: called at the end with each kind of what was left out or may be other than meant.

    Raises:
        ArgumentError: an argument is none of the above (at the call); a record is no mapping (while
            iterating).
        ArticleError: a record holds no text, or what can't be stored (while iterating).
    """
    if isinstance(records, (str, bytes, Mapping)) or not isinstance(records, Iterable):
        raise ArgumentError(f"records must be several mappings, not {type(records).__name__}")
    if on_error != "raise" and not callable(on_error):
        raise ArgumentError(f'on_error must be "raise" or a function, not {on_error!r}')
    if on_note is not None and not callable(on_note):
        raise ArgumentError(f"on_note must be a function or None, not {on_note!r}")
    return _articles(records, field_map(field_names(fields) or ()), on_error, on_note)


def _articles(
    records: Iterable[Mapping[str, Any]],
    mapping: Any,
    on_error: Literal["raise"] | Callable[[ArticleError], object],
    on_note: Callable[[SourceNote], object] | None,
) -> Iterator[Article]:
    notes = SourceNotes()
    maker = ArticleMaker("", Layout(), mapping, notes)
    for number, row in enumerate(records, start=1):
        if not isinstance(row, Mapping):
            raise ArgumentError(f"record {number} must be a mapping, not {type(row).__name__}")
        try:
            article = maker.article(_record(row, number))
        except ArticleError as error:
            wrong = ArticleError(f"record {number}: {error.reason}")
            if not callable(on_error):
                raise wrong from None
            on_error(wrong)
            continue
        assert article is not None, "a row is no part of a file"
        yield article
    if on_note is not None:
        book = NoteBook()
        book.take("", notes)
        for note in book.notes():
            on_note(replace(note, path=None, line=None, column=None))


def _record(row: Mapping[str, Any], number: int) -> Record:
    found: Fields = {str(name): (_value(value, _DEEPEST), None) for name, value in row.items()}
    return Record(found, line=number, number=number)


def _value(value: Any, left: int) -> Value:  # noqa: PLR0911 - one for each kind
    """A value of Python as a file would hold it; what has no form in a file is its text."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, float)):
        return _number(value)
    if hasattr(value, "tolist"):  # NumPy's arrays and numbers
        return _value(value.tolist(), left) if left else None
    if isinstance(value, Mapping):
        return {str(k): (_value(v, left - 1), None) for k, v in value.items()} if left else None
    if isinstance(value, (list, tuple, set, frozenset)):
        return [(_value(item, left - 1), None) for item in value] if left else None
    if value != value:  # NaT and its like are not even themselves  # noqa: PLR0124
        return None
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    return str(value)


def _number(value: float) -> Value:
    if value != value:  # noqa: PLR0124
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))  # an id is such a number where a column misses some
    try:
        return str(value)
    except ValueError:
        return "a number of thousands of digits"
