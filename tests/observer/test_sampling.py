from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import NoReturn

import pytest

from gilbench._native import layout, truth
from gilbench.observer import sampling
from gilbench.observer.sampling import Watch, sample, why_not

from .conftest import MS, Burn


@pytest.fixture(autouse=True)
def untried() -> Iterator[None]:
    """Nothing is remembered of an earlier trial."""
    sampling._tried.cache_clear()
    yield
    sampling._tried.cache_clear()


def watched(function: Callable[[], object], calls: int = 0, span_ns: int = 0) -> Watch:
    return sample(function, calls=calls, span_ns=span_ns, period_ns=20_000, seed=1)


def share(watch: Watch) -> float:
    samples = sum(block.samples for block in watch.blocks)
    return sum(block.held for block in watch.blocks) / samples


@pytest.mark.parametrize("percent", [10, 50, 90])
def test_the_share_is_that_of_calls_whose_share_is_known(percent: int) -> None:
    off = 1.0
    # Where others keep the machine busy, few slices of time decide.
    for _ in range(20):
        tally = truth.create()
        function = partial(truth.burn, tally, percent * 1000, (100 - percent) * 1000, 1)
        seen = watched(function, span_ns=40 * MS)
        held_ns, released_ns = truth.tally(tally)
        off = min(off, abs(share(seen) - held_ns / (held_ns + released_ns)))
        if off < 0.08:
            break
    assert off < 0.08


def test_its_figures_are_those_of_the_calls(burn: Burn) -> None:
    seen = watched(burn(100_000, 0), calls=400)
    assert seen.calls == 400 == sum(block.calls for block in seen.blocks)
    assert 100_000 <= seen.longest_ns <= seen.inside_ns
    assert seen.inside_ns >= 400 * 100_000
    assert share(seen) == 1
    assert {block.detaches for block in seen.blocks} == {0}


def test_a_call_that_lets_go_is_seen_to(burn: Burn) -> None:
    seen = watched(burn(5 * MS, 5 * MS, 4), calls=2)
    assert seen.calls == 2
    assert [block.calls for block in seen.blocks] == [1, 1]
    assert all(1 <= block.detaches <= 4 for block in seen.blocks)
    assert all(0 < block.held < block.samples for block in seen.blocks)


def test_what_the_function_raises_passes_through_and_the_sampler_ends() -> None:
    def raises() -> NoReturn:
        raise LookupError("not today")

    with pytest.raises(LookupError, match="not today"):
        watched(raises, calls=5)
    # The next watch knows nothing of it.
    assert watched(lambda: None, calls=3).calls == 3


def test_it_can_be_believed_here() -> None:
    # A machine that is busy may keep it from its looks, not each time.
    for _ in range(5):
        sampling._tried.cache_clear()
        if (reason := why_not()) is None:
            break
    assert reason is None


@pytest.mark.parametrize("tolerance", [2.0, -1.0])
def test_it_is_tried_once(monkeypatch: pytest.MonkeyPatch, tolerance: float) -> None:
    monkeypatch.setattr(sampling, "_TRIAL_TOLERANCE", tolerance)
    reason = why_not()
    assert (reason is None) == (tolerance > 0)
    monkeypatch.setattr(sampling, "sample", lambda *_, **__: pytest.fail("tried again"))
    assert why_not() == reason


def test_it_is_tried_again_where_the_gil_came_on(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    real = sample

    def note(*arguments: Callable[[], object], **asked: int) -> Watch:
        tried.append(asked["seed"])
        return real(*arguments, **asked)

    monkeypatch.setattr(sampling, "sample", note)
    for enabled in (False, True, False, True):
        monkeypatch.setattr(sampling, "gil_enabled", lambda enabled=enabled: enabled)
        why_not()
    assert tried.count(0) == 2


def test_what_cannot_be_found_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    def locate() -> NoReturn:
        raise LookupError("no offsets for Python 4.0")

    monkeypatch.setattr(layout, "locate", locate)
    assert why_not() == "no offsets for Python 4.0"


def fake(monkeypatch: pytest.MonkeyPatch, *shares: float | None) -> list[int]:
    """Let the trials come out as holding for such shares, with no sample for null."""
    told = iter(shares)
    made: list[int] = []

    def seen(function: Callable[[], object], **asked: int) -> Watch:
        made.append(asked["seed"])
        function()
        found = next(told)
        blocks = (
            ()
            if found is None
            else (sampling.Block(calls=1, samples=1000, held=round(1000 * found), detaches=1),)
        )
        return Watch(calls=1, inside_ns=1, longest_ns=1, blocks=blocks)

    # What was really held is measured, and a machine may be busy: here it is not.
    monkeypatch.setattr(truth, "tally", lambda _: (50_000, 150_000))
    monkeypatch.setattr(sampling, "sample", seen)
    return made


@pytest.mark.parametrize("wrong", [0.0, 1.0, 0.1, 0.4])
def test_what_tells_a_known_share_wrongly_is_not_believed(
    wrong: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = fake(monkeypatch, wrong, wrong, wrong)
    assert why_not() == (
        f"its own trial found {wrong:.0%} of calls holding that hold for 25% of their time"
    )
    # Each with a seed of its own.
    assert made == [0, 1, 2]


def test_one_good_trial_of_three_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fake(monkeypatch, 1.0, None, 0.30) == []
    assert why_not() is None


def test_a_sampler_that_sees_nothing_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, None, None, None)
    assert why_not() is not None


def test_the_switch_interval_is_left_alone() -> None:
    before = sys.getswitchinterval()
    why_not()
    watched(lambda: None, calls=3)
    assert sys.getswitchinterval() == before
