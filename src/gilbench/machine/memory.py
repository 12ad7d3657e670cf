"""How much memory is left on this machine."""

from gilbench.machine.cgroup import cgroup_memory_left
from gilbench.machine.files import REAL_ROOT, text

__all__ = ["memory_left"]


def memory_left(root: str = REAL_ROOT) -> int | None:
    """Return the bytes that can still be taken without swapping, or None.

    What Linux estimates (`MemAvailable`, proc(5)), or what control groups leave, if that is less.
    None where the system does not tell (other than Linux).
    """
    for line in (text(root, "/proc/meminfo") or "").splitlines():
        if line.startswith("MemAvailable:"):
            available = int(line.split()[1]) * 1024
            group = cgroup_memory_left(root)
            return available if group is None else min(available, group)
    return None
