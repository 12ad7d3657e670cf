"""The command line: one file per command, and `main`, which turns errors into one line each."""

from gilbench.cli.doors import main

__all__ = ["main"]
