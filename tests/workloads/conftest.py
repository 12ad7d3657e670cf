"""Modules of a user, and meters that have passed their gate."""

from __future__ import annotations

import itertools
import mmap
import sys
from typing import TYPE_CHECKING

import pytest

from gilbench._native import gate, meter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gilbench._native.meter import MeterCapsule


@pytest.fixture
def make_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Write a module where Python finds it, and return its name."""
    monkeypatch.syspath_prepend(tmp_path)
    before, numbers = set(sys.modules), itertools.count()

    def make(text: str, name: str | None = None) -> str:
        name = name or f"users_own_{next(numbers)}"
        path = tmp_path.joinpath(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name

    yield make
    for name in set(sys.modules) - before:
        if name.startswith("users_own"):
            del sys.modules[name]


@pytest.fixture
def readings() -> MeterCapsule:
    """A meter for fixed work, started."""
    entrance = gate.on(mmap.mmap(-1, mmap.PAGESIZE))
    gate.reset(entrance, 1, 1)
    made = meter.create(entrance, 0, 1_000_000)
    meter.start(made, 10**9)
    return made
