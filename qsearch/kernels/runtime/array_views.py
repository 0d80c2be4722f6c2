"""Arrays that a kernel is told of by a table (``address_tables``); references; prefetching."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from llvmlite import ir
from numba import carray, njit, types
from numba.extending import intrinsic, overload


def _pointer(address: int) -> Any:
    """Return an address as a pointer."""
    return ctypes.c_void_p(int(address))


@intrinsic
def _as_pointer(_context, _address):  # pragma: no cover
    def generate(_context, builder, _signature, values):
        return builder.inttoptr(values[0], ir.IntType(8).as_pointer())

    return types.voidptr(types.int64), generate


@overload(_pointer)
def _pointer_compiled(_address):  # pragma: no cover
    def pointer(_address):
        return _as_pointer(_address)

    return pointer


def prefetch(array: Any, at: int) -> None:
    """Ask for the place of an element, without waiting for it."""


@intrinsic
def _prefetch(_context, array, _at):  # pragma: no cover
    def generate(context, builder, signature, values):
        data = context.make_array(signature.args[0])(context, builder, values[0]).data
        place = builder.bitcast(builder.gep(data, [values[1]]), ir.IntType(8).as_pointer())
        kinds = [ir.IntType(8).as_pointer(), *[ir.IntType(32)] * 3]
        asked = builder.module.declare_intrinsic(
            "llvm.prefetch", [kinds[0]], ir.FunctionType(ir.VoidType(), kinds)
        )
        # For reading, into all caches, of data.
        builder.call(asked, [place, *[ir.Constant(ir.IntType(32), n) for n in (0, 3, 1)]])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


@overload(prefetch)
def _prefetch_compiled(array, at):  # noqa: ARG001 # pragma: no cover
    def prefetch(array, at):
        return _prefetch(array, at)

    return prefetch


def borrowed(array: Any) -> Any:
    """Return an array over the same memory whose references Numba does not count.

    Its owner has to stay alive: see ``keep``.
    """
    return array


@intrinsic
def _borrowed(_context, array):  # pragma: no cover
    def generate(context, builder, signature, values):
        view = context.make_array(signature.args[0])(context, builder, values[0])
        view.meminfo = ir.Constant(view.meminfo.type, None)
        return view._getvalue()

    return array(array), generate


@overload(borrowed)
def _borrowed_compiled(array):  # noqa: ARG001 # pragma: no cover
    def borrowed(array):
        return _borrowed(array)

    return borrowed


@njit(nogil=True)
def keep(_owner):
    """Do nothing, so that an owner of borrowed arrays lives up to here."""


@njit(nogil=True)
def u1_at(table, place):
    """Return the array of bytes at a place of a table."""
    return carray(_pointer(table[2 * place]), (table[2 * place + 1],), np.uint8)


@njit(nogil=True)
def u2_at(table, place):
    """The same, of uint16."""
    return carray(_pointer(table[2 * place]), (table[2 * place + 1],), np.uint16)


@njit(nogil=True)
def u4_at(table, place):
    """The same, of uint32."""
    return carray(_pointer(table[2 * place]), (table[2 * place + 1],), np.uint32)


@njit(nogil=True)
def u8_at(table, place):
    """The same, of uint64."""
    return carray(_pointer(table[2 * place]), (table[2 * place + 1],), np.uint64)


@njit(nogil=True)
def i4_at(table, place):
    """The same, of int32."""
    return carray(_pointer(table[2 * place]), (table[2 * place + 1],), np.int32)


@njit(nogil=True)
def i8_at(table, place):
    """The same, of int64."""
    return carray(_pointer(table[2 * place]), (table[2 * place + 1],), np.int64)


@njit(nogil=True)
def f8_at(table, place):
    """The same, of float64."""
    return carray(_pointer(table[2 * place]), (table[2 * place + 1],), np.float64)


@njit(nogil=True)
def i8_rows_at(table, place, width):
    """The same, of int64 in rows."""
    rows = table[2 * place + 1] // width
    return carray(_pointer(table[2 * place]), (rows, width), np.int64)


@njit(nogil=True)
def f8_rows_at(table, place, width):
    """The same, of float64 in rows."""
    rows = table[2 * place + 1] // width
    return carray(_pointer(table[2 * place]), (rows, width), np.float64)
