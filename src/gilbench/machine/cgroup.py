"""How much CPU time the control groups of Linux leave to this process.

Format of the files: proc(5) and cgroups(7), and the kernel's `cgroup-v2.rst` and
`sched-bwc.rst`.
"""

from gilbench.machine.files import REAL_ROOT, text

__all__ = ["cgroup_quota"]


def cgroup_quota(root: str = REAL_ROOT) -> float | None:
    """Return the CPUs' worth of time that this process may use, or None where nothing limits it.

    A limit on a group binds all groups below it, so the tightest from this process's own group
    up to the root of the mounted hierarchy counts: `cpu.max` of version 2,
    `cpu.cfs_quota_us` ÷ `cpu.cfs_period_us` of version 1.
    """
    own = _own_groups(text(root, "/proc/self/cgroup") or "")
    quotas: list[float] = []
    for line in (text(root, "/proc/self/mountinfo") or "").splitlines():
        before, _, after = line.partition(" - ")
        kind, *_, options = after.split()
        if kind == "cgroup2":
            group, quota_of = own.get(""), _quota_v2
        elif kind == "cgroup" and "cpu" in options.split(","):
            group, quota_of = own.get("cpu"), _quota_v1
        else:
            continue
        mounted, mount_point = before.split()[3:5]
        folders = _upwards(mount_point, _below(mounted, group or "/"))
        quotas += [quota for folder in folders if (quota := quota_of(root, folder)) is not None]
    return min(quotas, default=None)


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
