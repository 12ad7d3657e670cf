from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gilbench import backends
from gilbench.errors import InputError
from gilbench.experiment.plan import make_plan
from gilbench.model import Mode, Plan

MS = 1_000_000


def planned(*workloads: str, **asked: Any) -> Plan:
    return make_plan(
        workloads,
        **{
            "cores": 2,
            "backends": None,
            "modes": None,
            "workers": None,
            "grain": None,
            "budget": "16s",
            "precision": 0.03,
            "seed": 7,
            **asked,
        },
    )


def cases(plan: Plan) -> list[str]:
    """Every case in one line. Raises if one is there twice."""
    lines = [
        f"{case.workload} {case.mode} {case.backend} {case.workers} {case.grain_ns // 1000}us"
        for case in plan.cases
    ]
    assert len(set(lines)) == len(lines)
    return lines


def on(backend: str, plan: Plan) -> list[tuple[Mode, int]]:
    return [(case.mode, case.workers) for case in plan.cases if case.backend == backend]


# Which cases


def test_a_backend_of_others_that_shares_a_gil_has_both_modes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for shares in (True, False):
        pool = SimpleNamespace(name="pool", shares_the_gil=shares)
        monkeypatch.setattr(backends, "BACKENDS", {**backends.BACKENDS, "pool": pool})
        found = on("pool", planned("spin", backends=["pool"]))
        assert found == [(Mode.HOLD, 2), (Mode.RELEASE, 2)][: 1 + shares]


def test_a_kernel_has_its_base_its_ceiling_and_every_default_way() -> None:
    assert cases(planned("spin")) == [
        "spin hold serial 1 1000us",
        "spin release native 1 1000us",
        "spin release native 2 1000us",
        "spin hold threads 2 1000us",
        "spin release threads 2 1000us",
        "spin hold interpreters 2 1000us",
        "spin hold processes 2 1000us",
    ]


@pytest.mark.parametrize("workload", ["python", "objects", "mine:function"])
def test_without_a_native_twin_processes_are_the_ceiling(workload: str) -> None:
    assert cases(planned(workload)) == [
        f"{workload} hold serial 1 1000us",
        f"{workload} hold processes 1 1000us",
        f"{workload} hold processes 2 1000us",
        f"{workload} hold threads 2 1000us",
        f"{workload} hold interpreters 2 1000us",
    ]


def test_a_mix_has_one_mode_and_a_name_without_its_grain() -> None:
    plan = planned("mix:grain=2ms,share=25%", backends=["threads"])
    assert cases(plan) == [
        "mix:share=0.25 release serial 1 2000us",
        "mix:share=0.25 release native 1 2000us",
        "mix:share=0.25 release native 2 2000us",
        "mix:share=0.25 release threads 2 2000us",
    ]


def test_the_bases_come_with_whatever_is_asked_for() -> None:
    assert cases(planned("spin", backends=["fork"], modes=["release"])) == [
        "spin hold serial 1 1000us",
        "spin release native 1 1000us",
        "spin release native 2 1000us",
        "spin release fork 2 1000us",
    ]


@pytest.mark.parametrize("backend", ["serial", "native"])
def test_asking_for_what_is_there_anyway_adds_nothing(backend: str) -> None:
    assert cases(planned("spin", backends=[backend])) == [
        "spin hold serial 1 1000us",
        "spin release native 1 1000us",
        "spin release native 2 1000us",
    ]


def test_worker_counts_give_curves_with_a_ceiling_for_each() -> None:
    plan = planned("spin", backends=["threads"], workers=[4, 1, 2])
    assert on("serial", plan) == [(Mode.HOLD, 1)]
    assert on("native", plan) == [(Mode.RELEASE, 1), (Mode.RELEASE, 2), (Mode.RELEASE, 4)]
    assert on("threads", plan) == [
        (mode, count) for mode in (Mode.HOLD, Mode.RELEASE) for count in (1, 2, 4)
    ]


def test_all_cores_are_the_default_count() -> None:
    assert on("threads", planned("spin", cores=6)) == [(Mode.HOLD, 6), (Mode.RELEASE, 6)]


def test_on_one_core_the_ceiling_is_there_once() -> None:
    assert on("native", planned("spin", cores=1)) == [(Mode.RELEASE, 1)]


def test_modes_are_those_that_a_workload_has() -> None:
    plan = planned("spin", "python", backends=["threads"], modes=["release"])
    assert [line for line in cases(plan) if "threads" in line] == [
        "spin release threads 2 1000us",
    ]
    assert [line for line in cases(plan) if "python" in line] == [
        "python hold serial 1 1000us",
        "python hold processes 1 1000us",
        "python hold processes 2 1000us",
    ]


def test_asked_for_modes_are_measured_on_every_backend() -> None:
    plan = planned("spin", backends=["threads", "processes"], modes=["release", "hold"])
    assert on("threads", plan) == on("processes", plan) == [(Mode.HOLD, 2), (Mode.RELEASE, 2)]


def test_what_is_asked_for_twice_is_measured_once() -> None:
    plan = planned(
        "spin",
        "spin",
        backends=["threads", "threads"],
        modes=["hold", "hold"],
        workers=[2, 2],
    )
    assert cases(plan) == [
        "spin hold serial 1 1000us",
        "spin release native 1 1000us",
        "spin release native 2 1000us",
        "spin hold threads 2 1000us",
    ]


