from __future__ import annotations

import datetime
import itertools
import random
from typing import Any

import pytest
from whoosh.reading import TermNotFound

from qsearch import Article
from qsearch.model.fields import same_text
from qsearch.model.lengths import LENGTHS, length_bytes
from tests.conftest import MakeIndex
from tests.whoosh.conftest import ARTICLES, CHANNELS, HAIKU, NEURONS, SKY
from tests.whoosh.stock import random_articles

FIELDS = ["answer", "date", "id", "keywords", "question", "subject", "title", "url"]


# -- articles


def test_stored_fields(reader: Any) -> None:
    stored = {fields["url"]: fields for fields in reader.all_stored_fields()}
    assert set(stored) == {article.url for article in ARTICLES}
    neurons = next(article for article in ARTICLES if article.url == NEURONS)
    assert stored[NEURONS] == {
        "url": NEURONS,
        "id": "101",
        "title": neurons.title,
        "question": neurons.question,
        "answer": neurons.answer,
        "keywords": "neurotransmitter release, synapse, calcium",
        "subject": "Biology",
        "date": datetime.datetime(2024, 3, 1),
    }
    assert stored[CHANNELS]["subject"] == "biology"
    assert stored[HAIKU]["title"] == stored[HAIKU]["subject"] == ""
    assert "id" not in stored[HAIKU]
    assert "date" not in stored[HAIKU]
    numbered = dict(reader.iter_docs())
    assert list(numbered) == list(reader.all_doc_ids())
    assert numbered[3] == reader.stored_fields(3)


def test_a_number_that_is_none(reader: Any) -> None:
    with pytest.raises(IndexError, match="there is no document"):
        reader.stored_fields(1_000)


def test_lengths_are_those_of_ranking(make_index: MakeIndex) -> None:
    articles = random_articles(40, random.Random(5))
    index = make_index(articles[:15], articles[15:], [Article(url="/x", answer="one two " * 60)])
    analyzer = index.whoosh.schema["answer"].analyzer

    def words(text: str) -> int:
        positions = [token.pos for token in analyzer(text, positions=True)]
        return positions[-1] + 1 if positions else 0

    def rounded(length: int) -> int:
        return int(LENGTHS[length_bytes(length)])

    with index.whoosh.reader() as reader:
        lengths: dict[str, list[int]] = {"title": [], "question": [], "answer": []}
        for number, article in enumerate(index):
            title = question = words(article.title)
            if not same_text(article.title, article.question):
                question += words(article.question)
            expected = {"title": title, "question": question, "answer": words(article.answer)}
            for name, length in expected.items():
                assert reader.doc_field_length(number, name) == rounded(length), article
                lengths[name].append(rounded(length))
        for name, found in lengths.items():
            assert reader.field_length(name) == sum(found)
            assert reader.min_field_length(name) == min(found)
            assert reader.max_field_length(name) == max(found)
        assert reader.doc_field_length(0, "url", 7) == 7
        assert reader.field_length("subject") == reader.max_field_length("date") == 0
        assert reader.min_field_length("id") == 0


def test_there_are_no_vectors(reader: Any) -> None:
    assert not reader.has_vector(0, "answer")
    with pytest.raises(Exception, match="No vectors"):
        reader.vector(0, "answer")


# -- terms


def test_terms_of_a_field(reader: Any) -> None:
    assert sorted(reader.indexed_field_names()) == FIELDS
    assert list(reader.lexicon("subject")) == [b"biology", b"computer science", b"physics"]
    assert list(reader.field_terms("id")) == ["101", "102", "103", "201", "202"]
    assert list(reader.lexicon("url")) == sorted(str(a.url).encode() for a in ARTICLES)
    assert list(reader.expand_prefix("title", "po")) == [b"pointer"]
    assert list(reader.expand_prefix("title", "haiku")) == []
    assert list(reader.expand_prefix("question", "haiku")) == [b"haiku"]
    assert "gone" not in list(reader.field_terms("subject"))
    assert b"obsolet" not in list(reader.lexicon("title"))
    days = reader.schema["date"].sortable_terms(reader, "date")
    assert reader.schema["date"].from_bytes(next(days)) == datetime.datetime(2021, 11, 30)
    assert len(list(days)) == 4


