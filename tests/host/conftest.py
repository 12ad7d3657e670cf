"""What the passes of a check find; no two figures of one are the same."""

from __future__ import annotations

from dataclasses import replace

from gilbench.evidence import Block, Instrument, Observation, ShutOut, Subject, Timing

TIMING = Timing(
    size=None,
    calls=3,
    call_ns=1.5,
    longest_ns=2**63,
    cpu_share=0.25,
    gil_before=False,
    gil_after=True,
)
OBSERVATION = Observation(
    size=2**40,
    round=1,
    subject=Subject.TARGET,
    instrument=Instrument.SAMPLER,
    calls=5,
    inside_ns=6,
    blocks=(
        Block(calls=2, samples=64, held=32, detaches=1),
        Block(calls=3, samples=0, held=0, detaches=0),
    ),
    asked=0,
    kept_waiting=0,
)
PROBED = replace(OBSERVATION, instrument=Instrument.PROBE, blocks=(), asked=4, kept_waiting=3)
SHUT_OUT = ShutOut(
    size=None,
    round=0,
    subject=Subject.PYTHON,
    calls=7,
    batch_ns=8,
    longest_call_ns=9,
    waits=10,
    granted=0,
    typical_wait_ns=11,
    longest_wait_ns=12,
    let_in=(3, *(0,) * 18, 4),
)
