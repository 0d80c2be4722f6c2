"""Looking ahead in a text for what closes something, in linear time over all questions."""

from __future__ import annotations

from bisect import bisect_left

from qsearch.markup.pattern import Pattern


class Ahead:
    """All matches of a pattern in a text, by name; found when first asked for.

    Arguments:
        pattern: its first group that matched, in small letters, is the name; "" without groups.
        text: where.
    """

    def __init__(self, pattern: Pattern, text: str) -> None:
        self._pattern, self._text = pattern, text
        self._found: dict[str, list[tuple[int, int]]] | None = None

    def after(self, at: int, name: str = "") -> tuple[int, int] | None:
        """Return where the first match of a name that starts at ``at`` or later starts and ends."""
        if self._found is None:
            self._found = {}
            for match in self._pattern.finditer(self._text):
                key = next(filter(None, match.groups()), "").lower()
                self._found.setdefault(key, []).append(match.span())
        places = self._found.get(name, [])
        index = bisect_left(places, (at, 0))
        return places[index] if index < len(places) else None
