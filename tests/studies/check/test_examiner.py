from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

import pytest

from gilbench.errors import InputError
from gilbench.evidence import Observation, ShutOut, Subject, Timing
from gilbench.experiment.link import HostLostError
from gilbench.host.protocol import (
    FailedReply,
    Message,
    ObservedReply,
    ObserveRequest,
    SampleReply,
    SampleRequest,
    ShutOutReply,
    ShutOutRequest,
    TimedReply,
    TimeRequest,
)
from gilbench.studies.check.examiner import HostExaminer, LocalExaminer, UnavailableError
from orders import make_order

MS = 1_000_000
SECOND = 1000 * MS

TIME = TimeRequest(workload="m:f", size=None, span_ns=20 * MS)
OBSERVE = ObserveRequest(
    workload="m:f",
    size=None,
    round=0,
    subject=Subject.TARGET,
    call_ns=50.0 * MS,
    calls=2,
    span_ns=0,
    sparing=False,
    seed=1,
)
SHUT_OUT = ShutOutRequest(
    workload="m:f",
    size=None,
    round=0,
    subject=Subject.TARGET,
    call_ns=50.0 * MS,
    calls=0,
    span_ns=30 * MS,
    seed=1,
)


def sample_request(backend: str = "threads", workers: int = 2, calls: int = 3) -> SampleRequest:
    order = make_order(
        workload="m:f",
        workers=workers,
        cores=2,
        units_per_call=2,
        calls=calls,
        timeout_ns=SECOND,
    )
    return SampleRequest(backend=backend, order=order)


@dataclass
class FakeHost:
    """A host that answers, or raises, what a test has put in `answer`."""

    answer: Message | Exception | None = None
    asked: list[tuple[Message, float]] = field(default_factory=list)
    closings: int = 0

    def ask(self, request: Message, timeout_s: float) -> Message:
        self.asked.append((request, timeout_s))
        if isinstance(self.answer, Exception):
            raise self.answer
        assert self.answer is not None
        return self.answer

    def dismiss(self) -> None:
        raise AssertionError("nobody should")

    def close(self) -> None:
        self.closings += 1


@pytest.fixture
def host() -> FakeHost:
    return FakeHost()


def examiner_of(host: FakeHost, timeout_ns: int = 2 * SECOND) -> HostExaminer:
    return HostExaminer(timeout_ns, lambda: host)


class TestHost:
    def test_its_replies_are_handed_on(
        self,
        host: FakeHost,
        timing: Callable[..., Timing],
        observation: Callable[..., Observation],
        shut_out: Callable[..., ShutOut],
    ) -> None:
        examiner = examiner_of(host)
        host.answer = TimedReply(timing=timing())
        assert examiner.time(TIME) == timing()
        host.answer = ObservedReply(observation=observation())
        assert examiner.observe(OBSERVE) == observation()
        host.answer = ShutOutReply(shut_out=shut_out(Subject.TARGET, 5))
        assert examiner.shut_out(SHUT_OUT) == shut_out(Subject.TARGET, 5)
        host.answer = SampleReply(readings=(), steal_ticks=None, gil_enabled=True)
        assert examiner.sample(sample_request()) == host.answer
        assert [asked for asked, _ in host.asked] == [TIME, OBSERVE, SHUT_OUT, sample_request()]

    def test_it_is_closed(self, host: FakeHost) -> None:
        examiner_of(host).close()
        assert host.closings == 1

    def patience(self, host: FakeHost, timeout_ns: int = 2 * SECOND) -> list[float]:
        """How long each request may take, in seconds."""
        examiner = examiner_of(host, timeout_ns)
        host.answer = HostLostError("gone")
        for ask in (
            lambda: examiner.time(TIME),
            lambda: examiner.observe(OBSERVE),
            lambda: examiner.shut_out(SHUT_OUT),
        ):
            with pytest.raises(InputError):
                ask()
        with pytest.raises(UnavailableError):
            examiner.sample(sample_request())
        return [timeout_s for _, timeout_s in host.asked]

    def test_a_call_may_take_its_timeout_beside_what_was_asked_for(self, host: FakeHost) -> None:
        time_s, observe_s, shut_out_s, sample_s = self.patience(host)
        # Who takes longer than the span is called but once. Import and setup come beside it.
        assert time_s == pytest.approx(2 + 4 * 0.02 + 5)
        # Who is interrupted by another that asks all the time takes many times as long.
        assert observe_s == pytest.approx(3.0 + 5)
        assert shut_out_s == pytest.approx(3.03 + 5)
        assert sample_s == pytest.approx(22.0)

    @pytest.mark.parametrize(("backend", "workers"), [("serial", 1), ("threads", 2)])
    def test_workers_may_take_turns_at_long_calls(
        self, backend: str, workers: int, host: FakeHost, timing: Callable[..., Timing]
    ) -> None:
        examiner = examiner_of(host)
        host.answer = TimedReply(timing=timing(call_ns=30.0 * SECOND))
        examiner.time(TIME)
        host.answer = SampleReply(readings=(), steal_ticks=None, gil_enabled=True)
        examiner.sample(sample_request(backend, workers))
        # Each makes a call to warm up, and one that counts.
        assert host.asked[-1][1] == pytest.approx(22.0 + 2 * workers * 30)

    def test_a_timeout_may_be_longer_than_any_wait(self, host: FakeHost) -> None:
        endless = self.patience(host, round(threading.TIMEOUT_MAX) * 10 * SECOND)
        assert {min(each, threading.TIMEOUT_MAX) for each in endless} == set(endless)

    def test_what_the_user_has_to_mend_is_told_as_it_is(self, host: FakeHost) -> None:
        host.answer = FailedReply(kind="input", reason="there is no module 'm'")
        with pytest.raises(InputError, match="^there is no module 'm'$"):
            examiner_of(host).time(TIME)

    @pytest.mark.parametrize("kind", ["failed", "unavailable"])
    def test_what_the_target_raises_is_told_with_its_error(self, kind: str, host: FakeHost) -> None:
        host.answer = FailedReply(kind=kind, reason="LookupError: no (m.py:1)")
        with pytest.raises(InputError, match=r"^the target raised LookupError: no \(m\.py:1\)$"):
            examiner_of(host).observe(OBSERVE)

    def test_a_call_that_takes_too_long_is_told_with_its_limit(self, host: FakeHost) -> None:
        host.answer = HostLostError("it gave no sign of life for 2.02 s")
        call = "a call of the target did not return within 2 s"
        with pytest.raises(
            InputError, match=f"^{call}, or its import and setup not within 5 s; see --timeout$"
        ):
            examiner_of(host).time(TIME)
        with pytest.raises(InputError, match=f"^{call}; see --timeout$"):
            examiner_of(host).observe(OBSERVE)

    def test_a_target_that_ends_its_process_is_told_with_how(self, host: FakeHost) -> None:
        host.answer = HostLostError("the host was killed by SIGSEGV")
        message = "^the target ended its process: the host was killed by SIGSEGV$"
        with pytest.raises(InputError, match=message):
            examiner_of(host).shut_out(SHUT_OUT)

    def test_workers_that_cannot_run_have_a_reason(self, host: FakeHost) -> None:
        examiner = examiner_of(host)
        host.answer = FailedReply(kind="failed", reason="worker 1: no")
        with pytest.raises(UnavailableError, match="^worker 1: no$"):
            examiner.sample(sample_request())
        host.answer = ObservedReply(observation=None)  # type: ignore[arg-type]
        with pytest.raises(UnavailableError, match="^no sample$"):
            examiner.sample(sample_request())

    def test_workers_that_end_their_host_leave_the_rest_to_another(
        self, timing: Callable[..., Timing]
    ) -> None:
        lost = FakeHost(HostLostError("the host was killed by SIGSEGV"))
        hosts = [lost, FakeHost(TimedReply(timing=timing()))]
        examiner = HostExaminer(SECOND, iter(hosts).__next__)
        with pytest.raises(UnavailableError, match="^the host was killed by SIGSEGV$"):
            examiner.sample(sample_request())
        assert examiner.time(TIME) == timing()
        examiner.close()
        assert [host.closings for host in hosts] == [1, 1]


