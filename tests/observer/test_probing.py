from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NoReturn

import pytest

from gilbench._native import progress
from gilbench.observer import probing
from gilbench.observer.probing import Requests, ask_during

from .conftest import MS, Burn

if TYPE_CHECKING:
    from gilbench._native.progress import ProgressCapsule


def asked(
    function: Callable[[], object],
    *,
    calls: int = 0,
    span_ns: int = 0,
    pause_ns: int = 100_000,
    switch_interval_s: float | None = None,
    told: ProgressCapsule | None = None,
) -> Requests:
    return ask_during(
        function,
        calls=calls,
        span_ns=span_ns,
        pause_ns=pause_ns,
        switch_interval_s=switch_interval_s,
        seed=1,
        progress=told,
    )


def longest_within(requests: Requests) -> int:
    """The longest wait, of each what lies between the beginning of the calls and their end."""
    cut = (
        min(got, requests.ended_ns) - max(at, requests.began_ns) for at, got, *_ in requests.waits
    )
    return max(cut, default=0)


def test_its_figures_are_those_of_the_calls(burn: Burn) -> None:
    seen = asked(burn(100_000, 0), calls=20)
    assert seen.calls == 20
    assert 100_000 <= seen.longest_call_ns <= seen.ended_ns - seen.began_ns
    assert seen.ended_ns - seen.began_ns >= 20 * 100_000


def test_requests_come_one_after_the_other(burn: Burn) -> None:
    seen = asked(burn(0, MS), calls=10)
    stamps = [stamp for wait in seen.waits for stamp in wait[:2]]
    assert stamps
    assert stamps == sorted(stamps)


@pytest.mark.parametrize(("told", "queued_ns"), [(123, 123), (None, 0)])
def test_how_long_the_thread_that_asks_was_kept_from_it(
    told: int | None, queued_ns: int, burn: Burn, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking: list[str] = []

    def queue() -> int | None:
        asking.append(threading.current_thread().name)
        return told

    monkeypatch.setattr(probing, "run_queue_ns", queue)
    assert asked(burn(100_000, 0), calls=2).queued_ns == queued_ns
    assert asking == ["gilbench probe"]


@pytest.mark.parametrize("pause_ns", [0, 100_000])
def test_who_sleeps_keeps_nobody_waiting(pause_ns: int) -> None:
    for _ in range(20):
        seen = asked(lambda: time.sleep(0.01), calls=2, pause_ns=pause_ns)
        during = [got - at for at, got, *_ in seen.waits if seen.began_ns <= at < seen.ended_ns]
        assert during
        if sorted(during)[len(during) // 2] < MS:
            break
    else:
        pytest.fail("half of all requests waited for a millisecond, time after time")


def test_who_holds_keeps_a_newcomer_waiting(burn: Burn) -> None:
    # A machine that is busy may not let it ask in time, but now and then it does.
    assert any(longest_within(asked(burn(20 * MS, 0), calls=1)) > 10 * MS for _ in range(20))


def test_python_hands_over_at_the_interval_that_is_set() -> None:
    def loop() -> None:
        for _ in range(200_000):
            pass

    waits = [longest_within(asked(loop, calls=1, switch_interval_s=1e-6)) for _ in range(10)]
    assert min(waits) < 3 * MS


@pytest.mark.parametrize("asked_for", [None, 1e-6])
def test_the_interval_is_set_for_the_calls_alone(asked_for: float | None) -> None:
    before, seen = sys.getswitchinterval(), []
    asked(lambda: seen.append(sys.getswitchinterval()), calls=2, switch_interval_s=asked_for)
    assert seen == pytest.approx([before if asked_for is None else asked_for] * 2)
    assert sys.getswitchinterval() == before


@pytest.mark.parametrize("asked_for", [None, 1e-6])
@pytest.mark.parametrize("then_raise", [False, True])
def test_the_interval_is_restored_whatever_the_function_does(
    asked_for: float | None, then_raise: bool
) -> None:
    def meddles() -> None:
        sys.setswitchinterval(0.25)
        if then_raise:
            raise LookupError("not today")

    before = sys.getswitchinterval()
    if then_raise:
        with pytest.raises(LookupError, match="not today"):
            asked(meddles, calls=2, switch_interval_s=asked_for)
    else:
        asked(meddles, calls=2, switch_interval_s=asked_for)
    assert sys.getswitchinterval() == before


@pytest.mark.parametrize("error", [LookupError("no"), SystemExit(3), KeyboardInterrupt()])
def test_what_the_function_raises_passes_through_and_nobody_asks_any_more(
    error: BaseException,
) -> None:
    def raises() -> NoReturn:
        raise error

    before = set(threading.enumerate())
    with pytest.raises(type(error)):
        asked(raises, calls=2)
    assert set(threading.enumerate()) == before


def test_an_asking_thread_that_does_not_start_leaves_the_interval(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def start(_self: threading.Thread) -> NoReturn:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    before = sys.getswitchinterval()
    with pytest.raises(RuntimeError, match="can't start new thread"):
        asked(lambda: None, calls=1, switch_interval_s=1e-6)
    assert sys.getswitchinterval() == before


@pytest.mark.parametrize("pause_ns", [0, 200_000])
def test_without_a_gil_it_asks_for_a_moment_in_which_all_stand_still(
    pause_ns: int, burn: Burn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "gil_enabled", lambda: False)
    seen = asked(burn(0, 5 * MS), calls=4, pause_ns=pause_ns)
    stamps = [stamp for wait in seen.waits for stamp in wait[:2]]
    assert stamps
    assert stamps == sorted(stamps)


def test_requests_without_a_gil_are_bounded(monkeypatch: pytest.MonkeyPatch, burn: Burn) -> None:
    monkeypatch.setattr(probing, "gil_enabled", lambda: False)
    monkeypatch.setattr(probing, "_MOST_REQUESTS", 3)
    assert len(asked(burn(0, 10 * MS), calls=2, pause_ns=0).waits) == 3


@pytest.mark.parametrize("with_a_gil", [True, False])
def test_calls_that_tell_how_far_they_have_come_are_asked(
    with_a_gil: bool, burn: Burn, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not with_a_gil:
        monkeypatch.setattr(probing, "gil_enabled", lambda: False)
    for _ in range(20):
        told = progress.create()
        seen = asked(partial(progress.call, told, burn(0, 10 * MS)), calls=2, told=told)
        within = [
            come
            for at, got, come, _ in seen.waits
            if come >= 0 and seen.began_ns <= at < got < seen.ended_ns
        ]
        # As they are asked, one of the calls has come further each time.
        if len(within) > 2 and any(later > earlier for earlier, later in pairwise(within)):
            break
    else:
        pytest.fail("nobody was told how far a call had come, time after time")


@pytest.mark.parametrize("with_a_gil", [True, False])
def test_calls_that_tell_nothing_are_not_asked(
    with_a_gil: bool, burn: Burn, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not with_a_gil:
        monkeypatch.setattr(probing, "gil_enabled", lambda: False)
    told = progress.create()
    seen = asked(partial(progress.call, told, burn(0, 5 * MS)), calls=2)
    assert {wait[2:] for wait in seen.waits} == {(-1, -1)}
