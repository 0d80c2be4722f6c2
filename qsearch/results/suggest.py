"""Did you mean: near words of the index for words that it does not have."""

from __future__ import annotations

from collections.abc import Iterator

from qsearch.analysis.analyzer import Analyzer
from qsearch.query.edit_distance import LONGEST
from qsearch.query.expand import Vocabulary
from qsearch.query.plan import Plan
from qsearch.query.syntax import parse
from qsearch.query.tree import Group, Node, Phrase, Word

MOST = 16
"""Unknown words of a query for which a near one is looked for."""


def suggestion(
    query: str, used: str, plan: Plan, vocabulary: Vocabulary, analyzer: Analyzer, *, edits: int
) -> str | None:
    """Return the query with each unknown word replaced by the nearest one, or None.

    Arguments:
        query: as typed; what is not replaced stays.
        used: as much of it as was planned.
        plan, vocabulary, analyzer: of the search.
        edits: how many at most.

    Only words that count in its plan are looked at, and of those that the index does not have the
    first ``MOST``.

    Of equally near words the one in more articles wins. Words of up to four letters may differ
    by one edit, longer ones by ``edits``; shorter ones than three and such with digits stay.
    """
    counted = {group.form for group in plan.groups}
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
                if unknown < MOST and not vocabulary.document_frequency(analyzer.term(form)):
                    unknown += 1
                    most = min(edits, 1 if len(form) <= 4 else edits)
                    replacements[form] = vocabulary.nearest_form(form, most)
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
