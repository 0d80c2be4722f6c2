"""Files of columns: what is written comes back, and damage is noticed before it can answer."""

from __future__ import annotations

import hashlib
import struct
import threading
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from qsearch.arrays import Array
from qsearch.errors import Error, IndexCorrupt, IndexTooNew, IndexTooOld
from qsearch.index import columns as columns_module
from qsearch.index.columns import FORMAT, PAGE, ColumnFile, Packed
from tests.helpers import open_file, pack

COLUMN = st.sampled_from(["u1", "<u2", "<u4", "<u8", "<i4", "<i8", "<f8"]).flatmap(
    lambda kind: arrays.arrays(np.dtype(kind), st.integers(0, 40))
)
COLUMNS = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), COLUMN, max_size=5)
ONE_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(path: Path, columns: dict[str, Array]) -> ColumnFile:
    content, seal = pack(columns)
    path.write_bytes(content)
    return open_file(path, seal=seal, length=len(content))


def read_all(path: Path, columns: dict[str, Array], seal: str, length: int) -> dict[str, Array]:
    file = open_file(path, seal=seal, length=length)
    return {name: file.column(name).copy() for name in columns}


SAMPLE: dict[str, Array] = {
    "numbers": np.arange(5_000, dtype="<u4"),
    "bytes": np.arange(200, dtype="u1"),
    "empty": np.zeros(0, dtype="<f8"),
    "more": np.linspace(0, 1, 3_000),
    "equal": np.full(5_000, 7, dtype="<i4"),
    "near": (np.arange(900, dtype="<i4") * 7 % 900) - 5,
}


@ONE_FOLDER
@given(COLUMNS)
def test_what_is_written_comes_back(tmp_path: Path, columns: dict[str, Array]) -> None:
    file = write(tmp_path / "x.qs", columns)
    file.verify()
    for name, column in columns.items():
        assert file.count(name) == column.size
        found = file.column(name)
        assert found.dtype == column.dtype
        np.testing.assert_array_equal(found, column)


@ONE_FOLDER
@given(st.data())
def test_a_part_of_a_column_is_that_part(tmp_path: Path, data: st.DataObject) -> None:
    file = write(tmp_path / "x.qs", SAMPLE)
    name = data.draw(st.sampled_from(sorted(SAMPLE)))
    stop = data.draw(st.integers(0, SAMPLE[name].size))
    start = data.draw(st.integers(0, stop))
    np.testing.assert_array_equal(file.column(name, start, stop), SAMPLE[name][start:stop])


def test_the_same_columns_give_the_same_bytes() -> None:
    assert pack(SAMPLE) == pack(dict(SAMPLE))


@given(COLUMNS)
def test_a_large_file_is_the_same_in_parts(columns: dict[str, Array]) -> None:
    whole, seal = pack(columns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns_module, "_LARGE", 0)
        patch.setattr(columns_module, "_SHORT", 100)
        packed = Packed(columns)
        assert b"".join(packed.parts()) == whole
        assert packed.seal == seal
    assert packed.length == len(whole)


def test_long_columns_are_written_from_where_they_are() -> None:
    long = np.random.default_rng(1).random(200_000)
    parts = list(Packed({"short": np.arange(9), "long": long, "last": np.arange(9)}).parts())
    assert [len(part) for part in parts[1:2]] == [long.nbytes]
    assert np.shares_memory(np.frombuffer(parts[1], dtype="u1"), long)


def test_a_column_can_not_be_written_to(tmp_path: Path) -> None:
    column = write(tmp_path / "x.qs", SAMPLE).column("numbers")
    with pytest.raises(ValueError, match="read-only"):
        column[0] = 1


def test_columns_that_lie_as_they_are_start_where_a_processor_likes_it(tmp_path: Path) -> None:
    file = write(tmp_path / "x.qs", SAMPLE)
    for name in ("bytes", "more"):
        assert file.column(name).ctypes.data % 64 == 0


def test_a_column_that_has_to_be_decoded_is_decoded_once(tmp_path: Path) -> None:
    file = write(tmp_path / "x.qs", SAMPLE)
    assert file.column("numbers").base is file.column("numbers").base is not None


@pytest.mark.parametrize(
    ("name", "start", "stop"),
    [
        ("absent", 0, None),
        ("numbers", 0, 5_001),
        ("numbers", -1, 5),
        ("numbers", 6, 5),
        ("numbers", 5_001, None),
    ],
)
def test_what_is_not_there_is_damage(
    name: str, start: int, stop: int | None, tmp_path: Path
) -> None:
    file = write(tmp_path / "x.qs", SAMPLE)
    with pytest.raises(IndexCorrupt, match=name):
        file.column(name, start, stop)


def test_the_count_of_a_column_that_is_not_there_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexCorrupt, match="absent"):
        write(tmp_path / "x.qs", SAMPLE).count("absent")


def test_a_missing_file_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_file(tmp_path / "x.qs", seal="", length=100)


# -- damage


