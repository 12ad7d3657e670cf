from typing import NewType

from gilbench._native.gate import GateCapsule

MeterCapsule = NewType("MeterCapsule", object)

def create(
    gate: GateCapsule,
    window_ns: int,
    grain_ns: int,
    processors: tuple[int, ...] = (),
    stay_ns: int = 0,
) -> MeterCapsule: ...
def start(meter: MeterCapsule, timeout_ns: int) -> None: ...
def lap(meter: MeterCapsule, done: int) -> bool: ...
def finish(
    meter: MeterCapsule,
) -> tuple[float, int, int, int, int | None, int | None, int, bool, int]: ...
