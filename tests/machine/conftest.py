"""A made-up system to read, and a machine without any cause for caution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from environments import make_environment

if TYPE_CHECKING:
    from pathlib import Path

    from gilbench.model import Environment


class FakeSystem:
    """A folder that stands for `/`; `root` is what the readers take."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root = str(folder)

    def write(self, path: str, text: str) -> None:
        file = self._folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")


@pytest.fixture
def system(tmp_path: Path) -> FakeSystem:
    return FakeSystem(tmp_path)


@pytest.fixture
def quiet_machine() -> Environment:
    return make_environment(
        build_flags={"optimisation": "-O3"},
        cpus=4,
        physical_cpus=4,
        affinity=(0, 1, 2, 3),
        cores=4,
        governor="performance",
        turbo=False,
        smt=False,
        load_average=(0.1, 0.1, 0.1),
    )
