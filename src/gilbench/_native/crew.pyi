from typing import NewType

from gilbench._native.work import KernelCapsule

StatesCapsule = NewType("StatesCapsule", object)

def create(kernel: KernelCapsule, bytes: int) -> StatesCapsule: ...
def run(
    states: StatesCapsule,
    units_per_call: int,
    grain_ns: int,
    window_ns: int,
    calls: int,
    workers: int,
    cores: int,
    timeout_ns: int,
) -> list[tuple[float, int, int, int, int | None, int | None, int]]: ...
