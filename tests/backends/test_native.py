from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from gilbench import workloads
from gilbench._native import crew, spin, triad, work
from gilbench.backends.backend import WorkerFailedError
from gilbench.backends.in_process import SERIAL
from gilbench.backends.native import NATIVE
from gilbench.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.worker import Order

pytestmark = pytest.mark.usefixtures("new_tasks", "theirs")


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_native_threads_work_in_a_window_and_for_a_number_of_calls(
    workers: int, make_order: Callable[..., Order]
) -> None:
    native = NATIVE.crew()
    fixed = native.run(make_order(workers=workers, calls=3))
    assert [reading.worker for reading in fixed] == list(range(workers))
    assert {(reading.units, reading.calls) for reading in fixed} == {(3000, 3)}
    # There is no GIL to wait for.
    assert {(reading.gil_wait_ns, reading.gil_wait_bound) for reading in fixed} == {(0, False)}
    windowed = native.run(make_order(workers=workers, window_ns=5_000_000))
    assert {reading.wall_ns for reading in windowed} == {5_000_000}
    assert all(0 <= (reading.longest_wait_ns or 0) < 5_000_000 for reading in windowed)
    assert all(reading.longest_wait_ns is not None for reading in (*fixed, *windowed))
    native.close()


def test_it_goes_on_with_the_state_that_other_ways_of_this_process_work_on(
    make_order: Callable[..., Order],
) -> None:
    SERIAL.crew().run(make_order(calls=1))
    (reading,) = NATIVE.crew().run(make_order(calls=2))
    state = work.create(spin.kernel(), 8)
    work.run(state, 1 + 3000)
    assert reading.checksum == work.checksum(state)


def test_a_new_state_is_first_touched_by_another_thread(
    monkeypatch: pytest.MonkeyPatch, make_order: Callable[..., Order]
) -> None:
    threads: list[int] = []
    create = work.create
    monkeypatch.setattr(
        work, "create", lambda *a: threads.append(threading.get_ident()) or create(*a)
    )
    NATIVE.crew().run(make_order(workers=2, calls=1))
    assert len(threads) == 2
    assert threading.get_ident() not in threads


@pytest.mark.parametrize("workload", ["python", "objects", "theirs:works"])
def test_only_kernels_have_a_native_twin(workload: str, make_order: Callable[..., Order]) -> None:
    with pytest.raises(WorkerFailedError, match=f"^{workload} has no native kernel$"):
        NATIVE.crew().run(make_order(workload, calls=1))


def test_what_is_no_workload_is_an_error(make_order: Callable[..., Order]) -> None:
    with pytest.raises(InputError, match="unknown workload 'spn'; did you mean 'spin'"):
        NATIVE.crew().run(make_order("spn", calls=1))


def test_memory_that_cannot_be_had_fails_the_sample(
    monkeypatch: pytest.MonkeyPatch, make_order: Callable[..., Order]
) -> None:
    create = work.create
    monkeypatch.setattr(work, "create", lambda kernel, _: create(triad.kernel(), 2**62))
    with pytest.raises(WorkerFailedError, match="^no memory for a kernel's state of "):
        NATIVE.crew().run(make_order(workers=2, calls=1))


@pytest.mark.parametrize("error", [MemoryError, RuntimeError, TimeoutError])
def test_threads_that_cannot_be_had_fail_the_sample(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, make_order: Callable[..., Order]
) -> None:
    def refuse(*_: object) -> None:
        raise error("no more")

    monkeypatch.setattr(crew, "run", refuse)
    with pytest.raises(WorkerFailedError, match="^no more$"):
        NATIVE.crew().run(make_order(calls=1))


def test_a_task_without_the_kernel_that_its_workload_promised_fails(
    make_order: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = SimpleNamespace(native=None)
    promising = SimpleNamespace(has_native_twin=True, bytes=0, task=lambda: task)
    monkeypatch.setattr(workloads, "find", lambda text: promising)
    with pytest.raises(WorkerFailedError, match="the task of nap has no native kernel"):
        NATIVE.crew().run(make_order("nap", workers=2, calls=1))
