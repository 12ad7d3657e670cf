"""A worker process that is killed, crashes, runs out of memory, hangs or stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .conftest import IMPATIENT, all_tried, reasons_of, sampled

if TYPE_CHECKING:
    from .conftest import Program

# A host leads its session; its workers are in it, and do not lead it.
MINE = """
    import ctypes, os, resource, signal, time

    def in_worker():
        return os.getsid(0) != os.getpid()

    def is_killed():
        if in_worker():
            os.kill(os.getpid(), signal.SIGKILL)

    def crashes():
        if in_worker():
            ctypes.string_at(0)

    def wants_too_much():
        if in_worker():
            limits = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (2**33, limits[1]))
            try:
                bytearray(2**34)
            finally:
                resource.setrlimit(resource.RLIMIT_AS, limits)

    def hangs():
        while in_worker():
            time.sleep(60)

    def stops():
        if in_worker():
            os.kill(os.getpid(), signal.SIGSTOP)
"""


def test_workers_that_die_fail_their_cases_and_no_others(program: Program) -> None:
    program.functions(MINE)
    run = program.measure_until(
        all_tried,
        *("mine:is_killed", "mine:crashes", "mine:wants_too_much", "spin"),
        *("--backends", "spawn", "--workers", "2", "--modes", "hold"),
    )
    reasons = reasons_of(run)
    for name, words in (
        ("is_killed", "its process was killed by SIGKILL"),
        ("crashes", "its process was killed by SIGSEGV"),
        ("wants_too_much", "MemoryError (mine.py:"),
    ):
        for case in (("processes", 1), ("processes", 2), ("spawn", 2)):
            assert words in reasons.pop((f"mine:{name}", *case))
    assert not reasons
    assert {case for case in sampled(run) if case[0] != "spin"} == {
        (f"mine:{name}", "serial", 1) for name in ("is_killed", "crashes", "wants_too_much")
    }


@pytest.mark.slow
@pytest.mark.long
def test_workers_that_stand_still_cost_their_cases_a_wait(program: Program) -> None:
    program.functions(MINE)
    run = program.measure_until(
        all_tried,
        *("mine:hangs", "mine:stops", "spin", "--backends", "processes", "--workers", "1"),
        python=("-c", IMPATIENT),
    )
    reasons = reasons_of(run)
    assert set(reasons) == {("mine:hangs", "processes", 1), ("mine:stops", "processes", 1)}
    assert all(reason.startswith("it gave no sign of life for ") for reason in reasons.values())
