"""A disk that fails: the shipped storage over system calls that refuse, lie, or end in a power cut.

disk    what a folder holds, and what of it a power cut may leave
calls   the system calls of ``qsearch.storage.FolderStorage``, counted, with faults
"""

from benchmarks.faults.calls import FaultyCalls, PowerCut
from benchmarks.faults.disk import Disk

__all__ = ["Disk", "FaultyCalls", "PowerCut"]
