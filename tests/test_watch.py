"""Files that change under a watch, and the index that follows. Nothing here depends on how long
anything takes: a test waits for what must come, up to a minute.
"""

from __future__ import annotations

import errno
import json
import os
import queue
import shutil
import sys
import threading
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import qsearch
from qsearch import watch as watch_module
from qsearch.index.report import Report
from qsearch.watch import Alarm, Look, Pace, _Watch, look, watch
from tests.helpers import article

PATIENCE = 60
NEVER = 3600.0


class Watched:
    """A watch in a thread of its own."""

    def __init__(self, root: Path, *paths: Path, notices: bool, folder: Path | None = None) -> None:
        self.index = qsearch.create(folder or root.parent / "index")
        self.paths = paths or (root,)
        self.reports: queue.Queue[Report | BaseException] = queue.Queue()
        self.told: list[str] = []
        self.updates = 0
        self.before_update: Callable[[], object] = lambda: None
        self.notices = notices
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            watch(
                self.paths,
                self._update,
                exclude=[self.index.path],
                show=self.reports.put,
                tell=self.told.append,
                stop=self._stop,
                # With notices, nothing is found that no notice told.
                pace=Pace(quiet=0.02, longest=1, poll=0.05, rescan=NEVER, again=0.05),
                notices=self.notices,
            )
        except BaseException as error:
            self.reports.put(error)

    def _update(self, paths: list[str]) -> Report:
        self.updates += 1
        self.before_update()
        return self.index.update(paths, timeout=0.02)

    def report(self) -> Report:
        found = self.reports.get(timeout=PATIENCE)
        if isinstance(found, BaseException):
            raise found
        return found

    def counts(self) -> tuple[int, int, int, int]:
        report = self.report()
        return report.added, report.updated, report.removed, len(report.skipped)

    def wait_for(self, true: Callable[[], object]) -> None:
        give_up = threading.Event()
        for _ in range(PATIENCE * 50):
            if true():
                return
            give_up.wait(0.02)
        raise AssertionError(f"never came: {self.told}")

    def end(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture(params=[True, False], ids=["notices", "polling"])
def notices(request: pytest.FixtureRequest) -> bool:
    if request.param:
        pytest.importorskip("watchfiles")
    return bool(request.param)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    put(folder / "a.md", "Alpha")
    return folder


Start = Callable[..., Watched]


@pytest.fixture
def start(root: Path, notices: bool) -> Iterator[Start]:
    made: list[Watched] = []

    def begin(*paths: Path, **options: Any) -> Watched:
        made.append(Watched(root, *paths, notices=notices, **options))
        return made[-1]

    yield begin
    for watched in made:
        watched.end()


def put(path: Path, title: str) -> None:
    """Write an article as an editor does: beside its place, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(f"---\nurl: /{path.stem}\ntitle: {json.dumps(title)}\n---\n")
    beside.replace(path)


def titles(watched: Watched) -> list[str]:
    return sorted(one.title for one in watched.index)


# -- following


def test_files_that_come_change_and_go(root: Path, start: Start) -> None:
    watched = start()
    assert watched.counts() == (1, 0, 0, 0)
    put(root / "b.md", "Beta")
    assert watched.counts() == (1, 0, 0, 0)
    put(root / "a.md", "Another")
    assert watched.counts() == (0, 1, 0, 0)
    (root / "a.md").unlink()
    assert watched.counts() == (0, 0, 1, 0)
    (root / "b.md").rename(root / "c.md")
    watched.wait_for(lambda: [one.path for one in watched.index] == [str(root / "c.md")])
    assert titles(watched) == ["Beta"]


def test_what_changes_during_an_update_is_taken_by_one_more(root: Path, start: Start) -> None:
    watched = start()
    watched.report()
    reached, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        watched.before_update = lambda: None
        reached.set()
        assert go_on.wait(PATIENCE)

    watched.before_update = hold
    put(root / "b.md", "Beta")
    assert reached.wait(PATIENCE)
    watched.index.update(root)  # so that the one on its way finds nothing new
    for number in range(20):
        put(root / f"n{number}.md", f"Number {number}")
    go_on.set()
    watched.wait_for(lambda: len(watched.index) == 22)
    assert watched.updates <= 3


def test_folders_that_come_go_and_come_again(root: Path, start: Start) -> None:
    watched = start()
    watched.report()
    for title in ("Once", "Twice"):
        put(root / "deep" / "deeper" / "d.md", title)
        watched.wait_for(lambda title=title: titles(watched) == ["Alpha", title])  # type: ignore[misc]
        shutil.rmtree(root / "deep")
        watched.wait_for(lambda: titles(watched) == ["Alpha"])


def test_a_path_that_goes_is_waited_for_and_its_articles_stay(root: Path, start: Start) -> None:
    other = root.parent / "other"
    put(other / "o.md", "Other")
    watched = start(root, other)
    assert watched.counts() == (2, 0, 0, 0)
    shutil.rmtree(root)
    watched.wait_for(lambda: f"note: {root} is gone" in " ".join(watched.told))
    put(other / "p.md", "Meanwhile")
    assert watched.counts() == (1, 0, 0, 0)
    assert titles(watched) == ["Alpha", "Meanwhile", "Other"]
    put(root / "a.md", "Back again")
    watched.wait_for(lambda: titles(watched) == ["Back again", "Meanwhile", "Other"])
    put(root / "b.md", "And watched again")
    watched.wait_for(lambda: "And watched again" in titles(watched))


def test_a_folder_in_the_place_of_another_is_watched_in_its_turn(root: Path, start: Start) -> None:
    # Made at once, it may get the number of the one that is gone; renamed, it tells nobody.
    watched = start()
    watched.report()
    shutil.rmtree(root)
    put(root / "b.md", "Removed and made")
    watched.wait_for(lambda: titles(watched) == ["Removed and made"])
    put(root / "b.md", "Watched")
    watched.wait_for(lambda: titles(watched) == ["Watched"])
    root.rename(root.with_name("before"))
    put(root / "c.md", "Renamed and made")
    watched.wait_for(lambda: titles(watched) == ["Renamed and made"])
    put(root / "c.md", "Watched again")
    watched.wait_for(lambda: titles(watched) == ["Watched again"])


def test_a_single_file_that_is_replaced_and_removed(root: Path, start: Start) -> None:
    watched = start(root / "a.md")
    assert watched.counts() == (1, 0, 0, 0)
    put(root / "neighbour.md", "Not asked for")
    for title in ("Second", "Third"):
        put(root / "a.md", title)
        assert watched.counts() == (0, 1, 0, 0)
    (root / "a.md").unlink()
    watched.wait_for(lambda: watched.told)
    put(root / "a.md", "Fourth")
    assert watched.counts() == (0, 1, 0, 0)
    assert titles(watched) == ["Fourth"]


def test_a_file_that_is_written_slowly_is_taken_in_the_end(root: Path, start: Start) -> None:
    watched = start()
    watched.report()
    with (root / "slow.md").open("w") as file:
        for part in ("---\nurl: /slow\n", "title: Slow", "ly written\n", "---\n"):
            file.write(part)
            file.flush()
            threading.Event().wait(0.1)
    watched.wait_for(lambda: titles(watched) == ["Alpha", "Slowly written"])


# -- what goes wrong


def test_a_broken_file_is_reported_once_and_taken_when_it_is_mended(
    root: Path, start: Start
) -> None:
    watched = start()
    watched.report()
    broken = root / ".broken"
    broken.write_text("---\ntitle: [\n---\n")
    broken.replace(root / "b.md")
    report = watched.report()
    assert [error.path for error in report.skipped] == [str(root / "b.md")]
    put(root / "c.md", "Goes on")
    assert watched.counts() == (1, 0, 0, 1)
    put(root / "b.md", "Mended")
    assert watched.counts() == (1, 0, 0, 0)
    assert titles(watched) == ["Alpha", "Goes on", "Mended"]


def test_another_writer_is_waited_for_and_that_is_said_once(root: Path, start: Start) -> None:
    watched = start()
    watched.report()
    with qsearch.open(watched.index.path) as other, other.writer() as writer:
        put(root / "b.md", "Beta")
        watched.wait_for(lambda: watched.updates >= 4)
        writer.add(article("/python", "Of Python"))
        told = [line for line in watched.told if "waiting" in line]
        assert len(told) == 1
        assert f"process {os.getpid()}" in told[0]
    assert watched.counts() == (1, 0, 0, 0)
    assert titles(watched) == ["Alpha", "Beta", "Of Python"]


def test_an_error_of_the_file_system_is_told_once_and_tried_again(root: Path, start: Start) -> None:
    watched = start()
    watched.report()
    full = [OSError(errno.ENOSPC, "no space")] * 3

    def fail() -> None:
        if full:
            raise full.pop()

    watched.before_update = fail
    put(root / "b.md", "Beta")
    assert watched.counts() == (1, 0, 0, 0)
    assert len([line for line in watched.told if "no space" in line]) == 1


def test_the_index_may_lie_in_the_folder_and_wakes_nobody(root: Path, start: Start) -> None:
    watched = start(folder=root / "index")
    watched.report()
    put(root / "b.md", "Beta")
    watched.report()
    (root / ".git").mkdir()
    (root / ".git" / "x.md").write_text("not looked at")
    (root / "picture.png").write_bytes(b"not read")
    put(root / "c.md", "Gamma")
    watched.report()
    assert watched.updates == 3


def test_what_is_wrong_at_the_start_is_the_callers(root: Path) -> None:
    def refused(paths: list[str]) -> Report:
        raise PermissionError(errno.EACCES, "no")

    for paths, kind in (([root / "gone"], FileNotFoundError), ([root], PermissionError)):
        with pytest.raises(kind):
            watch(paths, refused, show=print, notices=False)


def test_a_path_that_goes_while_it_is_read(root: Path, start: Start) -> None:
    watched = start()
    watched.report()

    def vanish() -> None:
        watched.before_update = lambda: None
        root.rename(root.with_name("elsewhere"))

    watched.before_update = vanish
    put(root / "b.md", "Beta")
    watched.wait_for(lambda: watched.told)
    root.with_name("elsewhere").rename(root)
    watched.wait_for(lambda: titles(watched) == ["Alpha", "Beta"])


# -- where the system gives no notices


def listen_with(monkeypatch: pytest.MonkeyPatch, listen: object) -> None:
    fake = types.ModuleType("watchfiles")
    fake.watch = listen  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "watchfiles", fake)


def limit(*_: object, **__: object) -> Iterator[set[object]]:
    raise OSError("OS file watch limit reached. about ['/articles']")


def later(*_: object, **__: object) -> Iterator[set[object]]:
    yield set()
    raise RuntimeError("error in underlying watcher")


@pytest.mark.parametrize(
    ("listen", "said"),
    [
        (None, "pip install 'qsearch[watch]'"),
        (limit, "fs.inotify.max_user_watches"),
        (later, "error in underlying watcher"),
    ],
)
def test_the_files_are_looked_at_instead_and_that_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch, listen: object, said: str
) -> None:
    if listen is None:
        monkeypatch.setitem(sys.modules, "watchfiles", None)
    else:
        listen_with(monkeypatch, listen)
    watched = Watched(root, notices=True)
    try:
        assert watched.counts() == (1, 0, 0, 0)
        watched.wait_for(lambda: watched.told)
        put(root / "b.md", "Beta")
        assert watched.counts() == (1, 0, 0, 0)
        assert len(watched.told) == 1
        assert said in watched.told[0]
        assert "looks every" in watched.told[0]
    finally:
        watched.end()


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("articles/a.md", True),
        ("articles", True),
        ("articles/deep/folder", True),
        ("articles/.git/index", False),
        ("articles/.a.md.swp", False),
        ("articles/deep/.hidden/a.md", False),
        ("articles/index/segment-1.qs", False),
        ("articles/index", False),
        ("articles/indexed.md", True),
        ("articles/.given/a.md", True),
        ("articles/.given/.x/a.md", False),
    ],
)
def test_notices_of_hidden_folders_and_the_index_are_passed_over(
    root: Path, path: str, matters: bool
) -> None:
    (root / ".given").mkdir()
    alarm = Alarm([], [str(root / "index")])
    alarm._folders = [str(root), str(root / ".given")]
    assert alarm._matters(None, str(root.parent / path)) == matters  # type: ignore[arg-type]


# -- looks


def test_a_look_sees_every_change_of_a_file(root: Path) -> None:
    file = root / "a.md"
    seen = look([str(root)], [])
    assert list(seen.files) == [str(file)]
    assert look([str(root)], []) == seen
    status = file.stat()
    # The same size, and the same time as before.
    file.write_text(file.read_text().replace("Alpha", "Gamma"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert look([str(root)], []) != seen


def test_a_look_reads_no_more_than_an_update(root: Path) -> None:
    for name in (".hidden/a.md", "index/a.md", "picture.png"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("x")
    found = look([str(root), str(root / "gone")], [str(root / "index")])
    assert (list(found.files), found.missing) == ([str(root / "a.md")], (str(root / "gone"),))


def test_a_path_that_goes_just_when_it_is_looked_at_is_missing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "exists", lambda path: True)
    gone = str(root / "gone")
    assert look([gone, str(root)], []) == Look(look([str(root)], []).files, (), (gone,))


@pytest.mark.parametrize(
    ("numbers", "settled", "looks"), [([1], 1, 1), ([2, 3, 3, 4], 3, 3), ([2, 3, 4, 5, 5], 5, 5)]
)
def test_a_burst_has_ended_when_two_looks_see_the_same(
    monkeypatch: pytest.MonkeyPatch, numbers: list[int], settled: int, looks: int
) -> None:
    states = [Look({"a": (number,)}, (), ()) for number in numbers]
    monkeypatch.setattr(watch_module, "look", lambda paths, exclude: states.pop(0))
    watched = _Watch(
        ["a"],
        [],
        lambda paths: pytest.fail("no update"),
        show=print,
        tell=print,
        explain=str,
        stop=threading.Event(),
        pace=Pace(quiet=0, longest=NEVER),
        notices=False,
    )
    assert watched._settled(Look({"a": (1,)}, (), ())) == Look({"a": (settled,)}, (), ())
    assert len(states) == len(numbers) - looks


def test_what_never_comes_to_rest_is_taken_after_a_while(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = iter(range(10**9))
    monkeypatch.setattr(
        watch_module, "look", lambda paths, exclude: Look({"a": (next(number),)}, (), ())
    )
    stop, updates = threading.Event(), []

    def update(paths: list[str]) -> Report:
        updates.append(paths)
        if len(updates) == 3:
            stop.set()
        return Report(0, 0, 0, 0, (), 0.0)

    watch(
        [root], update, show=print, stop=stop, notices=False,
        pace=Pace(quiet=0, longest=0.01, poll=0),
    )  # fmt: skip
    assert len(updates) == 3
