"""Writes the index of this version's format."""

import json

import qsearch
from qsearch.index.columns import FORMAT
from tests.index.earlier.make import HERE, build, told

folder = HERE / f"format-{FORMAT}"
build(folder)
(folder / "writer.lock").unlink()
with qsearch.open(folder) as index:
    expected = json.dumps(told(index), indent=1, ensure_ascii=False)
folder.with_suffix(".json").write_text(expected + "\n", encoding="utf-8")
