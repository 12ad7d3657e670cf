"""What a host let loose: processes that left its group, found by a mark that they inherited."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Final

__all__ = ["MARK", "end_strays"]

MARK: Final = "GILBENCH_HOST"
"""The variable, with a value of its own for each host. `ext/platform/lifeline.hpp` knows it too."""

_SECONDS_TO_END: Final = 2.0
_SECONDS_BETWEEN_SWEEPS: Final = 0.005
# One that is just becoming another program (execve) has no environment for that moment.
_SWEEPS_THAT_FIND_NONE: Final = 2


def end_strays(mark: str) -> None:
    """Kill every process that has `mark` as its `MARK`, wherever it went, and await their ends.

    That is whatever a host or its workers started, daemons in sessions of their own too, unless it
    was given an environment without the mark. What the system cannot end within two seconds is
    left to it: it was told.
    """
    give_up = time.monotonic() + _SECONDS_TO_END
    found_none = 0
    while time.monotonic() < give_up:
        found_none = 0 if _kill_all(mark) else found_none + 1
        if found_none == _SWEEPS_THAT_FIND_NONE:
            return
        time.sleep(_SECONDS_BETWEEN_SWEEPS)


def _kill_all(mark: str) -> bool:
    """Return whether there was any; one that was killed is there until the system has ended it."""
    import psutil

    found = False
    for process in psutil.process_iter():
        # Not ours to look into, or gone by now.
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                process.kill()
                found = True
    return found
