"""``qsearch export``, and that ``qsearch index`` reads it back."""

from __future__ import annotations

import datetime
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qsearch
from tests.cli.helpers import ROOT, Fill, Run, WriteArticle


def test_it_prints_an_article_a_line_in_the_input_format(run: Run, sample: Path) -> None:
    result = run("export")
    assert (result.code, result.err) == (0, "")
    lines = [json.loads(line) for line in result.out.splitlines()]
    assert [line["url"] for line in lines] == [
        "/biology/neurons", "/health/neurons", "/biology/sodium", "/biology/synapses",
        "/music/threes",
    ]  # fmt: skip
    assert result.out.endswith("}\n")


def test_as_one_document(run: Run, sample: Path, fill: Fill) -> None:
    articles = run("export", "--json").document["articles"]
    assert articles == [json.loads(line) for line in run("export").out.splitlines()]


def test_an_empty_index_exports_nothing(run: Run, fill: Fill) -> None:
    fill()
    result = run("export")
    assert (result.code, result.out) == (0, "")
    assert run("export", "--json").document == {"articles": []}


def test_real_articles_come_back_as_they_are(run: Run) -> None:
    articles = ROOT / "data" / "articles"
    run("index", str(articles))
    exported = run("export")
    assert exported.err == ""
    Path("back.jsonl").write_text(exported.out, encoding="utf-8")
    assert run("index", "back.jsonl", "--index", "second", "--json").document["skipped"] == []
    with qsearch.open(".qsearch") as index, qsearch.open("second") as second:
        assert len(index) > 100
        assert list(index) == list(second)


def test_line_breaks_and_latex_survive(run: Run, write_article: WriteArticle) -> None:
    write_article("a.md", url="/a", title="x", answer=r"one\ntwo $a \neq b$, \nabla, `\\n`")
    run("index", "a.md")
    exported = run("export")
    assert exported.err == ""
    (line,) = map(json.loads, exported.out.splitlines())
    assert line["answer"] == "one\ntwo $a \\neq b$, \\nabla, `\\\\n`"


def test_what_the_format_can_not_say_is_named(run: Run, fill: Fill) -> None:
    fill(
        qsearch.Article(url="/literal", title=r"the two characters \n here"),
        qsearch.Article(url="/blank", answer="trailing blank "),
        qsearch.Article(url="/fine", answer="a\nb"),
    )
    result = run("export")
    assert result.code == 0
    assert [line.rpartition(": ")[2] for line in result.err.splitlines()] == ["/blank"]


_text = st.lists(
    st.sampled_from([*"ab $`\\n\n", "\\n", "\\nabla", "$$", "\u2028", "\x1b", "é", "\\("]),
    max_size=12,
).map("".join)
_article = st.builds(
    qsearch.Article,
    url=st.sampled_from(["/a", "/b", "/c"]),
    id=st.sampled_from([None, "1", "007"]),
    title=_text,
    question=_text,
    answer=_text.map(lambda text: text + "."),
    keywords=st.lists(_text, max_size=3),
    subject=_text | st.lists(_text, max_size=3),
    description=_text,
    date=st.none() | st.dates(),
    rating=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    related=st.lists(
        st.builds(
            qsearch.RelatedArticle, id=st.sampled_from(["1", "x"]), title=_text, subject=_text
        )
    ),
    no_index=st.booleans(),
)


@given(st.lists(_article, max_size=4, unique_by=lambda article: article.url))
@settings(max_examples=40)
def test_an_article_comes_back_equal_or_is_named(articles: list[qsearch.Article]) -> None:
    from qsearch.cli.export_command import _comes_back
    from qsearch.cli.output import json_line

    lines = [json_line(article.to_dict()) for article in articles]
    named = [not _comes_back(article, line) for article, line in zip(articles, lines, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        back = list(qsearch.read_articles(path))
    assert [article != other for article, other in zip(articles, back, strict=True)] == named


def test_every_field_survives(run: Run, fill: Fill) -> None:
    article = qsearch.Article(
        url="/a",
        id="007",
        title="t",
        question="q",
        answer="a",
        keywords=("x, y", "z"),
        subject=["S", "T"],
        description="d",
        date=datetime.date(999, 1, 2),
        rating=1e-7,
        related=(qsearch.RelatedArticle(url="/b", id="8", title="t", subject="s"),),
        no_index=True,
    )
    fill(article)
    Path("a.jsonl").write_text(run("export").out, encoding="utf-8")
    assert list(qsearch.read_articles("a.jsonl")) == [article]


def test_a_whoosh_index_is_written_instead(run: Run, sample: Path) -> None:
    result = run("export", "--whoosh", "out")
    assert (result.code, result.err) == (0, "")
    assert result.out == f"5 articles are in {Path('out').absolute()}\n"
    again = run("export", "--whoosh", "out")
    assert again.complaint.startswith(f"{Path('out').absolute()} is not empty")
    document = run("export", "--whoosh", "other", "--json").document
    assert document == {"path": str(Path("other").absolute()), "articles": 5}


def test_an_export_to_nowhere_says_so(run: Run, sample: Path) -> None:
    Path("file").write_text("x", encoding="utf-8")
    assert "file" in run("export", "--whoosh", "file").complaint
    assert run("export", "--whoosh", "").code == 2


def test_on_a_terminal_a_long_export_shows_how_far_it_is(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qsearch.cli.progress.PATIENCE", 0)
    result = run("export", "--whoosh", "out", terminal=True)
    assert "writing" in result.err
    assert "articles" in result.err
