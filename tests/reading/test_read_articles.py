"""The public function: articles out of files and folders."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qsearch.article import Article
from qsearch.errors import ArgumentError, ArticleError
from qsearch.limits import Limits
from qsearch.reading import containers, content, read_articles
from qsearch.reading.containers import jsonlines

Write = Callable[[str, "str | bytes"], str]

SEED = r"""---
_schema: default
id: 22332
date: 2024-11-22
title: >-
    How are neurotransmitters released from neurons?
article_title: >-
    How are neurotransmitters released from neurons?
date_format: MMM DD, YYYY
post_on_text: Posted on
seo:
  title: QuickTakes | Psychology
  page_description: >-
    This content explains the release.
  page_keywords: >-
    neurotransmitter release,synaptic transmission, action potential
author: QuickTakes
question: >-
    How are neurotransmitters released from neurons?
answer: >-
    It is a process.\n\nThe influx of ions ($Ca^{2+}$) follows.\n1. Arrival
subject: Psychology
file_name: how-are-neurotransmitters-released-from-neurons.md
url: /learn/psychology/questions/how-are-neurotransmitters-released-from-neurons
score: -1.0
related_article1:
    id: 22328
    title: >-
        Can you provide examples of key neurotransmitters?
    subject: Health Studies
    url: /learn/health-studies/questions/can-you-provide
---

&nbsp;
"""


@pytest.fixture(params=[0, 2])
def workers(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def line(url: str) -> str:
    return f'{{"url": "{url}", "title": "t"}}\n'


def markdown(url: str) -> str:
    return f"---\nurl: {url}\ntitle: t\n---\n"


def test_the_article_that_the_project_started_from_is_read(write: Write) -> None:
    (article,) = read_articles(write("seed.md", SEED))
    assert article.id == "22332"
    assert article.title == article.question == "How are neurotransmitters released from neurons?"
    assert article.answer == (
        "It is a process.\n\nThe influx of ions ($Ca^{2+}$) follows.\n1. Arrival"
    )
    assert article.description == "This content explains the release."
    assert article.keywords == (
        "neurotransmitter release",
        "synaptic transmission",
        "action potential",
    )
    assert (str(article.date), article.rating, article.subject) == (
        "2024-11-22",
        -1.0,
        "Psychology",
    )
    assert [link.id for link in article.related] == ["22328"]


def test_articles_come_in_the_order_of_their_paths_and_lines(
    tmp_path: Path, write: Write, workers: int
) -> None:
    write("b.md", markdown("/b"))
    write("c/d.jsonl", line("/1") + line("/2"))
    write("c/e.jsonl.gz", gzip.compress(line("/3").encode()))
    write("a.markdown", markdown("/a"))
    urls = [article.url for article in read_articles(tmp_path, workers=workers)]
    assert urls == ["/a", "/b", "/1", "/2", "/3"]


def test_the_first_error_is_raised(tmp_path: Path, write: Write, workers: int) -> None:
    write("a.md", markdown("/a"))
    write("b.md", "--- \nnothing\n---\n")
    reading = read_articles(tmp_path, workers=workers)
    assert next(reading).url == "/a"
    with pytest.raises(ArticleError, match=r"b\.md:2:1: this line is no `name: value`"):
        next(reading)


def test_a_function_gets_every_error_and_the_rest_is_read(
    tmp_path: Path, write: Write, workers: int
) -> None:
    errors: list[ArticleError] = []
    write("a.md", "---\nnothing\n---\n")
    write("b.jsonl", line("/1") + "nothing\n" + line("/2"))
    write("c.jsonl.gz", b"nothing")
    (tmp_path / "d.md").symlink_to("/etc/passwd")
    articles = read_articles(tmp_path, on_error=errors.append, workers=workers)
    assert [article.url for article in articles] == ["/1", "/2"]
    places = [(Path(error.path or "").name, error.line, error.column) for error in errors]
    assert places == [
        ("d.md", None, None),  # found while looking for the sources
        ("a.md", 2, 1),
        ("b.jsonl", 2, 1),
        ("c.jsonl.gz", 1, None),
    ]


def test_a_file_that_is_gone_by_now_is_an_error_like_others(
    tmp_path: Path, write: Write, workers: int
) -> None:
    errors: list[ArticleError] = []
    path = write("a.jsonl", line("/1"))
    reading = read_articles(tmp_path, on_error=errors.append, workers=workers)
    Path(path).unlink()
    assert list(reading) == []
    assert [str(error) for error in errors] == [
        f"{path}: the file can't be read: No such file or directory"
    ]


def test_a_missing_path_is_told_at_the_call(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_articles(tmp_path / "missing")


@pytest.mark.parametrize(
    "wrong",
    [{"on_error": "ignore"}, {"on_error": None}, {"workers": -1}, {"workers": True}, {"limits": 5}],
    ids=str,
)
def test_wrong_arguments_are_told_at_the_call(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(ArgumentError, match=next(iter(wrong))):
        read_articles(tmp_path, **wrong)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="paths"):
        read_articles(5)  # type: ignore[arg-type]


def test_limits_are_applied(tmp_path: Path, write: Write, workers: int) -> None:
    write("a.md", markdown("/a"))
    with pytest.raises(ArticleError, match="longer than 5 bytes"):
        list(read_articles(tmp_path, limits=Limits(file_bytes=5), workers=workers))


def test_a_json_lines_file_is_read_as_a_stream(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.jsonl", line("/1") + line("/2"))
    seen = 0

    def watched(*args: Any) -> Iterator[Any]:
        nonlocal seen
        for item in jsonlines.records(*args):
            seen += 1
            yield item

    reads = containers.container_of(".jsonl")._replace(records=watched)
    monkeypatch.setattr(content, "container_of", lambda _: reads)
    reading = read_articles(path)
    assert isinstance(next(reading), Article)
    assert seen == 1


def test_a_reading_process_starts_without_numpy() -> None:
    """Regression: a helper of what encodes articles brought NumPy into every process that reads."""
    program = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "import qsearch.reading.worker, qsearch.index.encoded\n"
        "print('numpy' in sys.modules)\n"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert output.stdout == "False\n"


def test_importing_the_package_imports_no_yaml_and_reading_json_needs_none(write: Write) -> None:
    program = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "import qsearch.reading\n"
        "heavy = {'yaml', 'numpy', 'nltk', 'whoosh', 'multiprocessing', 'subprocess'}\n"
        f"list(qsearch.reading.read_articles({write('a.jsonl', line('/a'))!r}))\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert output.stdout == "[]\n"
