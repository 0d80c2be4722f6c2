"""The order of hits, with the reason for each place. A change here is a decision, no accident."""

from __future__ import annotations

import pytest

from qsearch import Article
from tests.conftest import MakeIndex
from tests.helpers import article, ranked, urls

FILLER = "It has been known for a long time and is taught in every school of the country."


def test_where_a_word_stands(make_index: MakeIndex) -> None:
    index = make_index(
        [
            article("/answer", "A cell", answer="The neuron fires.", keywords="cell"),
            article("/keyword", "A cell", answer="It often fires.", keywords="neuron"),
            article("/title", "A neuron", answer="It often fires.", keywords="cell"),
            article("/none", "A cell", answer="It often fires.", keywords="cell"),
        ]
    )
    assert urls(index, "neuron") == [
        "/title",  # weight 3
        "/keyword",  # weight 1.5, and the keyword is the whole query
        "/answer",  # weight 1
    ]


def test_rare_words_count_for_more_than_common_ones(make_index: MakeIndex) -> None:
    index = make_index(
        [
            article("/rare", "synapse one"),
            article("/common", "neuron two"),
            article("/c3", "neuron three"),
            article("/c4", "neuron four"),
            article("/both", "neuron synapse"),
        ]
    )
    assert urls(index, "neuron synapse") == [
        "/both",  # both words
        "/rare",  # the rare one, in 2 of 5
        "/c3",  # the common one, in 4 of 5; equal scores by url
        "/c4",
        "/common",
    ]


def test_short_texts_say_more_with_one_word_than_long_ones(make_index: MakeIndex) -> None:
    index = make_index(
        [
            article("/long", "x", answer="The neuron fires. " + FILLER * 3),
            article("/middle", "x", answer="The neuron fires. " + FILLER),
            article("/short", "x", answer="The neuron fires."),
        ]
    )
    assert urls(index, "neuron") == ["/short", "/middle", "/long"]


def test_more_occurrences_count_for_more_but_ever_less(make_index: MakeIndex) -> None:
    def answered(count: int) -> Article:
        return article(f"/{count}", "x", answer="neuron " * count + "cell " * (12 - count))

    index = make_index([answered(count) for count in (1, 2, 3, 8, 9)])
    found = dict(ranked(index, "neuron"))
    assert urls(index, "neuron") == ["/9", "/8", "/3", "/2", "/1"]
    assert found["/2"] - found["/1"] > found["/3"] - found["/2"] > found["/9"] - found["/8"]


def test_the_typed_form_wins_over_another_of_its_stem(make_index: MakeIndex) -> None:
    forms = ["release", "released", "releases", "releasing"]
    index = make_index([article(f"/{form}", "x", answer=f"To be {form}") for form in forms])
    for form in forms:
        # only the form differs: the typed one is first, the others follow by url
        others = [f"/{other}" for other in forms if other != form]
        assert urls(index, form) == [f"/{form}", *others]
        best, second, *_ = (score for _, score in ranked(index, form))
        assert best <= second * 1.03 + 1e-9  # a small bonus: no more than its recorded maximum


def test_the_typed_form_wins_even_for_the_commonest_word(make_index: MakeIndex) -> None:
    # Every article has the term: its idf is next to nothing, the form decides all the same.
    index = make_index(
        [article(f"/{n}", "releases") for n in range(30)] + [article("/x", "release")]
    )
    assert urls(index, "release")[0] == "/x"


def test_the_typed_form_weighs_less_than_another_word(make_index: MakeIndex) -> None:
    index = make_index(
        [
            article("/form", "released cell"),
            article("/words", "releases neuron"),
            article("/other", "cell body"),
        ]
    )
    assert urls(index, "released neuron") == [
        "/words",  # both words, one in another form
        "/form",  # one word, as typed
    ]


def test_a_keyword_that_stands_whole_in_the_query_lifts_its_article(make_index: MakeIndex) -> None:
    def with_keywords(name: str, *keywords: str) -> Article:
        return article(f"/{name}", "About cells", answer=FILLER, keywords=keywords)

    index = make_index(
        [
            with_keywords("turned", "potential action", "other thing"),
            with_keywords("apart", "action", "potential", "other thing"),
            with_keywords("whole", "action potential", "other thing"),
            with_keywords("part", "action potential duration", "thing"),
            with_keywords("none", "some other thing here"),
        ]
    )
    assert urls(index, "what is an action potential") == [
        "/apart",  # both words are keywords
        "/whole",  # the phrase is a keyword; as much is covered, so equal and by url
        "/part",  # the keyword says more than the query: nothing is covered
        "/turned",  # the words of the keyword stand the other way round: nothing
    ]
    # Two articles whose keyword fields hold the same words, one of them as a phrase of the query.
    equal = make_index(
        [
            with_keywords("mixed", "action other", "potential thing"),
            with_keywords("phrase", "action potential", "other thing"),
        ]
    )
    assert urls(equal, "action potential") == ["/phrase", "/mixed"]
    best, second = (score for _, score in ranked(equal, "action potential"))
    assert best == pytest.approx(second * 1.1 / 1.0, rel=0.01)  # all of the query is covered


