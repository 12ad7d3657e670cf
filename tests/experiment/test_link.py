"""Hosts as they are: child processes, and user functions that do their worst in them."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from gilbench import __version__, backends
from gilbench.errors import HostError
from gilbench.experiment import launch, link
from gilbench.experiment.link import HostLostError, HostProcess
from gilbench.host.protocol import (
    PROTOCOL_VERSION,
    CalibratedReply,
    CalibrateRequest,
    CheckRequest,
    FailedReply,
    HelloReply,
    HelloRequest,
    OkReply,
    SampleReply,
    SampleRequest,
)
from orders import make_order
from processes import descriptors, runs, session_of
from waiting import becomes_true

if TYPE_CHECKING:
    from collections.abc import Iterator

MS = 1_000_000
PATIENCE_S = 30.0

MINE = """
import ctypes, multiprocessing, os, subprocess, sys, time
from multiprocessing import shared_memory

def works():
    sum(range(100))

def hangs():
    while True:
        time.sleep(60)

def crashes():
    ctypes.string_at(0)

def leaves():
    print("I am off", file=sys.stderr)
    os._exit(3)

def exits():
    sys.exit("enough")

def chatters():
    for _ in range(2000):
        print("x" * 1000)
        print("y" * 1000, file=sys.stderr)
    os.write(1, b"z" * 2_000_000)
    os.write(2, b"z" * 2_000_000)

SLEEPS = "import os, time; time.sleep(60)"
TELLS = "import os; print(os.getpid(), file=open('strays', 'a'), flush=True); "

def lets_one_loose_bare():
    stray = subprocess.Popen([sys.executable, "-c", SLEEPS], env={}, start_new_session=True)
    with open("stray", "w") as file:
        file.write(str(stray.pid))

def lets_daemons_loose():
    quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    open("strays", "w").close()
    subprocess.Popen([sys.executable, "-c", TELLS + SLEEPS], start_new_session=True, **quiet)
    # Its parent is gone at once, and so is who they descend from.
    forks = "import os; os.fork() and os._exit(0); os.setsid(); "
    subprocess.run([sys.executable, "-c", forks + TELLS + SLEEPS], **quiet)
    # No program of its own: a child of this one, that is no longer.
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            with open("strays", "a") as file:
                print(os.getpid(), file=file)
            time.sleep(60)
        os._exit(0)
    os.wait()

def shares_memory_and_hangs():
    context = multiprocessing.get_context("spawn")
    block = shared_memory.SharedMemory(create=True, size=64)
    semaphore = context.Semaphore()
    with open("shared", "w") as file:
        print("/dev/shm/" + block.name, "/dev/shm/sem." + semaphore._semlock.name[1:], file=file)
    time.sleep(60)

def lets_loose():
    stray = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"],
                             start_new_session=True)
    with open("stray", "w") as file:
        file.write(str(stray.pid))
"""


@pytest.fixture(autouse=True)
def my_functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    monkeypatch.chdir(tmp_path)


crashes_as_on_posix = pytest.mark.skipif(
    sys.platform == "win32", reason="there ctypes raises an exception instead"
)


def gate_files() -> set[Path]:
    return set(Path("/dev/shm").glob("gilbench-gate-*"))


@pytest.fixture
def left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing may be left of a host, whatever became of it."""
    # A short path: a socket's may not be longer than some hundred characters.
    with tempfile.TemporaryDirectory() as temporary:
        monkeypatch.setattr(tempfile, "tempdir", temporary)
        threads, open_before = set(threading.enumerate()), descriptors()
        yield
        assert not list(Path(temporary).iterdir())
    assert becomes_true(lambda: not psutil.Process().children(recursive=True))
    assert set(threading.enumerate()) == threads
    assert becomes_true(lambda: descriptors() <= open_before)


@pytest.fixture
def host(left_alone: None) -> Iterator[HostProcess]:
    with closing(HostProcess()) as host:
        yield host
        host.close()
        assert becomes_true(lambda: not session_of(host)), session_of(host)


