"""What the workloads of one run are called, where their names alone do not tell them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from gilbench import durations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Grained", "labels_of"]


class Grained(Protocol):
    """Whatever is about a workload at a grain: a case, a finding, a curve."""

    @property
    def workload(self) -> str:
        """The canonical text, without the grain."""

    @property
    def grain_ns(self) -> int:
        """How long one call works."""


def labels_of(all_of: Iterable[Grained]) -> Callable[[Grained], str]:
    """Return what names the workload of any of these: its text, such as `mix:share=0.5`.

    Where the same workload has several grains, with its grain, as it is asked for:
    `mix:share=0.5,grain=100us`.
    """
    grains: dict[str, set[int]] = {}
    for one in all_of:
        grains.setdefault(one.workload, set()).add(one.grain_ns)

    def label(one: Grained) -> str:
        if len(grains.get(one.workload, ())) < 2:
            return one.workload
        sign = "," if ":" in one.workload else ":"
        grain = durations.format(one.grain_ns).replace(" ", "")
        return f"{one.workload}{sign}grain={grain}"

    return label
