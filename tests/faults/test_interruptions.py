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
from waiting import becomes_true

from .conftest import UNTIL_CTRL_C, sampled

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from .conftest import Ended, Program

# As `python -m gilbench`, but it tells when the first line of ours runs: what comes before is the
# interpreter's own start.
BEGINS = "from gilbench.__main__ import main; print('begun', flush=True); main()"
MOMENTS = 20
# Longer than any moment, and never precise enough.
RUN = (
    *("run", "spin", "--backends", "threads,fork", "--workers", "2"),
    *("--budget", "60s", "--precision", "0.1", "--output", "run.jsonl"),
)
SO_FAR = "what was measured so far: python -m gilbench show run.jsonl"


def begin(program: Program) -> subprocess.Popen[str]:
    """Start a run. Return from its first moment on."""
    process = program.start(*RUN, python=("-c", BEGINS))
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def interrupted(program: Program, process: subprocess.Popen[str]) -> Ended:
    """Press Ctrl-C. Return what became of the run, which is one line whenever that was."""
    process.send_signal(signal.SIGINT)
    ended = program.end_of(process)
    assert ended.status == 130
    assert "Traceback" not in ended.err
    assert ended.err.startswith("gilbench: interrupted")
    assert ended.err.count("\n") == 1
    assert not ended.out.strip()
    return ended


@pytest.mark.slow
@pytest.mark.long
def test_ctrl_c_at_any_moment_of_the_measuring_leaves_a_readable_file_and_nothing_else(
    make_program: Callable[[], Program],
) -> None:
    dice = random.Random(130)
    # From the first record on, one in each twentieth of a span in which the hosts start, the first
    # rounds come and go, and the analysis is asked whether they suffice.
    for part in range(MOMENTS):
        program = make_program()
        process = begin(program)
        assert becomes_true(lambda: program.so_far() is not None, 60, every=0.005)  # noqa: B023
        time.sleep((part + dice.random()) / MOMENTS * 0.8)
        assert interrupted(program, process).err == f"gilbench: interrupted; {SO_FAR}\n"
        stop = program.stored().stop
        assert stop is not None
        assert stop.reason is StopReason.INTERRUPTED


@pytest.mark.slow
def test_ctrl_c_before_anything_is_measured_leaves_no_file_or_one_without_samples(
    make_program: Callable[[], Program],
) -> None:
    dice = random.Random(2)
    program = make_program()
    began = time.monotonic()
    process = begin(program)
    assert becomes_true(lambda: program.so_far() is not None, 60, every=0.005)
    until_first_record = time.monotonic() - began
    interrupted(program, process)
    moments = [
        (part + dice.random()) / MOMENTS * until_first_record for part in range(MOMENTS // 2)
    ]

    def interrupted_after(program: Program, seconds: float) -> Ended:
        process = begin(program)
        time.sleep(seconds)
        return interrupted(program, process)

    programs = [make_program() for _ in moments]
    with ThreadPoolExecutor(2) as pool:
        all_ended = list(pool.map(interrupted_after, programs, moments))
    for program, ended in zip(programs, all_ended, strict=True):
        if (program.folder / "run.jsonl").exists():
            # The last moments are not far from the first sample.
            assert ended.err == f"gilbench: interrupted; {SO_FAR}\n"
            assert program.stored().stop is not None
        else:
            assert SO_FAR not in ended.err


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
