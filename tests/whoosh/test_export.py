"""``qsearch export --whoosh``: an index of Whoosh's own that finds what ``index.whoosh`` finds."""

from __future__ import annotations

import datetime
import json
import pickle
import pickletools
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh import query, sorting
from whoosh.qparser import MultifieldParser, OrGroup, QueryParser

import qsearch
from qsearch.analysis.analyzer import Analyzer
from qsearch.errors import ArgumentError
from qsearch.index.snapshot import Snapshot
from qsearch.whoosh_export.analyzer import PortableAnalyzer, Texts, stock_analyzer
from qsearch.whoosh_export.export import export_whoosh
from tests.conftest import MakeIndex
from tests.helpers import ROOT, article, run_python
from tests.whoosh.stock import WORDS, random_articles

SETTINGS = Analyzer("english").settings()
SEARCHED = ["title", "question", "answer", "keywords"]

Export = Callable[[qsearch.Index], Any]


@pytest.fixture
def export(tmp_path: Path) -> Export:
    def made(index: qsearch.Index) -> Any:
        folder = tmp_path / "exported"
        assert export_whoosh(snapshot_of(index), folder) == len(index)
        return whoosh_index.open_dir(str(folder))

    return made


def snapshot_of(index: qsearch.Index) -> Snapshot:
    return Snapshot.newest(index._storage)


def found(searcher: Any, text: str, fields: list[str] = SEARCHED) -> list[str]:
    parsed = MultifieldParser(fields, searcher.schema, group=OrGroup).parse(text)
    return sorted(hit["url"] for hit in searcher.search(parsed, limit=None))


def test_the_sample_collection_answers_alike(make_index: MakeIndex, export: Export) -> None:
    collection = list(qsearch.read_articles(ROOT / "data" / "articles"))
    index = make_index(collection)
    exported = export(index)
    assert exported.doc_count() == len(collection)
    asked = [one.question for one in collection]
    asked += ["Ca2+", "C++", "voltage-gated", '"action potential"', "E=mc^2", "U.S.", "neuron*"]
    with exported.searcher() as theirs, index.whoosh.searcher() as ours:
        for text in asked:
            assert found(theirs, text) == found(ours, text)
        assert found(theirs, "Ca2+")
        # The ranking is Whoosh's, but a question finds its article.
        for one in collection[::10]:
            parsed = MultifieldParser(SEARCHED, exported.schema, group=OrGroup).parse(one.question)
            assert one.question in [hit["question"] for hit in theirs.search(parsed, limit=3)]


@pytest.mark.parametrize("seed", range(3))
def test_random_articles_and_every_field(make_index: MakeIndex, export: Export, seed: int) -> None:
    rng = random.Random(seed)
    index = make_index(random_articles(25, rng), random_articles(15, rng, "again"))
    with index.writer() as writer:
        writer.delete(next(iter(index)).url)
    exported = export(index)
    with exported.searcher() as theirs, index.whoosh.searcher() as ours:
        for field in SEARCHED:
            assert set(theirs.reader().field_terms(field)) == set(ours.reader().field_terms(field))
            for word in [*WORDS, f'"{rng.choice(WORDS)} {rng.choice(WORDS)}"']:
                assert found(theirs, word, [field]) == found(ours, word, [field])
        for subject in ("physics", "Computer  SCIENCE", "art"):
            named = f'subject:"{subject}"'
            assert found(theirs, named) == found(ours, named)
        between = "date:[2012 to 2020]"
        assert found(theirs, between) == found(ours, between)


def test_stored_fields_are_what_articles_hold(make_index: MakeIndex, export: Export) -> None:
    index = make_index(
        [
            article(
                "/all",
                "a title",
                id="7",
                question="a question",
                answer="an answer",
                keywords=["one", "two three"],
                subject=["physics", "Art"],
                date="2024-02-29",
            ),
            article("/some", "only this", subject="Physics"),
            article("/few", answer="Physics counts twice", subject="Physics"),
        ]
    )
    with export(index).searcher() as searcher:
        stored = {hit["url"]: hit.fields() for hit in searcher.search(query.Every())}
    assert stored["/all"] == {
        "url": "/all",
        "id": "7",
        "title": "a title",
        "question": "a question",
        "answer": "an answer",
        "keywords": "one, two three",
        "subject": ["Physics", "Art"],  # the commonest spelling
        "date": datetime.datetime(2024, 2, 29),
    }
    assert stored["/some"] == {
        "url": "/some",
        "title": "only this",
        "question": "",
        "answer": "",
        "keywords": "",
        "subject": "Physics",
    }