def test_a_keyword_covers_only_its_share_of_the_query(make_index: MakeIndex) -> None:
    def with_keyword(name: str, keyword: str) -> Article:
        return article(f"/{name}", "neuron ion channel gate", keywords=[keyword])

    index = make_index([with_keyword("one", "neuron"), with_keyword("two", "neuron ion")])
    assert urls(index, "neuron ion channel gate") == ["/two", "/one"]


def test_stop_words_decide_between_equals(make_index: MakeIndex) -> None:
    index = make_index([article("/without", "reign queen"), article("/with", "reign of the queen")])
    assert urls(index, "of the queen") == ["/with", "/without"]


def test_all_words_beat_many_of_one(make_index: MakeIndex) -> None:
    index = make_index(
        [
            article("/many", "neuron neuron neuron neuron"),
            article("/all", "neuron ion channel"),
            article("/ion", "ion"),
            article("/channel", "channel"),
        ]
    )
    assert urls(index, "neuron ion channel")[0] == "/all"


def test_a_boost_turns_the_order(make_index: MakeIndex) -> None:
    index = make_index([article("/a", "x", answer="neuron"), article("/b", "x", answer="synapse")])
    assert urls(index, "neuron synapse") == ["/a", "/b"]  # equal
    assert urls(index, "neuron synapse^2") == ["/b", "/a"]
    assert urls(index, "(neuron)^3 synapse^2") == ["/a", "/b"]
    assert urls(index, "neuron^0 synapse") == ["/b", "/a"]  # /a is still a hit
    scores = dict(ranked(index, "neuron synapse^2"))
    assert scores["/b"] == pytest.approx(2 * dict(ranked(index, "synapse"))["/b"], rel=0.05)


def test_keyword_boost_turns_the_order(make_index: MakeIndex) -> None:
    index = make_index(
        [
            article("/title", "neuron", keywords="cell"),
            article("/keyword", "cell", keywords="neuron"),
        ]
    )
    assert urls(index, "neuron") == ["/title", "/keyword"]
    assert urls(index, "neuron", keyword_boost=9) == ["/keyword", "/title"]
    assert urls(index, "neuron", keyword_boost=0) == ["/title"]


def test_a_formula_is_found_before_its_parts(make_index: MakeIndex) -> None:
    index = make_index(
        [
            article("/parts", "Area and $mc^2$ of E"),
            article("/formula", "The law $E = mc^2$"),
            article("/other", "Momentum $p = mv$"),
        ]
    )
    assert urls(index, "E=mc²") == [
        "/formula",  # the formula and its parts
        "/parts",  # the parts
    ]


def test_the_compound_is_found_before_its_parts(make_index: MakeIndex) -> None:
    index = make_index(
        [
            article("/apart", "A gated voltage"),
            article("/compound", "A voltage-gated one"),
            article("/one", "A voltage"),
        ]
    )
    assert urls(index, "voltage-gated") == [
        "/compound",  # itself and both parts
        "/apart",  # both parts
        "/one",  # one part, in a shorter text
    ]


def test_a_question_finds_its_answer_first(make_index: MakeIndex) -> None:
    index = make_index(
        [
            article(
                "/transmitters",
                "How are neurotransmitters released from neurons?",
                answer="Calcium ions enter the axon terminal and vesicles fuse with the membrane.",
                keywords="neurotransmitter release, action potential",
            ),
            article(
                "/potential",
                "What is an action potential?",
                answer="A neuron fires when its membrane is depolarised; then it releases "
                "neurotransmitters.",
                keywords="action potential",
            ),
            article("/calcium", "What is calcium?", answer="A metal; its ions act in neurons."),
            article("/prisoners", "How are prisoners released?", answer="By order of a court."),
        ]
    )
    assert urls(index, "How are neurotransmitters released?") == [
        "/transmitters",  # every word, in the title
        "/prisoners",  # how, are, released in the title
        "/potential",  # both words, but in the answer
    ]
    assert urls(index, "action potential") == [
        "/potential",  # title and keyword
        "/transmitters",  # keyword
    ]


def test_additions_elsewhere_do_not_turn_an_order(make_index: MakeIndex) -> None:
    collection = [article("/a", "neuron cell"), article("/b", "cell", answer="neuron")]
    index = make_index(collection, [article(f"/x{n}", "unrelated text") for n in range(20)])
    assert urls(index, "neuron") == ["/a", "/b"]
