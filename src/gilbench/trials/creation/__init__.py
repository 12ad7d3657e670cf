"""Trials for `creation`: what it takes to start workers, to be done with them, and to keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.comparison import Way
from gilbench.machine import pinnable
from gilbench.trials import imports
from gilbench.trials.communication.seats import kept_on
from gilbench.trials.creation import cycle, growth, pool, task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.comparison import Parameter
    from gilbench.trials.tried import Tried

__all__ = ["perform"]


def perform(name: str, way: Way | None, parameters: Mapping[str, Parameter], seed: int) -> Tried:  # noqa: ARG001 - nothing here is a matter of chance
    """Return what came of a trial; `trials.Perform` says more.

    `imports`: can they be imported? `cycle`: to start a worker that does nothing, and to join it.
    `task`: from the start of a worker to the result of its first task, which may need `imports`.
    `pool`: a task in a pool that is warm. These last about `span_ns`. `growth`: the memory of this
    process over so many `creations`.

    `task` and `pool` keep the workers of this process on one core, where that can be done: to wake
    another core takes as long as they do, and whether that is needed changes from run to run.
    """
    modules = imports.modules(parameters)
    if name == "imports":
        return imports.bring(modules)
    assert way is not None
    span_ns = int(parameters["span_ns"])
    match name:
        case "cycle":
            return cycle.cycle(way, span_ns)
        case "task":
            with kept_on(_core(way)):
                return task.task(way, modules, span_ns)
        case "pool":
            with kept_on(_core(way)):
                return pool.pool(way, span_ns)
        case "growth":
            return growth.growth(way, int(parameters["creations"]), span_ns)
        case _:
            raise ValueError(f"no trial {name!r}")


def _core(way: Way) -> int | None:
    """Return the processor to stay on: any for processes, of which some outlive the trial."""
    if way not in {Way.THREAD, Way.INTERPRETER}:
        return None
    return next(iter(pinnable()), None)
