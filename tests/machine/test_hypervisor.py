from __future__ import annotations

import sys

import pytest

from gilbench.machine import hypervisor as module
from gilbench.machine.hypervisor import UNKNOWN, hypervisor

DMI = "/sys/class/dmi/id"
CLOCKS = "/sys/devices/system/clocksource/clocksource0/available_clocksource"
REAL = "flags\t\t: fpu vme sse"
VIRTUAL = "flags\t\t: fpu hypervisor sse"


@pytest.fixture(autouse=True)
def linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")


def test_none_where_nothing_shows_one(system):
    assert hypervisor(system.root) is None


def test_kernels_own_word(system):
    system.write("/sys/hypervisor/type", "xen")
    assert hypervisor(system.root) == "Xen"


@pytest.mark.parametrize(
    ("product", "maker", "name"),
    [
        ("KVM", "QEMU", "KVM"),
        ("Standard PC (Q35 + ICH9, 2009)", "QEMU", "QEMU"),
        ("OpenStack Nova", "OpenStack Foundation", "KVM"),
        ("Google Compute Engine", "Google", "KVM"),
        ("VMware7,1", "VMware, Inc.", "VMware"),
        ("VirtualBox", "innotek GmbH", "VirtualBox"),
        ("Virtual Machine", "Microsoft Corporation", "Hyper-V"),
        ("m7i.large", "Amazon EC2", "Amazon EC2"),
        ("c9.huge", "A new cloud", UNKNOWN),
    ],
)
def test_firmware_of_a_virtual_x86(system, product, maker, name):
    system.write("/proc/cpuinfo", VIRTUAL)
    system.write(f"{DMI}/product_name", product)
    system.write(f"{DMI}/sys_vendor", maker)
    assert hypervisor(system.root) == name


def test_processor_of_a_real_x86_overrules_a_clouds_firmware(system):
    system.write("/proc/cpuinfo", REAL)
    system.write(f"{DMI}/sys_vendor", "Amazon EC2")
    system.write(CLOCKS, "tsc kvm-clock")
    assert hypervisor(system.root) is None


@pytest.mark.parametrize(
    ("product", "name"), [("m7g.large", "Amazon EC2"), ("m7g.metal", None), ("Surface", None)]
)
def test_arm_has_only_its_firmware(system, product, name):
    system.write("/proc/cpuinfo", "CPU part : 0xd40\nFeatures : fp asimd")
    system.write(f"{DMI}/product_name", product)
    maker = "Microsoft Corporation" if product == "Surface" else "Amazon EC2"
    system.write(f"{DMI}/sys_vendor", maker)
    assert hypervisor(system.root) == name


def test_device_tree(system):
    system.write("/proc/device-tree/hypervisor/compatible", "linux,kvm\0")
    assert hypervisor(system.root) == "KVM"


@pytest.mark.parametrize(
    ("clocks", "name"),
    [
        ("tsc kvm-clock", "KVM"),
        ("hyperv_clocksource_tsc_page acpi_pm", "Hyper-V"),
        ("tsc acpi_pm", UNKNOWN),
    ],
)
def test_clock_for_guests_where_there_is_no_firmware(system, clocks, name):
    system.write("/proc/cpuinfo", VIRTUAL)
    system.write(CLOCKS, clocks)
    assert hypervisor(system.root) == name


@pytest.mark.parametrize(("told", "name"), [("1", UNKNOWN), ("0", None), (None, None)])
def test_macos(monkeypatch, system, told, name):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(module, "sysctl", {"kern.hv_vmm_present": told}.get)
    assert hypervisor(system.root) == name
