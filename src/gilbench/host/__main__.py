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


def _main(folder: str | None = None, lifeline_of: str | None = None) -> None:
    """Answer until the requests end.

    `folder` is made for what the host and its workers leave, and taken away at the end. With the
    descriptor `lifeline_of` this process ends too, and then nobody else is left to. Raises OSError
    where the folder cannot be made.
    """
    if folder is not None:
        os.mkdir(folder, 0o700)  # noqa: PTH102 - as `tempfile.mkdtemp` does
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)

    with ExitStack() as stack:
        ours = [requests.fileno(), replies.fileno()]
        if folder is not None:
            # The conductor does so too, unless it is gone; and then this may be done before the
            # lifeline's thread is.
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if lifeline_of is not None:
            ours.append(int(lifeline_of))
        if hasattr(os, "fork"):
            from gilbench.backends.zygote import Zygote

            zygote = Zygote(ours)
            use_zygote(zygote)
            stack.callback(zygote.close)
        keep_from_offspring(ours)
        if folder is not None and lifeline_of is not None:
            lifeline.watch(int(lifeline_of), folder)
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
    _main(*sys.argv[1:])
