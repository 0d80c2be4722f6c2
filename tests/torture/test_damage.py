from __future__ import annotations

from random import Random

import pytest

from benchmarks.torture.damages import WAYS, Material
from qsearch.arrays import Array
from tests.torture.conftest import Torture

SMALL = """
from benchmarks.torture import damage
sabotage(damage, "_SHAPES", ((25, 3), (3, 2)))
"""


def test_a_damaged_index_answers_rightly_or_not_at_all(torture: Torture) -> None:
    found = torture("--only", "damage", "--budget", "damage=16", faults=SMALL)
    assert found.code == 0, found.out
    outcomes = found.campaigns["damage"]["outcomes"]
    assert sum(outcomes.values()) == 16
    assert outcomes["noticed"] > 3


ONLY = """
from benchmarks.torture import damage, damages
sabotage(damage, "_SHAPES", ((12, 2),))
sabotage(damages, "WAYS", {{name: damages.WAYS[name] for name in {}}})
"""

PAGES_UNCHECKED = """
from qsearch.index.columns import ColumnFile
sabotage(ColumnFile, "_verify", lambda *_: None)
"""

MANIFEST_UNCHECKED = """
from qsearch.index import manifest
sabotage(manifest, "_checksum", lambda body: "")
"""

SHAPES_UNCHECKED = """
from qsearch.index import segment
sabotage(segment, "misfit", lambda *_: None)
from benchmarks.torture import damages
sabotage(damages, "_COLUMN_CHANGES", {"halved": damages._COLUMN_CHANGES["halved"]})
"""


ANYTHING_READ = """
from qsearch.storage import files
sabotage(files, "_check_regular", lambda file, path: files.os.stat(file).st_size)
sabotage(files, "_NO_FILE", set())
from benchmarks.torture import damage
sabotage(damage, "_SECONDS", 1.0)
"""


@pytest.mark.parametrize(
    ("faults", "ways", "cases", "told"),
    [
        (ANYTHING_READ, ["replace"], 6, "raw exception"),
        (PAGES_UNCHECKED, ["flip", "zero page"], 60, "silent"),
        (MANIFEST_UNCHECKED, ["edit manifest"], 90, "silent"),
        (SHAPES_UNCHECKED, ["forge columns"], 12, "raw exception"),
    ],
    ids=["anything read", "pages unchecked", "manifest unchecked", "shapes unchecked"],
)
def test_a_fault_put_into_the_code_is_found(
    torture: Torture, faults: str, ways: list[str], cases: int, told: str
) -> None:
    faults += ONLY.format(ways)
    found = torture("--only", "damage", "--budget", f"damage={cases}", faults=faults)
    assert found.code == 1
    assert told in found.failures("damage")


@pytest.mark.parametrize("name", WAYS)
def test_the_seed_fixes_a_damage(name: str) -> None:
    files = {
        "manifest-00000001.json": b'{"name": "segment-1.qs", "length": 9}',
        "segment-00000001-ab.qs": b"some bytes " * 1_000,
        "segment-00000002-ab.qs": b"other bytes " * 1_000,
    }
    columns: dict[str, dict[str, Array]] = {"segment-00000001-ab.qs": {}}
    if name == "forge columns":
        pytest.skip("takes real columns")
    material = Material(files, files, columns)
    way = WAYS[name][0]
    assert way(Random(7), material) == way(Random(7), material)
    assert any(way(Random(seed), material).files != files for seed in range(5))
