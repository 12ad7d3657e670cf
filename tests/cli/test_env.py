from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from gilbench import machine
from gilbench.model import Environment, Findings
from gilbench.results.codec import decode

Says = Callable[..., SimpleNamespace]


@pytest.fixture(autouse=True)
def _surveyed(answer: Findings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "environment", lambda: answer.environment, raising=False)


def test_shows_the_machine_and_its_cautions(gilbench_says: Says) -> None:
    said = gilbench_says("env")
    assert said.status == 0
    assert "Python             3.11.7\n" in said.out
    assert said.out.endswith("\n! load average 2.1 on 2 cores: stop other programs\n")


def test_as_json_it_is_what_results_record(gilbench_says: Says, answer: Findings) -> None:
    said = gilbench_says("env", "--format", "json")
    assert decode(Environment, json.loads(said.out)) == answer.environment
