"""What the conductor and a host say to each other: JSON Lines over pipes.

The conductor sends requests, the host answers each with one reply, in order. Every object has a
`type`; the rest are the fields of the types below. `PROTOCOL_VERSION` changes with any of them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from gilbench.comparison import Parameter, Way
from gilbench.evidence import Block, Instrument, Observation, ShutOut, Subject, Timing
from gilbench.model import Mode, Reading
from gilbench.worker import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "PROTOCOL_VERSION",
    "CalibrateRequest",
    "CalibratedReply",
    "CheckRequest",
    "FailedReply",
    "HelloReply",
    "HelloRequest",
    "Message",
    "ObserveRequest",
    "ObservedReply",
    "OkReply",
    "SampleReply",
    "SampleRequest",
    "ShutOutReply",
    "ShutOutRequest",
    "TimeRequest",
    "TimedReply",
    "TrialReply",
    "TrialRequest",
    "decode",
    "encode",
]

PROTOCOL_VERSION: Final = 5


@dataclass(frozen=True, kw_only=True)
class HelloRequest:
    """The first request: the version that the conductor speaks, and where it finds modules."""

    protocol: int
    path: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HelloReply:
    """The first reply."""

    protocol: int
    gilbench: str
    python: str


@dataclass(frozen=True, kw_only=True)
class CheckRequest:
    """Can this workload be found and called?"""

    workload: str


@dataclass(frozen=True, kw_only=True)
class OkReply:
    """Yes."""


@dataclass(frozen=True, kw_only=True)
class CalibrateRequest:
    """How long does a unit take?"""

    workload: str
    grain_ns: int


@dataclass(frozen=True, kw_only=True)
class CalibratedReply:
    """The best of several tries, in nanoseconds; `alone` as `Pace` says."""

    ns_per_unit: float
    alone: bool


@dataclass(frozen=True, kw_only=True)
class SampleRequest:
    """Measure this once."""

    backend: str
    order: Order


@dataclass(frozen=True, kw_only=True)
class SampleReply:
    """What the workers read; `gil_enabled` as it stood after the sample."""

    readings: tuple[Reading, ...]
    steal_ticks: int | None
    gil_enabled: bool


@dataclass(frozen=True, kw_only=True)
class TimeRequest:
    """What do calls of the target cost, with nobody watching?"""

    workload: str
    size: int | None
    span_ns: int


@dataclass(frozen=True, kw_only=True)
class TimedReply:
    """What they cost."""

    timing: Timing


@dataclass(frozen=True, kw_only=True)
class ObserveRequest:
    """What does an instrument see of calls of a subject? Of a control, calls last `call_ns`.

    `calls` (0: no bound) and `span_ns` bound them. `sparing`: no core is idle meanwhile.
    """

    workload: str
    size: int | None
    round: int
    subject: Subject
    call_ns: float
    calls: int
    span_ns: int
    sparing: bool
    seed: int


@dataclass(frozen=True, kw_only=True)
class ObservedReply:
    """What was seen."""

    observation: Observation


@dataclass(frozen=True, kw_only=True)
class ShutOutRequest:
    """How long is another thread shut out by a batch of calls? The fields are as above."""

    workload: str
    size: int | None
    round: int
    subject: Subject
    call_ns: float
    calls: int
    span_ns: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class ShutOutReply:
    """How long it was."""

    shut_out: ShutOut


@dataclass(frozen=True, kw_only=True)
class TrialRequest:
    """What comes of this trial for a row of the facts table? `way` is null for none of them."""

    row: str
    name: str
    way: Way | None
    parameters: dict[str, Parameter]
    seed: int


@dataclass(frozen=True, kw_only=True)
class TrialReply:
    """Measured values by name, each a series, and what is no number."""

    figures: dict[str, tuple[float, ...]]
    words: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class FailedReply:
    """It could not be done. `kind`: `input` (the user's to mend), `unavailable` or `failed`."""

    kind: str
    reason: str


Message = (
    HelloRequest
    | HelloReply
    | CheckRequest
    | OkReply
    | CalibrateRequest
    | CalibratedReply
    | SampleRequest
    | SampleReply
    | TimeRequest
    | TimedReply
    | ObserveRequest
    | ObservedReply
    | ShutOutRequest
    | ShutOutReply
    | TrialRequest
    | TrialReply
    | FailedReply
)

_TYPES: Final[Mapping[str, type[Any]]] = {
    type_.__name__: type_
    for type_ in (
        HelloRequest,
        HelloReply,
        CheckRequest,
        OkReply,
        CalibrateRequest,
        CalibratedReply,
        SampleRequest,
        SampleReply,
        TimeRequest,
        TimedReply,
        ObserveRequest,
        ObservedReply,
        ShutOutRequest,
        ShutOutReply,
        TrialRequest,
        TrialReply,
        FailedReply,
    )
}


def _order(told: Any) -> Order:
    processors = tuple(told["processors"])
    return Order(**{**told, "mode": Mode(told["mode"]), "processors": processors})


def _observation(told: Any) -> Observation:
    blocks = tuple(Block(**block) for block in told["blocks"])
    subject, instrument = Subject(told["subject"]), Instrument(told["instrument"])
    return Observation(**{**told, "blocks": blocks, "subject": subject, "instrument": instrument})


def _shut_out(told: Any) -> ShutOut:
    subject, let_in = Subject(told["subject"]), tuple(told["let_in"])
    return ShutOut(**{**told, "subject": subject, "let_in": let_in})


# The fields that are more to us than to JSON.
_READERS: Final[Mapping[str, Callable[[Any], object]]] = {
    "observation": _observation,
    "order": _order,
    "path": tuple,
    "shut_out": _shut_out,
    "subject": Subject,
    "timing": lambda told: Timing(**told),
    "readings": lambda readings: tuple(Reading(**reading) for reading in readings),
    "figures": lambda figures: {name: tuple(values) for name, values in figures.items()},
    "way": lambda told: None if told is None else Way(told),
}


def encode(message: Message) -> str:
    """Return the message as one line, its end included."""
    return json.dumps({"type": type(message).__name__, **asdict(message)}) + "\n"


def decode(line: str) -> Message:
    """Return the message that a line holds. Raises ValueError for what is none."""
    try:
        data = json.loads(line)
        type_ = _TYPES[data.pop("type")]
        values = {
            name: _READERS[name](value) if name in _READERS else value
            for name, value in data.items()
        }
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise ValueError(f"no message of this protocol: {line[:80]!r}") from error
    known = {field.name for field in fields(type_)}
    if set(values) != known:
        raise ValueError(f"a {type_.__name__} has the fields {sorted(known)}, not {sorted(values)}")
    message: Message = type_(**values)
    return message
