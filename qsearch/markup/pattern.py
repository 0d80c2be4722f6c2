"""Regular expressions that are compiled when they are first used.

A text needs few of those that know every kind of markup; compiling all of them at once would take
longer than everything else that a search from the command line does in Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Match = re.Match[str]


class Pattern:
    """What ``re.compile`` returns, as far as it is needed here.

    Arguments:
        source: the regular expression.
        flags: as for ``re.compile``.
    """

    __slots__ = ("_flags", "finditer", "fullmatch", "match", "search", "source")

    match: Callable[..., Match | None]
    search: Callable[..., Match | None]
    fullmatch: Callable[..., Match | None]
    finditer: Callable[..., Iterator[Match]]

    def __init__(self, source: str, flags: int = 0) -> None:
        self.source, self._flags = source, flags

    def __getattr__(self, name: str) -> object:
        """Compile it: its methods are not there yet."""
        if name not in Pattern.__slots__:
            raise AttributeError(name)
        compiled = re.compile(self.source, self._flags)
        self.match, self.search = compiled.match, compiled.search
        self.fullmatch, self.finditer = compiled.fullmatch, compiled.finditer
        return getattr(self, name)
