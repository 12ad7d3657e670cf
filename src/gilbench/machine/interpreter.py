"""What kind of interpreter this is: its GIL, its JIT and how it starts processes."""

import sys

__all__ = [
    "debug_build",
    "default_start_method",
    "free_threaded",
    "gil_enabled",
    "gil_forced",
    "jit_enabled",
]


def gil_enabled() -> bool:
    """Return whether the GIL is on now; on a free-threaded build an import can switch it on."""
    ask = getattr(sys, "_is_gil_enabled", None)
    return True if ask is None else bool(ask())


def gil_forced() -> bool:
    """Return whether the GIL was asked for, by `-X gil=1` or `PYTHON_GIL=1`."""
    return getattr(sys.flags, "gil", None) == 1


def free_threaded() -> bool:
    """Return whether this interpreter was built to run without the GIL."""
    from sysconfig import get_config_var

    return bool(get_config_var("Py_GIL_DISABLED"))


def debug_build() -> bool:
    """Return whether CPython was built with `Py_DEBUG`, which makes everything slower."""
    # Windows does not list Py_DEBUG in sysconfig: CPython's own tests ask in this way.
    return hasattr(sys, "gettotalrefcount")


def jit_enabled() -> bool | None:
    """Return whether the just-in-time compiler is on; None before CPython 3.14."""
    jit = getattr(sys, "_jit", None)
    return None if jit is None else bool(jit.is_enabled())


def default_start_method() -> str:
    """Return how `multiprocessing` starts processes by default on this platform.

    Only read: `multiprocessing.get_start_method()` would fix the method for the whole process.
    """
    from multiprocessing import get_all_start_methods

    # The list is documented to start with the default.
    return get_all_start_methods()[0]
