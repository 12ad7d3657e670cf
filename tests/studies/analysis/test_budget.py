from dataclasses import astuple, replace
from itertools import product
from random import Random

import pytest

from gilbench.model import Losses, Mode, Rejection
from gilbench.studies.analysis.budget import budget, mean_losses
from gilbench.studies.analysis.costs import Costs

FREE = Costs(serial_cpu_ns=10.0, serial_blocked_ns=0.0, stretch=1.0, ceiling_running=2.0)


def test_a_gil_bound_pair_waits_half_of_its_time(lab):
    losses = budget(lab.Machine().sample(lab.case()), FREE, gil_enabled=True)
    assert astuple(losses) == pytest.approx((0.5, 0, 0, 0.5, 0, 0, 0, 0))


def test_free_pairs_split_cpu_into_useful_hardware_and_overhead(lab):
    machine = lab.Machine(overhead=0.1, stretch=1.25)
    costs = replace(FREE, stretch=1.25)
    losses = budget(machine.sample(lab.case(mode=Mode.RELEASE)), costs, gil_enabled=True)
    # 90 % of the CPU time works, and a unit takes 1.25 of what it takes alone.
    assert losses.useful == pytest.approx(0.72)
    assert losses.hardware == pytest.approx(0.18)
    assert losses.overhead == pytest.approx(0.10)


def test_a_burned_core_is_run_queue_and_never_gil_wait(lab):
    sample = lab.Machine(burned=1).sample(lab.case(mode=Mode.RELEASE))
    losses = budget(sample, FREE, gil_enabled=True)
    assert losses.run_queue == pytest.approx(1 / 3)
    assert losses.gil_wait == 0
    assert losses.unexplained == pytest.approx(0, abs=1e-9)


def test_lateness_is_run_queue(lab):
    sample = lab.Machine(skew_ns=10_000_000).sample(lab.case(mode=Mode.RELEASE))
    losses = budget(sample, FREE, gil_enabled=True)
    assert losses.run_queue == pytest.approx(0.1)
    assert losses.unexplained == pytest.approx(0, abs=1e-9)


def test_fixed_work_that_ends_early_is_imbalance(lab):
    sample = lab.Machine().sample(lab.case("processes"))
    first, second = sample.readings
    half = replace(
        second, wall_ns=second.wall_ns // 2, cpu_ns=second.cpu_ns // 2, units=second.units / 2
    )
    losses = budget(replace(sample, window=False, readings=(first, half)), FREE, gil_enabled=True)
    assert losses.imbalance == pytest.approx(0.25)
    assert losses.useful == pytest.approx(0.75)
    assert losses.unexplained == pytest.approx(0, abs=1e-9)


def test_without_stamps_the_gil_wait_is_what_is_blocked(lab):
    sample = lab.Machine(stamped=False).sample(lab.case())
    losses = budget(sample, replace(FREE, serial_blocked_ns=None), gil_enabled=True)
    assert losses.gil_wait == pytest.approx(0.5)
    assert losses.other_blocked is None
    assert losses.unexplained is None


def test_what_a_function_sleeps_alone_too_is_not_laid_on_the_gil(lab):
    # Each worker sleeps 80 % of its time, and neither finds the GIL held.
    sample = lab.Machine(stamped=False, gil=False, blocks=0.8).sample(lab.case())
    losses = budget(sample, replace(FREE, serial_blocked_ns=40.0), gil_enabled=True)
    assert losses.other_blocked == pytest.approx(0.8)
    assert losses.gil_wait == pytest.approx(0, abs=1e-9)


def test_what_processes_wait_for_one_another_is_not_laid_on_the_gil_either(lab):
    # Alone a worker would not wait; as many processes wait as long for the disk as threads do.
    sample = lab.Machine(stamped=False, gil=False, blocks=0.8).sample(lab.case())
    costs = replace(FREE, serial_blocked_ns=0.0, ceiling_blocked_ns=40.0)
    losses = budget(sample, costs, gil_enabled=True)
    assert losses.other_blocked == pytest.approx(0.8)
    assert losses.gil_wait == pytest.approx(0, abs=1e-9)


def test_without_stamps_nobody_waits_for_a_gil_that_is_not_shared(lab):
    sample = lab.Machine(stamped=False, blocks=0.8).sample(lab.case("processes"))
    losses = budget(sample, FREE, gil_enabled=True)
    assert losses.gil_wait == 0
    assert losses.other_blocked == pytest.approx(0.8)
    assert losses.unexplained is None


def unknown(losses):
    return {name for name in Losses.__dataclass_fields__ if getattr(losses, name) is None}


@pytest.mark.parametrize(
    ("machine", "costs", "expected"),
    [
        ({"tells_cpu": False}, {}, {"hardware", "overhead", "unexplained"}),
        ({"tells_run_queue": False}, {}, {"run_queue", "unexplained"}),
        ({}, {"serial_cpu_ns": None}, {"useful", "hardware", "overhead"}),
        ({}, {"stretch": None}, {"hardware"}),
        ({}, {"ceiling_running": None}, {"hardware"}),
        (
            {"tells_run_queue": False, "stamped": False},
            {"serial_blocked_ns": None},
            {"run_queue", "gil_wait", "other_blocked", "unexplained"},
        ),
    ],
)
def test_what_rests_on_a_missing_reading_is_null(lab, machine, costs, expected):
    sample = lab.Machine(**machine).sample(lab.case())
    losses = budget(sample, replace(FREE, **costs), gil_enabled=True)
    assert unknown(losses) == expected


