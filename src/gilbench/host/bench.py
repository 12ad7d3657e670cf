"""The host's bench: answers one request at a time with workers that it keeps."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

from gilbench import backends, discovery, trials, workloads
from gilbench._version import __version__
from gilbench.backends.backend import WorkerFailedError, WorkerRefusedError
from gilbench.backends.serving import tell
from gilbench.errors import InputError
from gilbench.host.admission import Admission
from gilbench.host.calibrate import calibrate
from gilbench.host.examination import Examination
from gilbench.host.protocol import (
    PROTOCOL_VERSION,
    CalibratedReply,
    CalibrateRequest,
    CheckRequest,
    FailedReply,
    HelloReply,
    HelloRequest,
    Message,
    ObserveRequest,
    OkReply,
    SampleReply,
    SampleRequest,
    ShutOutRequest,
    TimeRequest,
    TrialReply,
    TrialRequest,
)
from gilbench.host.readings import check_readings
from gilbench.machine.interpreter import gil_enabled
from gilbench.machine.steal import steal_ticks
from gilbench.trials.tried import UnavailableError
from gilbench.worker import Task

if TYPE_CHECKING:
    from gilbench.backends.backend import Crew

__all__ = ["Bench"]


class Bench:
    """Crews by backend, made when first asked for."""

    def __init__(self) -> None:
        self._crews: dict[str, Crew] = {}
        self._examination = Examination()
        self._admission = Admission()

    def answer(self, request: Message) -> Message:
        """Return the reply to one request; what goes wrong in the work is a reply too."""
        try:
            return self._answer(request)
        except InputError as error:
            return FailedReply(kind="input", reason=str(error))
        except (WorkerRefusedError, UnavailableError) as error:
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
        reply: Message
        match request:
            case HelloRequest():
                sys.path[:0] = [folder for folder in request.path if folder not in sys.path]
                reply = HelloReply(
                    protocol=PROTOCOL_VERSION,
                    gilbench=__version__,
                    python=platform.python_version(),
                )
            case CheckRequest():
                reply = self._check(request)
            case CalibrateRequest():
                self._admission.admit("serial", request.workload, 1)
                task = workloads.find(request.workload).task()
                pace = calibrate(task, request.grain_ns)
                reply = CalibratedReply(ns_per_unit=pace.ns_per_unit, alone=pace.alone)
            case SampleRequest():
                reply = self._sample(request)
            case TimeRequest() | ObserveRequest() | ShutOutRequest():
                reply = self._examination.answer(request)
            case TrialRequest():
                reply = _tried(request)
            case _:
                said = f"{type(request).__name__} is no request"
                reply = FailedReply(kind="failed", reason=said)
        return reply

    def _check(self, request: CheckRequest) -> Message:
        try:
            self._admission.admit("serial", request.workload, 1)
            task = workloads.find(request.workload).task()
        except (InputError, WorkerFailedError):
            raise
        except (Exception, SystemExit) as error:
            raise InputError(f"{request.workload!r} cannot be run: {tell(error)}") from error
        lacks = discovery.lacking(task, Task)
        if lacks is not None:
            raise InputError(f"{request.workload!r} cannot be run: its task lacks {lacks}")
        return OkReply()

    def _sample(self, request: SampleRequest) -> SampleReply:
        order = request.order
        self._admission.admit(request.backend, order.workload, order.workers)
        crew = self._crews.get(request.backend)
        if crew is None:
            crew = self._crews[request.backend] = backends.find(request.backend).crew()
        before = steal_ticks()
        readings = crew.run(order)
        after = steal_ticks()
        return SampleReply(
            readings=check_readings(readings, request.backend, order.workers),
            steal_ticks=None if before is None or after is None else after - before,
            gil_enabled=gil_enabled(),
        )


def _tried(request: TrialRequest) -> TrialReply:
    perform = trials.find(request.row)
    tried = perform(request.name, request.way, request.parameters, request.seed)
    return TrialReply(figures=dict(tried.figures), words=dict(tried.words))
