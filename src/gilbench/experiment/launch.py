"""With what a host is launched: its lifeline, the interpreter's switches and the environment."""

from __future__ import annotations

import os
import site
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = ["environment", "lifeline", "switches"]


def lifeline(folder: str) -> tuple[int | None, list[str], dict[str, Any]]:
    """Return our end of the pipe that a host must not outlive, its arguments and its options.

    When the pipe ends, the host takes `folder` away with itself, which it makes at its start.
    """
    if sys.platform == "win32":
        # There a host's pipes end with the conductor, and its workers' with the host.
        return None, [folder], {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    reading, writing = os.pipe()
    return writing, [folder, str(reading)], {"pass_fds": (reading,), "start_new_session": True}


def switches() -> list[str]:
    """Return the switches of this interpreter that change what it runs, and how fast."""
    optimised = ["-" + "O" * sys.flags.optimize] if sys.flags.optimize else []
    return optimised + [
        f"-X{name}" if value is True else f"-X{name}={value}"
        for name, value in sys._xoptions.items()  # noqa: SLF001 - documented, by this name
    ]


def environment() -> dict[str, str]:
    """Return this process's environment, with this very package importable."""
    root = str(Path(__file__).parents[2])
    ours = dict(os.environ)
    # What is installed is found without, and must not stand in front of the standard library.
    if root not in (*site.getsitepackages(), site.getusersitepackages()):
        others = [root, *filter(None, ours.get("PYTHONPATH", "").split(os.pathsep))]
        ours["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(others))
    return ours
