"""Systems that are not here, made up by taking away from this one what they do not have.

What one module alone does differently is tested beside that module's other tests.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gilbench.experiment.link import HostProcess
from gilbench.host.protocol import SampleRequest
from gilbench.model import Mode
from orders import make_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MS = 1_000_000


@pytest.fixture
def root(tmp_path: Path) -> str:
    """A root without a file in it: neither /proc nor /sys."""
    return str(tmp_path)


@pytest.fixture
def take_away(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Take functions away from `os`, as far as they are there; and so an affinity from Python's own
    count of processors.
    """

    def take_away(*names: str) -> None:
        for name in names:
            monkeypatch.delattr(os, name, raising=False)
        if sys.version_info >= (3, 13):
            monkeypatch.setattr(os, "process_cpu_count", os.cpu_count, raising=False)

    return take_away


@pytest.fixture
def start_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., HostProcess]]:
    """Start a real host which, with all its workers, lacks functions of `os`."""
    hosts: list[HostProcess] = []

    def start(*lacking: str) -> HostProcess:
        folder = tmp_path / "customized"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(
            f"import os\nfor name in {lacking!r}:\n    vars(os).pop(name, None)\n"
        )
        path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
        monkeypatch.setenv("PYTHONPATH", path)
        hosts.append(HostProcess())
        return hosts[-1]

    yield start
    for host in hosts:
        with closing(host):
            pass


@pytest.fixture
def request_of() -> Callable[[str], SampleRequest]:
    """A short sample of `spin` by two workers of a backend."""

    def request(backend: str) -> SampleRequest:
        order = make_order(
            mode=Mode.RELEASE,
            workers=2,
            cores=2,
            units_per_call=1000,
            window_ns=5 * MS,
            calls=None,
            timeout_ns=60_000 * MS,
        )
        return SampleRequest(backend=backend, order=order)

    return request


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let Python call this platform by another name."""
    # Read once, by the real name, and kept.
    sysconfig.get_config_vars()
    return lambda name: monkeypatch.setattr(sys, "platform", name)
