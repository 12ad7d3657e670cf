from __future__ import annotations

import multiprocessing
import subprocess
import sys
import sysconfig
from types import SimpleNamespace

import pytest

from gilbench.machine import default_start_method, free_threaded, gil_enabled
from gilbench.machine.interpreter import debug_build, gil_forced, jit_enabled


@pytest.mark.parametrize("enabled", [True, False])
def test_gil_as_the_interpreter_says(monkeypatch, enabled):
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: enabled, raising=False)
    assert gil_enabled() is enabled


def test_interpreters_that_cannot_say_have_a_gil(monkeypatch):
    monkeypatch.delattr(sys, "_is_gil_enabled", raising=False)
    assert gil_enabled() is True


@pytest.mark.parametrize(
    ("flags", "expected"),
    [({"gil": 1}, True), ({"gil": 0}, False), ({"gil": None}, False), ({}, False)],
)
def test_gil_forced_by_an_option(monkeypatch, flags, expected):
    monkeypatch.setattr(sys, "flags", SimpleNamespace(**flags))
    assert gil_forced() is expected


@pytest.mark.parametrize(("told", "expected"), [(1, True), (0, False), (None, False)])
def test_free_threaded_as_built(monkeypatch, told, expected):
    monkeypatch.setattr(sysconfig, "get_config_var", {"Py_GIL_DISABLED": told}.get)
    assert free_threaded() is expected


def test_this_interpreter_agrees_with_its_version_text():
    assert free_threaded() == ("free-threading" in sys.version)


def test_debug_build_counts_references(monkeypatch):
    monkeypatch.setattr(sys, "gettotalrefcount", int, raising=False)
    assert debug_build()
    monkeypatch.delattr(sys, "gettotalrefcount")
    assert not debug_build()


def test_jit_is_unknown_where_there_is_none(monkeypatch):
    monkeypatch.delattr(sys, "_jit", raising=False)
    assert jit_enabled() is None


@pytest.mark.parametrize("enabled", [True, False])
def test_jit_as_the_interpreter_says(monkeypatch, enabled):
    monkeypatch.setattr(sys, "_jit", SimpleNamespace(is_enabled=lambda: enabled), raising=False)
    assert jit_enabled() is enabled


def test_start_method_is_the_default_even_where_another_was_chosen(monkeypatch):
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["forkserver", "fork"])
    monkeypatch.setattr(multiprocessing, "get_start_method", lambda: "spawn")
    assert default_start_method() == "forkserver"


def test_start_method_of_this_interpreter_is_read_and_not_set():
    script = (
        "import multiprocessing as m\n"
        "from gilbench.machine import default_start_method\n"
        "told = default_start_method()\n"
        "assert m.get_start_method(allow_none=True) is None\n"
        "assert told == m.get_start_method(), told\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
