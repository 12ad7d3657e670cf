from dataclasses import replace

import pytest

from gilbench.model import Calibration, Status, StopReason
from gilbench.studies.analysis import analyse


def notes(lab, *, samples=None, **more):
    plan = lab.plan()
    samples = lab.Machine(noise=0.02).samples(plan) if samples is None else samples
    return lab.analyse(plan, samples, **more).notes


@pytest.mark.parametrize(
    ("reason", "start"),
    [
        (StopReason.PRECISION, "Precision reached after 9 rounds on 3 hosts: speedups within ±"),
        (StopReason.BUDGET, "Budget of 15 s spent after 9 rounds on 3 hosts: speedups within ±"),
        (StopReason.INTERRUPTED, "Interrupted after 9 rounds on 3 hosts: speedups within ±"),
        (StopReason.FAILED, "Sampling broke off after 9 rounds on 3 hosts: speedups within ±"),
    ],
)
def test_why_sampling_ended(lab, reason, start):
    [note] = notes(lab, stop=lab.stop(reason))
    assert note.startswith(start)
    assert ", bites within ±0.0" in note
    assert note.endswith("(aim: 3 %, 0.05).") is (reason is StopReason.BUDGET)


def test_a_run_that_was_cut_off(lab):
    plan = lab.plan()
    findings = analyse(
        environment=lab.environment(),
        plan=plan,
        calibrations=(),
        samples=lab.Machine().samples(plan, 2),
        failures=(),
        stop=None,
    )
    assert findings.notes == ("The run was cut off: these are the findings of what was stored.",)
    assert findings.cases[0].reason == "only 2 rounds ran before the run was cut off; run it again"


def test_the_widest_half_width_is_told(lab):
    plan = lab.plan()
    findings = lab.analyse(plan, lab.Machine(noise=0.02).samples(plan))
    widest = max(
        (case.speedup.high - case.speedup.low) / 2 / case.speedup.value
        for case in findings.cases
        if case.speedup
    )
    assert f"speedups within ±{100 * widest:.1f} %" in findings.notes[0]


def test_given_notes_come_first(lab):
    assert notes(lab, notes=("a file was cut",))[0] == "a file was cut"


def test_fixed_work_is_told(lab):
    window = Calibration(
        workload="spin", grain_ns=1, units_per_call=1, ns_per_unit=1.0, fixed_calls=None
    )
    fixed = replace(window, workload="mymodule:work", fixed_calls=1)
    _, note = notes(lab, calibrations=[window, fixed])
    assert note.startswith("mymodule:work cannot be stopped in the middle of a call: its samples")
    assert "are 1 call of each worker" in note


def test_bounds_are_told(lab):
    samples = [
        replace(
            sample, readings=tuple(replace(one, gil_wait_bound=True) for one in sample.readings)
        )
        for sample in lab.Machine().samples(lab.plan())
    ]
    _, note = notes(lab, samples=samples)
    assert note.startswith("The GIL wait of spin is an upper bound")


@pytest.mark.parametrize(
    ("lacks", "told"),
    [
        ({"tells_cpu": False}, "the CPU time of a thread"),
        ({"tells_run_queue": False}, "how long a thread stood in the run queue"),
        (
            {"tells_cpu": False, "tells_run_queue": False},
            "the CPU time of a thread or how long a thread stood in the run queue",
        ),
    ],
)
def test_what_the_system_does_not_tell_is_told(lab, lacks, told):
    samples = lab.Machine(**lacks).samples(lab.plan())
    assert (
        f"This system does not tell {told}: "
        "shares of the loss budget that rest on it are not measurable."
    ) in notes(lab, samples=samples)


def test_widths_of_what_is_not_stated_as_a_verdict_are_left_out(lab):
    samples = lab.Machine(burned=1, noise=0.03).samples(lab.plan())
    findings = lab.analyse(lab.plan(), samples)
    holding, one_worker = lab.find(findings), lab.find(findings, "native", workers=1)
    assert holding.status is Status.INCONCLUSIVE
    widths = {
        case: (case.speedup.high - case.speedup.low) / 2 / case.speedup.value
        for case in (holding, one_worker)
    }
    assert widths[holding] > widths[one_worker]
    assert f"speedups within ±{100 * widths[one_worker]:.1f} %." in findings.notes[0]


def test_a_gil_that_came_on_is_told(lab):
    samples = [
        replace(sample, gil_enabled=sample.round > 4)
        for sample in lab.Machine(gil=False).samples(lab.plan())
    ]
    off = lab.environment(free_threaded=True, gil_enabled=False)
    _, note = notes(lab, samples=samples, environment=off)
    assert note.startswith("The GIL came on during the run")
    assert len(notes(lab, samples=samples, environment=lab.environment())) == 1


def test_pinned_workers_are_told(lab):
    plan = replace(lab.plan(), pinned=(2, 0))
    told = lab.analyse(plan, lab.Machine().samples(plan)).notes
    assert "Several workers were kept on processors of their own, in turn: 2, 0." in told
    assert not any("kept on" in note for note in notes(lab))


def test_grains_of_a_workload_are_told_apart(lab):
    fine = [replace(case, grain_ns=10_000) for case in lab.cases()]
    plan = lab.plan(*lab.cases(), *fine)
    samples = [
        replace(
            sample,
            readings=tuple(replace(one, gil_wait_bound=True) for one in sample.readings),
        )
        if sample.case.grain_ns == 10_000
        else sample
        for sample in lab.Machine().samples(plan)
    ]
    found = lab.analyse(plan, samples).notes
    assert any(note.startswith("The GIL wait of spin:grain=10us is an upper") for note in found)
