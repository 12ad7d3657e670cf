from __future__ import annotations

import sys
import threading
import time
from typing import NoReturn

import pytest

from examinations import MS, OBSERVE, SHUT_OUT, TIME, sample_request
from gilbench.errors import InputError
from gilbench.host.protocol import TimeRequest
from gilbench.studies.check.examiner import UnavailableError
from gilbench.studies.check.local_examiner import LocalExaminer


def test_it_calls_the_function() -> None:
    called: list[int] = []

    def works() -> None:
        called.append(1)
        time.sleep(0.001)

    examiner = LocalExaminer(works)
    assert examiner.time(TIME).call_ns >= MS
    assert examiner.observe(OBSERVE).calls == 2
    assert examiner.shut_out(SHUT_OUT).calls >= 1
    assert len(called) > 4
    examiner.close()
    examiner.close()


def test_without_one_it_calls_what_the_requests_name() -> None:
    examiner = LocalExaminer(None)
    found = examiner.time(TimeRequest(workload="os:getpid", size=None, span_ns=MS))
    assert found.calls > 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LookupError("not today"), r"LookupError: not today \(test_local_examiner\.py:\d+\)"),
        (SystemExit(3), r"SystemExit: 3 \(test_local_examiner\.py:\d+\)"),
    ],
)
def test_what_the_target_raises_is_told_as_a_host_does(error: BaseException, told: str) -> None:
    def raises() -> NoReturn:
        raise error

    examiner = LocalExaminer(raises)
    for ask in (
        lambda: examiner.time(TIME),
        lambda: examiner.observe(OBSERVE),
        lambda: examiner.shut_out(SHUT_OUT),
    ):
        with pytest.raises(InputError, match=f"^the target raised {told}$"):
            ask()


def test_what_the_user_has_to_mend_is_told_as_it_is() -> None:
    with pytest.raises(InputError, match="^there is no module 'nowhere'"):
        LocalExaminer(None).time(TimeRequest(workload="nowhere:f", size=None, span_ns=MS))


def test_ctrl_c_in_the_target_is_ctrl_c() -> None:
    def interrupts() -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        LocalExaminer(interrupts).time(TIME)


@pytest.mark.parametrize(("backend", "workers"), [("serial", 1), ("threads", 2)])
def test_threads_make_the_calls_that_were_ordered(backend: str, workers: int) -> None:
    by: list[int] = []

    def works() -> None:
        by.append(threading.get_ident())
        time.sleep(0.002)

    before = set(threading.enumerate())
    reply = LocalExaminer(works).sample(sample_request(backend, workers))
    assert set(threading.enumerate()) == before
    assert len(by) == 6 * workers
    assert len(set(by)) == workers
    assert [reading.worker for reading in reply.readings] == [*range(workers)]
    for reading in reply.readings:
        assert (reading.units, reading.calls) == (6, 6)
        assert reading.wall_ns >= 12 * MS
        assert reading.cpu_ns is not None
        assert reading.cpu_ns <= reading.wall_ns
    assert reply.gil_enabled is getattr(sys, "_is_gil_enabled", lambda: True)()
    assert reply.steal_ticks is None


def test_an_order_without_calls_is_one_call_of_each() -> None:
    made: list[int] = []
    request = sample_request("threads", 2, calls=0)
    LocalExaminer(lambda: made.append(1)).sample(request)
    assert len(made) == 4


@pytest.mark.parametrize("backend", ["fork", "processes", "interpreters"])
def test_processes_cannot_call_what_has_no_name(backend: str) -> None:
    with pytest.raises(UnavailableError, match="^processes cannot call a function of this"):
        LocalExaminer(lambda: pytest.fail("called")).sample(sample_request(backend))


@pytest.mark.parametrize("error", [LookupError("not in threads"), SystemExit(3)])
def test_what_a_thread_raises_is_the_reason(error: BaseException) -> None:
    def raises() -> None:
        if threading.current_thread() is not threading.main_thread():
            raise error

    before = set(threading.enumerate())
    with pytest.raises(UnavailableError) as caught:
        LocalExaminer(raises).sample(sample_request())
    assert str(caught.value) == f"two threads at a time: {error!r}"
    assert set(threading.enumerate()) == before


def test_threads_that_are_not_to_be_had_keep_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = set(threading.enumerate())
    start, started = threading.Thread.start, []

    def one_alone(thread: threading.Thread) -> None:
        if started:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", one_alone)
    with pytest.raises(UnavailableError, match="can't start new thread"):
        LocalExaminer(lambda: pytest.fail("called")).sample(sample_request())
    assert set(threading.enumerate()) == before
