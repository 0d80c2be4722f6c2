"""The programs that the documents show run as they stand."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import qsearch
from tests.helpers import ROOT

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_IMPORTED = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)


def blocks(document: str) -> list[str]:
    found = _BLOCK.findall((ROOT / document).read_text("utf-8"))
    assert found, document
    return found


def run(block: str, names: dict[str, Any]) -> None:
    exec(compile(block, "documentation", "exec"), names)


def test_the_program_of_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    (block,) = blocks("README.md")
    assert len(block.strip().splitlines()) <= 20
    run(block, names)
    first, *hits = capsys.readouterr().out.splitlines()
    assert first == "2 0 0 0"
    assert hits[0].startswith("1 ")
    assert "<mark>" in hits[0]
    page = names["search"]("blue sky", subject="physics")
    assert [hit["urls"] for hit in page["hits"]] == [["id:1"]]
    assert page["facets"]["subject"] == {"Physics": 1}
    assert qsearch.open("faq-index").urls() == ["id:1", "id:2"]
    names["index"].close()


def test_the_programs_of_the_page_for_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in blocks("docs/servers.md"):
        needed = set(_IMPORTED.findall(block)) - {"qsearch"}
        if all(map(find_spec, needed)):
            run(block, names)
        else:
            compile(block, "documentation", "exec")
    names["when_ready"](None)
    row = {"id": 1, "title": "t", "body_html": "<p>a</p>", "tags": "x", "changed_at": None}
    names["refresh_index"]([row])
    assert names["index"].get("id:1").answer == "<p>a</p>"
    names["index"].close()
