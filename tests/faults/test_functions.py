"""Functions of the user that raise, exit, print, move, and start threads and processes."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

import gilbench
from processes import descriptors
from waiting import becomes_true

from .conftest import all_tried, reasons_of

if TYPE_CHECKING:
    from pathlib import Path

    from gilbench import StoredRun

    from .conftest import Program

# Each does its worst where it is measured. A host leads its session, and is calibrated by its main
# thread.
MINE = """
    import multiprocessing, os, subprocess, sys, tempfile, threading, time

    def measured():
        in_thread = threading.current_thread() is not threading.main_thread()
        return in_thread or os.getsid(0) != os.getpid()

    def works():
        sum(range(1000))

    def raises():
        if measured():
            raise LookupError("not today")

    def exits():
        if measured():
            sys.exit("enough")

    def interrupts():
        if measured():
            raise KeyboardInterrupt

    def prints():
        print("p" * 2**20)
        print("q" * 2**20, file=sys.stderr)
        os.write(1, b"r" * 2**20)
        os.write(2, b"s" * 2**20)

    def moves():
        os.chdir(tempfile.mkdtemp())

    def starts_threads():
        if threading.active_count() < 50:
            threading.Thread(target=time.sleep, args=(60,)).start()

    started = []

    def starts_children():
        if len(started) < 5:
            started.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]))

    def starts_a_pool():
        with multiprocessing.Pool(1) as pool:
            assert pool.map(abs, [-1]) == [1]

    left = []

    def leaves_a_process():
        if not left:
            left.append(multiprocessing.Process(target=time.sleep, args=(60,)))
            left[0].start()

    def forks():
        if measured() and len(started) < 5:
            started.append(os.fork())
"""


def run(program: Program, *functions: str, backends: str) -> StoredRun:
    program.functions(MINE)
    names = [f"mine:{function}" for function in functions]
    return program.measure_until(all_tried, *names, "--backends", backends, "--workers", "2")


def test_what_raises_or_exits_fails_with_the_reason_and_the_others_go_on(program: Program) -> None:
    reasons = reasons_of(
        run(program, "raises", "exits", "interrupts", "works", backends="threads,fork")
    )
    for name, words in (
        ("raises", "LookupError: not today (mine.py:"),
        ("exits", "SystemExit: enough (mine.py:"),
        ("interrupts", "KeyboardInterrupt (mine.py:"),
    ):
        for case in (("processes", 1), ("processes", 2), ("fork", 2), ("threads", 2)):
            assert words in reasons.pop((f"mine:{name}", *case))
    assert not reasons


@pytest.mark.slow
@pytest.mark.long
def test_what_prints_moves_or_leaves_things_behind_is_measured(program: Program) -> None:
    functions = ("prints", "moves", "starts_threads", "starts_children")
    assert not reasons_of(run(program, *functions, backends="threads,spawn"))


@pytest.mark.slow
@pytest.mark.long
def test_what_starts_processes_is_measured_in_processes_of_every_kind(program: Program) -> None:
    functions = ("starts_a_pool", "leaves_a_process", "forks")
    assert not reasons_of(run(program, *functions, backends="fork,forkserver,spawn"))


def test_nothing_is_left_in_the_process_that_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.py").write_text(
        "import os\n"
        "def works(): pass\n"
        "def leaves():\n    if os.getsid(0) != os.getpid(): os._exit(3)\n"
    )
    monkeypatch.chdir(tmp_path)

    def measure() -> gilbench.Findings:
        return gilbench.run(
            ["mine:leaves", "mine:works"], backends=["processes"], workers=[2], budget="700ms"
        )

    measure()
    threads, before = set(threading.enumerate()), descriptors()
    findings = measure()
    assert "exited with status 3" in {f.reason and f.reason[-20:] for f in findings.cases}
    assert becomes_true(lambda: set(threading.enumerate()) == threads)
    assert becomes_true(lambda: descriptors() <= before)
    assert os.getcwd() == str(tmp_path)  # noqa: PTH109 - as a text
