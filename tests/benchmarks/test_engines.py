from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import engines
from benchmarks.collection import Collection, record_of
from benchmarks.engines import PEERS, Engine, Ours
from benchmarks.engines.bm25s_index import Bm25s
from benchmarks.failure import BenchmarkError
from benchmarks.queries import Query
from qsearch import Article

ARTICLES = [
    Article(
        url=f"/{subject.lower()}/{place}",
        id=f"{subject}{place}",
        question=question,
        answer=answer,
        subject=subject,
    )
    for place, (subject, question, answer) in enumerate(
        [
            ("Biology", "What is osmosis?", "Water moves through a membrane that lets it pass."),
            ("Biology", "How do cells divide?", "A cell doubles its content and then divides."),
            ("Physics", "Why is the sky blue?", "Short waves of light are scattered most."),
            ("Physics", "What is a light year?", "The way of light in one year: a distance."),
            ("Physics", "Does a cell give current?", "A galvanic cell drives electric current."),
        ]
    )
]
COLLECTION = Collection("five", ARTICLES)
KINDS = [Ours, *PEERS.values()]


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    kind: type[Engine] = request.param
    if missing := kind.missing():
        pytest.skip(missing)
    made = kind(tmp_path_factory.mktemp(kind.name) / "index")
    made.build(COLLECTION)
    made.close()
    made.open()
    yield made
    made.close()


def found(engine: Engine, kind: str, text: str, subject: str | None = None) -> list[str]:
    return [url for url, _ in engine.search(Query(kind, text, subject))]


def test_a_question_finds_its_article_first(engine: Engine) -> None:
    for article in ARTICLES:
        assert found(engine, "question", article.question)[0] == article.url


def test_words_are_stemmed_and_joined_by_or(engine: Engine) -> None:
    assert set(found(engine, "3 words", "dividing membranes unknownword")) == {
        "/biology/0",
        "/biology/1",
    }


def test_scores_fall(engine: Engine) -> None:
    scores = [score for _, score in engine.search(Query("question", "what is the way of light?"))]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)
    assert all(type(score) is float for score in scores)


def test_a_filter_lets_only_its_subject_through_in_any_case(engine: Engine) -> None:
    assert set(found(engine, "filtered", "cell", "PHYSICS")) == {"/physics/4"}
    assert found(engine, "filtered", "cell", "Chemistry") == []


def test_a_phrase_is_found_where_it_stands_together(engine: Engine) -> None:
    if "phrase" not in engine.kinds:
        pytest.skip(f"{engine.name} has no phrases")
    assert found(engine, "phrase", '"light year"') == ["/physics/3"]
    assert found(engine, "phrase", '"year light"') == []


@pytest.mark.parametrize("text", ["unknownword", "?!", ""])
def test_what_is_not_there_is_not_found(engine: Engine, text: str) -> None:
    assert found(engine, "question", text) == []


def test_punctuation_in_a_question_is_no_operator(engine: Engine) -> None:
    assert found(engine, "question", 'osmosis: (what* is "it?')[0] == "/biology/0"


def test_it_tells_its_settings_and_the_size_of_its_files(engine: Engine) -> None:
    assert engine.settings()
    assert engine.size() > 500


def test_a_missing_package_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bm25s, "packages", {"bm25s": "no_such_module"})
    assert engines.choose(["bm25s", "fts5"]) == (
        [PEERS["fts5"]],
        ["bm25s is not measured: pip install bm25s"],
    )


def test_an_unknown_peer_is_refused() -> None:
    with pytest.raises(BenchmarkError, match="whoosh, tantivy, bm25s, fts5"):
        engines.choose(["lucene"])


def test_peers_get_the_same_texts() -> None:
    article = Article(
        url="/a", title="T", question="Q", answer="A", keywords=("k", "l"), subject="S  x"
    )
    assert record_of(article) == ("/a", "s x", "T\nQ", "A", "k, l")
    same = Article(url="/a", title="Q  q", question="Q q", answer="A")
    assert record_of(same).question == "Q q"


def test_an_index_that_was_built_elsewhere_can_be_opened(tmp_path: Path) -> None:
    if missing := Bm25s.missing():
        pytest.skip(missing)
    one = Bm25s(tmp_path / "index")
    one.build(COLLECTION)
    other = Bm25s(tmp_path / "index")
    other.open()
    assert found(other, "question", "Why is the sky blue?")[0] == "/physics/2"
