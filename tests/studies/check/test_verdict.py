from __future__ import annotations

from collections.abc import Callable

import pytest

from gilbench.evidence import Controls, ShutOut, Subject, Verdict
from gilbench.model import Estimate
from gilbench.studies.check.scaling import Parallel
from gilbench.studies.check.verdict import Ruling, rule

Make = Callable[..., ShutOut]
MS = 1_000_000
GOOD = Controls(
    hold=Estimate(value=1.0, low=0.99, high=1.0), release=Estimate(value=0.0, low=0.0, high=0.01)
)
SPREAD = (5,) * 20
ENDS = (50, *(0,) * 18, 50)
SIDE_BY_SIDE = Parallel(serial=False, reason=None)


def share(value: float, half: float = 0.01) -> Estimate:
    return Estimate(value=value, low=max(0.0, value - half), high=min(1.0, value + half))


def ruled(
    held: Estimate | None,
    *,
    controls: Controls = GOOD,
    shut_outs: tuple[ShutOut, ...] = (),
    call_ns: float = MS,
    parallel: Parallel | None = SIDE_BY_SIDE,
) -> Ruling:
    return rule(
        held=held, controls=controls, shut_outs=shut_outs, call_ns=call_ns, parallel=parallel
    )


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (share(0.0), Verdict.RELEASES),
        (share(0.05), Verdict.RELEASES),
        (share(0.10), Verdict.RELEASES),
        (share(0.2), Verdict.PARTIAL),
        (share(0.5, 0.1), Verdict.PARTIAL),
        (share(0.92, 0.02), Verdict.PARTIAL),
        (share(0.12, 0.03), Verdict.PARTIAL),
        (share(0.12, 0.09), Verdict.INCONCLUSIVE),
        (share(0.06, 0.06), Verdict.INCONCLUSIVE),
        (share(0.96, 0.15), Verdict.INCONCLUSIVE),
        (share(0.85, 0.14), Verdict.INCONCLUSIVE),
        (None, Verdict.INCONCLUSIVE),
    ],
)
def test_the_share_decides(held: Estimate | None, expected: Verdict) -> None:
    assert ruled(held).verdict is expected


def test_controls_that_fail_leave_nothing_to_say() -> None:
    for controls in (
        Controls(hold=share(0.7), release=share(0.0)),
        Controls(hold=share(1.0), release=share(0.4)),
        Controls(hold=None, release=share(0.0)),
    ):
        found = ruled(share(0.5), controls=controls)
        assert found.verdict is Verdict.INCONCLUSIVE
        assert found.reason is not None
        assert "control" in found.reason


def test_a_batch_without_a_gap_holds(shut_out: Make) -> None:
    batches = (shut_out(Subject.TARGET, 29 * MS), shut_out(Subject.HOLD, 29 * MS))
    assert ruled(share(1.0), shut_outs=batches, call_ns=1000).verdict is Verdict.HOLDS


def test_a_batch_that_lets_others_in_is_switchable(shut_out: Make) -> None:
    for call_ns, let_in in ((1e3, ()), (1e5, SPREAD), (1e6, SPREAD), (1e6, ()), (1e8, ())):
        batches = (
            shut_out(Subject.TARGET, 100_000, let_in=let_in),
            shut_out(Subject.HOLD, 29 * MS),
        )
        assert ruled(share(1.0), shut_outs=batches, call_ns=call_ns).verdict is (
            Verdict.HOLDS_SWITCHABLE
        )


def located(
    shut_out: Make,
    *let_in: tuple[int, ...],
    python: tuple[int, ...] = SPREAD,
    call_ns: float = 1e5,
    queued_ns: int = 0,
) -> Ruling:
    """The ruling on batches that let others in there, which waited for 0.1 ms, as if for a call."""
    targets = (
        shut_out(Subject.TARGET, 100_000, let_in=each, queued_ns=queued_ns) for each in let_in
    )
    batches = (
        *targets,
        shut_out(Subject.HOLD, 29 * MS, let_in=(0,) * 20),
        shut_out(Subject.PYTHON, 100_000, let_in=python),
    )
    return ruled(share(1.0), shut_outs=batches, call_ns=call_ns)


