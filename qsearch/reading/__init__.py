"""The first step, files -> articles.

sources      which files the given paths lead to
workers      reading them in several processes; worker: what each of them does
content      one file -> its articles and what is wrong with it
files        opening files that aren't trusted; gunzip: unpacking them
markdown     the bytes of a Markdown file -> its front matter -> an article
jsonlines    a stream of JSON Lines -> articles
regular      front matter of the commonest shape -> fields, without YAML
frontmatter  YAML's events -> fields; explain: a YAML error -> a reason and its place
fields       fields -> an article
linebreaks   where the two characters backslash and n are a line break
faults       what is wrong in a text, and where
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from qsearch.article import Article
from qsearch.errors import ArgumentError, ArticleError
from qsearch.limits import Limits
from qsearch.reading.content import SourceContent, read_source, stream_source, with_articles
from qsearch.reading.sources import Paths, SourceList, find_sources

__all__ = [
    "Paths",
    "SourceContent",
    "SourceList",
    "find_sources",
    "make_of_sources",
    "read_articles",
    "read_sources",
]

_DEFAULT_LIMITS = Limits()


def read_articles(
    paths: Paths,
    *,
    on_error: Literal["raise"] | Callable[[ArticleError], object] = "raise",
    workers: int = 0,
    limits: Limits = _DEFAULT_LIMITS,
) -> Iterator[Article]:
    """Read the articles of files and folders, in the order of their absolute paths.

    Arguments:
        paths: one path or several: Markdown files (``*.md``, ``*.markdown``), JSON Lines files
            (``*.jsonl``, ``*.jsonl.gz``), or folders of them at any depth. Hidden files and
            folders inside a folder are passed over.
        on_error: "raise" to raise the first ArticleError, or a function that is called with each
            one while the reading goes on.
        workers: how many processes read; 0 reads in this one and starts none. A few hundred
            articles are read sooner than a process starts.
        limits: what a file, a front matter or a line may cost.

    Raises:
        FileNotFoundError: a given path isn't there (at the call). Another OSError: it can't be
            looked at.
        ArgumentError: an argument is none of the above (at the call).
        ArticleError: a source can't be read as an article (while iterating).
        Error: a worker process couldn't be started or ended unexpectedly (while iterating).
    """
    if on_error != "raise" and not callable(on_error):
        raise ArgumentError(f'on_error must be "raise" or a function, not {on_error!r}')
    _check(workers, limits)
    return _articles(find_sources(paths), on_error, workers, limits)


def read_sources(
    files: Iterable[tuple[str, bytes | None]], *, workers: int = 0, limits: Limits = _DEFAULT_LIMITS
) -> Iterator[SourceContent[Article]]:
    """Read files one by one; what is wrong with one never stops the run.

    Arguments:
        files: the path of each file, with the digest of an earlier reading or None. A file that
            still has this digest isn't parsed.
        workers: how many processes read; 0 reads in this one and starts none.
        limits: what a file, a front matter or a line may cost.

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
    return (read_source(path, digest, limits) for path, digest in files)


def make_of_sources(
    make: Callable[[Article], tuple[Any, ...]],
    files: Iterable[tuple[str, bytes | None]],
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


def _check(workers: object, limits: object) -> None:
    if not isinstance(workers, int) or isinstance(workers, bool) or workers < 0:
        raise ArgumentError(f"workers must be a number of processes from 0, not {workers!r}")
    if not isinstance(limits, Limits):
        raise ArgumentError(f"limits must be a Limits, not {limits!r}")


def _articles(
    sources: SourceList,
    on_error: Literal["raise"] | Callable[[ArticleError], object],
    workers: int,
    limits: Limits,
) -> Iterator[Article]:
    for item in _articles_and_errors(sources, workers, limits):
        if isinstance(item, Article):
            yield item
        elif callable(on_error):
            on_error(item)
        else:
            raise item


def _articles_and_errors(
    sources: SourceList, workers: int, limits: Limits
) -> Iterator[Article | ArticleError]:
    yield from sources.problems
    if workers:
        files = ((path, None) for path in sources.files)
        for content in read_sources(files, workers=workers, limits=limits):
            yield from content.articles
            yield from content.errors
    else:
        for path in sources.files:
            yield from stream_source(path, limits)
