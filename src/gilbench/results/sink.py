"""Where a run's records go as they come: `Sink` is the plug point, `MemorySink` keeps them here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from gilbench.model import Calibration, Environment, Failure, Plan, Sample, Stop
from gilbench.results.run import Header, StoredRun

if TYPE_CHECKING:
    from types import TracebackType

    from gilbench.results.run import Record

__all__ = ["MemorySink", "Sink"]


class Sink(Protocol):
    """Takes the environment and the plan once, then each record. Leaving its `with` closes it."""

    def begin(self, environment: Environment, plan: Plan) -> None:
        """Take what holds for the whole run. Comes once, before every record."""

    def append(self, record: Record) -> None:
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


class MemorySink:
    """Keeps the run in memory, so that it can be analysed without a file."""

    def __init__(self) -> None:
        self._header: Header | None = None
        self._calibrations: list[Calibration] = []
        self._samples: list[Sample] = []
        self._failures: list[Failure] = []
        self._stop: Stop | None = None

    def begin(self, environment: Environment, plan: Plan) -> None:
        """Take what holds for the whole run."""
        self._header = Header(environment=environment, plan=plan)

    def append(self, record: Record) -> None:
        """Keep the next record."""
        match record:
            case Calibration():
                self._calibrations.append(record)
            case Sample():
                self._samples.append(record)
            case Failure():
                self._failures.append(record)
            case Stop():
                self._stop = record

    def run(self, notes: tuple[str, ...] = ()) -> StoredRun:
        """Return all that came so far, with `notes` on it; RuntimeError before `begin`."""
        if self._header is None:
            raise RuntimeError("the run has not begun")
        return StoredRun(
            environment=self._header.environment,
            plan=self._header.plan,
            calibrations=tuple(self._calibrations),
            samples=tuple(self._samples),
            failures=tuple(self._failures),
            stop=self._stop,
            notes=notes,
        )

    def close(self) -> None:
        """Change nothing: memory needs no closing, and the run stays readable."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
