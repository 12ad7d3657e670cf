"""How much CPU time and memory the control groups of Linux leave to this process.

Format of the files: proc(5) and cgroups(7), and the kernel's `cgroup-v2.rst`, `sched-bwc.rst` and
`memory.rst`. A limit on a group binds all groups below it, so the tightest from this process's own
group up to the root of the mounted hierarchy counts.
"""

from gilbench.machine.files import REAL_ROOT, text

# A plain name, which type checkers know: importing `typing` costs more than what is here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cgroup_memory_left", "cgroup_quota"]


def cgroup_quota(root: str = REAL_ROOT) -> float | None:
    """Return the CPUs' worth of time that this process may use, or None where nothing limits it.

    `cpu.max` of version 2, `cpu.cfs_quota_us` ÷ `cpu.cfs_period_us` of version 1.
    """
    quotas = [
        _quota_v2(root, folder) if version == 2 else _quota_v1(root, folder)
        for version, folder in _folders(root, "cpu")
    ]
    return min((quota for quota in quotas if quota is not None), default=None)


def cgroup_memory_left(root: str = REAL_ROOT) -> int | None:
    """Return the bytes that this process's groups may still take, or None for no limit.

    Limit − usage + what the kernel can take back at once (`inactive_file`).
    """
    lefts = [
        _memory_left(root, folder, *(_MEMORY_V2 if version == 2 else _MEMORY_V1))
        for version, folder in _folders(root, "memory")
    ]
    return min((left for left in lefts if left is not None), default=None)


# Limit, usage and the kind of `memory.stat` that can be taken back, by version.
_MEMORY_V2 = ("memory.max", "memory.current", "inactive_file")
_MEMORY_V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def _folders(root: str, controller: str) -> "Iterator[tuple[int, str]]":
    """Yield the version and the folder of each group that binds this process."""
    own = _own_groups(text(root, "/proc/self/cgroup") or "")
    for line in (text(root, "/proc/self/mountinfo") or "").splitlines():
        before, _, after = line.partition(" - ")
        kind, *_, options = after.split()
        if kind == "cgroup2":
            version, group = 2, own.get("")
        elif kind == "cgroup" and controller in options.split(","):
            version, group = 1, own.get(controller)
        else:
            continue
        mounted, mount_point = before.split()[3:5]
        for folder in _upwards(mount_point, _below(mounted, group or "/")):
            yield version, folder


def _own_groups(listing: str) -> dict[str, str]:
    """Return this process's group by controller; that of version 2 under the empty name."""
    groups: dict[str, str] = {}
    for line in listing.splitlines():
        _, controllers, group = line.split(":", 2)
        groups |= dict.fromkeys(controllers.split(","), group)
    return groups


def _below(mounted: str, group: str) -> str:
    """Return `group` as a path below the mount point, empty where it is the mount itself.

    A container often sees the host's name of its group (`/docker/1f2e`) while just that group is
    mounted. A group outside what is mounted cannot be seen: then the mount itself is looked at.
    """
    mounted = mounted.rstrip("/")
    if group.startswith(mounted + "/") and "/.." not in group:
        return group[len(mounted) :].rstrip("/")
    return ""


def _upwards(mount_point: str, below: str) -> list[str]:
    """Return the folder of the group and of each of its ancestors, the mount point last."""
    folders = []
    while below:
        folders.append(mount_point + below)
        below = below.rpartition("/")[0]
    return [*folders, mount_point]


def _quota_v2(root: str, folder: str) -> float | None:
    quota, _, period = (text(root, f"{folder}/cpu.max") or "max").partition(" ")
    return None if quota == "max" else int(quota) / int(period)


def _quota_v1(root: str, folder: str) -> float | None:
    quota = text(root, f"{folder}/cpu.cfs_quota_us")
    period = text(root, f"{folder}/cpu.cfs_period_us")
    if quota is None or period is None or int(quota) < 0:
        return None
    return int(quota) / int(period)


def _memory_left(root: str, folder: str, limit: str, usage: str, reclaimable: str) -> int | None:
    most, used = text(root, f"{folder}/{limit}"), text(root, f"{folder}/{usage}")
    if most is None or used is None or most == "max":
        return None
    kinds = dict(
        line.split(None, 1) for line in (text(root, f"{folder}/memory.stat") or "").splitlines()
    )
    return int(most) - int(used) + int(kinds.get(reclaimable, 0))
