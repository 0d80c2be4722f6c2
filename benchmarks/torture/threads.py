"""Fresh processes whose threads use the library for the first time at once: nothing may be raised.

Each case is a process of its own, in which nothing has been loaded yet. Eight threads meet at a
barrier and make public calls (``first_use``): in the first cases all threads the same one, then
several drawn ones. Whatever is made when first needed is then made by several threads at once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import qsearch
from benchmarks.torture import first_use
from benchmarks.torture.campaign import Setting, Tally
from benchmarks.torture.collection import warm_up
from qsearch import Article

_THREADS = 8
_SECONDS = 120.0
_ROOT = Path(__file__).parent.parent.parent

_ARTICLES = (
    Article(
        url="/calcium",
        id="1",
        title="How do neurons release neurotransmitters?",
        answer="Voltage-gated channels let $Ca^{2+}$ in.\nVesicles fuse.",
        keywords=("calcium", "synaptic release"),
        subject="Biology",
        date="2024-11-22",
    ),
    Article(
        url="/energy", id="3", title="Energy", answer="$E = mc^2$ and light", subject="Physics"
    ),
    Article(url="/tokyo", title="東京タワー", answer="the the the", keywords=("E=mc²",)),
)
_FILE = "---\nid: 9\nurl: /file\ntitle: A file\nanswer: Sodium channels in a file.\n---\n"


def run(setting: Setting) -> Tally:
    """Start as many processes as there are cases."""
    tally = Tally()
    warm_up(setting.folder / "warm-up")
    whole = setting.folder / "whole"
    (whole / "articles").mkdir(parents=True)
    (whole / "articles" / "a.md").write_text(_FILE, "utf-8")
    with qsearch.create(whole / "index") as index:
        for article in _ARTICLES:  # a segment each
            with index.writer() as writer:
                writer.add(article)
    names = list(first_use.CALLS)
    for case in setting.cases:
        folder = setting.folder / f"case-{case}"
        shutil.copytree(whole, folder)
        calls = [names[case]] if case < len(names) else setting.random(case).sample(names, 4)
        ended = _process(folder, str(case), calls)
        if ended:
            tally.fail(case, f"{', '.join(calls)}: {ended}")
        else:
            tally.outcomes["nothing raised"] += 1
        shutil.rmtree(folder)
    return tally


def _process(folder: Path, seed: str, calls: list[str]) -> str:
    """Let a fresh process make some calls; return what went wrong, if anything did."""
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    # Not by its path, whose folder would come before the standard library.
    program = Path(first_use.__file__).read_text("utf-8")
    command = [sys.executable, "-c", program, str(folder), str(_THREADS), seed, *calls]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no end after {_SECONDS:g} s"
    return done.stderr.strip() or (f"exit code {done.returncode}" if done.returncode else "")
