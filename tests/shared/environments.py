"""Environments of a machine that is not here.

The standard library and gilbench's data alone: it is copied beside a test that pytest runs in
pytest, too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from gilbench.model import Environment

_QUIET: Final = Environment(
    gilbench="0.1.0",
    python="3.13.5",
    implementation="CPython",
    compiler="GCC 12.2.0",
    build_flags={},
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
    system="Linux 6.1",
    libc="glibc 2.36",
    machine="x86_64",
    cpu="Example CPU",
    cpus=2,
    physical_cpus=2,
    affinity=(0, 1),
    cgroup_quota_cpus=None,
    cores=2,
    memory_bytes=2**33,
    governor=None,
    turbo=None,
    smt=None,
    hypervisor=None,
    load_average=None,
    busy_cpus=0.0,
    variables={},
    packages={},
    started_at="2026-01-02T03:04:05+00:00",
    warnings=(),
)


def make_environment(**changed: Any) -> Environment:
    """Return that of a quiet machine of two cores, with what a test cares about changed."""
    return replace(_QUIET, **changed)
