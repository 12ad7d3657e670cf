"""A host for all trials of a module. When it is closed nothing may be left of it.

Workers are tried in a real host: pytest's own process has threads, which no fork must see.
"""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gilbench.experiment.link import HostProcess
from gilbench.studies.comparison.laboratory import HostLaboratory
from processes import descriptors, session_of
from waiting import becomes_true

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def laboratory() -> Iterator[HostLaboratory]:
    threads, open_before = set(threading.enumerate()), descriptors()
    blocks = set(Path("/dev/shm").glob("psm_*"))
    hosts: list[HostProcess] = []

    def start() -> HostProcess:
        hosts.append(HostProcess())
        return hosts[-1]

    with closing(HostLaboratory(7, start_host=start)) as laboratory:
        yield laboratory
    assert hosts
    for host in hosts:
        assert becomes_true(lambda host=host: not session_of(host)), session_of(host)
    assert set(Path("/dev/shm").glob("psm_*")) <= blocks
    assert set(threading.enumerate()) <= threads
    assert becomes_true(lambda: descriptors() <= open_before)