def test_without_a_ceiling_the_hardware_is_part_of_the_overhead(lab):
    sample = lab.Machine(overhead=0.1).sample(lab.case(mode=Mode.RELEASE))
    losses = budget(sample, replace(FREE, stretch=None), gil_enabled=True)
    assert losses.overhead == pytest.approx(0.1)


def test_shares_sum_to_one_where_none_is_null(lab):
    random = Random(5)
    for window, stamped, shared in product((True, False), (True, False), (True, False)):
        for round in range(20):
            sample = lab.Machine(stamped=stamped, noise=0.1, burned=random.random()).sample(
                lab.case(workers=random.randint(1, 5)), round
            )
            readings = tuple(
                replace(
                    one,
                    wall_ns=one.wall_ns - random.randrange(10**7),
                    start_skew_ns=random.randrange(10**6),
                    cpu_ns=one.cpu_ns + random.randrange(-(10**6), 10**6),
                )
                for one in sample.readings
            )
            costs = Costs(
                serial_cpu_ns=random.uniform(8, 12),
                serial_blocked_ns=random.random(),
                stretch=random.uniform(0.9, 1.5),
                ceiling_running=random.uniform(1, 5),
            )
            losses = budget(
                replace(sample, window=window, readings=readings), costs, gil_enabled=shared
            )
            assert (losses.unexplained is None) is not stamped
            assert (losses.imbalance == 0) is window
            shares = [share for share in astuple(losses) if share is not None]
            assert sum(shares) == pytest.approx(1)


def test_means_keep_the_sum_and_null_stays_null():
    one = Losses(
        useful=0.5,
        hardware=0.1,
        overhead=0.0,
        gil_wait=0.3,
        run_queue=0.1,
        other_blocked=0.0,
        imbalance=0.0,
        unexplained=0.0,
    )
    other = replace(one, useful=0.7, gil_wait=0.1)
    assert mean_losses([one, other]) == replace(one, useful=pytest.approx(0.6), gil_wait=0.2)
    assert mean_losses([one, replace(one, run_queue=None)]).run_queue is None
    assert mean_losses([]) is None


def burden(lab, samples):
    return lab.find(lab.analyse(lab.plan(), samples)).losses


def rejected(sample):
    return replace(sample, rejection=Rejection.STEAL)


def costlier(sample):
    """The sample with half of its units: each then cost twice as much."""
    return replace(
        sample, readings=tuple(replace(one, units=one.units / 2) for one in sample.readings)
    )


def test_a_round_without_its_base_takes_the_mean_of_the_others(lab):
    samples = lab.Machine().samples(lab.plan())
    spoilt = [
        rejected(costlier(sample))
        if sample.case.backend == "serial" and sample.round == 2
        else sample
        for sample in samples
    ]
    assert burden(lab, spoilt).useful == pytest.approx(0.5)
    lost = [
        sample for sample in samples if not (sample.case.backend == "serial" and sample.round == 2)
    ]
    assert burden(lab, lost).useful == pytest.approx(0.5)


def test_rejected_bases_serve_where_none_was_accepted(lab):
    samples = [
        rejected(costlier(sample)) if sample.case.backend == "serial" else sample
        for sample in lab.Machine().samples(lab.plan())
    ]
    assert burden(lab, samples).useful == pytest.approx(1.0)


def test_costs_are_those_of_the_same_round(lab):
    # Odd rounds run at half speed throughout: CPU per unit doubles for case and base alike.
    samples = [
        costlier(sample) if sample.round % 2 else sample
        for sample in lab.Machine().samples(lab.plan())
    ]
    losses = burden(lab, samples)
    assert losses.useful == pytest.approx(0.5)
    assert losses.overhead == pytest.approx(0)


def crowded(lab, *, queued, cpu=0.5, stamped=True, workload="spin"):
    """Two threads that hold the GIL, with these shares of their time in queue and on CPU."""
    sample = lab.Machine(stamped=stamped).sample(lab.case(workload=workload))
    readings = tuple(
        replace(
            one,
            cpu_ns=int(cpu * one.wall_ns),
            run_queue_ns=int(queued * one.wall_ns),
            units=cpu * one.wall_ns / 10,
            gil_wait_ns=int((1 - cpu - queued) * one.wall_ns) if stamped else None,
        )
        for one in sample.readings
    )
    return replace(sample, readings=readings)


@pytest.mark.parametrize("stamped", [True, False])
def test_the_gil_wait_of_those_who_take_turns_is_the_same_on_a_crowded_machine(lab, stamped):
    # They share one core with each other: one runs all the time, the other now and then queues.
    losses = budget(crowded(lab, queued=0.13, stamped=stamped), FREE, gil_enabled=True)
    assert losses.gil_wait == pytest.approx(0.5)
    assert losses.run_queue == pytest.approx(0)
    # Now for half of the time nobody runs: that the holder queues is the machine's doing.
    losses = budget(crowded(lab, queued=0.4, cpu=0.25, stamped=stamped), FREE, gil_enabled=True)
    assert losses.gil_wait == pytest.approx(0.5)
    assert losses.run_queue == pytest.approx(0.25)


def test_functions_may_detach_so_their_run_queue_stays_what_it_is(lab):
    sample = crowded(lab, queued=0.13, stamped=False, workload="mymodule:work")
    losses = budget(sample, FREE, gil_enabled=True)
    assert losses.run_queue == pytest.approx(0.13)
    assert losses.gil_wait == pytest.approx(0.37)


def test_workers_that_read_no_time_at_all_have_shares_all_the_same(lab):
    samples = [
        replace(sample, readings=tuple(replace(one, wall_ns=0) for one in sample.readings))
        for sample in lab.Machine().samples(lab.plan())
    ]
    assert lab.find(lab.analyse(lab.plan(), samples)).losses.imbalance == 1
