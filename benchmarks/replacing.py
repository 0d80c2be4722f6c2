"""One article replaced in a running process, and what the file system takes for syncing alone."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from functools import partial
from pathlib import Path

import qsearch
from benchmarks.failure import BenchmarkError
from benchmarks.timing import quiet, time_of
from qsearch import Article

SYNCED_FILES, _SYNCED_BYTES = 50, 4096


def time_replacements(
    index: qsearch.Index, folder: Path, replacements: int, seed: int
) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each replacement, and of syncing files in between.

    Arguments:
        index: where articles are replaced, each in a commit of its own.
        folder: where the synced files go; on the same file system, for the comparison.
        replacements: how many articles.
        seed: of their choice.
    """
    rng = random.Random(seed)
    urls = [article.url for article in index]
    replaced: list[float] = []
    synced: list[float] = []
    _replace(index, rng.choice(urls), -1)
    every = max(1, replacements // 10)
    with quiet():
        for turn in range(replacements):
            if turn % every == 0:
                synced.append(time_of(partial(_sync, folder / f"synced-{turn}")) / 1e6)
            replaced.append(_replace(index, rng.choice(urls), turn) / 1e6)
    return replaced, synced


def _replace(index: qsearch.Index, url: str, turn: int) -> int:
    """Change an article; return the nanoseconds of adding and committing it."""
    article = index.get(url)
    if article is None:
        raise BenchmarkError(f"{url} is not in the index any more")
    changed = replace(article, answer=f"{article.answer} Changed in turn {turn}.")
    took = time_of(partial(_commit, index, changed))
    if index.get(url) != changed:
        raise BenchmarkError(f"{url} is in the index as it was before it was replaced")
    return took


def _commit(index: qsearch.Index, article: Article) -> None:
    with index.writer() as writer:
        writer.add(article)


def _sync(folder: Path) -> None:
    folder.mkdir()
    content = bytes(_SYNCED_BYTES)
    for number in range(SYNCED_FILES):
        with (folder / str(number)).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
