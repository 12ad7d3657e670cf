"""What a check is to look at, and when it stops."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CheckPlan", "Sizes", "Target"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is checked: a function without arguments as `module:function`, or a statement with its
    setup, in which `n` is the size. Exactly one of `function` and `statement` is there.
    """

    function: str | None = None
    statement: str | None = None
    setup: str = ""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """The values of `n` from `first` to `last`, in powers of two between them."""

    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class CheckPlan:
    """One check. `timeout_ns` bounds a single call. `in_process`: the target ran in the process of
    who asked, not in a host.
    """

    target: Target
    sizes: Sizes | None
    budget_ns: int
    timeout_ns: int
    seed: int
    in_process: bool = False
