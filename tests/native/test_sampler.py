from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from gilbench._native import caller, layout, presence, sampler, truth

US, MS = 1_000, 1_000_000
HAS_GIL = getattr(sys, "_is_gil_enabled", lambda: True)()
TASKS = Path("/proc/self/task")

Block = tuple[int, int, int, int]


def watch(
    function: Callable[[], object], *, calls: int = 0, span_ns: int = 0, period_ns: int = 20 * US
) -> tuple[int, list[Block]]:
    """How many calls were made, and what was seen of them."""
    present = presence.create()
    watching = sampler.start(present, layout.locate(), period_ns, 1)
    made, *_ = caller.repeat(function, present, calls, span_ns)
    return made, sampler.stop(watching)[0]


def burn(hold_ns: int, release_ns: int, cycles: int = 1) -> Callable[[], object]:
    return partial(truth.burn, truth.create(), hold_ns, release_ns, cycles)


def share(blocks: list[Block]) -> float:
    return sum(block[2] for block in blocks) / sum(block[1] for block in blocks)


@pytest.mark.parametrize("percent", [25, 75])
@pytest.mark.parametrize("grain_ns", [10 * US, MS])
def test_the_share_is_that_of_calls_whose_share_is_known(grain_ns: int, percent: int) -> None:
    hold_ns = grain_ns * percent // 100
    best = 1.0
    # Where others keep the machine busy, few slices of time decide.
    for _ in range(20):
        tally = truth.create()
        cycles = 2 * MS // grain_ns
        function = partial(truth.burn, tally, hold_ns, grain_ns - hold_ns, cycles)
        _, blocks = watch(function, span_ns=50 * MS)
        held_ns, released_ns = truth.tally(tally)
        best = min(best, abs(share(blocks) - held_ns / (held_ns + released_ns)))
        if best < 0.08:
            break
    assert best < 0.08


def test_a_call_that_holds_is_seen_to_hold_each_time() -> None:
    made, blocks = watch(burn(100 * US, 0), span_ns=20 * MS)
    assert sum(block[0] for block in blocks) == made
    assert share(blocks) == 1
    assert sum(block[3] for block in blocks) == 0


def test_a_call_that_sleeps_is_seen_not_to_hold() -> None:
    shares, detaches = [], []
    # On a busy machine a whole call may go by without a look.
    for _ in range(5):
        _, blocks = watch(partial(time.sleep, 0.02), calls=2)
        shares.append(share(blocks))
        detaches.append(sum(block[3] for block in blocks))
        if detaches[-1] == 2:
            break
    assert min(shares) < 0.1
    # It held when it began: to be found without is to have let go, once.
    assert max(detaches) == 2


def test_who_works_for_a_call_holds_for_it_where_there_is_a_gil() -> None:
    stop = threading.Event()

    def hold() -> None:
        while not stop.is_set():
            truth.burn(tally, MS, 0, 1)

    tally = truth.create()
    holder = threading.Thread(target=hold)
    holder.start()
    try:
        _, blocks = watch(partial(time.sleep, 0.05), calls=1)
    finally:
        stop.set()
        holder.join()
    # To whoever else wants the GIL it is the same. A state of being attached is each thread's own.
    assert share(blocks) > 0.5 if HAS_GIL else share(blocks) < 0.5


def test_blocks_are_whole_calls_and_long_enough() -> None:
    made, blocks = watch(burn(30 * US, 30 * US), span_ns=60 * MS)
    assert len(blocks) > 2
    assert sum(block[0] for block in blocks) == made
    assert all(block[1] >= 64 for block in blocks[:-1])
    # No longer than it takes: a call is looked into three times, unless it is interrupted.
    assert min(block[1] for block in blocks[:-1]) < 128
    assert all(block[2] <= block[1] for block in blocks)


def test_calls_that_no_look_fell_into_are_counted_too() -> None:
    made, blocks = watch(burn(US, 0), span_ns=50 * MS, period_ns=50 * US)
    assert sum(block[0] for block in blocks) == made
    assert len(blocks) > 1
    assert made > sum(block[1] for block in blocks)


def test_a_long_call_is_a_block_of_its_own() -> None:
    made, blocks = watch(burn(10 * MS, 10 * MS), calls=3)
    assert made == 3
    assert [block[0] for block in blocks] == [1, 1, 1]
    assert all(block[1] >= 64 for block in blocks)
    assert [block[3] for block in blocks] == [1, 1, 1]


def test_a_call_is_found_to_let_go_at_most_as_often_as_it_does() -> None:
    _, blocks = watch(burn(MS, MS, 20), calls=1)
    assert 5 <= sum(block[3] for block in blocks) <= 20


def test_looks_come_as_often_as_asked() -> None:
    made, blocks = watch(burn(50 * MS, 0), calls=1, period_ns=100 * US)
    # 500, more or less; none is closer to the one before than half a period.
    assert 20 <= sum(block[1] for block in blocks) <= 1000
    assert made == 1


def test_where_no_call_runs_nothing_is_counted() -> None:
    present = presence.create()
    watching = sampler.start(present, layout.locate(), 10 * US, 1)
    time.sleep(0.01)
    assert sampler.stop(watching)[0] == []


