from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from examinations import OBSERVE, SECOND, SHUT_OUT, TIME, sample_request
from gilbench.errors import InputError
from gilbench.evidence import Observation, ShutOut, Subject, Timing
from gilbench.experiment.link import HostLostError
from gilbench.host.protocol import (
    FailedReply,
    Message,
    ObservedReply,
    SampleReply,
    SampleRequest,
    ShutOutReply,
    TimedReply,
)
from gilbench.studies.check import host_examiner
from gilbench.studies.check.examiner import UnavailableError
from gilbench.studies.check.host_examiner import HostExaminer
from orders import make_order


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


def test_its_replies_are_handed_on(
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


def test_it_is_closed(host: FakeHost) -> None:
    examiner_of(host).close()
    assert host.closings == 1


def patience(host: FakeHost, timeout_ns: int = 2 * SECOND) -> list[float]:
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
        examiner.sample(sample_request("processes"))
    return [timeout_s for _, timeout_s in host.asked]


def test_a_call_may_take_its_timeout_beside_what_was_asked_for(host: FakeHost) -> None:
    time_s, observe_s, shut_out_s, sample_s = patience(host)
    # Who takes longer than the span is called but once. Import and setup come beside it.
    assert time_s == pytest.approx(2 + 4 * 0.02 + 5)
    # Who is interrupted by another that asks all the time takes many times as long.
    assert observe_s == pytest.approx(3.0 + 5)
    assert shut_out_s == pytest.approx(3.03 + 5)
    assert sample_s == pytest.approx(22.0)


@pytest.mark.parametrize(("backend", "workers"), [("serial", 1), ("threads", 2)])
def test_workers_may_take_turns_at_long_calls(
    backend: str, workers: int, host: FakeHost, timing: Callable[..., Timing]
) -> None:
    examiner = examiner_of(host)
    host.answer = TimedReply(timing=timing(call_ns=30.0 * SECOND))
    examiner.time(TIME)
    host.answer = SampleReply(readings=(), steal_ticks=None, gil_enabled=True)
    examiner.sample(sample_request(backend, workers))
    # Each makes a call to warm up, and one that counts.
    assert host.asked[-1][1] == pytest.approx(22.0 + 2 * workers * 30)


@pytest.mark.parametrize(
    ("call_s", "units", "calls", "window_s", "patience_s"),
    [
        (0.001, 1, None, 0.1, 0.5 + 0.1 + 2 * (0.2 + 2 * 20 * 0.001)),
        (0.001, 5, None, 0.1, 0.5 + 0.1 + 2 * (0.2 + 2 * 20 * 0.005)),
        # One call of each worker to warm up.
        (0.01, 1, 6, None, 0.5 + 2 * (0.2 + 7 * 20 * 0.01)),
        # No longer than workers that must be started.
        (30.0, 1, 1, None, 22.0 + 2 * 2 * 30),
    ],
)
def test_threads_that_each_worked_alone_have_blocked_one_another_soon(
    call_s: float,
    units: int,
    calls: int | None,
    window_s: float | None,
    patience_s: float,
    host: FakeHost,
    timing: Callable[..., Timing],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_s = iter((1.0, 1.2))
    monkeypatch.setattr(host_examiner.time, "monotonic", lambda: next(now_s))
    examiner = examiner_of(host)
    host.answer = TimedReply(timing=timing(call_ns=call_s * SECOND))
    examiner.time(TIME)
    host.answer = SampleReply(readings=(), steal_ticks=None, gil_enabled=True)
    order = make_order(
        workers=2,
        units_per_call=units,
        calls=calls,
        window_ns=None if window_s is None else round(window_s * SECOND),
    )
    examiner.sample(SampleRequest(backend="threads", order=order))
    assert host.asked[-1][1] == pytest.approx(patience_s)


def test_a_timeout_may_be_longer_than_any_wait(host: FakeHost) -> None:
    endless = patience(host, round(threading.TIMEOUT_MAX) * 10 * SECOND)
    assert {min(each, threading.TIMEOUT_MAX) for each in endless} == set(endless)


def test_what_the_user_has_to_mend_is_told_as_it_is(host: FakeHost) -> None:
    host.answer = FailedReply(kind="input", reason="there is no module 'm'")
    with pytest.raises(InputError, match="^there is no module 'm'$"):
        examiner_of(host).time(TIME)


@pytest.mark.parametrize("kind", ["failed", "unavailable"])
def test_what_the_target_raises_is_told_with_its_error(kind: str, host: FakeHost) -> None:
    host.answer = FailedReply(kind=kind, reason="LookupError: no (m.py:1)")
    with pytest.raises(InputError, match=r"^the target raised LookupError: no \(m\.py:1\)$"):
        examiner_of(host).observe(OBSERVE)


def test_a_call_that_takes_too_long_is_told_with_its_limit(host: FakeHost) -> None:
    host.answer = HostLostError("it gave no sign of life for 2.02 s")
    call = "a call of the target did not return within 2 s"
    with pytest.raises(
        InputError, match=f"^{call}, or its import and setup not within 5 s; see --timeout$"
    ):
        examiner_of(host).time(TIME)
    with pytest.raises(InputError, match=f"^{call}; see --timeout$"):
        examiner_of(host).observe(OBSERVE)


def test_a_target_that_ends_its_process_is_told_with_how(host: FakeHost) -> None:
    host.answer = HostLostError("the host was killed by SIGSEGV")
    message = "^the target ended its process: the host was killed by SIGSEGV$"
    with pytest.raises(InputError, match=message):
        examiner_of(host).shut_out(SHUT_OUT)


def test_workers_that_cannot_run_have_a_reason(host: FakeHost) -> None:
    examiner = examiner_of(host)
    host.answer = FailedReply(kind="failed", reason="worker 1: no")
    with pytest.raises(UnavailableError, match="^worker 1: no$"):
        examiner.sample(sample_request())
    host.answer = ObservedReply(observation=None)  # type: ignore[arg-type]
    with pytest.raises(UnavailableError, match="^no sample$"):
        examiner.sample(sample_request())


def test_workers_that_end_their_host_leave_the_rest_to_another(
    timing: Callable[..., Timing],
) -> None:
    lost = FakeHost(HostLostError("the host was killed by SIGSEGV"))
    hosts = [lost, FakeHost(TimedReply(timing=timing()))]
    examiner = HostExaminer(SECOND, iter(hosts).__next__)
    with pytest.raises(UnavailableError, match="^the host was killed by SIGSEGV$"):
        examiner.sample(sample_request())
    assert examiner.time(TIME) == timing()
    examiner.close()
    assert [host.closings for host in hosts] == [1, 1]
