"""What an index records about itself -> the analyser and the ranking it is to be searched with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from qsearch.analysis.analyzer import Analyzer
from qsearch.errors import Error, IndexCorrupt, IndexTooNew, IndexTooOld
from qsearch.index.manifest import Manifest
from qsearch.ranking.settings import Ranking


def settings_of(
    manifest: Manifest, folder: Path, known: Callable[[str], str | None] | None = None
) -> tuple[Analyzer, Ranking]:
    """Return the analyser and the ranking of an index.

    Arguments:
        manifest: of the index.
        folder: where it is, for messages.
        known: the term of a word form that the index has.

    Raises:
        IndexTooOld: its terms are not those of this version's analyser.
        IndexTooNew: its ranking has a number that this version does not know.
        IndexCorrupt: these are no settings.
    """
    if unknown := sorted(manifest.ranking.keys() - {each.name for each in fields(Ranking)}):
        raise IndexTooNew(
            f"{folder}: the ranking of the index has {unknown[0]!r}, which this version does not "
            "know: update qsearch",
            path=folder,
        )
    try:
        analyzer = Analyzer.from_settings(manifest.analyzer, known=known)
        ranking = Ranking.from_settings(manifest.ranking)
    except IndexTooOld as error:
        raise IndexTooOld(f"{folder}: {error}", path=folder) from None
    except (Error, TypeError) as error:
        raise IndexCorrupt(f"{folder}: {error}", path=folder) from None
    return analyzer, ranking
