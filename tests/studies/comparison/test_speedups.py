from __future__ import annotations

from dataclasses import replace

import pytest

from comparisons import NEEDS_312, make_trial, race_trials
from gilbench.comparison import Cell, Trial, Way
from gilbench.model import Status
from gilbench.studies.comparison.speedups import Gain, Speedups, beside, speedups, undecided

GIL = {None: 1.0, Way.THREAD: 1.0, Way.FORK: 1.9, Way.SPAWN: 1.8}


def race(rates: dict[Way | None, float], rounds: int = 8) -> Speedups:
    return speedups(list(race_trials("python", rates, rounds=rounds)), "python", 7)


def rejected(trials: list[Trial], *ways: Way | None) -> list[Trial]:
    return [
        replace(each, words={"rejection": "run queue"}) if each.way in ways else each
        for each in trials
    ]


def test_a_speedup_is_over_one_worker_in_the_same_round() -> None:
    found = race(GIL)
    assert found.of[Way.FORK].value == pytest.approx(1.9)
    assert found.of[Way.FORK].low == pytest.approx(1.9)
    assert set(found.of) == {Way.THREAD, Way.FORK, Way.SPAWN}
    assert found.lacking == {}


def test_other_kernels_do_not_count() -> None:
    trials = [*race_trials("python", GIL), *race_trials("spin-release", {None: 1.0, Way.FORK: 9})]
    assert speedups(trials, "python", 7).of[Way.FORK].value == pytest.approx(1.9)


def test_six_rounds_give_an_interval_and_three_give_bounds() -> None:
    trials = list(race_trials("python", {None: 1.0, Way.FORK: 2.0}))
    wide = [
        replace(each, figures={"units_per_s": (1e6 * each.round,)}) if each.way else each
        for each in trials
    ]
    firm = speedups(wide, "python", 7).of[Way.FORK]
    assert firm.firm
    assert firm.low < firm.value < firm.high
    assert firm.figure.low == firm.low
    loose = speedups([each for each in wide if each.round < 3], "python", 7).of[Way.FORK]
    assert not loose.firm
    assert (loose.low, loose.high) == pytest.approx((0.0, 2 / 1.01), abs=0.02)
    assert loose.figure.low is loose.figure.high is None


def test_two_rounds_are_too_few() -> None:
    found = race(GIL, rounds=2)
    assert found.of == {}
    assert found.lacking[Way.THREAD] == "2 rounds are too few"


def test_a_round_without_its_base_does_not_count() -> None:
    trials = list(race_trials("python", GIL))
    some = [each for each in trials if each.way is not None or each.round < 4]
    assert not speedups(some, "python", 7).of[Way.FORK].firm
    none = [each for each in trials if each.way is not None]
    assert speedups(none, "python", 7).of == {}


def test_rejected_samples_do_not_count_and_are_told() -> None:
    trials = rejected(list(race_trials("python", GIL)), Way.FORK)
    found = speedups(trials, "python", 7)
    assert Way.FORK not in found.of
    assert found.lacking[Way.FORK] == (
        "other programs used the cores (8 of 32 samples do not count)"
    )
    assert Way.SPAWN in found.of


def test_a_base_that_failed_is_named() -> None:
    failed = make_trial(way=None, figures={}, status=Status.FAILED, reason="it crashed")
    trials = [failed, *(each for each in race_trials("python", GIL) if each.way is not None)]
    assert speedups(trials, "python", 7).lacking[Way.FORK] == "one worker alone: it crashed"


def test_a_way_that_is_not_to_be_had_has_its_reason() -> None:
    missing = make_trial(
        way=Way.INTERPRETER, figures={}, status=Status.UNAVAILABLE, reason=NEEDS_312
    )
    found = speedups([missing, *race_trials("python", GIL)], "python", 7)
    assert found.lacking == {Way.INTERPRETER: NEEDS_312}
    assert found.cells()[Way.INTERPRETER] == Cell(unavailable=NEEDS_312)


def test_every_way_has_a_cell_and_others_their_ratio_to_threads() -> None:
    cells = race(GIL).cells()
    assert list(cells) == list(Way)
    assert cells[Way.FORKSERVER] == Cell()
    assert cells[Way.THREAD].ratio is None
    assert cells[Way.FORK].ratio == pytest.approx(1.9)
    assert race({None: 1.0, Way.FORK: 1.9}).cells()[Way.FORK].ratio is None


@pytest.mark.parametrize(
    ("threads", "processes", "gain"),
    [
        (1.0, 1.95, Gain.NOTHING),
        (0.7, 1.95, Gain.NOTHING),
        (1.15, 1.95, Gain.NOTHING),
        (1.35, 1.95, Gain.PART),
        (1.95, 1.95, Gain.MOST),
        (1.6, 1.9, Gain.MOST),
        (2.5, 1.9, Gain.MOST),
        # Processes gain nothing either: who could tell?
        (1.0, 1.1, Gain.UNKNOWN),
        (1.0, 1.0, Gain.UNKNOWN),
        # Right at a bound.
        (1.235, 1.95, Gain.UNKNOWN),
        (1.47, 1.95, Gain.UNKNOWN),
    ],
)
def test_a_gain_is_measured_by_that_of_the_best_other_way(
    threads: float, processes: float, gain: Gain
) -> None:
    trials = list(race_trials("python", {None: 1.0, Way.THREAD: threads, Way.FORK: processes}))
    # Threads vary by a percent beside one worker, so that an interval has a width.
    varied = [
        replace(each, figures={"units_per_s": (1e6 * threads * (1 + 0.01 * (each.round % 2)),)})
        if each.way is Way.THREAD
        else replace(each, figures={"units_per_s": (1e6 if each.way is None else 1e6 * processes,)})
        for each in trials
    ]
    assert speedups(varied, "python", 7).gain(Way.THREAD) is gain


