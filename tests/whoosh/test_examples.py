"""What Whoosh's own documentation shows, over our segments."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from whoosh import qparser, query
from whoosh.qparser import MultifieldParser, QueryParser
from whoosh.qparser.dateparse import DateParserPlugin

import qsearch
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

TEXTS = ["title", "question", "answer", "keywords"]


# -- the query parser


def test_quickstart(index: qsearch.Index) -> None:
    ix = index.whoosh
    with ix.searcher() as searcher:
        query = QueryParser("answer", ix.schema).parse("membrane")
        results = searcher.search(query)
        assert len(results) == 2
        assert results[0]["url"] == OSMOSIS
        assert results[0]["subject"] == "Biology"
        assert results[0]["date"] == datetime.datetime(2023, 1, 15)
        assert results[0].fields()["id"] == "103"
        assert results.has_matched_terms() is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("neurons", {NEURONS, CHANNELS}),
        ("neurons release", {NEURONS}),
        ("neuron OR water", {NEURONS, CHANNELS, OSMOSIS, HAIKU}),
        ("water NOT membrane", {HAIKU}),
        ("water AND (membrane OR moon)", {OSMOSIS, HAIKU}),
        ('"action potential"', {CHANNELS}),
        ('"potential action"', set()),
        ('"membrane opens"~3', {CHANNELS}),
        ('"membrane opens"', set()),
        ("neurotrans*", {NEURONS}),
        ("*scatter*", {SKY}),
        ("pot?nti", {CHANNELS}),
        ("[syllabl TO synapt]", {NEURONS, HAIKU}),
        ("voltage-gated", {NEURONS}),
        ("gated", {NEURONS, CHANNELS}),
        ("Ca2+", {NEURONS}),
        ("H2O", {OSMOSIS}),
        ("mc²", {ENERGY}),
        ("c++", {HASH, POINTER}),
        ("what is osmosis", {OSMOSIS}),
        ("the of", set()),
        ("title:osmosis", {OSMOSIS}),
        ("question:haiku", {HAIKU}),
        ("question:俳句", {HAIKU}),
        ("question:osmosis", {OSMOSIS}),
        ("title:haiku", set()),
        ("keywords:scattering", {SKY}),
        ("url:/learn/physics/sky", {SKY}),
        ("url:/learn/biology/*", {NEURONS, CHANNELS, OSMOSIS}),
        ("id:101", {NEURONS, HASH}),
        ("id:[102 TO 201]", {CHANNELS, OSMOSIS, SKY}),
        ("subject:BIOLOGY", {NEURONS, CHANNELS, OSMOSIS}),
        ("subject:'computer  SCIENCE'", {HASH, POINTER}),
        ('subject:"Computer science"', {HASH, POINTER}),
        ("subject:comp*", {HASH, POINTER}),
        ("date:2024", {NEURONS, CHANNELS, ENERGY}),
        ("date:20240520", {CHANNELS, ENERGY}),
        ("date:[2022 TO 2023]", {OSMOSIS, SKY}),
        ("date:[2024-05 TO]", {CHANNELS, ENERGY}),
        ("date:2024 subject:physics", {ENERGY}),
        ("date:nonsense", set()),
        ("*:*", {article.url for article in ARTICLES}),
        ("id:*", {article.url for article in ARTICLES if article.id}),
        ("nowhere", set()),
        ("", set()),
    ],
)
def test_parsed_queries(searcher: Any, urls: Urls, text: str, expected: set[str]) -> None:
    assert set(urls(parsed(searcher, text))) == expected


def test_no_phrase_reaches_from_the_title_into_the_question(searcher: Any, urls: Urls) -> None:
    assert urls(parsed(searcher, '"gated channels"', "question")) == [CHANNELS]
    assert urls(parsed(searcher, '"opens a voltage"', "question")) == [CHANNELS]
    assert urls(parsed(searcher, '"channels what"', "question")) == []
    assert urls(parsed(searcher, '"channels what"~900', "question")) == []


def test_no_phrase_reaches_from_keyword_to_keyword(searcher: Any, urls: Urls) -> None:
    assert urls(parsed(searcher, '"neurotransmitter release"', "keywords")) == [NEURONS]
    assert urls(parsed(searcher, '"release synapse"', "keywords")) == []


def test_several_fields(searcher: Any, urls: Urls) -> None:
    parser = MultifieldParser(["title", "answer"], searcher.schema, fieldboosts={"title": 2.0})
    assert urls(parser.parse("osmosis water"))[0] == OSMOSIS
    assert set(urls(parser.parse("channels"))) == {NEURONS, CHANNELS}


def test_plugins(searcher: Any, urls: Urls) -> None:
    parser = QueryParser("answer", searcher.schema, group=qparser.OrGroup.factory(0.9))
    parser.add_plugin(qparser.FuzzyTermPlugin())
    parser.add_plugin(qparser.PlusMinusPlugin())
    parser.add_plugin(qparser.RegexPlugin())
    parser.add_plugin(DateParserPlugin(basedate=datetime.datetime(2024, 6, 1)))
    assert urls(parser.parse("watre~")) != []
    assert set(urls(parser.parse("+water -membrane"))) == {HAIKU}
    assert urls(parser.parse('r"sky|rayleig."')) == [SKY]
    assert set(urls(parser.parse("date:'may 2024'"))) == {CHANNELS, ENERGY}


def test_find_is_a_shortcut(searcher: Any) -> None:
    assert [hit["url"] for hit in searcher.find("title", "sky")] == [SKY]


# -- the query tree


def test_queries_made_by_hand(urls: Urls) -> None:
    water = query.Term("answer", "water")
    membrane = query.Term("answer", "membran")
    assert set(urls(water | membrane)) == {OSMOSIS, HAIKU, CHANNELS}
    assert urls(water & membrane) == [OSMOSIS]
    assert urls(water - membrane) == [HAIKU]
    assert set(urls(query.AndMaybe(water, membrane))) == {OSMOSIS, HAIKU}
    assert urls(query.AndMaybe(water, membrane))[0] == OSMOSIS
    assert urls(query.Term("subject", "PHYSICS") & query.Term("answer", "energi")) == [ENERGY]
    assert urls(query.Term("unknown", "x")) == []
    assert urls(query.Term("answer", "\ud800")) == []
    assert len(urls(query.Not(water))) == len(ARTICLES) - 2
    assert len(urls(query.Every())) == len(ARTICLES)
    assert set(urls(query.Every("date"))) == {a.url for a in ARTICLES if a.date}


def test_expanding_queries(urls: Urls) -> None:
    assert urls(query.Prefix("answer", "osmo")) == [OSMOSIS]
    assert urls(query.Wildcard("answer", "osm*si")) == [OSMOSIS]
    assert urls(query.FuzzyTerm("answer", "osmoss", maxdist=1)) == [OSMOSIS]
    assert urls(query.FuzzyTerm("answer", "somosi", maxdist=1, prefixlength=0)) == [OSMOSIS]
    assert urls(query.FuzzyTerm("answer", "somosi", maxdist=1, prefixlength=1)) == []
    assert set(urls(query.Variations("answer", "channel"))) == {NEURONS, CHANNELS}
    assert urls(query.TermRange("answer", "osmosh", "osmosj")) == [OSMOSIS]
    assert urls(query.Regex("answer", "osm.si")) == [OSMOSIS]


def test_ranges_of_dates(urls: Urls) -> None:
    may, june = datetime.datetime(2024, 5, 20), datetime.datetime(2024, 6, 1)
    assert set(urls(query.DateRange("date", may, june))) == {CHANNELS, ENERGY}
    assert urls(query.DateRange("date", may, june, startexcl=True)) == []
    assert set(urls(query.DateRange("date", None, datetime.datetime(2022, 7, 4)))) == {SKY, HASH}
    assert urls(query.NumericRange("date", 0, 10)) == []
    assert urls(query.Term("date", may)) != []


def test_spans(urls: Urls) -> None:
    channel, gated = query.Term("answer", "channel"), query.Term("answer", "gate")
    assert urls(query.SpanNear(gated, channel)) == [NEURONS]
    assert set(urls(query.SpanNear(gated, channel, slop=3, ordered=False))) == {NEURONS, CHANNELS}
    assert urls(query.SpanFirst(query.Term("answer", "osmosi"))) == [OSMOSIS]
    assert urls(query.SpanOr([channel, query.Term("answer", "osmosi")])) != []
    assert urls(query.SpanContains(query.SpanNear(gated, channel), channel)) != []
    assert urls(query.Sequence([gated, channel])) == [NEURONS]
