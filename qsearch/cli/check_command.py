"""``qsearch check``: an index -> what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qsearch.cli.failures import FOUND, NOTHING_FOUND
from qsearch.cli.options import command
from qsearch.cli.output import tell, write, write_json
from qsearch.cli.safetext import one_line, safe_name

if TYPE_CHECKING:
    from qsearch.upkeep.check import CheckReport, Generation


@command("check", example="qsearch check --json")
def check_command(folder: str, as_json: bool) -> int:
    """Find out whether the index is damaged.

    All of it is read. Exit code 1 means that something is wrong. An index keeps the state before
    the last commit; that is checked too. Files that neither state needs are no damage: a writer
    that was killed has left them, or one that works now is making them.
    """
    from qsearch import checks
    from qsearch.storage import FolderStorage
    from qsearch.upkeep.check import check

    report = check(FolderStorage(checks.folder("--index", folder)))
    if as_json:
        write_json(_document(report))
    else:
        _show(report)
    return FOUND if report.whole else NOTHING_FOUND


def _document(report: CheckReport) -> dict[str, object]:
    return {
        "whole": report.whole,
        "generations": [
            {
                "generation": generation.number,
                "whole": generation.whole,
                "articles": generation.articles,
                "damages": [
                    {"path": damage.path, "problem": damage.problem}
                    for damage in generation.damages
                ],
            }
            for generation in report.generations
        ],
        "unused": list(report.unused),
    }


def _show(report: CheckReport) -> None:
    shown: set[str] = set()
    for generation in report.generations:
        for damage in generation.damages:
            line = f"{safe_name(damage.path)}: {one_line(damage.problem)}"
            if line not in shown:
                shown.add(line)
                write(line)
    newest, *others = report.generations
    write(_summary("the index", newest))
    for other in others:
        write(_summary("the one before it", other))
    if report.unused:
        tell(f"note: nothing needs {len(report.unused)} of the files: the next writer removes them")
    if not newest.whole:
        tell(_advice(next((other for other in others if other.articles), None)))


def _summary(what: str, generation: Generation) -> str:
    state = f"whole, {generation.articles:,} articles" if generation.whole else "damaged"
    return f"{what} (generation {generation.number}): {state}"


def _advice(older: Generation | None) -> str:
    rebuild = "'qsearch index PATH' makes it again from the files"
    if older is None:
        return f"{rebuild}; 'qsearch restore DIR' takes it from a backup"
    return f"'qsearch restore --previous' goes back to generation {older.number}; {rebuild}"
