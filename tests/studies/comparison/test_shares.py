from __future__ import annotations

from dataclasses import replace

import pytest

from comparisons import race_trials
from gilbench.comparison import Cell, Unit, Way
from gilbench.studies.comparison.shares import share_cells

RATES = {None: 1.0, Way.THREAD: 1.0, Way.FORK: 2.0}


def test_a_share_is_the_mean_of_the_workers_with_its_interval() -> None:
    cells = share_cells(list(race_trials("python", RATES)), "python", "cpu_share", 7)
    thread, fork = cells[Way.THREAD].figure, cells[Way.FORK].figure
    assert thread
    assert fork
    assert (thread.value, thread.unit) == (0.5, Unit.SHARE)
    assert (thread.low, thread.high) == (0.5, 0.5)
    assert fork.value == 1.0
    assert cells[Way.FORK].ratio == 2.0
    assert cells[Way.SPAWN] == Cell()


def test_few_rounds_give_no_interval() -> None:
    cells = share_cells(list(race_trials("python", RATES, rounds=3)), "python", "cpu_share", 7)
    assert cells[Way.THREAD].figure
    assert cells[Way.THREAD].figure.low is None


def test_what_is_not_told_or_does_not_count_is_left_out() -> None:
    trials = list(race_trials("python", RATES))
    untold = [replace(each, figures={"units_per_s": (1.0,), "cpu_share": ()}) for each in trials]
    assert share_cells(untold, "python", "cpu_share", 7)[Way.THREAD] == Cell()
    busy = [replace(each, words={"rejection": "steal"}) for each in trials]
    assert share_cells(busy, "python", "cpu_share", 7)[Way.THREAD] == Cell()
    assert share_cells(trials, "numpy", "cpu_share", 7)[Way.THREAD] == Cell()


def test_nothing_is_no_measure_of_anything() -> None:
    trials = list(race_trials("python", {None: 1.0, Way.THREAD: 2.0, Way.FORK: 1.0}))
    cells = share_cells(trials, "python", "gil_wait_share", 7)
    assert cells[Way.THREAD].figure
    assert cells[Way.THREAD].figure.value == 0
    assert cells[Way.FORK].figure
    assert cells[Way.FORK].figure.value == pytest.approx(0.5)
    assert cells[Way.FORK].ratio is None
