"""The processes that this one started."""

from __future__ import annotations

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

__all__ = ["children_cpu_ns"]


def children_cpu_ns() -> int:
    """Return the CPU time of all children that ended and were waited for, in nanoseconds.

    0 on Windows, which does not tell.
    """
    if resource is None:
        return 0
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round((usage.ru_utime + usage.ru_stime) * 1e9)
