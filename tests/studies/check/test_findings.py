from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gilbench.evidence import (
    CheckPlan,
    Instrument,
    Observation,
    Sizes,
    Subject,
    Target,
    Verdict,
)
from gilbench.machine.caution import GIL_TURNED_ON
from gilbench.model import Environment, Failure, Sample, Status, Stop, StopReason
from gilbench.results import CHECK_VERSION, StoredCheck
from gilbench.studies.check.findings import check_findings, size_finding
from gilbench.studies.check.targets import workload_of

from .conftest import MakeObservation, MakeSample, MakeShutOut, MakeTiming

MakeStored = Callable[..., StoredCheck]

BATCH_NS = 30_000_000
STOP = Stop(reason=StopReason.PRECISION, rounds=1, hosts=1, elapsed_ns=5)
PLAN = CheckPlan(
    target=Target(statement="f(n)", setup="from m import f"),
    sizes=None,
    budget_ns=3 * 10**9,
    timeout_ns=60 * 10**9,
    seed=1,
)
SIZES = Sizes(first=4, last=8)


@pytest.fixture
def rounds(observation: MakeObservation) -> Callable[..., tuple[Observation, ...]]:
    """Make three rounds, each of the target and both controls."""

    def make(
        share: float, *, hold: float = 1.0, release: float = 0.0, **changed: object
    ) -> tuple[Observation, ...]:
        shares = {Subject.TARGET: share, Subject.HOLD: hold, Subject.RELEASE: release}
        return tuple(
            observation(subject, found, **{"round": round, **changed})
            for round in range(3)
            for subject, found in shares.items()
        )

    return make


@pytest.fixture
def stored(
    environment: Environment,
    timing: MakeTiming,
    shut_out: MakeShutOut,
    rounds: Callable[..., tuple[Observation, ...]],
) -> MakeStored:
    """Make a check of what holds for all of its calls, with what a test cares about changed."""

    def make(**changed: object) -> StoredCheck:
        fields: dict[str, object] = {
            "environment": environment,
            "plan": PLAN,
            "timings": (timing(),),
            "observations": rounds(1.0),
            "shut_outs": (
                shut_out(Subject.TARGET, BATCH_NS),
                shut_out(Subject.TARGET, BATCH_NS, round=1),
                shut_out(Subject.HOLD, BATCH_NS),
                shut_out(Subject.PYTHON, 5_000),
            ),
            "samples": (),
            "failures": (),
            "stop": STOP,
            "notes": (),
        }
        return StoredCheck(**{**fields, **changed})  # type: ignore[arg-type]

    return make


def test_what_is_told_comes_from_the_records(stored: MakeStored, environment: Environment) -> None:
    found = check_findings(stored())
    assert found.schema_version == CHECK_VERSION
    assert found.environment == environment
    assert found.target == PLAN.target
    assert (found.verdict, found.reason) == (Verdict.HOLDS, None)
    assert found.held_share is not None
    assert found.held_share.value == 1.0
    assert found.call_ns == 1e6
    assert found.instrument is Instrument.SAMPLER
    assert found.gil_reenabled is None
    assert (found.sizes, found.threshold, found.notes) == ((), None, ())
    assert found.stop == STOP
    assert found.headline.startswith("It holds the GIL for the whole call")
    assert found.advice


def test_the_same_records_come_to_the_same(stored: MakeStored) -> None:
    assert check_findings(stored()) == check_findings(stored())


@pytest.mark.parametrize(
    ("share", "verdict"),
    [(1.0, Verdict.HOLDS), (0.5, Verdict.PARTIAL), (0.02, Verdict.RELEASES)],
)
def test_the_verdict_follows_the_share(
    share: float,
    verdict: Verdict,
    stored: MakeStored,
    rounds: Callable[..., tuple[Observation, ...]],
) -> None:
    assert check_findings(stored(observations=rounds(share))).verdict is verdict


def test_what_hands_over_is_switchable(stored: MakeStored, shut_out: MakeShutOut) -> None:
    found = check_findings(
        stored(
            shut_outs=(
                shut_out(Subject.TARGET, 5_000),
                shut_out(Subject.HOLD, BATCH_NS),
                shut_out(Subject.PYTHON, 5_000),
            )
        )
    )
    assert found.verdict is Verdict.HOLDS_SWITCHABLE


