from __future__ import annotations

import mmap
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gilbench._native import counter, spin

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable


def test_it_adds_to_what_stands_in_the_memory() -> None:
    memory = memoryview(mmap.mmap(-1, mmap.PAGESIZE))
    cell = memory[64:72].cast("q")
    cell[0] = -5
    total = counter.on(memory[64:])
    assert counter.total(total) == -5
    counter.add(total, 7)
    counter.add(total, -1)
    assert (counter.total(total), cell[0]) == (1, 1)
    assert not any(memory[:64])
    assert not any(memory[72:])


def test_threads_lose_nothing() -> None:
    total = counter.on(mmap.mmap(-1, mmap.PAGESIZE))

    def work() -> None:
        for _ in range(100_000):
            counter.add(total, 1)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert counter.total(total) == 300_000


MAP_AND_ADD = """
import mmap, sys
from gilbench._native import counter
with open(sys.argv[1], "r+b") as file:
    total = counter.on(mmap.mmap(file.fileno(), 0))
print("here", flush=True)
sys.stdin.readline()
for _ in range(300_000):
    counter.add(total, 1)
"""


def test_processes_that_map_it_lose_nothing(
    tmp_path: Path, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    path = tmp_path / "counter"
    path.write_bytes(bytes(mmap.PAGESIZE))
    with path.open("r+b") as file:
        total = counter.on(mmap.mmap(file.fileno(), 0))
    with start_python(MAP_AND_ADD, str(path)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
        for _ in range(300_000):
            counter.add(total, 1)
        assert process.wait(30) == 0
    assert counter.total(total) == 600_000


def test_memory_that_is_too_small_or_misaligned_is_refused() -> None:
    memory = memoryview(mmap.mmap(-1, mmap.PAGESIZE))
    counter.on(memory[8:16])
    for wrong in (memory[:7], memory[4:], memory[:0]):
        with pytest.raises(ValueError, match="a counter needs 8 bytes of memory, aligned to 8"):
            counter.on(wrong)


def test_what_is_no_writable_memory_is_refused() -> None:
    with pytest.raises(BufferError):
        counter.on(bytes(8))
    with pytest.raises(TypeError):
        counter.on(8)  # type: ignore[arg-type]


def test_it_keeps_its_memory() -> None:
    memory = mmap.mmap(-1, mmap.PAGESIZE)
    total = counter.on(memory)
    with pytest.raises(BufferError):
        memory.close()
    del total
    memory.close()


@pytest.mark.parametrize("call", [counter.total, lambda wrong: counter.add(wrong, 1)])
def test_what_is_no_counter_is_refused(call: Callable[[object], object]) -> None:
    for wrong in (None, 0, spin.kernel()):
        with pytest.raises(ValueError, match="PyCapsule"):
            call(wrong)


def test_a_number_of_more_than_64_bits_is_refused() -> None:
    total = counter.on(mmap.mmap(-1, mmap.PAGESIZE))
    with pytest.raises(OverflowError):
        counter.add(total, 2**63)
    assert counter.total(total) == 0
