"""`check`: does a function release the GIL, for what share of a call, and from which size on?"""

from __future__ import annotations

import random
import secrets
import threading
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gilbench import backends, durations, machine
from gilbench.errors import InputError
from gilbench.evidence import CheckPlan
from gilbench.model import Progress, Stop, StopReason
from gilbench.results import CHECK, MemorySink, StoreError, open_store
from gilbench.sizes import parse_sizes
from gilbench.studies.check.course import Course, Effort
from gilbench.studies.check.findings import check_findings, size_finding
from gilbench.studies.check.host_examiner import HostExaminer
from gilbench.studies.check.local_examiner import LocalExaminer
from gilbench.studies.check.search import wanted
from gilbench.studies.check.targets import target_of, workload_of
from gilbench.workloads.statement import forget_statements

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from gilbench.evidence import CheckFindings
    from gilbench.results import CheckRecord, Sink, StoredCheck
    from gilbench.studies.check.examiner import Examiner

__all__ = ["DEFAULT_BUDGET", "DEFAULT_TIMEOUT", "check"]

DEFAULT_BUDGET: Final = "3s"
DEFAULT_TIMEOUT: Final = "60s"

_MS: Final = 1_000_000
# What the start of the command, ending the host and counting up take of the user's time.
_AROUND_NS: Final = 400 * _MS
_ROUNDS: Final = 3
_SCALING_ROUNDS: Final = 6
_SCALING_ROUNDS_OF_A_SIZE: Final = 3

# Checks in this process set its switch interval, and each would hold the GIL beside the other's.
_in_this_process: Final = threading.RLock()


def check(
    target: str | Callable[[], object],
    *,
    setup: str = "",
    sizes: str | tuple[int, int] | None = None,
    budget: str | float = DEFAULT_BUDGET,
    timeout: str | float = DEFAULT_TIMEOUT,
    output: str | Path | None = None,
    seed: int | None = None,
    in_process: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
) -> CheckFindings:
    """Return what one function does with the GIL, as far as the evidence goes.

    `target` is a statement, as timeit takes it, with its `setup`; or a function without arguments,
    as `module:function` or itself. `sizes`, such as `"64..1MiB"`, are the values of `n` in the
    statement or its setup to go through. `budget` is the time that it takes, about; calls that are
    long, and sizes, take more. `timeout` bounds a single call. With `output`, every record is
    written there as it comes.

    The target runs in a child process; with `in_process` in this one, which then takes any
    function, but goes along when it crashes or hangs, and compares with no processes. There one
    check waits for another to end.

    Raises InputError for what cannot be called, HostError when no host starts, and StoreError when
    results cannot be written on. Whatever ends it in the middle, it stores what there is, and how
    it ended; interrupted, it raises KeyboardInterrupt.
    """
    plan = _plan(
        target,
        setup=setup,
        sizes=sizes,
        budget=budget,
        timeout=timeout,
        seed=seed,
        in_process=in_process,
    )
    file = None if output is None else _file(output)
    environment = machine.environment()
    memory = MemorySink(CHECK)
    with ExitStack() as stack:
        if in_process:
            stack.enter_context(_in_this_process)
            stack.callback(forget_statements)
        started_ns = time.monotonic_ns()
        sinks: list[Sink[CheckPlan, CheckRecord]] = [memory]
        if file is not None:
            sinks.append(stack.enter_context(open_store(file, CHECK)))
        examiner = stack.enter_context(closing(_examiner(target, plan)))
        course = Course(
            examiner=examiner,
            dice=random.Random(plan.seed),
            cores=machine.cores(),
            # Threads of who asks are not ours to move.
            processors=() if in_process else machine.tour(),
            left_ns=lambda: plan.budget_ns - _AROUND_NS - (time.monotonic_ns() - started_ns),
            whole_calls=in_process,
        )
        records = stack.enter_context(closing(_records(plan, course, memory)))
        begun = False
        try:
            for record in records:
                if not begun:
                    # Only now an earlier file is replaced: the target can be called.
                    for sink in sinks:
                        sink.begin(environment, plan)
                    begun = True
                for sink in sinks:
                    sink.append(record)
                if on_progress is not None:
                    on_progress(_progress(plan, record, time.monotonic_ns() - started_ns))
        except BaseException as error:
            if begun and memory.stored().stop is None:
                interrupted = isinstance(error, KeyboardInterrupt)
                reason = StopReason.INTERRUPTED if interrupted else StopReason.FAILED
                stop = _stop(reason, time.monotonic_ns() - started_ns)
                for sink in sinks:
                    # The file that could not be written on is told of already.
                    with suppress(StoreError):
                        sink.append(stop)
            raise
    return check_findings(memory.stored())


