"""Ctrl-C and SIGTERM, whenever they come."""

from __future__ import annotations

import json
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from gilbench import StopReason

from .conftest import UNTIL_CTRL_C, becomes_true, sampled

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Ended, Program

# As `python -m gilbench`, but it tells when the first line of ours runs: what comes before is the
# interpreter's own start.
BEGINS = "from gilbench.__main__ import main; print('begun', flush=True); main()"
MOMENTS = 20
RUN = ("run", "spin", "--backends", "threads,fork", "--workers", "2", "--budget", "300ms")
SO_FAR = "what was measured so far: python -m gilbench show run.jsonl"


def begin(program: Program) -> Callable[[], Ended]:
    """Start a short run. Return what waits for its end; both from its first moment on."""
    process = program.start(*RUN, "--output", "run.jsonl", python=("-c", BEGINS))
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return lambda: program.end_of(process)


@pytest.mark.slow
def test_ctrl_c_at_any_moment_leaves_a_readable_file_and_nothing_else(
    make_program: Callable[[], Program],
) -> None:
    began = time.monotonic()
    assert begin(make_program())().status == 0
    seconds = time.monotonic() - began
    dice = random.Random(130)
    # One in each twentieth of a run, from its start to its report.
    moments = [(part + dice.random()) / MOMENTS * seconds for part in range(MOMENTS)]
    programs = [make_program() for _ in moments]

    def interrupted(program: Program, moment: float) -> Ended:
        end = begin(program)
        time.sleep(moment)
        program.started[0].send_signal(signal.SIGINT)
        return end()

    # Two at a time, to last as long as the first one did, more or less.
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(interrupted, programs, moments))
    for program, ended in zip(programs, ends, strict=True):
        assert "Traceback" not in ended.err
        if ended.status == 0 or ended.status == -signal.SIGINT:
            # The report was out already.
            assert program.stored().stop is not None
            continue
        assert ended.status == 130
        assert ended.err.startswith("gilbench: interrupted")
        assert ended.err.count("\n") == 1
        assert not ended.out.strip()
        if (program.folder / "run.jsonl").exists():
            assert SO_FAR in ended.err or ended.err == "gilbench: interrupted\n"
            assert program.stored().stop is not None
        else:
            assert SO_FAR not in ended.err
    assert sum(ended.status == 130 for ended in ends) >= MOMENTS // 2


@pytest.mark.slow
def test_sigterm_ends_a_run_as_ctrl_c_does(program: Program) -> None:
    process = program.start(
        *("run", "python", "--backends", "threads,spawn", "--workers", "2"),
        *(*UNTIL_CTRL_C, "--output", "run.jsonl"),
    )

    def came() -> bool:
        run = program.so_far()
        return run is not None and ("python", "spawn", 2) in sampled(run)

    assert becomes_true(came, 60, every=0.05)
    process.send_signal(signal.SIGTERM)
    ended = program.end_of(process)
    assert (ended.status, ended.out) == (143, "")
    assert ended.err == f"gilbench: terminated; {SO_FAR}\n"
    stop = program.stored().stop
    assert stop is not None
    assert stop.reason is StopReason.INTERRUPTED
    shown = program.run("show", "run.jsonl", "--format", "json")
    assert (shown.status, shown.err) == (0, "")
    assert json.loads(shown.out)["stop"]["reason"] == "interrupted"


def test_a_signal_before_anything_was_measured_leaves_no_file(program: Program) -> None:
    program.functions("""
        import time

        def hangs():
            open("it-hangs", "w").close()
            while True:
                time.sleep(60)
    """)
    process = program.start(
        *("run", "mine:hangs", "--backends", "threads", *UNTIL_CTRL_C, "--output", "run.jsonl")
    )
    assert becomes_true((program.folder / "it-hangs").exists, 60)
    process.send_signal(signal.SIGTERM)
    ended = program.end_of(process)
    assert (ended.status, ended.out) == (143, "")
    assert ended.err == "gilbench: terminated; nothing was measured yet\n"
    assert not (program.folder / "run.jsonl").exists()


@pytest.mark.slow
def test_who_does_not_wait_for_the_end_leaves_nothing_either(program: Program) -> None:
    process = program.start(
        *("run", "spin", "--backends", "spawn", "--workers", "2"),
        *(*UNTIL_CTRL_C, "--output", "run.jsonl"),
    )

    def came() -> bool:
        run = program.so_far()
        return run is not None and len(run.samples) > 6

    assert becomes_true(came, 60, every=0.05)
    process.send_signal(signal.SIGINT)
    time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    ended = program.end_of(process)
    assert ended.status == 130
    assert "Traceback" not in ended.err
    assert program.stored().samples
