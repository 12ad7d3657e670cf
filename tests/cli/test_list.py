from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING

from gilbench import backends, workloads
from gilbench.model import Listing

if TYPE_CHECKING:
    import pytest

Says = Callable[..., SimpleNamespace]


def test_lists_workloads_and_backends(gilbench_says: Says, monkeypatch: pytest.MonkeyPatch) -> None:
    mix = Listing(name="mix", summary="known truth", parameters="share=0.5", unavailable=None)
    own = Listing(name="interpreters", summary="own GIL", parameters="", unavailable="too old")
    monkeypatch.setattr(workloads, "catalogue", lambda: (mix,))
    monkeypatch.setattr(backends, "catalogue", lambda: (own,))
    said = gilbench_says("list")
    assert said.status == 0
    assert [line.split() for line in said.out.splitlines()] == [
        ["Workloads"],
        ["mix", "known", "truth", "share=0.5", "available"],
        [],
        ["Backends"],
        ["interpreters", "own", "GIL", "unavailable:", "too", "old"],
    ]
