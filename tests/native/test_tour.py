"""A lone worker that visits processors in turn, seen from inside and from other threads."""

from __future__ import annotations

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gilbench._native import clock, crew, gate, meter, spin, work

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.gate import GateCapsule

MS = 1_000_000
PATIENCE_NS = 30_000 * MS

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux moves threads by number"
)


def ours(thread: int = 0) -> set[int]:
    return set(os.sched_getaffinity(thread))


@pytest.fixture
def two() -> tuple[int, int]:
    processors = sorted(ours())
    if len(processors) < 2:
        pytest.skip("one processor has no other to visit")
    return processors[0], processors[1]


def threads() -> set[int]:
    return {int(path.name) for path in Path("/proc/self/task").iterdir()}


class Watch:
    """Where the scheduler may put a thread, as another thread sees it change."""

    def __init__(self, thread: Callable[[], int | None]) -> None:
        self._thread, self._over = thread, threading.Event()
        self.seen: list[set[int]] = []

    def __enter__(self) -> Watch:
        self._pool = ThreadPoolExecutor(1)
        self._watching = self._pool.submit(self._watch)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._pool.shutdown()
        self._watching.result()

    def _watch(self) -> None:
        while not self._over.wait(0.0005):
            thread = self._thread()
            try:
                now = ours(thread) if thread else None
            except ProcessLookupError:
                continue
            if now and now != (self.seen[-1] if self.seen else None):
                self.seen.append(now)


def test_it_visits_each_for_as_long_and_is_free_again(
    two: tuple[int, int], make_gate: Callable[..., GateCapsule]
) -> None:
    before = ours()
    entrance = make_gate()
    readings = meter.create(entrance, 80 * MS, MS, two, 20 * MS)
    assert ours() == before
    meter.start(readings, PATIENCE_NS)
    assert ours() == {two[0]}
    visited: list[tuple[set[int], int]] = [(ours(), clock.now_ns())]
    while meter.lap(readings, 1):
        if ours() != visited[-1][0]:
            visited.append((ours(), clock.now_ns()))
    assert ours() == before
    assert [stop for stop, _ in visited] == [{two[0]}, {two[1]}] * 2
    # Late by what a busy machine keeps a thread waiting, but never early.
    assert all(moment >= visited[0][1] - MS + 20 * MS for _, moment in visited[1:])
    assert all(later > earlier for (_, earlier), (_, later) in pairwise(visited))
    meter.finish(readings)
    assert ours() == before


@pytest.mark.parametrize("call", [work.hold, work.release])
def test_a_kernel_is_moved_in_the_middle_of_a_call(
    call: Any, two: tuple[int, int], make_gate: Callable[..., GateCapsule]
) -> None:
    state = work.create(spin.kernel(), 8)
    told: list[int] = []

    def labour() -> set[int]:
        readings = meter.create(make_gate(), 120 * MS, MS, two, 30 * MS)
        told.append(threading.get_native_id())
        meter.start(readings, PATIENCE_NS)
        # One call, which lasts as long as the window does.
        assert not call(state, readings, 10**12)
        meter.finish(readings)
        return ours()

    if call is work.hold and getattr(sys, "_is_gil_enabled", lambda: True)():
        # Nobody else can watch: the end of it must do.
        assert labour() >= set(two)
        return
    seen: list[list[set[int]]] = []
    # A busy machine may keep it from the cores for longer than a stay.
    while len(seen) < 5 and [{two[0]}, {two[1]}] * 2 not in seen:
        told.clear()
        with Watch(lambda: told[0] if told else None) as watch, ThreadPoolExecutor(1) as pool:
            assert pool.submit(labour).result() >= set(two)
        seen.append([each for each in watch.seen if len(each) == 1][:4])
        # Where it is seen it is on one of the two, and never twice on one.
        assert all(one != other for one, other in pairwise(seen[-1]))
    assert seen[-1] == [{two[0]}, {two[1]}] * 2


def test_a_native_thread_travels_too(two: tuple[int, int]) -> None:
    here = threads()
    watcher: list[int] = []

    def newcomer() -> int | None:
        if not watcher:
            watcher.append(threading.get_native_id())
        new = threads() - here - set(watcher)
        return min(new, default=None)

    state = work.create(spin.kernel(), 8)
    seen: list[list[set[int]]] = []
    # As above.
    while len(seen) < 5 and [{two[0]}, {two[1]}] * 2 not in seen:
        watcher.clear()
        with Watch(newcomer) as watch:
            time.sleep(0.01)
            crew.run([state], 400_000, MS, 120 * MS, 0, 2, PATIENCE_NS, two, 30 * MS)
        seen.append([each for each in watch.seen if len(each) == 1][:4])
        assert all(one != other for one, other in pairwise(seen[-1]))
    assert seen[-1] == [{two[0]}, {two[1]}] * 2


