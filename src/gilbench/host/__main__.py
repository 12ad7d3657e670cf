"""`python -m gilbench.host`: a host, started by the conductor.

Standard input and output carry the protocol. Whatever the measured work prints is dropped, and
what it writes to standard error goes to the conductor.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import ExitStack

from gilbench._native import lifeline
from gilbench.backends.offspring import keep_from_offspring
from gilbench.backends.processes import use_zygote
from gilbench.host.bench import Bench
from gilbench.host.protocol import decode, encode

__all__: list[str] = []


def _main(lifeline_of: list[str]) -> None:
    """Answer until the requests end.

    `lifeline_of`, where it is not empty: the descriptor with which this process ends too, and the
    folder that it then takes away, since nobody else is left to.
    """
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)

    with ExitStack() as stack:
        for folder in lifeline_of[1:]:
            # The conductor does so too, unless it is gone; and then this may be done before the
            # lifeline's thread is.
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        ours = [requests.fileno(), replies.fileno(), *map(int, lifeline_of[:1])]
        if hasattr(os, "fork"):
            from gilbench.backends.zygote import Zygote

            zygote = Zygote(ours)
            use_zygote(zygote)
            stack.callback(zygote.close)
        keep_from_offspring(ours)
        if lifeline_of:
            descriptor, folder = lifeline_of
            lifeline.watch(int(descriptor), folder)
        bench = Bench()
        # Whatever happens: multiprocessing would wait for workers that still have a connection.
        stack.callback(bench.close)
        here = os.getpid()
        for line in requests:
            answered = encode(bench.answer(decode(line)))
            if os.getpid() != here:
                os._exit(0)  # a child that the user's function forked and did not end
            replies.write(answered)
            replies.flush()


if __name__ == "__main__":
    _main(sys.argv[1:])
