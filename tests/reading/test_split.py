"""One file, many questions: which headings divide it, and what becomes of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsearch.reading.anchors import Anchors
from qsearch.reading.headings import headings
from qsearch.reading.split import is_question
from tests.reading.helpers import read

FAQ = """---
title: Questions
tags: [shop]
category: Shopping
date: 2024-01-05
---
# Questions

Write to us if yours is missing.

## Do you ship abroad?

Yes.

### Where to?

To Norway.

## Can I pay by card?

Yes.

## Can I pay by card?

With any.
"""


def test_a_file_of_questions_is_an_article_a_question() -> None:
    (rest, *parts), errors, _ = read("FAQ.md", FAQ)
    assert not errors
    assert (rest.url, rest.title) == ("FAQ.md", "Questions")
    assert "Write to us" in rest.answer
    assert [(part.url, part.question, part.line) for part in parts] == [
        ("FAQ.md#do-you-ship-abroad", "Do you ship abroad?", 11),
        ("FAQ.md#can-i-pay-by-card", "Can I pay by card?", 19),
        ("FAQ.md#can-i-pay-by-card-1", "Can I pay by card?", 23),
    ]
    assert parts[0].answer == "Yes.\n\n### Where to?\n\nTo Norway."
    for part in (rest, *parts):
        assert (part.keywords, part.subject, str(part.date)) == (
            ("shop",), "Shopping", "2024-01-05",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("# A\n## Why?\nx\n## Install\ny\n## License\nz\n", ["a.md"]),  # one question of three
        ("## Why?\nx\n", ["a.md"]),  # one heading is no list
        ("```\n## Why?\n## How?\n```\nx\n", ["a.md"]),
        ("<!--\n## Why?\n## How?\n-->\nx\n", ["a.md"]),
        ("    ## Why?\n\n    ## How?\n", ["a.md"]),
        ("- ```sh\n  # Why?\n  # How?\n  ```\n", ["a.md"]),
        ("Why?\n----\nx\n\nHow?\n---\ny\n", ["a.md#why", "a.md#how"]),
        ("# Why?\nx\n# How?\ny\n", ["a.md#why", "a.md#how"]),
        ("## Pay\n### Why?\nx\n## Ship\n### How?\ny\n", ["a.md", "a.md#why", "a.md#how"]),
        ("# FAQ\n## Why?\nx\n## How?\ny\n", ["a.md#why", "a.md#how"]),
        ("## Pourquoi ?\nx\n## ¿Cómo funciona?\ny\n", ["a.md#pourquoi-", "a.md#cómo-funciona"]),
        ("## 为什么？\nx\n## كيف؟\ny\n", ["a.md#为什么", "a.md#كيف"]),
    ],
)
def test_what_is_divided(body: str, keys: list[str]) -> None:
    articles, errors, _ = read("a.md", body)
    assert not errors
    assert [article.url for article in articles] == keys


def test_a_level_can_be_forced_and_dividing_forbidden() -> None:
    text = "# Guide\nintro\n## Install\nx\n## License\ny\n"
    articles, _, _ = read("a.md", text, split="h2")
    assert [(one.url, one.title) for one in articles] == [
        ("a.md", "Guide"), ("a.md#install", "Install"), ("a.md#license", "License"),
    ]  # fmt: skip
    (whole,), _, _ = read("FAQ.md", FAQ, split="none")
    assert "Can I pay" in whole.answer


def test_parts_of_a_page_with_an_address_have_it_before_their_anchor() -> None:
    text = FAQ.replace("title:", "permalink: /faq/\ntitle:")
    articles, _, _ = read("FAQ.md", text)
    assert articles[1].url == "/faq/#do-you-ship-abroad"


def test_a_list_of_questions_and_answers_is_an_article_each() -> None:
    text = (
        "---\ntitle: T\ntags: a\nfaqs:\n- question: One?\n  answer: Yes\n- q: Two?\n  a: No\n---\n"
    )
    articles, errors, _ = read("a.md", text)
    assert not errors
    assert [(one.url, one.question, one.answer, one.line) for one in articles] == [
        ("a.md#one", "One?", "Yes", 5),
        ("a.md#two", "Two?", "No", 7),
    ]
    assert articles[1].keywords == ("a",)


@pytest.mark.parametrize(
    "text",
    ["Why?", "**Why?**", "1. Why?", "How do I pay", "Can I pay", "What is it", "What's new",
     "Is there a fee", "Q: May we?", "`a` or `b`?", "Why? 🙂"],
)  # fmt: skip
def test_questions(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text", ["How to pay", "What is new in 2.0".replace("What is", "What"), "Install", "",
             "Is", "Doing it", "Canada", "How-tos", "When"],
)  # fmt: skip
def test_no_questions(text: str) -> None:
    assert not is_question(text)


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Do you ship abroad?", "do-you-ship-abroad"),
        ("What's `--map`, and [why](x.md)?", "whats---map-and-why"),
        ("**Bold** and _soft_ snake_case", "bold-and-soft-snake_case"),
        ("Ünï 10 %", "ünï-10-"),
        ("a & b", "a--b"),
        ("C#/C++", "cc"),
    ],
)
def test_anchors_are_those_of_github(heading: str, anchor: str) -> None:
    assert Anchors().of(heading) == anchor


@given(st.lists(st.sampled_from(["a", "A", "a-1", "a 1", "?", "b"]), max_size=12))
def test_no_anchor_comes_twice(texts: list[str]) -> None:
    anchors = Anchors()
    given = [anchors.of(text) for text in texts]
    assert len(set(given)) == len(given)


LINES = st.sampled_from(
    ["# a", "## b ##", "####### no", "#no", "```", "~~~~", "    # code", "> # quoted", "text",
     "===", "---", "", "- # item", "<!--", "-->", "   ### c {#id}", "| a |"]
)  # fmt: skip


@given(st.lists(LINES, max_size=12))
def test_headings_are_those_of_commonmark(lines: list[str]) -> None:
    from markdown_it import MarkdownIt

    text = "\n".join(lines)
    tokens = MarkdownIt("commonmark").parse(text)
    expected = [
        int(token.tag[1]) for token in tokens if token.type == "heading_open" and token.level == 0
    ]
    if not any("quoted" in line or line.startswith(("- ", "<!--", "-->", "|")) for line in lines):
        assert [heading.level for heading in headings(text)] == expected
