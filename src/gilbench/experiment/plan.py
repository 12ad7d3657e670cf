"""From what the user asks for to the cases of a plan."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from gilbench import durations, workloads
from gilbench.backends import BACKENDS
from gilbench.backends import find as find_backend
from gilbench.errors import InputError, nearest
from gilbench.experiment.window import WINDOW_NS
from gilbench.model import Case, Mode, Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gilbench.workloads import Workload

__all__ = ["DEFAULT_BACKENDS", "make_plan"]

DEFAULT_BACKENDS: Final = ("threads", "interpreters", "processes", "native")

_DEFAULT_GRAIN_NS: Final = 1_000_000
_SHORTEST_GRAIN_NS: Final = 100
_LONGEST_GRAIN_NS: Final = 60_000_000_000
# More than any machine has cores; threads beyond this measure the scheduler.
_MOST_WORKERS: Final = 4096
_PRECISIONS: Final = (0.001, 0.5)


def make_plan(
    names: Sequence[str],
    *,
    cores: int,
    backends: Sequence[str] | None,
    modes: Sequence[str] | None,
    workers: Sequence[int] | None,
    grain: str | float | None,
    budget: str | float,
    precision: float,
    seed: int | None,
    pinned: Sequence[int] = (),
) -> Plan:
    """Return the plan: the cases asked for, with the bases that their figures need.

    Raises InputError for anything that is not known or cannot be.
    """
    chosen = [workloads.find(name) for name in names]
    if not chosen:
        raise InputError("no workload was given; `python -m gilbench list` shows what there is")
    ways = _ways(DEFAULT_BACKENDS if backends is None else backends)
    wanted_modes = None if modes is None else _modes(modes)
    _check_that_some_can(chosen, ways, wanted_modes)
    counts = _counts(workers, cores)
    grain_ns = _DEFAULT_GRAIN_NS if grain is None else _checked_grain(durations.parse(grain))
    budget_ns = durations.parse(budget)
    if budget_ns < WINDOW_NS:
        raise InputError(
            f"a budget of {durations.format(budget_ns)} is too short for one sample, which takes"
            f" {durations.format(WINDOW_NS)}; the default is 16 s"
        )
    low, high = _PRECISIONS
    if not low <= precision <= high:
        raise InputError(
            f"a precision is from {low * 100:g} to {high * 100:g} percent, not {precision * 100:g}"
        )
    if seed is not None and not _is_whole(seed, 0, 2**64 - 1):
        raise InputError(f"a seed is a whole number from 0 to 2**64 - 1, not {seed!r}")
    cases: dict[Case, None] = {}
    for workload in chosen:
        own_grain = _checked_grain(workload.grain_ns or grain_ns)
        for case in _cases(workload, ways, wanted_modes, counts, own_grain):
            cases[case] = None
    return Plan(
        cases=tuple(cases),
        budget_ns=budget_ns,
        precision=precision,
        seed=secrets.randbits(32) if seed is None else seed,
        pinned=tuple(pinned),
        workers=tuple(counts),
    )


def _cases(
    workload: Workload,
    ways: Sequence[str],
    wanted: Sequence[Mode] | None,
    counts: Sequence[int],
    grain_ns: int,
) -> Iterable[Case]:
    """Yield the base, the ceiling at one worker and at each count, and what was asked for."""

    def case(mode: Mode, backend: str, workers: int) -> Case:
        return Case(
            workload=workload.text, mode=mode, backend=backend, workers=workers, grain_ns=grain_ns
        )

    first = workload.modes[0]
    ceiling, ceiling_mode = (
        ("native", workload.modes[-1]) if workload.has_native_twin else ("processes", first)
    )
    yield case(first, "serial", 1)
    for workers in sorted({1, *counts}):
        yield case(ceiling_mode, ceiling, workers)
    for backend in ways:
        if backend in ("serial", "native"):
            continue
        for mode in _modes_of(workload, backend, wanted):
            for workers in counts:
                yield case(mode, backend, workers)


def _modes_of(workload: Workload, backend: str, wanted: Sequence[Mode] | None) -> Sequence[Mode]:
    """Return the modes to measure: both where workers share a GIL and they differ; else one."""
    if wanted is not None:
        return [mode for mode in workload.modes if mode in wanted]
    return workload.modes if find_backend(backend).shares_the_gil else workload.modes[:1]


def _ways(names: Sequence[str]) -> list[str]:
    if not names:
        raise InputError(f"no backend was given; known: {', '.join(sorted(BACKENDS))}")
    return [find_backend(name).name for name in names]


def _check_that_some_can(
    chosen: Sequence[Workload], ways: Sequence[str], wanted: Sequence[Mode] | None
) -> None:
    """Refuse to measure nothing but bases, because no workload can do what was asked for."""
    texts = ", ".join(workload.text for workload in chosen)
    modes = {mode for workload in chosen for mode in workload.modes}
    if wanted is not None and not modes & set(wanted):
        raise InputError(f"{texts}: no mode {', '.join(wanted)} there; known: {', '.join(modes)}")
    if set(ways) == {"native"} and not any(workload.has_native_twin for workload in chosen):
        raise InputError(f"{texts}: native threads cannot run Python; name another backend")


def _modes(names: Sequence[str]) -> list[Mode]:
    known = [mode.value for mode in Mode]
    if not names:
        raise InputError(f"no mode was given; known: {', '.join(known)}")
    for name in names:
        if name not in known:
            raise InputError(f"unknown mode {name!r}{nearest(name, known)}")
    return [Mode(name) for name in names]


def _counts(workers: Sequence[int] | None, cores: int) -> list[int]:
    counts = [cores] if workers is None else list(workers)
    if not counts:
        raise InputError("no worker count was given; such as 1,2,4")
    for count in counts:
        if not _is_whole(count, 1, _MOST_WORKERS):
            raise InputError(f"a worker count is a number from 1 to {_MOST_WORKERS}, not {count!r}")
    return sorted(set(counts))


def _is_whole(number: object, least: int, most: int) -> bool:
    return type(number) is int and least <= number <= most


def _checked_grain(grain_ns: int) -> int:
    if not _SHORTEST_GRAIN_NS <= grain_ns <= _LONGEST_GRAIN_NS:
        raise InputError(
            f"a grain is from {durations.format(_SHORTEST_GRAIN_NS)} to"
            f" {durations.format(_LONGEST_GRAIN_NS)}, not {durations.format(grain_ns)}"
        )
    return grain_ns
