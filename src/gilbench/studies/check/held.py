"""The share of the calls that holds, with its interval, from what the instruments saw."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from gilbench.evidence import Instrument, Subject
from gilbench.model import Estimate
from gilbench.stats import bootstrap_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.evidence import Block, Observation

__all__ = ["detaches_per_call", "held_share"]

_Z: Final = 1.96  # of a normal distribution, for 95 %
_FEWEST_BLOCKS: Final = 6
_MOST_BLOCKS: Final = 512

# A look takes the sampler some 60 ns, within which a short call goes on, and who takes and drops
# the GIL holds it a little longer than its own work does: up to 2.5 points of calls of 1 us on a
# quiet machine (benchmarks/observer_truth.py).
_LOOK_NS: Final = 30.0

# Against known truth the probe was off by 0.10 on average at grains from 10 us on: it says too
# little, as it does not see who lets go again within microseconds. Too much it says but where
# something else kept it waiting.
_PROBE_OVERLOOKS: Final = 0.15
_PROBE_IMAGINES: Final = 0.05

# Fewer looks into a call say too little about how often it let go.
_FEWEST_SAMPLES_PER_CALL: Final = 4


def held_share(observations: Sequence[Observation], call_ns: float, seed: int) -> Estimate | None:
    """Return the share of the time inside calls of `call_ns` that holds; null where nobody looked.

    The interval is the wider of two: Wilson's, of the samples (E. B. Wilson, J. Am. Stat. Assoc.
    22, 1927), and a bootstrap over blocks of calls, which knows that calls differ; widened by what
    the instrument itself is uncertain of.
    """
    if any(each.instrument is Instrument.PROBE for each in observations):
        asked = sum(each.asked for each in observations)
        kept = sum(each.kept_waiting for each in observations)
        return _widened(kept, asked, _PROBE_IMAGINES, _PROBE_OVERLOOKS) if asked else None
    blocks = [block for each in observations for block in each.blocks if block.samples]
    samples, held = sum(b.samples for b in blocks), sum(b.held for b in blocks)
    if not samples:
        return None
    look = min(0.06, _LOOK_NS / call_ns)
    estimate = _widened(held, samples, look, look)
    if len(blocks) < _FEWEST_BLOCKS:
        return estimate
    low, high = _over_blocks(blocks, seed)
    return Estimate(
        value=estimate.value,
        low=max(0.0, min(low, estimate.low)),
        high=min(1.0, max(high, estimate.high)),
    )


def detaches_per_call(observations: Sequence[Observation]) -> float | None:
    """Return a lower bound of how often a call lets go, on average; null where the sampler looked
    into a call too seldom to tell.
    """
    blocks = [
        block
        for each in observations
        if each.subject is Subject.TARGET
        for block in each.blocks
        if block.samples >= _FEWEST_SAMPLES_PER_CALL * block.calls
    ]
    calls = sum(block.calls for block in blocks)
    return sum(block.detaches for block in blocks) / calls if calls else None


def _widened(hits: int, looks: int, down: float, up: float) -> Estimate:
    share = hits / looks
    scale = 1 + _Z**2 / looks
    centre = (share + _Z**2 / (2 * looks)) / scale
    half = _Z * math.sqrt(share * (1 - share) / looks + (_Z / (2 * looks)) ** 2) / scale
    return Estimate(
        value=share,
        low=max(0.0, min(share, centre - half) - down),
        high=min(1.0, max(share, centre + half) + up),
    )


def _over_blocks(blocks: Sequence[Block], seed: int) -> tuple[float, float]:
    """Return the interval of the share where blocks are drawn again and again.

    Blocks are dealt into at most 512 equal hands first, whose medians are then as good as means.
    """
    hands = min(_MOST_BLOCKS, max(_FEWEST_BLOCKS, len(blocks) // 8))
    dealt = [blocks[hand::hands] for hand in range(hands)]
    shares = [
        sum(block.held for block in hand) / sum(block.samples for block in hand)
        for hand in dealt
        if hand
    ]
    return bootstrap_interval(shares, range(len(shares)), seed)
