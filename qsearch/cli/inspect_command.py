"""``qsearch inspect``: files and folders -> what would be read, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qsearch.cli.failures import FOUND, NOTHING_FOUND
from qsearch.cli.options import command
from qsearch.cli.output import write, write_json
from qsearch.cli.safetext import one_line
from qsearch.cli.source_options import error_document, names_of, note_document, source_options
from qsearch.cli.source_report import show_notes

if TYPE_CHECKING:
    from qsearch.article import Article
    from qsearch.reading.survey import Survey

_SHOWN_ANSWER = 300


@command(
    "inspect", example="qsearch inspect docs/ faq.csv\nqsearch inspect faq.csv --map answer=reply"
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@source_options
def inspect_command(
    *,
    paths: tuple[str, ...],
    names: tuple[str, ...],
    split: str | None,
    verbose: bool,
    folder: str,
    as_json: bool,
) -> int:
    """Show what 'qsearch index' would read from PATH, and as what. No index is made or changed.

    Kinds of files; each name with the number of records that have it, an example and the field that
    it feeds; three articles as they would stand; what would be left out.
    """
    from qsearch.limits import Limits
    from qsearch.reading import field_names, find_sources
    from qsearch.reading.split import AUTO
    from qsearch.reading.survey import survey

    fields = field_names(names_of(names)) or ()
    sources = find_sources(paths, exclude=[folder])
    found = survey(sources, fields=fields, split=None if split == AUTO else split, limits=Limits())
    if as_json:
        write_json(_document(found))
    else:
        _show(found, verbose)
    return FOUND if found.articles or not sources.files else NOTHING_FOUND


def _document(found: Survey) -> dict[str, object]:
    return {
        "files": found.files,
        "names": [
            {
                "name": one.name,
                "count": one.count,
                "example": one.example,
                "field": one.field or None,
            }
            for one in found.names
        ],
        "articles": found.articles,
        "shown": [
            {**article.to_dict(), "path": article.path, "line": article.line}
            for article in found.shown
        ],
        "skipped": [error_document(error) for error in found.skipped],
        "notes": [note_document(note) for note in found.notes],
    }


def _show(found: Survey, verbose: bool) -> None:
    from qsearch.reading.containers import ENDINGS

    write("files")
    for ending, count in sorted(found.files.items(), key=lambda item: -item[1]):
        kind = "" if ending in ENDINGS else "  not read"
        write(f"  {count:>8,}  {one_line(ending) or '(no ending)'}{kind}")
    if found.names:
        write("names")
        widest = min(max(len(one.name) for one in found.names), 30)
        for one in found.names:
            field = f"-> {one.field}" if one.field else "not read"
            line = f"  {one.count:>8,}  {one.name:<{widest}}  {field:<14}  {one.example}"
            write(_indented(line))
    write(f"articles: {found.articles:,}" + (", such as" if found.shown else ""))
    for article in found.shown:
        _show_article(article)
    show_notes(found.skipped, found.notes, (), verbose=verbose)


def _indented(line: str) -> str:
    return "  " + one_line(line)


def _show_article(article: Article) -> None:
    parts = (
        ("url", article.url or ""),
        ("title", article.title),
        ("question", article.question),
        ("answer", article.answer),
        ("keywords", ", ".join(article.keywords)),
        ("subject", article.subject),
        ("date", article.date.isoformat() if article.date else ""),
    )
    write()
    for name, value in parts:
        if value:
            text = one_line(value)
            text = text if len(text) <= _SHOWN_ANSWER else text[: _SHOWN_ANSWER - 1] + "…"
            write(f"  {name:<9} {text}")
