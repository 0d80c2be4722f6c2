"""Unpacking gzip: all that can be had of a file, then the damage."""

from __future__ import annotations

import gzip
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsearch.reading.gunzip import DamagedGzip, unpacked


def read(data: bytes) -> bytes:
    return unpacked(io.BytesIO(data)).read()


def read_until_damage(data: bytes) -> tuple[bytes, str]:
    stream = unpacked(io.BytesIO(data))
    found = []
    try:
        while line := stream.readline():
            found.append(line)
    except DamagedGzip as damage:
        return b"".join(found), str(damage)
    return b"".join(found), ""


LINES = "".join(f"{random.Random(7).random()} line {i}\n" for i in range(3_000)).encode()


@given(st.lists(st.binary(max_size=200), max_size=3), st.integers(0, 20))
def test_every_member_is_unpacked_and_padding_ignored(parts: list[bytes], padding: int) -> None:
    packed = b"".join(gzip.compress(part) for part in parts) + b"\0" * padding
    assert read(packed) == b"".join(parts)


@pytest.mark.parametrize("level", [0, 1, 9])
def test_more_than_a_chunk_is_unpacked(level: int) -> None:
    noise = random.Random(7).randbytes(300_000)
    assert read(gzip.compress(noise, level)) == noise
    assert read(gzip.compress(LINES * 20, level)) == LINES * 20


@given(st.integers(1, len(gzip.compress(LINES)) - 1))
def test_of_a_truncated_file_every_line_before_the_end_is_had(length: int) -> None:
    found, damage = read_until_damage(gzip.compress(LINES, mtime=0)[:length])
    assert damage == "it ends before its data does"
    assert LINES.startswith(found)
    assert found or length < 2_000


def test_a_truncated_end_loses_nothing_but_the_checksum() -> None:
    packed = gzip.compress(LINES)
    found, damage = read_until_damage(packed[:-1])
    assert found == LINES
    assert damage


def test_a_wrong_checksum_is_noticed() -> None:
    packed = bytearray(gzip.compress(LINES))
    packed[-8] ^= 1
    _, damage = read_until_damage(bytes(packed))
    assert damage == "its data is not what was packed"


@pytest.mark.parametrize("data", [b"no gzip", gzip.compress(b"x\n", mtime=0) + b"garbage"])
def test_what_is_no_gzip_is_damage(data: bytes) -> None:
    assert read_until_damage(data)[1] == "its data is not what was packed"


@given(st.binary(max_size=50), st.integers(0, 400))
def test_of_any_bytes_only_damage_comes_out(garbage: bytes, at: int) -> None:
    packed = gzip.compress(LINES[:2_000], mtime=0)
    for data in (garbage, packed[:at] + garbage + packed[at + len(garbage) :]):
        read_until_damage(data)
