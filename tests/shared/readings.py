"""Readings of a worker that did nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from gilbench.model import Reading

_LEAST: Final = Reading(
    worker=0,
    units=1.0,
    calls=1,
    start_skew_ns=0,
    wall_ns=1,
    cpu_ns=None,
    run_queue_ns=None,
    gil_wait_ns=None,
    gil_wait_bound=False,
    checksum=0,
)


def make_reading(**changed: Any) -> Reading:
    """Return the least that a worker can have read, with what a test cares about changed."""
    return replace(_LEAST, **changed)