def test_the_same_workload_at_two_grains_is_two_workloads() -> None:
    plan = planned("spin", "spin:grain=10us", backends=["threads"], modes=["hold"])
    assert [line for line in cases(plan) if "serial" in line] == [
        "spin hold serial 1 1000us",
        "spin hold serial 1 10us",
    ]


def test_a_workloads_own_grain_goes_before_the_runs() -> None:
    plan = planned("spin", "python:grain=5ms", grain="100us")
    assert {(case.workload, case.grain_ns) for case in plan.cases} == {
        ("spin", MS // 10),
        ("python", 5 * MS),
    }


def test_the_rest_of_the_plan_is_what_was_asked_for() -> None:
    plan = planned("spin", budget=2.5, precision=0.5, seed=2**64 - 1)
    assert (plan.budget_ns, plan.precision, plan.seed) == (2500 * MS, 0.5, 2**64 - 1)
    plan = planned("spin", budget="25ms", precision=0.001, grain="100ns", seed=0)
    assert (plan.budget_ns, plan.precision, plan.seed) == (25 * MS, 0.001, 0)
    assert {case.grain_ns for case in plan.cases} == {100}
    assert planned("spin", workers=[4, 1, 2, 4]).workers == (1, 2, 4)
    assert planned("spin", cores=6).workers == (6,)


def test_without_a_seed_every_plan_gets_a_new_one() -> None:
    assert len({planned("spin", seed=None).seed for _ in range(5)}) > 1


# Bad input


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ({"backends": ["thread"]}, "unknown backend 'thread'; did you mean 'threads'?"),
        ({"backends": ["gpu"]}, "unknown backend 'gpu'; known: fork, forkserver, inter"),
        ({"backends": []}, "no backend was given; known: fork, forkserver, interpreters"),
        ({"modes": ["realese"]}, "unknown mode 'realese'; did you mean 'release'?"),
        ({"modes": []}, "no mode was given; known: hold, release"),
        ({"workers": []}, "no worker count was given; such as 1,2,4"),
        ({"workers": [0]}, "a worker count is a number from 1 to 4096, not 0"),
        ({"workers": [2, -1]}, "a worker count is a number from 1 to 4096, not -1"),
        ({"workers": [5000]}, "a worker count is a number from 1 to 4096, not 5000"),
        ({"workers": [True]}, "a worker count is a number from 1 to 4096, not True"),
        ({"workers": [2.0]}, "a worker count is a number from 1 to 4096, not 2.0"),
        ({"workers": ["2"]}, "a worker count is a number from 1 to 4096, not '2'"),
        ({"precision": 0.0}, "a precision is from 0.1 to 50 percent, not 0"),
        ({"precision": 0.6}, "a precision is from 0.1 to 50 percent, not 60"),
        ({"precision": -0.03}, "a precision is from 0.1 to 50 percent, not -3"),
        ({"precision": float("nan")}, "a precision is from 0.1 to 50 percent, not nan"),
        ({"budget": "24ms"}, "24 ms is too short for one sample, which takes 25 ms"),
        ({"budget": 1e-9}, "1 ns is too short for one sample, which takes 25 ms"),
        ({"budget": "soon"}, "duration 'soon': write it as"),
        ({"budget": 0}, "duration 0: must be longer than zero"),
        ({"grain": "99ns"}, "a grain is from 100 ns to 1 min, not 99 ns"),
        ({"grain": "61s"}, "a grain is from 100 ns to 1 min, not 1 min 1 s"),
        ({"grain": "-1ms"}, "duration -1ms: must be longer than zero"),
        ({"seed": -1}, "a seed is a whole number from 0 to 2**64 - 1, not -1"),
        ({"seed": 2**64}, "a seed is a whole number from 0 to 2**64 - 1, not 18446744073709551616"),
        ({"seed": 1.5}, "a seed is a whole number from 0 to 2**64 - 1, not 1.5"),
        ({"seed": True}, "a seed is a whole number from 0 to 2**64 - 1, not True"),
    ],
)
def test_what_cannot_be_is_said_with_what_would_be_right(asked: dict[str, Any], right: str) -> None:
    with pytest.raises(InputError) as raised:
        planned("spin", **asked)
    assert right in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("workload", "right"),
    [
        ("spni", "unknown workload 'spni'; did you mean 'spin'?"),
        ("mix:shar=0.5", "workload 'mix' has no parameter 'shar'; did you mean 'share'?"),
        ("spin:grain=99ns", "a grain is from 100 ns to 1 min, not 99 ns"),
        ("python:grain=2min", "a grain is from 100 ns to 1 min, not 2 min"),
    ],
)
def test_a_workload_that_cannot_be_is_refused(workload: str, right: str) -> None:
    with pytest.raises(InputError) as raised:
        planned("triad", workload)
    assert right in str(raised.value)


def test_a_plan_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="no workload was given; `python -m gilbench list`"):
        planned()


def test_a_mode_that_none_of_the_workloads_has_is_refused() -> None:
    with pytest.raises(InputError, match=r"^python, objects: no mode release there; known: hold$"):
        planned("python", "objects", modes=["release"])
    with pytest.raises(InputError, match=r"^mix:share=0\.5: no mode hold there; known: release$"):
        planned("mix", modes=["hold"])


def test_native_threads_alone_are_refused_for_what_only_python_can_run() -> None:
    with pytest.raises(
        InputError, match=r"^python: native threads cannot run Python; name another"
    ):
        planned("python", backends=["native"])
    assert on("native", planned("python", "spin", backends=["native"]))
