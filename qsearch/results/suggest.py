"""Did you mean: near words of the index for words that it does not have."""

from __future__ import annotations

from collections.abc import Iterator

from qsearch.analysis.analyzer import Analyzer
from qsearch.index.near_forms import LONGEST, near_forms
from qsearch.index.snapshot import Snapshot
from qsearch.query.plan import Plan
from qsearch.query.syntax import parse
from qsearch.query.tree import Group, Node, Phrase, Word

MOST = 16
"""Unknown words of a query for which a near one is looked for."""


def suggestion(
    query: str, used: str, plan: Plan, snapshot: Snapshot, analyzer: Analyzer, *, edits: int
) -> str | None:
    """Return the query with each unknown word replaced by the nearest one, or None.

    Arguments:
        query: as typed; what is not replaced stays.
        used: as much of it as was planned.
        plan, snapshot, analyzer: of the search.
        edits: how many at most.

    Only words that count in its plan are looked at, and of those that the index does not have the
    first ``MOST``.

    Of equally near words the one in more articles wins. Words of up to four letters may differ
    by one edit, longer ones by ``edits``; shorter ones than three and such with digits stay.
    """
    counted = {scored.form for scored in plan.scored}
    replacements: dict[str, str | None] = {}
    unknown = 0
    changes: dict[tuple[int, int], str] = {}
    for start, text in _leaves(parse(used)[0]):
        for word in analyzer.forms(text):
            form = word.form
            plain = not word.overlay and 3 <= len(form) <= LONGEST and form.isalpha()
            if not plain or form not in counted:
                continue
            if form not in replacements:
                replacements[form] = None
                if unknown < MOST and not snapshot.document_count(analyzer.term(form)):
                    unknown += 1
                    most = min(edits, 1 if len(form) <= 4 else edits)
                    replacements[form] = _nearest(form, snapshot, most)
            near = replacements[form]
            if near:
                changes[start + word.start, start + word.end] = near
    changed = query
    for (start, end), near in sorted(changes.items(), reverse=True):
        changed = changed[:start] + near + changed[end:]
    return changed if changes else None


def _leaves(node: Node) -> Iterator[tuple[int, str]]:
    """Where each text of a query starts, and the text; exclusions are left out."""
    if isinstance(node, Group):
        for child in (*node.must, *node.should):
            yield from _leaves(child)
    elif isinstance(node, Word):
        yield node.position, node.text
    elif isinstance(node, Phrase):
        yield node.position + 1, node.text


def _nearest(form: str, snapshot: Snapshot, limit: int) -> str | None:
    """The word form nearest to ``form`` that a live article holds."""
    near: dict[int, set[str]] = {}
    for part in snapshot.parts:
        numbers, edits = near_forms(part.segment).within(form, limit)
        for number, count in zip(numbers.tolist(), edits.tolist(), strict=True):
            near.setdefault(count, set()).add(part.segment.forms[number])
    for count in sorted(near):
        counts = {known: snapshot.form_count(known) for known in near[count]}
        best = min(counts, key=lambda known: (-counts[known], known))
        if counts[best]:
            return best
    return None
