"""Which engine answers: the one of a name, or whichever of them can now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qsearch.engine.numpy_engine import NumpyEngine
from qsearch.engine.protocol import Answer, Engine, Scope
from qsearch.engine.setting import Setting
from qsearch.errors import Error
from qsearch.kernels import runtime
from qsearch.lazy import lazy
from qsearch.options import EngineName
from qsearch.query.query import Query

if TYPE_CHECKING:
    from qsearch.engine.kernel_engine import KernelEngine


class AutoEngine:
    """Answers with the kernels once they are loaded, and in NumPy until then: no query waits.

    Arguments:
        plain: the NumPy engine.
        setting, default: as for ``KernelEngine``.
    """

    def __init__(self, plain: NumpyEngine, setting: Setting, default: Scope) -> None:
        self._plain = plain
        self._setting = setting
        self._default = default
        self.documents = plain.documents
        self.vocabulary = plain.vocabulary

    @property
    def subjects(self) -> Mapping[str, tuple[str, int]]:
        """By subject key: the commonest spelling, and how many articles have the subject."""
        return self._plain.subjects

    @property
    def is_parallel(self) -> bool:
        """Whether several threads answer faster than one."""
        return self._engine.is_parallel

    @lazy
    def _kernels(self) -> KernelEngine:
        """The other engine; a process of one query does without its modules."""
        from qsearch.engine.kernel_engine import KernelEngine

        return KernelEngine(self._setting, self._plain, self._default)

    @property
    def _engine(self) -> Engine:
        return self._kernels if runtime.ready() else self._plain

    def answer(self, query: Query, scope: Scope) -> Answer:
        """Return the answer to a query."""
        runtime.query_asked()
        return self._engine.answer(query, scope)

    def answer_many(
        self, queries: Sequence[Query], scope: Scope, last: int | None
    ) -> Sequence[Answer]:
        """Return the answers to some queries."""
        for _ in queries:
            runtime.query_asked()
        return self._engine.answer_many(queries, scope, last)

    def warm(self) -> None:
        """Make ready what every query needs."""
        self._engine.warm()


def make_engine(name: EngineName, setting: Setting, default: Scope) -> Engine:
    """Return the engine of a name; see ``NumpyEngine`` and ``KernelEngine``.

    Raises:
        Error: ``kernels``, and they can't be had here.
    """
    plain = NumpyEngine(setting)
    if name == "numpy":
        return plain
    auto = AutoEngine(plain, setting, default)
    if name == "auto":
        return auto
    if not runtime.wait():
        raise Error("the kernels can't be had here: the log says why; engine='auto' does without")
    return auto._kernels
