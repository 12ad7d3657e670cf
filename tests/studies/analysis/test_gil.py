from dataclasses import replace

import pytest

from gilbench.model import Mode
from gilbench.studies.analysis.gil import queued_behind_gil_ns, shares_gil, takes_turns
from gilbench.studies.analysis.totals import Totals


@pytest.mark.parametrize(
    ("backend", "workers", "gil_enabled", "expected"),
    [
        ("threads", 2, True, True),
        ("threads", 2, False, False),
        ("threads", 1, True, False),
        ("interpreters", 2, True, False),
        ("processes", 2, True, False),
        ("native", 2, True, False),
    ],
)
def test_only_threads_share_a_gil(lab, backend, workers, gil_enabled, expected):
    sample = lab.Machine().sample(lab.case(backend, workers))
    assert shares_gil(sample, gil_enabled=gil_enabled) is expected


@pytest.mark.parametrize("shares", [True, False])
def test_a_sample_tells_it_of_a_backend_that_nobody_here_knows(lab, shares):
    sample = lab.Machine().sample(lab.case("pool"))
    assert shares_gil(replace(sample, shares_the_gil=shares), gil_enabled=True) is shares


@pytest.mark.parametrize(
    ("workload", "mode", "expected"),
    [
        ("spin", Mode.HOLD, True),
        ("spin", Mode.RELEASE, False),
        ("mymodule:work", Mode.HOLD, False),
    ],
)
def test_kernels_that_hold_take_turns(lab, workload, mode, expected):
    sample = lab.Machine().sample(lab.case(workload=workload, mode=mode))
    assert takes_turns(sample, gil_enabled=True) is expected
    assert takes_turns(sample, gil_enabled=False) is False


@pytest.mark.parametrize(
    ("cpu_ns", "run_queue_ns", "expected"),
    [
        (100, 30, 30),  # one worker ran all the time: who queued could not have
        (60, 30, 0),  # nobody ran for 40, and that is where they queued
        (60, 70, 30),
        (110, 30, 30),  # handing over, two run for a moment
        (None, 30, 0),
        (100, None, 0),
    ],
)
def test_who_queues_while_another_holds_the_gil_waits_for_it(cpu_ns, run_queue_ns, expected):
    totals = Totals(
        workers=2,
        units=1.0,
        worker_ns=200,
        wall_ns=200,
        late_ns=0,
        cpu_ns=cpu_ns,
        run_queue_ns=run_queue_ns,
        gil_wait_ns=None,
    )
    assert queued_behind_gil_ns(totals) == expected