def test_an_error_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.qs"
    path.write_bytes(b"x" * 100)
    with pytest.raises(IndexCorrupt, match="not a file of a qsearch index") as caught:
        open_file(path, seal="", length=100)
    assert caught.value.path == str(path)


@pytest.mark.parametrize("length", [0, 1, 63, 64, 100, -1])
def test_a_truncated_file(length: int, tmp_path: Path) -> None:
    content, seal = pack(SAMPLE)
    path = tmp_path / "x.qs"
    path.write_bytes(content[:length])
    with pytest.raises(IndexCorrupt):
        open_file(path, seal=seal, length=len(content))
    with pytest.raises(IndexCorrupt):  # even if the manifest agrees
        open_file(path, seal=seal, length=len(content[:length]))


@pytest.mark.parametrize("tail", [b"\0", b"x" * 20_000])
def test_a_file_with_something_behind_it(tail: bytes, tmp_path: Path) -> None:
    content, seal = pack(SAMPLE)
    path = tmp_path / "x.qs"
    path.write_bytes(content + tail)
    with pytest.raises(IndexCorrupt):
        open_file(path, seal=seal, length=len(content))
    with pytest.raises(IndexCorrupt):
        open_file(path, seal=seal, length=len(content) + len(tail))


def test_the_file_of_another_index(tmp_path: Path) -> None:
    other, _ = pack({**SAMPLE, "numbers": SAMPLE["numbers"] + 1})
    content, seal = pack(SAMPLE)
    assert len(other) == len(content)
    path = tmp_path / "x.qs"
    path.write_bytes(other)
    with pytest.raises(IndexCorrupt, match="not the file that the index names"):
        open_file(path, seal=seal, length=len(content))


def _damaged(path: Path, content: bytes, seal: str) -> str:
    """What reading everything of a file says: the columns are whole, or an error's name."""
    path.write_bytes(content)
    try:
        found = read_all(path, SAMPLE, seal, len(content))
    except Error as error:
        return type(error).__name__
    for name, column in SAMPLE.items():
        np.testing.assert_array_equal(found[name], column)
    return "whole"


@settings(ONE_FOLDER, max_examples=300)
@given(at=st.integers(0, 36_000), bit=st.integers(0, 7))
def test_a_flipped_bit_gives_an_error_or_nothing_else(tmp_path: Path, at: int, bit: int) -> None:
    content, seal = pack(SAMPLE)
    damaged = bytearray(content)
    damaged[at % len(content)] ^= 1 << bit
    said = _damaged(tmp_path / "x.qs", bytes(damaged), seal)
    # Four bytes say the format; a change in them can't be told from another version.
    versions = {"IndexTooNew", "IndexTooOld"} if 8 <= at % len(content) < 12 else set()
    assert said in {"IndexCorrupt", "whole"} | versions


def test_every_byte_of_header_and_directory_is_guarded(tmp_path: Path) -> None:
    columns: dict[str, Array] = {"a": np.arange(3, dtype="u1"), "b": np.arange(2, dtype="<u8")}
    content, seal = pack(columns)
    path = tmp_path / "x.qs"
    for at in range(len(content)):
        damaged = bytearray(content)
        damaged[at] ^= 0x41
        path.write_bytes(damaged)
        with pytest.raises((IndexCorrupt, IndexTooNew)):
            open_file(path, seal=seal, length=len(content)).verify()


@settings(ONE_FOLDER, max_examples=100)
@given(st.integers(0, 36_000), st.integers(0, 36_000))
def test_zeroed_ranges_give_an_error_or_nothing_else(tmp_path: Path, one: int, other: int) -> None:
    content, seal = pack(SAMPLE)
    start, stop = sorted((one % len(content), other % len(content)))
    damaged = bytes(content[:start] + bytes(stop - start) + content[stop:])
    said = _damaged(tmp_path / "x.qs", damaged, seal)
    assert said in {"IndexCorrupt", "IndexTooOld", "whole"}


def test_only_the_pages_that_are_read_are_checked(tmp_path: Path) -> None:
    columns: dict[str, Array] = {"a": np.zeros(3 * PAGE, dtype="u1")}
    content, seal = pack(columns)
    damaged = bytearray(content)
    damaged[64 + 2 * PAGE + 5] ^= 1
    path = tmp_path / "x.qs"
    path.write_bytes(damaged)
    file = open_file(path, seal=seal, length=len(content))
    assert file.column("a", 0, 2 * PAGE).sum() == 0
    for _ in range(2):  # damage is found every time
        with pytest.raises(IndexCorrupt, match="damaged"):
            file.column("a", 2 * PAGE)
        with pytest.raises(IndexCorrupt):
            file.verify()


# -- versions, and files that were made to deceive


