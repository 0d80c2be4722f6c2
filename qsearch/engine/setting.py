"""What the engines of one snapshot share."""

from __future__ import annotations

from typing import NamedTuple

from qsearch.analysis.analyzer import Analyzer
from qsearch.engine.scratch import ScratchPool
from qsearch.index.snapshot import Snapshot
from qsearch.limits import Limits
from qsearch.query.expand import Vocabulary
from qsearch.query.planner import Planner


class Setting(NamedTuple):
    """What the engines of a snapshot work with.

    Attributes:
        snapshot: the state of the index.
        analyzer: its analyser.
        vocabulary: its words.
        planner: plans queries.
        limits: what a query may cost.
        scratch: lends scratch arrays; the engines of all snapshots of an index share it.
    """

    snapshot: Snapshot
    analyzer: Analyzer
    vocabulary: Vocabulary
    planner: Planner
    limits: Limits
    scratch: ScratchPool
