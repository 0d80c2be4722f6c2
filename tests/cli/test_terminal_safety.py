"""Names of files and folders, reasons and errors: no command lets them steer the terminal.

What the articles themselves hold: ``test_streams``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import qsearch
from tests.cli.helpers import Outcome, Run
from tests.cli.test_safetext import BIDI

MEAN = "\x1b[31m\x1b]8;;http:evil\x07\x9b2J\u202e\u2066\r\n\x7f"


def assert_harmless(result: Outcome, *, terminal: bool) -> None:
    seen = result.out + result.err
    for char in "\x00\x07\x7f\x9b\r" + BIDI:
        assert char not in seen, (char, seen)
    assert "\x1b]" not in seen
    assert "\x1b[31m" not in seen
    assert "31m" in seen  # it is shown, as what it is
    if not terminal:
        assert "\x1b" not in seen


@pytest.fixture(params=[False, True], ids=["pipe", "terminal"])
def terminal(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
def test_names_of_files_that_are_skipped(run: Run, terminal: bool, options: list[str]) -> None:
    folder = Path("articles")
    (folder / f"sub{MEAN}").mkdir(parents=True)
    (folder / f"sub{MEAN}" / f"a{MEAN}.md").write_text("no front matter")
    (folder / f"b{MEAN}.md").write_text(f'---\n"{MEAN[:4]}\\e[31m": 1\nurl: [\n---\n')
    (folder / "c.md").write_bytes(b"---\ntitle: \x1b[31mred\n---\n")
    (folder / "d.md").symlink_to(f"/nowhere{MEAN}.md")
    (folder / "e.md").write_text(f"---\nurl: /e\ntitle: t\ndate: {MEAN[-3:-2]}31m\n---\n")
    os.mkfifo(folder / f"f{MEAN}.md")
    Path(os.fsdecode(bytes(folder) + b"/31m\xff\x9b.md")).write_text("---\nurl: /g\n---\n")
    result = run("index", "articles", *options, terminal=terminal)
    assert result.code == 0
    assert_harmless(result, terminal=terminal)
    lines = (result.out + result.err).splitlines()
    assert all(line.isprintable() for line in lines if "\x1b" not in line)


@pytest.mark.parametrize(
    "command",
    [
        ["stats"],
        ["check"],
        ["backup", f"copy{MEAN}"],
        ["search", f"31m{MEAN}"],
        ["show", f"/31m{MEAN}"],
        ["delete", f"/31m{MEAN}"],
        ["search", "x", "-s", f"31m{MEAN}"],
        ["search", "x", "--sort", f"31m{MEAN}"],
        ["index", f"missing{MEAN}"],
        [f"command31m{MEAN}"],
        ["stats", f"--option31m{MEAN}"],
    ],
    ids=lambda command: command[0][:8],
)
def test_arguments_and_folders(run: Run, terminal: bool, command: list[str]) -> None:
    folder = f"index{MEAN}"
    with qsearch.create(folder) as index, index.writer() as writer:
        writer.add(qsearch.Article(url=f"/31m{MEAN}", title=f"31m{MEAN}", subject=f"31m{MEAN}"))
    if command[0] in ("check", "stats", "show", "delete", "search"):
        damage(Path(folder))
    result = run(*command, "--index", folder, terminal=terminal)
    assert_harmless(result, terminal=terminal)


def damage(folder: Path) -> None:
    """Let what the index says about its files be wrong, so that their names are told."""
    (segment,) = folder.glob("segment-*")
    segment.write_bytes(segment.read_bytes()[:-1])
