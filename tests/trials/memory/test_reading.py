from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from gilbench.trials.memory import labour, reading
from gilbench.trials.memory.reading import Reading
from gilbench.trials.tried import UnavailableError

on_linux = pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="this system does not tell it so"
)


@on_linux
def test_the_memory_of_this_process() -> None:
    own = reading.own()
    assert own.uss is not None
    assert own.pss is not None
    assert 0 < own.uss <= own.pss <= own.rss


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    """A process that has ten MiB of its own."""
    text = "import sys; kept = bytearray(b'x') * (10 << 20); print(flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.communicate()


@on_linux
def test_others_share_is_that_of_children_but_some(child: subprocess.Popen[str]) -> None:
    # What other tests' processes left running (multiprocessing keeps its helpers) is none of ours.
    theirs = {each.pid for each in psutil.Process().children()} - {child.pid}
    assert reading.others_pss({child.pid, *theirs}) == 0
    others = reading.others_pss(theirs)
    assert others is not None
    assert 10 << 20 < others < 40 << 20


@on_linux
def test_what_others_share_is_unknown_where_it_is_forbidden(
    child: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_text

    def read_text(path: Path, *arguments: Any) -> str:
        if path.name == "smaps_rollup":
            raise PermissionError(path)
        return read(path, *arguments)

    monkeypatch.setattr(Path, "read_text", read_text)
    assert reading.others_pss(set()) is None


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells it so")
def test_where_linux_adds_nothing_up_it_still_tells_what_is_resident(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resident = reading.own().rss
    monkeypatch.setattr(labour, "memory", dict)
    own = reading.own()
    assert own == Reading(rss=own.rss)
    assert own.rss == pytest.approx(resident, rel=0.3)
    assert reading.why_no_pss() == "this system has no /proc/self/smaps_rollup"
    with pytest.raises(UnavailableError, match="does not tell the memory of a process"):
        reading.of_process(2**22 + 1)


@pytest.mark.parametrize("status", [0, -1])
def test_on_macos_the_unshared_part_is_the_footprint(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Library:
        def __init__(self, name: None) -> None:
            pass

        def proc_pid_rusage(self, pid: int, flavor: int, usage: Any) -> int:
            assert (pid, flavor) == (77, 0)
            # The offsets of <sys/resource.h>.
            whole = (ctypes.c_uint64 * 12).from_address(ctypes.addressof(usage._obj))
            whole[8], whole[9] = 5 << 20, 3 << 20
            return status

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", Library)
    if status:
        with pytest.raises(UnavailableError, match="macOS does not let"):
            reading.of_process(77)
        return
    assert reading.of_process(77) == Reading(rss=5 << 20, uss=3 << 20)
    assert reading.why_no_pss() == "macOS does not tell proportional sizes (PSS)"


class Function:
    """A foreign function: types can be set on it."""

    def __init__(self, call: Any) -> None:
        self.restype: object = None
        self._call = call

    def __call__(self, *arguments: object) -> object:
        return self._call(*arguments)


@pytest.mark.parametrize("handle", [5, None])
def test_on_windows_it_is_the_private_bytes(
    handle: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[object] = []

    def tell(process: Any, counters: Any, bytes: int) -> int:
        assert (process.value, bytes) == (5, ctypes.sizeof(counters._obj))
        # Two 32-bit fields, then sizes: the second is the working set, the ninth is private.
        sizes = (ctypes.c_size_t * 9).from_address(ctypes.addressof(counters._obj) + 8)
        sizes[1], sizes[8] = 5 << 20, 3 << 20
        return 1

    class Kernel:
        def __init__(self, name: str, use_last_error: bool) -> None:
            self.OpenProcess = Function(lambda *_: handle)
            self.K32GetProcessMemoryInfo = Function(tell)
            self.CloseHandle = Function(lambda each: closed.append(each.value))

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", Kernel, raising=False)
    if handle is None:
        with pytest.raises(UnavailableError, match="Windows does not let"):
            reading.of_process(77)
        assert closed == []
        return
    assert reading.of_process(77) == Reading(rss=5 << 20, uss=3 << 20)
    assert closed == [5]
    assert reading.why_no_pss() == "Windows does not tell proportional sizes (PSS)"


def test_elsewhere_this_process_is_looked_at_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def of_process(pid: int) -> Reading:
        asked.append(pid)
        return Reading(rss=1)

    monkeypatch.setattr(labour, "memory", dict)
    monkeypatch.setattr(reading, "of_process", of_process)
    assert reading.own() == Reading(rss=1)
    assert asked == [os.getpid()]
