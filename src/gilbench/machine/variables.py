"""The environment variables that move figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["hash_seed", "telling_variables"]

_PREFIXES: Final = (
    "BLIS_",
    "GOMP_",
    "GOTO_",
    "KMP_",
    "MALLOC_",
    "MKL_",
    "NUMEXPR_",
    "OMP_",
    "OPENBLAS_",
    "VECLIB_",
)
_SYSTEM: Final = frozenset({"DYLD_INSERT_LIBRARIES", "GLIBC_TUNABLES", "LD_PRELOAD"})

# By name, never by prefix: PYTHONPATH and its like tell of the user and move no figure.
_PYTHON: Final = frozenset(
    {
        "PYTHONASYNCIODEBUG",
        "PYTHONDEBUG",
        "PYTHONDEVMODE",
        "PYTHONHASHSEED",
        "PYTHONMALLOC",
        "PYTHONMALLOCSTATS",
        "PYTHONNODEBUGRANGES",
        "PYTHONOPTIMIZE",
        "PYTHONPERFSUPPORT",
        "PYTHONPROFILEIMPORTTIME",
        "PYTHONTRACEMALLOC",
        "PYTHONVERBOSE",
        "PYTHON_CPU_COUNT",
        "PYTHON_FROZEN_MODULES",
        "PYTHON_GIL",
        "PYTHON_JIT",
        "PYTHON_LAZY_IMPORTS",
        "PYTHON_PERF_JIT_SUPPORT",
        "PYTHON_THREAD_INHERIT_CONTEXT",
        "PYTHON_TLBC",
    }
)


def telling_variables(environ: Mapping[str, str], *, ignored: bool) -> dict[str, str]:
    """Return those of `environ` that move figures, sorted by name.

    `ignored`: this interpreter was told to look at no `PYTHON*` variable (`-E`, `-I`), so that
    none of them counts.
    """
    names = _SYSTEM if ignored else _SYSTEM | _PYTHON
    return {
        name: environ[name]
        for name in sorted(environ)
        if name in names or name.startswith(_PREFIXES)
    }


def hash_seed(variables: Mapping[str, str]) -> str:
    """Return the seed of `str` hashes that the telling variables set, or `random`."""
    return variables.get("PYTHONHASHSEED") or "random"
