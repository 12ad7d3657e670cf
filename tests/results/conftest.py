"""A small run, a small check and a small comparison in objects, the same that
`files/version1.jsonl`, `files/check2.jsonl` and `files/facts3.jsonl` hold, and findings of all.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from comparisons import NEEDS_312, full_row, make_findings, make_plan, make_row, make_trial
from environments import make_environment
from gilbench.comparison import FactsFindings, Trial, Way
from gilbench.evidence import (
    Block,
    CheckFindings,
    CheckPlan,
    Controls,
    Instrument,
    Observation,
    Scaling,
    ShutOut,
    SizeFinding,
    Sizes,
    Subject,
    Target,
    Threshold,
    Timing,
    Verdict,
)
from gilbench.model import (
    Calibration,
    Case,
    CaseFinding,
    Caution,
    Ceiling,
    Environment,
    Estimate,
    Failure,
    Findings,
    Losses,
    Mode,
    Plan,
    Reading,
    Rejection,
    Sample,
    Status,
    Stop,
    StopReason,
)
from gilbench.results import StoredCheck, StoredFacts, StoredRun


@pytest.fixture
def files() -> Path:
    return Path(__file__).parent / "files"


@pytest.fixture
def environment() -> Environment:
    return make_environment(
        build_flags={"Py_GIL_DISABLED": "0", "OPT": "-O3"},
        physical_cpus=1,
        cgroup_quota_cpus=1.5,
        smt=True,
        hypervisor="KVM",
        load_average=(0.5, 0.25, 0.0),
        variables={"OMP_NUM_THREADS": "2"},
        packages={"numpy": "2.4.6"},
        started_at="2026-01-02T03:04:05Z",
        warnings=(Caution(what="the CPU's turbo is on", advice="turn it off"),),
    )


@pytest.fixture
def threads() -> Case:
    return Case(workload="spin", mode=Mode.HOLD, backend="threads", workers=2, grain_ns=1_000_000)


@pytest.fixture
def interpreters(threads: Case) -> Case:
    return replace(threads, backend="interpreters", mode=Mode.RELEASE)


@pytest.fixture
def plan(threads: Case, interpreters: Case) -> Plan:
    serial = replace(threads, backend="serial", workers=1)
    return Plan(
        cases=(serial, threads, interpreters), budget_ns=20_000_000_000, precision=0.03, seed=7
    )


@pytest.fixture
def calibration() -> Calibration:
    return Calibration(
        workload="spin",
        grain_ns=1_000_000,
        units_per_call=400_000,
        ns_per_unit=2.5,
        fixed_calls=None,
    )


@pytest.fixture
def sample(threads: Case) -> Sample:
    told = Reading(
        worker=0,
        units=18_400_000.0,
        calls=46,
        start_skew_ns=180,
        wall_ns=100_000_000,
        cpu_ns=49_000_000,
        run_queue_ns=1_000_000,
        gil_wait_ns=50_000_000,
        gil_wait_bound=False,
        checksum=2**64 - 1,
    )
    untold = replace(
        told,
        worker=1,
        start_skew_ns=-20,
        cpu_ns=None,
        run_queue_ns=None,
        gil_wait_ns=None,
        gil_wait_bound=True,
        checksum=0,
    )
    return Sample(
        case=threads,
        round=0,
        host=1,
        window=True,
        elapsed_ns=100_000_000,
        readings=(told, untold),
        steal_ticks=0,
        rejection=None,
        gil_enabled=True,
    )


@pytest.fixture
def rejected(sample: Sample) -> Sample:
    return replace(
        sample, round=1, host=2, steal_ticks=3, rejection=Rejection.STEAL, gil_enabled=None
    )


@pytest.fixture
def failure(interpreters: Case) -> Failure:
    return Failure(
        case=interpreters,
        round=0,
        host=1,
        status=Status.UNAVAILABLE,
        reason="subinterpreters need Python 3.12",
    )


@pytest.fixture
def stop() -> Stop:
    return Stop(reason=StopReason.BUDGET, rounds=2, hosts=3, elapsed_ns=20_100_000_000)


@pytest.fixture
def run(
    environment: Environment,
    plan: Plan,
    calibration: Calibration,
    sample: Sample,
    rejected: Sample,
    failure: Failure,
    stop: Stop,
) -> StoredRun:
    return StoredRun(
        environment=environment,
        plan=plan,
        calibrations=(calibration,),
        samples=(sample, rejected),
        failures=(failure,),
        stop=stop,
        notes=(),
    )


@pytest.fixture
def findings(environment: Environment, stop: Stop) -> Findings:
    bitten = CaseFinding(
        workload="spin",
        mode=Mode.HOLD,
        backend="threads",
        workers=2,
        grain_ns=1_000_000,
        status=Status.OK,
        reason=None,
        samples=12,
        rejected=1,
        throughput=Estimate(value=4e8, low=3.9e8, high=4.1e8),
        speedup=Estimate(value=1.0, low=0.98, high=1.01),
        ceiling=Ceiling(value=1.98, low=1.97, high=1.99, source="native"),
        bite=Estimate(value=0.49, low=0.48, high=0.5),
        losses=Losses(
            useful=0.5,
            hardware=0.0,
            overhead=-0.01,
            gil_wait=0.49,
            run_queue=0.01,
            other_blocked=0.0,
            imbalance=0.0,
            unexplained=None,
        ),
        losses_inferred=False,
        start_skew_ns=250.5,
    )
    unavailable = replace(
        bitten,
        backend="interpreters",
        status=Status.UNAVAILABLE,
        reason="subinterpreters need Python 3.12",
        samples=0,
        rejected=0,
        throughput=None,
        speedup=None,
        ceiling=None,
        bite=None,
        losses=None,
        start_skew_ns=None,
    )
    return Findings(
        schema_version=1,
        environment=environment,
        headline="Two threads that hold the GIL do the work of 1.00.",
        cases=(bitten, unavailable),
        stop=stop,
        notes=("1 sample was rejected: a steal tick fell into it",),
    )


@pytest.fixture
def target() -> Target:
    return Target(
        statement="hashlib.sha256(d).digest()", setup="import hashlib, os\nd = os.urandom(n)"
    )


@pytest.fixture
def timing() -> Timing:
    return Timing(
        size=64,
        calls=4096,
        call_ns=512.5,
        longest_ns=9_000,
        cpu_share=1.0,
        gil_before=True,
        gil_after=True,
    )


@pytest.fixture
def observation() -> Observation:
    return Observation(
        size=1_048_576,
        round=0,
        subject=Subject.TARGET,
        instrument=Instrument.SAMPLER,
        calls=200,
        inside_ns=120_000_000,
        blocks=(
            Block(calls=150, samples=720, held=7, detaches=140),
            Block(calls=50, samples=240, held=0, detaches=50),
        ),
        asked=0,
        kept_waiting=0,
    )


@pytest.fixture
def probed(observation: Observation) -> Observation:
    return replace(
        observation,
        round=1,
        subject=Subject.HOLD,
        instrument=Instrument.PROBE,
        blocks=(),
        asked=500,
        kept_waiting=497,
    )


@pytest.fixture
def shut_out() -> ShutOut:
    return ShutOut(
        size=2047,
        round=0,
        subject=Subject.TARGET,
        calls=6_000,
        batch_ns=30_000_000,
        longest_call_ns=40_000,
        waits=3,
        granted=0,
        typical_wait_ns=29_000_000,
        longest_wait_ns=29_900_000,
    )


@pytest.fixture
def check(
    environment: Environment,
    target: Target,
    timing: Timing,
    observation: Observation,
    probed: Observation,
    shut_out: ShutOut,
    sample: Sample,
    failure: Failure,
    stop: Stop,
) -> StoredCheck:
    workload = "hashlib.sha256(d).digest()"
    return StoredCheck(
        environment=environment,
        plan=CheckPlan(
            target=target,
            sizes=Sizes(first=64, last=2**20),
            budget_ns=3_000_000_000,
            timeout_ns=60_000_000_000,
            seed=7,
        ),
        timings=(timing,),
        observations=(observation, probed),
        shut_outs=(shut_out,),
        samples=(replace(sample, case=replace(sample.case, workload=workload)),),
        failures=(
            replace(failure, case=replace(failure.case, workload=workload, backend="processes")),
        ),
        stop=stop,
        notes=(),
    )


@pytest.fixture
def check_findings(environment: Environment, target: Target, stop: Stop) -> CheckFindings:
    held = Estimate(value=0.02, low=0.01, high=0.03)
    speedup = Estimate(value=1.97, low=1.95, high=1.99)
    holding = SizeFinding(
        size=2047,
        verdict=Verdict.HOLDS,
        reason=None,
        held_share=Estimate(value=1.0, low=0.99, high=1.0),
        call_ns=5_200.0,
        threads=None,
    )
    releasing = replace(
        holding,
        size=2048,
        verdict=Verdict.INCONCLUSIVE,
        reason="the controls were not seen",
        held_share=None,
        threads=speedup,
    )
    return CheckFindings(
        schema_version=2,
        environment=environment,
        target=target,
        verdict=Verdict.RELEASES,
        reason=None,
        held_share=held,
        longest_hold_ns=40_000,
        detaches_per_call=0.94,
        call_ns=600_000.0,
        scaling=Scaling(threads=speedup, processes=None, reason="no process could be started"),
        controls=Controls(hold=Estimate(value=1.0, low=0.99, high=1.0), release=held),
        instrument=Instrument.SAMPLER,
        gil_reenabled=None,
        sizes=(holding, releasing),
        threshold=Threshold(
            before=2047,
            size=2048,
            verdict_before=Verdict.HOLDS,
            verdict_after=Verdict.RELEASES,
            sharp=True,
            pays_from=None,
        ),
        headline="It releases the GIL from 2048 on.",
        advice="Use threads for what is larger.",
        notes=("1 sample was rejected: a steal tick fell into it",),
        stop=stop,
    )


@pytest.fixture
def trials() -> tuple[Trial, ...]:
    alone = make_trial(
        way=None,
        parameters={"workers": 1, "touring": True, "share": 0.5, "mode": "hold"},
        figures={"units_per_s": (15e6,), "cpu_share": (1.0,)},
    )
    rejected = make_trial(way=Way.FORK, round=1, words={"rejection": "run queue"})
    unavailable = make_trial(
        way=Way.INTERPRETER, figures={}, status=Status.UNAVAILABLE, reason=NEEDS_312
    )
    return (alone, make_trial(), rejected, unavailable)


@pytest.fixture
def facts(environment: Environment, trials: tuple[Trial, ...], stop: Stop) -> StoredFacts:
    plan = make_plan(imports=("json", "numpy.linalg"), postgres=True)
    return StoredFacts(environment=environment, plan=plan, trials=trials, stop=stop, notes=())


@pytest.fixture
def facts_findings(environment: Environment) -> FactsFindings:
    return make_findings(full_row(), make_row(), environment=environment, notes=("A note.",))
