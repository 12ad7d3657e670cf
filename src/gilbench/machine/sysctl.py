"""The kernel's variables of macOS."""

from __future__ import annotations

import subprocess

__all__ = ["sysctl"]


def sysctl(name: str) -> str | None:
    """Return the variable's value, or None where this kernel does not know it."""
    told = subprocess.run(
        ["/usr/sbin/sysctl", "-n", name], capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or None
