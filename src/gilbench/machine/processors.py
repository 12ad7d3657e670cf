"""The processors that this process may use."""

import os
import sys

from gilbench.machine.cgroup import cgroup_quota
from gilbench.machine.files import REAL_ROOT, names, text

__all__ = ["affinity", "cores", "pinnable", "tour"]


_NODES = "/sys/devices/system/node"
_SIBLINGS = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"


def affinity() -> tuple[int, ...] | None:
    """Return the numbers of the processors that the scheduler may give to this process, sorted.

    None where Python's standard library does not tell (macOS, Windows).
    """
    if not hasattr(os, "sched_getaffinity"):
        return None
    return tuple(sorted(os.sched_getaffinity(0)))


def cores(root: str = REAL_ROOT) -> int:
    """Return what "all cores" means for this process: the CPU affinity, cut by a cgroup's quota.

    At least 1. A quota of 2.5 CPUs counts as 2: the third worker would wait for the others.
    """
    allowed = affinity()
    count = _processors() if allowed is None else len(allowed)
    quota = cgroup_quota(root)
    return max(1, count if quota is None else min(count, int(quota)))


def tour(root: str = REAL_ROOT) -> tuple[int, ...]:
    """Return the processors that a lone worker may visit in turn, its memory near on each of them.

    Empty where threads cannot be moved by number, and where memory is split into nodes (NUMA): away
    from its own node a worker would measure the way to its memory.
    """
    nodes = [name for name in names(root, _NODES) if name[4:].isdigit() and name[:4] == "node"]
    return () if len(nodes) > 1 else _movable()


def pinnable(root: str = REAL_ROOT) -> tuple[int, ...]:
    """Return the processors that workers may be kept on, one of each physical core first.

    Empty where threads cannot be moved by number. Where the system does not tell which processors
    share a core, they come in the order of their numbers.
    """
    first: list[int] = []
    others: list[int] = []
    seen: set[str] = set()
    for processor in _movable():
        siblings = text(root, _SIBLINGS.format(processor)) or str(processor)
        (others if siblings in seen else first).append(processor)
        seen.add(siblings)
    return (*first, *others)


def _movable() -> tuple[int, ...]:
    """Return the processors that native code can move a thread to: on Linux only."""
    return (affinity() or ()) if sys.platform.startswith("linux") else ()


def _processors() -> int:
    """Return Python's own count, 1 where it cannot tell."""
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    return os.cpu_count() or 1
