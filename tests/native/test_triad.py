from __future__ import annotations

import platform
from pathlib import Path
from types import ModuleType

import pytest

from gilbench._native import chase, triad, work


def cpu_flags() -> set[str]:
    """Return what Linux says that an x86 processor can; nothing elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    flags = [line for line in lines if line.startswith("flags")]
    return set(flags[0].split()) if flags and platform.machine() == "x86_64" else set()


CPU_FLAGS = cpu_flags()


def triad_in_python(length: int, units: int) -> int:
    a = [0.0] * length
    b = [float(index % 1024) for index in range(length)]
    c = [float(index % 512) for index in range(length)]
    for unit in range(units):
        at = unit % length
        a[at] = b[at] + 3.0 * c[at]
    looked_at = sum(int(a[index]) * (index + 1) for index in range(0, length, 512))
    return (units + looked_at) % 2**64


# 512 is how far apart the elements of the checksum are, 1024 how often the values repeat.
@pytest.mark.parametrize("length", [1, 2, 511, 512, 513, 1025, 3000])
@pytest.mark.parametrize("rounds", [0, 0.5, 1, 1.7, 4])
def test_its_checksum_is_that_of_plain_python(length: int, rounds: float) -> None:
    units = int(length * rounds)
    state = work.create(triad.kernel(), 24 * length)
    work.run(state, units)
    assert work.checksum(state) == triad_in_python(length, units)


def test_it_goes_on_where_it_stopped_and_around_the_end() -> None:
    state = work.create(triad.kernel(), 24 * 1000)
    for units in (1, 998, 1, 1, 700, 600):
        work.run(state, units)
    assert work.checksum(state) == triad_in_python(1000, 2301)


def test_a_stretch_that_was_not_written_shows() -> None:
    whole, half = triad_in_python(2000, 2000), triad_in_python(2000, 1000)
    assert whole - half != 1000


@pytest.mark.parametrize("bytes", [0, 1, 23, 24, 47])
def test_memory_for_less_than_two_elements_holds_one(bytes: int) -> None:
    state = work.create(triad.kernel(), bytes)
    work.run(state, 5)
    assert work.checksum(state) == triad_in_python(1, 5)


def test_it_says_which_instructions_it_runs_with() -> None:
    assert triad.variant() in {"avx2", "baseline"}


@pytest.mark.skipif(not CPU_FLAGS, reason="this system does not list the processor's flags")
def test_the_variant_is_the_best_that_the_processor_has() -> None:
    assert triad.variant() == ("avx2" if "avx2" in CPU_FLAGS else "baseline")


@pytest.mark.skipif(
    not Path("/sys/kernel/mm/transparent_hugepage").is_dir(), reason="no large pages here"
)
@pytest.mark.parametrize("kernel", [triad, chase])
def test_large_pages_are_asked_for(kernel: ModuleType) -> None:
    def asked_kb() -> int:
        # Each mapping tells its size first and its flags last; neighbours that are alike are one.
        lines = [line.split() for line in Path("/proc/self/smaps").read_text().splitlines()]
        sizes = [int(line[1]) for line in lines if line[:1] == ["Size:"]]
        flags = [line for line in lines if line[:1] == ["VmFlags:"]]
        return sum(size for size, words in zip(sizes, flags, strict=True) if "hg" in words)

    before = asked_kb()
    state = work.create(kernel.kernel(), 64 * 2**20)
    assert asked_kb() >= before + 48 * 2**10
    del state
