"""The state sampler: where it can be believed, and one watch by it.

It reads the interpreter's own structures, which no version promises: it is believed only after it
told the share of calls that hold for a known part of their time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Final

from gilbench._native import caller, layout, presence, sampler, truth
from gilbench.evidence import Block
from gilbench.machine.interpreter import gil_enabled

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Watch", "sample", "why_not"]

_TRIAL_PERIOD_NS: Final = 20_000
_TRIAL_HOLD_NS: Final = 50_000
_TRIAL_RELEASE_NS: Final = 150_000
_TRIAL_NS: Final = 20_000_000
# Some 1000 samples of calls that hold for a quarter: a machine that is busy moves both alike.
_TRIAL_TOLERANCE: Final = 0.12
_TRIALS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What the caller and the sampler told of the same calls. Times in nanoseconds."""

    calls: int
    inside_ns: int
    longest_ns: int
    blocks: tuple[Block, ...]


def sample(
    function: Callable[[], object], *, calls: int, span_ns: int, period_ns: int, seed: int
) -> Watch:
    """Return what was seen of calls of `function` by the calling thread: `calls` of them (0: no
    bound), or as many as begin within `span_ns`.

    A sample is taken every `period_ns`, about. Raises LookupError where the interpreter's state
    cannot be found, and what `function` raises.
    """
    page = presence.create()
    watching = sampler.start(page, layout.locate(), period_ns, seed)
    try:
        made, inside_ns, longest_ns, _, _ = caller.repeat(function, page, calls, span_ns)
    finally:
        blocks, _ = sampler.stop(watching)
    return Watch(
        calls=made,
        inside_ns=inside_ns,
        longest_ns=longest_ns,
        blocks=tuple(
            Block(calls=calls, samples=samples, held=held, detaches=detaches)
            for calls, samples, held, detaches in blocks
        ),
    )


def why_not() -> str | None:
    """Return why the sampler cannot be believed here, or null where it can."""
    return _tried(gil_enabled())


# An import may turn the GIL of a free-threaded build on: then what is read is another thing.
@cache
def _tried(_gil_enabled: bool) -> str | None:
    expected = _TRIAL_HOLD_NS / (_TRIAL_HOLD_NS + _TRIAL_RELEASE_NS)
    share = expected
    for trial in range(_TRIALS):
        tally = truth.create()
        function = partial(truth.burn, tally, _TRIAL_HOLD_NS, _TRIAL_RELEASE_NS, 1)
        try:
            seen = sample(
                function, calls=0, span_ns=_TRIAL_NS, period_ns=_TRIAL_PERIOD_NS, seed=trial
            )
        except LookupError as error:
            return str(error)
        held_ns, released_ns = truth.tally(tally)
        expected = held_ns / max(1, held_ns + released_ns)
        samples = sum(block.samples for block in seen.blocks)
        share = sum(block.held for block in seen.blocks) / max(1, samples)
        if samples and abs(share - expected) <= _TRIAL_TOLERANCE:
            return None
    return (
        f"its own trial found {share:.0%} of calls holding that hold for {expected:.0%}"
        " of their time"
    )
