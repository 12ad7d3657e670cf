"""Ten thousand short samples in one host: nothing that it has may grow."""

from __future__ import annotations

import sys
import sysconfig
from contextlib import closing
from dataclasses import dataclass, replace

import psutil
import pytest

from gilbench import backends
from gilbench.experiment.link import HostProcess
from gilbench.host.protocol import SampleReply, SampleRequest
from gilbench.model import Mode
from orders import make_order

SAMPLES = 10_000
BACKENDS = ("serial", "threads", "processes", "native", "interpreters")
WORKLOADS = ("spin", "objects", "python")

# A quarter of a kilobyte of each later sample would show. Less is what allocators keep to hand.
MOST_GROWTH_BYTES = 2**20 * 3 // 2

# CPython's own: on the free-threaded build of 3.13, code and its constants are immortal, so that
# each text that is run in a subinterpreter stays. `_interpreters.exec(identity, "pass")` alone
# leaves some 400 bytes; ours, run by two workers, left 7 kB a sample.
IMMORTAL_BYTES = (
    10_000 if sys.version_info[:2] == (3, 13) and sysconfig.get_config_var("Py_GIL_DISABLED") else 0
)

ORDER = make_order(workers=2, cores=2, grain_ns=1_000, units_per_call=10, timeout_ns=60_000_000_000)


@dataclass(frozen=True, kw_only=True)
class Belongings:
    """What one process has. Bytes are those that no other process shares with it."""

    name: str
    threads: int
    descriptors: int
    memory_bytes: int


def belongings(process: psutil.Process) -> dict[int, Belongings]:
    """Return what `process` and all that descends from it have, by process."""
    found = {}
    for each in (process, *process.children(recursive=True)):
        memory = each.memory_full_info()
        found[each.pid] = Belongings(
            name=" ".join(each.cmdline()[-3:]),
            threads=each.num_threads(),
            descriptors=each.num_fds(),
            memory_bytes=memory.uss,
        )
    return found


def requests(number: int) -> SampleRequest:
    """Return the request of one sample: all backends in turn, on all workloads that they take."""
    runnable = [name for name in BACKENDS if backends.find(name).unavailable() is None]
    backend = runnable[number % len(runnable)]
    workload = "spin" if backend == "native" else WORKLOADS[number // len(runnable) % 3]
    mode = Mode.RELEASE if workload == "spin" and number % 2 else Mode.HOLD
    workers = 1 if backend == "serial" else 2
    return SampleRequest(
        backend=backend, order=replace(ORDER, workload=workload, mode=mode, workers=workers)
    )


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts handles of all kinds")
def test_ten_thousand_samples_leave_nothing_behind() -> None:
    with closing(HostProcess()) as host:
        process = psutil.Process(host._process.pid)
        early: dict[int, Belongings] = {}
        for number in range(SAMPLES):
            reply = host.ask(requests(number), 60)
            assert isinstance(reply, SampleReply), reply
            if number == SAMPLES // 3:
                early = belongings(process)
        late = belongings(process)
    assert late.keys() == early.keys()
    most = MOST_GROWTH_BYTES + IMMORTAL_BYTES * SAMPLES // len(BACKENDS)
    for pid, before in early.items():
        after = late[pid]
        assert replace(after, memory_bytes=0) == replace(before, memory_bytes=0)
        grown = after.memory_bytes - before.memory_bytes
        assert grown < most, after
