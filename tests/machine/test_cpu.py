from __future__ import annotations

import platform
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from gilbench.machine import cpu

SYSFS = "/sys/devices/system/cpu"


@pytest.fixture
def linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "processor", lambda: "")
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")


@pytest.mark.parametrize(
    ("listing", "name"),
    [
        ("processor\t: 0\nmodel name\t: AMD EPYC 7B13\n\nprocessor\t: 1", "AMD EPYC 7B13"),
        ("processor\t: 0\ncpu\t\t: POWER9, altivec supported", "POWER9, altivec supported"),
        ("CPU implementer\t: 0x41\nCPU part\t: 0xd0c\nHardware\t: Board", "Arm Neoverse-N1"),
        (
            "CPU implementer : 0x41\nCPU part : 0xd05\n\n"
            "CPU implementer : 0x41\nCPU part : 0xd0b\n\n"
            "CPU implementer : 0x41\nCPU part : 0xd05",
            "Arm Cortex-A55 + Arm Cortex-A76",
        ),
        ("CPU implementer : 0xc0\nCPU part : 0xabc", "Ampere part 0xabc"),
        ("CPU implementer : 0x99\nCPU part : 0x001", "implementer 0x99 part 0x001"),
        ("processor : 0\nHardware : BCM2835\nModel : Raspberry Pi 4", "BCM2835"),
        ("processor : 0\nModel : Raspberry Pi 4", "Raspberry Pi 4"),
        ("processor : 0", "riscv64"),
    ],
)
def test_linux_name(linux, system, listing, name):
    system.write("/proc/cpuinfo", listing)
    assert cpu.cpu_name(system.root) == name


def test_name_where_nothing_is_told(linux, monkeypatch, system):
    monkeypatch.setattr(platform, "machine", lambda: "")
    assert cpu.cpu_name(system.root) == "unknown"


def test_macos_name(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(cpu, "sysctl", {"machdep.cpu.brand_string": "Apple M3"}.get)
    assert cpu.cpu_name(system.root) == "Apple M3"


def test_windows_name(monkeypatch, system):
    told = {("machine", r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"): "Intel i7  "}
    registry = SimpleNamespace(
        HKEY_LOCAL_MACHINE="machine",
        OpenKey=lambda hive, path: nullcontext(told[hive, path]),
        QueryValueEx=lambda key, name: (key, name == "ProcessorNameString"),
    )
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "winreg", registry)
    assert cpu.cpu_name(system.root) == "Intel i7"


def test_governor(system):
    assert cpu.governor(system.root) is None
    system.write(f"{SYSFS}/cpufreq/boost", "1")
    assert cpu.governor(system.root) is None
    system.write(f"{SYSFS}/cpufreq/policy0/scaling_governor", "powersave")
    system.write(f"{SYSFS}/cpufreq/policy1/scaling_governor", "powersave")
    assert cpu.governor(system.root) == "powersave"
    system.write(f"{SYSFS}/cpufreq/policy1/scaling_governor", "performance")
    assert cpu.governor(system.root) == "performance, powersave"


@pytest.mark.parametrize(
    ("file", "told", "expected"),
    [
        ("intel_pstate/no_turbo", "0", True),
        ("intel_pstate/no_turbo", "1", False),
        ("cpufreq/boost", "1", True),
        ("cpufreq/boost", "0", False),
        ("elsewhere", "1", None),
    ],
)
def test_turbo(system, file, told, expected):
    system.write(f"{SYSFS}/{file}", told)
    assert cpu.turbo(system.root) is expected


@pytest.mark.parametrize(("told", "expected"), [("1", True), ("0", False)])
def test_smt_as_the_kernel_says(system, told, expected):
    system.write(f"{SYSFS}/smt/active", told)
    assert cpu.smt(system.root, 8, 8 if expected else 4) is expected


@pytest.mark.parametrize(("physical", "expected"), [(4, True), (8, False), (None, None)])
def test_smt_by_the_counts_of_processors(system, physical, expected):
    assert cpu.smt(system.root, 8, physical) is expected
