"""Trials for `memory`: what workers cost, what they share, and whether it is one memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.trials import imports
from gilbench.trials.memory import array, copying, cost, sight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.comparison import Parameter, Way
    from gilbench.trials.tried import Tried

__all__ = ["perform"]


def perform(name: str, way: Way | None, parameters: Mapping[str, Parameter], seed: int) -> Tried:  # noqa: ARG001 - nothing here is a matter of chance
    """Return what came of a trial; `trials.Perform` says more.

    `imports`: can they be imported? `cost`: the memory of 1 to `workers` workers. `copying`: what
    a fork un-shares of the objects of its parent. `array`: an array of `bytes` that a worker needs.
    `sight`: is what one worker writes seen by others?
    """
    if name == "imports":
        return imports.bring(imports.modules(parameters))
    assert way is not None
    match name:
        case "cost":
            modules, before = imports.modules(parameters), bool(parameters.get("before", False))
            return cost.cost(way, int(parameters["workers"]), modules, before=before)
        case "copying":
            return copying.copying(way, int(parameters["bytes"]))
        case "array":
            return array.array(way, int(parameters["bytes"]))
        case "sight":
            return sight.sight(way)
        case _:
            raise ValueError(f"no trial {name!r}")
