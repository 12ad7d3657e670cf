from __future__ import annotations

import itertools
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from gilbench._native import clock, presence, probe, truth

if TYPE_CHECKING:
    from gilbench._native.probe import StopCapsule

US = 1_000
MS = 1_000_000


class Asking:
    """A thread that asks, and its answers."""

    def __init__(self, pause_ns: int, most: int = 10**6, seed: int = 1) -> None:
        self.bell: StopCapsule = probe.bell()
        self.answers: list[tuple[int, int, int]] = []
        self._arguments = (self.bell, pause_ns, seed, most)
        self.thread = threading.Thread(target=self._ask)
        self.thread.start()

    def stop(self) -> list[tuple[int, int, int]]:
        probe.ring(self.bell)
        self.thread.join(30)
        assert not self.thread.is_alive()
        return self.answers

    def _ask(self) -> None:
        self.answers = probe.ask(*self._arguments)


def test_it_stamps_each_request_and_when_it_got_what_it_asked_for() -> None:
    before = clock.now_ns()
    asking = Asking(100 * US, most=20)
    asking.thread.join(30)
    answers = asking.stop()
    assert len(answers) == 20
    stamps = [before, *(stamp for answer in answers for stamp in answer[:2]), clock.now_ns()]
    assert stamps == sorted(stamps)


def test_the_bell_ends_it_soon_however_long_the_pause() -> None:
    asking = Asking(2**63 - 1)
    time.sleep(0.01)
    before = clock.now_ns()
    assert asking.stop() == []
    assert clock.now_ns() - before < 5_000 * MS


def test_a_bell_that_was_rung_before_leaves_no_answer() -> None:
    bell = probe.bell()
    probe.ring(bell)
    assert probe.ask(bell, 0, 1, 10) == []


def test_a_pause_is_half_to_one_and_a_half_of_what_it_is_said_to_be() -> None:
    answers = probe.ask(probe.bell(), 400 * US, 1, 40)
    gaps = [later[0] - earlier[1] for earlier, later in itertools.pairwise(answers)]
    assert min(gaps) >= 200 * US
    # Each is as long as it is late, but not all are equally so.
    assert max(gaps) - min(gaps) > 100 * US


def test_without_a_pause_it_asks_as_fast_as_it_can() -> None:
    answers = probe.ask(probe.bell(), 0, 1, 10_000)
    gaps = sorted(later[0] - earlier[1] for earlier, later in itertools.pairwise(answers))
    assert gaps[len(gaps) // 2] < 20 * US


@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="nobody waits without a GIL"
)
def test_who_holds_keeps_it_waiting() -> None:
    longest = 0
    for _ in range(20):
        asking = Asking(100 * US)
        time.sleep(0.001)
        truth.burn(truth.create(), 20 * MS, 0, 1)
        longest = max(got - asked for asked, got, *_ in asking.stop())
        # A machine that is busy may not let it ask in time, but now and then it does.
        if longest > 10 * MS:
            break
    assert longest > 10 * MS


@pytest.mark.parametrize(("pause_ns", "most"), [(-1, 1), (0, 0), (0, -1)])
def test_what_makes_no_sense_is_refused(pause_ns: int, most: int) -> None:
    with pytest.raises(ValueError, match="there must be room for an answer, and pauses cannot be"):
        probe.ask(probe.bell(), pause_ns, 1, most)


def test_answers_that_nobody_has_memory_for_are_refused() -> None:
    with pytest.raises(MemoryError):
        probe.ask(probe.bell(), 0, 1, 2**60)


def test_what_is_no_bell_is_refused() -> None:
    for wrong in (None, 1, presence.create()):
        for call in (probe.ring, lambda bell: probe.ask(bell, 0, 1, 1)):
            with pytest.raises(ValueError, match="PyCapsule"):
                call(wrong)  # type: ignore[operator]
