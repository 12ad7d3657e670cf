from collections.abc import Callable

from gilbench._native.presence import PresenceCapsule

def repeat(
    function: Callable[[], object], presence: PresenceCapsule | None, calls: int, span_ns: int
) -> tuple[int, int, int, int, int]: ...
def durations(function: Callable[[], object], calls: int, span_ns: int) -> list[int]: ...
