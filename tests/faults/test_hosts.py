"""A host that is killed, crashes, hangs or stands still, and a conductor that is killed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from waiting import becomes_true

from .conftest import IMPATIENT, all_tried, reasons_of, sampled

if TYPE_CHECKING:
    from gilbench import StoredRun

    from .conftest import Program

# Threads of the host itself; its main thread, which calibrates and runs `serial`, stays well.
MINE = """
    import ctypes, os, signal, subprocess, sys, threading, time
    from multiprocessing import shared_memory

    def in_thread():
        return threading.current_thread() is not threading.main_thread()

    def works():
        sum(range(1000))

    def is_killed():
        if in_thread():
            os.kill(os.getpid(), signal.SIGKILL)

    def crashes():
        if in_thread():
            ctypes.string_at(0)

    def leaves():
        if in_thread():
            os._exit(7)

    def wants_too_much():
        if in_thread():
            bytearray(2**62)

    def hangs():
        while in_thread():
            time.sleep(60)

    def stops():
        if in_thread():
            os.kill(os.getpid(), signal.SIGSTOP)

    def lets_loose():
        global loose
        if not loose:
            loose = True
            command = [sys.executable, "-c", "import time; time.sleep(100)"]
            subprocess.Popen(command, start_new_session=True)

    loose = False

    def shares_memory():
        global block
        if not block:
            block = shared_memory.SharedMemory(create=True, size=64)

    block = None

    def is_killed_at_once():
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    ("functions", "python"),
    [
        pytest.param(
            {
                "is_killed": "the host was killed by SIGKILL",
                "crashes": "the host was killed by SIGSEGV",
                "leaves": "the host exited with status 7",
                "wants_too_much": "MemoryError (mine.py:",
            },
            ("-m", "gilbench"),
            id="that dies",
        ),
        pytest.param(
            {
                "hangs": "it gave no sign of life for 1",
                "stops": "it gave no sign of life for 1",
            },
            ("-c", IMPATIENT),
            id="that stands still",
            marks=(pytest.mark.slow, pytest.mark.long),
        ),
    ],
)
def test_a_host_takes_its_case_along_and_no_other(
    functions: dict[str, str], python: tuple[str, ...], program: Program
) -> None:
    program.functions(MINE)
    names = [f"mine:{name}" for name in functions]
    run = program.measure_until(
        all_tried,
        *(*names, "mine:works", "--backends", "threads", "--workers", "2"),
        python=python,
    )
    reasons = reasons_of(run)
    assert set(reasons) == {(name, "threads", 2) for name in names}
    for name, words in functions.items():
        assert words in reasons[f"mine:{name}", "threads", 2]
    assert ("mine:works", "threads", 2) in sampled(run)


def test_when_nothing_can_be_measured_the_run_says_so_and_ends(program: Program) -> None:
    program.functions(MINE)
    ended = program.run(
        *("run", "mine:is_killed_at_once", "--backends", "threads", "--workers", "2"),
        *("--budget", "30s", "--output", "run.jsonl"),
    )
    assert (ended.status, ended.err) == (0, "")
    assert "the host was killed by SIGKILL" in " ".join(ended.out.split())
    assert not program.stored().samples


@pytest.mark.slow
def test_a_host_that_is_killed_from_outside_is_replaced(program: Program) -> None:
    killed: list[psutil.Process] = []

    def enough(run: StoredRun) -> bool:
        if not killed and {sample.host for sample in run.samples} == {0, 1, 2}:
            killed.append(psutil.Process(program.started[0].pid).children()[0])
            killed[0].kill()
        return any(sample.host == 3 for sample in run.samples)

    run = program.measure_until(
        enough, *("spin", "--backends", "threads", "--workers", "2", "--modes", "hold")
    )
    (reason,) = reasons_of(run).values()
    assert reason == "the host was killed by SIGKILL"


def test_nothing_outlives_a_conductor_that_is_killed(program: Program) -> None:
    process = program.start(
        *("run", "python", "--backends", "fork,forkserver,spawn", "--workers", "2"),
        *("--budget", "60s", "--output", "run.jsonl"),
    )
    # All that makes processes and files has run once.
    backends = {"fork", "forkserver", "spawn"}

    def came() -> bool:
        run = program.so_far()
        return run is not None and backends <= {backend for _, backend, _ in sampled(run)}

    assert becomes_true(came, 60, every=0.05)
    assert list(program.temporary.iterdir())
    process.kill()
    program.end_of(process)
    assert becomes_true(program.ended)
    assert not list(program.temporary.iterdir())
    assert program.stored().stop is None


def test_what_a_function_let_loose_ends_with_the_run(program: Program) -> None:
    program.functions(MINE)
    run = program.measure_until(all_tried, "mine:lets_loose", "--backends", "threads,processes")
    assert not run.failures
    # Before the fixture looks, too: the run has ended.
    assert not program.alive()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows environments as files")
@pytest.mark.parametrize("function", ["lets_loose", "shares_memory"])
def test_what_a_function_leaves_does_not_outlive_a_conductor_that_is_killed(
    function: str, program: Program
) -> None:
    program.functions(MINE)
    process = program.start(
        *("run", f"mine:{function}", "--backends", "threads", "--workers", "2"),
        *("--budget", "60s", "--output", "run.jsonl"),
    )

    def came() -> bool:
        run = program.so_far()
        return run is not None and all_tried(run)

    assert becomes_true(came, 60, every=0.05)
    process.kill()
    program.end_of(process)
    # The fixture looks for what is left in the shared memory, too.
    assert becomes_true(program.ended)
