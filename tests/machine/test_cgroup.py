from __future__ import annotations

import pytest

from gilbench.machine import cgroup_quota

V2 = "30 24 0:26 {mounted} /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"
V1 = "32 31 0:29 {mounted} /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct"
OTHER = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
37 31 0:34 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset
40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd"""


def mount(system, line: str, *, own: str, mounted: str = "/") -> None:
    system.write("/proc/self/mountinfo", f"{OTHER}\n{line.format(mounted=mounted)}")
    system.write("/proc/self/cgroup", own)


def test_none_without_cgroups(system):
    assert cgroup_quota(system.root) is None


def test_v2_quota_of_the_own_group(system):
    mount(system, V2, own="0::/user.slice/job")
    system.write("/sys/fs/cgroup/user.slice/job/cpu.max", "150000 100000")
    assert cgroup_quota(system.root) == 1.5


@pytest.mark.parametrize("tight", ["a", "a/b", "a/b/c"])
def test_v2_tightest_on_the_way_to_the_root_wins(system, tight):
    mount(system, V2, own="0::/a/b/c")
    for group in ("a", "a/b", "a/b/c"):
        system.write(f"/sys/fs/cgroup/{group}/cpu.max", "400000 100000")
    system.write(f"/sys/fs/cgroup/{tight}/cpu.max", "100000 50000")
    assert cgroup_quota(system.root) == 2.0


def test_v2_a_colon_in_the_groups_name(system):
    mount(system, V2, own="0::/system.slice/a:b")
    system.write("/sys/fs/cgroup/system.slice/a:b/cpu.max", "50000 100000")
    assert cgroup_quota(system.root) == 0.5


def test_v2_mounted_where_this_process_has_no_group_in_it(system):
    mount(system, V2, own="1:cpu:/a")
    system.write("/sys/fs/cgroup/cpu.max", "50000 100000")
    assert cgroup_quota(system.root) == 0.5


def test_v2_other_groups_do_not_count(system):
    mount(system, V2, own="0::/a/b")
    system.write("/sys/fs/cgroup/a/other/cpu.max", "10000 100000")
    system.write("/sys/fs/cgroup/a/b/below/cpu.max", "10000 100000")
    assert cgroup_quota(system.root) is None


def test_v2_max_limits_nothing(system):
    mount(system, V2, own="0::/a")
    system.write("/sys/fs/cgroup/a/cpu.max", "max 100000")
    assert cgroup_quota(system.root) is None


def test_v2_in_a_namespace_the_mount_is_the_own_group(system):
    mount(system, V2, own="0::/")
    system.write("/sys/fs/cgroup/cpu.max", "50000 100000")
    assert cgroup_quota(system.root) == 0.5


@pytest.mark.parametrize(
    ("own", "mounted"),
    [
        ("/docker/1f2e", "/docker/1f2e"),
        ("/../outside", "/"),
        ("/docker/1f2e3", "/docker/1f2e"),
    ],
    ids=["host's name of the mounted group", "outside the namespace", "a sibling"],
)
def test_the_mount_itself_where_the_group_is_not_below_it(system, own, mounted):
    mount(system, V2, own=f"0::{own}", mounted=mounted)
    system.write("/sys/fs/cgroup/cpu.max", "50000 100000")
    system.write("/sys/fs/outside/cpu.max", "10000 100000")
    assert cgroup_quota(system.root) == 0.5


def test_v2_group_below_a_mounted_part(system):
    mount(system, V2, own="0::/docker/1f2e/job", mounted="/docker/1f2e")
    system.write("/sys/fs/cgroup/job/cpu.max", "50000 100000")
    assert cgroup_quota(system.root) == 0.5


def test_v1_quota_over_period_up_to_the_root(system):
    mount(system, V1, own="2:cpu,cpuacct:/a/b\n1:name=systemd:/else\n0::/")
    for group, quota in (("a", "250000"), ("a/b", "-1")):
        folder = f"/sys/fs/cgroup/cpu,cpuacct/{group}"
        system.write(f"{folder}/cpu.cfs_quota_us", quota)
        system.write(f"{folder}/cpu.cfs_period_us", "100000")
    assert cgroup_quota(system.root) == 2.5


def test_v1_only_the_cpu_controller_counts(system):
    mount(system, V1, own="3:cpuset:/a\n2:cpu,cpuacct:/a")
    system.write("/sys/fs/cgroup/cpuset/a/cpu.cfs_quota_us", "50000")
    system.write("/sys/fs/cgroup/cpuset/a/cpu.cfs_period_us", "100000")
    assert cgroup_quota(system.root) is None


def test_v1_without_quota(system):
    mount(system, V1, own="2:cpu,cpuacct:/")
    system.write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1")
    system.write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000")
    assert cgroup_quota(system.root) is None


def test_both_versions_mounted(system):
    system.write(
        "/proc/self/mountinfo",
        "\n".join((V1, V2)).format(mounted="/"),
    )
    system.write("/proc/self/cgroup", "1:cpu,cpuacct:/one\n0::/two")
    system.write("/sys/fs/cgroup/cpu,cpuacct/one/cpu.cfs_quota_us", "300000")
    system.write("/sys/fs/cgroup/cpu,cpuacct/one/cpu.cfs_period_us", "100000")
    system.write("/sys/fs/cgroup/two/cpu.max", "200000 100000")
    assert cgroup_quota(system.root) == 2.0
