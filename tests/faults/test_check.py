"""Targets of a check that do what they should not, and what the user sees of it: one line, or a
verdict; nothing hung, nothing left.
"""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psutil
import pytest

import gilbench
from gilbench.results import StoredCheck
from waiting import becomes_true

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Ended, Program

MINE = """
    import ctypes, gc, os, signal, subprocess, sys, tempfile, threading, time

    number = 5
    calls = 0

    def wants(argument): pass

    def works():
        sum(range(1000))

    def naps():
        time.sleep(0.002)

    def raises():
        raise LookupError("not today")

    def raises_later():
        global calls
        calls += 1
        if calls == 100:
            raise LookupError("not any more")

    def hangs():
        while True:
            time.sleep(60)

    def hangs_and_holds():
        while True:
            pass

    def hangs_later():
        global calls
        calls += 1
        while calls > 10_000:  # more than are timed
            time.sleep(60)

    def exits():
        sys.exit("enough")

    def exits_at_once():
        os._exit(3)

    def crashes():
        ctypes.string_at(0)

    def interrupts():
        raise KeyboardInterrupt

    def closes():
        os.closerange(3, 256)

    def prints():
        print("p" * 2**20)
        print("q" * 2**20, file=sys.stderr)
        os.write(1, b"r" * 2**20)
        os.write(2, b"s" * 2**20)

    def forks():
        os.fork()

    def waits_for_threads():
        threads = [threading.Thread(target=time.sleep, args=(0.002,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def leaves_threads():
        time.sleep(0.001)
        if threading.active_count() < 20:
            threading.Thread(target=time.sleep, args=(60,)).start()

    def leaves_children():
        global calls
        calls += 1
        time.sleep(0.001)
        if calls < 4:
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])

    def switches():
        sys.setswitchinterval(10)
        time.sleep(0.001)

    def switches_and_holds():
        sys.setswitchinterval(10)
        sum(range(10_000))

    def moves():
        os.chdir(tempfile.mkdtemp())
        time.sleep(0.001)

    def collects_nothing():
        gc.disable()
        time.sleep(0.001)

    def fails_in_threads():
        time.sleep(0.001)
        if threading.current_thread() is not threading.main_thread():
            raise LookupError("not in threads")

    def crashes_in_threads():
        time.sleep(0.001)
        if threading.current_thread() is not threading.main_thread():
            os._exit(3)
"""

# Long enough for the least that a verdict gets.
SHORT = ("--budget", "300ms", "--timeout", "1s", "--output", "check.jsonl")


def check(program: Program, *arguments: str) -> Ended:
    program.functions(MINE)
    return program.run("check", *arguments, *SHORT)


def files(program: Program) -> set[str]:
    """What lies in the user's folder, but for what Python itself leaves there."""
    found = (path.relative_to(program.folder) for path in program.folder.rglob("*"))
    return {path.as_posix() for path in found if path.parts[0] not in {"__pycache__", "state"}}


def findings(program: Program, *arguments: str) -> dict[str, Any]:
    """Return what was found; there must be a verdict, and a file that says the same."""
    ended = check(program, *arguments, "--format", "json")
    assert (ended.status, ended.err) == (0, "")
    found: dict[str, Any] = json.loads(ended.out)
    stored = gilbench.load(program.folder / "check.jsonl")
    assert isinstance(stored, StoredCheck)
    again = gilbench.check_findings_to_json(gilbench.check_findings(stored))
    assert json.loads(again) == found
    assert files(program) == {"mine.py", "check.jsonl"}
    return found


# Refused


def is_refused(program: Program, arguments: list[str], line: str) -> None:
    ended = check(program, *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert re.sub(r"\(mine\.py:\d+\)", "(mine.py)", ended.err) == f"gilbench: {line}\n"
    assert files(program) == {"mine.py"}


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("f(", "statement 'f(' does not parse: '(' was never closed"),
        ("nowhere:f", "there is no module 'nowhere' in the current folder or the environment"),
        ("mine:raises", "the target raised LookupError: not today (mine.py)"),
        ("mine:exits_at_once", "the target ended its process: the host exited with status 3"),
    ],
)
def test_what_cannot_be_called_is_one_line_and_leaves_no_file(
    target: str, line: str, program: Program
) -> None:
    is_refused(program, [target], line)


