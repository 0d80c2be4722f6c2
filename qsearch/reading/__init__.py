"""The first step, files -> articles: container -> records -> mapping -> article.

sources      which files the given paths lead to
keys         from which PATH the key of a file counts, and how its files are read
workers      reading them in several processes; worker: what each of them does
content      one file -> its articles, what is wrong with it, and what there is to say (notes)
files        opening files that aren't trusted; gunzip: unpacking them; lines: one after the other
containers   one module a kind of file: bytes -> records
pages        front matter and body of a page: yamlfields, tomlfields, jsontext; regular: the
             commonest shape of front matter, without YAML
records      what a container gives, before anybody knows what it means
split        one file -> a record for each question in it; headings, anchors: where those stand
mapping      which names feed which field; values: what a value means there
articles     record -> article
rows         records of a program -> articles
linebreaks   where the two characters backslash and n are a line break
faults       what is wrong in a text, and where; explain: a YAML error -> a reason and its place
notes        what there is to say beside errors, by kind
survey       a look at sources without an index
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from qsearch.article import Article
from qsearch.errors import ArgumentError, ArticleError
from qsearch.limits import Limits
from qsearch.reading.content import (
    SourceContent,
    place_of_name,
    read_source,
    stream_source,
    with_articles,
)
from qsearch.reading.keys import Layout, LayoutOf, layouts
from qsearch.reading.mapping import field_names
from qsearch.reading.notes import NoteBook, SourceNote, SourceNotes
from qsearch.reading.rows import articles_from
from qsearch.reading.sources import Paths, SourceList, find_sources
from qsearch.reading.split import AUTO, SPLITS

__all__ = [
    "FieldNames",
    "Layout",
    "LayoutOf",
    "NoteBook",
    "Paths",
    "SourceContent",
    "SourceList",
    "SourceNote",
    "Task",
    "articles_from",
    "check_split",
    "field_names",
    "find_sources",
    "layouts",
    "make_of_sources",
    "read_articles",
    "read_sources",
]

FieldNames = Mapping[str, "str | Sequence[str]"]
"""What a caller says about names: for a field the name that feeds it, or several, best first."""

Task = tuple[str, "bytes | None", Layout]
"""The path of a file, its known digest, and how it is read."""

_DEFAULT_LIMITS = Limits()


def read_articles(
    paths: Paths,
    *,
    fields: FieldNames | None = None,
    split: str | None = None,
    on_error: Literal["raise"] | Callable[[ArticleError], object] = "raise",
    on_note: Callable[[SourceNote], object] | None = None,
    workers: int = 0,
    limits: Limits = _DEFAULT_LIMITS,
) -> Iterator[Article]:
    """Read the articles of files and folders, in the order of their absolute paths.

    Arguments:
        paths: one path or several: files that can hold articles (Markdown, HTML, JSON, JSON Lines,
            CSV, TSV, each also as ``.gz``), or folders of them at any depth. Hidden files and
            folders inside a folder are passed over.
        fields: for some fields of an article the name that feeds them, or several, in order of
            preference; they come before the names that are known. A dot leads into a block
            (``{"answer": "answers.text"}``); ``body``, ``path``, ``heading`` and ``folder:1`` are
            what is no field.
        split: "h1" to "h6": an article for each heading of that level of a Markdown file; "none":
            one for each file; None: one for each heading where those are questions.
        on_error: "raise" to raise the first ArticleError, or a function that is called with each
            one while the reading goes on.
        on_note: called at the end with each kind of what was left out or may be other than meant.
        workers: how many processes read; 0 reads in this one and starts none. A few hundred
            articles are read sooner than a process starts.
        limits: what a file, a front matter or a record may cost.

    Raises:
        FileNotFoundError: a given path isn't there (at the call). Another OSError: it can't be
            looked at.
        ArgumentError: an argument is none of the above (at the call).
        ArticleError: a source can't be read as an article (while iterating).
        Error: a worker process couldn't be started or ended unexpectedly (while iterating).
    """
    if on_error != "raise" and not callable(on_error):
        raise ArgumentError(f'on_error must be "raise" or a function, not {on_error!r}')
    if on_note is not None and not callable(on_note):
        raise ArgumentError(f"on_note must be a function or None, not {on_note!r}")
    _check(workers, limits)
    check_split(split)
    names = field_names(fields)
    sources = find_sources(paths)
    split = None if split == AUTO else split
    found = layouts(sources.given, (), fields=names, split=split, resplit=True)
    return _articles(sources, LayoutOf(found), on_error, on_note, workers=workers, limits=limits)


def read_sources(
    files: Iterable[Task | tuple[str, bytes | None]],
    *,
    workers: int = 0,
    limits: Limits = _DEFAULT_LIMITS,
) -> Iterator[SourceContent[Article]]:
    """Read files one by one; what is wrong with one never stops the run.

    Arguments:
        files: the path of each file, with the digest of an earlier reading or None, and how it is
            read (left out: as a PATH of its own). A file that still has this digest isn't parsed.
        workers: how many processes read; 0 reads in this one and starts none.
        limits: what a file, a front matter or a record may cost.

    Yields:
        What each file holds, in the order of ``files``.

    Raises:
        ArgumentError: ``workers`` or ``limits`` is of the wrong kind (at the call).
        Error: a worker process couldn't be started or ended unexpectedly (while iterating).
    """
    _check(workers, limits)
    if workers:
        from qsearch.reading.workers import read_in_workers

        return read_in_workers(files, workers=workers, limits=limits)
    return (read_source(path, digest, limits, *layout) for path, digest, *layout in files)


def make_of_sources(
    make: Callable[[Article], tuple[Any, ...]],
    files: Iterable[Task | tuple[str, bytes | None]],
    *,
    workers: int = 0,
    limits: Limits = _DEFAULT_LIMITS,
) -> Iterator[SourceContent[tuple[Any, ...]]]:
    """Read files as ``read_sources`` does, and make something of each article where it is read.

    Arguments:
        make: a function at the top level of a module, for other processes will import it. It
            returns a tuple of plain data: what ``marshal`` writes.
        files, workers, limits: as for ``read_sources``.

    Yields:
        What each file holds; ``articles`` are what ``make`` returned.
    """
    _check(workers, limits)
    if workers:
        from qsearch.reading.workers import make_in_workers

        return make_in_workers(make, files, workers=workers, limits=limits)
    return (
        with_articles(content, [make(article) for article in content.articles])
        for content in read_sources(files, limits=limits)
    )


def check_split(split: object) -> None:
    """Raise ArgumentError unless this says how to divide files."""
    if split is not None and split not in SPLITS:
        raise ArgumentError(f"split must be one of {', '.join(SPLITS)}, or None, not {split!r}")


def _check(workers: object, limits: object) -> None:
    if not isinstance(workers, int) or isinstance(workers, bool) or workers < 0:
        raise ArgumentError(f"workers must be a number of processes from 0, not {workers!r}")
    if not isinstance(limits, Limits):
        raise ArgumentError(f"limits must be a Limits, not {limits!r}")


def _articles(
    sources: SourceList,
    layout_of: LayoutOf,
    on_error: Literal["raise"] | Callable[[ArticleError], object],
    on_note: Callable[[SourceNote], object] | None,
    *,
    workers: int,
    limits: Limits,
) -> Iterator[Article]:
    book = NoteBook()
    book.take_sources(sources.others, sources.passed_over)
    for item in _articles_and_errors(sources, layout_of, book, workers, limits):
        if isinstance(item, Article):
            yield item
        elif callable(on_error):
            on_error(item)
        else:
            raise item
    if on_note is not None:
        for note in book.notes(partial(place_of_name, limits=limits)):
            on_note(note)


def _articles_and_errors(
    sources: SourceList, layout_of: LayoutOf, book: NoteBook, workers: int, limits: Limits
) -> Iterator[Article | ArticleError]:
    yield from sources.problems
    if workers:
        files = ((path, None, layout_of(path)) for path in sources.files)
        for content in read_sources(files, workers=workers, limits=limits):
            yield from content.articles
            yield from content.errors
            book.take(content.path, content.notes)
    else:
        for path in sources.files:
            notes = SourceNotes()
            yield from stream_source(path, limits, layout_of(path), notes)
            book.take(path, notes)