def sample(workload: str, backend: str, workers: int = 2) -> SampleRequest:
    return SampleRequest(
        backend=backend,
        order=make_order(
            workload=workload,
            workers=workers,
            cores=2,
            window_ns=5 * MS,
            calls=None,
            timeout_ns=60_000 * MS,
        ),
    )


def test_a_host_says_hello_and_measures(host: HostProcess) -> None:
    reply = host.ask(HelloRequest(protocol=PROTOCOL_VERSION, path=()), PATIENCE_S)
    version = ".".join(map(str, sys.version_info[:3]))
    assert isinstance(reply, HelloReply)
    assert (reply.protocol, reply.gilbench) == (PROTOCOL_VERSION, __version__)
    assert reply.python.startswith(version)
    assert host.ask(CheckRequest(workload="spin"), PATIENCE_S) == OkReply()
    calibrated = host.ask(CalibrateRequest(workload="spin", grain_ns=MS), PATIENCE_S)
    assert isinstance(calibrated, CalibratedReply)
    assert calibrated.ns_per_unit > 0
    for backend in ("threads", "processes"):
        measured = host.ask(sample("spin", backend), PATIENCE_S)
        assert isinstance(measured, SampleReply)
        assert [reading.worker for reading in measured.readings] == [0, 1]


def test_it_finds_functions_in_the_current_folder_and_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_alone: None
) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "theirs.py").write_text("def works(): pass\n")
    monkeypatch.syspath_prepend(folder)
    with closing(HostProcess()) as host:
        for name in ("mine:works", "theirs:works"):
            assert host.ask(CheckRequest(workload=name), PATIENCE_S) == OkReply()


def test_closing_may_be_repeated(host: HostProcess) -> None:
    host.close()
    host.close()


def test_two_threads_that_close_a_host_close_its_lifeline_once(
    host: HostProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[int] = []
    both = threading.Barrier(2)

    def close(descriptor: int) -> None:
        closed.append(descriptor)
        # Both threads are here if the second is let in.
        with suppress(threading.BrokenBarrierError):
            both.wait(0.2)
        os_close(descriptor)

    os_close = os.close
    monkeypatch.setattr(link.os, "close", close)
    closing_too = threading.Thread(target=host.close)
    closing_too.start()
    host.close()
    closing_too.join()
    assert len(closed) == 1


def test_a_closed_host_is_a_lost_one(host: HostProcess) -> None:
    host.close()
    with pytest.raises(HostLostError):
        host.ask(CheckRequest(workload="spin"), PATIENCE_S)


def test_a_host_that_hangs_is_given_up_and_killed(host: HostProcess) -> None:
    began = time.monotonic()
    with pytest.raises(HostLostError, match=r"^it gave no sign of life for 200 ms$"):
        host.ask(CheckRequest(workload="mine:hangs"), 0.2)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "backend",
    ["threads", "processes", *(pytest.param(b, marks=pytest.mark.slow) for b in ("fork", "spawn"))],
)
def test_workers_that_hang_end_with_their_host(backend: str, host: HostProcess) -> None:
    if reason := backends.find(backend).unavailable():
        pytest.skip(reason)
    with pytest.raises(HostLostError, match="no sign of life"):
        host.ask(sample("mine:hangs", backend), 1.0 if backend == "spawn" else 0.5)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="gates are elsewhere here")
def test_the_memory_of_a_gate_ends_with_a_host_that_is_killed(host: HostProcess) -> None:
    before = gate_files()
    with pytest.raises(HostLostError, match="no sign of life"):
        host.ask(sample("mine:hangs", "processes"), 0.5)
    left = gate_files() - before
    # Those of other runs on this machine go with their samples.
    assert becomes_true(lambda: not left & gate_files(), seconds=2)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="shared memory is elsewhere here")
