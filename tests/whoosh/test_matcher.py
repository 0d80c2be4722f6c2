from __future__ import annotations

from typing import Any

import pytest
from whoosh import matching

from qsearch import Article
from tests.conftest import MakeIndex


def test_a_matcher(make_index: MakeIndex) -> None:
    index = make_index(
        [Article(url=f"/{n}", title="x", answer="alpha beta " * (n % 3)) for n in range(1, 9)]
    )
    with index.whoosh.reader() as reader:
        matcher = reader.postings("answer", "beta")
        assert repr(matcher) == "PostingMatcher(('answer', b'beta'), True)"
        assert list(matcher.all_ids()) == [0, 1, 3, 4, 6, 7]
        assert matcher.term() == ("answer", b"beta")
        assert list(matcher.term_matchers()) == [matcher]
        assert matcher.is_leaf()
        assert (matcher.id(), matcher.weight(), matcher.score()) == (0, 1.0, 1.0)
        matcher.next()
        assert matcher.value_as("positions") == [1, 3]
        assert [(span.start, span.end) for span in matcher.spans()] == [(1, 1), (3, 3)]
        assert matcher.value_as("frequency") == matcher.value_as("weight") == 2
        assert matcher.value_as("position_boosts") == [(1, 1), (3, 1)]
        assert matcher.format.decode_positions(matcher.value()) == [1, 3]
        copy = matcher.copy()
        copy.skip_to(2)
        assert (copy.id(), matcher.id()) == (3, 1)
        copy.skip_to(0)
        assert copy.id() == 3
        assert copy.replace() is copy
        copy.skip_to(99)
        assert not copy.is_active()
        assert isinstance(copy.replace(), matching.NullMatcherClass)
        for walk in (copy.next, lambda: copy.skip_to(100)):
            with pytest.raises(matching.ReadTooFar):
                walk()
        copy.reset()
        assert list(copy.items_as("frequency")) == [(0, 1), (1, 2), (3, 1), (4, 2), (6, 1), (7, 2)]
        assert not matcher.supports_block_quality()
        assert matcher.max_quality() == matcher.block_quality() == float("inf")


def test_a_matcher_of_values(reader: Any) -> None:
    matcher = reader.postings("subject", "Physics")
    assert (matcher.weight(), matcher.value(), matcher.value_as("frequency")) == (1.0, b"", 1)
    assert not matcher.supports("positions")
    postings = [posting for posting in reader.iter_postings() if posting[0] == "id"]
    assert len(postings) == 6


def test_frequencies_are_capped_as_in_ranking(make_index: MakeIndex) -> None:
    many = "alpha " * 300
    index = make_index(
        [
            Article(url="/1", title=many, question=f"{many} beta", answer=many, keywords=(many,)),
            Article(url="/2", title=many, question=many),
        ]
    )
    with index.whoosh.reader() as reader:
        for name, most in (("title", 15), ("question", 15), ("answer", 255), ("keywords", 15)):
            matcher = reader.postings(name, "alpha")
            assert matcher.weight() == most
            assert len(matcher.value_as("positions")) == (600 if name == "question" else 300)
        assert list(reader.postings("title", "alpha").items_as("weight")) == [(0, 15), (1, 15)]
        assert list(reader.postings("question", "beta").value_as("positions")) == [2**29 + 300]
        assert ("title", "beta") not in reader


def test_many_terms_are_looked_up(make_index: MakeIndex) -> None:
    words = " ".join(f"w{number}" for number in range(600))
    index = make_index([Article(url="/1", answer=words)])
    with index.whoosh.reader() as reader:
        terms = [f"w{number}" for number in range(600)]
        assert all(reader.doc_frequency("answer", term) == 1 for term in terms + terms)
        assert len(list(reader.lexicon("answer"))) == 600
        assert all(reader.doc_frequency("answer", term) == 1 for term in terms)
        assert reader.doc_frequency("answer", "w600") == 0
