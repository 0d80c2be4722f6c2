from __future__ import annotations

import gc
import shutil
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from whoosh import query
from whoosh.index import Index, create_in, open_dir
from whoosh.qparser import QueryParser

import qsearch
from qsearch import ArgumentError, Article
from qsearch.index.snapshot import Snapshot
from qsearch.storage import FolderStorage
from qsearch.whoosh_view import WhooshView
from tests.conftest import MakeIndex
from tests.whoosh.conftest import ARTICLES, NEURONS, OSMOSIS, add

FEW = [
    Article(url="/1", title="Alpha beta", answer="alpha", date="2024-01-01", subject="S"),
    Article(url="/2", answer="beta gamma", keywords=("alpha",)),
]

QUERIES = [
    "alpha", '"alpha beta"', "al*", "*a*", "alpha~", "[a TO b]", "date:2024", "subject:s", "*:*",
    "-alpha", "NOT alpha", "title:alpha OR answer:beta", "alpha ANDNOT beta",
]  # fmt: skip


def test_it_is_a_whoosh_index(index: qsearch.Index) -> None:
    ix = index.whoosh
    assert isinstance(ix, Index)
    assert ix.schema.names() == [
        "answer", "date", "id", "keywords", "question", "subject", "title", "url",
    ]  # fmt: skip
    assert ix.schema.stored_names() == ix.schema.names()
    assert ix.schema.scorable_names() == ["answer", "keywords", "question", "title"]
    assert ix.schema["url"].unique
    assert ix.doc_count() == ix.doc_count_all() == len(index) == len(ARTICLES)
    assert not ix.is_empty()
    assert ix.field_length("answer") > ix.max_field_length("answer") > 0
    ix.optimize()
    ix.close()


@pytest.mark.parametrize(
    "write",
    [
        lambda ix: ix.writer(),
        lambda ix: ix.writer(timeout=1.0, procs=2),
        lambda ix: ix.add_field("more", None),
        lambda ix: ix.remove_field("title"),
        lambda ix: ix.delete_by_term("url", NEURONS),
        lambda ix: ix.delete_by_query(query.Every()),
    ],
)
def test_it_is_read_only(index: qsearch.Index, write: Any) -> None:
    with pytest.raises(ArgumentError, match=r"index\.whoosh is read-only: use index\.writer\(\)"):
        write(index.whoosh)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_small_indexes(make_index: MakeIndex, count: int) -> None:
    index = make_index(FEW[:count])
    ix = index.whoosh
    assert ix.is_empty() == (count == 0)
    assert ix.doc_count() == ix.doc_count_all() == count
    with ix.searcher() as searcher:
        assert searcher.up_to_date()
        reader = searcher.reader()
        assert reader.generation() == ix.latest_generation()
        for name in ix.schema.names():
            assert len(list(reader.lexicon(name))) >= min(count, name == "answer")
            assert reader.field_length(name) >= reader.min_field_length(name) >= 0
            assert reader.cursor(name).is_valid() == bool(list(reader.lexicon(name)))
        for text in QUERIES:
            asked = QueryParser("answer", ix.schema).parse(text)
            assert len(searcher.search(asked)) <= count
            assert len(searcher.search(asked, sortedby="date", groupedby="subject")) <= count
        assert len(searcher.search(query.Every(), sortedby="url")) == count
        assert len(searcher.search(query.Not(query.Term("answer", "alpha")))) == max(count - 1, 0)
        assert (searcher.document(url="/1") is None) == (count == 0)
        if count:
            assert len(searcher.more_like(0, "answer")) == 0
            assert len(searcher.key_terms([0], "title")) == 2


def test_an_index_of_which_everything_is_deleted(make_index: MakeIndex) -> None:
    index = make_index(FEW, ARTICLES)
    with index.writer() as writer:
        for article in (*FEW, *ARTICLES):
            writer.delete(article.url)
    ix = index.whoosh
    assert ix.is_empty()
    assert ix.doc_count_all() == 0
    with ix.searcher() as searcher:
        assert len(searcher.search(query.Every())) == 0


def test_a_view_shows_one_snapshot(make_index: MakeIndex) -> None:
    index = make_index(FEW[:1])
    before = index.whoosh
    with before.searcher() as searcher:
        add(index, FEW[1:])
        assert searcher.doc_count() == before.doc_count() == 1
        assert len(searcher.search(query.Every())) == 1
    assert index.whoosh.doc_count() == 2


