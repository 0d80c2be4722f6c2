"""``qsearch subjects`` and ``qsearch stats``: what an index holds."""

from __future__ import annotations

from qsearch.cli.failures import FOUND, NOTHING_FOUND
from qsearch.cli.options import command
from qsearch.cli.output import is_terminal, tell, write, write_json
from qsearch.cli.safetext import one_line, safe_name


@command("subjects", example="qsearch subjects")
def subjects_command(folder: str, as_json: bool) -> int:
    """List the subjects and how many articles each one has.

    An article of several subjects counts for each of them.
    """
    import qsearch

    with qsearch.open(folder) as index:
        subjects = dict(index.subjects)
    if as_json:
        write_json({"subjects": subjects})
    elif subjects:
        _show([(f"{count:,}", one_line(name)) for name, count in subjects.items()], right=[0])
    else:
        tell("no article of this index has a subject")
    return FOUND if subjects else NOTHING_FOUND


@command("stats", example="qsearch stats --json")
def stats_command(folder: str, as_json: bool) -> int:
    """Show figures about the index: articles, words, size, settings."""
    import qsearch

    with qsearch.open(folder) as index:
        stats = index.stats()
    if as_json:
        write_json(stats)
        return FOUND
    analyzer, ranking = stats["analyzer"], stats["ranking"]
    rows = [("path", safe_name(stats["path"]))]
    counts = ("articles", "subjects", "terms", "segments", "deleted", "generation")
    rows += [(name, f"{number:,}") for name, number in stats.items() if name in counts]
    rows += [
        ("size", _size(stats["bytes"])),
        ("language", str(analyzer["language"])),
        ("ranking", ", ".join(f"{name} {value:g}" for name, value in ranking.items())),
    ]
    _show(rows)
    return FOUND


def _show(rows: list[tuple[str, str]], *, right: list[int] | None = None) -> None:
    if is_terminal():
        from qsearch.cli.terminal import Screen

        Screen().table(([(left, "faint"), (text, "")] for left, text in rows), right=right or [])
    else:
        for row in rows:
            write("\t".join(row))


def _size(count: float) -> str:
    for unit in ("bytes", "KiB", "MiB"):
        if count < 1024:
            return f"{count:,.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:,.1f} GiB"
