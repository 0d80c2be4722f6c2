"""Opening files that may be anything by now, and reading no more than was asked for."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from qsearch.errors import ArticleError
from qsearch.reading.files import HashedFile, digest_of, opened, read_whole

Write = Callable[[str, "str | bytes"], str]


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(path))  # the name of a socket is short


def make_folder(path: Path) -> None:
    path.mkdir()


def make_link_to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (make_fifo, "a FIFO can't be read"),
        (make_socket, "can't be read"),
        (make_folder, "a folder can't be read"),
        (make_link_to_device, "a device can't be read"),
    ],
)
def test_only_a_regular_file_is_opened_and_nothing_blocks(
    tmp_path: Path, make: Callable[[Path], None], reason: str
) -> None:
    path = tmp_path / "x.md"
    make(path)
    with pytest.raises(ArticleError, match=reason) as caught:
        read_whole(str(path), limit=100)
    assert caught.value.path == str(path)


def test_a_file_that_is_gone_or_forbidden_is_an_article_error(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ArticleError, match=r"can't be read: No such file"):
        read_whole(str(tmp_path / "gone.md"), limit=100)

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    path = write("a.md", "x")
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ArticleError, match=r"can't be read: Permission denied"):
        read_whole(path, limit=100)


def test_a_device_that_fails_while_reading_is_an_article_error(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    path = write("a.md", "x")
    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(ArticleError, match=r"can't be read: Input/output error"):
        read_whole(path, limit=100)


def test_a_file_up_to_the_limit_is_read_whole(write: Write) -> None:
    path = write("a.md", b"x" * 100)
    assert read_whole(path, limit=100) == b"x" * 100
    assert read_whole(write("empty.md", b""), limit=0) == b""


def test_a_longer_file_is_refused_before_a_byte_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "huge.md"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)  # a hole: takes no space
    monkeypatch.setattr(os, "read", None)
    with pytest.raises(ArticleError, match=r"longer than 1,000 bytes"):
        read_whole(str(path), limit=1_000)


def test_a_file_that_grows_while_it_is_read_is_refused_at_the_limit(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "read", lambda _, size: b"x" * min(size, 60))
    with pytest.raises(ArticleError, match=r"longer than 150 bytes"):
        read_whole(write("a.md", "x"), limit=150)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
def test_a_file_that_tells_no_size_is_read_up_to_the_limit() -> None:
    assert read_whole("/proc/self/status", limit=1_000_000).startswith(b"Name:")
    with pytest.raises(ArticleError, match=r"longer than 5 bytes"):
        read_whole("/proc/self/status", limit=5)


def test_no_descriptor_stays_open(tmp_path: Path, write: Write) -> None:
    path = write("a.md", "x")
    free = os.dup(0)
    os.close(free)
    read_whole(path, limit=10)
    with pytest.raises(ArticleError):
        read_whole(path, limit=0)
    with pytest.raises(ArticleError):
        read_whole(str(tmp_path), limit=0)
    again = os.dup(0)
    os.close(again)
    assert again == free


def test_the_digest_of_a_stream_is_that_of_its_bytes(write: Write) -> None:
    data = os.urandom(200_000)
    with opened(write("a.jsonl", data)) as (descriptor, size):
        file = HashedFile(descriptor)
        file.read(10)
        assert file.digest_of_all() == digest_of(data)
    assert (size, len(digest_of(data))) == (200_000, 16)
