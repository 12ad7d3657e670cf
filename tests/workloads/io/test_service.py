from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gilbench.workloads.io import service
from gilbench.workloads.io.service import server_port
from scripts import output_of


def test_all_workers_of_a_host_have_one_server(host_folder: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        ports = {*threads.map(lambda _: server_port(), range(8))}
    assert len(ports) == len(service._started) == 1
    assert service._started[0].pid != os.getpid()
    other = output_of(
        "from gilbench.workloads.io import service\n"
        "print(service.server_port(), len(service._started))"
    )
    assert other.split() == [str(*ports), "0"]
    assert (host_folder / service.NAME).read_text() == str(*ports)


def test_one_that_does_not_start_is_told(
    host_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_MODULE", "gilbench.nothing_of_the_kind")
    with pytest.raises(OSError, match="did not start: its process ended with 1"):
        server_port()
    assert not (host_folder / service.NAME).exists()
    service._started.clear()
