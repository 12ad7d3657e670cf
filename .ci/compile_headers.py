"""Compiles the plain C++ headers for the systems and processors that the gate does not run on.

zig's C++ compiler (clang; from PyPI: `ziglang`) has the headers and libraries of all of them.
Usage: python .ci/compile_headers.py [FOLDER], by default the folder `ext`. Exit status 1 with the
compiler's words if a header does not compile, or not without a warning.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Final

SYSTEMS: Final = ("windows-gnu", "macos.11.0", "linux-musl")
PROCESSORS: Final = ("x86_64", "aarch64")
# All declarations are emitted: what nobody calls would be parsed, but not made into code.
FLAGS: Final = (
    *("-std=c++17", "-femit-all-decls"),
    *("-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"),
)

CACHES: Final = ("ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR")


def complaint(header: str, target: str, sources: Path, folder: Path) -> str:
    """Return what the compiler says of one header by itself, empty if it compiles.

    `header` is its path in `sources`, as others include it. `folder` is for what is made of it.
    """
    unit = folder / f"{header.replace('/', '.')}.{target}.cpp"
    unit.write_text(f'#include "{header}"\n', encoding="utf-8")
    compiler = (sys.executable, "-m", "ziglang", "c++", "-target", target)
    compiled = subprocess.run(
        [*compiler, *FLAGS, "-I", sources, "-c", unit, "-o", unit.with_suffix(".o")],
        env={**os.environ, **dict.fromkeys(CACHES, str(folder / "cache"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    return (compiled.stdout or "no reason given\n") if compiled.returncode else ""


def main(sources: Path) -> int:
    """Return the exit status: 1 if any header of the folder does not compile for any target."""
    sources = sources.resolve()
    headers = sorted(path.relative_to(sources).as_posix() for path in sources.rglob("*.hpp"))
    targets = [f"{processor}-{system}" for system, processor in product(SYSTEMS, PROCESSORS)]
    pairs = list(product(targets, headers))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = list(
            pool.map(lambda pair: complaint(pair[1], pair[0], sources, Path(folder)), pairs)
        )
    for (target, header), said in zip(pairs, complaints, strict=True):
        if said:
            print(f"{target}, {header}:\n{said}")
    failed = sum(map(bool, complaints))
    print(f"{len(headers)} headers for {len(targets)} targets: {failed or 'none'} failed")
    return 1 if failed or not headers else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1] / "ext"))
