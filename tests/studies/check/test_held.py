from __future__ import annotations

from collections.abc import Callable

import pytest

from gilbench.evidence import Block, Instrument, Observation
from gilbench.studies.check.held import detaches_per_call, held_share

Make = Callable[..., Observation]


def test_the_share_is_that_of_all_samples(observation: Make) -> None:
    half, most = observation(share=0.5), observation(share=0.9)
    found = held_share([half, most], 1e6, 1)
    assert found is not None
    assert found.value == pytest.approx(0.7)
    assert found.low < 0.7 < found.high


def test_samples_that_agree_leave_a_narrow_interval(observation: Make) -> None:
    found = held_share([observation(share=1.0)], 1e6, 1)
    assert found is not None
    assert found.high == 1.0
    assert found.low > 0.995


def test_calls_that_differ_widen_it(observation: Make) -> None:
    mixed = tuple(
        Block(calls=1, samples=100, held=100 * (number % 2), detaches=0) for number in range(20)
    )
    alike = held_share([observation(share=0.5)], 1e6, 1)
    differ = held_share([observation(blocks=mixed)], 1e6, 1)
    assert alike is not None
    assert differ is not None
    assert differ.high - differ.low > 2 * (alike.high - alike.low)


def test_short_calls_are_known_less_well(observation: Make) -> None:
    short = held_share([observation(share=0.5)], 1e3, 1)
    long = held_share([observation(share=0.5)], 1e6, 1)
    assert short is not None
    assert long is not None
    assert short.high - short.low > long.high - long.low + 0.05


def test_nobody_looked(observation: Make) -> None:
    assert held_share([], 1e6, 1) is None
    assert held_share([observation(blocks=())], 1e6, 1) is None


def test_the_probe_is_coarse(observation: Make) -> None:
    probed = observation(instrument=Instrument.PROBE, blocks=(), asked=400, kept_waiting=300)
    found = held_share([probed], 1e6, 1)
    assert found is not None
    assert found.value == 0.75
    assert 0.05 < found.value - found.low < 0.15
    assert found.high - found.value > 0.15


def test_who_always_kept_the_probe_waiting_holds(observation: Make) -> None:
    probed = observation(instrument=Instrument.PROBE, blocks=(), asked=2000, kept_waiting=1990)
    found = held_share([probed], 1e6, 1)
    assert found is not None
    assert found.low >= 0.85


def test_who_never_kept_the_probe_waiting_may_hold_for_moments(observation: Make) -> None:
    probed = observation(instrument=Instrument.PROBE, blocks=(), asked=2000, kept_waiting=0)
    found = held_share([probed], 1e6, 1)
    assert found is not None
    assert (found.low, found.high > 0.1) == (0, True)


def test_the_same_seed_gives_the_same_interval(observation: Make) -> None:
    seen = [observation(share=0.4), observation(share=0.6)]
    assert held_share(seen, 1e6, 5) == held_share(seen, 1e6, 5)


def test_detaches_are_per_call(observation: Make) -> None:
    assert detaches_per_call([observation()]) == 2.0


def test_too_few_looks_tell_no_detaches(observation: Make) -> None:
    short = (Block(calls=1000, samples=64, held=32, detaches=32),)
    assert detaches_per_call([observation(blocks=short)]) is None
