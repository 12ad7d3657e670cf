"""A laboratory that answers at once, while a fake clock goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gilbench.comparison import Parameter, Trial, Way
from gilbench.model import Status

MS = 1_000_000
S = 1_000 * MS


@dataclass
class FakeBench:
    """Each trial takes `trial_ns`; those of `bad` by name and way end otherwise than well."""

    trial_ns: int = 100 * MS
    bad: Mapping[tuple[str, Way], Status] = field(default_factory=dict)
    now_ns: int = 0
    asked: list[Trial] = field(default_factory=list)
    fresh: list[bool] = field(default_factory=list)

    def clock(self) -> int:
        return self.now_ns

    def trial(
        self,
        row: str,
        name: str,
        way: Way | None,
        *,
        round: int = 0,
        fresh: bool = False,
        **parameters: Parameter,
    ) -> Trial:
        self.now_ns += self.trial_ns
        status = Status.OK if way is None else self.bad.get((name, way), Status.OK)
        trial = Trial(
            row=row,
            name=name,
            way=way,
            parameters=parameters,
            round=round,
            status=status,
            reason=None if status is Status.OK else "not here",
        )
        self.asked.append(trial)
        self.fresh.append(fresh)
        return trial
