"""What a host let loose: processes that left its group, found by a mark that they inherited."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

__all__ = ["MARK", "end_strays"]

MARK: Final = "GILBENCH_HOST"
"""The variable, with a value of its own for each host. `ext/platform/lifeline.hpp` knows it too."""

# Who forks while it is looked for is found the next time.
_MOST_SWEEPS: Final = 5


def end_strays(mark: str) -> None:
    """Kill every process that has `mark` as its `MARK`, wherever it went.

    That is whatever a host or its workers started, daemons in sessions of their own too, unless it
    was given an environment without the mark.
    """
    import psutil

    for _ in range(_MOST_SWEEPS):
        found = False
        for process in psutil.process_iter():
            # Not ours to look into, or gone by now.
            with suppress(psutil.Error, OSError):
                if process.environ().get(MARK) == mark:
                    process.kill()
                    found = True
        if not found:
            return
