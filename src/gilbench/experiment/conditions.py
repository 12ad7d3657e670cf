"""What a run is told about the machine and the analysis, and where its hosts come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench.experiment.link import HostProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gilbench.experiment.link import Host
    from gilbench.model import Plan, Rejection, Sample

__all__ = ["Conditions"]


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What the conductor is told about the machine and the analysis.

    `judge` says why a sample does not count, `enough` whether the samples of a part of the plan
    suffice for it. `processors` are those that a lone worker visits. `clock` is in nanoseconds.
    `patience_s` is how long a host may be silent whatever it does.
    """

    cores: int
    gil_enabled: bool
    judge: Callable[[Sample], Rejection | None]
    enough: Callable[[Plan, Sequence[Sample]], bool]
    clock: Callable[[], int]
    processors: tuple[int, ...] = ()
    start_host: Callable[[], Host] = HostProcess
    patience_s: float = 20.0
