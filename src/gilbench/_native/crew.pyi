from gilbench._native.work import KernelCapsule

def run(
    kernel: KernelCapsule,
    bytes: int,
    units_per_call: int,
    grain_ns: int,
    window_ns: int,
    calls: int,
    workers: int,
    cores: int,
    timeout_ns: int,
) -> list[tuple[float, int, int, int, int | None, int | None, int]]: ...
