"""What is asked of the place where an index lies, and two such places: a folder, and memory.

The promise of each operation is in ``contract``; a commit is nothing but these in the right order
(``index.manifest.publish``).
"""

from qsearch.storage.contract import Held, Lock, Mapped, Readable, Storage
from qsearch.storage.files import FolderStorage
from qsearch.storage.memory import MemoryStorage

__all__ = ["FolderStorage", "Held", "Lock", "Mapped", "MemoryStorage", "Readable", "Storage"]
