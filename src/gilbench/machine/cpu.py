"""The processor: its name, its clock and its hardware threads."""

from __future__ import annotations

import platform
import sys
from typing import Final

from gilbench.machine.files import REAL_ROOT, names, text
from gilbench.machine.sysctl import sysctl

__all__ = ["cpu_name", "governor", "smt", "turbo"]

_SYSFS: Final = "/sys/devices/system/cpu"

# Arm's kernel tells numbers instead of a name. Both tables: util-linux, sys-utils/lscpu-arm.c.
_IMPLEMENTERS: Final = {
    0x41: "Arm",
    0x42: "Broadcom",
    0x43: "Cavium",
    0x46: "Fujitsu",
    0x48: "HiSilicon",
    0x4E: "NVIDIA",
    0x50: "APM",
    0x51: "Qualcomm",
    0x53: "Samsung",
    0x56: "Marvell",
    0x61: "Apple",
    0x70: "Phytium",
    0xC0: "Ampere",
}
_PARTS: Final = {
    (0x41, 0xD03): "Cortex-A53",
    (0x41, 0xD05): "Cortex-A55",
    (0x41, 0xD07): "Cortex-A57",
    (0x41, 0xD08): "Cortex-A72",
    (0x41, 0xD0B): "Cortex-A76",
    (0x41, 0xD0C): "Neoverse-N1",
    (0x41, 0xD40): "Neoverse-V1",
    (0x41, 0xD49): "Neoverse-N2",
    (0x41, 0xD4F): "Neoverse-V2",
    (0x46, 0x001): "A64FX",
    (0x48, 0xD01): "Kunpeng-920",
    (0x61, 0x022): "Icestorm-M1",
    (0x61, 0x023): "Firestorm-M1",
    (0x61, 0x032): "Blizzard-M2",
    (0x61, 0x033): "Avalanche-M2",
    (0xC0, 0xAC3): "Ampere-1",
    (0xC0, 0xAC4): "Ampere-1a",
}


def cpu_name(root: str = REAL_ROOT) -> str:
    """Return the processor's model name, or the architecture's where the system knows no better."""
    if sys.platform == "darwin":
        name = sysctl("machdep.cpu.brand_string")
    elif sys.platform == "win32":
        name = _registry_name()
    else:
        name = _cpuinfo_name(text(root, "/proc/cpuinfo") or "")
    return name or platform.processor() or platform.machine() or "unknown"


def governor(root: str = REAL_ROOT) -> str | None:
    """Return who sets the clock (Linux): `performance`, or several names where cores differ.

    None where the system does not tell, as in most virtual machines.
    """
    folder = f"{_SYSFS}/cpufreq"
    told = (text(root, f"{folder}/{name}/scaling_governor") for name in names(root, folder))
    return ", ".join(sorted({name for name in told if name})) or None


def turbo(root: str = REAL_ROOT) -> bool | None:
    """Return whether a core may run above its nominal clock (Linux), or None: not told."""
    off = text(root, f"{_SYSFS}/intel_pstate/no_turbo")
    if off is not None:
        return off == "0"
    on = text(root, f"{_SYSFS}/cpufreq/boost")
    return None if on is None else on == "1"


def smt(root: str, cpus: int, physical_cpus: int | None) -> bool | None:
    """Return whether cores run more than one hardware thread, or None: not told.

    The kernel's word (Linux), else told by the two counts of processors.
    """
    active = text(root, f"{_SYSFS}/smt/active")
    if active is not None:
        return active == "1"
    return None if physical_cpus is None else cpus > physical_cpus


def _cpuinfo_name(listing: str) -> str | None:
    pairs = [
        (key.strip(), value.strip())
        for key, colon, value in (line.partition(":") for line in listing.splitlines())
        if colon
    ]
    first = dict(reversed(pairs))
    # x86; 32-bit Arm; POWER; MIPS; RISC-V. Last the name of an Arm board, if numbers are missing.
    for key in ("model name", "Processor", "cpu", "cpu model", "uarch"):
        if key in first:
            return first[key]
    return _arm_name(pairs) or first.get("Hardware") or first.get("Model")


def _arm_name(pairs: list[tuple[str, str]]) -> str | None:
    """Return the names of the kinds of Arm core, as `Arm Cortex-A55 + Arm Cortex-A76`."""
    makers = [int(value, 16) for key, value in pairs if key == "CPU implementer"]
    parts = [int(value, 16) for key, value in pairs if key == "CPU part"]
    kinds = [
        f"{_IMPLEMENTERS.get(maker, f'implementer {maker:#04x}')} "
        f"{_PARTS.get((maker, part), f'part {part:#05x}')}"
        for maker, part in zip(makers, parts, strict=False)
    ]
    return " + ".join(dict.fromkeys(kinds)) or None


def _registry_name() -> str | None:
    if sys.platform != "win32":
        return None
    import winreg

    path = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
        return str(winreg.QueryValueEx(key, "ProcessorNameString")[0]).strip()
