"""Threads make the public calls of a fresh process at once: a program whose text ``threads`` hands
to Python, so that nothing of this project is imported before they meet.

    python -c PROGRAM FOLDER THREADS SEED CALL...

FOLDER has an ``index`` and ``articles``; the threads do the named calls, one each and then round
again, in an order of their own. Prints nothing; what a call raises ends the process with status 1.
"""

from __future__ import annotations

import pickle
import random
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


def _new(folder: Path) -> Any:
    import qsearch

    with qsearch.open(folder / "new", create=True, language="english") as index:
        return len(index)


def _read(folder: Path) -> Any:
    import qsearch

    return list(qsearch.read_articles(folder / "articles"))


def _add(index: Any) -> Any:
    import qsearch

    with index.writer(timeout=60) as writer:
        writer.add(qsearch.Article(url=f"/{threading.get_ident()}", title="Blorptastic words"))


def _sync(index: Any) -> Any:
    import qsearch

    one = qsearch.Article(url="/synced", title="A synced title", keywords="one, two")
    return index.sync([one], scope="table", timeout=60)


def _whoosh(index: Any) -> Any:
    view = index.whoosh
    from whoosh.qparser import QueryParser

    with view.searcher() as searcher:
        return len(searcher.search(QueryParser("answer", view.schema).parse("channels")))


def _refused(index: Any) -> Any:
    try:
        pickle.dumps(index)
    except ValueError:
        return
    raise AssertionError("an index was pickled")


CALLS: dict[str, Callable[[Any, Path], Any]] = {
    "known words": lambda index, _: list(index.search("voltage channels")),
    "unknown words": lambda index, _: list(index.search("blorptastically running")),
    "a document": lambda index, _: index.search("neurons release calcium").to_dict(),
    "a notebook": lambda index, _: index.search("neurons")._repr_html_(),
    "a phrase": lambda index, _: index.search('"voltage-gated channels"').total,
    "an operator": lambda index, _: index.search("+calcium -zebra").facets,
    "a filter": lambda index, _: index.search("calcium", subject="biology").facets,
    "a date": lambda index, _: index.search("*", since="2024-01-01", sort="newest").total,
    "fields": lambda index, _: list(index.search("calcium", fields="answer", keyword_boost=3)),
    "a suggestion": lambda index, _: index.search("chanels").suggestion,
    "many": lambda index, _: [len(one) for one in index.search_many(["calcium", "zzz"] * 40)],
    "articles": lambda index, _: [list(index), index.get("/energy"), index.by_id(1)],
    "keys": lambda index, _: ["/energy" in index, 1 in index, len(index), index.urls()],
    "figures": lambda index, _: [index.stats(), index.subjects, repr(index)],
    "refresh": lambda index, _: index.refresh(),
    "warm": lambda index, _: index.warm(timeout=0.1),
    "write": lambda index, _: _add(index),
    "sync": lambda index, _: _sync(index),
    "update": lambda index, folder: index.update(folder / "articles", timeout=60),
    "read": lambda _, folder: _read(folder),
    "create": lambda _, folder: _new(folder),
    "whoosh": lambda index, _: _whoosh(index),
    "pickle": lambda index, _: _refused(index),
}


def main(folder: Path, threads: int, seed: str, names: list[str]) -> int:
    """Let them meet; return the exit status."""
    # A thread loses its turn after every few instructions, wherever it is.
    sys.setswitchinterval(1e-6)
    import qsearch

    index = qsearch.open(folder / "index", refresh_every=0.01)
    everybody = threading.Barrier(threads)
    wrong: list[str] = []

    def work(number: int) -> None:
        mine = names[number % len(names) :] + names[: number % len(names)]
        if number >= len(names):
            random.Random(f"{seed} {number}").shuffle(mine)
        everybody.wait()
        try:
            for name in mine:
                CALLS[name](index, folder)
        except BaseException:
            wrong.append(traceback.format_exc())

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    index.close()
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
