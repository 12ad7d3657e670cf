"""macOS: POSIX without Linux's additions, and without files that tell of the system."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from gilbench import backends, machine
from gilbench.experiment.ending import await_end, has_ended
from gilbench.host.protocol import SampleReply
from gilbench.machine import cpu, hypervisor

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.experiment.link import HostProcess
    from gilbench.host.protocol import SampleRequest

PATIENCE_S = 60.0
# `waitid` came with Python 3.13.
NOT_THERE = ("memfd_create", "sched_getaffinity", "sched_setaffinity", "waitid")


@pytest.fixture
def macos(
    monkeypatch: pytest.MonkeyPatch,
    take_away: Callable[..., None],
    pretend: Callable[[str], None],
) -> None:
    """macOS, as far as Python shows it."""
    take_away(*NOT_THERE)
    told = {"machdep.cpu.brand_string": "Apple M3", "kern.hv_vmm_present": "0"}
    monkeypatch.setattr(cpu, "sysctl", told.get)
    monkeypatch.setattr(hypervisor, "sysctl", told.get)
    pretend("darwin")


def test_what_the_system_does_not_tell_is_null(macos: None, root: str) -> None:
    found = machine.environment(root)
    assert found.affinity is None
    assert found.cgroup_quota_cpus is None
    assert found.governor is None
    assert found.turbo is None
    assert found.hypervisor is None
    assert found.cpu == "Apple M3"
    assert found.cores == os.cpu_count()
    assert machine.steal_ticks(root) is None


def test_no_worker_is_moved_from_processor_to_processor(macos: None, root: str) -> None:
    assert machine.tour(root) == ()
    assert machine.pinnable(root) == ()


def test_a_host_that_has_only_posix_measures(
    start_host: Callable[..., HostProcess],
    request_of: Callable[[str], SampleRequest],
) -> None:
    host = start_host(*NOT_THERE)
    for backend in ("threads", "fork", "spawn", "native"):
        if backends.find(backend).unavailable() is None:
            assert isinstance(host.ask(request_of(backend), PATIENCE_S), SampleReply)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no process that has ended")
def test_the_end_of_a_host_is_seen_without_reaping_it(macos: None) -> None:
    source = "import sys; sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", source], stdin=subprocess.PIPE) as process:
        assert not await_end(process, 0.05)
        assert process.stdin is not None
        process.stdin.close()
        assert await_end(process, PATIENCE_S)
        # Its number is still its own: its group can be killed.
        assert process.returncode is None
        assert psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE
        process.wait(PATIENCE_S)
        process.returncode = None
        assert not has_ended(process)
        process.returncode = 0
