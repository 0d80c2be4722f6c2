"""How often a title, typed exactly, finds its article first, with the title bonus and without."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import qsearch
from benchmarks.failure import BenchmarkError, say
from benchmarks.options import add_common, work_folder
from benchmarks.report import Table, environment, header, write
from qsearch import Article, Ranking


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_common(parser)
    parser.add_argument(
        "--articles", type=Path, required=True, metavar="PATH", help="a folder of articles"
    )


def run(options: argparse.Namespace) -> None:
    refused: list[qsearch.ArticleError] = []
    read = qsearch.read_articles([options.articles], on_error=refused.append)
    articles = {article.url: article for article in read}
    titles = titles_of(articles.values())
    if not titles:
        raise BenchmarkError(f"no article of {options.articles} has a title")
    rankings = {"with": Ranking(), "without": replace(Ranking(), title_bonus=0.0)}
    missed = {}
    for name, ranking in rankings.items():
        say(f"{len(titles)} titles, {name} the title bonus")
        with (
            work_folder(options) as folder,
            qsearch.create(folder / "index", ranking=ranking) as index,
        ):
            with index.writer() as writer:
                writer.add_many(articles.values())
            missed[name] = misses(index, titles)
    outcome: dict[str, object] = {
        "command": "titles",
        "reproduce": options.reproduce,
        **environment(),
        "articles": len(articles),
        "refused": len(refused),
        "titles": len(titles),
        "missed": missed,
    }
    table = Table(["title bonus", "first hit", "of titles", "missed, for example"])
    for name, bad in missed.items():
        share = 1 - len(bad) / len(titles)
        example = "; ".join(title[:24] for title in bad[:2])
        table.add(name, f"{share:.1%}", f"{len(titles):,}", example)
    print(f"{header(options, outcome)}articles:  {len(articles):,} of {options.articles.name}")
    print(f"\n{table}\n")
    print("Titles that differ only in case or white space are one: any of their articles will do.")
    write(options, outcome)


def titles_of(articles: Iterable[Article]) -> dict[str, set[str]]:
    """Return each title as it is typed (of an article without one its question), and the urls of
    its articles.
    """
    typed: dict[str, tuple[str, set[str]]] = {}
    for article in articles:
        words = (article.title or article.question).split()
        if words:
            title = " ".join(words)
            typed.setdefault(title.casefold(), (title, set()))[1].add(article.url)
    return dict(typed.values())


def misses(index: qsearch.Index, titles: Mapping[str, set[str]]) -> list[str]:
    """Return the titles whose first hit is none of their articles."""
    return [
        title
        for title, urls in titles.items()
        if not any(urls & set(hit.urls) for hit in index.search(title, limit=1))
    ]
