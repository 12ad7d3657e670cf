"""`facts`: the table of processes and threads, every row measured on this machine."""

from __future__ import annotations

import secrets
import time
from contextlib import ExitStack, closing, suppress
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from gilbench import machine
from gilbench.comparison import FactsFindings
from gilbench.errors import StoredFileError
from gilbench.model import Progress, Stop, StopReason
from gilbench.results import FACTS, FACTS_VERSION, MemorySink, StoreError, open_store
from gilbench.studies.comparison.budget import budget_ns
from gilbench.studies.comparison.headline import headline
from gilbench.studies.comparison.imports import imported
from gilbench.studies.comparison.laboratory import HostLaboratory
from gilbench.studies.comparison.plan import in_order, make_plan
from gilbench.studies.comparison.rows import ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from gilbench.comparison import FactsPlan, Row, Trial
    from gilbench.results import FactsRecord, Sink, StoredFacts
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["facts", "facts_findings"]


def facts(
    rows: Sequence[str] = (),
    *,
    quick: bool = False,
    workers: int | None = None,
    imports: Sequence[str] = (),
    dsn: str | None = None,
    output: str | Path | None = None,
    seed: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> FactsFindings:
    """Return the table of processes and threads, measured here and now.

    `rows` are the names of the rows wanted, all where there is none. It takes about a minute for
    all, a quarter of that when `quick`. `workers` is the largest number of workers; where it is
    null, the cores of this process, from 2 to 8. `imports` are modules that the workers of `memory`
    and `creation` load. `dsn` names a PostgreSQL server for `io-bound`; it is stored nowhere. Where
    no row asked for uses them, they are refused. With `output`, every trial is written there as it
    comes.

    Raises InputError for what the user can mend, HostError when no host starts, and StoreError when
    results cannot be written on. Whatever ends it, what there is by then is stored; interrupted, it
    raises KeyboardInterrupt.
    """
    plan = make_plan(
        rows,
        quick=quick,
        workers=workers,
        cores=machine.cores(),
        imports=imports,
        dsn=dsn,
        seed=secrets.randbits(32) if seed is None else seed,
    )
    with closing(HostLaboratory(plan.seed, dsn=dsn)) as laboratory:
        stored = measure(plan, laboratory, output=output, on_progress=on_progress)
    return facts_findings(stored)


def measure(
    plan: FactsPlan,
    laboratory: Laboratory,
    *,
    output: str | Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> StoredFacts:
    """Return the trials of a plan. Raises as `facts` does."""
    environment = machine.environment()
    memory = MemorySink(FACTS)
    began_ns = time.monotonic_ns()

    def elapsed_ns() -> int:
        return time.monotonic_ns() - began_ns

    def stop(reason: StopReason) -> Stop:
        return Stop(reason=reason, rounds=1, hosts=1, elapsed_ns=elapsed_ns())

    with ExitStack() as stack:
        sinks: list[Sink[FactsPlan, FactsRecord]] = [memory]
        if output is not None:
            sinks.append(stack.enter_context(open_store(Path(output), FACTS)))
        trials = stack.enter_context(closing(_trials(plan, laboratory)))
        # What the user has to mend mostly shows here, before an earlier file is replaced: whether
        # modules can be imported, and by the next trial, whether a server answers.
        first = list(islice(trials, 1 + bool(plan.imports)))
        for sink in sinks:
            sink.begin(environment, plan)
        try:
            for trial in chain(first, trials):
                for sink in sinks:
                    sink.append(trial)
                if on_progress is not None:
                    on_progress(_progress(plan, trial, elapsed_ns()))
        except BaseException as error:
            interrupted = isinstance(error, KeyboardInterrupt)
            ended = stop(StopReason.INTERRUPTED if interrupted else StopReason.FAILED)
            for sink in sinks:
                # The file that could not be written on is told of already.
                with suppress(StoreError):
                    sink.append(ended)
            raise
        ended = stop(StopReason.BUDGET)
        for sink in sinks:
            sink.append(ended)
    if on_progress is not None:
        on_progress(Progress(done=1.0, left_ns=0, doing="done"))
    return memory.stored()


def facts_findings(stored: StoredFacts) -> FactsFindings:
    """Return what stored trials say. Pure: the same file gives the same findings.

    Raises StoredFileError for trials that are none of this version's, or do not fit together.
    """
    rows = tuple(_row(name, stored) for name in stored.plan.rows)
    return FactsFindings(
        schema_version=FACTS_VERSION,
        environment=stored.environment,
        plan=stored.plan,
        rows=rows,
        headline=headline(rows),
        stop=stored.stop,
        notes=(*stored.notes, *_notes(stored)),
    )


def _row(name: str, stored: StoredFacts) -> Row:
    trials = [trial for trial in stored.trials if trial.row == name]
    try:
        return ROWS[name].find(stored.plan, trials)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # A file may say anything: of figures that a row's trials have, it may lack some.
        said = f"{type(error).__name__}: {str(error)!r:.80}"
        raise StoredFileError(
            f"the trials of {name} are not such as this gilbench stores ({said})"
        ) from error


def _notes(stored: StoredFacts) -> tuple[str, ...]:
    reason = None if stored.stop is None else stored.stop.reason
    if reason is None:
        return ("It was cut off: this is what the trials up to there say.",)
    if reason is StopReason.INTERRUPTED:
        return ("It was interrupted: this is what the trials up to there say.",)
    if reason is StopReason.FAILED:
        return ("It broke off: this is what the trials up to there say.",)
    return ()


def _trials(plan: FactsPlan, laboratory: Laboratory) -> Generator[Trial, None, None]:
    began_ns = time.monotonic_ns()
    yield from imported(plan, laboratory)
    for name in in_order(plan):
        budget = budget_ns(plan, name, time.monotonic_ns() - began_ns)
        yield from ROWS[name].measure(plan, laboratory, budget)


def _progress(plan: FactsPlan, trial: Trial, elapsed_ns: int) -> Progress:
    whole_ns = sum(budget_ns(plan, row) for row in plan.rows)
    return Progress(
        done=min(0.99, elapsed_ns / whole_ns),
        left_ns=max(0, whole_ns - elapsed_ns),
        doing=trial.row,
    )
