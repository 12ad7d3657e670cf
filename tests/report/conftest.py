"""Hand-made findings, as `make`, and what they look like on a page of a given width."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from gilbench.model import (
    CaseFinding,
    Caution,
    Ceiling,
    Environment,
    Estimate,
    Findings,
    Losses,
    Mode,
    Status,
    Stop,
    StopReason,
)

ENVIRONMENT = Environment(
    gilbench="0.1.0",
    python="3.11.7",
    implementation="CPython",
    compiler="GCC 13.2.0",
    build_flags={"Py_GIL_DISABLED": "0"},
    executable="/usr/bin/python3",
    free_threaded=False,
    gil_enabled=True,
    jit=None,
    debug=False,
    switch_interval_s=0.005,
    hash_seed="random",
    gc_enabled=True,
    gc_threshold=(700, 10, 10),
    start_method="fork",
    system="Linux",
    libc="glibc 2.36",
    machine="x86_64",
    cpu="AMD EPYC",
    cpus=2,
    physical_cpus=1,
    affinity=(0, 1),
    cgroup_quota_cpus=None,
    cores=2,
    memory_bytes=8 * 2**30,
    governor=None,
    turbo=None,
    smt=True,
    hypervisor="kvm",
    load_average=(0.123456, 0.25, 0.3),
    busy_cpus=0.0,
    variables={},
    packages={"numpy": "2.4.0"},
    started_at="2026-01-02T03:04:05+00:00",
    warnings=(),
)

FREE_THREADED = replace(ENVIRONMENT, python="3.13.5", free_threaded=True, gil_enabled=False)

NO_LOSSES = Losses(
    useful=0.0,
    hardware=0.0,
    overhead=0.0,
    gil_wait=0.0,
    run_queue=0.0,
    other_blocked=0.0,
    imbalance=0.0,
    unexplained=0.0,
)


def estimate(value: float, half: float = 0.02) -> Estimate:
    return Estimate(value=value, low=value - half, high=value + half)


def ceiling(value: float, source: str = "native") -> Ceiling:
    return Ceiling(value=value, low=value - 0.01, high=value + 0.01, source=source)


def losses(**shares: float | None) -> Losses:
    return replace(NO_LOSSES, **shares)


def case(backend: str = "threads", **changes: Any) -> CaseFinding:
    plain = CaseFinding(
        workload="spin",
        mode=Mode.HOLD,
        backend=backend,
        workers=2,
        grain_ns=10**6,
        status=Status.OK,
        reason=None,
        samples=12,
        rejected=0,
        throughput=None,
        speedup=None,
        ceiling=None,
        bite=None,
        losses=None,
        losses_inferred=False,
        start_skew_ns=None,
    )
    return replace(plain, **changes)


def measured(backend: str, speedup: float, top: float = 1.98, **changes: Any) -> CaseFinding:
    """A case with its speedup, its ceiling and the bite between the two."""
    figures = {
        "speedup": estimate(speedup),
        "ceiling": ceiling(top),
        "bite": estimate(1 - speedup / top, 0.01),
    }
    return case(backend, **{**figures, **changes})


def findings(*cases: CaseFinding, **changes: Any) -> Findings:
    plain = Findings(
        schema_version=1,
        environment=ENVIRONMENT,
        headline="On this machine two threads that hold the GIL do the work of 1.00.",
        cases=cases,
        stop=Stop(reason=StopReason.PRECISION, rounds=12, hosts=3, elapsed_ns=14_200_000_000),
        notes=(),
    )
    return replace(plain, **changes)


NEEDS_312 = "own-GIL subinterpreters need CPython 3.12 or later; this is 3.11.7"
NO_TWIN = "a Python loop has no native twin"
LOADED = "other programs used the cores: 9 of 14 samples were rejected"


def gil_build() -> Findings:
    """The default run of a quiet machine with CPython 3.11, and its one-worker bases."""
    one = {"workers": 1, "bite": None}
    spin = (
        measured("serial", 1.0, **one),
        measured("native", 1.01, **one),
        measured(
            "threads",
            1.0,
            losses=losses(useful=0.5, gil_wait=0.49, overhead=0.012, run_queue=-0.02),
        ),
        measured(
            "threads",
            1.95,
            mode=Mode.RELEASE,
            losses=losses(useful=0.97, hardware=0.02, overhead=0.01),
        ),
        case("interpreters", status=Status.UNAVAILABLE, reason=NEEDS_312),
        measured("fork", 1.93),
        measured("native", 1.98, bite=None),
    )
    python = (
        measured("serial", 1.0, workload="python", **one),
        measured("processes", 1.0, workload="python", **one),
        measured(
            "threads",
            0.98,
            workload="python",
            ceiling=ceiling(1.9, "processes"),
            losses=losses(useful=0.49, overhead=0.02, gil_wait=0.49, unexplained=None),
            losses_inferred=True,
        ),
        case("interpreters", workload="python", status=Status.UNAVAILABLE, reason=NEEDS_312),
        measured("fork", 1.9, workload="python", ceiling=ceiling(1.9, "processes"), bite=None),
        case("native", workload="python", status=Status.UNAVAILABLE, reason=NO_TWIN),
    )
    return findings(*spin, *python)


def free_threaded_build() -> Findings:
    """One workload where every way scales and there is no GIL."""
    return findings(
        measured("threads", 1.96, losses=losses(useful=0.98, overhead=0.02)),
        measured("threads", 1.97, mode=Mode.RELEASE, losses=losses(useful=0.99, overhead=0.01)),
        measured("interpreters", 1.6),
        measured("forkserver", 1.94),
        measured("native", 1.98, bite=None),
        environment=FREE_THREADED,
        headline="On this machine two attached threads do the work of 1.96.",
    )


def loaded_machine() -> Findings:
    """A machine with foreign load: inconclusive, failed, and a run that was cut off."""
    caution = Caution(what="load average 2.1 on 2 cores", advice="stop other programs")
    return findings(
        case(
            "threads",
            status=Status.INCONCLUSIVE,
            reason=LOADED,
            rejected=9,
            speedup=estimate(0.7, 0.3),
            losses=losses(useful=0.35, gil_wait=0.47, run_queue=0.18),
        ),
        case("spawn", status=Status.FAILED, reason="the host exited with status -9"),
        case("native", status=Status.INCONCLUSIVE, reason=LOADED),
        environment=replace(ENVIRONMENT, warnings=(caution,)),
        stop=None,
        notes=("9 of 40 samples were rejected.",),
    )


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    return SimpleNamespace(
        environment=ENVIRONMENT,
        free_threaded=FREE_THREADED,
        case=case,
        measured=measured,
        estimate=estimate,
        ceiling=ceiling,
        losses=losses,
        findings=findings,
        gil_build=gil_build,
        free_threaded_build=free_threaded_build,
        loaded_machine=loaded_machine,
    )