def _forged(
    header: Mapping[str, int] = MappingProxyType({}),
    *,
    version: int = FORMAT,
    listing: bytes | None = None,
) -> tuple[bytes, str]:
    """A file whose checksums are all right, with another version or directory."""
    content = bytes(pack({"a": np.arange(16, dtype="<u4")})[0])
    magic, _, page, end, _, _, _ = struct.unpack_from("<8sIIQQII", content)
    checks = content[end : end + 4]
    listing = content[end + 4 :] if listing is None else listing
    values = {"page": page, "end": end, "size": len(listing), **header}
    fields = (magic, version, values["page"], values["end"], values["size"], zlib.crc32(listing))
    bare = struct.pack("<8sIIQQII", *fields, 0)
    head = struct.pack("<8sIIQQII", *fields, zlib.crc32(bare)).ljust(64, b"\0")
    digest = hashlib.blake2b(head + checks + listing, digest_size=16)
    return b"".join((head, content[64:end], checks, listing)), digest.hexdigest()


def _open(path: Path, content: bytes, seal: str) -> ColumnFile:
    path.write_bytes(content)
    return open_file(path, seal=seal, length=len(content))


def test_the_forger_of_these_tests_makes_good_files(tmp_path: Path) -> None:
    assert _open(tmp_path / "x.qs", *_forged()).column("a").tolist() == list(range(16))


def test_a_later_and_an_earlier_format(tmp_path: Path) -> None:
    with pytest.raises(IndexTooNew, match="update qsearch"):
        _open(tmp_path / "x.qs", *_forged(version=FORMAT + 1))
    with pytest.raises(IndexTooOld, match="build it again"):
        _open(tmp_path / "x.qs", *_forged(version=FORMAT - 1))


@pytest.mark.parametrize(
    "listing",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"\xff",
        b"[" * 100_000,
        b'{"a":5}',
        b'{"a":["u4",64]}',
        b'{"a":["u4","x",1,"plain",0]}',
        b'{"a":["u4",64,null,"plain",0]}',
        b'{"a":["u4",64,1e999,"plain",0]}',
        b'{"a":["u4",64,17,"plain",0]}',  # one value too many
        b'{"a":["u4",64,-1,"plain",0]}',
        b'{"a":["u4",0,1,"plain",0]}',  # the header
        b'{"a":["u4",65,1,"plain",0]}',
        b'{"a":["u4",-64,1,"plain",0]}',
        b'{"a":["u4",6400,1,"plain",0]}',
        b'{"a":["O8",64,1,"plain",0]}',
        b'{"a":["",64,1,"plain",0]}',
        b'{"a":["u4",64,99999999999999999999,"plain",0]}',
        b'{"a":["u4",64,16,"plain",1]}',
        b'{"a":["u4",64,16,"else",0]}',
        b'{"a":["u4",64,16,5,0]}',
        b'{"a":["u4",64,16,"u4",0]}',  # no fewer bytes than it has
        b'{"a":["u4",64,16,"u8",0]}',
        b'{"a":["u4",64,65,"u1",0]}',
        b'{"a":["u4",64,16,"u1",-1]}',
        b'{"a":["u4",64,16,"u1",4294967296]}',
        b'{"a":["u4",64,16,"u1",null]}',
        b'{"a":["u4",64,33,"same",0]}',  # more than the file would be
        b'{"a":["u4",64,0,"same",0]}',
        b'{"a":["u4",64,60,"steps",2]}',
        b'{"a":["u4",64,16,"steps",17]}',
        b'{"a":["u4",64,16,"steps",-1]}',
        b'{"a":["f8",64,8,"u4",0]}',
        b'{"a":["f8",64,8,"steps",0]}',
    ],
    ids=lambda listing: listing[:40].decode("latin-1"),
)
def test_a_directory_that_leads_astray(listing: bytes, tmp_path: Path) -> None:
    with pytest.raises(IndexCorrupt):
        _open(tmp_path / "x.qs", *_forged(listing=listing))


def test_fewer_large_steps_than_are_said_to_be(tmp_path: Path) -> None:
    listing = b'{"a":["u4",64,16,"steps",3]}'
    with pytest.raises(IndexCorrupt, match="can't be decoded"):
        _open(tmp_path / "x.qs", *_forged(listing=listing)).column("a")


@pytest.mark.parametrize(
    "header",
    [{"page": 4096}, {"page": 0}, {"end": 0}, {"end": 2**63}, {"size": 2**63}, {"end": 63}],
)
def test_a_header_that_leads_astray(header: dict[str, int], tmp_path: Path) -> None:
    with pytest.raises(IndexCorrupt):
        _open(tmp_path / "x.qs", *_forged(header))


@pytest.mark.parametrize(
    "column", [np.zeros(1, dtype=np.complex128), np.zeros((2, 2)), np.array(["x"])]
)
def test_only_plain_columns_of_numbers_are_written(column: Any) -> None:
    with pytest.raises(AssertionError):
        pack({"x": column})


def test_threads_may_share_a_file(tmp_path: Path) -> None:
    file = write(tmp_path / "x.qs", {"a": np.arange(40_000, dtype="<u4")})
    wrong: list[int] = []

    def read() -> None:
        for start in range(0, 40_000, 1_000):
            values = file.column("a", start, start + 1_000).tolist()
            wrong.extend(set(values) ^ set(range(start, start + 1_000)))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