def test_of_a_batch_one_call_is_a_hold(stored: MakeStored, shut_out: MakeShutOut) -> None:
    found = check_findings(stored())
    assert found.longest_hold_ns == 1_100_000
    short = shut_out(Subject.TARGET, 700_000)
    assert check_findings(stored(shut_outs=(short,))).longest_hold_ns == 700_000
    control = shut_out(Subject.HOLD, BATCH_NS)
    assert check_findings(stored(shut_outs=(control,))).longest_hold_ns is None
    assert check_findings(stored(shut_outs=())).longest_hold_ns is None
    unasked = shut_out(Subject.TARGET, 0, waits=0, granted=0)
    assert check_findings(stored(shut_outs=(unasked,))).longest_hold_ns is None
    assert check_findings(stored(shut_outs=(unasked, short))).longest_hold_ns == 700_000


def test_how_often_a_call_lets_go_is_that_of_the_target(
    stored: MakeStored, rounds: Callable[..., tuple[Observation, ...]]
) -> None:
    assert check_findings(stored(observations=rounds(0.5))).detaches_per_call == 2.0


def test_the_controls_are_told(
    stored: MakeStored, rounds: Callable[..., tuple[Observation, ...]]
) -> None:
    controls = check_findings(stored(observations=rounds(0.5, hold=0.97, release=0.02))).controls
    assert controls.hold is not None
    assert controls.release is not None
    assert controls.hold.value == pytest.approx(0.97)
    assert controls.release.value == pytest.approx(0.02)


@pytest.mark.parametrize(("hold", "release"), [(0.5, 0.0), (1.0, 0.5)])
def test_controls_that_fail_in_every_round_make_it_inconclusive(
    hold: float,
    release: float,
    stored: MakeStored,
    rounds: Callable[..., tuple[Observation, ...]],
) -> None:
    found = check_findings(stored(observations=rounds(0.5, hold=hold, release=release)))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "control" in str(found.reason)
    assert found.held_share is not None
    assert found.notes == ()


def test_a_round_whose_control_failed_does_not_count(
    stored: MakeStored, rounds: Callable[..., tuple[Observation, ...]]
) -> None:
    bad = tuple(
        replace(each, round=each.round + 3) for each in rounds(1.0, release=0.6) if each.round < 2
    )
    found = check_findings(stored(observations=(*rounds(0.5), *bad)))
    assert found.held_share is not None
    assert found.held_share.value == 0.5
    assert found.notes == ("Rounds left out because a control failed in them: 2.",)


def test_what_the_reading_said_is_said_first(stored: MakeStored) -> None:
    found = check_findings(stored(notes=("cut off",), plan=replace(PLAN, in_process=True)))
    assert found.notes[0] == "cut off"
    assert "in the process that asked" in found.notes[1]
    assert len(found.notes) == 2


# Cut off


def test_nothing_seen_is_inconclusive(stored: MakeStored) -> None:
    found = check_findings(stored(timings=(), observations=(), shut_outs=(), stop=None, plan=PLAN))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason == "the check was cut off before anything was seen"
    assert found.scaling.reason == "the check was cut off before"
    assert (found.held_share, found.call_ns, found.longest_hold_ns) == (None, None, None)
    assert (found.controls.hold, found.controls.release) == (None, None)
    assert (found.instrument, found.stop) == (None, None)


@pytest.mark.parametrize("records", range(1, 10))
def test_every_beginning_of_a_check_has_findings(stored: MakeStored, records: int) -> None:
    whole = stored()
    found = check_findings(
        stored(observations=whole.observations[:records], shut_outs=(), stop=None)
    )
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason


# The GIL of a free-threaded build