def test_with_fixed_work_it_goes_round_until_the_work_is_done(
    two: tuple[int, int], make_gate: Callable[..., GateCapsule]
) -> None:
    before = ours()
    readings = meter.create(make_gate(), 0, MS, two, 5 * MS)
    meter.start(readings, PATIENCE_NS)
    visited = []
    for _ in range(6):
        visited.append(ours())
        time.sleep(0.006)
        assert meter.lap(readings, 1)
    assert visited == [{two[0]}, {two[1]}] * 3
    meter.finish(readings)
    assert ours() == before


def test_processors_that_are_not_there_leave_it_where_it_is(
    make_gate: Callable[..., GateCapsule],
) -> None:
    before = ours()
    readings = meter.create(make_gate(), 20 * MS, MS, (-1, 1023, 1024, 9999, 2**31 - 1), 2 * MS)
    meter.start(readings, PATIENCE_NS)
    while meter.lap(readings, 1):
        assert ours() == before
    assert ours() == before


@pytest.mark.parametrize("nowhere", [-1, 1023, 1024, 8191, 8192, 2**31 - 1])
def test_who_cannot_be_kept_on_its_processor_says_so(
    nowhere: int, make_gate: Callable[..., GateCapsule]
) -> None:
    if nowhere in ours():
        pytest.skip("this machine has it")
    before, entrance = ours(), make_gate(2)
    readings = meter.create(entrance, 20 * MS, MS, (nowhere,))
    with pytest.raises(RuntimeError, match="did not keep this thread on its processor"):
        meter.start(readings, PATIENCE_NS)
    # Nor does anybody wait for it.
    other = meter.create(entrance, 20 * MS, MS)
    with pytest.raises(InterruptedError):
        meter.start(other, PATIENCE_NS)
    states = [work.create(spin.kernel(), 8) for _ in range(2)]
    with pytest.raises(RuntimeError, match="did not keep a native thread on its processor"):
        crew.run(states, 1000, MS, 20 * MS, 0, 2, PATIENCE_NS, (min(before), nowhere))
    assert ours() == before


def test_a_worker_that_breaks_off_is_free_again(
    two: tuple[int, int], make_gate: Callable[..., GateCapsule]
) -> None:
    before = ours()
    readings = meter.create(make_gate(), 20 * MS, MS, two, MS)
    meter.start(readings, PATIENCE_NS)
    assert ours() == {two[0]}
    del readings
    assert ours() == before


def test_a_sample_that_is_called_off_leaves_it_free(
    two: tuple[int, int], make_gate: Callable[..., GateCapsule]
) -> None:
    before, entrance = ours(), make_gate(2)
    readings = meter.create(entrance, 20 * MS, MS, two, MS)
    gate.abort(entrance)
    with pytest.raises(InterruptedError):
        meter.start(readings, PATIENCE_NS)
    del readings
    assert ours() == before


def places_of_three(two: tuple[int, int]) -> list[set[int]]:
    """Where three native threads were kept, as far as another thread came to see it."""
    here = threads()
    places: dict[int, set[int]] = {}
    over = threading.Event()

    def watch() -> None:
        here.add(threading.get_native_id())
        while not over.wait(0.001):
            for thread in threads() - here:
                with suppress(ProcessLookupError):
                    # Before its first move and after its last it may go anywhere.
                    places[thread] = min(ours(thread), places.get(thread, set(two)), key=len)

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        time.sleep(0.01)
        states = [work.create(spin.kernel(), 8) for _ in range(3)]
        crew.run(states, 400_000, MS, 100 * MS, 0, 2, PATIENCE_NS, two, 0)
        over.set()
        watching.result()
    return list(places.values())


def test_native_threads_are_kept_each_on_its_own(two: tuple[int, int]) -> None:
    expected = sorted([[two[0]], [two[1]], [two[0]]])
    # Three threads that burn both processors may leave the one that watches none of the time.
    tries = (places_of_three(two) for _ in range(20))
    assert any(sorted(map(sorted, places)) == expected for places in tries)


def test_of_more_stops_than_a_tour_keeps_the_first_are_visited(
    two: tuple[int, int], make_gate: Callable[..., GateCapsule]
) -> None:
    readings = meter.create(make_gate(), 0, MS, two * 64, MS)
    meter.start(readings, PATIENCE_NS)
    assert ours() == {two[0]}


def test_too_many_processors_are_refused(make_gate: Callable[..., GateCapsule]) -> None:
    with pytest.raises(ValueError, match="at most 8192 processors, not 8193"):
        meter.create(make_gate(), 0, MS, tuple(range(8193)), MS)
    with pytest.raises(ValueError, match="at most 8192 processors, not 8193"):
        crew.run([], 1, MS, 0, 1, 2, PATIENCE_NS, tuple(range(8193)), MS)
    with pytest.raises(TypeError):
        meter.create(make_gate(), 0, MS, ("one",), MS)  # type: ignore[arg-type]