def test_what_a_function_shares_ends_with_a_host_that_hangs(
    host: HostProcess, tmp_path: Path
) -> None:
    with pytest.raises(HostLostError, match="no sign of life"):
        host.ask(CheckRequest(workload="mine:shares_memory_and_hangs"), 2.0)
    shared = (tmp_path / "shared").read_text().split()
    assert len(shared) == 2
    assert not [path for path in shared if Path(path).exists()]


@crashes_as_on_posix
def test_a_host_that_crashes_says_how(host: HostProcess) -> None:
    with pytest.raises(HostLostError, match=r"^the host was killed by SIGSEGV"):
        host.ask(CheckRequest(workload="mine:crashes"), PATIENCE_S)


def test_a_host_that_leaves_says_how_and_its_last_words(host: HostProcess) -> None:
    with pytest.raises(HostLostError, match=r"^the host exited with status 3; it said: I am off$"):
        host.ask(CheckRequest(workload="mine:leaves"), PATIENCE_S)


@pytest.mark.parametrize("backend", ["threads", "processes"])
def test_a_worker_that_exits_or_dies_fails_its_sample(backend: str, host: HostProcess) -> None:
    reply = host.ask(sample("mine:exits", backend), PATIENCE_S)
    assert isinstance(reply, FailedReply)
    assert reply.kind == "failed"
    assert "SystemExit: enough (mine.py:" in reply.reason
    assert isinstance(host.ask(sample("mine:works", backend), PATIENCE_S), SampleReply)


@crashes_as_on_posix
def test_a_worker_process_that_crashes_fails_its_sample_not_its_host(host: HostProcess) -> None:
    reply = host.ask(sample("mine:crashes", "processes"), PATIENCE_S)
    assert isinstance(reply, FailedReply)
    assert "its process was killed by SIGSEGV" in reply.reason
    assert isinstance(host.ask(sample("mine:works", "processes"), PATIENCE_S), SampleReply)


def test_what_a_function_prints_disturbs_nothing(host: HostProcess) -> None:
    assert host.ask(CheckRequest(workload="mine:chatters"), PATIENCE_S) == OkReply()
    for backend in ("serial", "processes"):
        request = sample("mine:chatters", backend, workers=1)
        assert host.ask(request, PATIENCE_S).__class__ is SampleReply


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither sessions nor forks")
@pytest.mark.parametrize("then", ["works", "hangs", "leaves"])
def test_what_went_into_a_session_of_its_own_ends_with_its_host(
    then: str, host: HostProcess, tmp_path: Path
) -> None:
    assert host.ask(CheckRequest(workload="mine:lets_daemons_loose"), PATIENCE_S) == OkReply()
    assert becomes_true(lambda: len((tmp_path / "strays").read_text().split()) == 3)
    strays = [int(pid) for pid in (tmp_path / "strays").read_text().split()]
    assert all(map(runs, strays))
    with suppress(HostLostError):
        host.ask(CheckRequest(workload=f"mine:{then}"), 0.2)
    host.close()
    assert becomes_true(lambda: not any(map(runs, strays)))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no environment to look at")
def test_what_dropped_the_mark_ends_with_a_host_that_hangs(
    host: HostProcess, tmp_path: Path
) -> None:
    assert host.ask(CheckRequest(workload="mine:lets_one_loose_bare"), PATIENCE_S) == OkReply()
    stray = int((tmp_path / "stray").read_text())
    assert runs(stray)
    with pytest.raises(HostLostError):
        host.ask(CheckRequest(workload="mine:hangs"), 0.2)
    assert becomes_true(lambda: not runs(stray))


@pytest.mark.skipif(sys.platform == "win32", reason="there a host's pipes end with the conductor")
def test_a_stray_that_keeps_the_hosts_pipes_open_keeps_nobody(
    host: HostProcess, tmp_path: Path
) -> None:
    assert host.ask(CheckRequest(workload="mine:lets_loose"), PATIENCE_S) == OkReply()
    began = time.monotonic()
    host.close()
    assert time.monotonic() - began < 10
    assert becomes_true(lambda: not runs(int((tmp_path / "stray").read_text())))
    assert becomes_true(lambda: not [t for t in threading.enumerate() if t.name == "gilbench host"])