@pytest.mark.parametrize(
    ("before", "after", "reenabled"),
    [(False, False, False), (False, True, True), (True, True, False)],
)
def test_that_the_target_turned_the_gil_on_is_told(
    before: bool,
    after: bool,
    reenabled: bool,
    stored: MakeStored,
    timing: MakeTiming,
    environment: Environment,
) -> None:
    found = check_findings(
        stored(
            environment=replace(environment, free_threaded=True, gil_enabled=before),
            timings=(timing(gil_before=before, gil_after=after),),
        )
    )
    assert found.gil_reenabled is reenabled
    assert found.headline.startswith("It turned the GIL on") is reenabled
    assert ("attached" in found.headline) is (not after)


@pytest.mark.parametrize(
    ("by_import", "before", "told"),
    [(True, True, True), (False, True, False), (True, False, False)],
)
def test_that_the_gil_was_on_before_is_told_unless_it_was_asked_for(
    by_import: bool,
    before: bool,
    told: bool,
    stored: MakeStored,
    timing: MakeTiming,
    environment: Environment,
) -> None:
    warnings = (GIL_TURNED_ON,) if by_import else ()
    found = check_findings(
        stored(
            environment=replace(environment, free_threaded=True, warnings=warnings),
            timings=(timing(gil_before=before, gil_after=before),),
        )
    )
    assert found.gil_reenabled is False
    assert found.headline.startswith("The GIL was on already") is told
    assert ("PYTHON_GIL=0" in found.advice) is told


def test_turned_on_at_one_size_is_turned_on(
    stored: MakeStored,
    timing: MakeTiming,
    rounds: Callable[..., tuple[Observation, ...]],
    environment: Environment,
) -> None:
    found = check_findings(
        stored(
            environment=replace(environment, free_threaded=True),
            plan=replace(PLAN, sizes=SIZES),
            timings=(
                timing(size=4, gil_before=False, gil_after=False),
                timing(size=8, gil_before=False, gil_after=True),
            ),
            observations=(*rounds(0.0, size=4), *rounds(0.0, size=8)),
        )
    )
    assert found.gil_reenabled is True


# Scaling


def race(sample: MakeSample, workload: str, threads: float) -> tuple[Sample, ...]:
    """Three rounds in which two threads do so much beside one worker, and two processes twice."""
    made = []
    for round in range(3):
        for backend, workers, units in (
            ("serial", 1, 100.0),
            ("threads", 2, 50 * threads),
            ("fork", 2, 100.0),
        ):
            each = sample(backend, workers, units=units, round=round)
            made.append(replace(each, case=replace(each.case, workload=workload)))
    return tuple(made)


def test_scaling_is_that_of_the_target(stored: MakeStored, sample: MakeSample) -> None:
    workload = workload_of(PLAN.target, None)
    found = check_findings(stored(samples=race(sample, workload, 1.9)))
    assert found.scaling.threads is not None
    assert found.scaling.threads.value == pytest.approx(1.9)
    assert found.scaling.processes is not None
    other = check_findings(stored(samples=race(sample, "m:other", 1.9)))
    assert other.scaling.threads is None


@pytest.mark.parametrize(("threads", "told"), [(2.0, False), (2.4, False), (22.0, True)])
def test_two_threads_that_do_more_than_twice_the_work_of_one_are_explained(
    threads: float, told: bool, stored: MakeStored, sample: MakeSample
) -> None:
    samples = race(sample, workload_of(PLAN.target, None), threads)
    notes = check_findings(stored(samples=samples)).notes
    assert ["main thread" in note for note in notes] == [True] * told


def test_a_way_that_failed_is_told_with_its_reason(stored: MakeStored, sample: MakeSample) -> None:
    workload = workload_of(PLAN.target, None)
    case = replace(sample("fork", 2, units=1).case, workload=workload)
    failure = Failure(case=case, round=0, host=0, status=Status.UNAVAILABLE, reason="no fork here")
    samples = tuple(s for s in race(sample, workload, 1.9) if s.case.backend != "fork")
    found = check_findings(stored(samples=samples, failures=(failure,)))
    assert found.scaling.reason == "no fork here"
    assert found.scaling.threads is not None


