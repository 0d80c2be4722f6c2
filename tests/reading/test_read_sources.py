"""Reading files one by one, in this process and in workers: the outcome is the same."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from qsearch.article import RelatedArticle
from qsearch.errors import ArgumentError, Error
from qsearch.limits import Limits
from qsearch.reading import (
    SourceContent,
    content,
    make_of_sources,
    read_sources,
    worker,
    workers,
)
from qsearch.reading.containers import container_of

Write = Callable[[str, "str | bytes"], str]

Started = list[subprocess.Popen[bytes]]

BAD_LINE = '{"url": "/bad"}'


def markdown(url: str) -> str:
    return f"---\nurl: {url}\ntitle: Title of {url}\nrelated: [1, 2]\nscore: 3\n---\n"


def line(url: str) -> str:
    return f'{{"url": "{url}", "title": "t", "date": "2025-01-31", "keywords": "a,b"}}'


@pytest.fixture
def sources(write: Write) -> list[str]:
    """One source of each kind, good and bad ones."""
    lines = f"{line('/1')}\n{BAD_LINE}\n{line('/2')}\n"
    packed = gzip.compress(lines.encode())
    return [
        write("a.md", markdown("/a")),
        write("b.md", "---\nno front matter\n---\n"),
        write("c.markdown", markdown("/c")),
        write("d.jsonl", lines),
        write("e.jsonl.gz", packed),
        write("f.jsonl.gz", packed[:-4]),
        str(Path(write("g.md", "")).with_name("gone.md")),
        write("h.jsonl", ""),
        str(Path(write("i/x", "")).parent),
    ]


def unknown(paths: list[str]) -> list[tuple[str, bytes | None]]:
    return [(path, None) for path in paths]


def summary(contents: Iterator[SourceContent[Any]]) -> list[object]:
    return [
        (found.path, found.digest, found.unchanged, found.articles, list(map(str, found.errors)))
        for found in contents
    ]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """The processes that are started in the test."""
    processes: Started = []

    class Recorded(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **named: Any) -> None:
            super().__init__(*args, **named)
            processes.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    return processes


def have_ended(processes: Started) -> bool:
    return all(process.returncode is not None for process in processes)


def test_one_bad_file_never_stops_the_run(sources: list[str]) -> None:
    contents = list(read_sources(unknown(sources)))
    assert [found.path for found in contents] == sources
    assert [len(found.articles) for found in contents] == [1, 0, 1, 2, 2, 2, 0, 0, 0]
    assert [len(found.errors) for found in contents] == [0, 1, 0, 1, 1, 2, 1, 0, 1]
    assert not any(found.unchanged for found in contents)


def test_a_digest_is_16_bytes_of_the_file_and_empty_if_it_cannot_be_read(
    sources: list[str],
) -> None:
    digests = [found.digest for found in read_sources(unknown(sources))]
    assert [len(digest) for digest in digests] == [16, 16, 16, 16, 16, 16, 0, 16, 0]
    assert len(set(digests)) == 8


def test_a_file_with_its_known_digest_is_not_parsed(
    sources: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [(found.path, found.digest) for found in read_sources(unknown(sources))]

    def parsed(*_: object) -> Iterator[Any]:
        raise AssertionError

    nothing = container_of(".md")._replace(records=parsed)
    streams = nothing._replace(streams=True)
    monkeypatch.setattr(content, "container_of", lambda end: streams if "l" in end else nothing)
    for found in read_sources(known):
        if found.digest:
            assert found == SourceContent(found.path, found.digest, True, (), ())


@pytest.mark.parametrize("name", ["a.md", "a.jsonl"])
def test_a_changed_file_is_parsed_and_has_another_digest(write: Write, name: str) -> None:
    text = {"a.md": markdown, "a.jsonl": line}[name]
    (old,) = read_sources([(write(name, text("/old")), None)])
    (new,) = read_sources([(write(name, text("/new")), old.digest)])
    assert [article.url for article in new.articles] == ["/new"]
    assert (new.unchanged, new.digest != old.digest) == (False, True)


def test_a_file_that_cannot_be_read_to_its_end_has_no_digest(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([len(line("/1")) + 1])
    data = f"{line('/1')}\n".encode()

    def fail_later(_: int, buffers: list[memoryview]) -> int:
        for size in answers:
            buffers[0][:size] = data
            return size
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "readv", fail_later)
    (found,) = read_sources([(write("a.jsonl", "x"), None)])
    assert [article.url for article in found.articles] == ["/1"]
    assert [str(error).partition(": ")[2] for error in found.errors] == [
        "the file can't be read: Input/output error"
    ]
    assert found.digest == b""


def test_limits_are_applied(write: Write) -> None:
    path = write("a.md", markdown("/a"))
    for limits in (Limits(file_bytes=10), Limits(front_matter_bytes=10), Limits(nesting=1)):
        (found,) = read_sources([(path, None)], limits=limits)
        assert len(found.errors) == 1


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_workers_find_the_same_in_the_same_order(sources: list[str], workers: int) -> None:
    known = unknown(sources) * 20
    known += [(found.path, found.digest) for found in read_sources(unknown(sources))]
    found = list(read_sources(known, workers=workers))
    assert summary(iter(found)) == summary(read_sources(known))
    assert found[0].articles[0].related == (RelatedArticle(id="1"), RelatedArticle(id="2"))
    assert found[0].articles[0].path == sources[0]
    assert found[3].articles[1].line == 3


def test_workers_get_the_limits(sources: list[str]) -> None:
    limits = Limits(nesting=1, file_bytes=60)
    assert summary(read_sources(unknown(sources), workers=1, limits=limits)) == summary(
        read_sources(unknown(sources), limits=limits)
    )


def test_no_process_is_started_without_workers(sources: list[str], started: Started) -> None:
    list(read_sources(unknown(sources)))
    list(read_sources([], workers=50))
    assert started == []


def test_no_more_workers_are_started_than_there_is_work_for(
    sources: list[str], started: Started
) -> None:
    list(read_sources(unknown(sources), workers=50))
    assert len(started) == 1


def test_workers_end_with_the_reading(sources: list[str], started: Started) -> None:
    many = unknown(sources) * 100
    assert len(list(read_sources(many, workers=2))) == len(many)
    assert len(started) == 2
    assert have_ended(started)


def test_processes_may_start_before_there_is_work(sources: list[str], started: Started) -> None:
    with workers.Crew(worker.values_of, workers=2, limits=Limits()) as crew:
        crew.start()
        assert len(started) == 2
        found = list(crew.read(unknown(sources)))
    assert have_ended(started)
    assert summary(iter(found)) == summary(make_of_sources(worker.values_of, unknown(sources)))


def test_workers_end_if_the_reading_is_given_up(sources: list[str], started: Started) -> None:
    reading = iter(read_sources(unknown(sources) * 100, workers=2))
    next(reading)
    assert not have_ended(started)
    reading.close()  # type: ignore[attr-defined]  # it is a generator
    assert have_ended(started)


def test_workers_end_if_the_list_of_files_fails(sources: list[str], started: Started) -> None:
    def failing() -> Iterator[tuple[str, None]]:
        for path in sources * 20:
            yield path, None
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(read_sources(failing(), workers=2))
    assert started
    assert have_ended(started)


def test_the_list_of_files_is_taken_only_as_far_as_needed(sources: list[str]) -> None:
    taken = 0

    def counted() -> Iterator[tuple[str, None]]:
        nonlocal taken
        for path in sources * 1_000:
            taken += 1
            yield path, None

    reading = read_sources(counted(), workers=2)
    next(reading)
    assert taken < 500


def test_a_killed_worker_is_an_error_and_the_others_end(
    sources: list[str], started: Started
) -> None:
    reading = read_sources(unknown(sources) * 1_000, workers=2)
    next(reading)
    started[1].kill()
    with pytest.raises(Error, match="ended unexpectedly"):
        list(reading)
    assert have_ended(started)


def test_asking_a_worker_that_has_ended_is_an_error() -> None:
    worker = workers._Worker()
    worker._process.kill()
    worker._process.wait()
    with pytest.raises(Error, match="ended unexpectedly"):
        worker.ask(Limits())
    worker.stop()


def test_a_worker_that_cannot_start_is_an_error(
    sources: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Error, match=r"can be started \(No such file or directory\): use workers=0"):
        list(read_sources(unknown(sources), workers=2))


@pytest.mark.parametrize("executable", ["/bin/false", "/bin/cat"])
def test_an_application_without_an_interpreter_of_its_own_is_told_so(
    sources: list[str], monkeypatch: pytest.MonkeyPatch, executable: str
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    with pytest.raises(Error, match="ended unexpectedly"):
        list(read_sources(unknown(sources) * 20, workers=1))


def test_a_script_needs_no_main_guard_and_ctrl_c_prints_nothing_but_its_own_traceback(
    tmp_path: Path, sources: list[str]
) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from qsearch.reading import read_sources\n"
        f"for i, found in enumerate(read_sources([({sources[0]!r}, None)] * 10**6, workers=2)):\n"
        "    if i == 1: print('ready', flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert errors.count("Traceback") == 1
    assert errors.endswith("KeyboardInterrupt\n")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
def test_workers_end_even_if_their_application_is_killed(sources: list[str]) -> None:
    script = (
        f"import subprocess, sys; sys.path[:] = {sys.path!r}\n"
        "from qsearch.reading import read_sources\n"
        "class Told(subprocess.Popen):\n"
        "    def __init__(self, *args, **named):\n"
        "        super().__init__(*args, **named)\n"
        "        print(self.pid, flush=True)\n"
        "subprocess.Popen = Told\n"
        f"list(read_sources([({sources[0]!r}, None)] * 10**6, workers=1))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout
        state = Path(f"/proc/{int(process.stdout.readline())}/stat")
        process.kill()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if ") Z " in state.read_text():  # ended, and nobody has asked how
                break
        except (FileNotFoundError, ProcessLookupError):
            break
        time.sleep(0.01)
    else:
        pytest.fail("the worker outlived its application")


def test_a_worker_answers_what_it_is_asked(
    sources: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other end of the pipes, run in this process."""
    tasks = unknown(sources)
    questions = b"".join(map(pickle.dumps, ((Limits(), worker.values_of), tasks[:4], tasks[4:])))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(questions)))
    reader, writer = os.pipe()
    worker.work(writer)
    with os.fdopen(reader, "rb") as answers:
        found = [
            worker.unpacked(answers.read(int.from_bytes(answers.read(8), "little"))) for _ in tasks
        ]
        assert answers.read() == b""
    assert summary(iter(found)) == summary(make_of_sources(worker.values_of, tasks))


@pytest.mark.parametrize("workers", [-1, 1.0, True, "2", None])
def test_a_wrong_number_of_workers_is_an_argument_error(workers: object) -> None:
    with pytest.raises(ArgumentError, match="workers must"):
        read_sources([], workers=workers)  # type: ignore[arg-type]


def test_wrong_limits_are_an_argument_error() -> None:
    with pytest.raises(ArgumentError, match="limits must"):
        read_sources([], limits={})  # type: ignore[arg-type]
