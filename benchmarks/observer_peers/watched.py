"""The process that is watched: carries out orders, and runs the tools that watch from inside."""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from burning import burn_for
from fixed_work import fixed_work
from heartbeat import Heartbeat
from knocker import Knocker
from tools import OURS

from gilbench._native import caller, truth
from gilbench.evidence import Subject
from gilbench.machine.run_queue import run_queue_ns
from gilbench.observer.passes import observed
from gilbench.studies.check.held import held_share

if TYPE_CHECKING:
    from collections.abc import Callable

CALL_NS = 1_000_000

INSIDE: dict[str, Callable[[], Heartbeat | Knocker]] = {"heartbeat": Heartbeat, "knocker": Knocker}


def watched_by_us(call: Callable[[], object], seconds: float, call_ns: float) -> dict[str, Any]:
    """Watch by the state sampler, as `check` does."""
    queued_before, began_ns = run_queue_ns() or 0, time.perf_counter_ns()
    seen = observed(
        call,
        size=None,
        round=0,
        subject=Subject.TARGET,
        calls=0,
        span_ns=round(seconds * 1e9),
        sparing=False,
        seed=began_ns % 2**32,
    )
    queued_ns = (run_queue_ns() or 0) - queued_before
    told = held_share([seen], call_ns, 0)
    return {
        "told": None if told is None else told.value,
        "marks": [(began_ns, 0), (began_ns + seen.inside_ns, seen.calls)],
        "queued": queued_ns / (time.perf_counter_ns() - began_ns),
    }


def obey(order: dict[str, Any]) -> dict[str, Any]:
    """Carry out one order of the parent's."""
    grain_ns, share = order["grain_ns"], order["share"]
    cycles = max(1, CALL_NS // grain_ns)
    tally = truth.create()
    call: Callable[[], object]
    if order["fixed"]:
        call = partial(caller.repeat, fixed_work(grain_ns, share), None, cycles, 0)
    else:
        hold_ns = round(grain_ns * share)
        call = partial(truth.burn, tally, hold_ns, grain_ns - hold_ns, cycles)
    if order["inside"] == OURS:
        reply = watched_by_us(call, order["seconds"], grain_ns * cycles)
    else:
        inside = INSIDE[order["inside"]]() if order["inside"] else None
        burnt = burn_for(call, order["seconds"], order["stop"])
        reply = {"told": inside.stop() if inside else None, **vars(burnt)}
    held_ns, released_ns = truth.tally(tally)
    return {**reply, "truth": held_ns / max(1, held_ns + released_ns)}


def serve() -> None:
    """Be the process that is watched: an order a line, a reply a line."""
    for line in sys.stdin:
        try:
            reply = obey(json.loads(line))
        except Exception as error:  # noqa: BLE001 - whatever a peer raises is the reason
            reply = {"trouble": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)
