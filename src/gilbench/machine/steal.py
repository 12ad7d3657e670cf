"""Time that a hypervisor took from this machine."""

from gilbench.machine.files import REAL_ROOT, first_line

__all__ = ["steal_ticks"]

_STEAL = 8
"""Field of the `cpu` line, after user, nice, system, idle, iowait, irq and softirq: proc(5)."""


def steal_ticks(root: str = REAL_ROOT) -> int | None:
    """Return the ticks stolen from all processors since the start of the machine.

    A tick is 1/100 s on all usual kernels, so any difference between two readings is at least
    10 ms. None where the system does not tell (other than Linux).
    """
    fields = (first_line(root, "/proc/stat") or b"").split()
    if len(fields) <= _STEAL or fields[0] != b"cpu":
        return None
    return int(fields[_STEAL])
