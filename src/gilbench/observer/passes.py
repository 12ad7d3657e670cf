"""The passes over a function that is not left alone: watched, and with others asking."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Final

from gilbench._native import progress
from gilbench.evidence import LOCATABLE_NS, Instrument, Observation, ShutOut, Subject
from gilbench.observer.locating import by_part, telling
from gilbench.observer.probing import ask_during
from gilbench.observer.sampling import sample, why_not

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gilbench.observer.probing import Asked, Requests

__all__ = ["observed", "shut_out"]

# 16 kHz: in 0.4 s some 6000 samples, with which a share of one half has a standard error of 0.6
# points. A look takes about 15 us of the core that is idle.
_PERIOD_NS: Final = 62_500
# Where no core is idle each look takes a slice from the target: 4 % of its time at 1 kHz.
_SPARING_PERIOD_NS: Final = 1_000_000

_PROBE_PAUSE_NS: Final = 200_000
# A native loop gives way to nobody: it must end now and then for the probe to get its turn.
_PROBE_SPAN_NS: Final = 2_000_000
# A request that nobody stands in the way of takes well below a microsecond.
_KEPT_WAITING_NS: Final = 3_000

_SHORTEST_INTERVAL_S: Final = 1e-6
# Who asks again at once takes the GIL from those who wait for it: they are still waking up.
_BATCH_PAUSE_NS: Final = 20_000
# Half of those that there is room for: a call that is asked all the time takes longer.
_REQUESTS_OF_A_CALL: Final = 2**15
# Of the time of a call, in CPU time.
_WORKING: Final = 0.5


def observed(
    function: Callable[[], object],
    *,
    size: int | None,
    round: int,
    subject: Subject,
    calls: int,
    span_ns: int,
    sparing: bool,
    seed: int,
) -> Observation:
    """Return what the state sampler saw of calls of `function`; where it cannot be believed, what
    the request probe did.

    `calls` and `span_ns` bound them, 0 calls not. `sparing`: no core is idle while it runs.
    """
    if why_not() is not None:
        return _probed(
            function,
            size=size,
            round=round,
            subject=subject,
            calls=calls,
            span_ns=span_ns,
            seed=seed,
        )
    period_ns = _SPARING_PERIOD_NS if sparing else _PERIOD_NS
    watch = sample(function, calls=calls, span_ns=span_ns, period_ns=period_ns, seed=seed)
    return Observation(
        size=size,
        round=round,
        subject=subject,
        instrument=Instrument.SAMPLER,
        calls=watch.calls,
        inside_ns=watch.inside_ns,
        blocks=watch.blocks,
        asked=0,
        kept_waiting=0,
    )


def shut_out(
    function: Callable[[], object],
    *,
    size: int | None,
    round: int,
    subject: Subject,
    call_ns: float,
    calls: int,
    span_ns: int,
    seed: int,
) -> ShutOut:
    """Return how long another thread was shut out by a batch of calls without a pause.

    `calls` and `span_ns` bound the batch, 0 calls not. A call lasts `call_ns`, about.
    """
    told = progress.create() if call_ns >= LOCATABLE_NS else None
    requests = ask_during(
        function if told is None else telling(told, function),
        calls=calls,
        span_ns=span_ns,
        pause_ns=max(_BATCH_PAUSE_NS, math.ceil(call_ns / _REQUESTS_OF_A_CALL)),
        switch_interval_s=_SHORTEST_INTERVAL_S,
        seed=seed,
        progress=told,
    )
    waits = _within(requests.waits, requests.began_ns, requests.ended_ns)
    return ShutOut(
        size=size,
        round=round,
        subject=subject,
        calls=requests.calls,
        batch_ns=max(1, requests.ended_ns - requests.began_ns),
        longest_call_ns=requests.longest_call_ns,
        waits=len(waits),
        # What was asked for before may have been had before, and is only noted later.
        granted=sum(
            requests.began_ns <= asked and got < requests.ended_ns
            for asked, got, *_ in requests.waits
        ),
        typical_wait_ns=_typical(waits),
        longest_wait_ns=max(waits, default=0),
        queued_ns=requests.queued_ns,
        let_in=() if told is None else _let_in(requests, progress.took(told), call_ns),
    )


def _probed(
    function: Callable[[], object],
    *,
    size: int | None,
    round: int,
    subject: Subject,
    calls: int,
    span_ns: int,
    seed: int,
) -> Observation:
    made = inside_ns = asked = kept_waiting = 0
    give_up_ns = time.perf_counter_ns() + span_ns if span_ns else math.inf
    while True:
        requests = ask_during(
            function,
            # Calls that are counted are long ones.
            calls=1 if calls else 0,
            span_ns=min(span_ns, _PROBE_SPAN_NS),
            pause_ns=_PROBE_PAUSE_NS,
            switch_interval_s=None,
            seed=seed + made,
        )
        began_ns, ended_ns = requests.began_ns, requests.ended_ns
        during = [got - at for at, got, *_ in requests.waits if began_ns <= at < ended_ns]
        made += requests.calls
        inside_ns += ended_ns - began_ns
        asked += len(during)
        kept_waiting += sum(wait > _KEPT_WAITING_NS for wait in during)
        if made == calls or time.perf_counter_ns() >= give_up_ns:
            break
    return Observation(
        size=size,
        round=round,
        subject=subject,
        instrument=Instrument.PROBE,
        calls=made,
        inside_ns=inside_ns,
        blocks=(),
        asked=asked,
        kept_waiting=kept_waiting,
    )


def _let_in(requests: Requests, took: Sequence[int], call_ns: float) -> tuple[int, ...]:
    """Return where others were let in; nothing of calls that wait, rather than work, as they hold:
    how much CPU time they had does not tell how far they had come.
    """
    # Of calls that differ, the longer quarter: a typical call may be any of them.
    if not took or sorted(took)[len(took) * 3 // 4] < _WORKING * call_ns:
        return ()
    return by_part([(come, call) for _, _, come, call in requests.waits if call >= 0], took)


def _within(waits: Sequence[Asked], began_ns: int, ended_ns: int) -> list[int]:
    """Return of each wait that reaches into the batch what lies within it."""
    cut = [min(got, ended_ns) - max(asked, began_ns) for asked, got, *_ in waits]
    return [wait for wait in cut if wait > 0]


def _typical(waits: Sequence[int]) -> int:
    """Return the wait such that half of all waiting was in waits at least as long; 0 for none."""
    left = sum(waits) / 2
    for wait in sorted(waits, reverse=True):
        left -= wait
        if left <= 0:
            return wait
    return 0