def test_without_either_nothing_is_known() -> None:
    assert race({None: 1.0, Way.FORK: 1.9}).gain(Way.THREAD) is Gain.UNKNOWN
    assert race({None: 1.0, Way.THREAD: 1.0}).gain(Way.THREAD) is Gain.UNKNOWN
    assert speedups([], "python", 7).gain(Way.THREAD) is Gain.UNKNOWN


def test_why_it_is_unknown_is_told() -> None:
    assert speedups([], "python", 7).why_unknown(Way.THREAD) == "no other way was measured"
    assert race({None: 1.0, Way.FORK: 1.9}).why_unknown(Way.THREAD) == "it was not measured"
    assert race({None: 1.0, Way.THREAD: 1.0, Way.FORK: 1.1}).why_unknown(Way.THREAD) == (
        "no way was clearly faster than one worker (the best did 1.10 of its work): there are too"
        " few free cores to tell"
    )
    busy = rejected(list(race_trials("python", GIL)), Way.FORK, Way.SPAWN)
    assert "other programs" in speedups(busy, "python", 7).why_unknown(Way.THREAD)
    busy = rejected(list(race_trials("python", GIL)), Way.THREAD)
    assert "other programs" in speedups(busy, "python", 7).why_unknown(Way.THREAD)
    trials = [
        replace(each, figures={"units_per_s": (1e6 * (1 + 0.2 * (each.round % 3)),)})
        if each.way is Way.THREAD
        else each
        for each in race_trials("python", GIL)
    ]
    assert speedups(trials, "python", 7).why_unknown(Way.THREAD).endswith(" may be either")


def test_what_processes_lack_says_more_than_what_interpreters_do() -> None:
    missing = make_trial(
        way=Way.INTERPRETER, figures={}, status=Status.UNAVAILABLE, reason=NEEDS_312
    )
    assert speedups([missing], "python", 7).why_unknown(Way.THREAD) == NEEDS_312
    busy = rejected(list(race_trials("python", GIL)), Way.FORK, Way.SPAWN)
    assert "other programs" in speedups([missing, *busy], "python", 7).why_unknown(Way.THREAD)


@pytest.mark.parametrize(
    ("threads", "processes", "more"),
    [
        ((1.0, 1.0), (1.9, 1.95), False),
        ((1.9, 1.95), (1.9, 1.95), False),
        # It straddles a bound, or the best way that of being faster at all.
        ((1.0, 1.9), (1.9, 1.95), True),
        ((1.0, 1.0), (1.1, 1.9), True),
        # There are no free cores, nor will there be.
        ((1.0, 1.0), (1.0, 1.05), False),
    ],
)
def test_more_rounds_are_wanted_where_they_may_tell_more(
    threads: tuple[float, float], processes: tuple[float, float], more: bool
) -> None:
    varied = {Way.THREAD: threads, Way.FORK: processes}
    trials = [
        replace(each, figures={"units_per_s": (1e6 * rates[each.round % 2],)})
        for each in race_trials("python", GIL)
        if (rates := varied.get(each.way, (1.0, 1.0))) and each.way is not Way.SPAWN
    ]
    assert undecided("python", 7, trials) is more


def test_what_was_not_measured_is_not_waited_for() -> None:
    assert not undecided("python", 7, [])
    assert not undecided("python", 7, list(race_trials("python", {None: 1.0, Way.FORK: 1.9})))
    assert not undecided("python", 7, list(race_trials("python", {None: 1.0, Way.THREAD: 1.0})))


def test_one_way_is_beside_another_in_the_same_round() -> None:
    rates = {None: 1.0, Way.INTERPRETER: 1.8, Way.FORK: 2.0}
    slowed = [
        replace(each, figures={"units_per_s": (each.figures["units_per_s"][0],)})
        if each.round == 4 and each.way is not None
        else each
        for each in race_trials("python", rates, rounds=6)
    ]
    part = beside(slowed, "python", Way.INTERPRETER, Way.FORK, 7)
    assert part is not None
    assert (part.low, part.value, part.high) == pytest.approx((0.9, 0.9, 0.9))
    assert beside(slowed, "python", Way.INTERPRETER, Way.SPAWN, 7) is None
    few = rejected(slowed[:9], Way.FORK)
    assert beside(few, "python", Way.INTERPRETER, Way.FORK, 7) is None


def test_the_same_seed_gives_the_same_interval() -> None:
    trials = list(race_trials("python", GIL))
    assert speedups(trials, "python", 7) == speedups(trials, "python", 7)


def test_a_base_that_did_nothing_is_no_base() -> None:
    assert race({None: 0.0, Way.FORK: 1.0}).of == {}
