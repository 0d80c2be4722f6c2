"""Files that change -> an index that follows, one update for each burst of changes.

    alarm    says that something may have happened: the system's own notices through watchfiles,
             where they can be had
    look     says what is there: size and times of each file that would be read, nothing else
    update   what the caller does when two looks differ

Only looks decide, so a notice that says too much costs a look, and one that never comes (of a
network file system, say) is made up for by the next look that comes by itself. That is also all
there is to do where nothing gives notice.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qsearch.errors import IndexLocked
from qsearch.log import log
from qsearch.reading import find_sources

if TYPE_CHECKING:
    from watchfiles import Change

    from qsearch.errors import ArticleError
    from qsearch.index.report import Report

_STEP = 50
"""Milliseconds between two times that watchfiles looks for notices."""

_READY = 1000
"""Milliseconds after which watchfiles says that there was nothing."""

_BREATH = 0.5
"""Seconds between two times that a watch with notices looks up from its wait for them."""

_SHARE = 10
"""Looks that come by themselves take at most one in so many parts of the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long to wait, in seconds.

    Attributes:
        quiet: for nothing to change any more, before an update.
        longest: an update comes after so long, also if something goes on changing.
        poll: between two looks where no notices can be had.
        rescan: between two looks where notices can be had.
        again: before an update that failed is tried again.
    """

    quiet: float = 0.3
    longest: float = 5.0
    poll: float = 2.0
    rescan: float = 60.0
    again: float = 10.0


def watch(
    paths: Iterable[str | os.PathLike[str]],
    update: Callable[[list[str]], Report],
    *,
    exclude: Iterable[str | os.PathLike[str]] = (),
    show: Callable[[Report], object],
    tell: Callable[[str], object] = log.warning,
    explain: Callable[[Exception], str] = str,
    stop: threading.Event | None = None,
    pace: Pace | None = None,
    notices: bool = True,
) -> None:
    """Call ``update`` now and after each burst of changes, until ``stop`` is set or an exception
    such as KeyboardInterrupt comes.

    While another writer holds the index, or after an error of the file system, ``update`` is
    called again until it succeeds. A path that goes away is left out until it is back.

    Arguments:
        paths: files and folders.
        update: brings an index up to date with what is under the given ones of ``paths``.
        exclude: folders that are passed over, such as that of the index.
        show: called with the report of the first update, and of each that changed something or
            could not take what it could before.
        tell: called with a line about what is waited for.
        explain: what to tell of an error of the file system.
        stop: ends the watch, at the latest after the update under way.
        pace: how long to wait.
        notices: False: don't ask for the system's notices, look at the files from time to time.

    Raises:
        FileNotFoundError: one of ``paths`` is not there now.
    """
    given = [os.fspath(path) for path in paths]
    excluded = [os.fspath(path) for path in exclude]
    for path in given:
        os.stat(path)  # noqa: PTH116 - an error as the caller's own
    _Watch(
        given,
        excluded,
        update,
        show=show,
        tell=tell,
        explain=explain,
        stop=stop or threading.Event(),
        pace=pace or Pace(),
        notices=notices,
    ).run()


# -- what is there

State = tuple[int, ...]
"""What tells a file from what it was before: its device and number, size, and both its times."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is under some paths.

    Attributes:
        files: what each file that would be read is like.
        problems: what can't be looked at.
        missing: those of the paths that are not there.
    """

    files: dict[str, State]
    problems: tuple[str, ...]
    missing: tuple[str, ...]


def look(paths: Sequence[str], exclude: Sequence[str]) -> Look:
    """Return what is under ``paths`` now, read no file."""
    there = [path for path in paths if os.path.exists(path)]  # noqa: PTH110
    while True:
        try:
            found = find_sources(there, exclude=exclude)
            break
        except OSError as error:
            if error.filename not in there:
                raise
            there.remove(error.filename)  # it went away just now
    files = {}
    for path in found.files:
        with contextlib.suppress(OSError):
            files[path] = _state(path)
    missing = tuple(path for path in paths if path not in there)
    return Look(files, tuple(map(str, found.problems)), missing)


def _state(path: str) -> State:
    status = os.stat(path)  # noqa: PTH116 - a Path for each of a million files would cost more
    # The time of the last change of anything can't be set back, unlike that of the content.
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


# -- notices


class Alarm:
    """Says when something may have changed under some paths, as far as the system can.

    Arguments:
        paths: files and folders; one that is not there is left out.
        exclude: folders whose changes are of no interest; nor are those of hidden ones.
    """

    def __init__(self, paths: Sequence[str], exclude: Sequence[str]) -> None:
        self._something = threading.Event()
        self._end = threading.Event()
        self.error: Exception | None = None
        """Why no notices can be had, or can any more."""
        self._paths = paths
        self._roots = roots_of(paths)
        # Whether a folder went away while it was watched: one that is made in its place may look
        # the same, down to its number.
        self._is_lost = False
        self._excluded = [os.path.realpath(path) for path in exclude]
        real = {os.path.realpath(path) for path in self._roots}
        self._folders = sorted(path for path in real if os.path.isdir(path))  # noqa: PTH112
        # A file that is replaced is another file: its folder has to be watched.
        self._files = real - set(self._folders)
        self._parents = sorted({os.path.dirname(path) for path in self._files})  # noqa: PTH120
        self._threads = [
            threading.Thread(target=self._listen, args=args, name="qsearch-watch", daemon=True)
            for args in (
                (self._folders, True),
                (self._parents, False),
            )
            if args[0]
        ]
        for thread in self._threads:
            thread.start()

    def wait(self, timeout: float) -> bool:
        """Wait for something to happen; return whether it did."""
        happened = self._something.wait(timeout)
        self._something.clear()
        return happened

    @property
    def is_stale(self) -> bool:
        """Whether the paths are others by now than those that are watched, or none are."""
        return self.error is not None or self._is_lost or self._roots != roots_of(self._paths)

    def wake(self) -> None:
        """End the wait."""
        self._something.set()

    def close(self) -> None:
        """End the threads."""
        self._end.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _listen(self, folders: Sequence[str], recursive: bool) -> None:
        try:
            from watchfiles import watch as listen

            # The first time that it answers at all it has begun to watch: what happened before
            # that is for a look to find.
            for number, changes in enumerate(
                listen(
                    *folders,
                    watch_filter=self._matters if recursive else self._is_given,
                    debounce=_STEP,
                    step=_STEP,
                    rust_timeout=_READY,
                    yield_on_timeout=True,
                    stop_event=self._end,
                    raise_interrupt=False,
                    force_polling=False,
                    recursive=recursive,
                )
            ):
                if any(path in folders and change.name == "deleted" for change, path in changes):
                    self._is_lost = True
                if changes or not number:
                    self.wake()
        except FileNotFoundError:
            self._is_lost = True  # a folder went away just now
            self.wake()
        except Exception as error:  # of a library in Rust: of several kinds, OSError among them
            self.error = error
            self.wake()

    def _matters(self, _: Change, path: str) -> bool:
        """Whether a change is of anything that may be read."""
        if any(path == folder or path.startswith(folder + "/") for folder in self._excluded):
            return False
        inside = [
            path[len(folder) :]
            for folder in self._folders
            if path == folder or path.startswith(folder.rstrip("/") + "/")
        ]
        return not inside or any("/." not in f"/{part.lstrip('/')}" for part in inside)

    def _is_given(self, _: Change, path: str) -> bool:
        return path in self._files or path in self._parents


def roots_of(paths: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return for each of the paths that is there which folder it is; for a file, that of it."""
    roots = {}
    for path in paths:
        with contextlib.suppress(OSError):
            real = os.path.realpath(path)
            place = real if os.path.isdir(real) else os.path.dirname(real)  # noqa: PTH112, PTH120
            os.stat(real)  # noqa: PTH116
            status = os.stat(place)  # noqa: PTH116
            roots[path] = (status.st_dev, status.st_ino)
    return roots


