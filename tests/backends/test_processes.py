"""The bookkeeping of worker processes, with workers that are scripts; real ones: test_crews.py."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from gilbench._native import gate
from gilbench.backends import processes
from gilbench.backends.backend import WorkerFailedError
from gilbench.backends.processes import PROCESSES, ProcessesBackend, ProcessesCrew
from gilbench.backends.serving import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from gilbench.backends.deadline import Deadline
    from gilbench.worker import Order


def test_not_every_platform_has_every_start_method(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    reasons = {backend.name: backend.unavailable() for backend in PROCESSES}
    assert reasons == {
        "processes": None,
        "fork": "win32 has no start method 'fork'",
        "forkserver": "win32 has no start method 'forkserver'",
        "spawn": None,
    }


def test_the_platforms_default_is_its_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["forkserver", "spawn"])
    assert PROCESSES[0].crew()._method == "forkserver"
    backend = ProcessesBackend(name="mine", summary="", method="spawn")
    assert backend.crew()._method == "spawn"


def test_without_a_zygote_nothing_is_forked(
    monkeypatch: pytest.MonkeyPatch, make_order: Callable[..., Order]
) -> None:
    monkeypatch.setattr(processes, "_zygote", None)
    with pytest.raises(WorkerFailedError, match="^this host has no zygote to fork workers from$"):
        ProcessesCrew("fork").run(make_order(calls=1))


class FakeWorker:
    """A worker that is a thread of this process: it maps the gate, serves, and dies on order."""

    def __init__(self, life: Callable[[Connection], None]) -> None:
        self.connection, self._theirs = multiprocessing.Pipe()
        self.ended = False
        self._thread = threading.Thread(target=self._live, args=(life,))
        self._thread.start()

    def exit_code(self) -> int | None:
        self._thread.join(10)
        return -int(signal.SIGTERM)

    def end(self, deadline: Deadline) -> None:
        assert self.connection.closed
        self._thread.join(10)
        assert not self._thread.is_alive()
        self.ended = True

    def _live(self, life: Callable[[Connection], None]) -> None:
        with self._theirs:
            life(self._theirs)


def dies_at_once(connection: Connection) -> None:
    connection.recv()


def dies_of_its_first_order(connection: Connection) -> None:
    connection.recv()
    connection.send("here")
    connection.recv()


def dies_before_its_first_order(connection: Connection) -> None:
    connection.recv()
    connection.send("here")


def is_dead_from_the_start(connection: Connection) -> None:
    pass


def takes_its_time(connection: Connection) -> None:
    with suppress(EOFError):
        while True:
            connection.recv()


@pytest.fixture
def hired(monkeypatch: pytest.MonkeyPatch, new_tasks: object) -> Iterator[list[FakeWorker]]:
    """All workers that crews start; each serves, unless a test has put another life in `lives`."""
    workers: list[FakeWorker] = []

    def start(crew: ProcessesCrew) -> FakeWorker:
        workers.append(FakeWorker(lives.get(len(workers), serve)))
        return workers[-1]

    monkeypatch.setattr(ProcessesCrew, "_start", start)
    lives.clear()
    yield workers
    assert all(worker.ended for worker in workers)


lives: dict[int, Callable[[Connection], None]] = {}


def test_workers_are_kept_and_made_anew_when_more_are_needed(
    hired: list[FakeWorker], make_order: Callable[..., Order]
) -> None:
    crew = ProcessesCrew("fake")
    for workers, made in ((1, 1), (1, 1), (3, 4), (2, 4), (3, 4)):
        readings = crew.run(make_order(workers=workers, calls=2))
        assert [reading.worker for reading in readings] == list(range(workers))
        assert {reading.calls for reading in readings} == {2}
        assert len(hired) == made
    crew.close()
    crew.close()
    assert all(worker.ended for worker in hired)


def test_a_crew_works_again_after_it_was_closed(
    hired: list[FakeWorker], make_order: Callable[..., Order]
) -> None:
    crew = ProcessesCrew("fake")
    for _ in range(2):
        assert len(crew.run(make_order(workers=2, calls=1))) == 2
        crew.close()
    assert len(hired) == 4


@pytest.mark.parametrize("life", [dies_of_its_first_order, dies_before_its_first_order])
def test_a_worker_that_dies_is_buried_and_the_others_do_not_wait_for_it(
    life: Callable[[Connection], None], hired: list[FakeWorker], make_order: Callable[..., Order]
) -> None:
    lives[1] = life
    crew = ProcessesCrew("fake")
    with pytest.raises(WorkerFailedError, match="^worker 1: its process was killed by SIGTERM$"):
        crew.run(make_order(workers=3, calls=1))
    assert all(worker.ended for worker in hired)
    assert len(crew.run(make_order(workers=3, calls=1))) == 3
    crew.close()


@pytest.mark.parametrize("life", [dies_at_once, is_dead_from_the_start])
def test_a_worker_that_does_not_even_come_to_life_fails_the_sample(
    life: Callable[[Connection], None], hired: list[FakeWorker], make_order: Callable[..., Order]
) -> None:
    lives[1] = life
    crew = ProcessesCrew("fake")
    with pytest.raises(WorkerFailedError, match="^worker 1: its process was killed by SIGTERM$"):
        crew.run(make_order(workers=2, calls=1))
    assert all(worker.ended for worker in hired)
    assert len(crew.run(make_order(workers=2, calls=1))) == 2
    crew.close()


def test_workers_that_are_not_ready_in_time_fail_the_sample(
    hired: list[FakeWorker], make_order: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    lives[1] = takes_its_time
    monkeypatch.setattr(processes, "SECONDS_TO_START", 0.3)
    said = "^not all of 2 processes came to life: they were not ready within 0.3 s$"
    with pytest.raises(WorkerFailedError, match=said):
        ProcessesCrew("fake").run(make_order(workers=2, calls=1))
    assert all(worker.ended for worker in hired)


@pytest.mark.parametrize("error", [BlockingIOError("no more processes"), KeyboardInterrupt()])
def test_a_process_that_cannot_be_had_ends_those_that_were(
    error: BaseException,
    hired: list[FakeWorker],
    monkeypatch: pytest.MonkeyPatch,
    make_order: Callable[..., Order],
) -> None:
    start = ProcessesCrew._start

    def refuse_the_second(crew: ProcessesCrew) -> object:
        if len(hired) == 1:
            raise error
        return start(crew)

    monkeypatch.setattr(ProcessesCrew, "_start", refuse_the_second)
    with pytest.raises((WorkerFailedError, KeyboardInterrupt)) as caught:
        ProcessesCrew("fake").run(make_order(workers=2, calls=1))
    if isinstance(caught.value, WorkerFailedError):
        told = "the system refused one of 2 processes, after 1: no more processes"
        assert str(caught.value) == told
    assert len(hired) == 1


def test_a_crew_that_is_closed_lets_go_of_its_gate(
    hired: list[FakeWorker], make_order: Callable[..., Order]
) -> None:
    crew = ProcessesCrew("fake")
    crew.run(make_order(calls=1))
    assert crew._gate is not None
    assert gate.opened_ns(crew._gate) > 0
    crew.close()
    assert crew._gate is None
