from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, get_args

import pytest

from gilbench.comparison import Way
from gilbench.evidence import Instrument, Subject
from gilbench.host.protocol import (
    CalibratedReply,
    CalibrateRequest,
    CheckRequest,
    FailedReply,
    HelloReply,
    HelloRequest,
    Message,
    ObservedReply,
    ObserveRequest,
    OkReply,
    SampleReply,
    SampleRequest,
    ShutOutReply,
    ShutOutRequest,
    TimedReply,
    TimeRequest,
    TrialReply,
    TrialRequest,
    decode,
    encode,
)
from gilbench.model import Mode, Reading
from gilbench.worker import Order

from .conftest import OBSERVATION, PROBED, SHUT_OUT, TIMING

if TYPE_CHECKING:
    from collections.abc import Mapping

READING = Reading(
    worker=1,
    units=2.5,
    calls=3,
    start_skew_ns=4,
    wall_ns=5,
    cpu_ns=6,
    run_queue_ns=None,
    gil_wait_ns=None,
    gil_wait_bound=True,
    # More than a float can hold.
    checksum=2**64 - 1,
)
ORDER = Order(
    workload="mix:share=0.5",
    mode=Mode.RELEASE,
    workers=2,
    cores=4,
    grain_ns=10**6,
    units_per_call=7,
    window_ns=None,
    calls=3,
    timeout_ns=10**10,
    processors=(3, 5),
    stay_ns=10**7,
)
MESSAGES: list[Message] = [
    HelloRequest(protocol=1, path=("/a", "/b c", "ü\udcff", "line\nend")),
    HelloReply(protocol=1, gilbench="0.1", python="3.11.7"),
    CheckRequest(workload="mine:f"),
    OkReply(),
    CalibrateRequest(workload="spin", grain_ns=5),
    CalibratedReply(ns_per_unit=1.25, alone=True),
    SampleRequest(backend="threads", order=ORDER),
    SampleReply(readings=(READING, READING), steal_ticks=None, gil_enabled=False),
    SampleReply(readings=(), steal_ticks=3, gil_enabled=True),
    FailedReply(kind="failed", reason="worker 0: 'x'\nand more"),
    TimeRequest(workload='code:{"statement":"f(n)"}', size=0, span_ns=5),
    TimedReply(timing=TIMING),
    ObserveRequest(
        workload="mine:f",
        size=None,
        round=2,
        subject=Subject.HOLD,
        call_ns=0.5,
        calls=0,
        span_ns=3,
        sparing=True,
        seed=2**32 - 1,
    ),
    ObservedReply(observation=OBSERVATION),
    ObservedReply(observation=PROBED),
    ShutOutRequest(
        workload="mine:f",
        size=4,
        round=0,
        subject=Subject.PYTHON,
        call_ns=1e9,
        calls=1,
        span_ns=0,
        seed=0,
    ),
    ShutOutReply(shut_out=SHUT_OUT),
    TrialRequest(
        row="crash",
        name="null-pointer",
        way=Way.FORKSERVER,
        parameters={"workers": 2, "cold": True, "delay_s": 0.5, "import": "numpy"},
        seed=2**32 - 1,
    ),
    TrialRequest(row="races", name="baseline", way=None, parameters={}, seed=0),
    TrialReply(figures={"start_ns": (1.5, 2.0), "none": ()}, words={"died": "the host\n"}),
]


def test_there_is_an_example_of_every_message() -> None:
    assert {type(message) for message in MESSAGES} == set(get_args(Message))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_arrives_as_it_was_sent(message: Message) -> None:
    line = encode(message)
    assert line.endswith("\n")
    assert line.count("\n") == 1
    assert line.isascii()
    arrived = decode(line)
    assert arrived == message
    assert type(arrived) is type(message)


def test_the_mode_of_an_order_arrives_as_a_mode() -> None:
    request = decode(encode(SampleRequest(backend="serial", order=ORDER)))
    assert isinstance(request, SampleRequest)
    assert request.order.mode is Mode.RELEASE


def test_a_subject_and_an_instrument_arrive_as_such() -> None:
    request = decode(encode(MESSAGES[12]))
    assert isinstance(request, ObserveRequest)
    assert request.subject is Subject.HOLD
    observed = decode(encode(ObservedReply(observation=PROBED)))
    assert isinstance(observed, ObservedReply)
    assert observed.observation.subject is Subject.TARGET
    assert observed.observation.instrument is Instrument.PROBE
    shut_out = decode(encode(ShutOutReply(shut_out=SHUT_OUT)))
    assert isinstance(shut_out, ShutOutReply)
    assert shut_out.shut_out.subject is Subject.PYTHON


def test_the_way_of_a_trial_arrives_as_one_and_its_parameters_in_their_kinds() -> None:
    request = decode(encode(MESSAGES[-3]))
    assert isinstance(request, TrialRequest)
    assert request.way is Way.FORKSERVER
    assert [type(value) for value in request.parameters.values()] == [int, bool, float, str]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "hello",
        "{",
        "5",
        "null",
        "[]",
        '["type"]',
        "{}",
        '{"type": null}',
        '{"type": 5}',
        '{"type": []}',
        '{"type": "Nonsense"}',
        '{"type": "Reading"}',
        '{"type": "OkReply"} and more',
    ],
)
def test_a_line_that_is_no_message_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match=r"^no message of this protocol: '"):
        decode(line)


def test_of_a_long_line_only_the_beginning_is_told() -> None:
    with pytest.raises(ValueError, match=f"^no message of this protocol: '{'x' * 80}'$"):
        decode("x" * 10_000)


def changed(message: Message, changes: Mapping[str, Any]) -> str:
    return json.dumps({**json.loads(encode(message)), **changes})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            '{"type": "CheckRequest"}',
            r"a CheckRequest has the fields \['workload'\], not \[\]",
        ),
        (
            changed(OkReply(), {"more": 1}),
            r"a OkReply has the fields \[\], not \['more'\]",
        ),
    ],
)
def test_fields_that_are_not_the_types_are_an_error(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        decode(line)


ORDER_FIELDS = json.loads(encode(SampleRequest(backend="x", order=ORDER)))["order"]


@pytest.mark.parametrize(
    ("message", "changes"),
    [
        (MESSAGES[0], {"path": 5}),
        (MESSAGES[6], {"order": 5}),
        (MESSAGES[6], {"order": None}),
        (MESSAGES[6], {"order": {}}),
        (MESSAGES[6], {"order": {**ORDER_FIELDS, "mode": "both"}}),
        (MESSAGES[6], {"order": {**ORDER_FIELDS, "more": 1}}),
        (MESSAGES[7], {"readings": 5}),
        (MESSAGES[7], {"readings": [5]}),
        (MESSAGES[7], {"readings": [{}]}),
        (MESSAGES[11], {"timing": None}),
        (MESSAGES[11], {"timing": {**asdict(TIMING), "more": 1}}),
        (MESSAGES[12], {"subject": "nobody"}),
        (MESSAGES[13], {"observation": {}}),
        (MESSAGES[13], {"observation": {**asdict(OBSERVATION), "blocks": [{"calls": 1}]}}),
        (MESSAGES[13], {"observation": {**asdict(OBSERVATION), "instrument": "a guess"}}),
        (MESSAGES[16], {"shut_out": [1, 2]}),
        (MESSAGES[16], {"shut_out": {**asdict(SHUT_OUT), "subject": 5}}),
    ],
)
def test_nonsense_inside_a_message_is_an_error(
    message: Message, changes: Mapping[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"^no message of this protocol: '"):
        decode(changed(message, changes))
