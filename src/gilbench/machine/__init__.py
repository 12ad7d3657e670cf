"""Facts about the machine and the interpreter: what moves figures, read and never set.

Two parts. What hosts and workers ask for (`cores`, `gil_enabled`, `steal_ticks` and the like)
costs about a millisecond to import. What a run records once (`environment`, `cautions`) needs
dataclasses and psutil, and loads when it is first used.
"""

from gilbench.machine.cgroup import cgroup_quota
from gilbench.machine.interpreter import default_start_method, free_threaded, gil_enabled
from gilbench.machine.processors import affinity, cores, pinnable, tour
from gilbench.machine.steal import steal_ticks

# A plain name, which type checkers know: importing `typing` would cost more than the light part.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from gilbench.machine.caution import InterpreterState, cautions
    from gilbench.machine.survey import environment

__all__ = [
    "InterpreterState",
    "affinity",
    "cautions",
    "cgroup_quota",
    "cores",
    "default_start_method",
    "environment",
    "free_threaded",
    "gil_enabled",
    "pinnable",
    "steal_ticks",
    "tour",
]

_HOMES = {
    "InterpreterState": "gilbench.machine.caution",
    "cautions": "gilbench.machine.caution",
    "environment": "gilbench.machine.survey",
}


def __getattr__(name: str) -> object:
    """Return the object `name` of the part that loads late (PEP 562).

    Raises AttributeError for any other name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
