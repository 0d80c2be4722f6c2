"""Look at all of an index: what it holds, whether all of it is sound, what lies beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import qsearch
from benchmarks.torture.collection import version_of
from benchmarks.torture.history import State
from qsearch.storage import FolderStorage
from qsearch.upkeep.check import check

LOCK = "writer.lock"


def state_of(index: qsearch.Index) -> State:
    """Return which version of each article an index holds."""
    return {article.url: version_of(article) for article in index}


def faults(index: qsearch.Index) -> list[str]:
    """Return what is wrong with an index: every stored article and posting of it is read."""
    found = []
    snapshot = index._current()
    for part in snapshot.parts:
        part.segment.columns.verify()
        data = part.segment.data()
        if len(data.documents) != part.segment.count:
            found.append(f"{part.segment.name} has {len(data.documents)} articles")
    held = list(index)
    urls = {article.url for article in held}
    if len(index) != len(held) or len(urls) != len(held):
        found.append(f"{len(index)} articles counted, {len(held)} there, {len(urls)} urls")
    found += [
        f"get({article.url}) differs" for article in held if index.get(article.url) != article
    ]
    everything = {hit.url for hit in index.search("version", limit=None)}
    groups = index.search("*").total
    if not everything <= urls or len(everything) != groups:
        found.append(f"searching finds {len(everything)} of {groups}")
    return found + damages(index.path)


def damages(path: Path) -> list[str]:
    """Return what ``qsearch check`` finds."""
    report = check(FolderStorage(path))
    return [
        f"check: {damage.path}: {damage.problem}"
        for generation in report.generations
        for damage in generation.damages
    ]


def next_writer(path: Path) -> list[str]:
    """Start a writer and roll it back; return what is wrong then: no other file may be left."""
    with qsearch.open(path) as index:
        writer = index.writer(timeout=0)
        writer.rollback()
    left = unused(path)
    return [f"after the next writer there is {', '.join(left)}"] if left else []


def unused(path: Path) -> list[str]:
    """Return the files that neither of the two newest generations needs, by their own words."""
    there = [*path.glob("manifest-*.json"), *path.glob("previous-*.json")]
    manifests = sorted(there, key=lambda manifest: manifest.stem.rpartition("-")[2])[-2:]
    needed = {LOCK, *(manifest.name for manifest in manifests)}
    for manifest in manifests:
        needed |= set(_names(json.loads(manifest.read_text("utf-8"))))
    return sorted(entry.name for entry in path.iterdir() if entry.name not in needed)


def _names(body: Any) -> Iterator[str]:
    """Every value of a key ``name``, wherever it stands."""
    if isinstance(body, dict):
        for key, value in body.items():
            if key == "name" and isinstance(value, str):
                yield value
            else:
                yield from _names(value)
    elif isinstance(body, list):
        for value in body:
            yield from _names(value)