class TestLocal:
    def test_it_calls_the_function(self) -> None:
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

    def test_without_one_it_calls_what_the_requests_name(self) -> None:
        examiner = LocalExaminer(None)
        found = examiner.time(TimeRequest(workload="os:getpid", size=None, span_ns=MS))
        assert found.calls > 1

    @pytest.mark.parametrize(
        ("error", "told"),
        [
            (LookupError("not today"), r"LookupError: not today \(test_examiner\.py:\d+\)"),
            (SystemExit(3), r"SystemExit: 3 \(test_examiner\.py:\d+\)"),
        ],
    )
    def test_what_the_target_raises_is_told_as_a_host_does(
        self, error: BaseException, told: str
    ) -> None:
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

    def test_what_the_user_has_to_mend_is_told_as_it_is(self) -> None:
        with pytest.raises(InputError, match="^there is no module 'nowhere'"):
            LocalExaminer(None).time(TimeRequest(workload="nowhere:f", size=None, span_ns=MS))

    def test_ctrl_c_in_the_target_is_ctrl_c(self) -> None:
        def interrupts() -> NoReturn:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            LocalExaminer(interrupts).time(TIME)

    @pytest.mark.parametrize(("backend", "workers"), [("serial", 1), ("threads", 2)])
    def test_threads_make_the_calls_that_were_ordered(self, backend: str, workers: int) -> None:
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

    def test_an_order_without_calls_is_one_call_of_each(self) -> None:
        made: list[int] = []
        request = sample_request("threads", 2, calls=0)
        LocalExaminer(lambda: made.append(1)).sample(request)
        assert len(made) == 4

    @pytest.mark.parametrize("backend", ["fork", "processes", "interpreters"])
    def test_processes_cannot_call_what_has_no_name(self, backend: str) -> None:
        with pytest.raises(UnavailableError, match="^processes cannot call a function of this"):
            LocalExaminer(lambda: pytest.fail("called")).sample(sample_request(backend))

    @pytest.mark.parametrize("error", [LookupError("not in threads"), SystemExit(3)])
    def test_what_a_thread_raises_is_the_reason(self, error: BaseException) -> None:
        def raises() -> None:
            if threading.current_thread() is not threading.main_thread():
                raise error

        before = set(threading.enumerate())
        with pytest.raises(UnavailableError) as caught:
            LocalExaminer(raises).sample(sample_request())
        assert str(caught.value) == f"two threads at a time: {error!r}"
        assert set(threading.enumerate()) == before

    def test_threads_that_are_not_to_be_had_keep_nobody_waiting(
        self, monkeypatch: pytest.MonkeyPatch
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
