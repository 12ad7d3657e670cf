from __future__ import annotations

from dataclasses import replace

import pytest

from gilbench.machine import InterpreterState, cautions
from gilbench.machine.caution import GIL_TURNED_ON

PLAIN = InterpreterState(instruments=(), development_mode=False, gil_forced=False)


def only(environment, state=PLAIN) -> str:
    """Return the fact of the one caution that there must be."""
    (caution,) = cautions(environment, state)
    assert caution.advice
    return caution.what


def test_a_quiet_real_machine_has_none(quiet_machine):
    assert cautions(quiet_machine, PLAIN) == ()


def test_what_the_platform_does_not_tell_is_no_caution(quiet_machine):
    untold = replace(
        quiet_machine,
        build_flags={},
        affinity=None,
        governor=None,
        turbo=None,
        load_average=None,
        busy_cpus=None,
    )
    assert cautions(untold, PLAIN) == ()


@pytest.mark.parametrize(("busy_cpus", "busy"), [(0.3, False), (0.31, True), (0.0, False)])
def test_other_work_beyond_three_tenths_of_a_core(quiet_machine, busy_cpus, busy):
    found = cautions(replace(quiet_machine, busy_cpus=busy_cpus), PLAIN)
    assert bool(found) is busy
    if busy:
        assert "other work takes 0.3 of 4 cores here" in found[0].what


def test_the_load_of_the_last_minute_is_no_caution(quiet_machine):
    assert cautions(replace(quiet_machine, load_average=(9.0, 9.0, 9.0)), PLAIN) == ()


def test_one_core_of_one(quiet_machine):
    single = replace(quiet_machine, cpus=1, cores=1, affinity=(0,))
    assert "only one core" in only(single)


@pytest.mark.parametrize(
    ("affinity", "quota", "cores", "told"),
    [
        ((0, 1), None, 2, "2 cores of 4 for this process, by its CPU affinity (2)"),
        ((0, 1, 2, 3), 2.5, 2, "2 cores of 4 for this process, by its cgroup's quota (2.5 CPUs)"),
        (
            (0, 1, 2),
            2.0,
            2,
            "2 cores of 4 for this process, "
            "by its CPU affinity (3) and its cgroup's quota (2 CPUs)",
        ),
        ((0, 1), 3.0, 2, "2 cores of 4 for this process, by its CPU affinity (2)"),
        (None, None, 2, "2 cores of 4 for this process, by Python's own count of processors"),
    ],
)
def test_fewer_cores_and_by_which_limit(quiet_machine, affinity, quota, cores, told):
    limited = replace(quiet_machine, affinity=affinity, cgroup_quota_cpus=quota, cores=cores)
    assert only(limited) == told


def test_one_core_of_several_is_both(quiet_machine):
    pinned = replace(quiet_machine, affinity=(3,), cores=1)
    assert [caution.what for caution in cautions(pinned, PLAIN)] == [
        "only one core is available to this process",
        "1 core of 4 for this process, by its CPU affinity (1)",
    ]


def test_virtual_machine(quiet_machine):
    assert "virtual machine (KVM)" in only(replace(quiet_machine, hypervisor="KVM"))


@pytest.mark.parametrize("governor", ["powersave", "performance, powersave"])
def test_governor(quiet_machine, governor):
    assert governor in only(replace(quiet_machine, governor=governor))


def test_turbo(quiet_machine):
    assert "turbo" in only(replace(quiet_machine, turbo=True))


def test_debug_build(quiet_machine):
    assert "debug build" in only(replace(quiet_machine, debug=True))


@pytest.mark.parametrize("flag", ["-O0", "-O1", "-Og", "none"])
def test_build_without_optimisation(quiet_machine, flag):
    assert flag in only(replace(quiet_machine, build_flags={"optimisation": flag}))


@pytest.mark.parametrize("flag", ["-O2", "-O3", "-Ofast"])
def test_optimised_build(quiet_machine, flag):
    assert cautions(replace(quiet_machine, build_flags={"optimisation": flag}), PLAIN) == ()


def test_instruments_are_named(quiet_machine):
    state = replace(PLAIN, instruments=("sys.settrace", "tracemalloc"))
    assert "(sys.settrace, tracemalloc)" in only(quiet_machine, state)


def test_development_mode(quiet_machine):
    assert "development mode" in only(quiet_machine, replace(PLAIN, development_mode=True))


@pytest.mark.parametrize("allocator", ["debug", "malloc_debug", "pymalloc_debug"])
def test_checking_allocators(quiet_machine, allocator):
    variables = {"PYTHONMALLOC": allocator}
    assert f"PYTHONMALLOC={allocator}" in only(replace(quiet_machine, variables=variables))


def test_other_allocators_are_no_caution(quiet_machine):
    assert cautions(replace(quiet_machine, variables={"PYTHONMALLOC": "malloc"}), PLAIN) == ()


def test_gil_of_a_free_threaded_build_and_why(quiet_machine):
    off = replace(quiet_machine, free_threaded=True, gil_enabled=False)
    back_on = replace(off, gil_enabled=True)
    assert cautions(off, PLAIN) == ()
    assert "an imported module switched the GIL" in only(back_on)
    assert cautions(back_on, PLAIN) == (GIL_TURNED_ON,)
    assert "PYTHON_GIL=1" in only(back_on, replace(PLAIN, gil_forced=True))


def test_core_type_of_openblas(quiet_machine):
    variables = {"OPENBLAS_CORETYPE": "Haswell"}
    told = only(replace(quiet_machine, variables=variables))
    assert "OPENBLAS_CORETYPE (Haswell) overrides" in told
    # Indented on a terminal of 20 columns.
    assert max(map(len, told.split())) <= 18
