"""What Whoosh's documentation shows of searches and their results, over our segments."""

from __future__ import annotations

from typing import Any

import pytest
from whoosh import highlight, query
from whoosh.collectors import TimeLimitCollector

from tests.conftest import MakeIndex
from tests.helpers import article
from tests.whoosh.conftest import (
    ARTICLES,
    CHANNELS,
    ENERGY,
    HAIKU,
    HASH,
    NEURONS,
    OSMOSIS,
    POINTER,
    SKY,
    Urls,
    parsed,
)


def test_filter_and_mask(searcher: Any, urls: Urls) -> None:
    every = query.Every()
    biology = query.Term("subject", "biology")
    results = searcher.search(biology, limit=None)
    assert set(urls(every, filter=biology)) == {NEURONS, CHANNELS, OSMOSIS}
    assert set(urls(every, mask=biology)) == {SKY, ENERGY, HASH, POINTER, HAIKU}
    assert set(urls(every, filter=results)) == {NEURONS, CHANNELS, OSMOSIS}
    assert set(urls(every, filter={0}, mask=None)) == {searcher.stored_fields(0)["url"]}


def test_pages(searcher: Any) -> None:
    seen = []
    for number in (1, 2, 3):
        page = searcher.search_page(query.Every(), number, pagelen=3)
        assert page.total == len(ARTICLES)
        assert page.pagecount == 3
        seen += [hit["url"] for hit in page]
    assert sorted(seen) == sorted(str(article.url) for article in ARTICLES)
    assert page.is_last_page()


def test_results_know_their_length_and_terms(searcher: Any) -> None:
    results = searcher.search(parsed(searcher, "neuron OR sodium"), limit=1, terms=True)
    assert len(results) == 2
    assert results.scored_length() == 1
    assert results.has_exact_length()
    assert set(results.matched_terms()) == {("answer", b"neuron"), ("answer", b"sodium")}
    assert results[0].matched_terms()
    assert results.docs() == {hit.docnum for hit in searcher.search(results.q, limit=None)}


def test_matched_terms_of_a_prefix(searcher: Any) -> None:
    results = searcher.search(query.Prefix("answer", "neur"), terms=True)
    assert results.matched_terms() == {("answer", b"neuron"), ("answer", b"neurotransmitt")}
    assert all("<b " in hit.highlights("answer") for hit in results)


def test_a_time_limit(searcher: Any) -> None:
    collector = TimeLimitCollector(searcher.collector(limit=5), timelimit=10.0)
    searcher.search_with_collector(query.Every(), collector)
    assert len(collector.results()) == len(ARTICLES)


def test_documents_by_their_fields(searcher: Any) -> None:
    assert searcher.document(url=SKY)["title"] == "Why is the sky blue?"
    assert searcher.document(url="/gone/1") is None
    assert searcher.document_number(url="/nowhere") is None
    both = {fields["url"] for fields in searcher.documents(id="101")}
    assert both == {NEURONS, HASH}
    assert [f["url"] for f in searcher.documents(id="101", subject="BIOLOGY")] == [NEURONS]
    assert len(list(searcher.documents())) == len(ARTICLES)


# -- highlights


def test_highlights(searcher: Any) -> None:
    hit = searcher.search(parsed(searcher, "neurotransmitters"))[0]
    assert '<b class="match term0">neurotransmitters</b>' in hit.highlights("answer")
    assert hit.highlights("title") == ""


@pytest.mark.parametrize(
    "fragmenter",
    [
        highlight.WholeFragmenter(),
        highlight.SentenceFragmenter(),
        highlight.ContextFragmenter(),
        highlight.PinpointFragmenter(),
    ],
)
@pytest.mark.parametrize("terms", [True, False])
def test_fragmenters(searcher: Any, fragmenter: Any, terms: bool) -> None:
    results = searcher.search(parsed(searcher, '"voltage gated"'), terms=terms)
    results.fragmenter = fragmenter
    results.formatter = highlight.UppercaseFormatter()
    assert "VOLTAGE-GATED" in results[0].highlights("answer")


def test_highlights_of_keywords_and_formulas(searcher: Any) -> None:
    (hit,) = searcher.search(parsed(searcher, "scattering", "keywords"))
    assert ">scattering</b>" in hit.highlights("keywords")
    (hit,) = searcher.search(parsed(searcher, "Ca2+"))
    assert ">Ca²⁺</b>" in hit.highlights("answer")


# -- key terms and more like this


def test_more_like_this(searcher: Any) -> None:
    hit = searcher.search(query.Term("url", NEURONS))[0]
    likes = [like["url"] for like in hit.more_like_this("answer", numterms=20)]
    assert CHANNELS in likes
    assert NEURONS not in likes
    text = "pointers and addresses"
    assert searcher.more_like(hit.docnum, "answer", text=text)[0]["url"] == POINTER


def test_more_like_this_lists_copies_once(make_index: MakeIndex) -> None:
    """A copy of the article itself came first, and each other article with all of its copies."""
    texts = {"1": "light scatters in the air", "2": "light scatters in water", "3": "light"}
    batches = [
        [
            article(f"/{subject}/{number}", f"title {number}", id=number, answer=text)
            for number, text in texts.items()
        ]
        for subject in ("physics", "chemistry")
    ]
    index = make_index(*batches, [article("/alone", answer="light alone")])
    with index.whoosh.searcher() as searcher:
        docnum = searcher.document_number(url="/physics/1")
        likes = searcher.more_like(docnum, "answer")
        found = [like["url"].rpartition("/")[2] for like in likes]
        assert sorted(found) == ["2", "3", "alone"]
        assert len(likes) == 3
        assert len(list(searcher.more_like(docnum, "answer", top=1))) == 1
        (hit,) = searcher.search(query.Term("url", "/chemistry/2"))
        again = [like["url"].rpartition("/")[2] for like in hit.more_like_this("answer")]
        assert sorted(again) == ["1", "3", "alone"]


def test_key_terms(searcher: Any) -> None:
    docnum = searcher.document_number(url=POINTER)
    assert searcher.key_terms([docnum], "answer")[0][0] == "pointer"
    assert searcher.key_terms_from_text("answer", "osmosis of water")[0][0] == "osmosi"
    results = searcher.search(query.Term("url", POINTER))
    assert "pointer" in [term for term, _ in results.key_terms("answer")]
