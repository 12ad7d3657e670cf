"""Systems that are full, locked, poor, narrow or oddly set up."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from .conftest import all_tried, reasons_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import Program

SHORT = ("--workers", "2", "--budget", "500ms", "--precision", "50", "--output", "run.jsonl")
SPIN = ("run", "spin", "--backends", "threads,processes", "--modes", "hold")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@contextmanager
def small_disk(folder: Path, options: str) -> Iterator[None]:
    """Mount an empty disk at `folder`; skip the test where that is not allowed."""
    mount = ["mount", "-t", "tmpfs", "-o", options, "gilbench-test", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no disk can be mounted here: {error}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True, timeout=30)


def assert_cut_off(program: Program, status: int, err: str, name: str, reason: int) -> None:
    assert status == 1
    run = program.stored(name)
    assert err == (
        f"gilbench: cannot go on writing {name} ({os.strerror(reason)}): records safe in it: "
        f"{len(run.calibrations) + len(run.samples)}\n"
    )
    assert run.stop is None


def test_a_full_disk_is_one_line_and_a_readable_file(program: Program) -> None:
    disk = program.folder / "disk"
    disk.mkdir()
    with small_disk(disk, "size=8k"):
        ended = program.run(*SPIN, "--budget", "60s", "--output", "disk/run.jsonl")
        assert_cut_off(program, ended.status, ended.err, "disk/run.jsonl", errno.ENOSPC)


def limited(limit: str) -> tuple[str, ...]:
    """Return what starts a program under a limit of the shell's."""
    return ("sh", "-c", f'ulimit {limit} && exec "$@"', "sh")


def test_a_file_that_may_not_grow_is_one_line_and_a_readable_file(program: Program) -> None:
    ended = program.run(
        *(*SPIN, "--budget", "60s", "--output", "run.jsonl"), through=limited("-f 16")
    )
    assert_cut_off(program, ended.status, ended.err, "run.jsonl", errno.EFBIG)


def test_a_home_that_cannot_be_written_is_told_and_results_go_elsewhere(program: Program) -> None:
    home = program.folder / "home"
    home.mkdir()
    program.variables |= {"HOME": str(home), "XDG_STATE_HOME": str(home / "state")}
    with small_disk(home, "ro,size=4k"):
        ended = program.run(*SPIN, *SHORT[:-2], "--format", "json")
    assert ended.status == 0
    assert ended.err.startswith(f"gilbench: {home}/state/gilbench cannot be written (")
    assert ended.err.count("\n") == 1
    (path,) = program.temporary.iterdir()
    assert ended.err.endswith(f"results go to {path}\n")
    assert program.stored(str(path)).stop is not None
    path.unlink()


@pytest.mark.slow
def test_without_shared_memory_all_is_measured(program: Program) -> None:
    script = 'mount -t tmpfs -o ro,size=4k none /dev/shm && exec "$@"'
    through = ("unshare", "--mount", "sh", "-c", script, "sh")
    try:
        subprocess.run([*through, "true"], check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"/dev/shm cannot be hidden here: {error}")
    run = program.measure_until(
        all_tried,
        *("spin", "--backends", "threads,fork,spawn,forkserver", "--modes", "hold"),
        *("--workers", "2"),
        through=through,
    )
    assert not reasons_of(run)


@pytest.mark.slow
@pytest.mark.long
def test_4096_workers_are_measured_or_fail_with_the_reason(program: Program) -> None:
    run = program.measure_until(
        all_tried,
        *("spin", "--backends", "processes,spawn", "--workers", "4096", "--modes", "hold"),
        through=limited("-n 1024"),
    )
    reasons = reasons_of(run)
    for backend in ("processes", "spawn"):
        assert reasons.pop(("spin", backend, 4096)).startswith("4096 workers would take ")
    # Where the system allows so many threads, they are measured.
    assert set(reasons) <= {("spin", "native", 4096)}
    assert set(reasons.values()) <= {"the system refused to start 4096 native threads"}


@pytest.mark.slow
def test_hundreds_of_threads_on_a_few_cores_are_measured(program: Program) -> None:
    run = program.measure_until(
        all_tried, *("spin", "--backends", "threads", "--workers", "300", "--modes", "hold")
    )
    assert not reasons_of(run)


def test_64_descriptors_are_enough_for_two_workers_and_too_few_for_64(program: Program) -> None:
    run = program.measure_until(
        all_tried,
        *("spin", "--backends", "threads,fork,spawn", "--modes", "hold", "--workers", "2,64"),
        through=limited("-n 64"),
    )
    reasons = reasons_of(run)
    for backend in ("spawn", "fork"):
        reason = reasons.pop(("spin", backend, 64))
        assert reason.startswith("64 workers would take ")
        assert "open files, and this process may open " in reason
    assert not reasons


@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "xx_YY.UTF-8", "LANG": "nowhere"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["unknown", "ascii"],
)
def test_a_broken_locale_changes_characters_at_most(
    variables: dict[str, str], program: Program
) -> None:
    program.variables |= variables
    ended = program.run(*SPIN, *SHORT[:-1], "größe.jsonl")
    assert (ended.status, ended.err) == (0, "")
    assert "spin" in ended.out
    assert "threads" in ended.out
    if "PYTHONUTF8" in variables:
        assert ended.out.isascii()
    assert program.stored("größe.jsonl").stop is not None


def test_a_terminal_of_20_columns_gets_lines_that_fit(program: Program) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 20, 0, 0))
    program.variables |= {"TERM": "xterm"}
    pieces: list[bytes] = []

    def read() -> None:
        # Linux tells the end of a terminal by an error.
        try:
            while piece := os.read(ours, 4096):
                pieces.append(piece)
        except OSError:
            pass

    reader = threading.Thread(target=read)
    with closing(os.fdopen(ours, "rb", buffering=0, closefd=True)):
        process = program.start(*SPIN, *SHORT, stdout=theirs, stderr=theirs)
        os.close(theirs)
        reader.start()
        program.end_of(process)
        reader.join(30)
    text = b"".join(pieces).decode()
    assert process.returncode == 0
    assert "Traceback" not in text
    assert "left" in text, "the progress"
    report = text[text.index("CPython") :]
    lines = [ESCAPE.sub("", line).rstrip() for line in report.splitlines()]
    # A command is to be copied as a whole.
    assert not [each for each in lines if len(each) > 20 and not each.startswith("python -m ")]
