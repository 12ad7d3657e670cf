"""What detaching and attaching again costs: by our kernels, over the bare C API pair."""

from __future__ import annotations

import platform
import statistics
import sys

from gilbench._native import detach

TIMES = 100_000
ROUNDS = 41
BOUND_NS = 5.0


def main() -> int:
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(detach.by_kernel(TIMES) / TIMES)
        bare.append(detach.by_c_api(TIMES) / TIMES)
    over = statistics.median(a - b for a, b in zip(ours, bare, strict=True))
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    print(
        f"Python {platform.python_version()}: ours {statistics.median(ours):.1f} ns, bare"
        f" {statistics.median(bare):.1f} ns; paired: {over:+.2f} ns, ratio {ratio:.3f}"
        f" (bound {BOUND_NS:+.0f} ns)"
    )
    return 1 if over > BOUND_NS else 0


if __name__ == "__main__":
    sys.exit(main())
