from __future__ import annotations

import sys
import threading
import tracemalloc

import pytest

from gilbench.machine.instrumentation import instruments


@pytest.fixture(autouse=True)
def unwatched(monkeypatch):
    """Nothing watches, even where these tests run under coverage."""
    for module in (sys, threading):
        monkeypatch.setattr(module, "gettrace", lambda: None)
        monkeypatch.setattr(module, "getprofile", lambda: None)
    monkeypatch.setattr(tracemalloc, "is_tracing", lambda: False)
    if sys.version_info >= (3, 12):
        monkeypatch.setattr(sys.monitoring, "get_tool", lambda _: None)


def test_nothing():
    assert instruments() == ()


@pytest.mark.parametrize("module", [sys, threading], ids=["sys", "threading"])
@pytest.mark.parametrize(
    ("reader", "name"), [("gettrace", "sys.settrace"), ("getprofile", "sys.setprofile")]
)
def test_tracers_and_profilers(monkeypatch, module, reader, name):
    monkeypatch.setattr(module, reader, lambda: print)
    assert instruments() == (name,)


def test_tracemalloc(monkeypatch):
    monkeypatch.setattr(tracemalloc, "is_tracing", lambda: True)
    assert instruments() == ("tracemalloc",)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring is new in 3.12")
def test_monitoring_tools_by_name(monkeypatch):
    monkeypatch.setattr(sys.monitoring, "get_tool", {1: "coverage", 5: "mine"}.get)
    assert instruments() == ("sys.monitoring tool 'coverage'", "sys.monitoring tool 'mine'")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the perf trampoline is new in 3.12")
def test_perf_trampoline(monkeypatch):
    monkeypatch.setattr(sys, "is_stack_trampoline_active", lambda: True)
    assert instruments() == ("perf trampoline",)
