from __future__ import annotations

import threading
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from gilbench._native import gate
from gilbench.backends.backend import WorkerFailedError, WorkerRefusedError
from gilbench.backends.in_process import SERIAL, THREADS, gather, on_threads
from gilbench.backends.memory import private_gate
from gilbench.backends.serving import answer
from gilbench.model import Mode
from readings import make_reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.worker import Order

pytestmark = pytest.mark.usefixtures("new_tasks", "theirs")

READING = make_reading()


def test_answers_are_gathered_into_readings() -> None:
    assert gather([{"reading": asdict(READING)}] * 2) == [READING] * 2
    assert gather([]) == []


def test_the_first_error_says_why_a_sample_was_called_off() -> None:
    off, well = {"called_off": ""}, {"reading": asdict(READING)}
    with pytest.raises(WorkerFailedError, match="^worker 1: broken$"):
        gather([off, {"failed": "broken"}, {"failed": "too"}, well])
    with pytest.raises(WorkerRefusedError, match="^no subinterpreters$"):
        gather([well, {"refused": "no subinterpreters"}, off])
    with pytest.raises(WorkerFailedError, match="^the sample was called off$"):
        gather([well, off])


def test_each_labours_on_a_thread_of_its_own() -> None:
    barrier = threading.Barrier(3)

    def labour(worker: int) -> dict[str, object]:
        barrier.wait(10)
        return {"worker": worker, "thread": threading.get_ident()}

    answers = on_threads(3, private_gate(), labour)
    assert [answered["worker"] for answered in answers] == [0, 1, 2]
    assert len({answered["thread"] for answered in answers} | {threading.get_ident()}) == 4


def test_what_keeps_a_worker_from_its_work_fails_it_and_calls_the_sample_off(
    make_order: Callable[..., Order],
) -> None:
    entrance, order = private_gate(), make_order(workers=2, calls=1)
    gate.reset(entrance, 2, 2)

    def labour(worker: int) -> dict[str, object]:
        if worker == 1:
            raise OSError(24, "Too many open files")
        return answer(order, worker, entrance)

    waiting, broken = on_threads(2, entrance, labour)
    assert "called_off" in waiting
    assert str(broken["failed"]).startswith("OSError: [Errno 24] Too many open files")


class Stop(BaseException):
    """As Ctrl-C, which no test should send to itself."""


@pytest.mark.parametrize(
    ("refusal", "raised", "message"),
    [
        (
            RuntimeError("can't start new thread"),
            WorkerFailedError,
            "^the system refused the thread of worker 2: can't start new thread$",
        ),
        (
            MemoryError(),
            WorkerFailedError,
            "^the system refused the thread of worker 2: MemoryError$",
        ),
        (Stop("now"), Stop, "^now$"),
    ],
)
def test_a_thread_that_the_system_refuses_calls_the_sample_off(
    refusal: BaseException,
    raised: type[BaseException],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    make_order: Callable[..., Order],
) -> None:
    start, started = threading.Thread.start, []

    def refuse_the_third(thread: threading.Thread) -> None:
        if len(started) == 2:
            raise refusal
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse_the_third)
    began = time.monotonic()
    with pytest.raises(raised, match=message):
        THREADS.crew().run(make_order(workers=3, calls=1))
    # Not the minute that workers wait for each other.
    assert time.monotonic() - began < 30
    assert not any(thread.is_alive() for thread in started)


def test_serial_is_the_calling_thread(make_order: Callable[..., Order]) -> None:
    threads: set[int] = set()
    crew = SERIAL.crew()
    import theirs  # type: ignore[import-not-found]

    theirs.tells = lambda: threads.add(threading.get_ident())
    (reading,) = crew.run(make_order("theirs:tells", calls=4, units=1))
    assert (reading.units, reading.calls) == (4, 4)
    assert threads == {threading.get_ident()}
    crew.close()


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_threads_work_in_a_window_and_for_a_number_of_calls(
    workers: int, mode: Mode, make_order: Callable[..., Order]
) -> None:
    crew = THREADS.crew()
    for sample in range(3):
        fixed = crew.run(make_order(workers=workers, mode=mode, calls=2))
        assert [reading.worker for reading in fixed] == list(range(workers))
        assert {(reading.units, reading.calls) for reading in fixed} == {(2000, 2)}, sample
    windowed = crew.run(make_order(workers=workers, mode=mode, window_ns=5_000_000))
    assert {reading.wall_ns for reading in windowed} == {5_000_000}
    crew.close()


def test_threads_that_fail_leave_none_behind_and_the_crew_works_on(
    make_order: Callable[..., Order],
) -> None:
    crew, before = THREADS.crew(), set(threading.enumerate())
    for name, reason in (("raises", "LookupError: not today"), ("exits", "SystemExit: enough")):
        with pytest.raises(WorkerFailedError, match=f"^worker 0: {reason}"):
            crew.run(make_order(f"theirs:{name}", 3, calls=1))
        assert set(threading.enumerate()) == before
        assert len(crew.run(make_order("theirs:works", 3, calls=1))) == 3


def test_who_called_the_sample_off_is_named(make_order: Callable[..., Order]) -> None:
    with pytest.raises(WorkerFailedError, match="^worker [012]: LookupError: I am the first"):
        THREADS.crew().run(make_order("theirs:one_raises", 3, calls=1))


def test_each_crew_has_a_gate_of_its_own() -> None:
    one, other = THREADS.crew(), THREADS.crew()
    assert gate.address(one._gate) != gate.address(other._gate)
