from __future__ import annotations

import os
import threading
from contextlib import closing
from pathlib import Path

import pytest

from gilbench.comparison import Way
from gilbench.experiment.link import HostLostError, HostProcess
from gilbench.host.protocol import TrialRequest
from gilbench.trials.crash import semaphores
from gilbench.trials.ways import why_unavailable
from processes import session_of
from waiting import becomes_true


def named() -> list[Path]:
    return list(Path("/dev/shm").glob(f"sem.gilbench-{os.getpid()}-*"))


@pytest.mark.skipif(not semaphores.SWEPT, reason="nobody knows where they are")
@pytest.mark.parametrize("way", [Way.FORK, Way.SPAWN])
def test_of_a_host_that_is_killed_semaphores_can_be_swept_away(way: Way) -> None:
    if why_unavailable(way) is not None:
        pytest.skip(f"there is no {way}")
    request = TrialRequest(
        row="communication",
        name="process-queue",
        way=way,
        parameters={"sizes": "64", "laps": 1000, "span_ns": 10**8, "cores": 0},
        seed=0,
    )

    def ask() -> None:
        with pytest.raises(HostLostError):
            host.ask(request, 30)

    with closing(HostProcess()) as host:
        asking = threading.Thread(target=ask)
        asking.start()
        # A fork's are gone at once.
        assert way is Way.FORK or becomes_true(named, 20)
        assert becomes_true(lambda: len(session_of(host)) > 2, 20)
        host._process.kill()
        asking.join(30)
        assert not asking.is_alive()
    assert way is Way.SPAWN or not named()
    semaphores.sweep(str(os.getpid()))
    assert not named()
