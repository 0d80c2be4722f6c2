"""``qsearch search``: a query -> a list of results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qsearch.cli.documents import Document
from qsearch.cli.failures import FOUND, NOTHING_FOUND
from qsearch.cli.options import command, count
from qsearch.cli.output import is_terminal, tell, write_json

if TYPE_CHECKING:
    import datetime

    from qsearch.options import FieldName, Sort
    from qsearch.results.results import Results

_EXAMPLE = """qsearch search how do neurons fire
qsearch search '"action potential" +sodium' -s Biology -n 5 --since 2024-01-01"""


def _day(
    _context: click.Context, option: click.Parameter, value: str | None
) -> datetime.date | None:
    from qsearch import values

    return values.day(option.opts[0], value)


def _names(
    _context: click.Context, _option: click.Parameter, values: tuple[str, ...]
) -> list[str] | None:
    names = [name.strip() for value in values for name in value.split(",")]
    return [name for name in names if name] if values else None


@command("search", example=_EXAMPLE)
@click.argument("words", metavar="QUERY...", nargs=-1, required=True)
@click.option(
    "-s", "--subject", "subjects", metavar="NAME", multiple=True,
    help="Only articles of this subject, in any case; may be repeated.",
)  # fmt: skip
@click.option(
    "-n", "--limit", metavar="N", type=int, callback=count, default=10, show_default=True,
    help="How many results to show; 0 only counts them.",
)  # fmt: skip
@click.option(
    "--offset", metavar="N", type=int, callback=count, default=0,
    help="How many of the best results to leave out.",
)  # fmt: skip
@click.option("--since", metavar="DATE", callback=_day, help="Only from this day on (2025-01-31).")
@click.option("--until", metavar="DATE", callback=_day, help="Only up to this day, included.")
@click.option(
    "--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance",
    show_default=True, help="What comes first.",
)  # fmt: skip
@click.option(
    "--fields", metavar="NAMES", multiple=True, callback=_names,
    help="Search only these: question (with the title), answer, keywords; separated by commas.",
)  # fmt: skip
@click.option(
    "--keyword-boost", metavar="X", type=float,
    help="The weight of the keywords; 0: they are not searched.",
)  # fmt: skip
@click.option(
    "--strict", is_flag=True, help="Make it an error if a part of the query can't be used."
)
def search_command(
    *,
    words: tuple[str, ...],
    subjects: tuple[str, ...],
    limit: int,
    offset: int,
    since: datetime.date | None,
    until: datetime.date | None,
    sort: Sort,
    fields: list[FieldName] | None,
    keyword_boost: float | None,
    strict: bool,
    folder: str,
    as_json: bool,
) -> int:
    """Show the articles that answer a QUERY, best first.

    The words of the query are joined by OR, and articles with more of them, and with rarer ones,
    come first. Stronger than that:

    \b
      "two words"    both, next to each other
      +word -word    with, and without this word
      AND OR NOT ()  in capitals
      word^2         counts twice
      *              every article

    Quote the query where the shell would change it ("", *, ^, !). Before a query that begins with
    a minus write --.
    """  # noqa: D301 - a real backspace, by which click leaves lines as they are
    import qsearch

    query = " ".join(words)
    with qsearch.open(folder) as index:
        results = index.search(
            query,
            limit=limit,
            offset=offset,
            subject=subjects or None,
            since=since,
            until=until,
            fields=fields,
            keyword_boost=keyword_boost,
            sort=sort,
            strict=strict,
        )
        document = results.to_dict()
        if as_json:
            write_json(document)
        else:
            _show(results, document, is_empty=not len(index))
    return FOUND if results.total else NOTHING_FOUND


def _show(results: Results, document: Document, *, is_empty: bool) -> None:
    from qsearch.cli.search_view import PipeView, TerminalView

    if results.total:
        view = TerminalView() if is_terminal() else PipeView()
        for hit in results:
            view.hit(hit)
        view.summary(results, document["took_ms"])
    for note in results.notes:
        place = "" if note.position is None else f" (at character {note.position + 1})"
        tell(f"note: {note.message}{place}")
    if not results.total:
        tell(_nothing(document["query"], is_empty=is_empty))
    if results.suggestion:
        tell(f"did you mean: {results.suggestion}")


def _nothing(query: str, *, is_empty: bool) -> str:
    if is_empty:
        return "nothing found: the index is empty; add articles with 'qsearch index PATH'"
    return f"nothing found for: {query}"
