"""How long the calling thread has stood ready to run while the system ran others."""

from gilbench.machine.files import REAL_ROOT, first_line

__all__ = ["run_queue_ns"]


def run_queue_ns(root: str = REAL_ROOT) -> int | None:
    """Return the nanoseconds since the thread's start; None where the system does not tell.

    The file says how long it ran, how long it waited and how often (Documentation/scheduler/
    sched-stats.rst of Linux).
    """
    fields = (first_line(root, "/proc/thread-self/schedstat") or b"").split()
    return int(fields[1]) if len(fields) == 3 else None
