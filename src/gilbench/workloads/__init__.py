"""What is run: a registry of workloads by name, and the user's own functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.errors import InputError, nearest
from gilbench.model import Listing
from gilbench.workloads.bytecode import bytecode_workload
from gilbench.workloads.kernels import KERNELS
from gilbench.workloads.objects import objects_workload
from gilbench.workloads.spec import parse_spec
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
]

WORKLOADS: Final[Mapping[str, Callable[[Spec], Workload]]] = {
    **KERNELS,
    "objects": objects_workload,
    "python": bytecode_workload,
}

DEFAULT_WORKLOADS: Final = ("spin", "triad", "objects", "python")

_GRAIN: Final = "grain=DURATION"
_LISTED: Final[Mapping[str, tuple[str, str]]] = {
    "spin": ("a chain of shifts and exclusive ors; holds or releases; limited by latency", _GRAIN),
    "triad": (
        "a = b + s * c over large arrays; holds or releases; limited by memory bandwidth",
        f"size=BYTES {_GRAIN}",
    ),
    "mix": (
        "spin that holds for a share of each call and releases for the rest: known truth",
        f"share=SHARE {_GRAIN}",
    ),
    "objects": ("private dicts of Python integers, from native code; cannot detach", _GRAIN),
    "python": ("a loop in bytecode; cannot detach", _GRAIN),
}


def find(text: str) -> Workload:
    """Return the workload that `text` names. Raises InputError, with the nearest name."""
    name = text.partition(":")[0]
    if name in WORKLOADS:
        return WORKLOADS[name](parse_spec(text))
    function = function_workload(text)
    if function is not None:
        return function
    raise InputError(
        f"unknown workload {text!r}{nearest(name, WORKLOADS)}"
        " (or name your own function: module:function)"
    )


def catalogue() -> tuple[Listing, ...]:
    """Return what there is to run, in the order of the registry."""
    listed = [
        Listing(name=name, summary=summary, parameters=parameters, unavailable=None)
        for name, (summary, parameters) in _LISTED.items()
    ]
    own = Listing(
        name="module:function",
        summary="a function of yours that takes no arguments",
        parameters="",
        unavailable=None,
    )
    return (*listed, own)