def test_it_sorts_and_groups_by_what_is_stored(make_index: MakeIndex, export: Export) -> None:
    index = make_index(
        [
            article("/b", subject=["Physics", "Art"], date="2024-01-02"),
            article("/a", subject="Art", date="2024-01-01"),
            article("/c", subject="art", date="2024-01-03"),
        ]
    )
    with export(index).searcher() as searcher:
        by_day = searcher.search(query.Every(), sortedby="date")
        assert [hit["url"] for hit in by_day] == ["/a", "/b", "/c"]
        each = sorting.FieldFacet("subject", allow_overlap=True, maptype=sorting.Count)
        assert searcher.search(query.Every(), groupedby=each).groups() == {"art": 3, "physics": 1}
        first = sorting.FieldFacet("subject", maptype=sorting.Count)
        assert searcher.search(query.Every(), groupedby=first).groups() == {"Art": 2, "Physics": 1}


def test_no_phrase_goes_from_one_text_into_another(make_index: MakeIndex, export: Export) -> None:
    exported = export(
        make_index([article("/a", "ends alpha", question="beta begins", keywords=["x y", "z"])])
    )
    with exported.searcher() as searcher:
        assert found(searcher, 'question:"ends alpha"') == ["/a"]
        assert found(searcher, 'question:"beta begins"') == ["/a"]
        assert found(searcher, 'question:"alpha beta"') == []
        assert found(searcher, 'keywords:"y z"') == []


def test_it_is_an_index_as_any_other_of_whoosh(make_index: MakeIndex, export: Export) -> None:
    exported = export(make_index([article("/a", "neurons fire")]))
    with exported.writer() as writer:
        writer.update_document(url="/a", title="Ca^{2+} flows")
        writer.add_document(url="/b", title="more neurons", subject="X")
    with exported.searcher() as searcher:
        assert found(searcher, "neuron") == ["/b"]
        assert found(searcher, "Ca2+") == ["/a"]
        assert found(searcher, "subject:x") == ["/b"]


# -- without qsearch

WITHOUT = """
import json, sys

class Nobody:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "qsearch":
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Nobody())
import warnings
warnings.simplefilter("ignore")
from whoosh.index import open_dir
from whoosh.qparser import MultifieldParser, OrGroup

index = open_dir(sys.argv[1])
with index.searcher() as searcher:
    fields = ["title", "question", "answer", "keywords"]
    parser = MultifieldParser(fields, index.schema, group=OrGroup)
    print(json.dumps([
        sorted(hit["url"] for hit in searcher.search(parser.parse(text), limit=None))
        for text in json.loads(sys.argv[2])
    ]))
assert "qsearch" not in sys.modules
"""


def test_plain_words_find_the_same_where_there_is_no_qsearch(
    make_index: MakeIndex, export: Export, tmp_path: Path
) -> None:
    collection = list(qsearch.read_articles(ROOT / "data" / "articles"))
    exported = export(make_index(collection))
    asked = [one.question for one in collection if one.question.replace("?", "").isascii()]
    asked = [text for text in asked if "U.S." not in text][::5]
    asked += ['"the speed of light"', "NEURONAL", "1,000", "C++", "voltage-gated", "don't"]
    done = run_python(WITHOUT, str(tmp_path / "exported"), json.dumps(asked))
    with exported.searcher() as searcher:
        assert json.loads(done.stdout) == [found(searcher, text) for text in asked]


