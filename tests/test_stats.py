import statistics
import tracemalloc
from random import Random

import numpy as np
import pytest

from gilbench import stats
from gilbench.stats import _draw, bootstrap_interval, bootstrap_ratio_interval, median


def test_median_is_that_of_the_standard_library():
    random = Random(1)
    for length in range(1, 20):
        values = [random.random() for _ in range(length)]
        assert median(values) == statistics.median(values)


def test_no_values_have_neither_median_nor_interval():
    with pytest.raises(ValueError, match="no median"):
        median([])
    with pytest.raises(ValueError, match="no interval"):
        bootstrap_interval([], [], 1)


def slow_bootstrap(values, hosts, seed, resamples=4000):
    """The two levels, as the docstring tells them, one resample after the other."""
    random = Random(seed)
    by_host = {}
    for value, host in zip(values, hosts, strict=True):
        by_host.setdefault(host, []).append(value)
    groups = list(by_host.values())
    medians = []
    for _ in range(resamples):
        drawn = []
        for _ in groups:
            group = random.choice(groups)
            drawn += random.choices(group, k=len(group))
        medians.append(statistics.median(drawn))
    medians.sort()
    return medians[resamples // 40], medians[-resamples // 40 - 1]


@pytest.mark.parametrize(
    "hosts", [[0] * 12, [0, 1, 2] * 4, [5, 5, 5, 5, 5, 5, 5, 9, 9, 2, 2, 2], list(range(12))]
)
def test_interval_is_that_of_resampling_hosts_then_rounds(hosts):
    random = Random(2)
    shift = {host: random.gauss(0, 1) for host in sorted(set(hosts))}
    values = [10 + shift[host] + random.gauss(0, 1) for host in hosts]
    spread = max(values) - min(values)
    fast = bootstrap_interval(values, hosts, 3)
    assert fast == pytest.approx(slow_bootstrap(values, hosts, 4), abs=0.1 * spread)


def test_draws_in_parts_are_those_of_one_draw(monkeypatch):
    hosts = (5, 5, 5, 5, 9, 9, 2, 2, 2)
    [whole] = _draw(hosts, 1)
    assert (whole.sum(axis=1) > 0).all()
    monkeypatch.setattr(stats, "_DRAWS_AT_ONCE", 100)
    parts = list(_draw(hosts, 1))
    assert len(parts) > 10
    assert (np.concatenate(parts) == whole).all()


def test_an_interval_is_the_same_whether_its_table_is_kept_or_not(monkeypatch):
    random = Random(6)
    values, hosts = [random.random() for _ in range(50)], [0, 1] * 25
    kept = bootstrap_interval(values, hosts, 1)
    monkeypatch.setattr(stats, "_KEPT", stats._Tables(bytes=0))
    monkeypatch.setattr(stats, "_DRAWS_AT_ONCE", 1000)
    assert bootstrap_interval(values, hosts, 1) == kept


def test_cases_of_a_run_draw_once_between_them(monkeypatch):
    drawn = []
    monkeypatch.setattr(stats, "_KEPT", stats._Tables(bytes=2**20))
    monkeypatch.setattr(stats, "_draw", lambda *asked: drawn.append(asked) or _draw(*asked))
    for case in range(30):
        bootstrap_interval([float(case + one) for one in range(20)], [0, 1] * 10, 1)
    assert len(drawn) == 1


def test_a_long_run_asks_for_a_longer_table_each_round_and_memory_stays_as_it_is(monkeypatch):
    tables = stats._Tables(bytes=2**20)
    monkeypatch.setattr(stats, "_KEPT", tables)
    bootstrap_interval([1.0, 2.0], [0, 1], 1)
    tracemalloc.start()
    try:
        for rounds in range(60, 200):
            bootstrap_interval([1.0] * rounds, [one % 3 for one in range(rounds)], 1)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0 < tables.bytes <= 2**20
    assert after < 2 * 2**20
    # What one table takes while it is drawn.
    assert peak < 32 * 2**20


def test_differences_between_hosts_widen_the_interval():
    random = Random(4)
    hosts = [0, 1, 2] * 20
    values = [host + random.gauss(0, 1) for host in hosts]
    one_host = bootstrap_interval(values, [0] * 60, 1)
    three_hosts = bootstrap_interval(values, hosts, 1)
    assert three_hosts[1] - three_hosts[0] > 1.3 * (one_host[1] - one_host[0])


def test_values_go_with_their_hosts_in_any_order():
    values, hosts = [1.0, 5.0, 1.1, 5.1, 1.2, 5.2, 5.3], [0, 1, 0, 1, 0, 1, 1]
    low, high = bootstrap_interval(values, hosts, 1)
    assert low < 1.3
    assert high > 4.9


def test_same_seed_same_interval():
    values = [Random(i).random() for i in range(60)]
    hosts = [0, 1, 2] * 20
    assert bootstrap_interval(values, hosts, 5) == bootstrap_interval(values, hosts, 5)
    assert bootstrap_interval(values, hosts, 5) != bootstrap_interval(values, hosts, 6)


def test_one_value_is_its_own_interval():
    assert bootstrap_interval([3.5], [0], 1) == (3.5, 3.5)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    random = Random(8)
    covered = 0
    for _ in range(200):
        values = [random.gauss(0, 1) for _ in range(12)]
        low, high = bootstrap_interval(values, [0, 1, 2] * 4, 1)
        covered += low <= 0 <= high
    assert covered >= 184


def test_a_host_gives_as_many_values_as_it_has():
    [drawn] = _draw((1, 0, 0, 1, 0, 0, 0), 1)
    small, large = drawn[:, [0, 3]].sum(axis=1), drawn[:, [1, 2, 4, 5, 6]].sum(axis=1)
    assert {int(size) for size in small} == {0, 2, 4}
    assert all(small // 2 + large // 5 == 2)


def test_the_ratio_of_two_runs_is_covered_about_as_often_as_it_says():
    random = Random(9)
    covered = 0
    for _ in range(200):
        values = [random.gauss(8, 0.4) for _ in range(12)]
        divisors = [random.gauss(10, 0.2) for _ in range(15)]
        low, high = bootstrap_ratio_interval(values, [0, 1, 2] * 4, divisors, [0, 1, 2] * 5, 1)
        covered += low <= 0.8 <= high
    assert covered >= 184


def test_the_runs_are_drawn_independently():
    # Drawn alike, the same values would cancel in every resample.
    values = [Random(i).random() + 1 for i in range(30)]
    hosts = [0, 1, 2] * 10
    low, high = bootstrap_ratio_interval(values, hosts, values, hosts, 1)
    assert low < 0.97
    assert high > 1.03


def test_the_interval_of_a_ratio_with_itself_holds_both_widths():
    random = Random(3)
    steady, unsteady = [10.0] * 30, [random.gauss(10, 1) for _ in range(30)]
    hosts = [0, 1, 2] * 10
    one = bootstrap_ratio_interval(unsteady, hosts, steady, hosts, 1)
    assert one == pytest.approx([end / 10 for end in bootstrap_interval(unsteady, hosts, 1)])
    low, high = bootstrap_ratio_interval(steady, hosts, unsteady, hosts, 1)
    assert low < 1 < high


def test_nothing_is_divided_by_nothing():
    with pytest.raises(ValueError, match="not above 0"):
        bootstrap_ratio_interval([1.0], [0], [0.0], [0], 1)
    for values, divisors in (([], [1.0]), ([1.0], [])):
        with pytest.raises(ValueError, match="no interval"):
            bootstrap_ratio_interval(values, [0] * len(values), divisors, [0] * len(divisors), 1)
