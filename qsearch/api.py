"""How programs come to an index: ``create`` and ``open``."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from qsearch import checks
from qsearch.analysis.analyzer import Analyzer
from qsearch.errors import ArgumentError, Error, IndexCorrupt, IndexExists, IndexNotFound
from qsearch.index.lock import WriterLock
from qsearch.index.manifest import Manifest, generations, publish
from qsearch.limits import Limits
from qsearch.opened import Index
from qsearch.options import ENGINES, EngineName
from qsearch.ranking.settings import Ranking
from qsearch.storage import FolderStorage, Storage

if TYPE_CHECKING:
    from qsearch.analysis.stems import Language


def create(
    path: str | os.PathLike[str],
    *,
    language: Language = "english",
    ranking: Ranking | None = None,
    limits: Limits | None = None,
    engine: EngineName = "auto",
) -> Index:
    """Make an empty index and open it.

    Arguments:
        path: a folder that doesn't exist yet (it is made, with its parents) or is empty.
        language: the language of the stemmer and of the stop words: arabic, danish, dutch,
            english, finnish, french, german, hungarian, italian, norwegian, portuguese, romanian,
            russian, spanish or swedish.
        ranking: the numbers of the ranking formula; the index records them.
        limits: what a query may cost.
        engine: what answers: ``kernels`` (compiled code), ``numpy``, or ``auto``: the kernels once
            they are loaded, until then NumPy. All give the same results. ``kernels`` waits for them
            now.

    Raises:
        IndexExists: there is an index at ``path`` already.
        IndexLocked: somebody else is making one there.
        ArgumentError: ``path`` is a folder with other files in it, or a language is unknown.
        OSError: the folder can't be made or written.
    """
    _require_posix()
    storage = FolderStorage(checks.folder("path", path))
    return create_in(storage, language=language, ranking=ranking, limits=limits, engine=engine)


def create_in(
    storage: Storage,
    *,
    language: Language = "english",
    ranking: Ranking | None = None,
    limits: Limits | None = None,
    engine: EngineName = "auto",
) -> Index:
    """Make an empty index wherever ``storage`` is; otherwise as ``create``."""
    ranking = Ranking() if ranking is None else ranking
    limits = Limits() if limits is None else limits
    checks.instance("ranking", ranking, Ranking)
    checks.instance("limits", limits, Limits)
    _check_engine(engine)
    _check_free(storage)
    analyzer = Analyzer(language)
    storage.make()
    if any(not name.endswith((".lock", ".new")) for name in storage.names()):
        # Perhaps the files of an index that somebody has made meanwhile.
        _check_free(storage)
        raise ArgumentError(
            f"{storage.path} holds other files: choose an empty folder for the index"
        )
    lock = WriterLock(storage, timeout=5.0)
    try:
        _check_free(storage)
        publish(
            storage,
            Manifest(generation=0, analyzer=analyzer.settings(), ranking=ranking.settings()),
        )
    finally:
        lock.release()
    return Index(storage, limits, engine=engine)


def _check_free(storage: Storage) -> None:
    if generations(storage):
        raise IndexExists(
            f"there is an index at {storage.path} already: open it with qsearch.open, or remove "
            "the folder first",
            path=storage.path,
        )


def open(  # noqa: A001
    path: str | os.PathLike[str],
    *,
    create: bool = False,
    refresh_every: float | None = None,
    language: Language | None = None,
    ranking: Ranking | None = None,
    limits: Limits | None = None,
    generation: int | None = None,
    engine: EngineName = "auto",
) -> Index:
    """Open an index; reading needs no lock and no write access.

    Arguments:
        path: the folder of the index.
        create: make an empty one if there is none, as ``qsearch.create`` does. Any number of
            processes may ask for that at once: one makes it, all open it.
        refresh_every: seconds that an answer may be behind what others commit; it is looked for
            when something is asked, by one thread. None: only ``refresh`` and own commits show it.
        language, ranking: what the index has to have; None for whatever it has, and for the
            defaults of ``qsearch.create`` where it is made.
        limits: what a query may cost.
        generation: an older state of the index instead of the newest. The one before the newest is
            kept until the next commit: if the newest is damaged, IndexCorrupt says whether that
            one is whole. ``refresh`` and ``writer`` go on from the newest all the same.
        engine: what answers: ``kernels`` (compiled code), ``numpy``, or ``auto``: the kernels once
            they are loaded, until then NumPy. All give the same results. ``kernels`` waits for them
            now.

    Raises:
        IndexNotFound: there is no index, or not this generation of it.
        IndexCorrupt: a file of it is damaged or missing.
        IndexTooNew, IndexTooOld: it is of another version.
        ArgumentError: an argument is wrong, or the index has another language or ranking.
    """
    _require_posix()
    limits = Limits() if limits is None else limits
    checks.instance("limits", limits, Limits)
    _check_engine(engine)
    if ranking is not None:
        checks.instance("ranking", ranking, Ranking)
    if refresh_every is not None:
        refresh_every = checks.number("refresh_every", refresh_every)
    if generation is not None:
        checks.whole_number("generation", generation)
        if create or refresh_every is not None:
            raise ArgumentError(
                "generation asks for an older state: leave create and refresh_every out"
            )
    storage = FolderStorage(checks.folder("path", path))
    while True:
        try:
            index = Index(storage, limits, generation, refresh_every, engine=engine)
            break
        except IndexCorrupt as error:
            from qsearch.upkeep.restore import with_way_back

            raise with_way_back(error, storage) from None
        except IndexNotFound:
            if not create:
                raise
        # Another process may come first: then there is one to open.
        with contextlib.suppress(IndexExists):
            create_in(storage, language=language or "english", ranking=ranking, limits=limits)
    index._require(language, ranking)
    return index


def _check_engine(engine: object) -> None:
    if engine not in ENGINES:
        raise ArgumentError(
            f"engine must be one of {', '.join(ENGINES)}, not {checks.shown(engine)}"
        )


def _require_posix() -> None:
    if sys.platform == "win32":
        raise Error("qsearch runs on Linux and macOS; on Windows use it within WSL")
