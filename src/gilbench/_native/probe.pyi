from typing import NewType

from gilbench._native.progress import ProgressCapsule

StopCapsule = NewType("StopCapsule", object)

def bell() -> StopCapsule: ...
def ring(bell: StopCapsule) -> None: ...
def ask(
    stop: StopCapsule,
    pause_ns: int,
    seed: int,
    most: int,
    progress: ProgressCapsule | None = None,
) -> list[tuple[int, int, int, int]]: ...