HUNG = "a call of the target did not return within 1 s; see --timeout"
HUNG_AT_ONCE = (
    "a call of the target did not return within 1 s, or its import and setup not within 5 s; see"
    " --timeout"
)
REFUSED = {
    ("f()", "-s", "f = ("): "setup 'f = (' does not parse: '(' was never closed",
    ("f()", "-s", "import m"): (
        "the target raised ModuleNotFoundError: No module named 'm' (<setup>:1)"
    ),
    ("len(d)", "-s", "d = [1]", "--sizes", "1..8"): (
        "sizes are values of n, and neither the statement nor the setup has an n"
    ),
    ("bytes(n)", "--sizes", "8..1"): (
        "sizes: the last value of n, 1, is not larger than the first, 8"
    ),
    ("mine:number",): "'mine:number' is int, not a function",
    ("mine:raises_later",): "the target raised LookupError: not any more (mine.py)",
    ("mine:exits",): "the target raised SystemExit: enough (mine.py)",
    ("mine:crashes",): "the target ended its process: the host was killed by SIGSEGV",
    ("mine:interrupts",): (
        "the target ended its process: the host was killed by SIGINT; it said: KeyboardInterrupt"
    ),
    ("mine:closes",): (
        "the target ended its process: the host exited with status 1; it said: OSError: [Errno 9]"
        " Bad file descriptor"
    ),
    ("mine:hangs",): HUNG_AT_ONCE,
    ("mine:hangs_and_holds",): HUNG_AT_ONCE,
}


@pytest.mark.slow
@pytest.mark.long
def test_so_is_what_breaks_its_process(make_program: Callable[[], Program]) -> None:
    programs = [make_program() for _ in REFUSED]
    # Most of the time they wait.
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(is_refused, programs, map(list, REFUSED), REFUSED.values()))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        pytest.param(["mine:hangs_later"], HUNG, marks=pytest.mark.long),
        (
            ["bytes(n)[0]", "--sizes", "0..1"],
            "with n = 0, the target raised IndexError: index out of range",
        ),
    ],
)
def test_what_fails_in_the_middle_leaves_a_readable_file_too(
    arguments: list[str], line: str, program: Program
) -> None:
    ended = check(program, *arguments)
    assert (ended.status, ended.out, ended.err) == (2, "", f"gilbench: {line}\n")
    stored = gilbench.load(program.folder / "check.jsonl")
    assert isinstance(stored, StoredCheck)
    assert stored.timings
    stop = gilbench.check_findings(stored).stop
    assert stop is not None
    assert stop.reason is gilbench.StopReason.FAILED


# Measured all the same


HOLDS = {"holds", "holds-switchable", "inconclusive"}
HOLDS_A_PART = HOLDS | {"partial"}
RELEASES = {"releases", "inconclusive"}
RELEASES_MOST = RELEASES | {"partial", "releases-but-serial"}


MEDDLERS = {
    "prints": HOLDS_A_PART | RELEASES_MOST,  # it copies, and waits for who reads
    "forks": HOLDS_A_PART,
    "waits_for_threads": RELEASES_MOST,
    "leaves_threads": RELEASES_MOST,
    "leaves_children": RELEASES_MOST,
    "switches": RELEASES,
    "switches_and_holds": HOLDS,
    "moves": RELEASES_MOST,
    "collects_nothing": RELEASES,
    # That two threads of it break is found after its share, and does not make that untrue.
    "fails_in_threads": RELEASES,
    "crashes_in_threads": RELEASES,
}
REASONS = {
    "fails_in_threads": "LookupError: not in threads (mine.py:",
    "crashes_in_threads": "the host exited with status 3",
}


