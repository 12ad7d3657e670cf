from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from gilbench.comparison import Way
from gilbench.experiment.link import HostLostError, HostProcess
from gilbench.host.protocol import TrialRequest
from gilbench.trials.crash import semaphores
from processes import session_of
from scripts import output_of
from waiting import becomes_true

if sys.platform != "linux":
    pytest.skip("elsewhere they cannot be found", allow_module_level=True)

FOLDER = Path("/dev/shm")


def test_semaphores_are_named_after_their_owner_and_swept_away() -> None:
    owner = semaphores.owner()
    found = output_of(
        "import multiprocessing, os, pathlib, signal\n"
        "from gilbench.trials.crash import semaphores\n"
        f"semaphores.name_after({owner!r})\n"
        "lock = multiprocessing.get_context('spawn').Lock()\n"
        f"print(*pathlib.Path('/dev/shm').glob('sem.gilbench-{owner}-*'))\n"
    ).split()
    assert len(found) == 1
    lost, others = FOLDER / f"sem.gilbench-{owner}-lost", FOLDER / f"sem.gilbench-{owner}0-lost"
    try:
        lost.touch()
        others.touch()
        semaphores.sweep(owner)
        assert not lost.exists()
        assert others.exists()
    finally:
        lost.unlink(missing_ok=True)
        others.unlink(missing_ok=True)


@pytest.mark.slow
def test_a_host_that_is_ended_in_the_middle_leaves_none_that_its_parent_does_not_find() -> None:
    host = HostProcess()
    request = TrialRequest(
        row="crash",
        name="multiprocessing.Pool",
        way=Way.SPAWN,
        parameters={"failures": "hang", "limit_ns": 20_000_000_000},
        seed=7,
    )

    def ask() -> None:
        with suppress(HostLostError):
            host.ask(request, 30)

    asking = threading.Thread(target=ask)
    asking.start()
    ours = f"sem.gilbench-{os.getpid()}-*"
    try:
        assert becomes_true(lambda: len(list(FOLDER.glob(ours))) > 2, 20)
    finally:
        host.close()
        asking.join()
    assert becomes_true(lambda: not session_of(host))
    semaphores.sweep(str(os.getpid()))
    assert list(FOLDER.glob(ours)) == []
