"""`python -m gilbench`, and the command `gilbench`."""

from __future__ import annotations

import atexit
import signal
import sys
from pathlib import Path

__all__ = ["main"]


def main() -> None:
    """Run the command line as the installed command `gilbench`, and exit with its status.

    The current folder goes in front of the path, as `python -m` puts it there, so that a user's
    `module:function` is found the same way through both.
    """
    if not sys.flags.safe_path:
        sys.path.insert(0, str(Path.cwd()))
    _enter()


def _enter() -> None:
    try:
        from gilbench.cli import main as cli

        status = cli(sys.argv[1:])
    except (KeyboardInterrupt, RuntimeError) as error:
        # It came while something was still being imported. Before 3.12, where that was a class in
        # the making, it is the cause of another error.
        cause = error if isinstance(error, KeyboardInterrupt) else error.__cause__
        if not isinstance(cause, KeyboardInterrupt):
            raise
        terminated = type(cause) is not KeyboardInterrupt
        sys.stderr.write(f"gilbench: {'terminated' if terminated else 'interrupted'}\n")
        status = 143 if terminated else 130
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # All is done: Ctrl-C now ends the interpreter's own end, without a traceback.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_DFL)
    sys.exit(status)


if __name__ == "__main__":
    _enter()
