"""How the workers of a host come by the one server that all of them ask."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

from gilbench.workloads.io.place import made_once

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["LOOPBACK", "NAME", "server_port"]

LOOPBACK: Final = "127.0.0.1"
NAME: Final = "http-server"
"""The file in the hosts' folder that has the number of the port. Without it the server ends."""

_MODULE: Final = "gilbench.workloads.io.server"

# Those that this process started. They run on, and who forgets one is warned of that.
_started: Final[list[subprocess.Popen[bytes]]] = []


def server_port() -> int:
    """Return the port of this host's server, which is started if there is none yet.

    It ends with its host, and at the latest when the shared folder is removed. Raises OSError where
    it does not start.
    """
    return int(made_once(NAME, _start).read_text(encoding="ascii"))


def _start(announcement: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", _MODULE, str(announcement)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    _started.append(process)
    assert process.stdout is not None
    with process.stdout as told:
        told.read()  # which ends when it serves, or has ended
    if not announcement.exists():
        raise OSError(f"the server did not start: its process ended with {process.wait()}")
