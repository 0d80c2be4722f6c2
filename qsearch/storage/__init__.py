"""What is asked of the place where an index lies, and two such places.

contract  nine operations on the files of one folder, and what is durable when
files     a folder of a POSIX file system
memory    files in memory: an index for a test

A commit is nothing but these operations in the right order (``index.manifest.publish``).
"""

from qsearch.storage.contract import Held, Lock, Mapped, Readable, Storage
from qsearch.storage.files import FolderStorage
from qsearch.storage.memory import MemoryStorage

__all__ = ["FolderStorage", "Held", "Lock", "Mapped", "MemoryStorage", "Readable", "Storage"]
