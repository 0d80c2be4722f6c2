"""The words of a snapshot, as queries ask for them."""

from __future__ import annotations

from collections.abc import Iterable

from qsearch.index.near_forms import near_forms
from qsearch.index.snapshot import Snapshot


class SnapshotVocabulary:
    """What ``query.expand.Vocabulary`` asks for.

    Arguments:
        snapshot: the state of the index.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def document_frequency(self, term: str) -> int:
        """Return in how many live articles a term stands."""
        return self._snapshot.document_count(term)

    def forms_of(self, term: str) -> Iterable[str]:
        """Return the word forms of a term that occur in the index."""
        return self._snapshot.forms_of(term)

    def nearest_form(self, form: str, edits: int) -> str | None:
        """Return the word form of a live article with the fewest edits from another, at most
        ``edits``; of several the one in most articles.
        """
        near: dict[int, set[str]] = {}
        for part in self._snapshot.parts:
            numbers, counts = near_forms(part.segment).within(form, edits)
            for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
                near.setdefault(count, set()).add(part.segment.forms[number])
        for count in sorted(near):
            articles = {known: self._snapshot.form_count(known) for known in near[count]}
            best = min(articles, key=lambda known: (-articles[known], known))
            if articles[best]:
                return best
        return None