@pytest.mark.parametrize("call_ns", [1e4, 1e5, 2.4e5, 1e6, 1e7])
def test_calls_that_let_others_in_at_their_ends_hold(call_ns: float, shut_out: Make) -> None:
    for let_in in (ENDS, (100, *(0,) * 19), (*(0,) * 19, 100), (50, 50, *(0,) * 16, 50, 50)):
        assert located(shut_out, let_in, call_ns=call_ns) == Ruling(verdict=Verdict.HOLDS)
    assert located(shut_out, SPREAD, call_ns=call_ns) == Ruling(verdict=Verdict.HOLDS_SWITCHABLE)


def test_calls_too_short_to_see_where_shut_out_nobody_for_long(shut_out: Make) -> None:
    found = located(shut_out, ENDS, call_ns=9_999.0)
    assert found == Ruling(verdict=Verdict.HOLDS_SWITCHABLE)


def test_one_in_ten_may_seem_to_be_let_in_within_a_call(shut_out: Make) -> None:
    astray = (45, *(0,) * 8, 10, *(0,) * 9, 45)
    assert located(shut_out, astray).verdict is Verdict.HOLDS
    more = (45, *(0,) * 8, 11, *(0,) * 9, 44)
    assert located(shut_out, more).verdict is Verdict.HOLDS_SWITCHABLE


def test_too_few_that_were_let_in_do_not_tell_where(shut_out: Make) -> None:
    for let_in in ((0,) * 20, (1,) * 7 + (0,) * 13, (4, *(0,) * 18, 3), ()):
        found = located(shut_out, let_in)
        assert found.verdict is Verdict.INCONCLUSIVE
        assert found.reason is not None
        assert "nobody saw where in a call" in found.reason


def test_few_tell_that_the_middle_is_closed_and_not_that_it_is_open(shut_out: Make) -> None:
    assert located(shut_out, (5, *(0,) * 18, 5)).verdict is Verdict.HOLDS
    assert located(shut_out, (1, 0) * 5 + (0, 1) * 5).verdict is Verdict.INCONCLUSIVE
    assert located(shut_out, (1,) * 20).verdict is Verdict.HOLDS_SWITCHABLE


def test_all_batches_together_tell_where(shut_out: Make) -> None:
    few = (3, *(0,) * 18, 3)
    assert located(shut_out, few).verdict is Verdict.INCONCLUSIVE
    assert located(shut_out, few, (), few, (0,) * 20).verdict is Verdict.HOLDS
    assert located(shut_out, ENDS, SPREAD).verdict is Verdict.HOLDS_SWITCHABLE


def test_long_calls_of_which_nobody_saw_where_are_told_by_how_long_others_wait(
    shut_out: Make,
) -> None:
    few = (1, *(0,) * 18, 1)
    assert located(shut_out, few, call_ns=2.4e5).verdict is Verdict.INCONCLUSIVE
    # Half a call, a tenth of one.
    for call_ns in (2.5e5, MS):
        assert located(shut_out, few, call_ns=call_ns).verdict is Verdict.HOLDS_SWITCHABLE


def test_a_loop_that_seems_closed_too_leaves_nothing_to_say(shut_out: Make) -> None:
    for python in (ENDS, (0,) * 20, ()):
        found = located(shut_out, ENDS, python=python)
        assert found.verdict is Verdict.INCONCLUSIVE
        assert found.reason is not None
        assert "to hand over takes so long here" in found.reason
        # Who is let in within a call needs no loop to be believed.
        assert located(shut_out, SPREAD, python=python).verdict is Verdict.HOLDS_SWITCHABLE


