"""The real collection, which is no part of the project: skipped where it isn't beside it."""

from __future__ import annotations

import itertools
import tarfile
from pathlib import Path
from typing import IO, cast

import pytest

from qsearch.mathtext import N_COMMANDS, math_spans
from qsearch.reading import read_articles, read_sources

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora"
SAMPLE = 300

pytestmark = pytest.mark.skipif(
    not CORPORA.is_dir(), reason=f"the real articles are not there: {CORPORA}"
)

KINDS = {
    "no-fence": "the colon after 'question' is missing",
    "YAML-control-characters": "the control character U+000C can't stand in front matter",
    "YAML-mapping-keys": "text stands after the closing quote",
    "YAML-mapping-values": "a plain value can't hold a colon followed by a space",
}


def unpack(archive_name: str, folder: Path, limit: int | None = None) -> list[Path]:
    """The first files of an archive, in the folder under their base names."""
    paths = []
    with tarfile.open(CORPORA / archive_name, "r|xz") as archive:
        for member in itertools.islice((file for file in archive if file.isfile()), limit):
            path = folder / Path(member.name).name
            path.write_bytes(cast(IO[bytes], archive.extractfile(member)).read())
            paths.append(path)
    return paths


def test_each_malformed_article_is_one_error_at_its_cause(tmp_path: Path) -> None:
    malformed = unpack("quicktakes-malformed.tar.xz", tmp_path)
    assert len(malformed) == 71
    for path in malformed:
        (content,) = read_sources([(str(path), None)])
        assert content.articles == ()
        (error,) = content.errors
        (reason,) = (reason for kind, reason in KINDS.items() if path.name.startswith(kind))
        assert error.reason.startswith(reason)
        assert error.line is not None
        assert error.column is not None
        line = path.read_text().split("\n")[error.line - 1]
        before, after = line[: error.column - 1], line[error.column - 1 :]
        assert (before, after) == ("question", " >-") or (
            after.startswith(("\x0c", "?", ": solid, liquid")) and before
        )


def test_the_article_that_the_project_started_from_is_read() -> None:
    (article,) = read_articles(CORPORA / "seed-article.md")
    assert article.id == "22332"
    assert len(article.keywords) == 14
    assert [link.id for link in article.related] == ["22328", "22337"]
    assert "($Ca^{2+}$) into" in article.answer
    assert article.answer.count("\n") == 15
    assert "\\n" not in article.answer


def test_the_first_real_articles_are_read_and_their_line_breaks_decoded(tmp_path: Path) -> None:
    unpack("quicktakes-articles.tar.xz", tmp_path, SAMPLE)
    articles = list(read_articles(tmp_path))
    assert len(articles) == SAMPLE
    for article in articles:
        assert article.question
        assert article.subject
        for start, end in reversed(list(math_spans(answer := article.answer))):
            answer = answer[:start] + answer[end:]
        for left in answer.split("\\")[1:]:
            assert not left.startswith("n") or left.split()[0] in N_COMMANDS
