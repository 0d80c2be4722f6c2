"""Whole articles as a person reads them: drawn on a terminal, plain text in a pipe."""

from __future__ import annotations

from collections.abc import Iterator

from qsearch.article import Article, RelatedArticle
from qsearch.cli.documents import source_text
from qsearch.cli.keys import Copies
from qsearch.cli.output import write
from qsearch.cli.safetext import one_line
from qsearch.plaintext import plain_text


def show_in_pipe(found: list[Copies]) -> None:
    """Write articles as plain text; no line is broken that isn't broken in the article."""
    for number, copies in enumerate(found):
        if number:
            write("\n" + "-" * 8 + "\n")
        article = copies[0]
        write(one_line(article.heading))
        for name, value in _facts(copies):
            write(f"{name}: {value}")
        for text in (_question(article), article.answer):
            if plain := plain_text(text).text.strip("\n"):
                write("\n" + plain)
        if article.related:
            write("\nRelated:")
        for link in article.related:
            write("  " + " | ".join(_link_parts(link)))


def show_on_terminal(found: list[Copies]) -> None:
    """Draw articles, their answers as the Markdown that they are."""
    from rich.rule import Rule

    from qsearch.cli.markdown import AnswerMarkdown
    from qsearch.cli.terminal import Screen

    screen = Screen()
    for number, copies in enumerate(found):
        if number:
            screen.line()
            screen.block(Rule(style="dim"))
            screen.line()
        article = copies[0]
        screen.paragraph((one_line(article.heading), "title"))
        for name, value in _facts(copies):
            screen.line((f"{name:<10}", "faint"), (value, ""))
        for text in (_question(article), article.answer):
            if text:
                screen.line()
                screen.block(AnswerMarkdown(text))
        if article.related:
            screen.line()
            screen.line(("Related", "title"))
        for link in article.related:
            *names, key = _link_parts(link)
            if names:
                screen.paragraph((" | ".join(names), ""), indent=2)
            screen.line((key, "faint"), indent=4 if names else 2)


def _facts(copies: Copies) -> Iterator[tuple[str, str]]:
    article = copies[0]
    subjects = dict.fromkeys(one_line(name) for copy in copies for name in copy.subjects)
    source = source_text(article.path, article.line)
    rated = article.rating is not None and article.rating != -1.0
    facts = [
        ("Subject", ", ".join(subjects)),
        ("Date", article.date.isoformat() if article.date else ""),
        ("Keywords", ", ".join(map(one_line, article.keywords))),
        ("Score", f"{article.rating:g}" if rated else ""),
        ("Id", one_line(article.id or "")),
        *(("Url", one_line(copy.url)) for copy in copies),
        ("File", source or ""),
    ]
    return ((name, value) for name, value in facts if value)


def _question(article: Article) -> str:
    question = article.question.strip()
    return "" if plain_text(question).folded().text == article.heading else question


def _link_parts(link: RelatedArticle) -> list[str]:
    parts = (link.title, link.subject, link.url or f"id {link.id}")
    return [one_line(part) for part in parts if part]
