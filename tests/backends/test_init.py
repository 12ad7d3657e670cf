from __future__ import annotations

import sys

import pytest

from gilbench import backends
from gilbench.errors import InputError

NAMES = [
    "serial",
    "threads",
    "interpreters",
    "processes",
    "fork",
    "forkserver",
    "spawn",
    "native",
]


def test_a_backend_is_found_by_its_name() -> None:
    assert list(backends.BACKENDS) == NAMES
    for name in NAMES:
        assert backends.find(name).name == name


def test_an_unknown_one_says_what_would_be_right() -> None:
    with pytest.raises(InputError, match=r"^unknown backend 'thread'; did you mean 'threads'\?$"):
        backends.find("thread")
    with pytest.raises(InputError, match="^unknown backend 'x'; known: fork, forkserver, "):
        backends.find("x")


def test_only_threads_share_a_gil() -> None:
    assert [b.name for b in backends.BACKENDS.values() if b.shares_the_gil] == ["threads"]


def test_the_catalogue_says_what_cannot_run_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 11, 9))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    listed = backends.catalogue()
    assert [entry.name for entry in listed] == NAMES
    assert all(entry.summary for entry in listed)
    assert {entry.name: entry.unavailable for entry in listed if entry.unavailable} == {
        "interpreters": "a GIL for each interpreter needs Python 3.12 or later",
        "fork": "win32 has no start method 'fork'",
        "forkserver": "win32 has no start method 'forkserver'",
    }


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have fewer start methods")
def test_on_linux_all_can_run_but_interpreters_before_3_12() -> None:
    unavailable = [entry.name for entry in backends.catalogue() if entry.unavailable]
    assert unavailable == (["interpreters"] if sys.version_info < (3, 12) else [])
