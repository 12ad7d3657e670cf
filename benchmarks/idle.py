"""How long the cores were idle: whether anything ran beside what is measured."""

from __future__ import annotations

import os

from gilbench.machine.files import REAL_ROOT, first_line

# The sampler itself takes an eighth of a core while it is on, and the ticks are coarse.
IDLE = 0.75


def idle_ns() -> int | None:
    """How long all cores together have been idle, in nanoseconds, to a tick of some 10 ms; null
    where the system does not tell (proc(5), /proc/stat).
    """
    fields = (first_line(REAL_ROOT, "/proc/stat") or b"").split()
    return int(fields[4]) * (1_000_000_000 // os.sysconf("SC_CLK_TCK")) if fields else None
