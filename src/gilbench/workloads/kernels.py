"""Workloads on our own native kernels: `spin`, `triad` and `mix`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

from gilbench._native import work
from gilbench.model import Mode
from gilbench.workloads.spec import Parameter, read_bytes, read_grain, read_share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gilbench._native.meter import MeterCapsule
    from gilbench._native.work import KernelCapsule, WorkCapsule
    from gilbench.workloads.spec import Spec

__all__ = ["KERNELS", "KernelTask", "KernelWorkload", "MixWorkload"]

# Three arrays that together are twice the largest common last-level cache of one core complex.
_TRIAD_BYTES: Final = 64 * 2**20


class KernelTask:
    """A kernel's state, and the calls that advance it on a meter."""

    stamped: Final = True

    def __init__(self, state: WorkCapsule) -> None:
        self._state = state
        self.run(1)

    @property
    def native(self) -> WorkCapsule:
        """The state itself, which native threads can advance."""
        return self._state

    def caller(self, mode: Mode) -> Callable[[MeterCapsule, int], bool]:
        """Return the call that holds, or the one that releases."""
        return partial(work.hold if mode is Mode.HOLD else work.release, self._state)

    def run(self, units: int) -> None:
        """Do `units` of work, unmeasured."""
        work.run(self._state, units)

    def checksum(self) -> int:
        """Return the kernel's checksum."""
        return work.checksum(self._state)


class MixTask(KernelTask):
    """A kernel's state, advanced by calls that hold for a share of their units."""

    def __init__(self, state: WorkCapsule, share: float) -> None:
        super().__init__(state)
        self._share = share

    def caller(self, mode: Mode) -> Callable[[MeterCapsule, int], bool]:  # noqa: ARG002 - both
        """Return the call that splits its units by the share."""
        state, share = self._state, self._share

        def call(meter: MeterCapsule, units: int) -> bool:
            held = round(units * share)
            return work.mix(state, meter, held, units - held)

        return call


@dataclass(frozen=True, kw_only=True)
class KernelWorkload:
    """A kernel that can be called in both modes."""

    text: str
    kernel: str
    bytes: int
    grain_ns: int | None = None
    modes: tuple[Mode, ...] = (Mode.HOLD, Mode.RELEASE)
    has_native_twin: bool = True
    stoppable: bool = True
    shuts_out: bool = False

    def task(self) -> KernelTask:
        """Return the kernel's state, made and touched here."""
        return KernelTask(work.create(_kernel(self.kernel), self.bytes))


@dataclass(frozen=True, kw_only=True)
class MixWorkload(KernelWorkload):
    """`spin` that stays attached for a share of each call and detaches for the rest."""

    share: float
    modes: tuple[Mode, ...] = (Mode.RELEASE,)
    shuts_out: bool = True

    def task(self) -> MixTask:
        """Return the kernel's state, made here, with the share that holds."""
        return MixTask(work.create(_kernel(self.kernel), self.bytes), self.share)


def _kernel(name: str) -> KernelCapsule:
    module = import_module(f"gilbench._native.{name}")
    kernel: KernelCapsule = module.kernel()
    return kernel


_GRAIN: Final = Parameter(default=0, read=read_grain, meaning="how long one call works")


def _grain(values: Mapping[str, float]) -> int | None:
    return int(values["grain"]) or None


def _spin(spec: Spec) -> KernelWorkload:
    values = spec.read({"grain": _GRAIN})
    return KernelWorkload(text="spin", kernel="spin", bytes=8, grain_ns=_grain(values))


def _triad(spec: Spec) -> KernelWorkload:
    size = Parameter(default=_TRIAD_BYTES, read=read_bytes, meaning="bytes of all three arrays")
    values = spec.read({"grain": _GRAIN, "size": size})
    bytes = int(values["size"])
    text = "triad" if bytes == _TRIAD_BYTES else f"triad:size={bytes}"
    return KernelWorkload(text=text, kernel="triad", bytes=bytes, grain_ns=_grain(values))


def _mix(spec: Spec) -> MixWorkload:
    share = Parameter(default=0.5, read=read_share, meaning="share of a call that holds")
    values = spec.read({"grain": _GRAIN, "share": share})
    text = f"mix:share={values['share']:g}"
    return MixWorkload(
        text=text, kernel="spin", bytes=8, share=values["share"], grain_ns=_grain(values)
    )


KERNELS: Final[Mapping[str, Callable[[Spec], KernelWorkload]]] = {
    "spin": _spin,
    "triad": _triad,
    "mix": _mix,
}
