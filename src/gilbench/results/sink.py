"""Where a study's records go as they come: `Sink` is the plug point, `MemorySink` keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from types import TracebackType

    from gilbench.model import Environment
    from gilbench.results.study import Header, Study

__all__ = ["MemorySink", "Sink"]

P = TypeVar("P")
R = TypeVar("R")
S_co = TypeVar("S_co", covariant=True)
P_contra = TypeVar("P_contra", contravariant=True)
R_contra = TypeVar("R_contra", contravariant=True)


class Sink(Protocol[P_contra, R_contra]):
    """Takes the environment and the plan once, then each record. Leaving its `with` closes it."""

    def begin(self, environment: Environment, plan: P_contra) -> None:
        """Take what holds for all records. Comes once, before every one of them."""

    def append(self, record: R_contra) -> None:
        """Take the next record, for good."""

    def close(self) -> None:
        """Let go of what the sink holds open. May be called again."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


class MemorySink(Generic[P, R, S_co]):
    """Keeps the records of a study in memory, so that they can be analysed without a file."""

    def __init__(self, study: Study[P, R, S_co]) -> None:
        self._study = study
        self._header: Header[P] | None = None
        self._records: list[R] = []

    def begin(self, environment: Environment, plan: P) -> None:
        """Take what holds for all records."""
        self._header = self._study.header(environment=environment, plan=plan)

    def append(self, record: R) -> None:
        """Keep the next record."""
        self._records.append(record)

    def stored(self, notes: tuple[str, ...] = ()) -> S_co:
        """Return all that came so far, with `notes` on it; RuntimeError before `begin`."""
        if self._header is None:
            raise RuntimeError(f"the {self._study.noun} has not begun")
        return self._study.assemble(self._header, self._records, notes)

    def close(self) -> None:
        """Change nothing: memory needs no closing, and what came stays readable."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
