"""What watches this interpreter at work, and slows it down."""

from __future__ import annotations

import sys
import threading
import tracemalloc

__all__ = ["instruments"]


def instruments() -> tuple[str, ...]:
    """Return the names of the tracers, profilers and monitoring tools that are on."""
    active = {
        "sys.settrace": sys.gettrace() is not None or threading.gettrace() is not None,
        "sys.setprofile": sys.getprofile() is not None or threading.getprofile() is not None,
        "tracemalloc": tracemalloc.is_tracing(),
    }
    return (*(name for name, on in active.items() if on), *_since_312())


def _since_312() -> list[str]:
    """Return the tools of `sys.monitoring` (PEP 669) and the perf trampoline."""
    if sys.version_info < (3, 12):
        return []
    monitoring = sys.monitoring
    tools = [monitoring.get_tool(number) for number in range(monitoring.OPTIMIZER_ID + 1)]
    found = [f"sys.monitoring tool {tool!r}" for tool in tools if tool is not None]
    return [*found, "perf trampoline"] if sys.is_stack_trampoline_active() else found
