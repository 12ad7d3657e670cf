"""`python -m gilbench.host`: a host, started by the conductor.

Standard input and output carry the protocol. Whatever the measured work prints is dropped, and
what it writes to standard error goes to the conductor.
"""

from __future__ import annotations

import os
import sys

from gilbench._native import lifeline
from gilbench.backends.processes import use_zygote
from gilbench.host.bench import Bench
from gilbench.host.protocol import decode, encode

__all__: list[str] = []


def _main(arguments: list[str]) -> None:
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)

    zygote = None
    if hasattr(os, "fork"):
        from gilbench.backends.zygote import Zygote

        zygote = Zygote([requests.fileno(), replies.fileno(), *map(int, arguments)])
        use_zygote(zygote)
    for descriptor in arguments:
        lifeline.watch(int(descriptor))

    bench = Bench()
    for line in requests:
        replies.write(encode(bench.answer(decode(line))))
        replies.flush()
    bench.close()
    if zygote is not None:
        zygote.close()


if __name__ == "__main__":
    _main(sys.argv[1:])
