"""Orders for workers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from gilbench.model import Mode
from gilbench.worker import Order

_ONE_CALL: Final = Order(
    workload="spin",
    mode=Mode.HOLD,
    workers=1,
    cores=1,
    grain_ns=1_000_000,
    units_per_call=1,
    window_ns=None,
    calls=1,
    timeout_ns=10**10,
)


def make_order(**changed: Any) -> Order:
    """Return an order for one call of one worker, with what a test cares about changed."""
    return replace(_ONE_CALL, **changed)
