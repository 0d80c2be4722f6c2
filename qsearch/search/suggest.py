"""Did you mean: near words of the index for words that it does not have."""

from __future__ import annotations

from collections.abc import Iterable

from qsearch.index.snapshot import Snapshot
from qsearch.search.plan import Plan


def distance(left: str, right: str, limit: int) -> int:
    """Return the edits between two words, or ``limit`` + 1 if there are more.

    Edits: one letter more, less or other, or two neighbours swapped, each place edited once
    (optimal string alignment; Boytsov, "Indexing methods for approximate dictionary searching",
    2011, section 2.1).
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        earlier, before, row = before, row, [i] + [0] * len(right)
        for j, b in enumerate(right, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                row[j] = min(row[j], earlier[j - 2] + 1)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def near_words(word: str, words: Iterable[str], *, limit: int) -> list[str]:
    """Return the ``words`` within ``limit`` edits of ``word``, nearest first."""
    found = [(edits, near) for near in words if (edits := distance(word, near, limit)) <= limit]
    return [near for _, near in sorted(found)]


def suggestion(query: str, plan: Plan, snapshot: Snapshot, *, edits: int) -> str | None:
    """Return the query with each unknown word replaced by the nearest one, or None.

    Of equally near words the one in more articles wins. Words of up to four letters may differ
    by one edit, longer ones by ``edits``.
    """
    changed = query
    for scored in plan.scored:
        form = scored.form
        if not form.isalpha() or len(form) < 3 or snapshot.has_term(scored.term):
            continue
        near = _nearest(form, snapshot, min(edits, 1 if len(form) <= 4 else edits))
        if near:
            changed = _replaced(changed, form, near)
    return changed if changed != query else None


def _nearest(form: str, snapshot: Snapshot, limit: int) -> str | None:
    best: tuple[int, int, str] | None = None
    for part in snapshot.parts:
        for number, known in enumerate(part.segment.forms.all()):
            if not known.isalpha() or known[0] != form[0] or abs(len(known) - len(form)) > limit:
                continue
            edits = distance(form, known, limit if best is None else best[0])
            if edits <= (limit if best is None else best[0]):
                count = part.segment.form_count(number)
                best = min(best or (edits, -count, known), (edits, -count, known))
    return best[2] if best else None


def _replaced(query: str, form: str, near: str) -> str:
    at = query.casefold().find(form)
    return query if at < 0 else query[:at] + near + query[at + len(form) :]
