from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from gilbench._native import presence, probe, progress, truth

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.progress import ProgressCapsule

MS = 1_000_000
NONE = (-1, -1)
# Windows counts what its processors count.
IN_NANOSECONDS = sys.platform != "win32"


def work(cpu_ns: int) -> int:
    """Have so much CPU time; return how much it was."""
    began_ns = time.thread_time_ns()
    while time.thread_time_ns() - began_ns < cpu_ns:
        pass
    return time.thread_time_ns() - began_ns


def told_to_another(told: ProgressCapsule) -> tuple[int, int]:
    with ThreadPoolExecutor(1) as another:
        return another.submit(progress.come, told).result(30)


def test_a_call_returns_what_its_function_does() -> None:
    assert progress.call(progress.create(), lambda: 5) == 5


def test_outside_of_a_call_none_has_come_anywhere() -> None:
    told = progress.create()
    assert progress.come(told) == told_to_another(told) == NONE
    progress.call(told, partial(work, MS))
    assert progress.come(told) == told_to_another(told) == NONE


def test_a_call_has_come_as_far_as_the_cpu_time_that_it_had() -> None:
    told = progress.create()
    seen: list[tuple[int, int, int]] = []

    def call() -> None:
        inside_ns = time.thread_time_ns()
        work(3 * MS)
        least_ns = time.thread_time_ns() - inside_ns
        come, _ = told_to_another(told)
        seen.append((least_ns, come, time.thread_time_ns() - outside_ns))

    for _ in range(3):
        outside_ns = time.thread_time_ns()
        progress.call(told, call)
    for least_ns, come, most_ns in seen:
        assert come >= 0
        assert not IN_NANOSECONDS or least_ns <= come <= most_ns


def test_it_comes_further_while_it_works_but_not_while_it_sleeps() -> None:
    told = progress.create()
    come: list[int] = []

    def call() -> None:
        for step in (partial(work, 20 * MS), partial(time.sleep, 0.1)):
            come.append(told_to_another(told)[0])
            step()
        come.append(told_to_another(told)[0])

    progress.call(told, call)
    began, worked, slept = come
    assert 0 <= began < worked <= slept
    assert slept - worked < (worked - began) / 2


def test_whoever_asks_it_is_the_thread_that_calls() -> None:
    told = progress.create()
    come: list[int] = []

    def ask_and_work() -> None:
        come.append(progress.come(told)[0])
        work(50 * MS)
        come.append(progress.come(told)[0])

    def call() -> None:
        asking = threading.Thread(target=ask_and_work)
        asking.start()
        asking.join(30)

    progress.call(told, call)
    assert 0 <= come[0] <= come[1]
    assert not IN_NANOSECONDS or come[1] - come[0] < 25 * MS


@pytest.mark.skipif(not IN_NANOSECONDS, reason="they cannot be compared with a clock")
def test_what_each_call_took_is_known() -> None:
    told = progress.create()
    assert progress.took(told) == []
    for calls, cpu_ns in enumerate((6 * MS, 2 * MS, 4 * MS), 1):
        before_ns = time.thread_time_ns()
        least_ns = progress.call(told, partial(work, cpu_ns))
        most_ns = time.thread_time_ns() - before_ns
        took = progress.took(told)
        assert len(took) == calls
        assert least_ns <= took[-1] <= most_ns


def test_calls_are_counted_and_what_is_kept_of_them_is_bounded() -> None:
    told = progress.create()
    for call in range(3):
        assert progress.call(told, lambda: progress.come(told))[1] == call
    for _ in range(2**16):
        progress.call(told, int)
    assert len(progress.took(told)) == 2**16
    assert progress.call(told, lambda: progress.come(told))[1] == 2**16 + 3


@pytest.mark.parametrize("error", [LookupError("no"), SystemExit(3), KeyboardInterrupt()])
def test_what_the_function_raises_passes_through_and_ends_the_call(error: BaseException) -> None:
    def raises() -> None:
        work(MS)
        raise error

    told = progress.create()
    with pytest.raises(type(error)) as caught:
        progress.call(told, raises)
    assert caught.value is error
    assert progress.come(told) == NONE
    assert progress.took(told)[0] > 0


def test_each_is_another_one() -> None:
    first, second = progress.create(), progress.create()
    assert progress.call(first, lambda: progress.come(second)) == NONE
    assert progress.took(second) == []


def asked_about_a_call(told: ProgressCapsule) -> list[int]:
    """How far a call that lets go had come whenever another thread got the GIL, before and after it
    too.
    """
    bell, answers = probe.bell(), []
    asking = threading.Thread(
        target=lambda: answers.extend(probe.ask(bell, MS // 10, 1, 10**5, told))
    )
    asking.start()
    time.sleep(0.02)
    progress.call(told, partial(truth.burn, truth.create(), 0, 20 * MS, 1))
    time.sleep(0.02)
    probe.ring(bell)
    asking.join(30)
    return [come for _, _, come, _ in answers]


def test_who_asks_for_the_gil_notes_how_far_the_call_had_come() -> None:
    # A machine that is busy may not let it ask in time, but now and then it does.
    for _ in range(20):
        come = asked_about_a_call(progress.create())
        within = [each for each in come if each >= 0]
        assert within == sorted(within)
        if len(within) > 3 and come[0] == come[-1] == -1:
            return
    pytest.fail("it noted nothing of a call that let it in, time after time")


def test_who_is_told_of_no_progress_notes_none() -> None:
    told = progress.create()
    answers = progress.call(told, lambda: probe.ask(probe.bell(), 0, 1, 5))
    assert [answer[2:] for answer in answers] == [NONE] * 5
    answers = progress.call(told, lambda: probe.ask(probe.bell(), 0, 1, 5, told))
    assert all(come >= 0 and call == 1 for _, _, come, call in answers)


@pytest.mark.parametrize(
    "call",
    [
        progress.come,
        progress.took,
        lambda wrong: progress.call(wrong, int),
        # Where none is to be told, null is right.
        lambda wrong: probe.ask(probe.bell(), 0, 1, 1, wrong or 0),
    ],
)
def test_what_is_no_progress_is_refused(call: Callable[[object], object]) -> None:
    for wrong in (None, 0, presence.create(), probe.bell()):
        with pytest.raises(ValueError, match="PyCapsule"):
            call(wrong)
