from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gilbench.machine.cgroup import cgroup_memory_left
from gilbench.machine.memory import memory_left

MEMINFO = "MemTotal:       16000000 kB\nMemFree:         100 kB\nMemAvailable:    4000 kB"
V2 = "30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"
V1 = "32 31 0:29 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory"


def mount(system, line: str, *, own: str) -> None:
    system.write("/proc/self/mountinfo", line)
    system.write("/proc/self/cgroup", own)


def v2_group(system, group: str, most: str, used: int, reclaimable: int) -> None:
    folder = f"/sys/fs/cgroup{group}"
    system.write(f"{folder}/memory.max", most)
    system.write(f"{folder}/memory.current", str(used))
    system.write(f"{folder}/memory.stat", f"anon 7\ninactive_file {reclaimable}\nactive_file 9")


def test_it_is_what_linux_estimates(system):
    system.write("/proc/meminfo", MEMINFO)
    assert memory_left(system.root) == 4000 * 1024


def test_nobody_tells_elsewhere(system):
    assert memory_left(system.root) is None
    assert cgroup_memory_left(system.root) is None


def test_a_group_that_leaves_less_counts(system):
    system.write("/proc/meminfo", MEMINFO)
    mount(system, V2, own="0::/a/b")
    v2_group(system, "/a", "1000000", 900_000, 50_000)
    v2_group(system, "/a/b", "max", 1, 1)
    assert cgroup_memory_left(system.root) == 150_000
    assert memory_left(system.root) == 150_000


def test_a_group_that_leaves_more_does_not(system):
    system.write("/proc/meminfo", MEMINFO)
    mount(system, V2, own="0::/a")
    v2_group(system, "/a", str(2**40), 0, 0)
    assert memory_left(system.root) == 4000 * 1024


def test_groups_of_version_1(system):
    mount(system, V1, own="3:memory:/a\n0::/")
    folder = "/sys/fs/cgroup/memory/a"
    system.write(f"{folder}/memory.limit_in_bytes", "5000")
    system.write(f"{folder}/memory.usage_in_bytes", "3000")
    system.write(f"{folder}/memory.stat", "inactive_file 1\ntotal_inactive_file 500")
    assert cgroup_memory_left(system.root) == 2500


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason=f"{sys.platform} does not tell")
def test_some_is_left_here():
    left = memory_left()
    assert left is not None
    assert left > 2**20
