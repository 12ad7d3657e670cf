"""Trials of races as they would come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comparisons import make_trial
from gilbench.comparison import Trial, Way

if TYPE_CHECKING:
    from collections.abc import Mapping

# Of each form: the share lost, and the nanoseconds of an update.
GIL: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("global", "attribute", "item", "array", "append"), (0.0, 40.0)),
    "check": (0.00001, 150.0),
    **dict.fromkeys(("call", "convert", "property", "number"), (0.25, 80.0)),
    "lock": (0.0, 200.0),
    "atomic": (0.0, 44.0),
    "message": (0.0, 300.0),
}
FREE: dict[str, tuple[float, float]] = GIL | dict.fromkeys(
    ("global", "attribute", "item", "array", "call", "convert", "property", "number"), (0.4, 60.0)
)
PROCESSES: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("cell", "raw", "value"), (0.5, 30.0)),
    "lock": (0.0, 600.0),
    "atomic": (0.0, 27.0),
    "message": (0.0, 4800.0),
}
INTERPRETERS: dict[str, tuple[float, float]] = {
    "cell": (0.45, 30.0),
    "lock": (0.0, 400.0),
    "atomic": (0.0, 60.0),
}


def raced(
    way: Way,
    forms: Mapping[str, tuple[float, float]],
    *,
    gil: bool = True,
    made: int = 100_000,
    laps: int = 3,
    round: int = 0,
    **changed: Any,
) -> Trial:
    """Return a trial in which laps differ by a percent."""
    figures: dict[str, tuple[float, ...]] = {}
    for form, (share, ns) in forms.items():
        figures[f"{form}_made"] = (float(made),) * laps
        figures[f"{form}_lost"] = (float(made * share),) * laps
        figures[f"{form}_update_ns"] = tuple(ns * (1 + lap / 100) for lap in range(laps))
    told: dict[str, Any] = {
        "parameters": {"switch_ns": 0},
        "words": {"gil": "on" if gil else "off"},
        **changed,
    }
    return make_trial(row="races", name="race", way=way, round=round, figures=figures, **told)


def all_raced(*, gil: bool = True, rounds: int = 2) -> list[Trial]:
    """Return the trials of a whole run, in which subinterpreters lack two forms."""
    lacking = {"view": "no views yet", "message": "no queues yet", "gil": "on"}
    return [
        trial
        for round in range(rounds)
        for trial in (
            raced(Way.THREAD, GIL if gil else FREE, gil=gil, round=round),
            raced(
                Way.THREAD,
                {form: told for form, told in GIL.items() if told[1] < 200},
                gil=gil,
                round=round,
                parameters={"switch_ns": 1000},
            ),
            raced(Way.INTERPRETER, INTERPRETERS, gil=gil, round=round, words=lacking),
            *(
                raced(way, PROCESSES, gil=gil, round=round)
                for way in (Way.FORK, Way.FORKSERVER, Way.SPAWN)
            ),
        )
    ]