def test_what_is_no_message_ends_the_host(host: HostProcess) -> None:
    host._replies.put("hello\n")
    with pytest.raises(HostLostError, match=r"^it broke the protocol: no message of this protocol"):
        host.ask(CheckRequest(workload="spin"), PATIENCE_S)


def test_an_interruption_while_a_host_starts_leaves_nothing(
    left_alone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(HostProcess, "ask", ask)
    with pytest.raises(KeyboardInterrupt):
        HostProcess()


def test_a_folder_in_which_a_file_just_appears_is_removed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gilbench-1"
    folder.mkdir()
    (folder / "new").touch()
    tried: list[str] = []
    remove = shutil.rmtree

    def find_one_more(path: str, *, ignore_errors: bool) -> None:
        tried.append(path)
        if len(tried) > 1:
            remove(path, ignore_errors=ignore_errors)

    monkeypatch.setattr("gilbench.experiment.link.shutil.rmtree", find_one_more)
    link._remove(str(folder))
    assert not folder.exists()
    assert len(tried) == 2


def test_a_conductor_that_is_killed_as_it_starts_a_host_leaves_no_folder(
    left_alone: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    there: list[Path] = []

    class Popen(subprocess.Popen[str]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            there.extend(temporary.iterdir())
            super().__init__(*arguments, **options)

    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(link.subprocess, "Popen", Popen)
    with closing(HostProcess()):
        assert not there
        assert len(list(temporary.iterdir())) == 1
    assert not list(temporary.iterdir())


def test_an_interpreter_that_cannot_be_started_is_an_error(
    left_alone: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(HostError, match=r"a host could not be started: .*no-python"):
        HostProcess()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no lifeline there")
def test_a_system_without_descriptors_for_a_host_is_an_error(
    left_alone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pipe() -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "pipe", pipe)
    with pytest.raises(HostError, match="a host could not be started: .*Too many open files"):
        HostProcess()


def test_a_system_without_a_temporary_folder_is_an_error(
    left_alone: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(HostError, match="a host could not be started: .*nowhere"):
        HostProcess()


def test_a_host_that_is_not_ours_is_an_error(
    left_alone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "PROTOCOL_VERSION", 99)
    with pytest.raises(HostError, match="a host answered in another protocol than 99"):
        HostProcess()


def test_a_host_that_cannot_import_us_is_an_error_with_its_last_words(
    left_alone: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "gilbench").mkdir()
    (tmp_path / "gilbench" / "__init__.py").write_text("raise RuntimeError('not the real one')\n")
    monkeypatch.setattr(launch, "__file__", str(tmp_path / "gilbench" / "experiment" / "launch.py"))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(HostError, match=r"host could not be started: .*RuntimeError: not the real"):
        HostProcess()


def run_python(*arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=60,
    ).stdout


ASK = """
import sys
sys.path.insert(0, {root!r})
from gilbench.experiment.link import HostProcess
from gilbench.host.protocol import CheckRequest
host = HostProcess()
print(host.ask(CheckRequest(workload="facts:tell"), 30))
host.close()
"""
ROOT = Path(link.__file__).parents[2]


def test_a_host_runs_the_code_that_asks_it_wherever_that_was_found(tmp_path: Path) -> None:
    (tmp_path / "facts.py").write_text("def tell(): pass\n")
    root = os.path.relpath(ROOT, tmp_path)
    assert run_python("-c", ASK.format(root=root)) == "OkReply()\n"


def test_a_host_is_optimised_and_switched_as_its_conductor(tmp_path: Path) -> None:
    (tmp_path / "facts.py").write_text(
        "import sys\ndef tell(): raise LookupError(__debug__, sys._xoptions)\n"
    )
    said = run_python("-O", "-X", "utf8", "-X", "gilbench=3", "-c", ASK.format(root=str(ROOT)))
    assert "LookupError: (False, {'utf8': True, 'gilbench': '3'})" in said