@pytest.mark.parametrize("backend", ["serial", "threads"])
def test_a_race_that_took_too_long_is_no_race_side_by_side(
    backend: str,
    stored: MakeStored,
    sample: MakeSample,
    rounds: Callable[..., tuple[Observation, ...]],
) -> None:
    case = replace(sample(backend, 1, units=1).case, workload=workload_of(PLAN.target, None))
    reason = "it gave no sign of life for 80 s"
    failure = Failure(case=case, round=0, host=0, status=Status.UNAVAILABLE, reason=reason)
    found = check_findings(stored(observations=rounds(0.0), failures=(failure,)))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason == f"it releases; but how two threads do was not seen: {reason}"
    assert "object of its own" not in found.advice


def test_threads_that_are_no_faster_are_told(
    stored: MakeStored, sample: MakeSample, rounds: Callable[..., tuple[Observation, ...]]
) -> None:
    samples = tuple(
        each
        for each in race(sample, workload_of(PLAN.target, None), 1.1)
        if each.case.backend != "fork"
    )
    found = check_findings(stored(observations=rounds(0.0), samples=samples))
    assert found.verdict is Verdict.RELEASES
    assert "no faster than one here (1.10 times its work)" in found.headline
    assert "no faster than one here (1.10 times its work)" in found.advice


def test_what_releases_but_is_serial_says_why(
    stored: MakeStored,
    sample: MakeSample,
    rounds: Callable[..., tuple[Observation, ...]],
) -> None:
    samples = race(sample, workload_of(PLAN.target, None), 1.0)
    found = check_findings(stored(observations=rounds(0.0), samples=samples))
    assert found.verdict is Verdict.RELEASES_BUT_SERIAL
    assert found.reason
    assert found.reason in found.headline


# Sizes


@pytest.fixture
def by_size(
    stored: MakeStored,
    timing: MakeTiming,
    shut_out: MakeShutOut,
    rounds: Callable[..., tuple[Observation, ...]],
) -> StoredCheck:
    """A check of what holds up to 6, and releases from 7 on."""
    sizes = (8, 4, 6, 7)
    return stored(
        plan=replace(PLAN, sizes=SIZES),
        timings=tuple(timing(size=n, call_ns=1e6 * n) for n in sizes),
        observations=tuple(each for n in sizes for each in rounds(1.0 if n < 7 else 0.0, size=n)),
        shut_outs=tuple(shut_out(Subject.TARGET, BATCH_NS, size=n) for n in (4, 6)),
    )


def test_there_is_a_row_for_every_size_in_order(by_size: StoredCheck) -> None:
    found = check_findings(by_size)
    assert [(row.size, row.verdict, row.call_ns) for row in found.sizes] == [
        (4, Verdict.HOLDS, 4e6),
        (6, Verdict.HOLDS, 6e6),
        (7, Verdict.RELEASES, 7e6),
        (8, Verdict.RELEASES, 8e6),
    ]


def test_the_verdict_is_that_of_the_last_size(by_size: StoredCheck) -> None:
    found = check_findings(by_size)
    assert (found.verdict, found.call_ns) == (Verdict.RELEASES, 8e6)
    assert check_findings(replace(by_size, timings=by_size.timings[1:])).verdict is (
        Verdict.INCONCLUSIVE
    )


def test_the_threshold_is_where_it_changes(by_size: StoredCheck) -> None:
    threshold = check_findings(by_size).threshold
    assert threshold is not None
    assert (threshold.before, threshold.size, threshold.sharp) == (6, 7, True)
    assert threshold.verdict_before is Verdict.HOLDS
    assert threshold.verdict_after is Verdict.RELEASES


def test_all_looks_at_a_size_count_together(
    by_size: StoredCheck, rounds: Callable[..., tuple[Observation, ...]], timing: MakeTiming
) -> None:
    again = replace(
        by_size,
        timings=(*by_size.timings, timing(size=7, call_ns=5e6)),
        observations=(*by_size.observations, *rounds(0.5, size=7)),
    )
    found = size_finding(again, 7)
    assert found.held_share is not None
    assert found.held_share.value == pytest.approx(0.25)
    assert found.call_ns == 5e6
    assert len(check_findings(again).sizes) == 4


def test_a_size_that_nobody_looked_at_has_no_finding(by_size: StoredCheck) -> None:
    with pytest.raises(ValueError, match="nobody looked at a size of 5"):
        size_finding(by_size, 5)
