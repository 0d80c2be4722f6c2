"""When a reader looks for what others have committed: seldom, cheaply, one thread at a time."""

from __future__ import annotations

import time
from collections.abc import Callable

from qsearch.errors import Error
from qsearch.forks import ForkSafeLock
from qsearch.log import log


class Freshness:
    """Keeps what is shown at most so many seconds behind. Safe for use by several threads.

    Half of that time after the last look the next thread that comes by looks again, while others
    go on with what there is. Only if all of it has passed, because nobody came by, do they wait.

    Arguments:
        seconds: how far behind an answer may be.
        look: shows what is new; called by one thread at a time.

    Attributes:
        trouble: why the last look failed; None if it did not.
    """

    def __init__(self, seconds: float, look: Callable[[], object]) -> None:
        self._seconds = seconds
        self._look = look
        self._looked = time.monotonic()
        self._looking = ForkSafeLock()
        self.trouble: str | None = None

    def keep(self) -> None:
        """Look if it is time to; never raises for what an index may have."""
        age = time.monotonic() - self._looked
        if 2 * age < self._seconds:
            return
        if age < self._seconds:
            if not self._looking.try_acquire():
                return
        else:
            self._looking.acquire()
        try:
            started = time.monotonic()
            if 2 * (started - self._looked) >= self._seconds:
                self._try()
                # What came while it looked may have been missed.
                self._looked = started
        finally:
            self._looking.release()

    def _try(self) -> None:
        try:
            self._look()
            self.trouble = None
        except (Error, OSError) as error:
            trouble = str(error)
            if trouble != self.trouble:
                log.warning("answers are not refreshed: %s", trouble)
            self.trouble = trouble
