"""``qsearch backup`` and ``qsearch restore``: an index -> a copy of it, and back."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from qsearch import checks
from qsearch.cli.failures import FOUND
from qsearch.cli.options import command
from qsearch.cli.output import write, write_json
from qsearch.cli.safetext import safe_name

if TYPE_CHECKING:
    from pathlib import Path

    from qsearch.upkeep.backup import Copied

_TIMEOUT = 5.0


@command("backup", example="qsearch backup /backups/articles-2026-11-23")
@click.argument("target", metavar="DIR")
def backup_command(target: str, folder: str, as_json: bool) -> int:
    """Copy the index to another folder.

    DIR is a new folder or an empty one. The index may be searched and written meanwhile: what is
    copied is one state of it. The copy is verified, and is an index as any other: 'qsearch search
    --index DIR' searches it.
    """
    from qsearch.storage import FolderStorage
    from qsearch.upkeep.backup import backup

    place = FolderStorage(checks.folder("DIR", target))
    done = backup(FolderStorage(checks.folder("--index", folder)), place)
    if as_json:
        _write_json(place.path, done)
    else:
        write(f"{done.articles:,} articles are in {safe_name(str(place.path))}")
    return FOUND


@command(
    "restore",
    example="qsearch restore /backups/articles-2026-11-23\nqsearch restore --previous",
)
@click.argument("source", metavar="[DIR]", required=False)
@click.option("--previous", is_flag=True, help="Go back to the state before the last commit.")
@click.option("--replace", is_flag=True, help="Also in the place of an index that is whole.")
def restore_command(
    *, source: str | None, previous: bool, replace: bool, folder: str, as_json: bool
) -> int:
    """Put a backup in the place of the index.

    The index may be missing or damaged. The backup, which is in DIR, is checked first, and stays
    as it is. An index that is whole is replaced only with --replace. Until everything is there the
    index stays as it was.
    """
    from qsearch.storage import FolderStorage
    from qsearch.upkeep.restore import go_back, restore

    if (source is None) != previous:
        raise click.UsageError("give either the DIR of a backup or --previous")
    storage = FolderStorage(checks.folder("--index", folder))
    if source is None:
        done = go_back(storage, replace_whole=replace, timeout=_TIMEOUT)
    else:
        backup = FolderStorage(checks.folder("DIR", source))
        done = restore(storage, backup, replace_whole=replace, timeout=_TIMEOUT)
    if as_json:
        _write_json(storage.path, done)
    else:
        write(f"{safe_name(str(storage.path))} holds {done.articles:,} articles again")
    return FOUND


def _write_json(path: Path, done: Copied) -> None:
    write_json({"path": str(path), **dataclasses.asdict(done)})
