"""A check that measures nothing: what it finds is in the name of what it is asked about.

It is copied, and `environments` with it, beside the tests that a test of the plugin has pytest run,
and stands in for `gilbench.studies.check.study` there. What it was asked is in `asked.jsonl`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from environments import make_environment
from gilbench.errors import InputError
from gilbench.evidence import CheckFindings, Controls, Instrument, Scaling, Target, Verdict
from gilbench.model import Estimate, Stop, StopReason

if TYPE_CHECKING:
    from collections.abc import Callable

ENVIRONMENT: Final = make_environment()

BUSY: Final = "the control that releases was found holding: the machine is too busy to tell"


def around(value: float, half: float = 0.01) -> Estimate:
    return Estimate(value=value, low=value - half, high=value + half)


SOUND: Final = Controls(hold=around(0.985), release=around(0.015))

HOLDS: Final = CheckFindings(
    schema_version=1,
    environment=ENVIRONMENT,
    target=Target(function="subject:holds"),
    verdict=Verdict.HOLDS,
    reason=None,
    held_share=around(0.985),
    longest_hold_ns=12_100_000,
    detaches_per_call=None,
    call_ns=12_000_000.0,
    scaling=Scaling(threads=around(1.01), processes=around(1.97), reason=None),
    controls=SOUND,
    instrument=Instrument.SAMPLER,
    gil_reenabled=None,
    sizes=(),
    threshold=None,
    headline="It holds the GIL for the whole call: other threads are shut out for 12.1 ms.",
    advice="Release the GIL around the native work.",
    notes=("The switch interval was 5 ms.",),
    stop=Stop(reason=StopReason.BUDGET, rounds=6, hosts=1, elapsed_ns=2 * 10**9),
)
SWITCHABLE: Final = replace(HOLDS, verdict=Verdict.HOLDS_SWITCHABLE, held_share=around(0.97))
PARTIAL: Final = replace(HOLDS, verdict=Verdict.PARTIAL, held_share=around(0.452))
RELEASES: Final = replace(HOLDS, verdict=Verdict.RELEASES, held_share=around(0.02))
SERIAL: Final = replace(
    RELEASES, verdict=Verdict.RELEASES_BUT_SERIAL, reason="two threads are no faster than one"
)
STRADDLING: Final = replace(HOLDS, verdict=Verdict.PARTIAL, held_share=around(0.1, 0.03))
INCONCLUSIVE: Final = replace(
    HOLDS,
    verdict=Verdict.INCONCLUSIVE,
    reason=BUSY,
    held_share=around(0.02),
    controls=replace(SOUND, release=around(0.3)),
)

KINDS: Final = {
    "holds": HOLDS,
    "switchable": SWITCHABLE,
    "partial": PARTIAL,
    "releases": RELEASES,
    "serial": SERIAL,
    "straddling": STRADDLING,
    "inconclusive": INCONCLUSIVE,
    "reenabling": replace(RELEASES, gil_reenabled=True),
}


def check(
    target: Callable[[], object] | str,
    *,
    setup: str = "",
    sizes: str | tuple[int, int] | None = None,
    budget: str | float = "3s",
    timeout: str | float = "60s",
    output: str | None = None,
    seed: int | None = None,
    in_process: bool = False,
    on_progress: object = None,
) -> CheckFindings:
    """Stand in for the real one."""
    name = target if isinstance(target, str) else target.__name__
    began = time.monotonic()
    if name == "slow":
        time.sleep(0.1)
    if name == "abort" and in_process and not isinstance(target, str):
        target()
    asked = {"name": name, "in_process": in_process, "budget": budget, "setup": setup}
    when = {"process": os.getpid(), "began": began, "ended": time.monotonic()}
    with Path("asked.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({**asked, **when}) + "\n")
    if name == "missing":
        raise InputError("'missing' wants arguments; name a function that takes none")
    return KINDS.get(name, RELEASES)


def install() -> None:
    """Stand in for the study, without that any of what it imports is loaded."""
    module = ModuleType("gilbench.studies.check.study")
    module.__dict__["check"] = check
    sys.modules[module.__name__] = module
