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
    batches = (shut_out(Subject.TARGET, 100_000), shut_out(Subject.HOLD, 29 * MS))
    for call_ns in (1e3, 1e5, 1e6, 1e8):
        assert ruled(share(1.0), shut_outs=batches, call_ns=call_ns).verdict is (
            Verdict.HOLDS_SWITCHABLE
        )


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


@pytest.mark.parametrize("typical_ns", [29 * MS, MS])
@pytest.mark.parametrize(
    ("queued_ns", "verdict"), [(20 * MS, Verdict.HOLDS), (25 * MS, Verdict.INCONCLUSIVE)]
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
