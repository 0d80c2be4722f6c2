"""In which articles and fields a word form stands: what the words themselves say."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qsearch import Article
from qsearch.model.bit_layout import PART_SHIFT, RANKED
from tests.helpers import temporary_index

# More forms of one term than form bits, the last ones rare; and another term.
FORMS = (
    "generate generates generated generating generation generations generator generators "
    "generative generatively"
).split()
WORDS = st.lists(
    st.sampled_from([*FORMS[:2] * 4, *FORMS, "ion"]), max_size=8
).map(" ".join)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=8))
def test_a_form_s_articles_and_fields(texts: list[tuple[str, str, str]]) -> None:
    collection = [
        Article(url=f"/{n}", title=f"t {title}", answer=answer, keywords=(keyword,))
        for n, (title, answer, keyword) in enumerate(texts)
    ]
    with temporary_index(collection) as index:
        assert index._searcher
        (part,) = index._searcher.snapshot.parts
        found = part.segment.data().occurrences
        forms = [text.decode() for text in found.forms.tolist()]
        expected: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for form, doc, place in zip(
            found.form.tolist(), found.doc.tolist(), found.place.tolist(), strict=True
        ):
            expected[forms[form]][doc] |= 1 << int(RANKED[place >> PART_SHIFT])
        for form, fields in expected.items():
            told = part.segment.form_postings(form)
            assert told is not None
            docs, bits = told
            assert docs.tolist() == sorted(fields)
            assert bits.tolist() == [fields[doc] for doc in sorted(fields)]
            assert part.segment.form_docs(form).tolist() == sorted(fields)
        assert part.segment.form_postings("unheard") is None


def test_the_forms_of_these_tests_are_of_one_term() -> None:
    with temporary_index([Article(url="/a", title=" ".join(FORMS))]) as index:
        assert index._searcher
        (part,) = index._searcher.snapshot.parts
        assert len(part.segment.forms_of("generat")) == len(FORMS)
