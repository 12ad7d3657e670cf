"""Every backend in a real host, with real workers: what they do, and how they fail."""

from __future__ import annotations

import sys
import sysconfig
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import pytest

from gilbench import backends
from gilbench._native import spin, work
from gilbench.host.protocol import FailedReply, SampleReply, SampleRequest
from gilbench.model import Mode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gilbench.experiment.link import HostProcess
    from gilbench.host.protocol import Message
    from gilbench.worker import Order

PATIENCE_S = 60.0
MS = 1_000_000
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

PARALLEL = [name for name in backends.BACKENDS if name != "serial"]
RUN_FUNCTIONS = [name for name in PARALLEL if name != "native"]
PROCESSES = [name for name in RUN_FUNCTIONS if name not in {"threads", "interpreters"}]


@pytest.fixture
def run(host: HostProcess, make_order: Callable[..., Order]) -> Callable[..., Message]:
    """Let a backend run a sample in the host. Skip the test where it cannot run here."""

    def run(backend: str, *order: object, **more: object) -> Message:
        reason = backends.find(backend).unavailable()
        if reason is not None:
            pytest.skip(reason)
        request = SampleRequest(backend=backend, order=make_order(*order, **more))
        return host.ask(request, PATIENCE_S)

    return run


# The most workers first: with more than before, processes are made anew.
@pytest.mark.parametrize("workers", [3, 2, 1])
@pytest.mark.parametrize("backend", PARALLEL)
class TestAll:
    @pytest.mark.parametrize("mode", Mode)
    def test_a_window_ends_the_work(
        self, backend: str, workers: int, mode: Mode, run: Callable[..., Message]
    ) -> None:
        reply = run(backend, "spin", workers, mode=mode, window_ns=30 * MS)
        assert isinstance(reply, SampleReply), reply
        assert [reading.worker for reading in reply.readings] == list(range(workers))
        assert {reading.wall_ns for reading in reply.readings} == {30 * MS}
        assert sum(reading.units for reading in reply.readings) > 0
        assert all(reading.gil_wait_ns is not None for reading in reply.readings)
        # A free-threaded build stays free of it, whatever we import and run.
        assert reply.gil_enabled is not FREE_THREADED

    def test_fixed_work_is_exactly_its_calls(
        self, backend: str, workers: int, run: Callable[..., Message]
    ) -> None:
        # A workload that nobody else runs: its numbers start here.
        share = (1 + PARALLEL.index(backend)) / 100 + workers / 1000
        reply = run(backend, f"mix:share={share:g}", workers, mode=Mode.RELEASE, calls=3)
        assert isinstance(reply, SampleReply), reply
        state = work.create(spin.kernel(), 8)
        work.run(state, 1 + 3000)
        assert [reading.worker for reading in reply.readings] == list(range(workers))
        assert {(r.units, r.calls, r.checksum) for r in reply.readings} == {
            (3000, 3, work.checksum(state))
        }

    def test_a_function_of_the_users(
        self, backend: str, workers: int, run: Callable[..., Message]
    ) -> None:
        windowed = run(backend, "theirs:works", workers, units=5, window_ns=3 * MS)
        fixed = run(backend, "theirs:works", workers, units=5, calls=2)
        if backend == "native":
            reason = "theirs:works has no native kernel"
            assert windowed == fixed == FailedReply(kind="failed", reason=reason)
            return
        for reply in (windowed, fixed):
            assert isinstance(reply, SampleReply), reply
            assert [reading.worker for reading in reply.readings] == list(range(workers))
            assert {reading.gil_wait_ns for reading in reply.readings} == {None}
        assert {(r.units, r.calls) for r in fixed.readings} == {(10, 2)}


@pytest.mark.parametrize("amount", [{"window_ns": 30 * MS}, {"calls": 2}])
@pytest.mark.parametrize("workload", ["spin", "theirs:works"])
def test_serial_is_one_worker(
    workload: str, amount: dict[str, int], run: Callable[..., Message]
) -> None:
    reply = run("serial", workload, 1, **amount)
    assert isinstance(reply, SampleReply), reply
    (reading,) = reply.readings
    assert reading.worker == 0
    assert reading.units > 0


