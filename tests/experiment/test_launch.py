from __future__ import annotations

import os
from pathlib import Path

import pytest

from gilbench.experiment import launch

ROOT = Path(launch.__file__).parents[2]


def test_what_is_installed_is_not_put_in_front_of_the_standard_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", "theirs")
    monkeypatch.setattr("site.getsitepackages", lambda: [str(ROOT)])
    assert launch.environment()["PYTHONPATH"] == "theirs"
    monkeypatch.setattr("site.getsitepackages", list)
    assert launch.environment()["PYTHONPATH"] == f"{ROOT}{os.pathsep}theirs"
