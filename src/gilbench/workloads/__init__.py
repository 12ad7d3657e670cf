"""What is run: a registry of workloads by name, the user's own functions, and what others offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.errors import InputError, nearest
from gilbench.model import Listing
from gilbench.workloads.bytecode import bytecode_workload
from gilbench.workloads.io import IO, why_no_postgres
from gilbench.workloads.kernels import KERNELS
from gilbench.workloads.objects import objects_workload
from gilbench.workloads.offered import offered_listings, offered_names, offered_workload
from gilbench.workloads.shared import shared_workload
from gilbench.workloads.spec import parse_spec
from gilbench.workloads.statement import statement_workload
from gilbench.workloads.user import function_workload, name_of
from gilbench.workloads.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gilbench.workloads.spec import Spec

__all__ = [
    "DEFAULT_WORKLOADS",
    "WORKLOADS",
    "Workload",
    "catalogue",
    "find",
    "name_of",
    "names",
]

WORKLOADS: Final[Mapping[str, Callable[[Spec], Workload]]] = {
    **KERNELS,
    "objects": objects_workload,
    "shared": shared_workload,
    "python": bytecode_workload,
    **IO,
}

DEFAULT_WORKLOADS: Final = ("spin", "triad", "objects", "python")

_GRAIN: Final = "grain=DURATION"
_FILE: Final = f"size=BYTES folder=PATH {_GRAIN}"
_LISTED: Final[Mapping[str, tuple[str, str]]] = {
    "spin": ("a chain of shifts and exclusive ors; holds or releases; limited by latency", _GRAIN),
    "mandelbrot": (
        "a picture point by point; holds or releases; limited by floating-point latency",
        _GRAIN,
    ),
    "collatz": (
        "chains of n / 2 or 3 n + 1; holds or releases; limited by branches that nobody predicts",
        _GRAIN,
    ),
    "triad": (
        "a = b + s * c over large arrays; holds or releases; limited by memory bandwidth",
        f"size=BYTES {_GRAIN}",
    ),
    "chase": (
        "one cache line leads to the next; holds or releases; limited by memory latency",
        f"size=BYTES {_GRAIN}",
    ),
    "mix": (
        "spin that holds for a share of each call and releases for the rest: known truth",
        f"share=SHARE {_GRAIN}",
    ),
    "objects": ("private dicts of Python integers, from native code; cannot detach", _GRAIN),
    "shared": (
        "all threads count on one attribute, list or dict; cannot detach; processes have one each"
        " and share nothing: that is its ceiling",
        f"what=KIND {_GRAIN}",
    ),
    "python": ("a loop in bytecode; cannot detach", _GRAIN),
    "file-write": ("writes blocks of a file, to the system's cache", _FILE),
    "file-sync": ("writes blocks of a file, and waits for the disk after each", _FILE),
    "file-read": ("reads blocks of a file, from the system's cache", _FILE),
    "http": (
        "requests to a server of ours on loopback, which answers after a while",
        f"delay=DURATION client=CLIENT {_GRAIN}",
    ),
    "sqlite": (
        "queries to one database file, which all workers share",
        f"reads=SHARE {_GRAIN}",
    ),
    "postgres": (
        "queries to the server that PGHOST and libpq's other variables name",
        f"reads=SHARE {_GRAIN}",
    ),
}
_UNAVAILABLE: Final[Mapping[str, Callable[[], str | None]]] = {"postgres": why_no_postgres}


def find(text: str) -> Workload:
    """Return the workload that `text` names. Raises InputError, with the nearest name.

    A statement is not listed, for nobody types its text: `statement_text` makes it. Other
    distributions are asked only for what is neither built in nor a `module:function`.
    """
    name = text.partition(":")[0]
    if name in WORKLOADS:
        return WORKLOADS[name](parse_spec(text))
    found = statement_workload(text) or function_workload(text) or offered_workload(text)
    if found is not None:
        return found
    raise InputError(
        f"unknown workload {text!r}{nearest(name, names())}"
        " (or name your own function: module:function)"
    )


def names() -> tuple[str, ...]:
    """Return the names that there are, ours first. What others offer is not loaded for it."""
    return (*WORKLOADS, *offered_names(WORKLOADS))


def catalogue() -> tuple[Listing, ...]:
    """Return what there is to run, in the order of the registry, then what others offer.

    What they offer is loaded for it; what cannot be run has the reason.
    """
    listed = [
        Listing(
            name=name,
            summary=summary,
            parameters=parameters,
            unavailable=_UNAVAILABLE[name]() if name in _UNAVAILABLE else None,
        )
        for name, (summary, parameters) in _LISTED.items()
    ]
    own = Listing(
        name="module:function",
        summary="a function of yours that takes no arguments",
        parameters="",
        unavailable=None,
    )
    return (*listed, *offered_listings(WORKLOADS), own)
