"""The pass over a function with nobody watching: what its calls cost."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench._native import caller
from gilbench.evidence import Timing
from gilbench.machine.children import children_cpu_ns
from gilbench.machine.interpreter import gil_enabled

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["timed"]

_MOST_CALLS: Final = 2048
_SLICES: Final = 3

_LOOKS_FOR_REST: Final = 40
_SECONDS_BETWEEN_LOOKS: Final = 0.005
_RESTING: Final = 0.2


def timed(
    function: Callable[[], object], *, size: int | None, span_ns: int, gil_before: bool
) -> Timing:
    """Return what calls of `function` cost: those that begin within `span_ns`, at least one.

    A first call, which may set something up, does not count unless it is the only one: where it
    takes longer than the whole span.
    """
    slices = [_slice(function, 1, 0)]
    if slices[0].durations[0] <= span_ns:
        _await_rest()
        span_ns = max(1, span_ns // _SLICES)
        slices = [_slice(function, _MOST_CALLS, span_ns) for _ in range(_SLICES)]
    durations = sorted(duration for each in slices for duration in each.durations)
    return Timing(
        size=size,
        calls=len(durations),
        call_ns=float(max(1, durations[len(durations) // 2])),
        longest_ns=durations[-1],
        # The least: what other threads of the process do now and then is not the calls'.
        cpu_share=min(each.cpu_share for each in slices),
        children_share=min(each.children_share for each in slices),
        gil_before=gil_before,
        gil_after=gil_enabled(),
    )


def _await_rest() -> None:
    """Wait until nothing works in this process, for 0.2 s at most.

    Threads of a library spin for a while after they were started, or had something to do.
    """
    for _ in range(_LOOKS_FOR_REST):
        before_ns = time.process_time_ns()
        time.sleep(_SECONDS_BETWEEN_LOOKS)
        if time.process_time_ns() - before_ns < _RESTING * _SECONDS_BETWEEN_LOOKS * 1e9:
            return


@dataclass(frozen=True, kw_only=True)
class _Slice:
    """How long each call took, and CPU times over the time meanwhile: of this process, and of
    children of it that ended.
    """

    durations: list[int]
    cpu_share: float
    children_share: float


def _slice(function: Callable[[], object], calls: int, span_ns: int) -> _Slice:
    children_ns, cpu_ns = children_cpu_ns(), time.process_time_ns()
    start_ns = time.perf_counter_ns()
    durations = caller.durations(function, calls, span_ns)
    wall_ns = max(1, time.perf_counter_ns() - start_ns)
    return _Slice(
        durations=durations,
        cpu_share=(time.process_time_ns() - cpu_ns) / wall_ns,
        children_share=(children_cpu_ns() - children_ns) / wall_ns,
    )
