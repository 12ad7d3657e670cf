from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from gilbench.pytest_plugin.turns import turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Says that it has its turn, and keeps it until it reads a line.
KEEPER = """
import sys
from pathlib import Path
from gilbench.pytest_plugin.turns import turn

with turn(Path(sys.argv[1])):
    print("mine", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Return a process that has its turn."""
    with subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(tmp_path / "lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "mine\n"
        yield process
        process.kill()


class Waiter(threading.Thread):
    """Takes a turn, and tells when it has it."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.path = path
        self.served = threading.Event()
        self.start()

    def run(self) -> None:
        with turn(self.path):
            self.served.set()


def test_another_waits_for_its_turn(tmp_path: Path, keeper: subprocess.Popen[str]) -> None:
    waiter = Waiter(tmp_path / "lock")
    assert not waiter.served.wait(0.2)
    keeper.communicate("go\n", timeout=20)
    assert waiter.served.wait(20)
    waiter.join(20)


def test_who_dies_gives_up_its_turn(tmp_path: Path, keeper: subprocess.Popen[str]) -> None:
    waiter = Waiter(tmp_path / "lock")
    assert not waiter.served.wait(0.1)
    keeper.kill()
    assert waiter.served.wait(20)
    waiter.join(20)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_does_not_keep_it(tmp_path: Path) -> None:
    code = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from gilbench.pytest_plugin.turns import turn\n"
        "with turn(Path(sys.argv[1])):\n"
        "    child = os.fork()\n"
        "    if not child:\n"
        "        time.sleep(60)\n"
        "        os._exit(0)\n"
        "    print(child, flush=True)\n"
        "    os._exit(0)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "lock")], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        try:
            parent.wait(20)
            waiter = Waiter(tmp_path / "lock")
            assert waiter.served.wait(20)
            waiter.join(20)
        finally:
            os.kill(child, signal.SIGKILL)


def test_turns_can_be_taken_again_after_an_error(tmp_path: Path) -> None:
    def fail() -> None:
        with turn(tmp_path / "lock"):
            raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        fail()
    waiter = Waiter(tmp_path / "lock")
    assert waiter.served.wait(20)
    waiter.join(20)