@pytest.mark.parametrize(
    ("let_in", "queued_ns", "verdict"),
    [
        # Closed for six tenths of a call.
        ((25,) * 4 + (0,) * 12 + (25,) * 4, 7 * MS, Verdict.HOLDS_SWITCHABLE),
        ((25,) * 4 + (0,) * 12 + (25,) * 4, 8 * MS, Verdict.INCONCLUSIVE),
        (SPREAD, 29 * MS, Verdict.HOLDS_SWITCHABLE),
        (ENDS, 7 * MS, Verdict.HOLDS),
        # It gets a core where the calls turn to the system: between two of them.
        (ENDS, 8 * MS, Verdict.INCONCLUSIVE),
        ((8, *(0,) * 19), 16 * MS, Verdict.INCONCLUSIVE),
    ],
)
def test_who_is_kept_away_sees_less_of_where(
    let_in: tuple[int, ...], queued_ns: int, verdict: Verdict, shut_out: Make
) -> None:
    found = located(shut_out, let_in, queued_ns=queued_ns)
    assert found.verdict is verdict
    if verdict is Verdict.INCONCLUSIVE:
        assert found.reason is not None
        assert "other work kept the thread that asks" in found.reason


def test_batches_in_which_who_asks_was_there_count_alone(shut_out: Make) -> None:
    there, away = 0, 29 * MS
    for first, second, verdict in (
        ((ENDS, there), (SPREAD, away), Verdict.HOLDS),
        ((ENDS, away), (SPREAD, there), Verdict.HOLDS_SWITCHABLE),
        ((ENDS, away), (ENDS, away), Verdict.INCONCLUSIVE),
    ):
        batches = (
            *(
                shut_out(Subject.TARGET, 100_000, let_in=let_in, queued_ns=queued_ns)
                for let_in, queued_ns in (first, second)
            ),
            shut_out(Subject.HOLD, 29 * MS, let_in=(0,) * 20),
            shut_out(Subject.PYTHON, 100_000, let_in=SPREAD),
        )
        assert ruled(share(1.0), shut_outs=batches, call_ns=1e5).verdict is verdict


def test_a_batch_that_let_nobody_in_does_not_say_how_long_others_were_shut_out(
    shut_out: Make,
) -> None:
    batches = (
        shut_out(Subject.TARGET, 29 * MS),
        shut_out(Subject.TARGET, 100_000, queued_ns=29 * MS),
        shut_out(Subject.HOLD, 29 * MS),
    )
    assert ruled(share(1.0), shut_outs=batches).verdict is Verdict.HOLDS_SWITCHABLE


@pytest.mark.parametrize(
    "call_ns",
    [
        3.5 * MS,
        # They were timed while the machine was slower.
        6.0 * MS,
    ],
)
def test_long_calls_hold_although_bytecode_lies_between_them(
    call_ns: float, shut_out: Make
) -> None:
    batches = (
        shut_out(Subject.TARGET, 3 * MS, calls=9),
        shut_out(Subject.HOLD, 29 * MS, calls=9),
        shut_out(Subject.PYTHON, 100_000, calls=9),
    )
    assert ruled(share(1.0), shut_outs=batches, call_ns=call_ns).verdict is Verdict.HOLDS


def test_waits_much_longer_than_a_call_are_not_the_calls(shut_out: Make) -> None:
    batches = (
        shut_out(Subject.TARGET, 4 * MS),
        shut_out(Subject.HOLD, 29 * MS),
        shut_out(Subject.PYTHON, 100_000),
    )
    assert ruled(share(1.0), shut_outs=batches, call_ns=MS).verdict is Verdict.INCONCLUSIVE


def test_a_machine_that_hands_over_slowly_cannot_tell(shut_out: Make) -> None:
    batches = (
        shut_out(Subject.TARGET, 4 * MS, calls=7),
        shut_out(Subject.HOLD, 29 * MS, calls=7),
        shut_out(Subject.PYTHON, 4 * MS, calls=7),
    )
    assert ruled(share(1.0), shut_outs=batches, call_ns=4 * MS).verdict is Verdict.INCONCLUSIVE


def test_one_batch_that_lets_others_in_is_enough(shut_out: Make) -> None:
    batches = (
        shut_out(Subject.TARGET, 29 * MS),
        shut_out(Subject.TARGET, 100_000),
        shut_out(Subject.HOLD, 29 * MS),
    )
    assert ruled(share(1.0), shut_outs=batches).verdict is Verdict.HOLDS_SWITCHABLE


