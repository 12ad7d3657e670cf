from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gilbench.errors import InputError
from gilbench.evidence import Subject
from gilbench.host import examination
from gilbench.host.bench import Bench
from gilbench.host.examination import Examination
from gilbench.host.protocol import (
    FailedReply,
    ObservedReply,
    ObserveRequest,
    ShutOutReply,
    ShutOutRequest,
    TimedReply,
    TimeRequest,
)
from gilbench.observer import passes, timing
from gilbench.workloads.statement import statement_text

from .conftest import OBSERVATION, SHUT_OUT, TIMING

TIME = TimeRequest(workload="others_own_target:works", size=3, span_ns=1000)
OBSERVE = ObserveRequest(
    workload="others_own_target:works",
    size=3,
    round=1,
    subject=Subject.TARGET,
    call_ns=2000.0,
    calls=4,
    span_ns=5,
    sparing=True,
    seed=6,
)
SHUT = ShutOutRequest(
    workload="others_own_target:works",
    size=3,
    round=1,
    subject=Subject.TARGET,
    call_ns=2000.0,
    calls=4,
    span_ns=5,
    seed=6,
)

Asked = list[tuple[Callable[[], object], dict[str, Any]]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What the passes were asked, which measure nothing here."""
    noted: Asked = []
    for home, name, answer in (
        (timing, "timed", TIMING),
        (passes, "observed", OBSERVATION),
        (passes, "shut_out", SHUT_OUT),
    ):

        def note(
            function: Callable[[], object], *, answer: object = answer, **asked: object
        ) -> object:
            noted.append((function, asked))
            return answer

        monkeypatch.setattr(home, name, note)
    return noted


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Let there be a module `others_own_target` of a text."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(text: str) -> None:
        (tmp_path / "others_own_target.py").write_text(text)

    yield write
    sys.modules.pop("others_own_target", None)


def works() -> int:
    return 5


def test_each_request_has_its_reply(asked: Asked) -> None:
    examination = Examination(works)
    assert examination.answer(TIME) == TimedReply(timing=TIMING)
    assert examination.answer(OBSERVE) == ObservedReply(observation=OBSERVATION)
    assert examination.answer(SHUT) == ShutOutReply(shut_out=SHUT_OUT)
    assert [function for function, _ in asked] == [works, works, works]


def test_a_pass_is_told_what_was_asked(asked: Asked) -> None:
    examination = Examination(works)
    for request in (TIME, OBSERVE, SHUT):
        examination.answer(request)
    timed, observed, shut_out = (each for _, each in asked)
    assert timed == {"size": 3, "span_ns": 1000, "gil_before": examination._gil_before}
    both = {
        "size": 3,
        "round": 1,
        "subject": Subject.TARGET,
        "calls": 4,
        "span_ns": 5,
        "seed": 6,
    }
    assert observed == {**both, "sparing": True}
    assert shut_out == {**both, "call_ns": 2000.0}


def test_whether_the_gil_was_on_is_asked_before_the_target_is_found(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = iter([False])
    monkeypatch.setattr(examination, "gil_enabled", lambda: next(states))
    asking = Examination()
    asking.answer(replace(TIME, workload=statement_text("len(x)", "x = []")))
    assert asked[0][1]["gil_before"] is False


@pytest.mark.parametrize("subject", [Subject.HOLD, Subject.RELEASE, Subject.PYTHON])
def test_a_control_is_made_in_the_place_of_the_target(
    subject: Subject, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[Subject, float]] = []

    def control(which: Subject, call_ns: float) -> Callable[[], object]:
        made.append((which, call_ns))
        return works

    monkeypatch.setattr(examination, "control", control)
    asking = Examination(lambda: pytest.fail("the target was called"))
    asking.answer(replace(OBSERVE, subject=subject))
    asking.answer(replace(SHUT, subject=subject, call_ns=7.5))
    assert made == [(subject, 2000.0), (subject, 7.5)]
    assert [function for function, _ in asked] == [works, works]


def test_a_function_is_found_by_its_name(asked: Asked, module: Callable[[str], None]) -> None:
    module("def works(): return 'mine'\n")
    Examination().answer(TIME)
    function, _ = asked[0]
    assert function() == "mine"


def test_a_setup_runs_once_for_all_passes(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    monkeypatch.setattr(builtins, "counted_by_a_test", counted, raising=False)
    text = statement_text("counted_by_a_test[-1]", "counted_by_a_test.append(n)", 4)
    asking = Examination()
    for request in (TIME, OBSERVE, SHUT):
        asking.answer(replace(request, workload=text))
    assert counted == [4]
    assert {function() for function, _ in asked} == {4}
    assert len({id(function) for function, _ in asked}) == 1


def test_one_size_is_kept_at_a_time(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    monkeypatch.setattr(builtins, "counted_by_a_test", counted, raising=False)
    asking = Examination()
    for n in (1, 2, 2, 1):
        text = statement_text("n", "counted_by_a_test.append(n)", n)
        asking.answer(replace(TIME, workload=text, size=n))
    assert counted == [1, 2, 1]
    assert [function() for function, _ in asked] == [1, 2, 2, 1]


@pytest.mark.parametrize("workload", ["spin", "mix:share=0.5", "python"])
def test_what_is_no_function_is_refused(workload: str, asked: Asked) -> None:
    with pytest.raises(InputError, match="^'.*' is no function and no statement, so nothing to"):
        Examination().answer(replace(TIME, workload=workload))
    assert not asked


def test_what_cannot_be_found_is_asked_for_again(
    asked: Asked, module: Callable[[str], None]
) -> None:
    module("raise LookupError('not today')\n")
    asking = Examination()
    for _ in range(2):
        with pytest.raises(LookupError, match="not today"):
            asking.answer(TIME)


# In a host


def test_a_bench_answers_such_requests(asked: Asked, module: Callable[[str], None]) -> None:
    module("def works(): pass\n")
    bench = Bench()
    assert bench.answer(TIME) == TimedReply(timing=TIMING)
    assert bench.answer(OBSERVE) == ObservedReply(observation=OBSERVATION)
    assert bench.answer(SHUT) == ShutOutReply(shut_out=SHUT_OUT)
    assert len({id(function) for function, _ in asked}) == 1


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("works = 5\n", "input", "'others_own_target:works' is int, not a function"),
        ("def wroks(): pass\n", "input", "there is no 'works'; did you mean 'wroks'?"),
        ("def works(what): pass\n", "input", "wants arguments"),
        ("1 / 0\n", "failed", "ZeroDivisionError: division by zero (others_own_target.py:1)"),
        ("def works(): 1 / 0\n", "failed", "ZeroDivisionError: division by zero (others_own_"),
        ("def works(): raise SystemExit(3)\n", "failed", "SystemExit: 3 (others_own_target.py:1)"),
    ],
)
def test_what_cannot_be_called_is_a_reply_too(
    text: str, kind: str, reason: str, module: Callable[[str], None]
) -> None:
    module(text)
    bench = Bench()
    for request in (TIME, OBSERVE, SHUT):
        reply = bench.answer(request)
        assert isinstance(reply, FailedReply)
        assert reply.kind == kind
        assert reason in reply.reason


def test_real_passes_over_a_real_statement() -> None:
    bench = Bench()
    text = statement_text("sleep(0.001)", "from time import sleep")
    timed = bench.answer(replace(TIME, workload=text, span_ns=5_000_000))
    assert isinstance(timed, TimedReply)
    assert timed.timing.call_ns >= 1e6
    observed = bench.answer(replace(OBSERVE, workload=text, calls=5, span_ns=0))
    assert isinstance(observed, ObservedReply)
    assert observed.observation.calls == 5
    shut_out = bench.answer(replace(SHUT, workload=text, calls=5, span_ns=0))
    assert isinstance(shut_out, ShutOutReply)
    assert shut_out.shut_out.calls == 5
