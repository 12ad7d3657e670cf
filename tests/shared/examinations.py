"""What a check asks of who carries out its passes."""

from __future__ import annotations

from gilbench.evidence import Subject
from gilbench.host.protocol import ObserveRequest, SampleRequest, ShutOutRequest, TimeRequest
from orders import make_order

MS = 1_000_000
SECOND = 1000 * MS

TIME = TimeRequest(workload="m:f", size=None, span_ns=20 * MS)
OBSERVE = ObserveRequest(
    workload="m:f",
    size=None,
    round=0,
    subject=Subject.TARGET,
    call_ns=50.0 * MS,
    calls=2,
    span_ns=0,
    sparing=False,
    seed=1,
)
SHUT_OUT = ShutOutRequest(
    workload="m:f",
    size=None,
    round=0,
    subject=Subject.TARGET,
    call_ns=50.0 * MS,
    calls=0,
    span_ns=30 * MS,
    seed=1,
)


def sample_request(backend: str = "threads", workers: int = 2, calls: int = 3) -> SampleRequest:
    order = make_order(
        workload="m:f",
        workers=workers,
        cores=2,
        units_per_call=2,
        calls=calls,
        timeout_ns=SECOND,
    )
    return SampleRequest(backend=backend, order=order)
