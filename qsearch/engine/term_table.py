"""The words that queries held, as the kernels know them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from qsearch.analysis.analyzer import Analyzer
from qsearch.arrays import Array
from qsearch.engine.postings_cache import Unpacked
from qsearch.forks import ForkSafeLock
from qsearch.kernels.runtime.address_tables import Table, table_of
from qsearch.kernels.search import layout
from qsearch.model.keyword_phrase import term_hash
from qsearch.query.plan import Plan, QueryToken
from qsearch.query.syntax import is_plain
from qsearch.ranking.formula import form_weight, inverse_document_frequency

_WORD_BYTES = 512
"""About what is kept of a word of a query apart from its letters."""

_FIRST_SLOTS = 1_024
"""Words that the first table has room for; half of them are never taken."""


class Known:
    """What the kernels have to know of each word of a query, looked up once.

    Arguments:
        unpacked: the postings.
        analyzer: of the index.
        articles: how many live ones there are.
        plan_of: makes the plan of a run without spaces.
        most: codes that a query may have.

    Attributes:
        table: of the arrays of the index (``tables``), with all words that were learned so far.
    """

    def __init__(
        self,
        unpacked: Unpacked,
        analyzer: Analyzer,
        articles: int,
        *,
        plan_of: Callable[[str], Plan],
        most: int,
    ) -> None:
        self._plan_of = plan_of
        self._unpacked = unpacked
        self._analyzer = analyzer
        self._articles = articles
        self._most = most
        self._parts = len(unpacked.segments)
        self._entries: dict[tuple[str, str], int | None] = {}
        self._used = 0
        self._forms_used = 0
        self._learning = ForkSafeLock()
        self._learned: set[str] = set()
        self._words = np.zeros(_FIRST_SLOTS * layout.WORD, dtype=np.uint64)
        self._facts = np.zeros((256, layout.ENTRY + self._parts * layout.PART), dtype=np.int64)
        self._numbers = np.zeros((256, layout.LARGEST + self._parts))
        self._forms = np.zeros(256, dtype=np.int32)
        self.table: Table
        self._show()

    def _show(self) -> None:
        """Make the table of what there is now; kernels under way go on with the one before."""
        arrays: tuple[Array, ...]
        arrays = self._words, self._facts, self._numbers, self._forms, *self._unpacked.arrays()
        self.table = table_of(arrays, len(self._learned), self._most)
        self._is_shown = True

    def learn(self, query: str) -> None:
        """Let the kernels know each run without spaces of a query."""
        with self._learning:
            for word in query.split():
                if word not in self._learned:
                    self._learn(word)
            self._show()

    def _learn(self, word: str) -> None:
        from qsearch.kernels.search.lookup_words import add_words

        codes = self._codes_of(word)
        letters = word.encode()
        count = layout.NO_WORDS if codes is None else len(codes)
        number = len(self._learned) + 1
        row = np.zeros(layout.WORD, dtype=np.uint64)
        row[0] = number << 16 | count << 8 | len(letters)
        row[1 : layout.FIRST_CODE] = np.frombuffer(letters.ljust(layout.LETTERS, b"\0"), "<u8")
        for place, code in enumerate(codes or ()):
            row[layout.FIRST_CODE + place // 2] |= np.uint64(code << 32 * (place % 2))
        if 2 * number * layout.WORD > self._words.size:
            # Others may still read the table there is.
            larger = np.zeros(2 * self._words.size, dtype=np.uint64)
            add_words(larger, self._words)
            self._words = larger
        add_words(self._words, row)
        self._learned.add(word)
        self._unpacked.hold(_WORD_BYTES + 4 * len(word))

    def _codes_of(self, word: str) -> list[int] | None:
        """The codes of a run without spaces; None if it is not for the kernels."""
        if not is_plain(word):
            return None
        plan = self._plan_of(word)
        if any(len(group.members) > 1 for group in plan.groups):
            return None
        codes = []
        for token in plan.tokens:
            entry = self._entry(token.term, token.form)
            if entry is None:
                return None
            codes.append(2 * entry + token.overlay)
        return codes if len(codes) <= layout.WORD_CODES else None

    def codes_of(self, tokens: Sequence[QueryToken]) -> list[int] | None:
        """Return the codes of the words of a plan."""
        codes = []
        with self._learning:
            for term, form, _, overlay in tokens:
                entry = self._entry(term, form)
                if entry is None:
                    return None
                codes.append(2 * entry + overlay)
            if not self._is_shown:
                self._show()
        return codes

    def _entry(self, term: str, form: str) -> int | None:
        """The row of a term as typed; None if the kernels can't work with its numbers."""
        key = (term, form)
        if key not in self._entries:
            self._entries[key] = self._look_up(term, form)
            row = self._facts.shape[1] + self._numbers.shape[1]
            self._unpacked.hold(_WORD_BYTES + 4 * len(form) + 8 * row)
        return self._entries[key]

    def _look_up(self, term: str, form: str) -> int | None:
        hashed = term_hash(term)
        facts = [hashed - (1 << 64) if hashed >> 63 else hashed, self._analyzer.is_stop_word(form)]
        largest, frequency = [], 0
        for index in range(self._parts):
            number = self._unpacked.number_of(index, form, term)
            if number is None:
                facts += [0, 0, -1, 0, 0, 0, 0, 0, -1]
                largest.append(0.0)
                continue
            filled = self._unpacked.term(index, number)
            if filled is None:
                return None
            row, most = filled
            bit, docs = self._unpacked.form(index, form)
            facts += [*row, bit, *self._keep_forms(docs)]
            facts += self._unpacked.form_place(index, number, form)
            largest.append(most)
            frequency += self._unpacked.frequency(row, index)
        weight = inverse_document_frequency(self._articles, frequency) if frequency else 0.0
        mass = form_weight(1.0, weight) if frequency else 0.0
        entry = self._used
        self._is_shown = False
        if entry == len(self._facts):
            # Others may still read the tables there are.
            self._facts = np.concatenate([self._facts, np.zeros_like(self._facts)])
            self._numbers = np.concatenate([self._numbers, np.zeros_like(self._numbers)])
        self._facts[entry] = facts
        self._numbers[entry] = [weight, mass, *largest]
        self._used += 1
        return entry

    def _keep_forms(self, docs: Array) -> tuple[int, int]:
        start, stop = self._forms_used, self._forms_used + docs.size
        self._unpacked.hold(2 * docs.nbytes)
        if stop > self._forms.size:
            room = np.zeros(stop, dtype=np.int32)
            self._forms = np.concatenate([self._forms[:start], room])
        self._forms[start:stop] = docs
        self._forms_used = stop
        return start, stop