def test_all_terms_are_in_order(reader: Any) -> None:
    terms = list(reader.all_terms())
    assert terms == sorted(set(terms))
    assert [name for name, _ in itertools.groupby(terms, lambda term: term[0])] == FIELDS
    assert list(reader.terms_from("question", b"")) == [t for t in terms if t[0] >= "question"]
    assert [term for term, _ in reader] == terms
    after = [term for term, _ in reader.iter_from("title", "m")]
    assert after == [term for term in terms if term >= ("title", b"m")]
    assert [text for text, _ in reader.iter_prefix("answer", "neur")] == [
        text for name, text in terms if name == "answer" and text.startswith(b"neur")
    ]


def test_statistics_of_a_term(reader: Any) -> None:
    assert ("answer", "pointer") in reader
    assert ("answer", b"pointer") in reader
    assert ("answer", "nowhere") not in reader
    assert ("nowhere", "pointer") not in reader
    info = reader.term_info("answer", "pointer")
    assert (info.weight(), info.doc_frequency(), info.max_weight()) == (4.0, 1, 4.0)
    assert info.min_id() == info.max_id() == reader.first_id("answer", "pointer")
    assert info.min_length() == info.max_length() == reader.doc_field_length(6, "answer")
    assert reader.frequency("answer", "pointer") == 4.0
    assert reader.doc_frequency("answer", "neuron") == 2
    assert reader.term_info("subject", "Biology").doc_frequency() == 3
    assert reader.term_info("url", SKY).min_length() == 0
    assert reader.most_frequent_terms("keywords", 1, "h") == [(1.0, b"hash")]
    assert len(reader.most_distinctive_terms("answer", 3)) == 3


def test_a_term_that_is_nowhere(reader: Any) -> None:
    assert reader.frequency("answer", "nowhere") == reader.doc_frequency("id", "") == 0
    assert reader.doc_frequency("subject", "") == reader.doc_frequency("date", b"short") == 0
    assert reader.doc_frequency("url", b"\xff") == reader.doc_frequency("title", b"\xff") == 0
    assert reader.doc_frequency("date", b"\x01" + bytes(8)) == 0
    assert reader.doc_frequency("date", b"\x08" + b"\xff" * 8) == 0
    for call in (reader.term_info, reader.postings, reader.first_id):
        with pytest.raises(TermNotFound):
            call("answer", "nowhere")
    with pytest.raises(TermNotFound):
        list(reader.lexicon("nowhere"))


def test_a_cursor(reader: Any) -> None:
    cursor = reader.cursor("subject")
    assert cursor.text() == "biology"
    assert cursor.term() == ("subject", b"biology")
    assert cursor.term_info().doc_frequency() == 3
    assert cursor.next() == "computer science"
    assert cursor.find("Mathematics") == "physics"
    assert cursor.is_valid()
    assert cursor.next() is None
    assert not cursor.is_valid()
    assert cursor.text() is cursor.term() is cursor.term_info() is None
    assert cursor.first() == "biology"
    cursor = reader.cursor("url")
    assert cursor.find("z") is None


def test_a_segment_and_its_codec(reader: Any) -> None:
    for leaf, _ in reader.leaf_readers():
        segment = leaf.segment()
        assert segment.doc_count() == segment.doc_count_all() == leaf.doc_count()
        assert not segment.has_deletions()
        codec = segment.codec()
        assert ("url", b"nowhere") not in codec.terms_reader(None, segment)
        documents = codec.per_document_reader(None, segment)
        assert documents.supports_columns()
        assert list(documents.deleted_docs()) == []
        assert not documents.has_vector(0, "answer")
