"""Hand-made findings, as `make`, and what they look like on a page of a given width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from rich.text import Text

from environments import make_environment
from gilbench.evidence import (
    CheckFindings,
    Controls,
    Instrument,
    Scaling,
    SizeFinding,
    Target,
    Threshold,
    Verdict,
)
from gilbench.model import (
    CaseFinding,
    Caution,
    Ceiling,
    Estimate,
    Findings,
    Losses,
    Mode,
    Status,
    Stop,
    StopReason,
)
from gilbench.report.glyphs import UNICODE, Glyphs
from gilbench.report.page import Page

ENVIRONMENT = make_environment(
    python="3.11.7",
    compiler="GCC 13.2.0",
    build_flags={"Py_GIL_DISABLED": "0"},
    system="Linux",
    cpu="AMD EPYC",
    physical_cpus=1,
    smt=True,
    hypervisor="kvm",
    load_average=(0.123456, 0.25, 0.3),
    packages={"numpy": "2.4.0"},
)
FREE_THREADED = replace(ENVIRONMENT, python="3.13.5", free_threaded=True, gil_enabled=False)

NO_LOSSES = Losses(
    useful=0.0,
    hardware=0.0,
    overhead=0.0,
    gil_wait=0.0,
    run_queue=0.0,
    other_blocked=0.0,
    imbalance=0.0,
    unexplained=0.0,
)


def estimate(value: float, half: float = 0.02) -> Estimate:
    return Estimate(value=value, low=value - half, high=value + half)


def ceiling(value: float, source: str = "native") -> Ceiling:
    return Ceiling(value=value, low=value - 0.01, high=value + 0.01, source=source)


def losses(**shares: float | None) -> Losses:
    return replace(NO_LOSSES, **shares)


def case(backend: str = "threads", **changes: Any) -> CaseFinding:
    plain = CaseFinding(
        workload="spin",
        mode=Mode.HOLD,
        backend=backend,
        workers=2,
        grain_ns=10**6,
        status=Status.OK,
        reason=None,
        samples=12,
        rejected=0,
        throughput=None,
        speedup=None,
        ceiling=None,
        bite=None,
        losses=None,
        losses_inferred=False,
        start_skew_ns=None,
    )
    return replace(plain, **changes)


def measured(backend: str, speedup: float, top: float = 1.98, **changes: Any) -> CaseFinding:
    """A case with its speedup, its ceiling and the bite between the two."""
    figures = {
        "speedup": estimate(speedup),
        "ceiling": ceiling(top),
        "bite": estimate(1 - speedup / top, 0.01),
    }
    return case(backend, **{**figures, **changes})


def findings(*cases: CaseFinding, **changes: Any) -> Findings:
    plain = Findings(
        schema_version=1,
        environment=ENVIRONMENT,
        headline="On this machine two threads that hold the GIL do the work of 1.00.",
        cases=cases,
        stop=Stop(reason=StopReason.PRECISION, rounds=12, hosts=3, elapsed_ns=14_200_000_000),
        notes=(),
    )
    return replace(plain, **changes)


NEEDS_312 = "own-GIL subinterpreters need CPython 3.12 or later; this is 3.11.7"
NO_TWIN = "a Python loop has no native twin"
LOADED = "other programs used the cores: 9 of 14 samples were rejected"


def gil_build() -> Findings:
    """The default run of a quiet machine with CPython 3.11, and its one-worker bases."""
    one = {"workers": 1, "bite": None}
    spin = (
        measured("serial", 1.0, **one),
        measured("native", 1.01, **one),
        measured(
            "threads",
            1.0,
            losses=losses(useful=0.5, gil_wait=0.49, overhead=0.012, run_queue=-0.02),
        ),
        measured(
            "threads",
            1.95,
            mode=Mode.RELEASE,
            losses=losses(useful=0.97, hardware=0.02, overhead=0.01),
        ),
        case("interpreters", status=Status.UNAVAILABLE, reason=NEEDS_312),
        measured("fork", 1.93),
        measured("native", 1.98, bite=None),
    )
    python = (
        measured("serial", 1.0, workload="python", **one),
        measured("processes", 1.0, workload="python", **one),
        measured(
            "threads",
            0.98,
            workload="python",
            ceiling=ceiling(1.9, "processes"),
            losses=losses(useful=0.49, overhead=0.02, gil_wait=0.49, unexplained=None),
            losses_inferred=True,
        ),
        case("interpreters", workload="python", status=Status.UNAVAILABLE, reason=NEEDS_312),
        measured("fork", 1.9, workload="python", ceiling=ceiling(1.9, "processes"), bite=None),
        case("native", workload="python", status=Status.UNAVAILABLE, reason=NO_TWIN),
    )
    return findings(*spin, *python)


def free_threaded_build() -> Findings:
    """One workload where every way scales and there is no GIL."""
    return findings(
        measured("threads", 1.96, losses=losses(useful=0.98, overhead=0.02)),
        measured("threads", 1.97, mode=Mode.RELEASE, losses=losses(useful=0.99, overhead=0.01)),
        measured("interpreters", 1.6),
        measured("forkserver", 1.94),
        measured("native", 1.98, bite=None),
        environment=FREE_THREADED,
        headline="On this machine two attached threads do the work of 1.96.",
    )


def loaded_machine() -> Findings:
    """A machine with foreign load: inconclusive, failed, and a run that was cut off."""
    caution = Caution(what="load average 2.1 on 2 cores", advice="stop other programs")
    return findings(
        case(
            "threads",
            status=Status.INCONCLUSIVE,
            reason=LOADED,
            rejected=9,
            speedup=estimate(0.7, 0.3),
            losses=losses(useful=0.35, gil_wait=0.47, run_queue=0.18),
        ),
        case("spawn", status=Status.FAILED, reason="the host exited with status -9"),
        case("native", status=Status.INCONCLUSIVE, reason=LOADED),
        environment=replace(ENVIRONMENT, warnings=(caution,)),
        stop=None,
        notes=("9 of 40 samples were rejected.",),
    )


STORED = "runs/a.jsonl"
# All in which little has room; of the others, some.
WIDTHS = (*range(20, 101), *range(104, 201, 4))
COMMAND = f"python -m gilbench show {STORED}"


def stored_report(
    report: Callable[..., list[Text]], findings: Any, width: int, glyphs: Glyphs = UNICODE
) -> list[str]:
    """The lines of a whole report of what is stored, as plain text."""
    page = Page(width=width, glyphs=glyphs)
    return [line.plain for line in report(findings, page, stored=STORED)]


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    return SimpleNamespace(
        environment=ENVIRONMENT,
        free_threaded=FREE_THREADED,
        case=case,
        measured=measured,
        estimate=estimate,
        ceiling=ceiling,
        losses=losses,
        findings=findings,
        gil_build=gil_build,
        free_threaded_build=free_threaded_build,
        loaded_machine=loaded_machine,
    )


def share(value: float, half: float = 0.01) -> Estimate:
    return Estimate(value=value, low=max(value - half, 0.0), high=min(value + half, 1.0))


def scaling(threads: float, processes: float = 1.97) -> Scaling:
    return Scaling(threads=estimate(threads), processes=estimate(processes, 0.03), reason=None)


def check(verdict: Verdict = Verdict.RELEASES, held: float = 0.03, **changes: Any) -> CheckFindings:
    """A check of a call of 412 ms that releases, with all of its evidence."""
    plain = CheckFindings(
        schema_version=1,
        environment=ENVIRONMENT,
        target=Target(
            statement="zlib.compress(d)", setup="import zlib, os\nd = os.urandom(1 << 24)"
        ),
        verdict=verdict,
        reason=None,
        held_share=share(held),
        longest_hold_ns=1_240_000,
        detaches_per_call=3.0,
        call_ns=412_345_678.0,
        scaling=scaling(1.95),
        controls=Controls(hold=share(1.0), release=share(0.01)),
        instrument=Instrument.SAMPLER,
        gil_reenabled=None,
        sizes=(),
        threshold=None,
        headline="zlib.compress(d) releases the GIL for 97 % of a call.",
        advice="Call it from threads: two of them did the work of 1.95.",
        notes=(),
        stop=Stop(reason=StopReason.BUDGET, rounds=6, hosts=1, elapsed_ns=2_900_000_000),
    )
    return replace(plain, **changes)


def holds() -> CheckFindings:
    return check(
        Verdict.HOLDS,
        1.0,
        target=Target(function="mypackage.fast:encode"),
        longest_hold_ns=412_400_000,
        detaches_per_call=0.0,
        scaling=scaling(0.99),
        headline="It holds the GIL for the whole call.",
        advice="Threads gain nothing here: release the GIL in it, or call it from processes.",
    )


def holds_switchable() -> CheckFindings:
    return check(
        Verdict.HOLDS_SWITCHABLE,
        1.0,
        target=Target(statement="sum(range(100))"),
        longest_hold_ns=5_080_000,
        detaches_per_call=None,
        call_ns=1_234.5,
        scaling=scaling(1.0),
        headline="sum(range(100)) holds the GIL, and hands it over.",
        advice="Other threads go on beside it, but none of them faster.",
    )


def partial_share() -> CheckFindings:
    return check(
        Verdict.PARTIAL,
        0.4,
        held_share=Estimate(value=0.404, low=0.36, high=0.43),
        scaling=scaling(1.52),
        headline="It holds the GIL for 40 % of a call.",
        advice="More than two threads gain little.",
        notes=("12 of 60 looks came late.", "The machine was busy."),
    )


def releases_but_serial() -> CheckFindings:
    return check(
        Verdict.RELEASES_BUT_SERIAL,
        reason="it uses 1.9 cores itself: worker threads of its own",
        scaling=scaling(1.02),
        headline="It releases the GIL, and two threads are no faster than one.",
        advice="Give it fewer threads of its own, or call it from one.",
    )


LATE = "the control that holds was found holding for 61 % of its time: the machine is too busy"


def inconclusive() -> CheckFindings:
    """Nearly nothing was measured, on a busy machine."""
    caution = Caution(what="load average 2.1 on 2 cores", advice="stop other programs")
    return check(
        Verdict.INCONCLUSIVE,
        environment=replace(ENVIRONMENT, warnings=(caution,)),
        reason=LATE,
        held_share=None,
        longest_hold_ns=None,
        detaches_per_call=None,
        call_ns=None,
        scaling=Scaling(threads=None, processes=None, reason="this process may use one core only"),
        controls=Controls(hold=share(0.61), release=None),
        instrument=Instrument.PROBE,
        headline=f"Inconclusive: {LATE}.",
        advice="Check again on a quiet machine.",
    )


def gil_reenabled() -> CheckFindings:
    """A free-threaded build whose GIL the target turned on."""
    return check(
        Verdict.HOLDS,
        1.0,
        environment=FREE_THREADED,
        gil_reenabled=True,
        longest_hold_ns=412_400_000,
        scaling=scaling(0.99),
        headline="Importing it turned the GIL on, and it holds it for the whole call.",
        advice="Build it with the free-threading slot.",
    )


def gil_off() -> CheckFindings:
    """A free-threaded build as it should be."""
    return check(environment=FREE_THREADED, gil_reenabled=False, headline="It detaches.")


def size_finding(size: int, verdict: Verdict, held: float | None, **changes: Any) -> SizeFinding:
    plain = SizeFinding(
        size=size,
        verdict=verdict,
        reason=None,
        held_share=None if held is None else share(held),
        call_ns=size * 1.3 + 310,
        threads=estimate(0.99 if verdict is Verdict.HOLDS else 1.3),
    )
    return replace(plain, **changes)


HASH = Target(statement="hashlib.sha256(d).digest()", setup="import hashlib, os; d = os.urandom(n)")


def sized(*sizes: SizeFinding, **changes: Any) -> CheckFindings:
    """A check whose evidence is that of the last of these sizes."""
    last = sizes[-1]
    figures = {
        "held_share": last.held_share,
        "call_ns": last.call_ns,
        "scaling": Scaling(threads=last.threads, processes=estimate(1.97), reason=None),
        "target": HASH,
        "sizes": sizes,
    }
    return check(last.verdict, **{**figures, **changes})


def sharp_threshold() -> CheckFindings:
    return sized(
        size_finding(64, Verdict.HOLDS, 1.0),
        size_finding(1024, Verdict.INCONCLUSIVE, None, reason=LATE, threads=None),
        size_finding(2047, Verdict.HOLDS, 0.99),
        size_finding(2048, Verdict.RELEASES, 0.09),
        size_finding(16384, Verdict.RELEASES, 0.02, threads=estimate(1.8)),
        size_finding(1 << 20, Verdict.RELEASES, 0.01, threads=estimate(1.96)),
        threshold=Threshold(
            before=2047,
            size=2048,
            verdict_before=Verdict.HOLDS,
            verdict_after=Verdict.RELEASES,
            sharp=True,
            pays_from=16384,
        ),
        headline="It releases the GIL from n = 2048 on; threads pay off from n = 16384 on.",
        advice="Below that, call it where you are.",
    )


UNCHANGED = Threshold(
    before=None, size=None, verdict_before=None, verdict_after=None, sharp=False, pays_from=None
)


def no_threshold() -> CheckFindings:
    return sized(
        size_finding(1, Verdict.HOLDS, 1.0),
        size_finding(1000, Verdict.HOLDS, 1.0),
        threshold=UNCHANGED,
        headline="It holds the GIL at every size.",
        advice="Use processes.",
    )


@pytest.fixture(scope="session")
def checks() -> SimpleNamespace:
    return SimpleNamespace(
        check=check,
        share=share,
        holds=holds,
        holds_switchable=holds_switchable,
        partial=partial_share,
        releases=check,
        releases_but_serial=releases_but_serial,
        inconclusive=inconclusive,
        gil_reenabled=gil_reenabled,
        gil_off=gil_off,
        sized=sized,
        size_finding=size_finding,
        sharp_threshold=sharp_threshold,
        no_threshold=no_threshold,
        unchanged=UNCHANGED,
    )
