import pytest

from gilbench.studies.analysis.laws import amdahl, gunther, karp_flatt


def by_amdahl(serial, *counts):
    return {n: 1 / (serial + (1 - serial) / n) for n in counts}


def by_gunther(contention, coherency, *counts):
    return {n: n / (1 + contention * (n - 1) + coherency * n * (n - 1)) for n in counts}


@pytest.mark.parametrize("serial", [-0.05, 0.0, 0.05, 0.5, 1.0, 1.5])
def test_amdahl_finds_the_serial_share_that_made_the_curve(serial):
    assert amdahl(by_amdahl(serial, 2, 4, 8)) == pytest.approx(serial)
    assert amdahl(by_amdahl(serial, 1, 3)) == pytest.approx(serial)


@pytest.mark.parametrize("contention", [-0.02, 0.0, 0.1, 1.0])
@pytest.mark.parametrize("coherency", [-0.001, 0.0, 0.01, 0.3])
def test_gunther_finds_both_parameters(contention, coherency):
    for counts in ((2, 4), (2, 4, 8, 16), (1, 3, 12)):
        found = gunther(by_gunther(contention, coherency, *counts))
        assert found == pytest.approx((contention, coherency))


def test_amdahl_is_gunther_without_coherency():
    speedups = by_amdahl(0.2, 2, 4, 8)
    assert gunther(speedups) == pytest.approx((amdahl(speedups), 0))


def test_the_fit_is_the_nearest_in_relative_deviation():
    speedups = {2: 1.7, 4: 2.1, 8: 3.9}

    def off(serial):
        return sum(
            (1 - speedup * (serial + (1 - serial) / n)) ** 2 for n, speedup in speedups.items()
        )

    found = amdahl(speedups)
    assert off(found) < min(off(found - 0.001), off(found + 0.001))


def test_of_both_parameters_too():
    speedups = {2: 1.7, 4: 2.1, 8: 3.9}

    def off(a, b):
        return sum(
            (1 - speedup / n * (1 + a * (n - 1) + b * n * (n - 1))) ** 2
            for n, speedup in speedups.items()
        )

    a, b = gunther(speedups)
    near = [off(a + da, b + db) for da in (-1e-3, 0, 1e-3) for db in (-1e-4, 0, 1e-4) if da or db]
    assert off(a, b) < min(near)


def test_speedups_of_all_magnitudes_are_fitted():
    # a + 2 b = 2 / 1e-6 - 1, and 3 (a + 4 b) = 4 / 1e6 - 1.
    assert gunther({2: 1e-6, 4: 1e6}) == pytest.approx((4e6, -1e6), rel=0.01)


def test_two_points_do_not_give_two_parameters():
    for speedups in ({}, {1: 1.0}, {1: 1.0, 2: 1.9}):
        with pytest.raises(ValueError, match="two worker counts above one"):
            gunther(speedups)


@pytest.mark.parametrize(
    ("workers", "speedup", "share"), [(2, 1.0, 1.0), (2, 2.0, 0.0), (4, 2.5, 0.2), (2, 2.5, -0.2)]
)
def test_karp_and_flatts_share_of_one_point(workers, speedup, share):
    assert karp_flatt(workers, speedup) == pytest.approx(share)


def test_karp_and_flatts_share_is_amdahls_at_every_count():
    for n, speedup in by_amdahl(0.3, 2, 3, 8, 64).items():
        assert karp_flatt(n, speedup) == pytest.approx(0.3)
