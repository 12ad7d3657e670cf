"""Is what `facts creation` adds to what it measures small? Its figures beside bare loops.

`python benchmarks/facts_creation.py [thread fork ...]` prints, for each way and figure, what the
trials measure, what a plain loop with the same primitive does, and their ratio. The two take turns
in one process, a process for each way. Each figure is the mean of the middle half: who of two
processes goes first makes some times fall in two heaps, between which a median would jump. Status 1
where a ratio is above 1.05: then the trial itself is in its figure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import fmean
from threading import Thread
from typing import TYPE_CHECKING

from gilbench.comparison import Way
from gilbench.trials import ways
from gilbench.trials.creation import cycle, pool, task
from gilbench.trials.tried import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Figures = Mapping[str, list[float]]
    _Deed = Callable[[], object]

_BOUND = 1.05
_SECONDS = 8
_ROUNDS = 10
_SPAN_NS = 25_000_000


def _until_over(step: Callable[[], None]) -> None:
    """Do it for as long and as often as the trials do."""
    ends = time.perf_counter_ns() + _SPAN_NS
    done = 0
    while done < cycle.MOST and (done < cycle.LEAST or time.perf_counter_ns() < ends):
        step()
        done += 1


def _bare_cycle(way: Way) -> Figures:
    starts: list[float] = []
    joins: list[float] = []
    begin = _beginner(way)

    def step() -> None:
        began = time.perf_counter_ns()
        join, clear_away = begin()
        started = time.perf_counter_ns()
        join()
        joined = time.perf_counter_ns()
        clear_away()
        starts.append(started - began)
        joins.append(joined - started)

    step()
    del starts[:], joins[:]
    _until_over(step)
    return _with_sums(starts, joins)


def _beginner(way: Way) -> Callable[[], tuple[_Deed, _Deed]]:
    """Return what starts a worker with nothing to do, and returns how to join and clear it away."""

    def thread() -> tuple[_Deed, _Deed]:
        worker = Thread(target=os.getpid)
        worker.start()
        return worker.join, lambda: None

    def interpreter() -> tuple[_Deed, _Deed]:
        execute, close = _new_interpreter()
        worker = Thread(target=execute, args=("import os\nos.getpid()",))
        worker.start()

        def join() -> None:
            worker.join()
            close()

        return join, lambda: None

    if way is Way.THREAD:
        return thread
    if way is Way.INTERPRETER:
        return interpreter
    context = ways.context(way)

    def process() -> tuple[_Deed, _Deed]:
        worker = context.Process(target=os.getpid)
        worker.start()
        return worker.join, worker.close

    return process


def _new_interpreter() -> tuple[Callable[[str], object], Callable[[], None]]:
    if sys.version_info >= (3, 14):
        from concurrent import interpreters

        made = interpreters.create()
        return made.exec, made.close
    if sys.version_info >= (3, 13):
        import _interpreters

        number = _interpreters.create("isolated")
        return (
            lambda text: _interpreters.exec(number, text),
            lambda: _interpreters.destroy(number),
        )
    import _xxsubinterpreters

    number = _xxsubinterpreters.create(isolated=True)
    return (
        lambda text: _xxsubinterpreters.run_string(number, text),
        lambda: _xxsubinterpreters.destroy(number),
    )


def _bare_task(way: Way) -> Figures:
    times: list[float] = []
    if way in {Way.FORKSERVER, Way.SPAWN}:
        context = ways.context(way)
        receiving, sending = context.Pipe(duplex=False)
        with receiving, sending:

            def step() -> None:
                began = time.perf_counter_ns()
                worker = context.Process(target=sending.send_bytes, args=(b"!",))
                worker.start()
                receiving.recv_bytes()
                times.append(time.perf_counter_ns() - began)
                worker.join()

            step()
            _until_over(step)
        return {"first task": times[1:]}
    reading, writing = os.pipe()

    def start() -> Callable[[], object]:
        if way is Way.INTERPRETER:
            execute, close = _new_interpreter()
            text = f"import os\nos.write({writing}, b'!')"
            worker = Thread(target=execute, args=(text,))
            worker.start()
            return lambda: (worker.join(), close())
        make = Thread if way is Way.THREAD else ways.context(way).Process
        worker = make(target=os.write, args=(writing, b"!"))
        worker.start()
        return worker.join

    def step_here() -> None:
        began = time.perf_counter_ns()
        join = start()
        os.read(reading, 1)
        times.append(time.perf_counter_ns() - began)
        join()

    step_here()
    _until_over(step_here)
    os.close(reading)
    os.close(writing)
    return {"first task": times[1:]}


def _bare_pool(way: Way) -> Figures:
    times: list[float] = []
    with pool.make_pool(way) as executor:
        executor.submit(os.getpid).result()

        def step() -> None:
            began = time.perf_counter_ns()
            executor.submit(os.getpid).result()
            times.append(time.perf_counter_ns() - began)

        _until_over(step)
    return {"task in a pool": times}


def _tried_cycle(way: Way) -> Figures:
    tried = cycle.cycle(way, _SPAN_NS)
    return _with_sums([*tried.figures["start_ns"]], [*tried.figures["join_ns"]])


def _tried_task(way: Way) -> Figures:
    return {"first task": [*task.task(way, (), _SPAN_NS).figures["task_ns"]]}


def _tried_pool(way: Way) -> Figures:
    return {"task in a pool": [*pool.pool(way, _SPAN_NS).figures["task_ns"]]}


def _with_sums(starts: list[float], joins: list[float]) -> Figures:
    both = [start + join for start, join in zip(starts, joins, strict=True)]
    return {"start": starts, "join": joins, "start and join": both}


def _turns(way: Way) -> Iterator[tuple[Figures, Figures]]:
    """Yield what trials measured, and what bare loops did, each figure several hundred times."""
    pairs = ((_tried_cycle, _bare_cycle), (_tried_task, _bare_task), (_tried_pool, _bare_pool))
    for tried, bare in pairs:
        ours: dict[str, list[float]] = {}
        theirs: dict[str, list[float]] = {}
        ends = time.monotonic() + _SECONDS
        turns = 0
        while turns < _ROUNDS or time.monotonic() < ends:
            turns += 1
            order = ((tried, ours), (bare, theirs))
            for measure, kept in order if turns % 2 else order[::-1]:
                for name, values in measure(way).items():
                    kept.setdefault(name, []).extend(values)
        yield ours, theirs


def compare(way: Way) -> int:
    """Print the ratios of a way. Return how many are above the bound."""
    above = 0
    try:
        for ours, theirs in _turns(way):
            for figure, values in ours.items():
                our_ns, bare_ns = _midmean(values), _midmean(theirs[figure])
                ratio = our_ns / bare_ns
                above += ratio > _BOUND
                print(
                    f"{way:12} {figure:15} {our_ns / 1e3:9.1f} us, bare {bare_ns / 1e3:9.1f} us,"
                    f" ratio {ratio:.3f}{'  ABOVE' if ratio > _BOUND else ''}",
                    flush=True,
                )
    except UnavailableError as error:
        print(f"{way:12} {error}")
    return above


def _midmean(values: list[float]) -> float:
    quarter = len(values) // 4
    return fmean(sorted(values)[quarter : len(values) - quarter])


def _main(names: list[str]) -> int:
    above = 0
    for way in map(Way, names or Way):
        # A spawned worker imports the main module: in a process without one it does not.
        code = (
            "import sys\n"
            f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
            "import facts_creation\n"
            f"sys.exit(facts_creation.compare(facts_creation.Way({str(way)!r})))"
        )
        above += subprocess.run([sys.executable, "-c", code], check=False).returncode
    return min(1, above)


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
