"""``qsearch related``."""

from __future__ import annotations

from pathlib import Path

import qsearch
from tests.cli.helpers import Fill, Run


def test_each_link_says_whether_it_is_in_the_index_and_under_which_url(
    run: Run, sample: Path
) -> None:
    result = run("related", "/biology/neurons", "--json")
    assert result.code == 0
    assert result.document == {
        "url": "/biology/neurons",
        "related": [
            {
                "url": "/biology/sodium",
                "id": "2",
                "title": "What is sodium?",
                "subject": "Biology",
                "found": True,
            },
            {  # by its id
                "url": "/biology/synapses",
                "id": "3",
                "title": "Synapses",
                "subject": "Biology",
                "found": True,
            },
            {"url": "/nowhere", "id": "99", "title": "Nowhere", "subject": "", "found": False},
        ],
    }


def test_in_a_pipe_a_link_is_a_line_of_columns(run: Run, sample: Path) -> None:
    assert run("related", "/biology/neurons").out == (
        "found\t/biology/sodium\tWhat is sodium?\tBiology\n"
        "found\t/biology/synapses\tSynapses\tBiology\n"
        "missing\t/nowhere\tNowhere\t\n"
    )


def test_on_a_terminal_what_is_missing_stands_out(run: Run, sample: Path) -> None:
    out = run("related", "/biology/neurons", terminal=True).out
    assert "\x1b[36m/biology/sodium\x1b[0m\n" in out
    assert "missing in the index" in out


def test_a_url_that_is_gone_is_followed_by_its_id(run: Run, fill: Fill) -> None:
    fill(
        qsearch.Article(url="/a", title="a", related=[{"url": "/old", "id": "7"}]),
        qsearch.Article(url="/new", id="7", title="moved here"),
    )
    (link,) = run("related", "/a", "--json").document["related"]
    assert (link["url"], link["title"], link["found"]) == ("/new", "moved here", True)


def test_of_several_articles_with_the_id_it_is_the_one_of_the_subject(run: Run, fill: Fill) -> None:
    fill(
        qsearch.Article(url="/a", title="a", related=[{"id": "7", "subject": "music"}]),
        qsearch.Article(url="/1", id="7", title="x", subject="Art"),
        qsearch.Article(url="/2", id="7", title="y", subject="Music"),
    )
    (link,) = run("related", "/a", "--json").document["related"]
    assert link["url"] == "/2"


def test_a_link_with_only_an_unknown_id_is_shown_by_it(run: Run, fill: Fill) -> None:
    fill(qsearch.Article(url="/a", title="a", related=["99"]))
    assert run("related", "/a").out == "missing\tid 99\t\t\n"
    assert "id 99" in run("related", "/a", terminal=True).out


def test_the_links_of_copies_are_taken_together(run: Run, fill: Fill) -> None:
    fill(
        qsearch.Article(url="/a", id="1", title="t", related=["5"]),
        qsearch.Article(url="/b", id="1", title="t", related=["5", "6"]),
    )
    links = run("related", "1", "--json").document["related"]
    assert [link["id"] for link in links] == ["5", "6"]


def test_an_id_of_several_articles_is_an_error_that_lists_their_urls(
    run: Run, sample: Path
) -> None:
    assert run("related", "3").complaint == (
        "2 articles have the id 3: give the url of one of them: /biology/synapses, /music/threes"
    )


def test_no_links_are_nothing_found(run: Run, sample: Path) -> None:
    result = run("related", "/biology/sodium")
    assert (result.code, result.out) == (1, "")
    assert result.err == "the article /biology/sodium has no links\n"
    result = run("related", "/biology/sodium", "--json")
    assert (result.code, result.document) == (1, {"url": "/biology/sodium", "related": []})


def test_an_unknown_key_is_nothing_found(run: Run, sample: Path) -> None:
    result = run("related", "/nix", "--json")
    assert (result.code, result.document) == (1, {"url": None, "related": []})


def test_any_of_its_subjects_tells_it_from_others_with_its_id(run: Run, fill: Fill) -> None:
    fill(
        qsearch.Article(url="/a", title="a", related=[{"id": "7", "subject": "music  theory"}]),
        qsearch.Article(url="/1", id="7", title="x", subject=["Art", "Physics"]),
        qsearch.Article(url="/2", id="7", title="y", subject=["Physics", "Music Theory"]),
    )
    (link,) = run("related", "/a", "--json").document["related"]
    assert link["url"] == "/2"
