"""Whether this machine is a virtual one, and whose."""

from __future__ import annotations

import sys
from typing import Final

from gilbench.machine.files import REAL_ROOT, text
from gilbench.machine.sysctl import sysctl

__all__ = ["UNKNOWN", "hypervisor"]

UNKNOWN: Final = "unknown hypervisor"

# What firmware calls itself, after the tables of systemd's src/basic/virt.c. The product before
# the maker: a product KVM is told by a maker QEMU. Of Microsoft only the product counts, since
# its name stands on real machines too.
_FIRMWARE: Final = {
    "KVM": "KVM",
    "OpenStack": "KVM",
    "Google Compute Engine": "KVM",
    "Virtual Machine": "Hyper-V",
    "VirtualBox": "VirtualBox",
    "VMware": "VMware",
    "QEMU": "QEMU",
    "Amazon EC2": "Amazon EC2",
    "Xen": "Xen",
    "Bochs": "Bochs",
    "Parallels": "Parallels",
    "BHYVE": "bhyve",
    "Apple Virtualization": "Apple Virtualization",
}
_INTERFACES: Final = {"kvm": "KVM", "xen": "Xen", "hyperv": "Hyper-V"}


def hypervisor(root: str = REAL_ROOT) -> str | None:
    """Return the hypervisor's name, or `unknown hypervisor`, or None: no sign of one.

    Linux and macOS; Windows does not tell without administrator's tools.
    """
    if sys.platform == "darwin":
        return UNKNOWN if sysctl("kern.hv_vmm_present") == "1" else None
    kernel = text(root, "/sys/hypervisor/type")
    if kernel:
        return kernel.capitalize()
    flag = _processor_flag(root)
    # An x86 processor always shows it; firmware of rented bare metal bears a cloud's name too.
    if flag is False:
        return None
    return _firmware(root) or _guest_interface(root) or (UNKNOWN if flag else None)


def _processor_flag(root: str) -> bool | None:
    """Return whether the processor says that it is virtual, or None (not x86: it cannot say)."""
    for line in (text(root, "/proc/cpuinfo") or "").splitlines():
        key, _, flags = line.partition(":")
        if key.strip() == "flags":
            return "hypervisor" in flags.split()
    return None


def _firmware(root: str) -> str | None:
    told = [
        text(root, f"/sys/class/dmi/id/{name}") or "" for name in ("product_name", "sys_vendor")
    ]
    if told[0].endswith(".metal"):
        return None
    return next((who for line in told for mark, who in _FIRMWARE.items() if mark in line), None)


def _guest_interface(root: str) -> str | None:
    """Return whose interface for guests the kernel found: by Arm's device tree, or by a clock."""
    told = [
        text(root, "/proc/device-tree/hypervisor/compatible") or "",
        text(root, "/sys/devices/system/clocksource/clocksource0/available_clocksource") or "",
    ]
    return next((who for line in told for mark, who in _INTERFACES.items() if mark in line), None)
