"""Values that are computed when they are first asked for, and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 - used as a decorator
    """A ``functools.cached_property`` without a lock.

    Before Python 3.12 that one locks: a thread that computes a value keeps all others from theirs,
    whatever object they belong to, and a process forked meanwhile waits for ever. Here two threads
    may compute the same value; what either puts there serves both.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> lazy[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object, owner: type) -> lazy[T] | T:
        if instance is None:
            return self
        # The instance's own attribute is found before this the next time.
        value = instance.__dict__[self._name] = self._compute(instance)
        return value
