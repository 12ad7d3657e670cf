"""Workloads on our own native kernels, and `mix`, which calls one in a way of its own."""

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
# Four times that cache: three hops of four, at least, go to memory.
_CHASE_BYTES: Final = 128 * 2**20


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


_GRAIN: Final = Parameter[float](default=0, read=read_grain, meaning="how long one call works")


def _grain(values: Mapping[str, float]) -> int | None:
    return int(values["grain"]) or None


def _small(name: str, bytes: int) -> Callable[[Spec], KernelWorkload]:
    """Return how to read a kernel whose state is a few numbers, and always the same."""

    def read(spec: Spec) -> KernelWorkload:
        grain_ns = _grain(spec.read({"grain": _GRAIN}))
        return KernelWorkload(text=name, kernel=name, bytes=bytes, grain_ns=grain_ns)

    return read


def _large(name: str, default: int, meaning: str) -> Callable[[Spec], KernelWorkload]:
    """Return how to read a kernel that works on as much memory as it is given."""
    size = Parameter[float](default=default, read=read_bytes, meaning=meaning)

    def read(spec: Spec) -> KernelWorkload:
        values = spec.read({"grain": _GRAIN, "size": size})
        bytes = int(values["size"])
        text = name if bytes == default else f"{name}:size={bytes}"
        return KernelWorkload(text=text, kernel=name, bytes=bytes, grain_ns=_grain(values))

    return read


def _mix(spec: Spec) -> MixWorkload:
    share = Parameter[float](default=0.5, read=read_share, meaning="share of a call that holds")
    values = spec.read({"grain": _GRAIN, "share": share})
    text = f"mix:share={values['share']:g}"
    return MixWorkload(
        text=text, kernel="spin", bytes=8, share=values["share"], grain_ns=_grain(values)
    )


KERNELS: Final[Mapping[str, Callable[[Spec], KernelWorkload]]] = {
    "spin": _small("spin", 8),
    "mandelbrot": _small("mandelbrot", 40),
    "collatz": _small("collatz", 32),
    "triad": _large("triad", _TRIAD_BYTES, "bytes of all three arrays"),
    "chase": _large("chase", _CHASE_BYTES, "bytes of all lines"),
    "mix": _mix,
}