@pytest.mark.slow
@pytest.mark.long
def test_what_meddles_has_a_verdict(make_program: Callable[[], Program]) -> None:
    programs = [make_program() for _ in MEDDLERS]
    with ThreadPoolExecutor(2) as pool:
        found = dict(
            zip(
                MEDDLERS, pool.map(findings, programs, map("mine:{}".format, MEDDLERS)), strict=True
            )
        )
    verdicts = {function: each["verdict"] for function, each in found.items()}
    assert not {f: verdict for f, verdict in verdicts.items() if verdict not in MEDDLERS[f]}
    for each in found.values():
        assert each["verdict"] != "inconclusive" or each["reason"]
    for function, reason in REASONS.items():
        assert reason in found[function]["scaling"]["reason"]
        assert found[function]["scaling"]["threads"] is None


@pytest.mark.slow
def test_it_goes_on_with_other_sizes_after_a_crash_in_threads(program: Program) -> None:
    found = findings(
        program,
        "crashes_in_threads()",
        *("-s", "from mine import crashes_in_threads; n", "--sizes", "1..2"),
    )
    assert [row["size"] for row in found["sizes"]] == [1, 2]


# Interrupted


def interrupted(program: Program, *arguments: str) -> Ended:
    """Return what became of a check that got Ctrl-C once something had been seen."""
    program.functions(MINE)
    process = program.start("check", *arguments, "--budget", "10s", "--output", "check.jsonl")
    path = program.folder / "check.jsonl"
    assert becomes_true(lambda: path.exists() and path.read_bytes().count(b"\n") > 1, 60)
    process.send_signal(signal.SIGINT)
    return program.end_of(process)


def test_ctrl_c_leaves_a_readable_file(program: Program) -> None:
    ended = interrupted(program, "mine:naps")
    assert (ended.status, ended.out) == (130, "")
    assert ended.err == (
        "gilbench: interrupted; what was measured so far: python -m gilbench show check.jsonl\n"
    )
    stored = gilbench.load(program.folder / "check.jsonl")
    assert isinstance(stored, StoredCheck)
    assert stored.stop is not None
    assert stored.stop.reason is gilbench.StopReason.INTERRUPTED
    assert stored.timings
    assert gilbench.check_findings(stored).stop == stored.stop


@pytest.mark.slow
def test_ctrl_c_while_a_call_hangs_leaves_nothing(program: Program) -> None:
    program.functions(MINE)
    process = program.start(
        "check",
        "open('begun', 'w').close(); hangs()",
        "-s",
        "from mine import hangs",
        "--output",
        "check.jsonl",
    )
    assert becomes_true((program.folder / "begun").exists, 60)
    process.send_signal(signal.SIGINT)
    ended = program.end_of(process)
    assert (ended.status, ended.out) == (130, "")
    assert ended.err == "gilbench: interrupted; nothing was measured yet\n"
    assert files(program) == {"mine.py", "begun"}


@pytest.mark.slow
def test_a_check_that_is_killed_leaves_a_readable_file_and_nothing_else(program: Program) -> None:
    program.functions(MINE)
    process = program.start("check", "mine:naps", "--budget", "10s", "--output", "check.jsonl")
    path = program.folder / "check.jsonl"
    assert becomes_true(lambda: path.exists() and path.read_bytes().count(b"\n") > 1, 60)
    process.kill()
    program.end_of(process)
    stored = gilbench.load(path)
    assert isinstance(stored, StoredCheck)
    assert stored.stop is None


# In the process that asks


def test_nothing_is_left_in_the_process_that_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.py").write_text("import time\ndef naps(): time.sleep(0.001)\n")
    monkeypatch.chdir(tmp_path)

    def measure() -> None:
        gilbench.check("mine:naps", budget="100ms")

    measure()
    threads, before = set(threading.enumerate()), psutil.Process().num_fds()
    measure()
    assert becomes_true(lambda: set(threading.enumerate()) == threads)
    assert becomes_true(lambda: psutil.Process().num_fds() <= before)
    assert os.getcwd() == str(tmp_path)  # noqa: PTH109 - as a text
