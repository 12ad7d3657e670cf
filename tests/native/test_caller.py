from __future__ import annotations

import contextlib
import itertools
import signal
import sys
import tracemalloc
from functools import partial
from typing import TYPE_CHECKING

import pytest

import newcomers
from gilbench._native import caller, clock, presence, probe, truth

if TYPE_CHECKING:
    from collections.abc import Callable

US = 1_000
MS = 1_000_000

# What takes a function, and how it is told the bounds.
LOOPS: dict[str, Callable[..., object]] = {
    "repeat": lambda function, calls, span_ns: caller.repeat(function, None, calls, span_ns),
    "watched": lambda function, calls, span_ns: caller.repeat(
        function, presence.create(), calls, span_ns
    ),
    "durations": caller.durations,
}
every_loop = pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS)


@every_loop
@pytest.mark.parametrize("calls", [1, 2, 1000])
def test_it_calls_as_often_as_asked(loop: Callable[..., object], calls: int) -> None:
    numbers = itertools.count()
    loop(numbers.__next__, calls, 0)
    assert next(numbers) == calls


@every_loop
def test_it_stops_after_the_call_in_which_the_span_ends(loop: Callable[..., object]) -> None:
    made: list[int] = []

    def work() -> None:
        made.append(clock.now_ns())
        truth.burn(truth.create(), 2 * MS, 0, 1)

    loop(work, 0, 5 * MS)
    ended = clock.now_ns()
    assert 1 <= len(made) <= 3
    assert made[-1] - made[0] < 5 * MS <= ended - made[0]


@every_loop
def test_what_bounds_first_ends_it(loop: Callable[..., object]) -> None:
    numbers = itertools.count()
    loop(numbers.__next__, 3, 3600 * 1000 * MS)
    assert next(numbers) == 3
    # One call there is in any case.
    loop(numbers.__next__, 1000, 1)
    assert next(numbers) >= 5


def test_its_figures_add_up() -> None:
    burn = partial(truth.burn, truth.create(), 100 * US, 0, 1)
    before = clock.now_ns()
    calls, inside, longest, began, ended = caller.repeat(burn, None, 50, 0)
    outside = clock.now_ns() - before
    assert calls == 50
    assert 50 * 100 * US <= inside <= ended - began <= outside
    assert 100 * US <= inside / calls <= longest <= inside


def test_durations_are_those_of_each_call() -> None:
    account = truth.create()
    lengths = iter([MS, 10 * US, 3 * MS])
    each = caller.durations(lambda: truth.burn(account, next(lengths), 0, 1), 3, 0)
    assert each[0] >= MS
    assert each[1] >= 10 * US
    assert each[2] >= 3 * MS
    assert len(each) == 3


class Noted:
    """What says when it goes."""

    def __init__(self, events: list[str]) -> None:
        self.events = events
        events.append("made")

    def __del__(self) -> None:
        self.events.append("gone")


@every_loop
def test_a_result_is_dropped_before_the_next_call(loop: Callable[..., object]) -> None:
    events: list[str] = []
    loop(partial(Noted, events), 3, 0)
    assert events == ["made", "gone"] * 3


def test_dropping_a_result_is_no_part_of_the_call() -> None:
    class Slow:
        def __del__(self) -> None:
            truth.burn(account, 5 * MS, 0, 1)

    account = truth.create()
    best = min(caller.repeat(Slow, None, 1, 0)[1] for _ in range(5))
    assert best < 5 * MS
    _, inside, _, began, ended = caller.repeat(Slow, None, 2, 0)
    assert ended - began - inside >= 5 * MS


@every_loop
def test_what_the_function_raises_passes_through(loop: Callable[..., object]) -> None:
    numbers = iter([1, 2])
    with pytest.raises(StopIteration):
        loop(numbers.__next__, 5, 0)
    with pytest.raises(ZeroDivisionError):
        loop(lambda: 1 / 0, 5, 0)
    with pytest.raises(SystemExit, match="enough"):
        loop(partial(sys.exit, "enough"), 5, 0)
    with pytest.raises(TypeError, match="not callable"):
        loop(3, 5, 0)


