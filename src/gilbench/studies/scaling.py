"""How does each way of running scale, and where does the rest of the time go?"""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gilbench import machine
from gilbench import workloads as workload_registry
from gilbench.errors import InputError
from gilbench.experiment.conductor import Conditions, conduct
from gilbench.experiment.plan import make_plan
from gilbench.model import Failure, Progress, Sample, Stop, StopReason
from gilbench.results import SCALING, MemorySink, open_store
from gilbench.studies.analysis import (
    analyse,
    check_comparable,
    compare,
    precise_enough,
    reject,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from gilbench.model import Findings, Plan
    from gilbench.results import Record, Sink, StoredRun

__all__ = ["DEFAULT_BUDGET", "DEFAULT_WORKLOADS", "findings", "measure", "plan", "run"]

DEFAULT_WORKLOADS: Final = workload_registry.DEFAULT_WORKLOADS

# What is left of 20 s after the interpreter and the hosts have started.
DEFAULT_BUDGET: Final = "16s"


def run(
    workloads: Sequence[str | Callable[[], object]] = DEFAULT_WORKLOADS,
    *,
    backends: Sequence[str] | None = None,
    modes: Sequence[str] | None = None,
    workers: Sequence[int] | None = None,
    grain: str | float | None = None,
    budget: str | float = DEFAULT_BUDGET,
    precision: float = 0.03,
    seed: int | None = None,
    pin: bool = False,
    output: str | Path | None = None,
    against: StoredRun | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Findings:
    """Return what one run on this machine supports.

    `workloads` are texts as on the command line or functions that a worker can import; `grain`
    and `budget` are durations (`"1ms"`, or seconds); `precision` is a half-width relative to a
    speedup. With `pin`, several workers are kept on cores of their own, physical ones first. With
    `output`, every record is written there as it comes. `against` is an earlier run, such as one of
    another build: the findings then say what one worker does here as a share of what it did there.

    Raises InputError for what is not known or cannot be, before anything is measured or stored,
    HostError when no host starts, and StoreError when results cannot be written on. Interrupted, it
    stores what there is and raises KeyboardInterrupt.
    """
    made = plan(
        workloads,
        backends=backends,
        modes=modes,
        workers=workers,
        grain=grain,
        budget=budget,
        precision=precision,
        seed=seed,
        pin=pin,
    )
    if against is not None:
        check_comparable(made, against.plan)
    environment = machine.environment()
    memory = MemorySink(SCALING)
    with ExitStack() as stack:
        sinks: list[Sink[Plan, Record]] = [memory]
        if output is not None:
            sinks.append(stack.enter_context(open_store(Path(output), SCALING)))
        records = stack.enter_context(closing(measure(made)))
        started_ns = time.monotonic_ns()
        # What the user has to mend shows here, before an earlier file is replaced.
        first = next(records)
        for sink in sinks:
            sink.begin(environment, made)
        try:
            for record in chain((first,), records):
                for sink in sinks:
                    sink.append(record)
                if on_progress is not None:
                    on_progress(_progress(made, record, time.monotonic_ns() - started_ns))
        except KeyboardInterrupt:
            if memory.stored().stop is None:
                stop = _interruption(memory.stored().samples, time.monotonic_ns() - started_ns)
                for sink in sinks:
                    sink.append(stop)
            raise
    return findings(memory.stored(), against=against)


def plan(
    workloads: Sequence[str | Callable[[], object]] = DEFAULT_WORKLOADS,
    *,
    backends: Sequence[str] | None = None,
    modes: Sequence[str] | None = None,
    workers: Sequence[int] | None = None,
    grain: str | float | None = None,
    budget: str | float = DEFAULT_BUDGET,
    precision: float = 0.03,
    seed: int | None = None,
    pin: bool = False,
) -> Plan:
    """Return the cases that `run` would measure. Raises InputError."""
    names = [
        workload if isinstance(workload, str) else workload_registry.name_of(workload)
        for workload in workloads
    ]
    return make_plan(
        names,
        cores=machine.cores(),
        backends=backends,
        modes=modes,
        workers=workers,
        grain=grain,
        budget=budget,
        precision=precision,
        seed=seed,
        pinned=_pinned() if pin else (),
    )


def measure(plan: Plan) -> Generator[Record, None, None]:
    """Yield the raw records of a plan as they are measured; closing the iterator ends the run."""
    cores = machine.cores()
    failures: list[Failure] = []
    conditions = Conditions(
        cores=cores,
        gil_enabled=machine.gil_enabled(),
        judge=lambda sample: reject(sample, cores),
        enough=lambda part, samples: precise_enough(part, samples, failures),
        clock=time.monotonic_ns,
        processors=machine.tour(),
    )
    with closing(conduct(plan, conditions)) as records:
        for record in records:
            if isinstance(record, Failure):
                failures.append(record)
            yield record


def findings(stored: StoredRun, *, against: StoredRun | None = None) -> Findings:
    """Return what the samples of a run support, computed anew.

    With `against`, an earlier run, one worker is compared too; then raises InputError where the two
    have no workload in common.
    """
    found = analyse(
        environment=stored.environment,
        plan=stored.plan,
        calibrations=stored.calibrations,
        samples=stored.samples,
        failures=stored.failures,
        stop=stored.stop,
        notes=stored.notes,
    )
    return found if against is None else replace(found, against=compare(stored, against))


def _pinned() -> tuple[int, ...]:
    processors = machine.pinnable()
    if not processors:
        raise InputError("this platform does not let workers be kept on their own cores; leave pin")
    return processors


def _interruption(samples: Sequence[Sample], elapsed_ns: int) -> Stop:
    return Stop(
        reason=StopReason.INTERRUPTED,
        rounds=samples[-1].round + 1 if samples else 0,
        hosts=len({sample.host for sample in samples}),
        elapsed_ns=elapsed_ns,
    )


def _progress(plan: Plan, record: Record, elapsed_ns: int) -> Progress:
    match record:
        case Sample(case=case) | Failure(case=case):
            doing = f"{case.workload} on {case.workers} {case.backend}"
        case Stop():
            return Progress(done=1.0, left_ns=0, doing="done")
        case _:
            doing = f"calibrating {record.workload}"
    return Progress(
        done=min(1.0, elapsed_ns / plan.budget_ns),
        left_ns=max(0, plan.budget_ns - elapsed_ns),
        doing=doing,
    )
