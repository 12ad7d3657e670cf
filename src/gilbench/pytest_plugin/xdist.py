"""What pytest-xdist does to a check: other workers use the cores. It is not imported."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

__all__ = ["need", "other_workers", "shared_folder"]


def other_workers(config: pytest.Config) -> int:
    """Return how many other workers run tests beside this one, none outside of pytest-xdist.

    Who was started by a test that a worker runs stands beside the others too.
    """
    told = getattr(config, "workerinput", {}).get("workercount")
    if told is None and "PYTEST_XDIST_WORKER" in os.environ:
        # All versions tell it of which this plugin has heard; if one does not, there may be others.
        told = os.environ.get("PYTEST_XDIST_WORKER_COUNT", "2")
    return int(told or 1) - 1


def need(others: int) -> str:
    """Return what a check needs that is inconclusive beside so many others."""
    workers = (
        "another pytest-xdist worker uses" if others == 1 else "other pytest-xdist workers use"
    )
    return f"{workers} the cores: run these tests alone, by `pytest -n 0 -m gil`"


def shared_folder(request: pytest.FixtureRequest) -> Path:
    """Return a folder that all workers on this machine share, and that pytest cleans up."""
    try:
        factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    except pytest.FixtureLookupError:
        return Path(tempfile.gettempdir())
    return factory.getbasetemp().parent
