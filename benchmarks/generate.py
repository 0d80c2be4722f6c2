"""Write a synthetic collection as JSON Lines, which ``qsearch index`` reads too."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from pathlib import Path
from typing import TextIO

from benchmarks.options import positive
from benchmarks.synthetic import SyntheticCorpus
from qsearch import Article


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("count", type=positive, help="how many articles")
    parser.add_argument("--seed", type=int, default=1, help="of everything drawn (default: 1)")
    parser.add_argument(
        "--words", type=positive, default=250, help="mean length of an answer (default: 250)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="*.jsonl or *.jsonl.gz (default: standard output)",
    )


def run(options: argparse.Namespace) -> None:
    corpus = SyntheticCorpus(options.count, seed=options.seed, words=options.words)
    if options.out is None:
        _write(corpus, sys.stdout)
    elif options.out.suffix == ".gz":
        with gzip.open(options.out, "wt", encoding="utf-8") as file:
            _write(corpus, file)
    else:
        with options.out.open("w", encoding="utf-8") as file:
            _write(corpus, file)


def _write(corpus: SyntheticCorpus, file: TextIO) -> None:
    for article in corpus:
        file.write(json.dumps(as_json(article), ensure_ascii=False) + "\n")


def as_json(article: Article) -> dict[str, object]:
    """Return an article as one line of the JSON Lines format."""
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "question": article.question,
        "answer": article.answer,
        "keywords": list(article.keywords),
        "subject": article.subject,
        "date": article.date.isoformat() if article.date else None,
    }
