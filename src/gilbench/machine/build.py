"""How this CPython was configured and compiled, as far as it moves figures."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OPTIMISED", "build_flags"]

OPTIMISED: Final = frozenset({"-O2", "-O3", "-Ofast"})
"""Values of the flag `optimisation` of an interpreter whose figures mean something."""

_CODE_GENERATION: Final = ("-O", "-f", "-m")
_CONFIGURE: Final = ("--enable-", "--disable-", "--with-", "--without-")
_UNDECLARED: Final = "not declared"


def build_flags(variables: Mapping[str, object]) -> dict[str, str]:
    """Return the build's facts by name, from the variables of `sysconfig`.

    `optimisation` is the last `-O` flag, which is the one that counts, or `none`; `cflags` are
    all flags that change the code which the compiler makes; `configure` are the options given to
    `configure`, without those that name folders. A distribution can optimise by profile without
    telling `configure`: hence `pgo` and `lto` are `yes` or `not declared`, never `no`. A fact is
    missing where the build does not tell it (Windows tells none).
    """
    facts: dict[str, str] = {}
    cflags = _words(variables.get("PY_CORE_CFLAGS") or variables.get("CFLAGS"))
    options = _words(variables.get("CONFIG_ARGS"))
    if cflags:
        facts["optimisation"] = next((f for f in reversed(cflags) if f.startswith("-O")), "none")
        facts["assertions"] = "off" if "-DNDEBUG" in cflags else "on"
        made_by = (flag for flag in cflags if flag.startswith(_CODE_GENERATION))
        facts["cflags"] = " ".join(dict.fromkeys(made_by))
    if cflags or options:
        profiled = _asked(options, "--enable-optimizations") or "-fprofile-use" in cflags
        linked = _asked(options, "--with-lto") or any(f.startswith("-flto") for f in cflags)
        facts["pgo"] = "yes" if profiled else _UNDECLARED
        facts["lto"] = "yes" if linked else _UNDECLARED
        named = (o for o in options if o.startswith(_CONFIGURE) and "/" not in o)
        facts["configure"] = " ".join(named)
    if variables.get("Py_DEBUG") is not None:
        facts["debug"] = "yes" if variables["Py_DEBUG"] else "no"
    return facts


def _words(value: object) -> list[str]:
    return shlex.split(value) if isinstance(value, str) else []


def _asked(options: list[str], name: str) -> bool:
    """Return whether `configure` was given `name`, alone or with a value other than `no`."""
    return any(
        option == name or (option.startswith(f"{name}=") and option != f"{name}=no")
        for option in options
    )
