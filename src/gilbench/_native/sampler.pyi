from typing import NewType

from gilbench._native.layout import LayoutCapsule
from gilbench._native.presence import PresenceCapsule

SamplerCapsule = NewType("SamplerCapsule", object)

def start(
    presence: PresenceCapsule, layout: LayoutCapsule, period_ns: int, seed: int
) -> SamplerCapsule: ...
def stop(sampler: SamplerCapsule) -> tuple[list[tuple[int, int, int, int]], int]: ...