def test_refreshing(make_index: MakeIndex) -> None:
    index = make_index(FEW[:1])
    view = index.whoosh
    assert view.up_to_date()
    assert view.refresh() is view
    searcher = view.searcher()
    assert searcher.up_to_date()
    assert searcher.refresh() is searcher
    add(index, FEW[1:])
    assert not view.up_to_date()
    assert view.latest_generation() == index.whoosh.latest_generation()
    assert not searcher.up_to_date()
    renewed = searcher.refresh()
    assert renewed.doc_count() == 2
    assert renewed.up_to_date()
    assert type(renewed) is type(searcher)
    assert renewed.weighting is searcher.weighting
    newer = view.refresh()
    assert newer.up_to_date()
    assert newer.doc_count() == 2
    assert newer.reader(reuse=newer.reader()).doc_count() == 2


def test_when_it_was_modified(make_index: MakeIndex) -> None:
    index = make_index(FEW)
    view = index.whoosh
    assert view.last_modified() > 1_600_000_000
    shutil.rmtree(index.path)
    assert view.last_modified() == view.latest_generation() == -1


def test_a_closed_index(make_index: MakeIndex) -> None:
    index = make_index(FEW)
    view = index.whoosh
    index.close()
    with pytest.raises(ArgumentError, match="closed"):
        _ = index.whoosh
    assert view.doc_count() == 2


def test_readers_share_what_was_read_while_the_snapshot_lives(make_index: MakeIndex) -> None:
    snapshot = Snapshot.newest(FolderStorage(make_index(FEW).path))
    one, two = WhooshView(snapshot).reader(), WhooshView(snapshot).reader()
    assert one is not two
    assert one.segment() is two.segment()
    one.close()
    assert two.doc_count() == 2
    segment = weakref.ref(two.segment())
    del one, two, snapshot
    gc.collect()
    assert segment() is None


def test_several_threads_search(index: qsearch.Index) -> None:
    view = index.whoosh
    asked = QueryParser("answer", view.schema).parse("osmosis OR neur*")

    def search(_: int) -> list[str]:
        with view.searcher() as searcher:
            assert QueryParser("answer", view.schema).parse("osmosis OR neur*") == asked
            return [hit["url"] for hit in searcher.search(asked)]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(search, range(40)))
    assert found[0][0] == OSMOSIS or found[0]
    assert found == [found[0]] * 40


def test_the_articles_go_into_an_index_of_whooshs_own(index: qsearch.Index, tmp_path: Path) -> None:
    view = index.whoosh
    writer = create_in(str(tmp_path), view.schema).writer()
    for fields in view.reader().all_stored_fields():
        writer.add_document(**fields)
    writer.commit()
    with open_dir(str(tmp_path)).searcher() as theirs, view.searcher() as ours:
        for text in ("neurons", '"voltage gated"', "subject:BIOLOGY", "date:2024", "title:osm*"):
            asked = QueryParser("answer", view.schema).parse(text)
            assert {hit["url"] for hit in theirs.search(asked)} == {
                hit["url"] for hit in ours.search(asked)
            }
        groups = theirs.search(query.Every(), groupedby="subject").groups()
        assert len(groups["biology"]) == 3


def test_the_sample_collection(make_index: MakeIndex) -> None:
    folder = Path(__file__).parents[2] / "data" / "articles"
    articles = list(qsearch.read_articles([folder]))[:60]
    index = make_index(articles)
    with index.whoosh.searcher() as searcher:
        for article in articles:
            number = searcher.document_number(url=article.url)
            assert searcher.stored_fields(number)["answer"] == article.answer
        assert len(searcher.search(query.Every("answer"), limit=None)) == len(articles)


def test_whoosh_is_imported_in_silence_and_not_before_it_is_needed(tmp_path: Path) -> None:
    program = f"""
import sys
import qsearch
index = qsearch.create({str(tmp_path / "index")!r})
with index.writer() as writer:
    writer.add(qsearch.Article(url="/1", answer="neurons", subject="S"))
assert "whoosh.searching" not in sys.modules
view = index.whoosh
assert "whoosh.searching" in sys.modules
from whoosh.qparser import MultifieldParser
with view.searcher() as searcher:
    asked = MultifieldParser(["title", "answer"], view.schema).parse("neurons OR neur* OR nuron~")
    results = searcher.search(asked, groupedby="subject", terms=True)
    assert results[0].highlights("answer")
    assert searcher.suggest("answer", "neuron")
    assert not results[0].more_like_this("answer")
"""
    # Nothing compiled before: Python would warn of what it compiles.
    options = ["-W", "error", "-X", f"pycache_prefix={tmp_path / 'none'}"]
    subprocess.run([sys.executable, *options, "-c", program], check=True, cwd=Path.cwd())