# -- the loop


class _Watch:
    def __init__(
        self,
        paths: list[str],
        exclude: list[str],
        update: Callable[[list[str]], Report],
        *,
        show: Callable[[Report], object],
        tell: Callable[[str], object],
        explain: Callable[[Exception], str],
        stop: threading.Event,
        pace: Pace,
        notices: bool,
    ) -> None:
        self._paths = paths
        self._exclude = exclude
        self._update = update
        self._show = show
        self._tell = tell
        self._explain = explain
        self._stop = stop
        self._pace = pace
        self._alarm: Alarm | None = Alarm(paths, exclude) if notices else None
        self._missing: tuple[str, ...] = ()
        self._complaints: list[object] | None = None  # of the update before; None before the first
        self._told = ""
        self._is_behind = False
        """Whether an update is due, whatever there is."""
        self._took = 0.0
        """Seconds that the last look took."""

    def run(self) -> None:
        try:
            seen = self._look()
            while self._bring_up_to_date(seen) and (newer := self._changed(seen)):
                seen = newer
        finally:
            if self._alarm:
                self._alarm.close()

    # -- waiting

    def _changed(self, seen: Look) -> Look | None:
        """What is there once it differs from what was seen, and has come to rest; None: stop."""
        while not self._stop.is_set():
            self._wait()
            found = self._look()
            if found != seen or self._is_behind:
                return self._settled(found)
        return None

    def _wait(self) -> None:
        """Wait until it is time to look again."""
        pause = self._pace.rescan if self._alarm else self._pace.poll
        until = time.monotonic() + max(pause, _SHARE * self._took)
        while not self._stop.is_set() and (left := until - time.monotonic()) > 0:
            if self._alarm is None:
                self._stop.wait(left)
            # Who sets ``stop`` wakes no alarm, nor does a folder that is put in another's place.
            elif self._alarm.wait(min(left, _BREATH)) or self._alarm.is_stale:
                return

    def _settled(self, found: Look) -> Look:
        until = time.monotonic() + self._pace.longest
        while time.monotonic() < until and not self._stop.wait(self._pace.quiet):
            newer = self._look()
            if newer == found:
                break
            found = newer
        return found

    def _look(self) -> Look:
        self._see_to_alarm()
        started = time.monotonic()
        found = look(self._paths, self._exclude)
        self._took = time.monotonic() - started
        for path in found.missing:
            if path not in self._missing:
                self._tell(f"note: {path} is gone: what the index has of it stays until it is back")
        self._missing = found.missing
        return found

    def _see_to_alarm(self) -> None:
        """Put another alarm in the place of one that watches folders that are others by now."""
        alarm = self._alarm
        if alarm is None:
            return
        if alarm.error is not None:
            self._tell(
                f"note: {_no_notices(alarm.error)}; looks every {self._pace.poll:g} s instead"
            )
            self._alarm = None
        elif alarm.is_stale:
            self._alarm = Alarm(self._paths, self._exclude)
        else:
            return
        alarm.close()

    # -- acting

    def _bring_up_to_date(self, seen: Look) -> bool:
        """Update, as often as it takes; whether the watch goes on."""
        there = [path for path in self._paths if path not in seen.missing]
        self._told = ""
        while there and not self._stop.is_set():
            if self._is_done(there):
                break
        return not self._stop.is_set()

    def _is_done(self, there: list[str]) -> bool:
        """Try to update."""
        self._is_behind = False
        try:
            report = self._update(there)
        except IndexLocked as error:
            # ``update`` has waited already, and waits again.
            self._tell_once("locked", f"note: waiting: {error}")
            return False
        except OSError as error:
            if self._complaints is None:
                raise  # who has just begun the watch is there to see it
            if not all(map(os.path.exists, there)):
                self._is_behind = True  # one of them went away just now: a look tells that
                return True
            message = self._explain(error)
            self._tell_once(message, f"{message}; tried again every {self._pace.again:g} s")
            self._stop.wait(self._pace.again)
            return False
        self._report(report)
        return True

    def _tell_once(self, what: str, line: str) -> None:
        if what != self._told:
            self._tell(line)
        self._told = what

    def _report(self, report: Report) -> None:
        complaints = [_complaint(error) for error in report.skipped]
        changed = report.added or report.updated or report.removed
        if changed or complaints != self._complaints:
            self._show(report)
        self._complaints = complaints


def _complaint(error: ArticleError) -> object:
    return error.path, error.line, error.column, error.reason


def _no_notices(error: Exception) -> str:
    """Why the system gives no notices, and what to do about it."""
    if isinstance(error, ImportError):
        return (
            "the system's notices of changes need the package watchfiles "
            "(pip install 'qsearch[watch]')"
        )
    if "limit" in str(error).lower() or "inotify" in str(error).lower():
        return "the system watches no more folders (on Linux, raise fs.inotify.max_user_watches)"
    return f"the system gives no notices of changes: {error}"
