"""A made-up system to read, and a machine without any cause for caution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gilbench.model import Environment

if TYPE_CHECKING:
    from pathlib import Path


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
    return Environment(
        gilbench="0.1.0",
        python="3.13.5",
        implementation="CPython",
        compiler="GCC 12.2.0",
        build_flags={"optimisation": "-O3"},
        executable="/usr/bin/python3",
        free_threaded=False,
        gil_enabled=True,
        jit=None,
        debug=False,
        switch_interval_s=0.005,
        hash_seed="random",
        gc_enabled=True,
        gc_threshold=(700, 10, 10),
        start_method="fork",
        system="Linux 6.18",
        libc="glibc 2.36",
        machine="x86_64",
        cpu="A processor",
        cpus=4,
        physical_cpus=4,
        affinity=(0, 1, 2, 3),
        cgroup_quota_cpus=None,
        cores=4,
        memory_bytes=2**34,
        governor="performance",
        turbo=False,
        smt=False,
        hypervisor=None,
        load_average=(0.1, 0.1, 0.1),
        busy_cpus=0.0,
        variables={},
        packages={},
        started_at="2026-01-01T00:00:00Z",
        warnings=(),
    )
