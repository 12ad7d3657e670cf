from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from processes import gone_soon

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

SLEEPER = "import time; time.sleep(120)"

# It watches its input, and is deaf and dumb in a kernel that holds the GIL.
HOLDS_THE_GIL = f"""
import subprocess, sys
from gilbench._native import lifeline, spin, work
lifeline.watch(0)
grandchild = subprocess.Popen([sys.executable, "-c", {SLEEPER!r}], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL)
print(grandchild.pid, flush=True)
work.run(work.create(spin.kernel(), 8), 2**50)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups of this kind")
def test_a_process_ends_with_its_lifeline_and_takes_its_group_along(
    start_python: Callable[..., subprocess.Popen[str]],
) -> None:
    with start_python(HOLDS_THE_GIL, start_new_session=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        grandchild = int(process.stdout.readline())
        # It holds the GIL by now, and lives as long as the pipe does.
        time.sleep(0.1)
        assert process.poll() is None
        assert psutil.pid_exists(grandchild)
        process.stdin.close()
        process.wait(10)
        assert gone_soon(grandchild)


# A leader of its group, whose member watches a pipe that is already closed.
LEADS = """
import subprocess, sys
member = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE)
member.stdin.close()
print(member.wait(30))
"""
WATCHES = f"""
from gilbench._native import lifeline
lifeline.watch(0)
{SLEEPER}
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups of this kind")
def test_who_does_not_lead_its_group_goes_alone(
    start_python: Callable[..., subprocess.Popen[str]],
) -> None:
    with start_python(LEADS, WATCHES, start_new_session=True) as leader:
        output, _ = leader.communicate(timeout=30)
    assert (leader.returncode, output) == (0, "1\n")


def test_what_is_written_into_the_pipe_changes_nothing(
    start_python: Callable[..., subprocess.Popen[str]],
) -> None:
    script = WATCHES.replace("time.sleep(120)", "time.sleep(0.3); print('still here')")
    with start_python(script) as process:
        assert process.stdin is not None
        process.stdin.write("anything\n")
        process.stdin.flush()
        assert process.stdout is not None
        assert process.stdout.read() == "still here\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups of this kind")
def test_the_folder_goes_too(
    start_python: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    folder = tmp_path / "gilbench-its folder"
    (folder / "in it").mkdir(parents=True)
    (folder / "in it" / "file").touch()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    (folder / "link").symlink_to(elsewhere)
    script = f"from gilbench._native import lifeline\nlifeline.watch(0, {str(folder)!r})\n{SLEEPER}"
    with start_python(script, start_new_session=True) as process:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)
    assert [path.name for path in tmp_path.rglob("*")] == ["elsewhere", "kept"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups of this kind")
@pytest.mark.parametrize("name", ["theirs", "gilbench", "their-gilbench-"])
def test_a_folder_of_another_name_is_left_alone(
    name: str, start_python: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "kept").touch()
    script = f"from gilbench._native import lifeline\nlifeline.watch(0, {str(folder)!r})\n{SLEEPER}"
    with start_python(script, start_new_session=True) as process:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)
    assert (folder / "kept").exists()


LETS_LOOSE = f"""
import os, subprocess, sys
from gilbench._native import lifeline
marked = {{**os.environ, "PADDING": "x" * 10_000, "GILBENCH_HOST": sys.argv[1]}}
others = {{**os.environ, "GILBENCH_HOST": sys.argv[1] + "2", "NOT_GILBENCH_HOST": sys.argv[1]}}
for environment in (marked, others):
    stray = subprocess.Popen([sys.executable, "-c", {SLEEPER!r}], env=environment,
                             start_new_session=True, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL)
    print(stray.pid, flush=True)
lifeline.watch(0, sys.argv[1])
{SLEEPER}
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows environments as files")
def test_what_left_the_group_with_the_hosts_mark_goes_too(
    start_python: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    folder = tmp_path / "gilbench-host"
    folder.mkdir()
    with start_python(LETS_LOOSE, str(folder), start_new_session=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stray, other = (int(process.stdout.readline()) for _ in range(2))
        try:
            time.sleep(0.1)
            process.stdin.close()
            process.wait(10)
            assert gone_soon(stray)
            assert psutil.pid_exists(other)
        finally:
            psutil.Process(other).kill()


# Looks as if it were in the middle of `execve` for as long as its input is open: it has neither
# environment nor command (prctl(2), PR_SET_MM_MAP; the fields are numbered as in proc(5)).
HIDES = f"""
import ctypes, struct, sys
SET_MM, MAP = 35, 14
libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
with open("/proc/self/stat") as stat:
    after_name = stat.read().rpartition(")")[2].split()
field = {{number: int(text) for number, text in enumerate(after_name[1:], 4)}}
def show(arguments_end, environment_end):
    areas = struct.pack(
        "12QIi", *(field[number] for number in (26, 27, 45, 46, 47)), libc.sbrk(0), field[28],
        field[48], arguments_end, field[50], environment_end, 0, 0, -1)
    return libc.prctl(SET_MM, MAP, ctypes.c_char_p(areas), ctypes.c_ulong(len(areas)), 0)
print("refused" if show(field[48], field[50]) else "hidden", flush=True)
sys.stdin.read()
show(field[49], field[51])
{SLEEPER}
"""
WATCHES_IN_ITS_FOLDER = f"""
import sys
from gilbench._native import lifeline
lifeline.watch(0, sys.argv[1])
print("watches", flush=True)
{SLEEPER}
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows environments as files")
def test_one_that_is_becoming_another_program_is_awaited(
    start_python: Callable[..., subprocess.Popen[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "gilbench-host"
    folder.mkdir()
    monkeypatch.setenv("GILBENCH_HOST", str(folder))
    with (
        start_python(HIDES, start_new_session=True) as stray,
        start_python(WATCHES_IN_ITS_FOLDER, str(folder), start_new_session=True) as process,
    ):
        try:
            assert stray.stdin is not None
            assert stray.stdout is not None
            assert process.stdin is not None
            assert process.stdout is not None
            if stray.stdout.readline() == "refused\n":
                pytest.skip("this system does not let a process hide its command")
            assert process.stdout.readline() == "watches\n"
            process.stdin.close()
            time.sleep(0.1)
            assert stray.poll() is None
            stray.stdin.close()
            process.wait(10)
            assert gone_soon(stray.pid)
        finally:
            stray.kill()
            process.kill()
