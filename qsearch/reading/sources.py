"""From the paths that a caller gives to the files that hold articles: walking the folders."""

# Paths stay text: a Path for each of a million entries would cost more than looking at them.
# ruff: noqa: PTH100, PTH116, PTH118, PTH119, PTH120, PTH122

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter

from qsearch.errors import ArgumentError, ArticleError
from qsearch.reading.containers import ENDINGS, ending_of
from qsearch.reading.files import kind_of

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""One path or several."""

GENERATED = frozenset(("node_modules", "_site", "_layouts", "_includes", "_sass"))
"""Folders that hold copies, templates and the packages of others, not what somebody wrote to be
found. They are passed over, with a note, unless one is given itself."""

HIDDEN = ""
"""Stands for all hidden files and folders where those in ``GENERATED`` are counted by name."""

_VERSIONS = frozenset((".git", ".hg", ".svn"))  # what version control keeps for itself
_NOT_UTF8 = "the name is no UTF-8 text: rename it"


@dataclass(frozen=True, slots=True)
class SourceList:
    """What was found under the given paths.

    Attributes:
        files: the absolute paths of the files that hold articles, sorted, each once.
        problems: what may hold articles but can't be looked at, or leads out of the given folders;
            sorted by path. A path that is no valid UTF-8 is shown with backslash escapes.
        given: the given paths, absolute.
        others: for each ending of files that are not read, how many there are and the first one.
        passed_over: for each name in ``GENERATED`` that was met, the same of folders; under
            ``HIDDEN`` that of hidden folders, and of hidden files that could be read.
    """

    files: tuple[str, ...]
    problems: tuple[ArticleError, ...]
    given: tuple[str, ...] = ()
    others: tuple[tuple[str, int, str], ...] = ()
    passed_over: tuple[tuple[str, int, str], ...] = ()


def find_sources(
    paths: Paths,
    *,
    exclude: Iterable[str | os.PathLike[str]] = (),
    progress: Callable[[int], object] = int,
) -> SourceList:
    """Find the files that can hold articles, by how their names end (``containers.ENDINGS``).

    Hidden folders and files, folders of the names in ``GENERATED`` and files of other kinds are
    passed over and counted. A symbolic link inside a folder isn't followed: it is passed over in
    silence if its target is read anyway, and is a problem otherwise. A given path may itself be
    hidden or a link.

    Arguments:
        paths: files and folders, one or several.
        exclude: folders that are passed over, such as the index.
        progress: called after each folder with the number of files found so far.

    Raises:
        OSError: a given path isn't there (FileNotFoundError) or can't be looked at.
        ArgumentError: ``paths`` or ``exclude`` holds something that is no path.
    """
    walk = _Walk(_checked(exclude, "exclude"), progress)
    walk.run(_checked(paths, "paths"))
    problems = sorted(walk.problems, key=lambda problem: problem.path or "")
    return SourceList(
        tuple(sorted(walk.files)),
        tuple(problems),
        tuple(walk.given),
        _counted(walk.others),
        _counted(walk.passed_over),
    )


def _counted(found: dict[str, list[str]]) -> tuple[tuple[str, int, str], ...]:
    return tuple((name, len(paths), min(paths)) for name, paths in sorted(found.items()))


def _checked(paths: Paths, name: str) -> list[str]:
    several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    if isinstance(several, bytes) or not isinstance(several, Iterable):
        raise ArgumentError(f"{name} must be a path or several, not {type(paths).__name__}")
    checked = []
    for path in several:
        text = os.fspath(path) if isinstance(path, os.PathLike) else path
        if not isinstance(text, str) or not text or "\0" in text or not _can_be_encoded(text):
            raise ArgumentError(f"{name} must hold paths as text, not {path!r}")
        checked.append(text)
    return checked


def _can_be_encoded(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


class _Walk:
    """One walk over the given paths, in time and memory linear in the number of files."""

    def __init__(self, exclude: list[str], progress: Callable[[int], object]) -> None:
        self._progress = progress
        self.files: set[str] = set()
        self.problems: list[ArticleError] = []
        self.given: list[str] = []
        self.others: dict[str, list[str]] = {}
        self.passed_over: dict[str, list[str]] = {}
        # Real paths, so that one folder under two names is walked once.
        self._excluded = frozenset(map(os.path.realpath, exclude))
        self._roots: dict[str, str] = {}
        self._walked: set[str] = set()

    def run(self, paths: list[str]) -> None:
        for path in paths:
            status = os.stat(path)
            absolute = _absolute(path, status)
            self.given.append(absolute)
            if stat.S_ISDIR(status.st_mode):
                real = os.path.realpath(absolute)
                self._roots[real] = min(absolute, self._roots.get(real, absolute))
            elif not stat.S_ISREG(status.st_mode):
                self._problem(absolute, f"{kind_of(status.st_mode)} can't be read")
            elif not ending_of(absolute):
                known = ", ".join(ENDINGS)
                self._problem(absolute, f"the name of a file with articles ends in one of {known}")
            elif not self._is_excluded(os.path.realpath(absolute)):
                self._add_file(absolute)
        for real, folder in sorted(self._roots.items(), key=itemgetter(1)):
            if not self._is_excluded(real):
                self._walk(folder, real)

    def _walk(self, root: str, real_root: str) -> None:
        waiting = [(root, real_root)]
        while waiting:
            folder, real = waiting.pop()
            if real in self._excluded or real in self._walked:
                continue
            self._walked.add(real)
            if not _is_utf8(folder):
                self._problem(folder, _NOT_UTF8)
                continue
            try:
                with os.scandir(folder) as entries:
                    names = [entry.name for entry in entries if self._is_folder(entry)]
            except OSError as error:
                self._problem(folder, f"the folder can't be read: {error.strerror or error}")
                continue
            waiting.extend((os.path.join(folder, n), os.path.join(real, n)) for n in names)
            self._progress(len(self.files))

    def _is_folder(self, entry: os.DirEntry[str]) -> bool:
        """Take in one entry of a folder, unless it is a folder to be walked."""
        try:
            if entry.name.startswith("."):
                self._hidden(entry)
                return False
            if entry.is_symlink():
                self._link(entry)
            elif entry.is_dir(follow_symlinks=False):
                if entry.name not in GENERATED:
                    return True
                self.passed_over.setdefault(entry.name, []).append(_showable(entry.path))
            elif entry.is_file(follow_symlinks=False):
                if ending_of(entry.name):
                    self._add_file(entry.path)
                else:
                    ending = _showable(os.path.splitext(entry.name)[1].lower())
                    self.others.setdefault(ending, []).append(_showable(entry.path))
            else:
                mode = entry.stat(follow_symlinks=False).st_mode
                self._problem(entry.path, f"{kind_of(mode)} can't be read")
        except OSError as error:
            self._problem(entry.path, f"this can't be looked at: {error.strerror or error}")
        return False

    def _hidden(self, entry: os.DirEntry[str]) -> None:
        """Count what is hidden and may hold what somebody wrote."""
        if entry.name in _VERSIONS or entry.is_symlink():
            return
        if entry.is_dir(follow_symlinks=False):
            if self._is_excluded(os.path.realpath(entry.path)):
                return
        elif not ending_of(entry.name):
            return
        self.passed_over.setdefault(HIDDEN, []).append(_showable(entry.path))

    def _link(self, entry: os.DirEntry[str]) -> None:
        is_article = bool(ending_of(entry.name))
        try:
            to_folder = stat.S_ISDIR(entry.stat().st_mode)
        except OSError:
            if is_article:
                self._problem(entry.path, "this symbolic link leads nowhere")
            return
        if entry.path in self.files or not (to_folder or is_article):
            return
        target = os.path.realpath(entry.path)
        if self._is_excluded(target):
            return
        if self._is_reached(target) and (to_folder or ending_of(target)):
            return
        if _is_in(target, self._roots):
            reason = f"this symbolic link leads to what is passed over, {target}"
        else:
            reason = f"this symbolic link leads out of the folder, to {target}: give that path too"
        self._problem(entry.path, reason)

    def _is_reached(self, real: str) -> bool:
        """Whether a walk gets to a path: it is in a folder, and not in a hidden one of it."""
        for path in _upwards(real):
            if path in self._roots:
                return True
            if os.path.basename(path).startswith("."):
                return False
        return False

    def _is_excluded(self, real: str) -> bool:
        return _is_in(real, self._excluded)

    def _add_file(self, path: str) -> None:
        if _is_utf8(path):
            self.files.add(path)
        else:
            self._problem(path, _NOT_UTF8)

    def _problem(self, path: str, reason: str) -> None:
        self.problems.append(ArticleError(_showable(reason), path=_showable(path)))


def _absolute(path: str, status: os.stat_result) -> str:
    """The absolute path, without ``..``: links are resolved only where leaving out ``x/..`` leads
    elsewhere, since ``x`` is a link."""
    absolute = os.path.abspath(path)
    try:
        is_same = os.path.samestat(status, os.stat(absolute))
    except OSError:
        is_same = False
    return absolute if is_same else os.path.realpath(path)


def _upwards(path: str) -> Iterator[str]:
    yield path
    while (parent := os.path.dirname(path)) != path:
        yield parent
        path = parent


def _is_in(real: str, folders: Collection[str]) -> bool:
    return bool(folders) and any(path in folders for path in _upwards(real))


def _is_utf8(path: str) -> bool:
    return path.isascii() or _showable(path) == path


def _showable(text: str) -> str:
    """The text with backslash escapes for the bytes of a path that are no UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
