from __future__ import annotations

from functools import partial

import pytest

from gilbench._native import caller, truth
from gilbench.evidence import Subject
from gilbench.observer import controls
from gilbench.observer.controls import control

from .conftest import MS

CONTROLS = (Subject.HOLD, Subject.RELEASE, Subject.PYTHON)


def test_the_target_is_no_control() -> None:
    with pytest.raises(ValueError, match="^target is no control$"):
        control(Subject.TARGET, MS)


@pytest.mark.parametrize("subject", CONTROLS)
@pytest.mark.parametrize("call_ns", [20_000.0, 2e6])
def test_a_control_lasts_about_as_long_as_asked(subject: Subject, call_ns: float) -> None:
    # Where the machine is busy the shortest of several calls is the one nobody interrupted.
    shortest = min(caller.durations(control(subject, call_ns), 15, 0))
    assert shortest >= call_ns * (0.2 if subject is Subject.PYTHON else 1.0)
    assert shortest <= call_ns * 5


@pytest.mark.parametrize("subject", CONTROLS)
@pytest.mark.parametrize("call_ns", [0.0, 0.4])
def test_a_control_may_last_no_time(subject: Subject, call_ns: float) -> None:
    assert min(caller.durations(control(subject, call_ns), 5, 0)) < MS


def test_one_holds_all_along_and_the_other_never() -> None:
    for subject, held in ((Subject.HOLD, True), (Subject.RELEASE, False)):
        function = control(subject, MS)
        assert isinstance(function, partial)
        function()
        held_ns, released_ns = truth.tally(function.args[0])
        assert (held_ns if held else released_ns) >= MS
        assert (released_ns if held else held_ns) < MS / 2


def test_each_control_has_an_account_of_its_own() -> None:
    first, second = control(Subject.HOLD, MS), control(Subject.HOLD, MS)
    assert isinstance(first, partial)
    assert isinstance(second, partial)
    first()
    assert truth.tally(second.args[0]) == (0, 0)


def test_a_loop_that_is_too_fast_to_see_is_still_finite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controls, "now_ns", lambda: 7)
    assert min(caller.durations(control(Subject.PYTHON, 1_000.0), 3, 0)) < MS


def test_only_python_hands_over_within_a_call() -> None:
    from gilbench.observer.passes import shut_out

    def typical(subject: Subject, call_ns: float) -> float:
        seen = shut_out(
            control(subject, call_ns),
            size=None,
            round=0,
            subject=subject,
            call_ns=call_ns,
            calls=1,
            span_ns=0,
            seed=1,
        )
        return seen.typical_wait_ns / seen.batch_ns

    # A machine that is busy may keep the asking thread away, so now and then only; on one core the
    # two take turns by time slices, each of some milliseconds.
    for call_ns in (10e6, 40e6, 160e6):
        assert any(typical(Subject.HOLD, call_ns) > 0.8 for _ in range(20))
        if any(typical(Subject.PYTHON, call_ns) < 0.3 for _ in range(20)):
            return
    pytest.fail("a call of Python code was never seen to hand over")
