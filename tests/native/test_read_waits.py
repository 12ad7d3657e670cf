from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADERS: Final = Path(__file__).parents[2] / "ext"
COMPILER: Final = shutil.which("c++")

# Reads how many waits of which length there were in all, then each that was read: wait, running.
PROGRAM: Final = """
#include <cstdio>
#include <cstdlib>
#include "read_waits.hpp"
int main(int count, char** words) {
    gilbench::ReadWaits read;
    for (int at = 3; at + 1 < count; at += 2)
        read.add(std::atoll(words[at]), std::atoll(words[at + 1]));
    std::printf("%.3f", read.running_within(std::atoll(words[1]), std::atoll(words[2])));
}
"""

pytestmark = [
    pytest.mark.skipif(COMPILER is None, reason="there is no C++ compiler"),
    pytest.mark.skipif(not HEADERS.exists(), reason="the sources are not here"),
]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("read-waits")
    source = folder / "program.cpp"
    source.write_text(PROGRAM, encoding="utf-8")
    command = [str(COMPILER), "-std=c++17", f"-I{HEADERS}", str(source), "-o", str(folder / "it")]
    # A sanitizer that watches these tests is none of the compiler's.
    plain = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    subprocess.run(command, check=True, env=plain)
    return folder / "it"


def running_within(
    program: Path, waits: int, length_ns: int, read: Sequence[tuple[int, int]]
) -> float:
    words = [waits, length_ns, *(value for pair in read for value in pair)]
    told = subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True)
    return float(told.stdout)


@pytest.mark.parametrize(
    ("waits", "length_ns", "read", "running_ns"),
    [
        # Every wait costs the same, however long it is.
        (10, 1_000_000, [(5_000, 2_000), (500_000, 2_000)], 20_000),
        # A quarter of each wait: those that were read were longer than the others are.
        (10, 1_000_000, [(400_000, 100_000), (800_000, 200_000)], 250_000),
        # Both.
        (10, 1_000_000, [(100_000, 12_000), (200_000, 22_000)], 120_000),
        # From waits of one length nobody knows what longer ones hold.
        (4, 400_000, [(50_000, 3_000), (50_000, 5_000)], 16_000),
        (4, 400_000, [(50_000, 3_000)], 12_000),
        # Longer waits do not hold less.
        (4, 400_000, [(50_000, 5_000), (100_000, 3_000)], 16_000),
        # Never more than they last, nor less than nothing.
        (1, 1_000, [(5_000, 5_000), (5_000, 5_000)], 1_000),
        (10, 50_000, [(100_000, 0), (200_000, 90_000)], 0),
        (4, 400_000, [], 0),
    ],
)
def test_what_runs_within_waits_that_were_not_read(
    waits: int,
    length_ns: int,
    read: Sequence[tuple[int, int]],
    running_ns: float,
    program: Path,
) -> None:
    assert running_within(program, waits, length_ns, read) == pytest.approx(running_ns)
