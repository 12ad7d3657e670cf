"""Takes down everything about the machine and the interpreter that results record."""

from __future__ import annotations

import gc
import os
import platform
import sys
import sysconfig
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import psutil

from gilbench import discovery
from gilbench._native import triad
from gilbench._version import __version__
from gilbench.machine.build import build_flags
from gilbench.machine.caution import InterpreterState, cautions
from gilbench.machine.cgroup import cgroup_quota
from gilbench.machine.cpu import cpu_name, governor, smt, turbo
from gilbench.machine.files import REAL_ROOT
from gilbench.machine.hypervisor import hypervisor
from gilbench.machine.instrumentation import instruments
from gilbench.machine.interpreter import (
    debug_build,
    default_start_method,
    free_threaded,
    gil_enabled,
    gil_forced,
    jit_enabled,
)
from gilbench.machine.processors import affinity, cores
from gilbench.machine.variables import hash_seed, telling_variables
from gilbench.model import Environment

__all__ = ["environment"]

# Twenty of the kernel's ticks: enough to tell a busy processor from an idle one.
_MOMENT_S: Final = 0.2

_PACKAGES: Final = ("click", "mashumaro", "numpy", "platformdirs", "psutil", "rich")


def environment(root: str = REAL_ROOT) -> Environment:
    """Return what moves figures, as it stands now, with the cautions that follow from it.

    Looks and changes nothing. The interpreter told of is the one that this runs in.
    """
    variables = telling_variables(os.environ, ignored=bool(sys.flags.ignore_environment))
    cpus = psutil.cpu_count() or cores(root)
    physical_cpus = psutil.cpu_count(logical=False)
    found = Environment(
        gilbench=__version__,
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        compiler=platform.python_compiler(),
        build_flags=build_flags(sysconfig.get_config_vars()),
        executable=sys.executable,
        free_threaded=free_threaded(),
        gil_enabled=gil_enabled(),
        jit=jit_enabled(),
        debug=debug_build(),
        switch_interval_s=sys.getswitchinterval(),
        hash_seed=hash_seed(variables),
        gc_enabled=gc.isenabled(),
        gc_threshold=gc.get_threshold(),
        start_method=default_start_method(),
        system=f"{platform.system()} {platform.release()}",
        libc=_libc(),
        machine=platform.machine(),
        cpu=cpu_name(root),
        cpus=cpus,
        physical_cpus=physical_cpus,
        affinity=affinity(),
        cgroup_quota_cpus=cgroup_quota(root),
        cores=cores(root),
        memory_bytes=psutil.virtual_memory().total,
        governor=governor(root),
        turbo=turbo(root),
        smt=smt(root, cpus, physical_cpus),
        hypervisor=hypervisor(root),
        load_average=_load_average(),
        busy_cpus=round(psutil.cpu_percent(_MOMENT_S) / 100 * cpus, 2),
        variables=variables,
        packages=_versions(),
        started_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        warnings=(),
        kernel_variants={"triad": triad.variant()},
    )
    state = InterpreterState(
        instruments=instruments(),
        development_mode=sys.flags.dev_mode,
        gil_forced=gil_forced(),
    )
    return replace(found, warnings=cautions(found, state))


def _libc() -> str:
    """Return the C library and its version as far as Python tells, `musl` told by the ABI's tag."""
    told = " ".join(platform.libc_ver()).strip()
    return told or ("musl" if "musl" in str(sysconfig.get_config_var("SOABI")) else "unknown")


def _load_average() -> tuple[float, float, float] | None:
    """Return the load over 1, 5 and 15 minutes, or None: not told (Windows)."""
    if sys.platform == "win32":
        return None
    try:
        return os.getloadavg()
    except OSError:
        return None


def _versions() -> dict[str, str]:
    """Return the versions of the packages that gilbench uses, and of those that offer workloads
    or backends, without importing them.
    """
    found = discovery.versions()
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