def _plan(
    target: str | Callable[[], object],
    *,
    setup: str,
    sizes: str | tuple[int, int] | None,
    budget: str | float,
    timeout: str | float,
    seed: int | None,
    in_process: bool,
) -> CheckPlan:
    wanted_sizes = None if sizes is None else parse_sizes(sizes)
    if seed is not None and not (type(seed) is int and 0 <= seed < 2**64):
        raise InputError(f"a seed is a whole number from 0 to 2**64 - 1, not {seed!r}")
    return CheckPlan(
        target=target_of(target, setup, wanted_sizes, in_process=in_process),
        sizes=wanted_sizes,
        budget_ns=durations.parse(budget),
        timeout_ns=durations.parse(timeout),
        seed=secrets.randbits(32) if seed is None else seed,
        in_process=in_process,
    )


def _file(output: str | Path) -> Path:
    try:
        return Path(output)
    except TypeError as error:
        raise InputError(f"{output!r} cannot be the name of a file") from error


def _examiner(target: str | Callable[[], object], plan: CheckPlan) -> Examiner:
    if not plan.in_process:
        return HostExaminer(plan.timeout_ns)
    return LocalExaminer(target if callable(target) else None)


def _records(
    plan: CheckPlan, course: Course, memory: MemorySink[CheckPlan, CheckRecord, StoredCheck]
) -> Generator[CheckRecord, None, None]:
    """Yield the records of the whole check; the last is how it ended."""
    began_ns = time.monotonic_ns()
    size = None if plan.sizes is None else plan.sizes.last
    yield from _look(plan, course, size, _thorough(plan))
    if plan.sizes is not None:
        looks = [size_finding(memory.stored(), plan.sizes.last)]
        while (next_ := wanted(looks, plan.sizes)) is not None:
            effort = _glance(next_.effort, scaling=next_.scaling)
            yield from _look(plan, course, next_.size, effort)
            looks.append(size_finding(memory.stored(), next_.size))
    yield _stop(StopReason.PRECISION, time.monotonic_ns() - began_ns)


def _look(
    plan: CheckPlan, course: Course, size: int | None, effort: Effort
) -> Generator[CheckRecord, None, None]:
    try:
        yield from course.run(workload_of(plan.target, size), size, effort)
    except InputError as error:
        if size is None:
            raise
        raise InputError(f"with n = {size}, {error}") from error


def _thorough(plan: CheckPlan) -> Effort:
    """Return what the verdict gets, in its budget: 3 s, or as much as the user gives."""
    more = max(0.2, plan.budget_ns / durations.parse(DEFAULT_BUDGET))
    return Effort(
        timed_ns=round(60 * _MS * more),
        watched_ns=round(130 * _MS * more),
        control_ns=round(50 * _MS * more),
        rounds=_ROUNDS,
        batches=3,
        ways=("threads", _processes()),
        scaling_rounds=round(_SCALING_ROUNDS * max(1.0, more)),
    )


def _glance(effort: int, *, scaling: bool) -> Effort:
    """Return what one size gets."""
    return Effort(
        timed_ns=20 * _MS,
        watched_ns=60 * _MS * effort,
        control_ns=20 * _MS,
        rounds=1,
        batches=1,
        ways=("threads",) if scaling else (),
        scaling_rounds=_SCALING_ROUNDS_OF_A_SIZE,
    )


def _processes() -> str:
    """Return the start method that is fastest here: the processes are compared, not their start."""
    fork = backends.find("fork")
    return "fork" if backends.why_unavailable(fork) is None else "processes"


def _stop(reason: StopReason, elapsed_ns: int) -> Stop:
    return Stop(reason=reason, rounds=1, hosts=1, elapsed_ns=elapsed_ns)


def _progress(plan: CheckPlan, record: CheckRecord, elapsed_ns: int) -> Progress:
    size = getattr(record, "size", None)
    doing = "done" if isinstance(record, Stop) else "watching" if size is None else f"n = {size}"
    return Progress(
        done=1.0 if isinstance(record, Stop) else min(0.99, elapsed_ns / plan.budget_ns),
        left_ns=max(0, plan.budget_ns - elapsed_ns),
        doing=doing,
    )