def test_the_analyser_is_pickled_without_naming_anything_of_ours() -> None:
    pickled = pickle.dumps(PortableAnalyzer(SETTINGS), 2)
    named = [
        argument
        for opcode, argument, _ in pickletools.genops(pickled)
        if opcode.name in ("GLOBAL", "STACK_GLOBAL")
    ]
    assert named
    assert not any("qsearch" in str(name) for name in named)


def test_with_qsearch_it_is_unpickled_as_it_was() -> None:
    again = pickle.loads(pickle.dumps(PortableAnalyzer(SETTINGS), 2))
    assert isinstance(again, PortableAnalyzer)
    assert [token.text for token in again("Ca^{2+} voltage-gated")] == [
        "ca2+", "voltag-gate", "voltag", "gate",
    ]  # fmt: skip


def test_a_qsearch_with_other_terms_leaves_it_to_whoosh(caplog: pytest.LogCaptureFixture) -> None:
    portable = PortableAnalyzer(SETTINGS)
    portable._settings = {**SETTINGS, "version": 0}
    again = pickle.loads(pickle.dumps(portable, 2))
    assert [token.text for token in again("firing neurons")] == ["fire", "neuron"]
    assert "parts of Whoosh" in caplog.text


@given(
    st.lists(
        st.sampled_from([*(word for word in WORDS if word.isalpha() and word.isascii()), "3.14"])
        | st.from_regex(r"[A-Za-z]{2,12}", fullmatch=True)
        | st.from_regex(r"[1-9][0-9]{0,2}(,[0-9]{3}){0,2}", fullmatch=True)
    ).map(" ".join),
    st.sampled_from(["english", "german", "french"]),
)
def test_parts_of_whoosh_give_our_terms_of_plain_words(text: str, language: str) -> None:
    ours = [token.term for token in Analyzer(language).tokens(text)]
    assert [token.text for token in stock_analyzer(language)(text)] == ours


def test_texts_keep_their_places_apart() -> None:
    tokens = PortableAnalyzer(SETTINGS)(Texts(["a b", "", "c"]), positions=True)
    assert [(token.text, token.pos) for token in tokens] == [("a", 0), ("b", 1), ("c", 34)]


# -- all or nothing


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "_MAIN_1.toc"])
def test_nothing_is_written_over_what_is_there(
    make_index: MakeIndex, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "exported"
    folder.mkdir()
    (folder / name).write_text("mine")
    with pytest.raises(ArgumentError, match="not empty"):
        export_whoosh(snapshot_of(make_index([article("/a")])), folder)
    assert [path.name for path in folder.iterdir()] == [name]


def test_an_interrupted_export_leaves_nothing(make_index: MakeIndex, tmp_path: Path) -> None:
    index = make_index([article(f"/{number}") for number in range(5)])
    folder = tmp_path / "exported"

    def interrupt(done: int, total: int) -> None:
        assert total == 5
        assert not whoosh_index.exists_in(str(folder))
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_whoosh(snapshot_of(index), folder, interrupt)
    assert list(folder.iterdir()) == []
    assert export_whoosh(snapshot_of(index), folder) == 5


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_it_is_no_index_before_the_last_file_is_there(
    make_index: MakeIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    folder = tmp_path / "exported"
    rename = Path.rename
    moved: list[Path] = []

    def killed(self: Path, target: Path) -> Path:
        assert not whoosh_index.exists_in(str(folder))
        if len(moved) == moves:
            raise OSError("no more")
        moved.append(target)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", killed)
    with monkeypatch.context() as patch:
        patch.setattr("qsearch.whoosh_export.export._empty", lambda folder: None)
        if moves < 2:
            with pytest.raises(OSError, match="no more"):
                export_whoosh(snapshot_of(make_index([article("/a")])), folder)
        else:
            export_whoosh(snapshot_of(make_index([article("/a")])), folder)
    assert whoosh_index.exists_in(str(folder)) == (moves == 2)


def test_an_empty_index_is_exported_as_an_empty_one(make_index: MakeIndex, export: Export) -> None:
    exported = export(make_index())
    assert exported.is_empty()
    assert QueryParser("answer", exported.schema).parse("x")
