"""What a host tries for one row of the facts table: one trial at a time, apart from the user's
process, and in a process that tries nothing else where that matters.

A module of this package serves one row. It offers `perform`, which is found by the row's name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.comparison import Parameter, Way
    from gilbench.trials.tried import Tried

__all__ = ["Perform", "find"]

_HOMES: Final[Mapping[str, str]] = {
    "memory": "gilbench.trials.memory",
    "creation": "gilbench.trials.creation",
    "communication": "gilbench.trials.communication.trial",
    # Its package is for the processes that play its scenes, and imports nothing.
    "crash": "gilbench.trials.crash.trial",
    "races": "gilbench.trials.races",
    "io-bound": "gilbench.trials.io_bound.trial",
}


class Perform(Protocol):
    """What a module of this package offers."""

    def __call__(
        self, name: str, way: Way | None, parameters: Mapping[str, Parameter], seed: int
    ) -> Tried:
        """Return what came of the trial `name`, once.

        Raises UnavailableError for what this platform or interpreter does not have, and InputError
        for what the user can mend. Leaves no thread, process, file, port or shared memory.
        """


def find(row: str) -> Perform:
    """Return how trials of a row are performed. Raises InputError for an unknown row."""
    home = _HOMES.get(row)
    if home is None:
        # Workers import this package too, and should start fast.
        from gilbench.errors import InputError, nearest

        raise InputError(f"no trials for {row!r}{nearest(row, _HOMES)}")
    return cast("Perform", import_module(home).perform)