def test_a_machine_that_runs_nobody_else_cannot_tell(shut_out: Make) -> None:
    batches = (
        shut_out(Subject.TARGET, 29 * MS),
        shut_out(Subject.HOLD, 29 * MS),
        shut_out(Subject.PYTHON, 29 * MS),
    )
    assert ruled(share(1.0), shut_outs=batches).verdict is Verdict.INCONCLUSIVE


def test_a_holder_that_lets_others_in_cannot_be_believed(shut_out: Make) -> None:
    batches = (shut_out(Subject.TARGET, 100_000), shut_out(Subject.HOLD, MS))
    assert ruled(share(1.0), shut_outs=batches).verdict is Verdict.INCONCLUSIVE


def test_a_batch_in_which_nobody_asked_says_nothing(shut_out: Make) -> None:
    batches = (shut_out(Subject.TARGET, 0, waits=0, granted=0), shut_out(Subject.HOLD, 29 * MS))
    assert ruled(share(1.0), shut_outs=batches).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("typical_ns", "queued_ns", "verdict"),
    [
        # Not let in at all, and let in between two calls.
        (29 * MS, 20 * MS, Verdict.HOLDS),
        (29 * MS, 25 * MS, Verdict.INCONCLUSIVE),
        (MS, 7 * MS, Verdict.HOLDS),
        (MS, 8 * MS, Verdict.INCONCLUSIVE),
    ],
)
def test_who_asks_must_have_been_there(
    typical_ns: int, queued_ns: int, verdict: Verdict, shut_out: Make
) -> None:
    batches = (
        *(shut_out(Subject.TARGET, typical_ns, queued_ns=queued_ns) for _ in range(3)),
        shut_out(Subject.HOLD, 29 * MS),
        shut_out(Subject.PYTHON, 100_000),
    )
    found = ruled(share(1.0), shut_outs=batches)
    assert found.verdict is verdict
    assert (verdict is Verdict.HOLDS) is (found.reason is None)


@pytest.mark.parametrize(
    ("typical_ns", "queued_ns", "verdict"),
    [
        (600_000, 0, Verdict.HOLDS_SWITCHABLE),
        (600_000, 9 * MS, Verdict.INCONCLUSIVE),
        (100_000, 9 * MS, Verdict.HOLDS_SWITCHABLE),
    ],
)
def test_waits_of_half_a_call_say_little_where_others_run(
    typical_ns: int, queued_ns: int, verdict: Verdict, shut_out: Make
) -> None:
    batches = (
        shut_out(Subject.TARGET, typical_ns, queued_ns=queued_ns),
        shut_out(Subject.HOLD, 29 * MS),
    )
    assert ruled(share(1.0), shut_outs=batches).verdict is verdict


def test_who_was_let_in_was_there(shut_out: Make) -> None:
    batches = (
        shut_out(Subject.TARGET, 100_000, queued_ns=29 * MS),
        shut_out(Subject.HOLD, 29 * MS),
    )
    assert ruled(share(1.0), shut_outs=batches).verdict is Verdict.HOLDS_SWITCHABLE


def test_nobody_asked_whether_it_hands_over() -> None:
    assert ruled(share(1.0)).verdict is Verdict.INCONCLUSIVE


def test_threads_that_get_nowhere_are_serial() -> None:
    found = ruled(share(0.0), parallel=Parallel(serial=True, reason="a lock of its own"))
    assert found == Ruling(verdict=Verdict.RELEASES_BUT_SERIAL, reason="a lock of its own")


def test_scaling_that_was_not_seen_is_no_release() -> None:
    found = ruled(share(0.0), parallel=Parallel(serial=None, reason="two threads were not seen"))
    assert found.verdict is Verdict.INCONCLUSIVE


def test_scaling_that_was_not_asked_for_is_none() -> None:
    assert ruled(share(0.0), parallel=None).verdict is Verdict.RELEASES
