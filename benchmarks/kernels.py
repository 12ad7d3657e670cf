"""Each native kernel against the same loop in plain C, and `triad`'s ceiling against STREAM's.

The plain loops are compiled here, by the compiler and with the options that setup.py uses. Both
sides of a pair do the same units, one right after the other, on memory of their own; the CPU time
of the thread counts, and what is told is the median of all pairs, with the middle half of them.
STREAM's figure is this machine's bandwidth over all cores, counted as STREAM does: 24 bytes for
each a = b + s * c. (McCalpin, "STREAM: Sustainable Memory Bandwidth in High Performance Computers")
"""

from __future__ import annotations

import argparse
import ast
import ctypes
import os
import platform
import shlex
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from gilbench import backends, machine, workloads
from gilbench._native import gate
from gilbench.backends.memory import private_gate
from gilbench.model import Mode
from gilbench.worker import Order, perform

HERE = Path(__file__).resolve().parent
BOUND = 0.95
# Each with the units of one side of a pair, some 5 ms of work.
KERNELS = {
    "spin": 2_500_000,
    "mandelbrot": 1_500_000,
    "collatz": 4_000_000,
    "triad": 4_000_000,
    "triad:size=24000": 20_000_000,
    "chase": 25_000,
}
STATES = 5
PAIRS = 12
WINDOW_NS = 25_000_000
PASSES = 8
WINDOWS = 25


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kernels", nargs="*", default=[*KERNELS], metavar="kernel")
    names = parser.parse_args().kernels
    with tempfile.TemporaryDirectory() as folder:
        plain, options = compiled(Path(folder))
        print(f"Python {platform.python_version()}, {machine.environment().cpu}; {options}")
        print(f"{'kernel':17} ours        plain C     speed over plain C  (middle half)")
        missed = sum([not compare(name, plain) for name in names])
        if "triad" in names:
            compare_bandwidth(plain)
    print(f"{missed} of {len(names)} below {BOUND}" if missed else f"all at least {BOUND}")
    return 1 if missed else 0


def compiled(folder: Path) -> tuple[ctypes.CDLL, str]:
    """Return the plain loops as a library, and the command that made it."""
    compiler = shlex.split(os.environ.get("CXX") or sysconfig.get_config_var("CXX") or "c++")
    options = [*setup_options(), "-fvisibility=default", "-shared", "-fPIC", "-pthread"]
    library = folder / "plain_kernels.so"
    source = HERE / "plain_kernels.cpp"
    subprocess.run([*compiler, *options, str(source), "-o", str(library)], check=True)
    return ctypes.CDLL(str(library)), shlex.join([*compiler, *options])


def setup_options() -> list[str]:
    """Return the options for C++ as setup.py has them, without running it."""
    found = {
        ast.unparse(node.targets[0]): eval(ast.unparse(node.value), {"sys": sys})
        for node in ast.parse((HERE.parent / "setup.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"STANDARD", "COMPILE"}
    }
    return [found["STANDARD"], *found["COMPILE"]]


def compare(text: str, plain: ctypes.CDLL) -> bool:
    """Print the row of one kernel, and return whether it is within its bound."""
    name, units = text.partition(":")[0], KERNELS[text]
    create, advance, checksum, destroy = (
        getattr(plain, f"{name}_{part}") for part in ("create", "advance", "checksum", "destroy")
    )
    create.argtypes, create.restype = [ctypes.c_uint64], ctypes.c_void_p
    advance.argtypes, advance.restype = [ctypes.c_void_p, ctypes.c_uint64], None
    checksum.argtypes, checksum.restype = [ctypes.c_void_p], ctypes.c_uint64
    destroy.argtypes, destroy.restype = [ctypes.c_void_p], None
    workload = workloads.find(text)
    order = make_order(text, units=units)
    entrance = private_gate()
    ours, theirs, ratios = [], [], []
    for _ in range(STATES):
        task, state = workload.task(), create(workload.bytes)
        advance(state, 1)  # as a task is made warm
        for pair in range(PAIRS):
            spent = {}
            for side in ("ours", "plain") if pair % 2 else ("plain", "ours"):
                if side == "ours":
                    gate.reset(entrance, 1, 1)
                    spent[side] = perform(task, order, 0, entrance).cpu_ns
                else:
                    start = time.thread_time_ns()
                    advance(state, units)
                    spent[side] = time.thread_time_ns() - start
            ours.append(spent["ours"] / units)
            theirs.append(spent["plain"] / units)
            ratios.append(spent["plain"] / spent["ours"])
        if task.checksum() != checksum(state):
            raise AssertionError(f"{text}: the two sides did different work")
        destroy(state)
    ratio = statistics.median(ratios)
    low, _, high = statistics.quantiles(ratios, n=4)
    print(
        f"{text:17} {statistics.median(ours):7.3f} ns  {statistics.median(theirs):7.3f} ns "
        f" {ratio:6.3f}  ({low:.3f} to {high:.3f}){'' if ratio >= BOUND else '  MISSED'}"
    )
    return ratio >= BOUND


def compare_bandwidth(plain: ctypes.CDLL) -> None:
    """Print `triad`'s ceiling, as gilbench measures it, beside STREAM's figure."""
    plain.bandwidth.argtypes = [ctypes.c_uint32, ctypes.c_uint64, ctypes.c_uint32]
    plain.bandwidth.restype = ctypes.c_double
    cores = machine.cores()
    bytes = workloads.find("triad").bytes
    crew = backends.find("native").crew()
    order = make_order("triad", units=10**6, workers=cores, window_ns=WINDOW_NS)
    ours, theirs = [], []
    for _ in range(WINDOWS):
        theirs.append(plain.bandwidth(cores, bytes, PASSES) / 1e9)
        ours.append(24 * sum(reading.units for reading in crew.run(order)) / WINDOW_NS)
    crew.close()
    share = statistics.median(their / our for their, our in zip(theirs, ours, strict=True))
    print(
        f"\nmemory bandwidth, {cores} cores, GB/s: median (best)\n"
        f"gilbench's ceiling  {statistics.median(ours):6.2f} ({max(ours):.2f})\n"
        f"STREAM's triad      {statistics.median(theirs):6.2f} ({max(theirs):.2f}):"
        f" {share:.3f} of the ceiling, median of {WINDOWS} pairs"
    )


def make_order(text: str, *, units: int, workers: int = 1, window_ns: int | None = None) -> Order:
    """Return the order for one call, or for a window."""
    return Order(
        workload=text,
        mode=Mode.HOLD,
        workers=workers,
        cores=machine.cores(),
        grain_ns=1_000_000,
        units_per_call=units,
        window_ns=window_ns,
        calls=None if window_ns else 1,
        timeout_ns=30_000_000_000,
    )


if __name__ == "__main__":
    sys.exit(main())
