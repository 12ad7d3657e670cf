"""What about the machine or the interpreter should make the reader of a figure careful."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.machine.build import OPTIMISED
from gilbench.model import Caution, Environment

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["GIL_TURNED_ON", "InterpreterState", "cautions"]

GIL_TURNED_ON: Final = Caution(
    what="an imported module switched the GIL of this free-threaded Python on",
    advice="run with -W error to see which, or with PYTHON_GIL=0 to keep the GIL off",
)

_BUSY_CPUS: Final = 0.3
"""Processors' time above which other work is taken to run. What a system does of itself stays well
below; a process that burns a processor is well above. (The load average is no guide: it remembers
for a minute that this package was built.)"""


@dataclass(frozen=True, kw_only=True)
class InterpreterState:
    """What cautions need to know of the running interpreter and results do not record.

    `instruments`: tracers, profilers and monitoring tools that are on, by name.
    `development_mode`: `-X dev` or `PYTHONDEVMODE`.
    `gil_forced`: the GIL was switched on by `-X gil=1` or `PYTHON_GIL=1`.
    """

    instruments: tuple[str, ...]
    development_mode: bool
    gil_forced: bool


def cautions(environment: Environment, state: InterpreterState) -> tuple[Caution, ...]:
    """Return all that may mislead in figures taken here, each with advice, gravest first."""
    found = (rule(environment, state) for rule in _RULES)
    return tuple(caution for caution in found if caution is not None)


def _other_work(environment: Environment, _: InterpreterState) -> Caution | None:
    if environment.busy_cpus is None or environment.busy_cpus <= _BUSY_CPUS:
        return None
    return Caution(
        what=f"other work takes {environment.busy_cpus:.1f} of {_cores(environment.cpus)} here",
        advice="stop it and start again, or expect cases to be inconclusive",
    )


def _single_core(environment: Environment, _: InterpreterState) -> Caution | None:
    if environment.cores > 1:
        return None
    return Caution(
        what="only one core is available to this process",
        advice="nothing can scale here; give it two or more",
    )


def _fewer_cores(environment: Environment, _: InterpreterState) -> Caution | None:
    if environment.cores >= environment.cpus:
        return None
    limits = []
    allowed = len(environment.affinity) if environment.affinity else environment.cpus
    if allowed < environment.cpus:
        limits.append(f"its CPU affinity ({allowed})")
    quota = environment.cgroup_quota_cpus
    if quota is not None and quota < allowed:
        limits.append(f"its cgroup's quota ({quota:g} CPUs)")
    limit = " and ".join(limits) or "Python's own count of processors"
    return Caution(
        what=f"{_cores(environment.cores)} of {environment.cpus} for this process, by {limit}",
        advice="read the figures as those of a smaller machine, or lift the limit",
    )


def _debug_build(environment: Environment, _: InterpreterState) -> Caution | None:
    if not environment.debug:
        return None
    return Caution(
        what="this Python is a debug build",
        advice="measure with a release build: its own checks dwarf what is measured",
    )


def _not_optimised(environment: Environment, _: InterpreterState) -> Caution | None:
    flag = environment.build_flags.get("optimisation")
    if flag is None or flag in OPTIMISED:
        return None
    return Caution(
        what=f"this Python was compiled without -O2 or -O3 (its optimisation flag: {flag})",
        advice="measure with an optimised build",
    )


def _instrumented(_: Environment, state: InterpreterState) -> Caution | None:
    if not state.instruments:
        return None
    return Caution(
        what=f"this interpreter is being watched ({', '.join(state.instruments)})",
        advice="measure without tracers, profilers and coverage: they slow Python code down",
    )


def _debug_memory(environment: Environment, state: InterpreterState) -> Caution | None:
    allocator = environment.variables.get("PYTHONMALLOC", "")
    if state.development_mode:
        what = "Python's development mode is on"
    elif allocator.endswith("debug"):
        what = f"PYTHONMALLOC={allocator} checks every allocation"
    else:
        return None
    return Caution(what=what, advice="switch it off to measure")


def _gil_back_on(environment: Environment, state: InterpreterState) -> Caution | None:
    if not (environment.free_threaded and environment.gil_enabled):
        return None
    if state.gil_forced:
        return Caution(
            what="this free-threaded Python runs with its GIL on, by PYTHON_GIL=1 or -X gil=1",
            advice="leave that out to measure free threading",
        )
    return GIL_TURNED_ON


def _virtual(environment: Environment, _: InterpreterState) -> Caution | None:
    if environment.hypervisor is None:
        return None
    return Caution(
        what=f"this is a virtual machine ({environment.hypervisor})",
        advice="its host may steal time and share cores; prefer real hardware for fine differences",
    )


def _governor(environment: Environment, _: InterpreterState) -> Caution | None:
    if environment.governor in {None, "performance"}:
        return None
    return Caution(
        what=f"the CPU frequency governor is {environment.governor}",
        advice="set it to performance, so that the clock does not follow the load",
    )


def _turbo(environment: Environment, _: InterpreterState) -> Caution | None:
    if not environment.turbo:
        return None
    return Caution(
        what="turbo is on: one busy core runs faster than all together",
        advice="judge by the ceiling and the bite, which account for it, or switch it off",
    )


def _core_type(environment: Environment, _: InterpreterState) -> Caution | None:
    core_type = environment.variables.get("OPENBLAS_CORETYPE")
    if core_type is None:
        return None
    return Caution(
        what=f"OPENBLAS_CORETYPE ({core_type}) overrides which processor OpenBLAS sees",
        advice="unset it unless it is meant: a wrong one is slow or crashes numpy",
    )


def _cores(count: int) -> str:
    return "1 core" if count == 1 else f"{count} cores"


_RULES: Final[tuple[Callable[[Environment, InterpreterState], Caution | None], ...]] = (
    _debug_build,
    _not_optimised,
    _instrumented,
    _debug_memory,
    _gil_back_on,
    _other_work,
    _single_core,
    _fewer_cores,
    _virtual,
    _governor,
    _turbo,
    _core_type,
)