@every_loop
def test_no_reference_is_lost_or_left(loop: Callable[..., object]) -> None:
    kept = object()
    function = [kept].copy
    missing: Callable[[], object] = {}.popitem  # type: ignore[var-annotated]

    def work() -> None:
        loop(function, 100_000, 0)
        for _ in range(1000):
            with contextlib.suppress(KeyError):
                loop(missing, 5, 0)

    tracemalloc.start()
    try:
        work()
        before = sys.getrefcount(kept), sys.getrefcount(function), sys.getrefcount(missing)
        memory = tracemalloc.get_traced_memory()[0]
        work()
        grown = tracemalloc.get_traced_memory()[0] - memory
    finally:
        tracemalloc.stop()
    after = sys.getrefcount(kept), sys.getrefcount(function), sys.getrefcount(missing)
    assert after == before
    assert grown < 10_000


@every_loop
@pytest.mark.parametrize("bounds", [(0, 0), (-1, 5), (5, -1), (-1, -1)])
def test_calls_without_a_bound_are_refused(
    loop: Callable[..., object], bounds: tuple[int, int]
) -> None:
    with pytest.raises(ValueError, match="a number of calls or a span must bound the calls"):
        loop(int, *bounds)


def test_what_is_no_presence_is_refused() -> None:
    for wrong in (1, "here", probe.bell()):
        with pytest.raises(ValueError, match="PyCapsule"):
            caller.repeat(int, wrong, 1, 0)  # type: ignore[arg-type]


def grants_within(function: Callable[[], object], span_ns: int) -> int | None:
    """Return how often another thread got the GIL after the first call of `function` began and
    before the last one did; None if it did not ask for it in that time.
    """
    stamps: list[int] = []
    # The clock is read and noted, and then the function is called, all by native code.
    noting = map(stamps.append, iter(clock.now_ns, -1))
    both = zip(noting, iter(function, object()), strict=True)
    return newcomers.grants_within(both.__next__, stamps, span_ns)


def bytecode() -> None:
    for _ in range(50):
        pass


@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="there is no GIL to get"
)
def test_the_gil_is_not_handed_over_between_calls_that_hold_it() -> None:
    holding = partial(truth.burn, truth.create(), 5 * US, 0, 1)
    # On one core the two threads take turns by time slices, each of some milliseconds.
    for span_ns in (5 * MS, 50 * MS, 200 * MS):
        grants = [grants_within(holding, span_ns) for _ in range(10)]
        assert set(grants) <= {0, None}
        # It would have been seen: calls of bytecode hand it over.
        if 0 in grants and any(grants_within(bytecode, span_ns) for _ in range(20)):
            return
    pytest.fail("nobody was seen to ask, or to be let in by bytecode")


@pytest.mark.skipif(sys.platform == "win32", reason="needs an interval timer")
def test_signals_wait_until_it_is_through() -> None:
    numbers, seen = itertools.count(), []
    before = signal.signal(signal.SIGALRM, lambda *_: seen.append(repr(numbers)))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        calls, *_ = caller.repeat(numbers.__next__, None, 0, 20 * MS)
        assert seen == [f"count({calls})"]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


FORKS = """
import os, sys, warnings
from gilbench._native import caller, presence
warnings.simplefilter("ignore", DeprecationWarning)

def fork():
    child = os.fork()
    if child == 0:
        CHILD
    else:
        status = os.waitpid(child, 0)[1]
        print("child", status, flush=True)

print(caller.repeat(fork, presence.create(), 2, 0)[0], flush=True)
print(len(caller.durations(fork, 1, 0)), "parent", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.parametrize("child", ["return", "raise ValueError", "sys.exit(5)"])
def test_a_child_that_the_function_forked_goes_no_further(
    child: str, run_python: Callable[..., str]
) -> None:
    output = run_python(FORKS.replace("CHILD", child))
    assert output == "child 0\nchild 0\n2\nchild 0\n1 parent\n"


INSIDE_A_CHILD = """
import os
from gilbench._native import caller
if os.fork() == 0:
    print(caller.repeat(int, None, 3, 0)[0], flush=True)
    os._exit(0)
os.wait()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_process_that_was_forked_before_can_call(run_python: Callable[..., str]) -> None:
    assert run_python(INSIDE_A_CHILD) == "3\n"


def test_a_function_may_have_a_stage_to_be_called_from() -> None:
    used = []

    def stage(function: Callable[..., object], /, *arguments: object) -> object:
        used.append(arguments[1:])
        return function(*arguments)

    function = partial(int, 5)
    vars(function)["__gilbench_stage__"] = stage
    assert caller.repeat(function, None, 2, 0)[0] == 2
    assert len(caller.durations(function, 3, 0)) == 3
    assert used == [(None, 2, 0), (3, 0)]
