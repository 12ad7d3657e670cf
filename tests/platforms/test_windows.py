"""Windows: no fork, no signals, no affinity by number, no files that tell of the system."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from gilbench import machine
from gilbench.backends.exit_code import describe_exit
from gilbench.backends.offspring import keep_from_offspring
from gilbench.cli.storing import quoted as quoted_path
from gilbench.experiment import link
from gilbench.experiment.ending import await_end, end_group, end_tree
from gilbench.experiment.launch import lifeline
from gilbench.host.protocol import FailedReply, SampleReply
from gilbench.host.room import descriptors_left

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.experiment.link import HostProcess
    from gilbench.host.protocol import SampleRequest

PATIENCE_S = 60.0
NOT_THERE = (
    *("fork", "forkpty", "register_at_fork", "memfd_create", "sched_getaffinity"),
    *("sched_setaffinity", "waitid", "getloadavg", "killpg", "process_cpu_count"),
)


@pytest.fixture
def windows(
    monkeypatch: pytest.MonkeyPatch,
    take_away: Callable[..., None],
    pretend: Callable[[str], None],
) -> None:
    """Windows, as far as Python shows it."""
    take_away(*NOT_THERE)
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    registry = SimpleNamespace(
        HKEY_LOCAL_MACHINE="machine",
        OpenKey=lambda *_: nullcontext("key"),
        QueryValueEx=lambda *_: ("A processor ", 1),
    )
    monkeypatch.setitem(sys.modules, "winreg", registry)
    pretend("win32")


def test_what_the_system_does_not_tell_is_null(windows: None, root: str) -> None:
    found = machine.environment(root)
    assert found.affinity is None
    assert found.cgroup_quota_cpus is None
    assert found.governor is None
    assert found.turbo is None
    assert found.hypervisor is None
    assert found.load_average is None
    assert found.cpu == "A processor"
    assert found.cores == os.cpu_count()
    assert found.start_method == "spawn"
    assert machine.steal_ticks(root) is None


def test_no_worker_is_moved_from_processor_to_processor(windows: None, root: str) -> None:
    assert machine.tour(root) == ()
    assert machine.pinnable(root) == ()


def test_a_host_is_kept_from_the_consoles_signals_and_has_no_lifeline(
    windows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 512, raising=False)
    assert lifeline("folder") == (None, ["folder"], {"creationflags": 512})


def test_a_host_without_fork_or_lifeline_measures_and_ends(
    start_host: Callable[..., HostProcess],
    request_of: Callable[[str], SampleRequest],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        link, "lifeline", lambda folder: (None, [folder], {"start_new_session": True})
    )
    host = start_host(*NOT_THERE)
    for backend in ("threads", "spawn", "native"):
        assert isinstance(host.ask(request_of(backend), PATIENCE_S), SampleReply)
    reply = host.ask(request_of("fork"), PATIENCE_S)
    assert isinstance(reply, FailedReply)
    assert reply.reason == "this host has no zygote to fork workers from"
    host.close()
    assert host._process.returncode == 0


def test_the_end_of_a_host_is_asked_for(windows: None) -> None:
    polled: list[int | None] = [None, None, 3]
    process: Any = SimpleNamespace(returncode=None, poll=lambda: polled.pop(0))
    assert await_end(process, PATIENCE_S)
    assert polled == []
    process.poll = lambda: None
    assert not await_end(process, 0.01)


def test_a_host_is_killed_with_all_that_it_started(windows: None) -> None:
    source = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    command = [sys.executable, "-c", source]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = psutil.Process(int(process.stdout.readline()))
        end_tree(process)
        end_group(process)
        process.wait(PATIENCE_S)
    end = time.monotonic() + PATIENCE_S
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end, "the child goes on"
        time.sleep(0.01)


def test_a_host_that_is_gone_cannot_be_killed_again(windows: None) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait(PATIENCE_S)
        end_tree(process)
        end_group(process)


def test_nothing_limits_descriptors(windows: None) -> None:
    assert descriptors_left() is None


def test_a_crash_is_told_by_the_number_that_it_is_known_by(windows: None) -> None:
    assert describe_exit(0xC0000005) == "was ended by exception 0xC0000005"


def test_where_nobody_forks_nothing_is_kept_from_offspring(windows: None) -> None:
    keep_from_offspring([0])


@pytest.mark.parametrize(
    ("path", "quoted"),
    [
        (r"C:\runs\a.jsonl", r"C:\runs\a.jsonl"),
        (r"C:\my runs\a.jsonl", r'"C:\my runs\a.jsonl"'),
    ],
)
def test_paths_are_quoted_as_its_shells_take_them(
    path: str, quoted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = Path(path)
    with monkeypatch.context() as context:
        context.setattr(os, "name", "nt")
        found = quoted_path(named)
    assert found == quoted
