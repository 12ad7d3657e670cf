"""The host's bench: answers one request at a time with workers that it keeps."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gilbench import backends, discovery, workloads
from gilbench._version import __version__
from gilbench.backends.backend import WorkerFailedError, WorkerRefusedError
from gilbench.backends.serving import tell
from gilbench.errors import InputError
from gilbench.host.calibrate import calibrate
from gilbench.host.protocol import (
    PROTOCOL_VERSION,
    CalibratedReply,
    CalibrateRequest,
    CheckRequest,
    FailedReply,
    HelloReply,
    HelloRequest,
    Message,
    OkReply,
    SampleReply,
    SampleRequest,
)
from gilbench.host.room import descriptors_allowed, shortage
from gilbench.machine.interpreter import gil_enabled
from gilbench.machine.memory import memory_left
from gilbench.machine.steal import steal_ticks
from gilbench.model import Reading
from gilbench.worker import Task

if TYPE_CHECKING:
    from gilbench.backends.backend import Crew

__all__ = ["Bench"]


class Bench:
    """Crews by backend, made when first asked for."""

    def __init__(self) -> None:
        self._crews: dict[str, Crew] = {}
        # For what there was room once: a crew that is kept must not count against itself.
        self._admitted: set[tuple[str, str, int]] = set()

    def answer(self, request: Message) -> Message:
        """Return the reply to one request; what goes wrong in the work is a reply too."""
        try:
            return self._answer(request)
        except InputError as error:
            return FailedReply(kind="input", reason=str(error))
        except WorkerRefusedError as error:
            return FailedReply(kind="unavailable", reason=str(error))
        except WorkerFailedError as error:
            return FailedReply(kind="failed", reason=str(error))
        except Exception as error:  # noqa: BLE001 - the user's code runs in here
            return FailedReply(kind="failed", reason=tell(error))
        except SystemExit as error:
            return FailedReply(kind="failed", reason=tell(error))

    def close(self) -> None:
        """End all workers."""
        while self._crews:
            self._crews.popitem()[1].close()

    def _answer(self, request: Message) -> Message:
        match request:
            case HelloRequest():
                sys.path[:0] = [folder for folder in request.path if folder not in sys.path]
                return HelloReply(
                    protocol=PROTOCOL_VERSION,
                    gilbench=__version__,
                    python=platform.python_version(),
                )
            case CheckRequest():
                return self._check(request)
            case CalibrateRequest():
                task = workloads.find(request.workload).task()
                pace = calibrate(task, request.grain_ns)
                return CalibratedReply(ns_per_unit=pace.ns_per_unit, alone=pace.alone)
            case SampleRequest():
                return self._sample(request)
            case _:
                return FailedReply(kind="failed", reason=f"{type(request).__name__} is no request")

    @staticmethod
    def _check(request: CheckRequest) -> Message:
        try:
            task = workloads.find(request.workload).task()
        except InputError:
            raise
        except (Exception, SystemExit) as error:
            raise InputError(f"{request.workload!r} cannot be run: {tell(error)}") from error
        lacks = discovery.lacking(task, Task)
        if lacks is not None:
            raise InputError(f"{request.workload!r} cannot be run: its task lacks {lacks}")
        return OkReply()

    def _sample(self, request: SampleRequest) -> SampleReply:
        self._admit(request)
        crew = self._crews.get(request.backend)
        if crew is None:
            crew = self._crews[request.backend] = backends.find(request.backend).crew()
        before = steal_ticks()
        readings = crew.run(request.order)
        after = steal_ticks()
        _check_readings(readings, request)
        return SampleReply(
            readings=tuple(readings),
            steal_ticks=None if before is None or after is None else after - before,
            gil_enabled=gil_enabled(),
        )

    def _admit(self, request: SampleRequest) -> None:
        """Raise WorkerFailedError where there is no room for the workers of a request."""
        order = request.order
        key = (request.backend, order.workload, order.workers)
        if key in self._admitted:
            return
        missing = shortage(
            request.backend,
            order.workers,
            workloads.find(order.workload).bytes,
            memory=memory_left(),
            descriptors=descriptors_allowed(),
        )
        if missing is not None:
            raise WorkerFailedError(missing)
        self._admitted.add(key)


def _check_readings(readings: object, request: SampleRequest) -> None:
    """Raise WorkerFailedError unless there is a reading per worker: a backend may be another's."""
    if not isinstance(readings, Sequence) or not all(isinstance(one, Reading) for one in readings):
        raise WorkerFailedError(f"backend {request.backend!r} gave no readings")
    if len(readings) != request.order.workers:
        raise WorkerFailedError(
            f"backend {request.backend!r} gave {len(readings)} readings of"
            f" {request.order.workers} workers"
        )
