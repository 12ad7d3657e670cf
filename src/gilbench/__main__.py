"""`python -m gilbench`, and the command `gilbench`."""

from __future__ import annotations

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
    from gilbench.cli import main as cli

    sys.exit(cli(sys.argv[1:]))


if __name__ == "__main__":
    _enter()
