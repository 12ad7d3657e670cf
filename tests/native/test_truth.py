from __future__ import annotations

import sys
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from gilbench._native import clock, gate, probe, truth

if TYPE_CHECKING:
    from collections.abc import Callable

US = 1_000
MS = 1_000_000


@pytest.mark.parametrize(
    ("hold_ns", "release_ns", "cycles"),
    [(50 * US, 0, 20), (0, 50 * US, 20), (20 * US, 60 * US, 20), (MS, 5 * US, 1), (0, 0, 5)],
)
def test_what_it_held_and_released_is_what_was_asked(
    hold_ns: int, release_ns: int, cycles: int
) -> None:
    account = truth.create()
    before = clock.now_ns()
    truth.burn(account, hold_ns, release_ns, cycles)
    wall = clock.now_ns() - before
    held, released = truth.tally(account)
    assert held >= cycles * hold_ns
    # Where the GIL changes hands within a switch is not known to the nanosecond.
    assert released >= cycles * (release_ns - 100)
    assert held + released <= wall
    if release_ns == 0:
        assert released == 0


def test_nothing_is_lost_between_holding_and_releasing() -> None:
    # A processor that is busy with others delays what stands outside of the account too.
    shares = []
    for _ in range(20):
        account = truth.create()
        before = clock.now_ns()
        # So short that what switches take is a good part of it all.
        truth.burn(account, 0, 100, 5000)
        shares.append(sum(truth.tally(account)) / (clock.now_ns() - before))
    assert 0.98 <= max(shares) <= 1


def test_it_adds_up_until_it_is_reset() -> None:
    account = truth.create()
    assert truth.tally(account) == (0, 0)
    truth.burn(account, 10 * US, 10 * US, 2)
    once = truth.tally(account)
    truth.burn(account, 10 * US, 10 * US, 2)
    twice = truth.tally(account)
    assert twice[0] >= once[0] + 20 * US
    assert twice[1] > once[1]
    truth.reset(account)
    assert truth.tally(account) == (0, 0)


def test_threads_add_to_one_account() -> None:
    account = truth.create()
    burning = partial(truth.burn, account, 10 * US, 10 * US, 50)
    threads = [threading.Thread(target=burning) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert truth.tally(account)[0] >= 4 * 50 * 10 * US


def grants_during(burn: Callable[[], object]) -> int | None:
    """Return how often another thread got the GIL while `burn` ran; None if it did not ask then."""
    stamps: list[int] = []
    # The clock is read and noted before and after, all by native code.
    noting = map(stamps.append, iter(clock.now_ns, -1))
    call = zip(noting, iter(burn, object()), noting, strict=True)
    bell, answers = probe.bell(), []
    asking = threading.Thread(target=lambda: answers.extend(probe.ask(bell, 50 * US, 1, 10**5)))
    asking.start()
    next(call)
    probe.ring(bell)
    asking.join()
    started, ended = stamps
    if not any(asked < ended and got > started for asked, got, *_ in answers):
        return None
    return sum(started < got < ended for _, got, *_ in answers)


@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="nothing is shut out without a GIL"
)
def test_others_get_the_gil_while_it_is_released_and_only_then() -> None:
    account = truth.create()
    releasing = partial(truth.burn, account, 0, 20 * MS, 1)
    assert any(grants_during(releasing) for _ in range(20))
    holding = partial(truth.burn, account, 20 * MS, 0, 1)
    grants = [grants_during(holding) for _ in range(5)]
    assert set(grants) <= {0, None}
    assert 0 in grants


@pytest.mark.parametrize("wrong", [(-1, 0, 1), (0, -1, 1), (0, 0, -1)])
def test_what_is_negative_is_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="durations and cycles cannot be negative"):
        truth.burn(truth.create(), *wrong)


def test_what_is_no_account_is_refused() -> None:
    for wrong in (None, 1, probe.bell()):
        for call in (truth.tally, truth.reset, lambda it: truth.burn(it, 0, 0, 1), gate.address):
            with pytest.raises(ValueError, match="PyCapsule"):
                call(wrong)  # type: ignore[operator]
