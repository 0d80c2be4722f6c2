from __future__ import annotations

import pytest

from tests.torture.conftest import Torture


def test_opening_an_untrusted_index_executes_nothing(torture: Torture) -> None:
    found = torture("--only", "untrusted", "--budget", "untrusted=6")
    assert found.code == 0, found.out
    assert found.campaigns["untrusted"]["outcomes"] == {"nothing executed": 6}
    figures = found.campaigns["untrusted"]["figures"]
    assert figures["events seen"]["open"] > 6
    assert (figures["indexes that the kernels searched"] > 0) == (figures["kernels"] == "compiled")


EXECUTING = """
from qsearch.index import manifest
whole = manifest._parse
def parse(*arguments):
    {}
    return whole(*arguments)
sabotage(manifest, "_parse", parse)
"""


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("import pickle; pickle.loads(b'cos\\nsystem\\n.')", "pickle.find_class"),
        ("eval('1')", "compile"),
        ("open('/etc/hostname').close()", "/etc/hostname"),
        ("open(arguments[0], 'a').close()", "open"),
    ],
)
def test_a_fault_put_into_the_code_is_found(torture: Torture, statement: str, told: str) -> None:
    faults = EXECUTING.format(statement)
    found = torture("--only", "untrusted", "--budget", "untrusted=2", faults=faults)
    assert found.code == 1
    assert told in found.failures("untrusted")
