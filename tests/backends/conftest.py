"""Orders, functions of a user that do their worst, and a host that runs them.

Processes are tried in a real host: pytest's own process has threads and a main module, which
workers must not come from.
"""

from __future__ import annotations

import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gilbench.backends import serving
from gilbench.experiment.link import HostProcess
from gilbench.model import Mode
from gilbench.worker import Order
from processes import descriptors, session_of
from waiting import becomes_true

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MS = 1_000_000

THEIRS = """
import os, signal, sys
from pathlib import Path

def works():
    sum(range(100))

def raises():
    raise LookupError("not\\n  today")

def exits():
    sys.exit("enough")

def leaves():
    os._exit(3)

def is_killed():
    os.kill(os.getpid(), signal.SIGKILL)

def leaves_its_number():
    Path(__file__).with_name("number").write_text(str(os.getpid()))

def one_raises():
    # Whoever comes first: the others must not wait at the gate for it.
    try:
        Path(__file__).with_name("first").open("x").close()
    except FileExistsError:
        return
    raise LookupError("I am the first")

def needs_a_real_interpreter():
    import _testsinglephase

def refuses():
    raise ImportError("module theirs does not support loading in subinterpreters")
"""


@pytest.fixture
def make_order() -> Callable[..., Order]:
    def make(
        workload: str = "spin",
        workers: int = 1,
        *,
        mode: Mode = Mode.HOLD,
        window_ns: int | None = None,
        calls: int | None = None,
        units: int = 1000,
        timeout_ns: int = 60_000 * MS,
    ) -> Order:
        return Order(
            workload=workload,
            mode=mode,
            workers=workers,
            cores=2,
            grain_ns=MS,
            units_per_call=units,
            window_ns=window_ns,
            calls=calls,
            timeout_ns=timeout_ns,
        )

    return make


@pytest.fixture
def new_tasks(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, int], object]:
    """No task is kept from an earlier test. Return those that are kept from now on."""
    tasks: dict[tuple[str, int], object] = {}
    monkeypatch.setattr(serving, "_tasks", tasks)
    return tasks


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the module `theirs`, which this process can import."""
    (tmp_path / "theirs.py").write_text(THEIRS)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop("theirs", None)


@pytest.fixture(scope="module")
def their_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the module `theirs` that the host finds."""
    folder = tmp_path_factory.mktemp("theirs")
    (folder / "theirs.py").write_text(THEIRS)
    return folder


@pytest.fixture(scope="module")
def host(their_folder: Path) -> Iterator[HostProcess]:
    """One host for all tests of a module, so that each finds what the earlier ones left of it.

    When it is closed nothing may be left of it.
    """
    gates = set(Path("/dev/shm").glob("gilbench-gate-*"))
    threads, open_before = set(threading.enumerate()), descriptors()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(their_folder)
        host = HostProcess()
    with closing(host):
        yield host
    assert becomes_true(lambda: not session_of(host)), session_of(host)
    assert set(Path("/dev/shm").glob("gilbench-gate-*")) <= gates
    assert set(threading.enumerate()) <= threads
    assert becomes_true(lambda: descriptors() <= open_before)
