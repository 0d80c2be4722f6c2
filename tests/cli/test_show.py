"""``qsearch show``."""

from __future__ import annotations

from pathlib import Path

import qsearch
from tests.cli.helpers import Fill, Process, Run


def test_in_a_pipe_an_article_is_plain_text(run: Run, sample: Path) -> None:
    result = run("show", "/biology/neurons")
    assert (result.code, result.err) == (0, "")
    assert (
        result.out
        == """\
How do neurons fire?
Subject: Biology, Health Studies
Date: 2024-05-01
Keywords: action potential, neuron
Score: 4.5
Id: 1
Url: /biology/neurons
Url: /health/neurons
File: /articles/neurons.md:1

A neuron fires when its membrane is excited.

Sodium rushes in: $Na^+$.

Related:
  What is sodium? | Biology | /biology/sodium
  Synapses | id 3
  Nowhere | /nowhere
"""
    )


def test_markup_is_not_shown(run: Run, tmp_path: Path) -> None:
    with qsearch.create(tmp_path / ".qsearch") as index, index.writer() as writer:
        writer.add(
            qsearch.Article(
                url="/a",
                title="Where is <b>it</b>, and `<div>` &amp; co?",
                question="**Where?**",
                answer="import A from './a'\n\n# One {#one}\n{{< tip >}}Here{{< /tip >}}"
                "<!-- no -->\n- [a](http://b)\n\n```html\n<i>x</i>\n```\n",
            )
        )
    shown = run("show", "/a").out
    assert shown == (
        "Where is it, and <div> & co?\nUrl: /a\n\nWhere?\n\nOne\nHere\na\n\n<i>x</i>\n"
    )
    assert "1. Where is it, and <div> & co?\n" in run("search", "it").out
    assert "import A" in run("show", "/a", "--json").document["articles"][0]["answer"]


def test_on_a_terminal_the_answer_is_rendered(run: Run, sample: Path) -> None:
    result = run("show", "/biology/neurons", terminal=True)
    assert result.code == 0
    assert "\x1b[1mHow do neurons fire?\x1b[0m" in result.out
    assert "\x1b[1mmembrane\x1b[0m" in result.out
    assert "$Na^+$" in result.out
    assert "/biology/sodium" in result.out


def test_a_question_that_is_not_the_title_is_shown(run: Run, sample: Path) -> None:
    for terminal in (False, True):
        out = run("show", "/biology/sodium", terminal=terminal).out
        assert "Sodium" in out
        assert "What is sodium, and where is it found?" in out


def test_json_has_every_field_and_the_source(run: Run, sample: Path) -> None:
    (article,) = run("show", "/biology/neurons", "--json").document["articles"]
    assert article == {
        "url": "/biology/neurons",
        "id": "1",
        "title": "How do neurons fire?",
        "question": "How do neurons fire?",
        "answer": "A neuron fires when its **membrane** is excited.\n\nSodium rushes in: $Na^+$.",
        "keywords": ["action potential", "neuron"],
        "subject": "Biology",
        "description": "",
        "date": "2024-05-01",
        "score": 4.5,
        "related": [
            {"url": "/biology/sodium", "id": "2", "title": "What is sodium?", "subject": "Biology"},
            {"url": None, "id": "3", "title": "Synapses", "subject": ""},
            {"url": "/nowhere", "id": "99", "title": "Nowhere", "subject": ""},
        ],
        "no_index": False,
        "urls": ["/biology/neurons", "/health/neurons"],
        "path": "/articles/neurons.md",
        "line": 1,
    }


def test_copies_are_shown_once_with_all_urls_the_given_one_first(run: Run, sample: Path) -> None:
    def urls(key: str) -> list[list[str]]:
        return [article["urls"] for article in run("show", key, "--json").document["articles"]]

    assert urls("1") == [["/biology/neurons", "/health/neurons"]]
    assert urls("/health/neurons") == [["/health/neurons", "/biology/neurons"]]


def test_an_id_shows_every_article_that_has_it(run: Run, sample: Path) -> None:
    result = run("show", "3")
    first, second = result.out.split("\n\n--------\n\n")
    assert first.startswith("What is a synapse?\n")
    assert second.startswith("What is a triplet?\n")
    both = run("show", "3", terminal=True).out
    assert "What is a synapse?" in both
    assert "What is a triplet?" in both
    assert len(run("show", "3", "--json").document["articles"]) == 2


def test_a_url_goes_before_an_id(run: Run, fill: Fill) -> None:
    fill(
        qsearch.Article(url="7", id="1", title="by url"),
        qsearch.Article(url="/x", id="7", title="by id"),
    )
    (article,) = run("show", "7", "--json").document["articles"]
    assert article["title"] == "by url"


def test_an_article_without_url_and_id_is_shown(run: Run, fill: Fill) -> None:
    fill(qsearch.Article(url="/bare", answer="Nothing else."))
    assert run("show", "/bare").out == "/bare\nUrl: /bare\n\nNothing else.\n"


def test_an_unrated_article_shows_no_score(run: Run, fill: Fill) -> None:
    fill(qsearch.Article(url="/a", title="alpha", rating=-1.0))
    assert "Score" not in run("show", "/a").out


def test_an_id_may_begin_with_a_minus_after_two(run: Run, fill: Fill) -> None:
    fill(qsearch.Article(id="-13", title="alpha"))
    assert "write -- before it" in run("show", "-13").complaint
    assert run("show", "--", "-13").out.startswith("alpha\n")


def test_an_unknown_key_is_nothing_found(run: Run, sample: Path) -> None:
    result = run("show", "/nix")
    assert (result.code, result.out) == (1, "")
    assert result.err.count("\n") == 1
    assert "/nix" in result.err
    result = run("show", "/nix", "--json")
    assert (result.code, result.document) == (1, {"articles": []})


def test_a_key_that_is_no_utf_8_is_nothing_found(process: Process, sample: Path) -> None:
    assert process("show", b"\xff").returncode == 1


def test_a_link_may_be_just_an_id(run: Run, fill: Fill) -> None:
    fill(qsearch.Article(url="/a", title="alpha", related=["99"]))
    for terminal in (False, True):
        assert "id 99" in run("show", "/a", terminal=terminal).out


def test_several_subjects_are_listed_and_a_list_in_json(run: Run, fill: Fill) -> None:
    fill(qsearch.Article(url="/a", title="a", subject=["Music", "Physics"]))
    assert "Subject: Music, Physics\n" in run("show", "/a").out
    (shown,) = run("show", "/a", "--json").document["articles"]
    assert shown["subject"] == ["Music", "Physics"]
