from __future__ import annotations

import os
import sys

import pytest

from gilbench.machine import affinity, cores, pinnable, tour


@pytest.fixture
def allow(monkeypatch):
    """Let the scheduler allow these processors, on any platform."""

    def allow(*processors: int) -> None:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(processors), raising=False)

    return allow


@pytest.fixture
def untold_affinity(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)


def limit(system, quota: int) -> None:
    system.write("/proc/self/mountinfo", "30 24 0:26 / /cg rw - cgroup2 cgroup2 rw")
    system.write("/proc/self/cgroup", "0::/")
    system.write("/cg/cpu.max", f"{quota} 100000")


def test_affinity_is_sorted(allow):
    allow(9, 2, 64)
    assert affinity() == (2, 9, 64)


def test_affinity_that_the_platform_does_not_tell(untold_affinity):
    assert affinity() is None


def test_cores_by_affinity(allow, system):
    allow(4, 5, 6)
    assert cores(system.root) == 3


@pytest.mark.parametrize(
    ("quota", "expected"),
    [(250_000, 2), (200_000, 2), (50_000, 1), (399_999, 3), (900_000, 4)],
)
def test_quota_cuts_cores_down_and_leaves_one(allow, system, quota, expected):
    allow(0, 1, 2, 3)
    limit(system, quota)
    assert cores(system.root) == expected


@pytest.mark.parametrize(("told", "expected"), [(6, 6), (None, 1)])
def test_cores_without_affinity_are_pythons_count(
    monkeypatch, untold_affinity, system, told, expected
):
    monkeypatch.setattr(os, "cpu_count", lambda: told)
    monkeypatch.setattr(os, "process_cpu_count", lambda: told, raising=False)
    assert cores(system.root) == expected


@pytest.fixture
def on_linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")


def test_a_tour_visits_every_processor_of_ours(on_linux, allow, system):
    allow(5, 4, 7)
    system.write("/sys/devices/system/node/node0/cpulist", "0-7")
    assert tour(system.root) == (4, 5, 7)


def test_no_tour_leads_away_from_memory(on_linux, allow, system):
    allow(0, 1)
    for node in ("node0", "node1"):
        system.write(f"/sys/devices/system/node/{node}/cpulist", "0")
    assert tour(system.root) == ()


def test_a_kernel_without_nodes_has_one(on_linux, allow, system):
    allow(0, 1)
    for name in ("possible", "power", "node"):
        system.write(f"/sys/devices/system/node/{name}", "0")
    assert tour(system.root) == (0, 1)


@pytest.mark.parametrize("platform", ["darwin", "win32", "freebsd14"])
def test_no_tour_where_threads_cannot_be_moved(monkeypatch, allow, system, platform):
    allow(0, 1)
    monkeypatch.setattr(sys, "platform", platform)
    assert tour(system.root) == ()


def test_no_tour_without_affinity(on_linux, untold_affinity, system):
    assert tour(system.root) == ()


def test_physical_cores_come_first(on_linux, allow, system):
    allow(0, 1, 2, 3, 6)
    for processor, siblings in {0: "0-1", 1: "0-1", 2: "2-3", 3: "2-3"}.items():
        system.write(
            f"/sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list", siblings
        )
    assert pinnable(system.root) == (0, 2, 6, 1, 3)


def test_nothing_is_pinned_where_threads_cannot_be_moved(monkeypatch, allow, system):
    allow(0, 1)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert pinnable(system.root) == ()


def test_the_real_machine():
    assert 1 <= cores() <= (os.cpu_count() or 1)
