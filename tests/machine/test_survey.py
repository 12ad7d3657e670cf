from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

import psutil

from gilbench._native import triad
from gilbench.machine import cores, environment, survey


def test_this_machine_as_it_is(monkeypatch):
    monkeypatch.setattr(psutil, "cpu_percent", lambda _: 50.0)
    found = environment()
    assert found.python == platform.python_version()
    assert found.executable == sys.executable
    assert found.cores == cores() <= found.cpus
    assert found.busy_cpus == round(found.cpus / 2, 2)
    assert found.memory_bytes == psutil.virtual_memory().total
    assert found.switch_interval_s == sys.getswitchinterval()
    assert found.packages["psutil"] == version("psutil")
    assert found.kernel_variants == {"triad": triad.variant()}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found.started_at)


def test_what_the_system_tells_comes_from_the_given_root(system):
    system.write("/sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "powersave")
    found = environment(system.root)
    assert found.governor == "powersave"
    assert found.cgroup_quota_cpus is None
    assert any("powersave" in caution.what for caution in found.warnings)


def test_processors_and_cores_of_the_machine(monkeypatch, system):
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: 8 if logical else 4)
    found = environment(system.root)
    assert (found.cpus, found.physical_cpus, found.smt) == (8, 4, True)


def test_processors_where_psutil_cannot_count_them(monkeypatch, system):
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: None)
    found = environment(system.root)
    assert (found.cpus, found.physical_cpus, found.smt) == (found.cores, None, None)


def test_load_that_cannot_be_told(monkeypatch):
    def refuse():
        raise OSError

    monkeypatch.setattr(os, "getloadavg", refuse, raising=False)
    assert survey._load_average() is None
    monkeypatch.setattr(os, "getloadavg", lambda: (1.0, 2.0, 3.0))
    assert survey._load_average() == (1.0, 2.0, 3.0)
    monkeypatch.setattr(sys, "platform", "win32")
    assert survey._load_average() is None


def test_packages_that_are_not_there_are_left_out(monkeypatch):
    def only_click(name):
        if name != "click":
            raise PackageNotFoundError
        return "8.1"

    monkeypatch.setattr(survey, "version", only_click)
    assert environment().packages == {"click": "8.1"}


def test_c_library_that_python_does_not_name(monkeypatch):
    monkeypatch.setattr(survey.platform, "libc_ver", lambda: ("", ""))
    monkeypatch.setattr(
        survey.sysconfig, "get_config_var", lambda _: "cpython-312-x86_64-linux-musl"
    )
    assert survey._libc() == "musl"
    monkeypatch.setattr(survey.sysconfig, "get_config_var", lambda _: None)
    assert survey._libc() == "unknown"


def test_options_of_the_interpreter_reach_the_cautions():
    script = (
        "from gilbench.machine import environment\n"
        "print(*(caution.what for caution in environment().warnings), sep='\\n')"
    )
    told = subprocess.run(
        [sys.executable, "-X", "dev", "-X", "tracemalloc", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    assert "development mode" in told
    assert "tracemalloc" in told
