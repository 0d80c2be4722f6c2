"""Types for the signatures of kernels: one with a signature is compiled when it is imported."""

from __future__ import annotations

from numba import types

u1, u2, u4, u8 = types.uint8, types.uint16, types.uint32, types.uint64
i4, i8, f8 = types.int32, types.int64, types.float64


def read(kind: types.Type) -> types.Array:
    """Return the type of an array in one piece that a kernel only reads."""
    return types.Array(kind, 1, "C", readonly=True)


def made(kind: types.Type, dimensions: int = 1) -> types.Array:
    """Return the type of an array in one piece that a kernel writes to."""
    return types.Array(kind, dimensions, "C")


def named(kind: type[tuple[object, ...]], *fields: types.Type) -> types.Type:
    """Return the type of a NamedTuple with fields of these types.

    Numba takes such an argument only if each field has exactly its type: where ``read`` says so,
    the array must not be writable (``qsearch.arrays.read_only``).
    """
    return types.BaseTuple.from_types(fields, kind)
