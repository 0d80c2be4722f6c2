"""Near words are found at once for all, as ``distance`` finds them one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qsearch.index.near_forms import near_forms
from qsearch.query.edit_distance import distance
from tests.helpers import article, temporary_index

WORDS = st.text("abéя東", min_size=1, max_size=7)


@given(st.lists(WORDS, min_size=1, max_size=12), WORDS, st.integers(0, 2))
def test_they_are_the_words_within_the_limit(words: list[str], word: str, limit: int) -> None:
    with temporary_index([article("/a", " ".join(words))]) as index:
        (part,) = index._current().parts
        forms = part.segment.forms.all()
        numbers, edits = near_forms(part.segment).within(word, limit)
        found = {
            forms[number]: count for number, count in zip(numbers, edits.tolist(), strict=True)
        }
        assert found == {
            form: count
            for form in forms
            if form.isalpha()
            and form[0] == word[0]
            and (count := distance(word, form, limit)) <= limit
        }
