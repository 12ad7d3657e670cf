from __future__ import annotations

import pytest

from gilbench.comparison import Way
from gilbench.studies.comparison.memory.account import Saving, Size, Variant

from .conftest import MIB, absent, account, array, copying, cost, sight, trial


def test_the_slope_is_what_each_further_worker_takes() -> None:
    slope = account(cost(Way.FORK, (100, 200, 300), workers=4)).slope(Way.FORK, Size.PSS)
    assert slope is not None
    assert slope.value == pytest.approx(200 * 1024)
    assert not slope.firm


def test_it_is_fitted_to_all_of_them() -> None:
    # The ends alone would say 2.
    points = trial("cost", Way.FORK, figures={"uss_bytes": (0.0, 1.0, 5.0, 6.0)})
    slope = account(points).slope(Way.FORK, Size.USS)
    assert slope is not None
    assert slope.value == pytest.approx(2.2)


def test_six_rounds_make_an_interval() -> None:
    rounds = [cost(Way.FORK, (each,) * 3, round=each) for each in range(100, 106)]
    slope = account(*rounds).slope(Way.FORK, Size.USS)
    assert slope is not None
    assert slope.firm
    assert 100 * 1024 <= slope.low < slope.value < slope.high <= 105 * 1024


def test_imports_are_kept_apart() -> None:
    found = account(
        cost(Way.FORK, (1, 1, 1)),
        cost(Way.FORK, (2, 2, 2), imports="json"),
        cost(Way.FORK, (3, 3, 3), imports="json", before=True),
    )
    slopes = [found.slope(Way.FORK, Size.USS, variant) for variant in Variant]
    assert [round(slope.value / 1024) for slope in slopes if slope] == [1, 2, 3]
    assert found.slope(Way.SPAWN, Size.USS) is None


def test_of_one_worker_there_is_no_slope_and_why() -> None:
    found = account(cost(Way.FORK, workers=1, words={"short": "10 MiB of memory was left"}))
    assert found.slope(Way.FORK, Size.USS) is None
    assert found.why_no_slope(Size.RSS) == {Way.FORK: "10 MiB of memory was left"}


def test_why_there_is_none_is_told_by_size_and_variant() -> None:
    bare = trial("cost", Way.FORK, figures={"rss_bytes": (1.0, 2.0)}, words={"no_pss": "no PSS"})
    found = account(
        bare, absent("cost", Way.SPAWN), absent("cost", Way.THREAD, parameters={"imports": "x"})
    )
    assert found.why_no_slope(Size.PSS) == {Way.FORK: "no PSS", Way.SPAWN: "not here"}
    assert found.why_no_slope(Size.RSS) == {Way.SPAWN: "not here"}
    assert found.why_no_slope(Size.USS, Variant.LADEN) == {Way.THREAD: "not here"}


def test_what_was_seen_is_added_up() -> None:
    found = account(
        sight(Way.FORK, 0), sight(Way.FORK, 3, None, round=1), absent("sight", Way.SPAWN)
    )
    assert found.seen(Way.FORK, "worker_seen") == (16, 3)
    assert found.seen(Way.FORK, "block_seen") == (8, 8)
    assert found.seen(Way.SPAWN, "worker_seen") is None
    assert found.why_no("sight", Way.SPAWN) == "not here"
    assert found.why_no("sight", Way.FORK, "no_block") == "no blocks here"
    assert found.why_no("sight", Way.THREAD) is None


def test_a_saving_is_a_share_of_the_array() -> None:
    found = account(array(Way.SPAWN, 32, 2), array(Way.SPAWN, 30, 2), array(Way.FORK, 0.5, None))
    saving = found.saving(Way.SPAWN)
    assert saving == Saving(size=32 * MIB, plain=31 * MIB, shared=2 * MIB)
    assert saving.saved == pytest.approx(29 / 32)
    unshared = found.saving(Way.FORK)
    assert unshared is not None
    assert unshared.saved is None
    assert found.saving(Way.THREAD) is None


def test_arrays_of_another_size_are_not_mixed() -> None:
    found = account(array(Way.SPAWN, 32, 2), array(Way.SPAWN, 8, 2, size=8))
    assert found.saving(Way.SPAWN) == Saving(size=8 * MIB, plain=8 * MIB, shared=2 * MIB)


def test_unshared_is_what_a_worker_has_beyond_one_without_objects() -> None:
    found = account(copying(start=-0.05, walk=0.75, frozen_walk=1.2))
    shares = {
        (deed, frozen): found.unshared(deed, frozen=frozen)
        for deed in ("walk_start", "walk")
        for frozen in (False, True)
    }
    values = {key: None if each is None else each.value for key, each in shares.items()}
    assert values == pytest.approx(
        {
            ("walk_start", False): 0,
            ("walk", False): 0.75,
            ("walk_start", True): 0,
            ("walk", True): 1,
        }
    )
    assert found.objects_bytes() == 20 * MIB
    assert account().unshared("walk", frozen=False) is None
    assert account().objects_bytes() is None
