"""Who types a title finds the article of that title first."""

from __future__ import annotations

import pytest

from qsearch import Article
from qsearch.index.headings import NumberedForms, heading_columns
from qsearch.model.heading import MAX_HEADING
from qsearch.ranking.signals.title_cover import OTHER_FORM, PARTIAL, TitleCover
from tests.conftest import MakeIndex
from tests.helpers import article, urls

MANUAL = "Install it. Then look at the installation again, and install the rest. " * 5


def test_a_title_typed_exactly_comes_before_those_who_speak_of_it_at_length(
    make_index: MakeIndex,
) -> None:
    index = make_index(
        [
            article("/exact", "Installation", answer="See the other pages."),
            article("/manual", "Installation on a server", answer=MANUAL),
            article("/other", "Upgrading", answer=MANUAL, keywords="installation"),
        ]
    )
    assert urls(index, "installation")[0] == "/exact"
    assert urls(index, "installation on a server")[0] == "/manual"


def test_the_typed_form_of_a_title_comes_before_another(make_index: MakeIndex) -> None:
    index = make_index(
        [
            article("/one", "Template", answer="Template templates. " * 2),
            article("/many", "Templates", answer="All of them."),
        ]
    )
    assert urls(index, "template") == ["/one", "/many"]
    assert urls(index, "templates") == ["/many", "/one"]


def test_a_title_of_stop_words_is_a_title(make_index: MakeIndex) -> None:
    index = make_index(
        [
            article("/who", "The Who", answer="A band."),
            article("/is", "Who is it?", answer="Who? The one who is the who of who."),
        ]
    )
    assert urls(index, "the who") == ["/who", "/is"]


def test_a_question_beside_the_title_counts_as_well(make_index: MakeIndex) -> None:
    index = make_index(
        [
            Article(url="/faq", title="Billing 3", question="Can I cancel?", answer="Yes."),
            article("/long", "Terms", answer="You can cancel. Cancel what you can cancel. " * 5),
        ]
    )
    assert urls(index, "can i cancel")[0] == "/faq"
    assert urls(index, "billing 3")[0] == "/faq"


def test_it_is_a_matter_of_the_question_field(make_index: MakeIndex) -> None:
    index = make_index(
        [article("/a", "cell", answer="cell"), article("/b", "x", answer="cell cell")]
    )
    assert urls(index, "cell", fields=["answer"]) == ["/b", "/a"]


@pytest.mark.parametrize(
    ("typed", "other", "heading", "query", "share"),
    [
        (2, 0, 2, 2, 1.0),
        (1, 0, 2, 1, PARTIAL * 0.5),
        (1, 0, 1, 4, PARTIAL * 0.25),
        (0, 1, 1, 1, PARTIAL * OTHER_FORM**2),
        (0, 0, 3, 2, 0.0),
    ],
)
def test_the_share_is_how_much_of_both_is_the_same(
    typed: int, other: int, heading: int, query: int, share: float
) -> None:
    assert TitleCover.share(typed, other, heading, query) == pytest.approx(share)


def test_a_heading_of_too_many_words_has_none(make_index: MakeIndex) -> None:
    words = [f"w{number}" for number in range(MAX_HEADING + 1)]
    index = make_index([article("/long", " ".join(words)), article("/fits", " ".join(words[:-1]))])
    assert index._searcher
    segment = index._searcher.snapshot.parts[0].segment
    _, starts = segment.headings
    sizes = (starts[1:] - starts[:-1]).tolist()
    assert sizes == [0, 0, MAX_HEADING, 0]


def test_no_words_no_columns() -> None:
    import numpy as np

    none = np.zeros(0, dtype=np.uint32)
    forms = NumberedForms(none.astype(np.int64), none.astype(np.int64), none.astype(np.bool_))
    columns = dict(heading_columns(none, none, none, forms, 2))
    assert columns["heading.words"].size == 0
    assert columns["heading.starts"].tolist() == [0] * 5
