"""`import gilbench` and `python -m gilbench --help`, over a bare interpreter, taken in turn."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 15
BOUNDS_MS = {"import": 60.0, "help": 200.0}
COMMANDS = {
    "bare": ["-c", "pass"],
    "import": ["-c", "import gilbench"],
    "help": ["-m", "gilbench", "--help"],
}


def took_ms(arguments: list[str]) -> float:
    """How long one process takes, in milliseconds."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - started) * 1000


def main() -> int:
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, arguments in COMMANDS.items():
            taken[name].append(took_ms(arguments))
    bare = statistics.median(taken["bare"])
    over = statistics.median(a - b for a, b in zip(taken["import"], taken["bare"], strict=True))
    whole = statistics.median(taken["help"])
    print(f"bare interpreter {bare:.0f} ms")
    print(f"import gilbench  {over:+.0f} ms over it (bound {BOUNDS_MS['import']:.0f})")
    print(f"--help           {whole:.0f} ms (bound {BOUNDS_MS['help']:.0f})")
    return 1 if over > BOUNDS_MS["import"] or whole > BOUNDS_MS["help"] else 0


if __name__ == "__main__":
    sys.exit(main())
