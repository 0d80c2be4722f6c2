"""Which folder a file's key counts from, and what the key is.

A PATH is what a user gives: a folder or a file. The key of an article without a url is its path,
counted from the PATH it was found under. PATHs are remembered in their order: what lies inside an
earlier one keeps the keys of that one, however it is given later.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

FieldNames = tuple[tuple[str, tuple[str, ...]], ...]
"""The names that a user gives for fields, each in order of preference."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the files of one PATH are read.

    Attributes:
        path: the PATH, absolute: a folder or a file.
        fields: the names that feed fields, before those that are known.
        split: "h1" to "h6": every file is divided at these headings; "none": no file is; None: a
            file whose headings are questions is.
    """

    path: str = "/"
    fields: FieldNames = ()
    split: str | None = None

    def plain(self) -> dict[str, object]:
        """What ``layout_of_plain`` takes: plain data for JSON."""
        names = {field: list(names) for field, names in self.fields}
        return {"path": self.path, "fields": names, "split": self.split}

    def relative(self, path: str) -> str:
        """The path of a file in this PATH, counted from it, with ``/``."""
        root = self.path
        if path == root or not path.startswith(root):
            return path[path.rfind("/") + 1 :]
        return path[len(root) :].lstrip("/")


def layout_of_plain(plain: Mapping[str, Any]) -> Layout:
    """The layout of ``Layout.plain``."""
    fields = tuple((field, tuple(names)) for field, names in plain["fields"].items())
    return Layout(plain["path"], fields, plain["split"])


def layouts(
    given: Iterable[str],
    remembered: Sequence[Layout],
    *,
    fields: FieldNames | None,
    split: str | None,
    resplit: bool,
) -> tuple[Layout, ...]:
    """The layouts after a run over some PATHs: those remembered, changed where told, and new ones.

    A PATH inside an earlier one is kept only if it is read otherwise than that one.

    Arguments:
        given: the PATHs of this run, absolute.
        remembered: the layouts of earlier runs, in their order.
        fields: the names to use from now on under the given PATHs; None: as before.
        split: how to divide files from now on, if ``resplit``.
    """
    known = {layout.path: layout for layout in remembered}
    for path in sorted(set(given)):
        holder = _holder(path, known)
        before = known.get(path) or holder or Layout(path)
        layout = replace(
            before,
            path=path,
            fields=before.fields if fields is None else fields,
            split=split if resplit else before.split,
        )
        same = holder is not None and (layout.fields, layout.split) == (holder.fields, holder.split)
        if path in known or not same:
            known[path] = layout
    return tuple(known.values())


def _holder(path: str, known: Mapping[str, Layout]) -> Layout | None:
    """The layout of the nearest folder around a path."""
    while (parent := os.path.dirname(path)) != path:  # noqa: PTH120 - paths are texts here
        path = parent
        if path in known:
            return known[path]
    return None


class LayoutOf:
    """Finds the layout of a file: keys count from the earliest PATH that holds it, and the nearest
    one says how it is read.
    """

    def __init__(self, layouts: Sequence[Layout]) -> None:
        self._by_path = {layout.path: layout for layout in layouts}
        self._order = {layout.path: number for number, layout in enumerate(layouts)}
        self._by_folder: dict[str, Layout | None] = {}

    def __call__(self, path: str) -> Layout:
        """The layout of a file with this absolute path; of one in no PATH as a PATH of its own."""
        return self.known(path) or Layout(path)

    def known(self, path: str) -> Layout | None:
        """The layout of a file with this absolute path; None if it is in no PATH."""
        around = self._of_folder(path[: path.rfind("/")] or "/")
        own = self._by_path.get(path)
        if own is None:
            return around
        first = around is not None and self._order.get(around.path, -1) < self._order[path]
        return replace(own, path=around.path) if around and first else own

    def _of_folder(self, folder: str) -> Layout | None:
        if folder not in self._by_folder:
            parent = os.path.dirname(folder)  # noqa: PTH120
            around = None if parent == folder else self._of_folder(parent)
            own = self._by_path.get(folder)
            if own is not None and around is not None:
                first = self._order[around.path] < self._order[folder]
                own = replace(own, path=around.path) if first else own
            self._by_folder[folder] = own or around
        return self._by_folder[folder]


def slugged(relative: str, slug: str) -> str:
    """The path key of a file whose last part a slug names."""
    slug = slug.strip("/")
    return posixpath.join(posixpath.dirname(relative), slug) if slug else relative


def is_address(text: str) -> bool:
    """Whether a permalink leads somewhere by itself: it is absolute, and no pattern of names."""
    return (text.startswith("/") and "/:" not in text) or "://" in text


def is_own_key(url: str, relative: str) -> bool:
    """Whether a key is one that a file got from its path, or a record from its id."""
    if url.startswith("id:"):
        return True
    path = url.partition("#")[0]
    return not url.startswith("/") and posixpath.dirname(path) == posixpath.dirname(relative)
