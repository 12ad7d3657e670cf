from gilbench._native.work import WorkCapsule

def run(
    works: list[WorkCapsule],
    units_per_call: int,
    grain_ns: int,
    window_ns: int,
    calls: int,
    cores: int,
    timeout_ns: int,
    processors: tuple[int, ...] = (),
    stay_ns: int = 0,
) -> list[tuple[float, int, int, int, int | None, int | None, int, int]]: ...
