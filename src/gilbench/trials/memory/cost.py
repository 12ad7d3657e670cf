"""What each further worker costs: the memory of one, of two, and so on."""

from __future__ import annotations

import gc
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.errors import InputError
from gilbench.machine.memory import memory_left
from gilbench.trials import imports, ways
from gilbench.trials.memory.employee import Employee, LabourError
from gilbench.trials.memory.reading import Reading, others_pss, own, why_no_pss
from gilbench.trials.tried import Tried, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["cost"]

# What is left to others when the next worker takes as much as the last one did, and twice that.
_BYTES_TO_LEAVE: Final = 64 * 2**20


def cost(way: Way, workers: int, modules: Sequence[str], *, before: bool) -> Tried:
    """Return the memory of all workers after each that was added, idle or after `modules`.

    That of a thread or a subinterpreter is this process's. Of processes it is the sum of theirs;
    the proportional size is that of this process too, and of what else it started, since they
    share it. `before`: this process imports the modules, and then starts workers.

    Raises InputError for a module that cannot be imported, and UnavailableError for one that cannot
    be in a subinterpreter.
    """
    if before:
        imports.bring(modules)
    if way is Way.FORK:
        # Else the parent would do between two workers what it need not do again, a collection of
        # garbage too, and un-share by it what the first one has.
        with Employee(way) as worker:
            _total(way, [worker])
        gc.collect()
    figures: dict[str, list[float]] = {}
    words: dict[str, str] = {}
    with ExitStack() as stack:
        team: list[Employee] = []
        while len(team) < workers:
            lacks = _shortage(figures, len(team))
            if lacks is not None:
                words["short"] = lacks
                break
            team.append(stack.enter_context(Employee(way)))
            if modules:
                _bring(way, team[-1], modules)
            total, alone = _total(way, team)
            if alone:
                words["alone"] = "what else shares the workers' memory could not be read"
            if total.pss is None:
                words["no_pss"] = why_no_pss()
            for name, value in (("uss", total.uss), ("pss", total.pss), ("rss", total.rss)):
                if value is not None:
                    figures.setdefault(f"{name}_bytes", []).append(value)
    return Tried(
        figures={name: tuple(values) for name, values in figures.items()},
        words=words,
    )


def _bring(way: Way, worker: Employee, modules: Sequence[str]) -> None:
    try:
        worker.ask("bring", list(modules))
    except LabourError as error:
        if way is Way.INTERPRETER:
            raise UnavailableError(str(error)) from error
        raise InputError(f"{', '.join(modules)} cannot be imported: {error}") from error


def _total(way: Way, team: Sequence[Employee]) -> tuple[Reading, bool]:
    """Return the memory of all, and whether something that shares it is left out."""
    if way not in ways.PROCESS_WAYS:
        return own(), False
    readings = [worker.memory() for worker in team]
    rss, uss = sum(each.rss for each in readings), _sum([each.uss for each in readings])
    pss, mine = _sum([each.pss for each in readings]), own().pss
    if pss is None or mine is None:
        return Reading(rss=rss, uss=uss), False
    others = others_pss({worker.pid for worker in team})
    return Reading(rss=rss, uss=uss, pss=pss + mine + (others or 0)), others is None


def _sum(parts: Sequence[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _shortage(figures: dict[str, list[float]], workers: int) -> str | None:
    """Return why there is no room for one more, or null."""
    left = memory_left()
    sums = figures.get("uss_bytes", figures.get("rss_bytes", []))
    if left is None or not sums:
        return None
    last = sums[-1] - (sums[-2] if len(sums) > 1 else 0)
    if left >= 2 * last + _BYTES_TO_LEAVE:
        return None
    return f"{left >> 20} MiB of memory was left after {workers} workers"
