"""``qsearch check``."""

from __future__ import annotations

from pathlib import Path

from tests.cli.helpers import Run


def test_a_sound_index(run: Run, sample: Path) -> None:
    result = run("check")
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "the index (generation 1): whole, 5 articles\n"
        "the one before it (generation 0): whole, 0 articles\n"
    )
    document = run("check", "--json").document
    assert document == {
        "whole": True,
        "generations": [
            {"generation": 1, "whole": True, "articles": 5, "damages": []},
            {"generation": 0, "whole": True, "articles": 0, "damages": []},
        ],
        "unused": [],
    }


def test_a_damaged_file_is_named(run: Run, sample: Path) -> None:
    (path,) = sample.glob("segment-*")
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.write_bytes(content)
    result = run("check")
    assert result.code == 1
    assert result.out == (
        f"{path}: the bytes from 64 on are damaged\n"
        "the index (generation 1): damaged\n"
        "the one before it (generation 0): whole, 0 articles\n"
    )
    document = run("check", "--json").document
    assert document["whole"] is False
    assert document["generations"][0]["damages"] == [
        {"path": str(path), "problem": "the bytes from 64 on are damaged"}
    ]


def test_files_that_nothing_needs_are_mentioned(run: Run, sample: Path) -> None:
    (sample / "segment-00000009-0123456789abcdef.qs").write_bytes(b"half a file")
    result = run("check")
    assert result.code == 0
    assert result.err == "note: nothing needs 1 of the files: the next writer removes them\n"
    assert run("check", "--json").document["unused"] == ["segment-00000009-0123456789abcdef.qs"]
