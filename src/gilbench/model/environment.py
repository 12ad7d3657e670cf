"""The machine and the interpreter, as far as they move figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Caution", "Environment"]


@dataclass(frozen=True, kw_only=True)
class Caution:
    """What about the machine or the interpreter moves figures, and what to do about it."""

    what: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What moves figures, as it stood when the run began.

    Null means that the platform does not tell. `cores` is what "all cores" means for this
    process: the CPU affinity, cut by a cgroup's quota. `busy_cpus` is how many processors' time
    other work took in a moment just before, when this process did nothing. `kernel_variants` are
    the instruction sets of the kernels that have several; none in files from before they had.
    """

    gilbench: str
    python: str
    implementation: str
    compiler: str
    build_flags: Mapping[str, str]
    executable: str
    free_threaded: bool
    gil_enabled: bool
    jit: bool | None
    debug: bool
    switch_interval_s: float
    hash_seed: str
    gc_enabled: bool
    gc_threshold: tuple[int, ...]
    start_method: str
    system: str
    libc: str
    machine: str
    cpu: str
    cpus: int
    physical_cpus: int | None
    affinity: tuple[int, ...] | None
    cgroup_quota_cpus: float | None
    cores: int
    memory_bytes: int
    governor: str | None
    turbo: bool | None
    smt: bool | None
    hypervisor: str | None
    load_average: tuple[float, float, float] | None
    busy_cpus: float | None
    variables: Mapping[str, str]
    packages: Mapping[str, str]
    started_at: str
    warnings: tuple[Caution, ...]
    kernel_variants: Mapping[str, str] = field(default_factory=dict)
