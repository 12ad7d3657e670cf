"""What a host let loose: processes that left its group, found by a mark that they inherited."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import psutil

__all__ = ["MARK", "becomes_another_program", "cleans_up", "end_strays"]

MARK: Final = "GILBENCH_HOST"
"""The variable, with a value of its own for each host. `ext/platform/lifeline.hpp` knows it too."""

_SECONDS_TO_END: Final = 2.0
_SECONDS_TO_CLEAN_UP: Final = 1.0
# Its command, of every version (multiprocessing/resource_tracker.py, `ensure_running`).
_RESOURCE_TRACKER: Final = "multiprocessing.resource_tracker"
_SECONDS_BETWEEN_SWEEPS: Final = 0.005
# One may have become another program between the looks at its environment and at its command.
_SWEEPS_THAT_FIND_NONE: Final = 2


def becomes_another_program(process: psutil.Process) -> bool:
    """Return whether a process without an environment will have one in a moment.

    In the middle of `execve` it has neither environment nor command, for 23 ms where it waits for a
    core of its own (seen on Linux 6.18, four processes that burn two cores). Threads of the system
    have no command either, for good, and no program.
    """
    return not process.cmdline() and bool(process.exe())


def cleans_up(process: psutil.Process) -> bool:
    """Return whether a process is one that removes the shared memory and the semaphores of others
    once these have ended, and then ends itself (`multiprocessing.resource_tracker`).
    """
    return any(_RESOURCE_TRACKER in argument for argument in process.cmdline())


def end_strays(mark: str) -> None:
    """Kill every process that has `mark` as its `MARK`, wherever it went, and await their ends.

    That is whatever a host or its workers started, daemons in sessions of their own too, unless it
    was given an environment without the mark. Those that clean up have a second to do so. What the
    system cannot end within two seconds is left to it: it was told.
    """
    began = time.monotonic()
    found_none = 0
    while time.monotonic() < began + _SECONDS_TO_END:
        patient = time.monotonic() < began + _SECONDS_TO_CLEAN_UP
        found_none = 0 if _kill_all(mark, patient=patient) else found_none + 1
        if found_none == _SWEEPS_THAT_FIND_NONE:
            return
        time.sleep(_SECONDS_BETWEEN_SWEEPS)


def _kill_all(mark: str, *, patient: bool) -> bool:
    """Return whether there may be any. One that was killed is there until the system ended it."""
    import psutil

    found = False
    for process in psutil.process_iter():
        # Not ours to look into, or gone by now.
        with suppress(psutil.Error, OSError):
            environment = process.environ()
            if environment.get(MARK) == mark:
                found = True
                if not (patient and cleans_up(process)):
                    process.kill()
            elif not environment and becomes_another_program(process):
                found = True
    return found