@pytest.mark.parametrize("backend", ["serial", *RUN_FUNCTIONS])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("raises", "worker 0: LookupError: not today (theirs.py:9)"),
        ("exits", "worker 0: SystemExit: enough (theirs.py:12)"),
    ],
)
def test_a_function_that_fails_fails_its_sample(
    backend: str, name: str, reason: str, run: Callable[..., Message]
) -> None:
    workers = 1 if backend == "serial" else 2
    reply = run(backend, f"theirs:{name}", workers, calls=1)
    assert reply == FailedReply(kind="failed", reason=reason)
    assert isinstance(run(backend, "theirs:works", workers, calls=1), SampleReply)


@pytest.mark.parametrize("backend", RUN_FUNCTIONS)
def test_nobody_waits_for_the_one_that_failed(
    backend: str, run: Callable[..., Message], their_folder: Path
) -> None:
    began = time.monotonic()
    reply = run(backend, "theirs:one_raises", 2, calls=1)
    assert isinstance(reply, FailedReply)
    assert "LookupError: I am the first (theirs.py:" in reply.reason
    # At the gate they would wait for a minute.
    assert time.monotonic() - began < 20
    (their_folder / "first").unlink()
    assert isinstance(run(backend, "theirs:works", 2, calls=1), SampleReply)


@pytest.mark.parametrize("backend", PROCESSES)
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("leaves", "worker 0: its process exited with status 3"),
        pytest.param(
            "is_killed",
            "worker 0: its process was killed by SIGKILL",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="it has no signals"),
        ),
    ],
)
def test_a_process_that_dies_fails_its_sample(
    backend: str, name: str, reason: str, run: Callable[..., Message]
) -> None:
    reply = run(backend, f"theirs:{name}", 2, calls=1)
    assert reply == FailedReply(kind="failed", reason=reason)
    assert isinstance(run(backend, "theirs:works", 2, calls=1), SampleReply)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="they are new in 3.12")
@pytest.mark.parametrize("name", ["refuses", "needs_a_real_interpreter"])
def test_what_refuses_subinterpreters_is_unavailable_there(
    name: str, run: Callable[..., Message]
) -> None:
    if name == "needs_a_real_interpreter":
        pytest.importorskip("_testsinglephase", reason="this Python has no such module")
    reply = run("interpreters", f"theirs:{name}", 2, calls=1)
    assert isinstance(reply, FailedReply)
    assert reply.kind == "unavailable"
    assert "does not support loading in subinterpreters (theirs.py:" in reply.reason
    assert isinstance(run("interpreters", "theirs:works", 2, calls=1), SampleReply)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts handles, not descriptors")
@pytest.mark.parametrize("backend", PARALLEL)
def test_samples_leave_nothing_in_the_host(
    backend: str, run: Callable[..., Message], host: HostProcess
) -> None:
    process = psutil.Process(host._process.pid)

    def held_after(samples: int) -> tuple[int, int, int]:
        for _ in range(samples):
            run(backend, "spin", 2, window_ns=MS)
        # A thread that was joined may take a moment to be gone.
        time.sleep(0.02)
        return process.num_fds(), process.num_threads(), len(process.children(recursive=True))

    assert held_after(1) == held_after(10)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
@pytest.mark.parametrize("backend", PROCESSES)
def test_a_worker_that_dies_between_samples_fails_one(
    backend: str, run: Callable[..., Message], their_folder: Path
) -> None:
    assert isinstance(run(backend, "spin", 2, calls=1), SampleReply)
    assert isinstance(run(backend, "theirs:leaves_its_number", 1, calls=1), SampleReply)
    worker = psutil.Process(int((their_folder / "number").read_text()))
    worker.kill()
    with suppress(psutil.NoSuchProcess):
        while worker.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.001)
    reply = run(backend, "spin", 2, calls=1)
    assert reply == FailedReply(kind="failed", reason="worker 0: its process was killed by SIGKILL")
    assert isinstance(run(backend, "spin", 2, calls=1), SampleReply)
