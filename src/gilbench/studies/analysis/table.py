"""The samples of a run by case and round, and who is compared with whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from gilbench.model import Mode
from gilbench.studies.analysis.totals import total

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gilbench.model import Case, Sample

__all__ = ["CEILING_BACKENDS", "Partners", "Rate", "Table"]

# Who measures what the hardware offers: native threads, else (Python functions, I/O) processes.
CEILING_BACKENDS: Final = ("native", "processes")


class Rate(NamedTuple):
    """The throughput of one accepted sample, in units per second, and the host it ran in."""

    throughput: float
    host: int


@dataclass(frozen=True, kw_only=True)
class Partners:
    """Whom a case is compared with: the serial base, the ceiling, and the ceiling's one worker.

    Null where the plan has no such case, or it was never measured. The ceilings come in pairs.
    """

    base: Case | None
    ceiling: Case | None
    ceiling_base: Case | None


@dataclass(frozen=True, kw_only=True)
class Table:
    """The samples of a run: all of them by case, and the rates of the accepted ones by round."""

    samples: Mapping[Case, Sequence[Sample]]
    rates: Mapping[Case, Mapping[int, Rate]]

    @classmethod
    def of(cls, cases: Iterable[Case], samples: Iterable[Sample]) -> Table:
        """Return the table of `samples`, with an entry, empty perhaps, for each of `cases`."""
        by_case: dict[Case, list[Sample]] = {case: [] for case in cases}
        rates: dict[Case, dict[int, Rate]] = {case: {} for case in by_case}
        for sample in sorted(samples, key=lambda sample: sample.round):
            by_case.setdefault(sample.case, []).append(sample)
            if sample.rejection is None:
                throughput = total(sample).units / sample.elapsed_ns * 1e9
                rates.setdefault(sample.case, {})[sample.round] = Rate(throughput, sample.host)
        return cls(samples=by_case, rates=rates)

    def accepted(self, case: Case) -> list[Sample]:
        """Return the samples of `case` that count."""
        return [sample for sample in self.samples[case] if sample.rejection is None]

    def partners(self, case: Case) -> Partners:
        """Return whom `case` is compared with: measured cases of the same workload and grain."""
        base = self._measured(case, "serial", 1)
        for backend in CEILING_BACKENDS:
            ceiling = self._measured(case, backend, case.workers)
            ceiling_base = self._measured(case, backend, 1)
            if ceiling and ceiling_base:
                return Partners(base=base, ceiling=ceiling, ceiling_base=ceiling_base)
        return Partners(base=base, ceiling=None, ceiling_base=None)

    def _measured(self, like: Case, backend: str, workers: int) -> Case | None:
        """Return the measured case of that backend; in hold mode, where there are two."""
        found = [
            case
            for case, samples in self.samples.items()
            if case.backend == backend
            and case.workers == workers
            and case.workload == like.workload
            and case.grain_ns == like.grain_ns
            and samples
        ]
        return min(found, key=lambda case: case.mode is not Mode.HOLD, default=None)
