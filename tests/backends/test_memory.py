from __future__ import annotations

import mmap
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from gilbench._native import gate, meter
from gilbench.backends.memory import map_gate, private_gate, shared_gate

if TYPE_CHECKING:
    from gilbench._native.gate import GateCapsule


def opens(entrance: GateCapsule) -> bool:
    gate.reset(entrance, 1, 1)
    meter.start(meter.create(entrance, 0, 1000), 10**9)
    return gate.opened_ns(entrance) > 0


def test_each_private_gate_is_another() -> None:
    one, other = private_gate(), private_gate()
    assert gate.address(one) != gate.address(other)
    assert opens(one)
    assert gate.opened_ns(other) == 0


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Path]:
    """A system whose memory has tags; the files that stand for it, by tag, until nobody maps it."""
    memory: dict[str, Path] = {}
    real = mmap.mmap

    def map_tagged(descriptor: int, length: int, tagname: str | None = None) -> mmap.mmap:
        if tagname is None:
            return real(descriptor, length)
        path = memory.setdefault(tagname, tmp_path / f"memory-{len(memory)}")
        with path.open("a+b") as file:
            file.truncate(length)
            return real(file.fileno(), length)

    monkeypatch.setattr(sys, "platform", "win32")
    if os.name != "nt":
        monkeypatch.setattr("mmap.mmap", map_tagged)
    monkeypatch.delattr(os, "memfd_create", raising=False)
    monkeypatch.delattr(tempfile, "mkstemp")
    return memory


def test_on_windows_the_gate_is_in_memory_that_has_a_tag(windows: dict[str, Path]) -> None:
    with shared_gate() as (entrance, tag):
        mapped = map_gate(tag)
        assert gate.address(mapped) != gate.address(entrance)
        assert opens(entrance)
        assert gate.opened_ns(mapped) == gate.opened_ns(entrance)
    assert opens(mapped)
    assert gate.opened_ns(entrance) == gate.opened_ns(mapped)


def test_on_windows_each_gate_is_another(windows: dict[str, Path]) -> None:
    with shared_gate() as (one, first), shared_gate() as (other, second):
        assert first != second
        assert opens(one)
        assert gate.opened_ns(other) == 0


def test_on_windows_a_gate_that_is_gone_cannot_be_mapped(windows: dict[str, Path]) -> None:
    with pytest.raises(FileNotFoundError, match="^the gate nobodys is gone$"):
        map_gate("nobodys")


@pytest.fixture(params=["as here", "without files that have no name"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder for temporary files, of this system or of one where the gate needs a name."""
    if os.name == "nt":
        pytest.skip("there the gate has no file")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    if request.param != "as here":
        monkeypatch.delattr(os, "memfd_create", raising=False)
    return tmp_path


def test_a_shared_gate_is_the_same_wherever_it_is_mapped(system: Path) -> None:
    with shared_gate() as (entrance, path):
        mapped = map_gate(path)
        assert gate.address(mapped) != gate.address(entrance)
        assert opens(entrance)
        assert gate.opened_ns(mapped) == gate.opened_ns(entrance)


def test_its_file_goes_and_the_gate_stays(system: Path) -> None:
    with shared_gate() as (entrance, path):
        mapped = map_gate(path)
    with pytest.raises(FileNotFoundError):
        map_gate(path)
    assert list(system.iterdir()) == []
    assert opens(mapped)
    assert gate.opened_ns(entrance) == gate.opened_ns(mapped)


def test_its_file_goes_whatever_happens(system: Path) -> None:
    with pytest.raises(KeyboardInterrupt), shared_gate():
        raise KeyboardInterrupt
    assert list(system.iterdir()) == []


def test_memory_that_cannot_be_had_leaves_no_file(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no memory")

    monkeypatch.setattr("mmap.mmap", refuse)
    with pytest.raises(OSError, match="no memory"), shared_gate():
        pass
    assert list(system.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="here a file has a name")
def test_where_a_file_needs_no_name_it_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(tempfile, "mkstemp")
    with shared_gate() as (_, path):
        assert path.startswith(f"/proc/{os.getpid()}/fd/")


def test_many_gates_leave_no_descriptors(system: Path) -> None:
    def share() -> None:
        with shared_gate() as (_, path):
            map_gate(path)

    share()
    before = psutil.Process().num_fds()
    for _ in range(50):
        share()
    assert psutil.Process().num_fds() == before


def test_a_gate_that_is_gone_cannot_be_mapped(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        map_gate(str(tmp_path / "gone"))