def test_changes_of_the_holder_are_counted() -> None:
    def pause_often(times: int) -> None:
        for _ in range(times):
            time.sleep(0)

    present = presence.create()
    watching = sampler.start(present, layout.locate(), MS, 1)
    alone = sampler.stop(watching)[1]
    assert alone == 0
    watching = sampler.start(present, layout.locate(), MS, 1)
    others = [threading.Thread(target=pause_often, args=(200,)) for _ in range(2)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    switches = sampler.stop(watching)[1]
    # Each of them took the GIL at least once, and gave it back.
    assert switches >= 3 if HAS_GIL else switches == 0
    other = threading.Thread(target=pause_often, args=(200,))
    other.start()
    other.join()
    assert sampler.stop(watching)[1] == switches


def test_to_stop_again_tells_the_same() -> None:
    present = presence.create()
    watching = sampler.start(present, layout.locate(), 10 * US, 1)
    caller.repeat(burn(20 * MS, 0), present, 3, 0)
    told = sampler.stop(watching)
    caller.repeat(burn(20 * MS, 0), present, 3, 0)
    assert sampler.stop(watching) == told
    assert sum(block[0] for block in told[0]) == 3


def test_two_can_watch_the_same_calls() -> None:
    present = presence.create()
    watching = [sampler.start(present, layout.locate(), 50 * US, seed) for seed in (1, 2)]
    caller.repeat(burn(10 * MS, 0), present, 6, 0)
    for each in watching:
        assert share(sampler.stop(each)[0]) == 1


def threads_after_a_while(expected: int) -> int:
    """How many threads the process has, by the system; one that has ended may show a little."""
    deadline = time.monotonic() + 10
    while (count := len(list(TASKS.iterdir()))) != expected and time.monotonic() < deadline:
        time.sleep(0.001)
    return count


needs_tasks = pytest.mark.skipif(not TASKS.is_dir(), reason="the system does not list threads")


@needs_tasks
def test_one_that_nobody_has_any_more_stops_by_itself() -> None:
    before = len(list(TASKS.iterdir()))
    watching = sampler.start(presence.create(), layout.locate(), 3600 * 1000 * MS, 1)
    assert threads_after_a_while(before + 1) == before + 1
    del watching
    assert threads_after_a_while(before) == before


@needs_tasks
def test_it_stops_before_the_thread_that_it_watches_is_no_more() -> None:
    before = len(list(TASKS.iterdir()))
    present, started = presence.create(), []

    def start() -> None:
        started.append(sampler.start(present, layout.locate(), 10 * US, 1))
        caller.repeat(burn(50 * MS, 0), present, 1, 0)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert threads_after_a_while(before) == before
    assert share(sampler.stop(started[0])[0]) == 1


def test_a_long_period_keeps_nobody_waiting() -> None:
    watching = sampler.start(presence.create(), layout.locate(), 3600 * 1000 * MS, 1)
    before = time.monotonic()
    assert sampler.stop(watching)[0] == []
    assert time.monotonic() - before < 5


FORK = """
import os, warnings
from gilbench._native import layout, presence, sampler
warnings.simplefilter("ignore")
watching = sampler.start(presence.create(), layout.locate(), 1000, 1)
if os.fork() == 0:
    try:
        sampler.stop(watching)
    except RuntimeError as error:
        print(error)
    del watching
    os._exit(0)
print(os.waitstatus_to_exitcode(os.wait()[1]), sampler.stop(watching)[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no fork")
def test_a_forked_child_waits_for_no_thread_that_it_does_not_have(
    run_python: Callable[..., str],
) -> None:
    refusal = "the sampler is that of the process from which this one was forked"
    assert run_python(FORK).splitlines() == [refusal, "0 []"]


NEVER_STOPPED = """
from gilbench._native import layout, presence, sampler
watching = sampler.start(presence.create(), layout.locate(), 1000, 1)
"""


def test_an_interpreter_can_end_while_it_runs(run_python: Callable[..., str]) -> None:
    assert run_python(NEVER_STOPPED) == ""


@needs_tasks
def test_it_leaves_signals_to_the_threads_that_wait_for_them() -> None:
    before = set(TASKS.iterdir())
    watching = sampler.start(presence.create(), layout.locate(), MS, 1)
    (task,) = set(TASKS.iterdir()) - before
    status = dict(line.split(":\t", 1) for line in (task / "status").read_text().splitlines())
    sampler.stop(watching)
    blocked = int(status["SigBlk"], 16)
    for number in (signal.SIGINT, signal.SIGALRM, signal.SIGTERM):
        assert blocked >> (number - 1) & 1, number
    # A fault is its own.
    assert not blocked >> (signal.SIGSEGV - 1) & 1


def test_a_period_that_makes_no_sense_is_refused() -> None:
    for wrong in (0, -1, 3600 * 1000 * MS + 1):
        with pytest.raises(ValueError, match="a sampler's period lasts between 1 ns and an hour"):
            sampler.start(presence.create(), layout.locate(), wrong, 1)
    for seed in (-1, 2**64):
        with pytest.raises(OverflowError):
            sampler.start(presence.create(), layout.locate(), MS, seed)


def test_what_is_no_sampler_is_refused() -> None:
    for wrong in (None, 0, presence.create()):
        with pytest.raises(ValueError, match="PyCapsule"):
            sampler.stop(wrong)  # type: ignore[arg-type]
