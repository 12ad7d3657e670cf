"""Has the sanitizers of the C++ compiler watch the native code. Linux with GCC, or Clang as CXX.

    python tests/native/sanitize.py [--short]

ThreadSanitizer, AddressSanitizer with LeakSanitizer, and UndefinedBehaviorSanitizer each watch
`sanitize/driver.cpp`, which exercises the plain headers of `ext/` with real threads. Then the
extension modules are built anew in a temporary folder with the last two, and the tests beside this
file run on them in this interpreter. `--short` is for a gate: fewer rounds, and the quick tests.

ThreadSanitizer watches the driver only: it does not see the atomics of an interpreter that was not
built with it, and would take what those order for races.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SANITIZE: Final = ROOT / "tests" / "native" / "sanitize"
DRIVER: Final = SANITIZE / "driver.cpp"
UNDEFINED: Final = "undefined,float-cast-overflow,float-divide-by-zero"

# Tests ask for memory that nobody has, and look at whether freed memory goes back to the system.
OPTIONS: Final = {
    "ASAN_OPTIONS": "exitcode=99:allocator_may_return_null=1:quarantine_size_mb=16"
    ":detect_leaks=1:detect_stack_use_after_return=1",
    "LSAN_OPTIONS": f"exitcode=98:suppressions='{SANITIZE / 'leaks.txt'}':print_suppressions=0",
    "TSAN_OPTIONS": "exitcode=97:second_deadlock_stack=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
}


def compiler() -> list[str]:
    """Return the C++ compiler's command: CXX, else g++."""
    return shlex.split(os.environ.get("CXX", "g++"))


def c_compiler() -> list[str]:
    """Return the C compiler's command: CC, else the one that comes with the C++ compiler."""
    if "CC" in os.environ:
        return shlex.split(os.environ["CC"])
    # Of the same make: the modules have one library of the sanitizers in common.
    return [word.replace("clang++", "clang").replace("g++", "gcc") for word in compiler()]


def flags(sanitizers: str) -> list[str]:
    """Return what makes the compiler build for `sanitizers`, with stacks that can be read."""
    return [
        *(f"-fsanitize={sanitizers}", "-fno-sanitize-recover=all"),
        *("-O1", "-g1", "-fno-omit-frame-pointer"),
    ]


def watch_driver(sanitizers: str, rounds: int, folder: Path) -> None:
    """Build and run the driver. Raises CalledProcessError where a sanitizer finds something."""
    program = folder / f"driver-{sanitizers.partition(',')[0]}"
    subprocess.run(
        [
            *compiler(),
            *("-std=c++17", "-Wall", "-Wextra", "-Werror", "-pthread", *flags(sanitizers)),
            *(f"-I{ROOT / 'ext'}", str(DRIVER), "-o", str(program)),
        ],
        check=True,
    )
    subprocess.run([program, str(rounds)], check=True, env={**os.environ, **OPTIONS}, timeout=600)


def watch_modules(selection: list[str], folder: Path) -> None:
    """Build the extension modules and run their tests. Raises CalledProcessError as above."""
    copy = folder / "tree"
    copy.mkdir()
    for name in ("ext", "src", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("*.so", "*.pyd"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    # Its -O3 would come last, and win: slow to build, and with stacks that lack their callers.
    setup = (ROOT / "setup.py").read_text(encoding="utf-8").replace('"-O3", ', "")
    (copy / "setup.py").write_text(setup, encoding="utf-8")
    sanitizers = f"address,{UNDEFINED}"
    options = shlex.join(flags(sanitizers))
    subprocess.run(
        [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace"],
        check=True,
        cwd=copy,
        env={
            **os.environ,
            **dict.fromkeys(("CFLAGS", "CXXFLAGS", "LDFLAGS"), options),
            "CC": shlex.join(c_compiler()),
            "CXX": shlex.join(compiler()),
        },
    )
    # The interpreter was built without the sanitizers: they must be there before it starts, and
    # with them the library whose exceptions they look at.
    preloaded = [_library(name) for name in ("libasan.so", "libstdc++.so")]
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"),
            *("tests/native", *selection),
        ],
        check=True,
        cwd=copy,
        env={
            **os.environ,
            **OPTIONS,
            "LD_PRELOAD": " ".join(preloaded),
            "PYTHONPATH": str(copy / "src"),
            "PYTHONMALLOC": "malloc",  # each object apart, so that its bounds are watched
        },
        timeout=1800,
    )


def _library(name: str) -> str:
    asked = [*compiler(), f"-print-file-name={name}"]
    path = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    if not Path(path).is_absolute():
        raise FileNotFoundError(f"{asked[0]} has no {name}: install the sanitizers' libraries")
    return path


def main() -> int:
    """Run the command line; the exit status is 1 where a sanitizer found something."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="for a gate: some 90 s at most")
    short = parser.parse_args().short
    rounds = 3 if short else 100
    selection = ["-m", "not slow"] if short else []
    print(f"Python {sys.version.split()[0]}, {shlex.join(compiler())}", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        parts = {
            "threads": lambda: watch_driver("thread", rounds, folder),
            "addresses and leaks": lambda: watch_driver("address", rounds, folder),
            "undefined behaviour": lambda: watch_driver(UNDEFINED, rounds, folder),
            "modules: addresses, undefined behaviour": lambda: watch_modules(selection, folder),
        }
        for name, part in parts.items():
            started = time.monotonic()
            try:
                part()
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                print(f"{name}: FAILED: {error}", file=sys.stderr)
                return 1
            print(f"{name}: clean, {time.monotonic() - started:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
