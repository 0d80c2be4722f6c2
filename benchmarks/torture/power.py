"""Cut the power by the model: what was acknowledged last can be read, whatever else is left.

The shipped storage runs over ``benchmarks.faults``, which knows what has been made safe. At a
random system call of a course of commits the power goes; of what was not safe each file is left,
emptied, zeroed, cut, flipped or gone, and each name as before or after. Then the index must hold
the last acknowledged commit or the one under way, and the next writer must work.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable

from benchmarks.faults import FaultyCalls, PowerCut
from benchmarks.faults.disk import put
from benchmarks.torture.campaign import Setting, Tally, narrowed
from benchmarks.torture.collection import warm_up
from benchmarks.torture.forked import Ended, in_child
from benchmarks.torture.history import State, step
from benchmarks.torture.kill import look
from qsearch.api import create_in
from qsearch.storage import FolderStorage

_SECONDS = 120.0
_CALLS = 250  # system calls until the power is cut, at most
_BATCH = 20


def run(setting: Setting, *, skip: Callable[[str], bool] = lambda _: False) -> Tally:
    """Cut the power as often as there are cases.

    Arguments:
        setting: the campaign.
        skip: system calls that do nothing, by what they are called in ``FaultyCalls``: to see that
            the campaign finds what is then lost.
    """
    tally = Tally()
    warm_up(setting.folder / "warm-up")
    for batch in setting.batches(_BATCH):

        def cut(cases: list[int]) -> Ended:
            return in_child(
                lambda: [(case, *_cut(setting, case, skip)) for case in cases], seconds=_SECONDS
            )

        for cases, ended in narrowed(batch, cut):
            if ended.how != "done":
                tally.fail_all(cases, ended)
                continue
            for case, wrong, commits, was_kept in ended.value:
                if wrong:
                    tally.fail(case, wrong)
                else:
                    tally.outcomes["kept"] += 1
                tally.count("commits acknowledged", commits)
                tally.count("under way and kept", was_kept)
    return tally


def _cut(setting: Setting, case: int, skip: Callable[[str], bool]) -> tuple[str, int, bool]:
    """What is wrong after a power cut, how many commits were acknowledged, whether the one under
    way was kept.
    """
    choice = setting.random(case)
    folder, left = setting.folder / f"case-{case}", setting.folder / f"case-{case}-left"
    for path in (folder, left):  # an attempt that was killed
        shutil.rmtree(path, ignore_errors=True)
    calls = FaultyCalls(folder, skip=skip)
    index = create_in(FolderStorage(folder, calls))
    calls.fail(choice.randrange(_CALLS))
    state: State = {}
    tried: State = {}
    number = 0
    try:
        while True:
            one = step(setting.random(f"{case} step {number}"), number)
            tried = one.after(state)
            one.run(index, lambda part: random.Random(f"{case} {part}"))
            state = tried
            number += 1
    except PowerCut:
        pass
    try:
        held, wrong = look(put(calls.disk.after_power_cut(choice), left))
    except Exception as error:
        return f"after {number} commits: {type(error).__name__}: {error}", number, False
    finally:
        index.close()
        for path in (folder, left):
            shutil.rmtree(path, ignore_errors=True)
    if held not in (state, tried):
        wrong.append("it holds neither the state acknowledged nor the one under way")
    return "; ".join(wrong), number, held == tried != state
